//! BusyBox telnet. Models networking/telnet.c.

use cluster::network::{Payload, Protocol, Socket};

use super::{nc, port, usage};
use crate::network::connect::{self, Waiting};
use crate::network::resolver;
use crate::sys::Sys;

const USAGE: &str = "telnet [-a] [-l USER] HOST [PORT]

Connect to telnet server

\t-a\tAutomatic login with $USER variable
\t-l USER\tAutomatic login as USER";

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let (name, port_text) = match argv.as_slice() {
        [name] if !name.starts_with('-') => (name, "23"),
        [name, port] if !name.starts_with('-') => (name, port.as_str()),
        _ => {
            sys.err.write(usage(USAGE));
            return 1;
        }
    };
    let Some(port) = port(port_text) else {
        sys.err.line(format!("telnet: bad port '{port_text}'"));
        return 1;
    };
    let lookup = resolver::addresses(&sys, name).await;
    let Some(ip) = lookup.result.ok().and_then(|found| found.first().copied()) else {
        let text = format!("telnet: bad address '{name}'\n");
        match lookup.trace {
            Some(trace) => sys.err.report(text, trace),
            None => sys.err.write(text),
        }
        return 1;
    };
    let to = Socket { ip, port };
    let waiting = Waiting { blocking: true, patience: None };
    let exchange = connect::exchange(&sys, Protocol::Tcp, to, Payload::Connect, waiting).await;
    if let Err(failure) = exchange.result {
        sys.err.report(format!("telnet: can't connect to remote host ({ip}): {failure}\n"), exchange.trace);
        return 1;
    }
    sys.out.report(format!("Connected to {name}\n"), exchange.trace);
    nc::talk(&sys, to, name, waiting).await;
    if sys.stdin_is_terminal {
        sys.err.line("Connection closed by foreign host");
        return 1;
    }
    0
}
