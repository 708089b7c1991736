//! The few directives of nginx' configuration that lessons use: `listen`, `server_name`, `server_tokens`,
//! `location`, `return`, `proxy_pass`.

/// One `server` block as far as it is understood.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Server {
    /// The ports it listens on.
    ports: Vec<u16>,
    /// Whether it speaks TLS.
    pub(super) tls: bool,
    /// Its first name.
    pub(super) name: String,
    /// Whether it hides its version.
    hidden: bool,
}

impl Server {
    /// What it calls itself.
    pub(super) fn signature(&self, version: &str) -> String {
        if self.hidden { "nginx".to_owned() } else { format!("nginx/{version}") }
    }
}

/// What a location does instead of serving files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Act {
    /// Answers with a status and a text.
    Return(u16, String),
    /// Asks a server behind it. What that one has is what this one has.
    Pass,
}

/// The server for a port and a host, and what it does with a path; the default one where nothing is configured.
pub(super) fn server(text: &str, port: u16, host: &str, path: &str) -> (Server, Option<Act>) {
    let mut servers: Vec<(Server, Vec<(String, Act)>)> = Vec::new();
    let mut location = String::new();
    for statement in statements(text) {
        let mut words = statement.iter().map(String::as_str);
        let (Some(directive), rest) = (words.next(), words.collect::<Vec<_>>()) else { continue };
        match directive {
            "server" => {
                servers.push(Default::default());
                location.clear();
            }
            "location" => location = rest.last().map_or(String::new(), |path| (*path).to_owned()),
            "}" => location.clear(),
            _ => {}
        }
        let Some((server, acts)) = servers.last_mut() else { continue };
        match (directive, rest.as_slice()) {
            ("listen", [place, options @ ..]) => {
                server.ports.extend(place.rsplit(':').next().and_then(|port| port.parse::<u16>().ok()));
                server.tls |= options.contains(&"ssl");
            }
            ("server_name", [name, ..]) => server.name = (*name).to_owned(),
            ("server_tokens", ["off"]) => server.hidden = true,
            ("return", [status, text @ ..]) => {
                let text = text.join(" ").replace("\\n", "\n");
                acts.extend(status.parse().ok().map(|status| (location.clone(), Act::Return(status, text))));
            }
            ("proxy_pass", _) => acts.push((location.clone(), Act::Pass)),
            _ => {}
        }
    }
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    servers.retain(|(server, _)| server.ports.contains(&port));
    let at = servers.iter().position(|(server, _)| server.name == name).unwrap_or(0);
    if servers.is_empty() {
        return (Server::default(), None);
    }
    let (server, acts) = servers.swap_remove(at);
    let fitting = acts.into_iter().filter(|(begin, _)| path.starts_with(begin.as_str()));
    (server, fitting.max_by_key(|(begin, _)| begin.len()).map(|(_, act)| act))
}

/// The words of each statement: up to `;`, or up to the brace that opens a block; a closing brace is one itself.
fn statements(text: &str) -> Vec<Vec<String>> {
    let mut all = vec![Vec::new()];
    let mut word = String::new();
    let mut quote = None;
    for char in text.chars() {
        match (quote, char) {
            (Some(open), _) if char == open => quote = None,
            (None, '"' | '\'') => quote = Some(char),
            (None, ';' | '{' | '}' | ' ' | '\n' | '\t') => {
                if let Some(last) = all.last_mut().filter(|_| !word.is_empty()) {
                    last.push(std::mem::take(&mut word));
                }
                if char == '}' {
                    all.push(vec!["}".to_owned()]);
                }
                if matches!(char, ';' | '{' | '}') {
                    all.push(Vec::new());
                }
            }
            _ => word.push(char),
        }
    }
    all.retain(|words| !words.is_empty());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_found_by_port_and_name_and_places_by_their_beginning() {
        let text = "server { listen 80; }\nserver { listen 8080; return 200 \"$hostname\\n\"; }\n\
                    server { listen 443 ssl; server_name secure; server_tokens off;\n\
                    location / { proxy_pass http://web; } location /deny { return 403; } }";
        let returns = |status, text: &str| Some(Act::Return(status, text.to_owned()));
        assert_eq!(server(text, 8080, "web", "/").1, returns(200, "$hostname\n"));
        assert_eq!(server(text, 80, "web", "/").1, None);
        let (secure, act) = server(text, 443, "secure:443", "/deny/x");
        assert!(secure.tls && secure.name == "secure");
        assert_eq!((secure.signature("1.22.1").as_str(), act), ("nginx", returns(403, "")));
        assert_eq!(server(text, 443, "secure", "/x").1, Some(Act::Pass));
        assert_eq!(server("", 80, "", "/").0, Server::default());
    }
}
