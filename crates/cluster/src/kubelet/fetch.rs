//! What `wget` and `curl` hear that run in a container by themselves, and what they write. The programs that are run by
//! hand, with all that they can be told, are those of the shell.

use api::{Object, ObjectKey};

use super::script;
use crate::Cluster;
use crate::images::script::{Client, Fetch};
use crate::network::{
    HttpRequest, HttpResponse, Outcome, Payload, Protocol, Refusal, Reply, Socket, TraceId, Traffic, Vantage, router,
};

/// Microseconds that a request takes at least: a program has to start.
const LEAST: u64 = 20_000;
/// Microseconds until Linux gives up a connection that nobody answers (`tcp_syn_retries`).
const GIVES_UP: u64 = 135_000_000;

/// How a request went.
pub(super) struct Heard {
    /// What the program writes.
    pub(super) text: String,
    /// Its exit code.
    pub(super) code: i32,
    /// Microseconds until it ends.
    pub(super) took: u64,
}

/// Why there was no answer.
enum Failure {
    NoAddress,
    Refused(Refusal),
    Late,
    Nonsense,
}

/// Makes a request from a pod.
pub(super) fn run(cluster: &mut Cluster, key: &ObjectKey, pod: &Object, fetch: &Fetch) -> Heard {
    let Some(ip) = script::resolve(cluster, pod, &fetch.host) else {
        return failed(fetch, "", &Failure::NoAddress, LEAST);
    };
    let from = Vantage::Pod { namespace: key.namespace.clone(), name: key.name.clone() };
    let host = if fetch.port == 80 { fetch.host.clone() } else { format!("{}:{}", fetch.host, fetch.port) };
    let mut request = HttpRequest::get(&host, &fetch.path);
    match fetch.client {
        Client::Wget => request.set_header("User-Agent", "Wget"),
        Client::Curl => {
            request.set_header("User-Agent", "curl/8.14.1");
            request.set_header("Accept", "*/*");
        }
    }
    let to = Socket { ip, port: fetch.port };
    let traffic = Traffic { from, protocol: Protocol::Tcp, to, payload: Payload::Http(request) };
    // It is no traffic that anybody asked for, so its trace is not kept.
    let trace = router::route(cluster, TraceId(usize::MAX), traffic);
    let limit = fetch.patience.unwrap_or(GIVES_UP);
    let took = trace.took().max(LEAST);
    let ip = ip.to_string();
    match trace.outcome {
        Outcome::Answered(Reply::Http(response)) if took <= limit => answered(fetch, &response, took),
        Outcome::Refused(refusal) if took <= limit => failed(fetch, &ip, &Failure::Refused(refusal), took),
        Outcome::Lost | Outcome::Answered(Reply::Http(_)) | Outcome::Refused(_) => {
            failed(fetch, &ip, &Failure::Late, limit)
        }
        Outcome::Answered(_) => failed(fetch, &ip, &Failure::Nonsense, took),
    }
}

fn answered(fetch: &Fetch, response: &HttpResponse, took: u64) -> Heard {
    if fetch.client == Client::Wget && response.status >= 400 {
        let text = format!("wget: server returned error: HTTP/1.1 {} {}\n", response.status, response.reason);
        return Heard { text, code: 1, took };
    }
    Heard { text: String::from_utf8_lossy(&response.body).into_owned(), code: 0, took }
}

fn failed(fetch: &Fetch, ip: &str, failure: &Failure, took: u64) -> Heard {
    let (host, port, millis) = (&fetch.host, fetch.port, took / 1000);
    let (code, words) = match fetch.client {
        Client::Wget => (1, wget(fetch, ip, failure)),
        Client::Curl => match failure {
            Failure::NoAddress => (6, format!("Could not resolve host: {host}")),
            Failure::Late if fetch.patience.is_some() => {
                (28, format!("Connection timed out after {millis} milliseconds"))
            }
            Failure::Refused(_) => {
                (7, format!("Failed to connect to {host} port {port} after {millis} ms: Could not connect to server"))
            }
            Failure::Late => {
                (28, format!("Failed to connect to {host} port {port} after {millis} ms: Could not connect to server"))
            }
            Failure::Nonsense => (1, "Received HTTP/0.9 when not allowed".to_owned()),
        },
    };
    let text = match (fetch.complains, fetch.client) {
        (false, _) => String::new(),
        (true, Client::Wget) => format!("wget: {words}\n"),
        (true, Client::Curl) => format!("curl: ({code}) {words}\n"),
    };
    Heard { text, code, took }
}

/// Models what BusyBox `xconnect` and `wget` say.
fn wget(fetch: &Fetch, ip: &str, failure: &Failure) -> String {
    let why = match failure {
        Failure::NoAddress => return format!("bad address '{}'", fetch.host),
        Failure::Nonsense => return "error getting response".to_owned(),
        Failure::Late if fetch.patience.is_some() => return "download timed out".to_owned(),
        Failure::Late => "Connection timed out",
        Failure::Refused(Refusal::HostUnreachable | Refusal::NoRoute) => "No route to host",
        Failure::Refused(Refusal::NetworkUnreachable) => "Network is unreachable",
        Failure::Refused(_) => "Connection refused",
    };
    format!("can't connect to remote host ({ip}): {why}")
}
