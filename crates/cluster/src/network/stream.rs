//! What a server sends on a connection: bytes in time, and how it ends. Also how HTTP stands in those bytes.

use super::{HttpRequest, HttpResponse};

/// Bytes that a server sends at once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// Microseconds after the part before.
    pub after: u64,
    /// What is sent.
    pub bytes: Vec<u8>,
}

/// What happens to the connection after the last part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// The server closes it.
    Close,
    /// The server breaks it off (`RST`).
    Reset,
    /// It stays open, and nothing more comes by itself.
    Open,
}

/// What a server sends because of what it was sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stream {
    /// The bytes, in order.
    pub parts: Vec<Part>,
    /// How it goes on.
    pub end: End,
}

impl Stream {
    /// Nothing for now: the server waits for more.
    #[must_use]
    pub fn silence() -> Self {
        Self { parts: Vec::new(), end: End::Open }
    }

    /// Some bytes at once.
    #[must_use]
    pub fn once(bytes: Vec<u8>, end: End) -> Self {
        Self { parts: vec![Part { after: 0, bytes }], end }
    }
}

/// What some bytes are as HTTP.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Parsed {
    /// The beginning of a request.
    Incomplete,
    /// No request.
    Malformed,
    /// A request without a version, which is answered by the bare body.
    Simple(HttpRequest),
    /// A request.
    Request(HttpRequest),
}

/// Reads a request as servers do.
#[must_use]
pub fn parse(bytes: &[u8], tls: bool) -> Parsed {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches(['\r', '\n']);
    let Some((line, rest)) = text.split_once('\n') else { return Parsed::Incomplete };
    let words: Vec<&str> = line.split_whitespace().collect();
    let known = |method: &str| method.len() > 1 && method.chars().all(|c| c.is_ascii_uppercase());
    let (method, target, version) = match words.as_slice() {
        [method, target, version] if known(method) && version.starts_with("HTTP/1.") => (*method, *target, *version),
        [method, target] if *method == "GET" => {
            return Parsed::Simple(HttpRequest { headers: Vec::new(), tls, ..HttpRequest::get("", target) });
        }
        _ => return Parsed::Malformed,
    };
    let mut request =
        HttpRequest { method: method.to_owned(), headers: Vec::new(), tls, ..HttpRequest::get("", target) };
    let mut rest = rest;
    loop {
        let Some((line, after)) = rest.split_once('\n') else { return Parsed::Incomplete };
        rest = after;
        let line = line.trim_end_matches('\r');
        if line.is_empty() {
            break;
        }
        let Some((name, value)) = line.split_once(':') else { return Parsed::Malformed };
        request.headers.push((name.to_owned(), value.trim().to_owned()));
    }
    if version != "HTTP/1.0" && request.header("Host").is_none() {
        return Parsed::Malformed;
    }
    if version == "HTTP/1.0" && request.header("Connection").is_none() {
        request.headers.push(("Connection".to_owned(), "close".to_owned()));
    }
    let length = request.header("Content-Length").and_then(|value| value.parse().ok()).unwrap_or(0);
    if rest.len() < length {
        return Parsed::Incomplete;
    }
    request.body = rest.as_bytes().get(..length).unwrap_or_default().to_vec();
    Parsed::Request(request)
}

/// A response as it goes over the wire, and whether the connection stays.
#[must_use]
pub fn frame(request: &HttpRequest, response: &HttpResponse) -> Stream {
    let says_close = |value: Option<&str>| value.is_some_and(|value| value.eq_ignore_ascii_case("close"));
    let own = response.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("connection"));
    let close = says_close(request.header("Connection")) || says_close(own.map(|(_, value)| value.as_str()));
    let mut text = format!("HTTP/1.1 {} {}\r\n", response.status, response.reason);
    for (name, value) in &response.headers {
        text.push_str(name);
        text.push_str(": ");
        text.push_str(value);
        text.push_str("\r\n");
    }
    if close && own.is_none() {
        text.push_str("Connection: close\r\n");
    }
    let mut bytes = (text + "\r\n").into_bytes();
    bytes.extend_from_slice(&response.body);
    Stream::once(bytes, if close { End::Close } else { End::Open })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_read_from_bytes() {
        for (text, want) in [
            ("GET / HT", "Incomplete"),
            ("GET / HTTP/1.1\r\nHost: web\r\n", "Incomplete"),
            ("GET / HTTP/1.1\r\nHost: web\r\n\r\n", "Request"),
            ("GET / HTTP/1.0\r\n\r\n", "Request"),
            ("GET / HTTP/1.1\r\n\r\n", "Malformed"),
            ("GET /\r\n", "Simple"),
            ("hello\n", "Malformed"),
            ("POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 3\r\n\r\nab", "Incomplete"),
        ] {
            let parsed = format!("{:?}", parse(text.as_bytes(), false));
            assert!(parsed.starts_with(want), "{text:?}: {parsed}");
        }
    }
}
