//! BusyBox telnet. Models networking/telnet.c.

use super::{cannot_connect, port, resolve, usage};
use crate::network::connect::Waiting;
use crate::network::connection::{self, Connection, Either, Received};
use crate::programs::options::Spec;
use crate::sys::Sys;

const SPEC: Spec = Spec { short: "al:", long: &[("help", '?', false)] };

const USAGE: &str = "telnet [-a] [-l USER] HOST [PORT]

Connect to telnet server

\t-a\tAutomatic login with $USER variable
\t-l USER\tAutomatic login as USER";

/// What Ctrl-] asks.
const ESCAPE: &str = "\r\nConsole escape. Commands are:\r\n\n l\tgo to line mode\r\n c\tgo to character mode\r\n \
                      z\tsuspend telnet\r\n e\texit telnet\r\n";

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match SPEC.parse(&argv) {
        Ok(given) if !given.operands.is_empty() && !given.has('?') => given,
        Ok(given) => {
            sys.err.write(usage(&sys, USAGE));
            return i32::from(!given.has('?'));
        }
        Err(fault) => {
            sys.err.write(format!("telnet: {fault}\n{}", usage(&sys, USAGE)));
            return 1;
        }
    };
    let name = &given.operands[0];
    let text = given.operands.get(1).map_or("23", String::as_str);
    let port = match port(text) {
        Some(port) => port,
        None if sys.release.busybox <= 28 => 0,
        None => {
            sys.err.line(format!("telnet: bad port '{text}'"));
            return 1;
        }
    };
    let Some(ip) = resolve(&sys, "telnet", name).await else { return 1 };
    let waiting = Waiting { blocking: true, patience: None };
    let connection = match connection::open(&sys, ip, port, waiting).await {
        Ok(connection) => connection,
        Err((failure, trace)) => {
            let text = format!("telnet: {}\n", cannot_connect(ip, failure));
            match trace {
                Some(trace) => sys.err.report(text, trace),
                None => sys.err.write(text),
            }
            return 1;
        }
    };
    if sys.release.busybox > 28 {
        sys.out.report(format!("Connected to {name}\n"), connection.trace);
    }
    talk(&sys, connection).await
}

async fn talk(sys: &Sys, mut connection: Connection) -> i32 {
    let trace = connection.trace;
    loop {
        match connection.either(true, None).await {
            Either::Input(line) if line.contains('\u{1d}') => {
                sys.out.write(ESCAPE);
                let answer = sys.read_line().await;
                match answer.chars().next() {
                    Some('e') | None => return 0,
                    Some(_) => sys.out.write("continuing...\r\n"),
                }
            }
            Either::Input(line) => connection.send(line.replace('\n', "\r\n").as_bytes()),
            Either::EndOfInput => return 0,
            Either::Net(Received::Bytes(bytes)) => sys.out.report(String::from_utf8_lossy(&bytes), trace),
            Either::Net(_) | Either::Nothing => {
                sys.out.report("Connection closed by foreign host\r\n", trace);
                return 1;
            }
        }
    }
}
