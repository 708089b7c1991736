//! URLs as BusyBox wget takes them apart.

/// A URL of `http` or `https`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Url {
    /// Whether it is `https`.
    pub(super) tls: bool,
    /// User and password, if they are there.
    pub(super) user: Option<String>,
    /// Host and port as typed.
    pub(super) host: String,
    /// Path and query without the first `/`.
    pub(super) path: String,
}

impl Url {
    /// Models `parse_url`.
    pub(super) fn parse(text: &str) -> Result<Self, ()> {
        let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
        let tls = match scheme {
            "http" => false,
            "https" => true,
            _ => return Err(()),
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, after) = rest.split_at(end);
        let path = match after.chars().next() {
            Some('/' | '?') => after[1..].to_owned(),
            _ => String::new(),
        };
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user.to_owned()), host),
            None => (None, authority),
        };
        Ok(Self { tls, user, host: host.to_owned(), path })
    }

    /// Name and port, or the text that is no port. Models `str2sockaddr`.
    pub(super) fn place(&self) -> Result<(&str, u16), &str> {
        let default = if self.tls { 443 } else { 80 };
        let host = self.host.as_str();
        let (name, port) = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((name, after)) => (name, after.strip_prefix(':')),
            None => match host.rsplit_once(':') {
                Some((name, port)) if !name.contains(':') => (name, Some(port)),
                _ => (host, None),
            },
        };
        match port {
            None => Ok((name, default)),
            Some(text) => text.parse().map(|port| (name, port)).map_err(|_| text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found() {
        for (text, want) in [
            ("web", Ok(("web", 80))),
            ("https://web/x?y", Ok(("web", 443))),
            ("http://web:8080/", Ok(("web", 8080))),
            ("http://[::1]:81", Ok(("::1", 81))),
            ("http://[fd00::1]", Ok(("fd00::1", 80))),
            ("http://web:http", Err("http")),
            ("http://http://web", Err("")),
        ] {
            assert_eq!(Url::parse(text).unwrap().place(), want, "{text}");
        }
        assert_eq!(Url::parse("htp://web"), Err(()));
    }
}
