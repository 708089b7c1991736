//! HTTP in the shape that clients and servers of the simulation see.

/// A request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HttpRequest {
    /// `GET`, `POST` ...
    pub method: String,
    /// Path and query, beginning with `/`.
    pub target: String,
    /// Fields in order, `Host` among them.
    pub headers: Vec<(String, String)>,
    /// What is sent along.
    pub body: Vec<u8>,
    /// Whether the connection is encrypted (`https`).
    pub tls: bool,
}

impl HttpRequest {
    /// A plain GET.
    #[must_use]
    pub fn get(host: &str, target: &str) -> Self {
        Self {
            method: "GET".to_owned(),
            target: target.to_owned(),
            headers: vec![("Host".to_owned(), host.to_owned())],
            body: Vec::new(),
            tls: false,
        }
    }

    /// The first field of a name, in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// Puts a field in place of all of its name, or adds it.
    pub fn set_header(&mut self, name: &str, value: &str) {
        set(&mut self.headers, name, value);
    }

    /// The path without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

/// A response.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// The words after it.
    pub reason: String,
    /// Fields in the order the server sends them.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// The first field of a name, in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// Puts a field in place of all of its name, or adds it.
    pub fn set_header(&mut self, name: &str, value: &str) {
        set(&mut self.headers, name, value);
    }

    /// Whether the server keeps the connection for another request.
    #[must_use]
    pub fn keeps_alive(&self) -> bool {
        !self.header("Connection").is_some_and(|value| value.eq_ignore_ascii_case("close"))
    }
}

fn find<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

fn set(headers: &mut Vec<(String, String)>, name: &str, value: &str) {
    match headers.iter().position(|(known, _)| known.eq_ignore_ascii_case(name)) {
        Some(at) => {
            headers[at].1 = value.to_owned();
            let (mut seen, same) = (false, |known: &str| known.eq_ignore_ascii_case(name));
            headers.retain(|(known, _)| !same(known) || !std::mem::replace(&mut seen, true));
        }
        None => headers.push((name.to_owned(), value.to_owned())),
    }
}
