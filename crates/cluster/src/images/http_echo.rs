//! hashicorp/http-echo: answers every request with one text, on port 5678 unless `-listen` says otherwise.

use super::{Exit, Image, Listener, Run, Shell, Visit, respond};
use crate::network::{HttpRequest, HttpResponse};

/// See the module.
pub(super) struct HttpEcho;

fn text<'a>(run: &'a Run<'_>) -> Option<&'a str> {
    run.flag("text").or_else(|| run.var("ECHO_TEXT"))
}

impl Image for HttpEcho {
    fn repository(&self) -> &'static str {
        "hashicorp/http-echo"
    }

    fn listens(&self, run: &Run<'_>) -> Vec<Listener> {
        let (host, port) = run.flag("listen").and_then(|listen| listen.rsplit_once(':')).unwrap_or(("", "5678"));
        let localhost_only = host == "127.0.0.1" || host == "localhost";
        port.parse().map(|port| Listener { localhost_only, ..Listener::tcp(port) }).into_iter().collect()
    }

    fn exits(&self, run: &Run<'_>) -> Option<Exit> {
        text(run).is_none().then_some(Exit { after: 0, code: 127 })
    }

    fn first_lines(&self, run: &Run<'_>) -> Vec<String> {
        match text(run) {
            None => vec!["Missing -text option or ECHO_TEXT env var!".to_owned()],
            Some(_) => vec![format!("[INFO] server is listening on {}", run.flag("listen").unwrap_or(":5678"))],
        }
    }

    fn http(&self, visit: &Visit<'_>, request: &HttpRequest) -> Option<HttpResponse> {
        if request.path() == "/health" {
            return Some(respond::go(visit, request, 200, "{\"status\":\"ok\"}\n".to_owned()));
        }
        let body = format!("{}\n", text(&visit.run)?);
        let mut response = respond::go(visit, request, 200, body);
        let own = [("X-App-Name", "http-echo"), ("X-App-Version", "1.0.0")];
        let own = own.map(|(name, value)| (name.to_owned(), value.to_owned()));
        response.headers.splice(0..0, own);
        Some(response)
    }

    fn shell(&self) -> Option<Shell> {
        None
    }
}
