//! URLs as curl takes them apart, and its globs. Models lib/urlapi.c and src/tool_urlglob.c.

use std::net::Ipv6Addr;

/// A URL.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Url {
    /// The scheme in lower case.
    pub(super) scheme: String,
    /// User and password, if they are there.
    pub(super) user: Option<String>,
    /// The name or address, that of IPv6 without brackets.
    pub(super) host: String,
    /// The port, if it was given.
    pub(super) port: Option<u16>,
    /// Path and query.
    pub(super) target: String,
}

/// Why a text is no URL. The words are those of curl 8; before, all of them were one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Rejected {
    /// `CURLE_URL_MALFORMAT`
    Malformed(&'static str),
    /// `CURLE_UNSUPPORTED_PROTOCOL`
    Protocol(String),
}

impl Url {
    /// Takes a URL apart.
    pub(super) fn parse(text: &str) -> Result<Self, Rejected> {
        if text.contains(|c: char| c <= ' ' || c == '\u{7f}') {
            return Err(Rejected::Malformed("Malformed input to a URL function"));
        }
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
            None => ("http".to_owned(), text),
        };
        if !matches!(scheme.as_str(), "http" | "https" | "telnet") {
            return Err(Rejected::Protocol(scheme));
        }
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let (user, place) = match authority.rsplit_once('@') {
            Some((user, place)) => (Some(user.to_owned()), place),
            None => (None, authority),
        };
        let (host, port) = match place.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((host, after)) if host.parse::<Ipv6Addr>().is_ok() => (host, after.strip_prefix(':')),
            Some(_) => return Err(Rejected::Malformed("Bad IPv6 address")),
            None => place.rsplit_once(':').map_or((place, None), |(host, port)| (host, Some(port))),
        };
        let port = match port {
            None | Some("") => None,
            Some(text) => Some(
                text.parse()
                    .map_err(|_| Rejected::Malformed("Port number was not a decimal number between 0 and 65535"))?,
            ),
        };
        if host.is_empty() {
            return Err(Rejected::Malformed("No host part in the URL"));
        }
        if host.contains(|c: char| "\r\n\t/:#?!@{}[]\\$'\"^`*<>=;,+&()%|".contains(c)) && !host.contains(':') {
            return Err(Rejected::Malformed("Bad hostname"));
        }
        let path = path.split('#').next().unwrap_or_default();
        let target = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        // Numbers are made an address here already.
        let host = match crate::network::resolver::literal(host) {
            Some(ip) => ip.to_string(),
            None => host.to_owned(),
        };
        Ok(Self { scheme, user, host, port, target })
    }

    /// Whether it is encrypted.
    pub(super) fn tls(&self) -> bool {
        self.scheme == "https"
    }

    /// The port, or that of the scheme.
    pub(super) fn port(&self) -> u16 {
        self.port.unwrap_or(match self.scheme.as_str() {
            "https" => 443,
            "telnet" => 23,
            _ => 80,
        })
    }

    /// What the `Host` field holds.
    pub(super) fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        match self.port {
            Some(port) if port != (Url { port: None, ..self.clone() }).port() => format!("{host}:{port}"),
            _ => host,
        }
    }

    /// The whole of it.
    pub(super) fn text(&self) -> String {
        format!("{}://{}{}", self.scheme, self.authority(), self.target)
    }

    /// What a `Location` field leads to from here.
    pub(super) fn join(&self, location: &str) -> Result<Self, Rejected> {
        if location.contains("://") {
            return Self::parse(location);
        }
        if let Some(rest) = location.strip_prefix("//") {
            return Self::parse(&format!("{}://{rest}", self.scheme));
        }
        let target = if location.starts_with('/') {
            location.to_owned()
        } else {
            let path = self.target.split('?').next().unwrap_or_default();
            format!("{}/{location}", path.rsplit_once('/').map_or("", |(folder, _)| folder))
        };
        Ok(Self { target, ..self.clone() })
    }

    /// The last part of the path, if there is one.
    pub(super) fn file_name(&self) -> Option<&str> {
        let path = self.target.split('?').next().unwrap_or_default();
        path.rsplit('/').next().filter(|name| !name.is_empty())
    }
}

/// The URLs that a pattern stands for: `{a,b}` and `[1-3]`.
///
/// # Errors
/// What is wrong, with the position in the text.
pub(super) fn expand(text: &str) -> Result<Vec<String>, (&'static str, usize)> {
    let mut all = vec![String::new()];
    let mut at = 0;
    while let Some(char) = text[at..].chars().next() {
        let rest = &text[at..];
        let choices: Vec<String> = match char {
            '{' => {
                let end = rest.find('}').ok_or(("unmatched brace", at + 1))?;
                let inside = rest[1..end].split(',').map(str::to_owned).collect();
                at += end + 1;
                inside
            }
            '[' if rest[1..].split(']').next().is_some_and(|inside| inside.contains(':')) => {
                let end = rest.find(']').map_or(rest.len(), |end| end + 1);
                at += end;
                vec![rest[..end].to_owned()]
            }
            '[' => {
                let end = rest.find(']').ok_or(("bad range", at + 2))?;
                let range = rest[1..end].split_once('-');
                let range = range.and_then(|(from, to)| Some((from.parse::<u32>().ok()?, to.parse::<u32>().ok()?)));
                let (from, to) = range.filter(|(from, to)| from <= to).ok_or(("bad range", at + 2))?;
                at += end + 1;
                (from..=to.min(from.saturating_add(9999))).map(|number| number.to_string()).collect()
            }
            _ => {
                at += char.len_utf8();
                vec![char.to_string()]
            }
        };
        let with = |begin: &String| choices.iter().map(|choice| format!("{begin}{choice}")).collect::<Vec<_>>();
        all = all.iter().flat_map(with).collect();
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        for (text, authority, port, target) in [
            ("web", "web", 80, "/"),
            ("http://web:8080/a?b=c#d", "web:8080", 8080, "/a?b=c"),
            ("https://web", "web", 443, "/"),
            ("https://web:443/", "web", 443, "/"),
            ("http://[::1]:81/", "[::1]:81", 81, "/"),
            ("http://u:p@web?x", "web", 80, "/?x"),
            ("http://10.96.100", "10.96.0.100", 80, "/"),
        ] {
            let url = Url::parse(text).unwrap();
            assert_eq!(
                (url.authority().as_str(), url.port(), url.target.as_str()),
                (authority, port, target),
                "{text}"
            );
        }
        assert_eq!(Url::parse("htp://web"), Err(Rejected::Protocol("htp".to_owned())));
        assert!(matches!(Url::parse("http://"), Err(Rejected::Malformed(why)) if why.starts_with("No host")));
        assert!(matches!(Url::parse("http://web:x"), Err(Rejected::Malformed(why)) if why.starts_with("Port")));
        assert_eq!(Url::parse("http://web/a/b?x").unwrap().join("c").unwrap().target, "/a/c");
    }

    #[test]
    fn globs_are_expanded() {
        assert_eq!(expand("a{b,c}d[1-2]"), Ok(["abd1", "abd2", "acd1", "acd2"].map(str::to_owned).to_vec()));
        assert_eq!(expand("http://[::1]/").unwrap().len(), 1);
        assert!(expand("x[y").is_err());
    }
}
