//! URLs as wget takes them apart. Models src/url.c.

use std::net::Ipv6Addr;

/// A URL.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Url {
    pub(super) tls: bool,
    pub(super) user: Option<String>,
    /// The name, that of IPv6 without brackets.
    pub(super) host: String,
    pub(super) port: u16,
    /// Path and query.
    pub(super) target: String,
}

impl Url {
    /// Takes a URL apart, and says whether its scheme was added.
    ///
    /// # Errors
    /// What is wrong, in wget's words.
    pub(super) fn parse(text: &str) -> Result<(Self, bool), String> {
        let (scheme, rest, prepended) = match text.split_once("://") {
            Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest, false),
            None => ("http".to_owned(), text, true),
        };
        let tls = match scheme.as_str() {
            "http" => false,
            "https" => true,
            _ => return Err(format!("Unsupported scheme '{scheme}'")),
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let (user, place) = match authority.rsplit_once('@') {
            Some((user, place)) => (Some(user.to_owned()), place),
            None => (None, authority),
        };
        let (host, port) = match place.strip_prefix('[') {
            Some(rest) => match rest.split_once(']') {
                Some((host, after)) if host.parse::<Ipv6Addr>().is_ok() => (host, after.strip_prefix(':')),
                Some(_) => return Err("Invalid IPv6 numeric address".to_owned()),
                None => return Err("Unterminated IPv6 numeric address".to_owned()),
            },
            None => place.split_once(':').map_or((place, None), |(host, port)| (host, Some(port))),
        };
        if host.is_empty() {
            return Err("Invalid host name".to_owned());
        }
        let default = if tls { 443 } else { 80 };
        let port = match port {
            None | Some("") => default,
            Some(text) => text.parse().map_err(|_| "Bad port number".to_owned())?,
        };
        let path = path.split('#').next().unwrap_or_default();
        let target = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let target = target.replace(' ', "%20");
        Ok((Self { tls, user, host: host.replace(' ', "%20"), port, target }, prepended))
    }

    /// Whether the port is that of the scheme.
    fn usual(&self) -> bool {
        self.port == if self.tls { 443 } else { 80 }
    }

    /// What the `Host` field holds.
    pub(super) fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        if self.usual() { host } else { format!("{host}:{}", self.port) }
    }

    /// The whole of it.
    pub(super) fn text(&self) -> String {
        format!("{}://{}{}", if self.tls { "https" } else { "http" }, self.authority(), self.target)
    }

    /// What a `Location` field leads to from here.
    pub(super) fn join(&self, location: &str) -> Result<Self, String> {
        if location.contains("://") {
            return Self::parse(location).map(|(url, _)| url);
        }
        let target = if location.starts_with('/') {
            location.to_owned()
        } else {
            let path = self.target.split('?').next().unwrap_or_default();
            format!("{}/{location}", path.rsplit_once('/').map_or("", |(folder, _)| folder))
        };
        Ok(Self { target, ..self.clone() })
    }

    /// The name of the file that it is saved to.
    pub(super) fn file_name(&self) -> &str {
        self.target.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("index.html")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        for (text, want) in [
            ("web", "http://web/"),
            ("http://web:80/x?y", "http://web/x?y"),
            ("https://web:8443", "https://web:8443/"),
            ("http://[::1]:8080", "http://[::1]:8080/"),
            ("http://http://web", "http://http//web"),
        ] {
            assert_eq!(Url::parse(text).unwrap().0.text(), want, "{text}");
        }
        for (text, want) in [
            ("http://", "Invalid host name"),
            ("http://web:99999", "Bad port number"),
            ("http://web:http", "Bad port number"),
            ("htp://web", "Unsupported scheme 'htp'"),
        ] {
            assert_eq!(Url::parse(text).unwrap_err(), want, "{text}");
        }
    }
}
