//! TLS in the shape that clients see: whose certificate a server shows.

/// What a server shows of itself when TLS begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Certificate {
    /// To whom it was given, such as `CN=kube-apiserver`.
    pub subject: String,
    /// By whom; the same as the subject when it is self-signed.
    pub issuer: String,
    /// The host names and addresses that it is good for; a first label `*` stands for any one.
    pub names: Vec<String>,
    /// Whether a machine of today trusts the issuer.
    pub trusted: bool,
    /// Seconds since the Unix epoch between which it holds.
    pub valid: (i64, i64),
    /// Its size in bytes.
    pub size: usize,
    /// Whether the server speaks TLS 1.3; otherwise 1.2.
    pub tls13: bool,
    /// Whether the server offers HTTP/2.
    pub http2: bool,
    /// Whether the server asks clients for a certificate.
    pub asks: bool,
}

/// Two years around the time at which worlds begin.
const USUAL: (i64, i64) = (1_795_424_400 - 31_536_000, 1_795_424_400 + 31_536_000);

impl Certificate {
    /// One that somebody gave to a server whom nobody trusts by themselves; the server is one of today.
    #[must_use]
    pub fn issued(subject: &str, issuer: &str, names: Vec<String>) -> Self {
        Self {
            subject: subject.to_owned(),
            issuer: issuer.to_owned(),
            names,
            trusted: false,
            valid: USUAL,
            size: 848,
            tls13: true,
            http2: true,
            asks: false,
        }
    }

    /// One that a server gave to itself.
    #[must_use]
    pub fn self_signed(subject: &str, names: Vec<String>) -> Self {
        Self::issued(subject, subject, names)
    }

    /// Whether it was given to itself.
    #[must_use]
    pub fn is_self_signed(&self) -> bool {
        self.subject == self.issuer
    }

    /// Whether it is good for a host: its name, its address, or a name with one label more than a wildcard.
    #[must_use]
    pub fn covers(&self, host: &str) -> bool {
        self.names.iter().any(|name| {
            name.eq_ignore_ascii_case(host)
                || name.strip_prefix("*.").is_some_and(|domain| {
                    host.split_once('.')
                        .is_some_and(|(label, rest)| !label.is_empty() && rest.eq_ignore_ascii_case(domain))
                })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cover_hosts() {
        let certificate = Certificate::self_signed("CN=x", vec!["a.example".into(), "*.b.example".into()]);
        for (host, covered) in [
            ("a.example", true),
            ("A.Example", true),
            ("x.a.example", false),
            ("x.b.example", true),
            ("b.example", false),
            ("x.y.b.example", false),
        ] {
            assert_eq!(certificate.covers(host), covered, "{host}");
        }
        assert!(certificate.is_self_signed());
    }
}
