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
}

impl Certificate {
    /// One that a server gave to itself.
    #[must_use]
    pub fn self_signed(subject: &str, names: Vec<String>) -> Self {
        Self { subject: subject.to_owned(), issuer: subject.to_owned(), names, trusted: false }
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
