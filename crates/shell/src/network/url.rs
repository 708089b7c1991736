//! The parts of a URL, as simple clients take it apart.

/// A URL of `http` or `https`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Url {
    /// Whether it is `https`.
    pub(crate) tls: bool,
    /// User and password, if they are there.
    pub(crate) user: Option<String>,
    /// The host's name or address.
    pub(crate) host: String,
    /// The text of the port, if it is there.
    pub(crate) port_text: Option<String>,
    /// Path and query, beginning with `/`.
    pub(crate) target: String,
}

impl Url {
    /// Takes a URL apart; without a scheme it is `http`. Another scheme is returned as the error.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
        let tls = match scheme.to_ascii_lowercase().as_str() {
            "http" => false,
            "https" => true,
            _ => return Err(scheme.to_owned()),
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let (user, place) = match authority.rsplit_once('@') {
            Some((user, place)) => (Some(user.to_owned()), place),
            None => (None, authority),
        };
        let bracket = place.rfind(']').unwrap_or(0);
        let (host, port_text) = match place[bracket..].rfind(':') {
            Some(colon) => (&place[..bracket + colon], Some(place[bracket + colon + 1..].to_owned())),
            None => (place, None),
        };
        let path = path.split('#').next().unwrap_or_default();
        let target = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        Ok(Self { tls, user, host: host.to_owned(), port_text, target })
    }

    /// The port, if what stands there is one.
    pub(crate) fn port(&self) -> Option<u16> {
        match &self.port_text {
            None => Some(if self.tls { 443 } else { 80 }),
            Some(text) => text.parse().ok(),
        }
    }

    /// Host and port as typed.
    pub(crate) fn authority(&self) -> String {
        match &self.port_text {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.clone(),
        }
    }

    /// What a `Location` field leads to from here.
    pub(crate) fn join(&self, location: &str) -> Result<Self, String> {
        if location.contains("://") {
            return Self::parse(location);
        }
        let target = if location.starts_with('/') {
            location.to_owned()
        } else {
            let path = self.target.split('?').next().unwrap_or_default();
            format!("{}/{location}", path.rsplit_once('/').map_or("", |(folder, _)| folder))
        };
        Ok(Self { target, ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        for (text, host, port, target) in [
            ("web", "web", Some(80), "/"),
            ("http://web:8080/a?b=c#d", "web", Some(8080), "/a?b=c"),
            ("https://web", "web", Some(443), "/"),
            ("web:http", "web", None, "/"),
            ("http://[::1]:81/", "[::1]", Some(81), "/"),
            ("http://u:p@web?x", "web", Some(80), "/?x"),
        ] {
            let url = Url::parse(text).unwrap();
            assert_eq!((url.host.as_str(), url.port(), url.target.as_str()), (host, port, target), "{text}");
        }
        assert_eq!(Url::parse("htp://web"), Err("htp".to_owned()));
        let url = Url::parse("http://web/a/b?x").unwrap();
        assert_eq!(url.join("c").unwrap().target, "/a/c");
        assert_eq!(url.join("https://db/x").unwrap().authority(), "db");
    }
}
