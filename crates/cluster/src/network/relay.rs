//! What a proxy that reads HTTP makes of a request: the plan that an Ingress or Gateway controller's process returns, and
//! that the router carries out.

use super::{Because, Candidate, HttpRequest, HttpResponse};

/// What becomes of a request at a proxy.
#[derive(Clone, PartialEq, Debug)]
pub struct Relay {
    /// What it found, in a line: `Ingress shop: shop.example.com/ to Service web`.
    pub words: String,
    /// The field that says so.
    pub because: Option<Because>,
    /// What it does.
    pub plan: Plan,
}

/// What a proxy does.
#[derive(Clone, PartialEq, Debug)]
pub enum Plan {
    /// It answers by itself.
    Answer(HttpResponse),
    /// It asks one of these endpoints, chosen by chance among those that are eligible.
    Ask {
        /// The endpoints, with what speaks against each.
        candidates: Vec<Candidate>,
        /// What it sends.
        request: Box<HttpRequest>,
        /// What it makes of what comes back.
        wrap: Wrap,
    },
}

/// How a proxy gives back what it got.
#[derive(Clone, PartialEq, Debug)]
pub struct Wrap {
    /// What it writes into the field `Server`; nothing when it leaves it out.
    pub server: Option<&'static str>,
    /// What it does to the answer's fields.
    pub headers: Vec<HeaderChange>,
    /// The time as HTTP writes it, for the field `Date` of its own.
    pub date: String,
}

impl Wrap {
    /// nginx's own page for a status, as it writes it with `server_tokens off`.
    #[must_use]
    pub fn page(&self, status: u16) -> HttpResponse {
        let words = match status {
            308 => "Permanent Redirect",
            503 => "Service Temporarily Unavailable",
            504 => "Gateway Time-out",
            _ => crate::images::reason(status),
        };
        let body = format!(
            "<html>\r\n<head><title>{status} {words}</title></head>\r\n<body>\r\n<center><h1>{status} {words}</h1></center>\r\n\
             <hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
        );
        let mut headers = self.own_headers("text/html", &body.len().to_string());
        for change in &self.headers {
            change.apply(&mut headers);
        }
        HttpResponse { status, reason: words.to_owned(), headers, body: body.into_bytes() }
    }

    /// The fields that nginx writes itself, first of all.
    #[must_use]
    pub fn own_headers(&self, kind: &str, length: &str) -> Vec<(String, String)> {
        let server = self.server.unwrap_or_default();
        let own = [("Server", server), ("Date", &self.date), ("Content-Type", kind), ("Content-Length", length)];
        let own = own.into_iter().chain([("Connection", "keep-alive")]).filter(|(_, value)| !value.is_empty());
        own.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }
}

/// A change of a field of an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum HeaderChange {
    /// Puts a value in place of what is there.
    Set(String, String),
    /// Adds a field beside what is there.
    Add(String, String),
    /// Takes all of a name away.
    Remove(String),
}

impl HeaderChange {
    /// Does it to fields.
    pub fn apply(&self, headers: &mut Vec<(String, String)>) {
        let is = |name: &str, known: &str| known.eq_ignore_ascii_case(name);
        match self {
            Self::Set(name, value) => match headers.iter().position(|(known, _)| is(name, known)) {
                Some(at) => headers[at].1.clone_from(value),
                None => headers.push((name.clone(), value.clone())),
            },
            Self::Add(name, value) => headers.push((name.clone(), value.clone())),
            Self::Remove(name) => headers.retain(|(known, _)| !is(name, known)),
        }
    }
}
