//! BusyBox nc. Models networking/nc_bloaty.c: `-z`, `-v`, `-w`, `-u`, and one request and its answer.

use cluster::network::{HttpRequest, HttpResponse, Payload, Protocol, Reply, Socket};

use super::{port, usage};
use crate::network::connect::{self, Failure, SECOND, Waiting};
use crate::network::resolver;
use crate::programs::options::Spec;
use crate::sys::Sys;

const SPEC: Spec = Spec { short: "nvzuw:i:o:p:s:lke:", long: &[("help", '?', false)] };

const USAGE: &str = "nc [OPTIONS] HOST PORT  - connect
nc [OPTIONS] -l -p PORT [HOST] [PORT]  - listen

\t-e PROG\tRun PROG after connect (must be last)
\t-l\tListen mode, for inbound connects
\t-lk\tWith -e, provides persistent server
\t-p PORT\tLocal port
\t-s ADDR\tLocal address
\t-w SEC\tTimeout for connects and final net reads
\t-i SEC\tDelay interval for lines sent
\t-n\tDon't do DNS resolution
\t-u\tUDP mode
\t-b\tAllow broadcasts
\t-v\tVerbose
\t-o FILE\tHex dump traffic
\t-z\tZero-I/O mode (scanning)";

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match SPEC.parse(&argv) {
        Ok(given) if given.has('l') => {
            sys.err.line("nc: listening is not simulated");
            return 1;
        }
        Ok(given) if !given.operands.is_empty() && !given.has('?') => given,
        Ok(_) => {
            sys.err.write(usage(USAGE));
            return 1;
        }
        Err(fault) => {
            sys.err.write(format!("nc: {fault}\n{}", usage(USAGE)));
            return 1;
        }
    };
    let name = given.operands[0].clone();
    let port_text = given.operands.get(1).map_or("0", String::as_str);
    let Some(port) = port(port_text) else {
        sys.err.line(format!("nc: bad port '{port_text}'"));
        return 1;
    };
    let lookup = resolver::addresses(&sys, &name).await;
    let Some(ip) = lookup.result.ok().and_then(|found| found.first().copied()) else {
        let text = format!("nc: bad address '{name}'\n");
        match lookup.trace {
            Some(trace) => sys.err.report(text, trace),
            None => sys.err.write(text),
        }
        return 1;
    };
    let to = Socket { ip, port };
    let patience = given.value('w').and_then(|text| text.parse::<u64>().ok()).map(|seconds| seconds * SECOND);
    let waiting = Waiting { blocking: true, patience };
    let label = format!("{name} ({to})");
    if given.has('u') {
        let exchange = connect::exchange(
            &sys,
            Protocol::Udp,
            to,
            Payload::Connect,
            Waiting { blocking: false, patience: Some(0) },
        )
        .await;
        if given.has('v') {
            sys.err.report(format!("{label} open\n"), exchange.trace);
        }
        sys.sleep(patience.unwrap_or(0)).await;
        return 0;
    }
    let opened = connect::exchange(&sys, Protocol::Tcp, to, Payload::Connect, waiting).await;
    if let Err(failure) = opened.result {
        let silent = !given.has('v') || failure == Failure::Refused;
        if !silent {
            sys.err.report(format!("nc: {label}: {failure}\n"), opened.trace);
        }
        return 1;
    }
    if given.has('v') {
        sys.err.report(format!("{label} open\n"), opened.trace);
    }
    if given.has('z') {
        return 0;
    }
    talk(&sys, to, &name, waiting).await
}

/// Sends what is typed or piped as a request, if it is one, and shows the answer.
pub(super) async fn talk(sys: &Sys, to: Socket, name: &str, waiting: Waiting) -> i32 {
    let mut typed = String::new();
    loop {
        let line = sys.read_line().await;
        typed.push_str(&line);
        if line.trim_end_matches(['\r', '\n']).is_empty() {
            break;
        }
    }
    if typed.trim().is_empty() {
        return 0;
    }
    let request = request(&typed, name);
    let exchange = connect::exchange(sys, Protocol::Tcp, to, Payload::Http(request), waiting).await;
    if let Ok(Reply::Http(response)) = exchange.result {
        sys.out.report(raw(&response), exchange.trace);
    }
    0
}

/// A typed request as data.
fn request(text: &str, name: &str) -> HttpRequest {
    let mut lines = text.lines();
    let mut words = lines.next().unwrap_or_default().split_whitespace();
    let method = words.next().unwrap_or("GET").to_owned();
    let mut request = HttpRequest::get(name, words.next().unwrap_or("/"));
    request.method = method;
    for (field, value) in lines.filter_map(|line| line.split_once(':')) {
        request.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(field));
        request.headers.push((field.to_owned(), value.trim().to_owned()));
    }
    if request.header("Connection").is_none() {
        request.headers.push(("Connection".to_owned(), "close".to_owned()));
    }
    request
}

/// A response as it comes over the wire.
fn raw(response: &HttpResponse) -> String {
    let mut text = format!("HTTP/1.1 {} {}\r\n", response.status, response.reason);
    for (name, value) in &response.headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text + "\r\n" + &String::from_utf8_lossy(&response.body)
}
