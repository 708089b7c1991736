//! `playground/app`: a server for authors of lessons. Its variables say how it behaves:
//!
//! | variable | meaning | without it |
//! |---|---|---|
//! | `PORT` | where it listens | 8080 |
//! | `BIND` | `127.0.0.1` makes it deaf to other pods | every address |
//! | `PROTOCOL` | `http`, `tcp` (no HTTP), `udp`, or `echo` and `udp-echo`, which send back what they get | `http` |
//! | `GREETING` | what it says when somebody connects | nothing |
//! | `WIRE` | lines `PATH STEP...`, separated by tabs: bytes (with `\\r` and `\\n`), seconds to wait as `+1`, and at the end `close`, `reset` or `open` | proper HTTP |
//! | `TLS` | host names, separated by commas: it speaks TLS with a certificate of its own for them | plain text |
//! | `WARM_UP` | seconds until it listens | 0.1 |
//! | `TEXT` | what it answers, `$HOSTNAME` replaced | its pod's name |
//! | `ANSWERS` | lines `PATH STATUS [SECONDS] [TEXT]`; status 0 never answers | `TEXT` everywhere |
//! | `CRASH_AFTER` | seconds until it ends with an error | never |
//! | `MEMORY` | what it uses, such as `200Mi`: above the container's limit it is killed (`OOMKilled`) | nothing |
//! | `EXIT_CODE` | the code it ends with | 1 |
//! | `STOP_AFTER` | seconds it takes to end when told to | 0.1 |

use api::Value;
use api::quantity::Quantity;

use super::{Exit, Image, Listener, Run, Shell, Term, Visit, respond};
use crate::network::stream::{self, Parsed};
use crate::network::{Certificate, End, HttpRequest, HttpResponse, Part, Protocol, Stream};

/// See the module.
pub(super) struct App;

fn micros(run: &Run<'_>, name: &str) -> Option<u64> {
    run.var(name).and_then(seconds)
}

/// Microseconds of a number of seconds with at most three decimals.
fn seconds(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let part: String = part.chars().chain("000".chars()).take(3).collect();
    Some(whole.parse::<u64>().ok()?.checked_mul(1_000_000)? + part.parse::<u64>().ok()? * 1000)
}

/// What it answers to a path: status, delay and text.
fn answer(visit: &Visit<'_>, request: &HttpRequest) -> (u16, u64, String) {
    let text = visit.run.var("TEXT").map_or_else(|| visit.run.hostname().to_owned(), str::to_owned);
    let answers = visit.run.var("ANSWERS").unwrap_or_default();
    let line = answers.lines().map(str::trim).find(|line| line.split(' ').next() == Some(request.path()));
    let Some(line) = line else { return (200, 0, text) };
    let mut words = line.splitn(3, ' ').skip(1);
    let status = words.next().and_then(|status| status.parse().ok()).unwrap_or(200);
    let rest = words.next().unwrap_or_default();
    let (first, after) = rest.split_once(' ').unwrap_or((rest, ""));
    match seconds(first) {
        Some(delay) => (status, delay, if after.is_empty() { text } else { after.to_owned() }),
        None => (status, 0, if rest.is_empty() { text } else { rest.to_owned() }),
    }
}

/// What a line of `WIRE` says after its path.
fn steps(line: &str) -> Stream {
    let mut stream = Stream::silence();
    let mut wait = 0;
    for step in line.split('\t').skip(1) {
        match (step, step.strip_prefix('+').and_then(seconds)) {
            (_, Some(more)) => wait += more,
            ("close", _) => stream.end = End::Close,
            ("reset", _) => stream.end = End::Reset,
            ("open", _) => {}
            (text, _) => {
                let bytes = text.replace("\\r", "\r").replace("\\n", "\n").into_bytes();
                stream.parts.push(Part { after: std::mem::take(&mut wait), bytes });
            }
        }
    }
    stream
}

impl Image for App {
    fn repository(&self) -> &'static str {
        "playground/app"
    }

    fn has_tag(&self, _tag: &str) -> bool {
        true
    }

    fn listens(&self, run: &Run<'_>) -> Vec<Listener> {
        let port = run.var("PORT").or_else(|| run.flag("port")).and_then(|port| port.parse().ok()).unwrap_or(8080);
        let udp = matches!(run.var("PROTOCOL"), Some("udp" | "udp-echo"));
        let protocol = if udp { Protocol::Udp } else { Protocol::Tcp };
        let localhost_only = matches!(run.var("BIND"), Some("127.0.0.1" | "localhost"));
        vec![Listener { protocol, port, localhost_only }]
    }

    fn startup(&self, run: &Run<'_>) -> u64 {
        micros(run, "WARM_UP").unwrap_or(100_000)
    }

    fn over_memory(&self, run: &Run<'_>) -> bool {
        let bytes = |text: &str| Quantity::parse(text).map(|quantity| quantity.milli_value()).ok();
        let limit = run.container.pointer("/resources/limits/memory").and_then(Value::as_str).and_then(bytes);
        limit.is_some_and(|limit| run.var("MEMORY").and_then(bytes).is_some_and(|used| used > limit))
    }

    fn exits(&self, run: &Run<'_>) -> Option<Exit> {
        if self.over_memory(run) {
            return Some(Exit { after: micros(run, "CRASH_AFTER").unwrap_or(0), code: 137 });
        }
        let code = run.var("EXIT_CODE").and_then(|code| code.parse().ok()).unwrap_or(1);
        micros(run, "CRASH_AFTER").map(|after| Exit { after, code })
    }

    fn on_term(&self, run: &Run<'_>) -> Term {
        Term::Ends { after: micros(run, "STOP_AFTER").unwrap_or(100_000), code: 0 }
    }

    fn stream(&self, visit: &Visit<'_>, data: &[u8], _tls: bool) -> Option<Stream> {
        if data.is_empty() {
            let greeting = visit.run.var("GREETING")?.replace("$HOSTNAME", visit.run.hostname());
            return Some(Stream::once((greeting + "\n").into_bytes(), End::Open));
        }
        if matches!(visit.run.var("PROTOCOL"), Some("echo" | "udp-echo")) {
            return Some(Stream::once(data.to_vec(), End::Open));
        }
        let wire = visit.run.var("WIRE")?;
        let Parsed::Request(request) = stream::parse(data, false) else { return None };
        let line = wire.lines().find(|line| line.split('\t').next() == Some(request.path()))?;
        Some(steps(line))
    }

    fn http(&self, visit: &Visit<'_>, request: &HttpRequest) -> Option<HttpResponse> {
        if visit.run.var("PROTOCOL") == Some("tcp") {
            return None;
        }
        if visit.run.var("TLS").is_some() && !request.tls {
            let text = "Client sent an HTTP request to an HTTPS server.\n".to_owned();
            return Some(respond::plain(request, 400, &[], text));
        }
        let (status, _, text) = answer(visit, request);
        let text = text.replace("$HOSTNAME", visit.run.hostname());
        Some(respond::go(visit, request, status, text + "\n"))
    }

    fn certificate(&self, visit: &Visit<'_>, _server: &str) -> Option<Certificate> {
        let names: Vec<String> = visit.run.var("TLS")?.split(',').map(|name| name.trim().to_owned()).collect();
        Some(Certificate::self_signed(&format!("CN={}", names.first()?), names))
    }

    fn takes(&self, visit: &Visit<'_>, request: &HttpRequest) -> Option<u64> {
        let (status, delay, _) = answer(visit, request);
        (status != 0).then_some(delay)
    }

    fn access_line(&self, visit: &Visit<'_>, request: &HttpRequest, response: &HttpResponse) -> Option<String> {
        Some(format!("{} {} {} {}", visit.packet.source.ip, request.method, request.target, response.status))
    }

    fn shell(&self) -> Option<Shell> {
        Some(Shell::Busybox)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn seconds_have_decimals() {
        for (text, want) in [("1", Some(1_000_000)), ("0.25", Some(250_000)), ("x", None), ("", None)] {
            assert_eq!(super::seconds(text), want, "{text}");
        }
    }
}
