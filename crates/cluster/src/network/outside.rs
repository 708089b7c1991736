//! Machines that are not of the cluster: hosts of the internet, a database on a machine of its own.

use std::net::Ipv4Addr;

use super::{Certificate, HttpRequest, HttpResponse, Payload, Protocol, Reply};

/// A machine outside of the cluster.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OutsideHost {
    /// Its names in the world's DNS, in full; the first is the one it calls itself.
    pub names: Vec<String>,
    /// Its address.
    pub ip: Ipv4Addr,
    /// What listens on it.
    pub listeners: Vec<OutsideListener>,
}

/// A server on such a machine.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OutsideListener {
    /// Its protocol.
    pub protocol: Protocol,
    /// Its port.
    pub port: u16,
    /// What it speaks.
    pub speaks: Speaks,
}

/// What a server outside speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Speaks {
    /// HTTP: it says who it is and for whom it was taken.
    Http,
    /// The same within TLS, with a certificate for its names that everybody trusts.
    Https,
    /// Something else, such as a database's protocol.
    Other,
}

/// Whether routers know that nobody has an address: the last of the ranges for documentation (RFC 5737). From the others
/// nothing comes back.
#[must_use]
pub fn is_nobodys(ip: Ipv4Addr) -> bool {
    matches!(ip.octets(), [203, 0, 113, _])
}

impl OutsideHost {
    /// The one that every cluster can reach.
    #[must_use]
    pub fn example() -> Self {
        let listener = |port, speaks| OutsideListener { protocol: Protocol::Tcp, port, speaks };
        Self {
            names: vec!["example.com".to_owned(), "www.example.com".to_owned()],
            ip: Ipv4Addr::new(192, 0, 2, 80),
            listeners: vec![listener(80, Speaks::Http), listener(443, Speaks::Https)],
        }
    }

    /// What the server on a port answers; `None` when there is none. `date` is the time as HTTP writes it.
    #[must_use]
    pub fn answer(&self, protocol: Protocol, port: u16, payload: &Payload, date: &str) -> Option<Reply> {
        let listener = self.listeners.iter().find(|l| l.protocol == protocol && l.port == port)?;
        let tls = listener.speaks == Speaks::Https;
        Some(match payload {
            Payload::Connect | Payload::Ping => Reply::Connected,
            Payload::Handshake(_) if tls => Reply::Certificate(self.certificate()),
            Payload::Http(request) if listener.speaks != Speaks::Other && request.tls == tls => {
                Reply::Http(self.page(request, date))
            }
            Payload::Handshake(_) | Payload::Http(_) | Payload::Bytes { .. } | Payload::Dns(_) => Reply::Garbage,
        })
    }

    fn certificate(&self) -> Certificate {
        let subject = format!("CN={}", self.name());
        let issued = Certificate::issued(&subject, "C=US; O=Let's Encrypt; CN=R13", self.names.clone());
        Certificate { trusted: true, ..issued }
    }

    fn name(&self) -> &str {
        self.names.first().map_or("", String::as_str)
    }

    fn page(&self, request: &HttpRequest, date: &str) -> HttpResponse {
        let body = format!("{}: you sent Host: {}\n", self.name(), request.header("Host").unwrap_or_default());
        let close = request.header("Connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
        let headers = [
            ("Server", "nginx/1.22.1".to_owned()),
            ("Date", date.to_owned()),
            ("Content-Type", "text/plain".to_owned()),
            ("Content-Length", body.len().to_string()),
            ("Connection", if close { "close" } else { "keep-alive" }.to_owned()),
        ];
        HttpResponse {
            status: 200,
            reason: "OK".to_owned(),
            headers: headers.map(|(name, value)| (name.to_owned(), value)).to_vec(),
            body: if request.method == "HEAD" { Vec::new() } else { body.into_bytes() },
        }
    }
}
