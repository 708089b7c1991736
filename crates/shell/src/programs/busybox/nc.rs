//! BusyBox nc. Models networking/nc_bloaty.c, and networking/nc.c of Debian's build, which has no `-z` and no `-v`.

use std::net::IpAddr;

use cluster::network::TraceId;

use super::{dotted, port, resolve, usage};
use crate::network::connect::{Failure, SECOND, Waiting};
use crate::network::connection::{self, Connection, Either, Received};
use crate::programs::options::{Given, Spec};
use crate::sys::Sys;

const SPEC: Spec = Spec { short: "np:s:ubvw:lki:o:ze:", long: &[("help", '?', false)] };

/// Debian's build.
const PLAIN: Spec = Spec { short: "lp:w:i:f:e:", long: &[("help", '?', false)] };

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

const USAGE_PLAIN: &str = "nc [-iN] [-wN] [-l] [-p PORT] [-f FILE|IPADDR PORT] [-e PROG]

Open a pipe to IP:PORT or FILE

\t-l\tListen mode, for inbound connects
\t\t(use -ll with -e for persistent server)
\t-p PORT\tLocal port
\t-w SEC\tConnect timeout
\t-i SEC\tDelay interval for lines sent
\t-f FILE\tUse file (ala /dev/ttyS0) instead of network
\t-e PROG\tRun PROG after connect";

/// What it says to Ctrl-C.
struct Punt(Option<Sys>);

impl Drop for Punt {
    fn drop(&mut self) {
        if let Some(sys) = self.0.take() {
            sys.err.write("punt!\n");
            sys.world.borrow_mut().interrupt_handled = true;
        }
    }
}

fn usage_of(sys: &Sys) -> String {
    let text = if sys.release.packaged {
        USAGE_PLAIN.to_owned()
    } else if sys.release.busybox <= 28 {
        USAGE.replace("\t-b\tAllow broadcasts\n", "")
    } else {
        USAGE.to_owned()
    };
    usage(sys, &text)
}

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let plain = sys.release.packaged;
    let given = match if plain { PLAIN.parse(&argv) } else { SPEC.parse(&argv) } {
        Ok(given) if given.has('l') => {
            sys.err.line("nc: listening is not simulated");
            return 1;
        }
        Ok(given) if (1..=2).contains(&given.operands.len()) && !given.has('?') => given,
        Ok(given) => {
            sys.err.write(usage_of(&sys));
            return i32::from(!given.has('?'));
        }
        Err(fault) => {
            sys.err.write(format!("nc: {fault}\n{}", usage_of(&sys)));
            return 1;
        }
    };
    let mut punt = Punt((!plain).then(|| sys.clone()));
    let code = connect(&sys, &given).await;
    punt.0 = None;
    code
}

async fn connect(sys: &Sys, given: &Given) -> i32 {
    let name = &given.operands[0];
    let text = given.operands.get(1).map_or("0", String::as_str);
    let port = match port(text) {
        Some(port) => port,
        // A port that is none was taken for 0 before 1.29.
        None if sys.release.busybox <= 28 => 0,
        None => {
            sys.err.line(format!("nc: bad port '{text}'"));
            return 1;
        }
    };
    let seconds = match given.value('w').map(|text| text.parse::<u64>().map_err(|_| text)) {
        None => 0,
        Some(Ok(seconds)) => seconds,
        Some(Err(text)) => {
            sys.err.line(format!("nc: invalid number '{text}'"));
            return 1;
        }
    };
    let Some(ip) = resolve(sys, "nc", name).await else { return 1 };
    let label = format!("{name} ({})", dotted(ip, port));
    let verbose = given.options.iter().filter(|(letter, _)| *letter == 'v').count();
    let patience = (seconds > 0).then_some(seconds * SECOND);
    if given.has('u') {
        return datagrams(sys, given, ip, port, &label, seconds).await;
    }
    let waiting = Waiting { blocking: true, patience };
    let connection = match connection::open(sys, ip, port, waiting).await {
        Ok(connection) => connection,
        Err((failure, trace)) if sys.release.packaged => {
            let failure = match failure {
                Failure::Impatient => "timed out".to_owned(),
                failure => super::cannot_connect(ip, failure),
            };
            tell(sys, &format!("nc: {failure}\n"), trace);
            return 1;
        }
        Err((failure, trace)) => {
            if verbose > 1 || (verbose == 1 && failure != Failure::Refused) {
                tell(sys, &format!("nc: {label}: {failure}\n"), trace);
            }
            return 1;
        }
    };
    if verbose > 0 {
        sys.err.report(format!("{label} open\n"), connection.trace);
    }
    if given.has('z') {
        return 0;
    }
    let patience = if sys.release.packaged { None } else { patience };
    shovel(sys, connection, patience, false).await
}

fn tell(sys: &Sys, text: &str, trace: Option<TraceId>) {
    match trace {
        Some(trace) => sys.err.report(text, trace),
        None => sys.err.write(text),
    }
}

/// `-u`: nothing is opened. With `-z` it waits for a refusal.
async fn datagrams(sys: &Sys, given: &Given, ip: IpAddr, port: u16, label: &str, seconds: u64) -> i32 {
    let IpAddr::V4(ip) = ip else { return 1 };
    let (connection, failure) = connection::datagram(sys, ip, port).await;
    let scans = given.has('z');
    if scans {
        sys.sleep(seconds.max(1) * SECOND).await;
        if failure.is_some() {
            return 1;
        }
    }
    if given.has('v') {
        sys.err.report(format!("{label} open\n"), connection.trace);
    }
    if scans {
        return 0;
    }
    shovel(sys, connection, (seconds > 0).then_some(seconds * SECOND), true).await
}

/// Copies in both directions. Models `readwrite`.
async fn shovel(sys: &Sys, mut connection: Connection, patience: Option<u64>, datagrams: bool) -> i32 {
    let trace = connection.trace;
    let (mut input, mut tries) = (true, 2);
    loop {
        let until = patience.map(|patience| sys.now() + patience);
        match connection.either(input, until).await {
            Either::Input(text) => connection.send(text.as_bytes()),
            Either::EndOfInput => {
                input = false;
                if !datagrams {
                    connection.finish();
                }
            }
            Either::Net(Received::Bytes(bytes)) => sys.out.report(String::from_utf8_lossy(&bytes), trace),
            Either::Net(_) if input && !sys.release.packaged => {
                // The input is still open: it is read until its end, and what is written is lost.
                while !sys.read_line().await.is_empty() {}
                return 0;
            }
            Either::Net(_) => return 0,
            Either::Nothing => {
                tries -= 1;
                if tries == 0 {
                    return 0;
                }
            }
        }
    }
}
