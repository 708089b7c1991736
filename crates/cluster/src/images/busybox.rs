//! busybox and other images of a shell and little programs. Without a terminal their shell ends at once.

use super::script::Script;
use super::{Exit, Image, Listener, Run, Shell, Term, Visit, respond};
use crate::network::{HttpRequest, HttpResponse};

/// An image whose program is a shell.
pub(super) struct Toolbox {
    repository: &'static str,
    shell: Shell,
    tools: &'static [&'static str],
}

/// BusyBox alone.
pub(super) const BUSYBOX: Toolbox = Toolbox { repository: "busybox", shell: Shell::Busybox, tools: &[] };
/// Alpine Linux.
pub(super) const ALPINE: Toolbox = Toolbox { repository: "alpine", shell: Shell::Busybox, tools: &[] };
/// Debian.
pub(super) const DEBIAN: Toolbox = Toolbox { repository: "debian", shell: Shell::Debian, tools: &[] };
/// Ubuntu.
pub(super) const UBUNTU: Toolbox = Toolbox { repository: "ubuntu", shell: Shell::Debian, tools: &[] };
/// netshoot: every tool for networks.
pub(super) const NETSHOOT: Toolbox = Toolbox {
    repository: "nicolaka/netshoot",
    shell: Shell::Busybox,
    tools: &["bash", "curl", "dig", "host", "ip", "jq", "nc", "nslookup", "ping", "ss"],
};

impl Image for Toolbox {
    fn repository(&self) -> &'static str {
        self.repository
    }

    fn has_tag(&self, tag: &str) -> bool {
        const RELEASES: [&str; 6] = ["bookworm", "trixie", "bullseye", "jammy", "noble", "edge"];
        super::reference::usual_tag(tag) || RELEASES.contains(&tag)
    }

    fn listens(&self, run: &Run<'_>) -> Vec<Listener> {
        let line = run.line().join(" ");
        let words: Vec<&str> = line.split([' ', ';']).filter(|word| !word.is_empty()).collect();
        let serves = words.iter().any(|word| *word == "httpd" || *word == "nc");
        let port = words.iter().position(|word| matches!(*word, "-p" | "-lp" | "-lkp" | "-lk"));
        let port = port.and_then(|at| words.get(at + 1)?.rsplit(':').next()?.parse().ok());
        if serves { vec![Listener::tcp(port.unwrap_or(80))] } else { Vec::new() }
    }

    fn exits(&self, run: &Run<'_>) -> Option<Exit> {
        shell_exit(run)
    }

    fn on_term(&self, _run: &Run<'_>) -> Term {
        Term::Ignored
    }

    fn runs_scripts(&self) -> bool {
        true
    }

    fn http(&self, visit: &Visit<'_>, request: &HttpRequest) -> Option<HttpResponse> {
        let script = Script::with(&visit.run.line(), visit.run.env)?;
        let path = if request.path() == "/" { "/index.html" } else { request.path() };
        let roots = ["/www", "/var/www", "/tmp", ""];
        let found = roots.iter().find_map(|root| {
            let path = format!("{root}{path}");
            visit.mounted(&path).or_else(|| script.file(&path, visit.up).map(str::to_owned))
        });
        let date = api::time::format_http_date(visit.cluster.now().unix_seconds());
        let (status, body) = found.map_or_else(|| (404, NOT_FOUND.to_owned()), |body| (200, body));
        let headers = [
            ("Date", date),
            ("Connection", "close".to_owned()),
            ("Content-type", "text/html".to_owned()),
            ("Content-Length", body.len().to_string()),
        ];
        Some(respond::plain(request, status, &headers, body))
    }

    fn has_file(&self, run: &Run<'_>, up: u64, path: &str) -> bool {
        Script::with(&run.line(), run.env).is_some_and(|script| script.file(path, up).is_some())
    }

    fn next_change(&self, run: &Run<'_>, up: u64) -> Option<u64> {
        Script::with(&run.line(), run.env)?.next_change(up)
    }

    fn tools(&self) -> &'static [&'static str] {
        self.tools
    }

    fn shell(&self) -> Option<Shell> {
        Some(self.shell)
    }
}

const NOT_FOUND: &str = "<HTML><HEAD><TITLE>404 Not Found</TITLE></HEAD>\n<BODY><H1>404 Not Found</H1>\nThe requested \
                         URL was not found\n</BODY></HTML>\n";

/// How a container ends whose program is a shell unless the manifest says otherwise.
pub(super) fn shell_exit(run: &Run<'_>) -> Option<Exit> {
    let line = run.line();
    let interactive = run.container.get("stdin") == Some(&api::Value::Bool(true));
    let shell = line.first().is_none_or(|word| matches!(word.rsplit('/').next(), Some("sh" | "ash" | "bash")));
    if shell && line.len() <= 1 {
        return (!interactive).then_some(Exit { after: 0, code: 0 });
    }
    match Script::of_run(run) {
        Some(script) => script.exit().map(|(after, code)| Exit { after, code }),
        None => Some(Exit { after: 0, code: 0 }),
    }
}
