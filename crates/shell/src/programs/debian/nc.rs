//! OpenBSD netcat. Models netcat.c with Debian's patches.

use std::net::IpAddr;

use cluster::network::TraceId;

use super::{is_address, unknown};
use crate::network::connect::{Failure, SECOND, Waiting};
use crate::network::connection::{self, Connection, Either, Received};
use crate::network::{resolver, services};
use crate::programs::options::{Given, Spec};
use crate::sys::Sys;

const SPEC: Spec = Spec { short: "46bCDdFhI:i:klM:m:NnO:P:p:q:rSs:T:tUuV:vW:w:X:x:Zz", long: &[] };

const USAGE: &str = "usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]
\t  [-m minttl] [-O length] [-P proxy_username] [-p source_port]
\t  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]
\t  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]
\t  [destination] [port]\n";

const HELP: &str = "\tCommand Summary:
\t\t-4\t\tUse IPv4
\t\t-6\t\tUse IPv6
\t\t-b\t\tAllow broadcast
\t\t-C\t\tSend CRLF as line-ending
\t\t-D\t\tEnable the debug socket option
\t\t-d\t\tDetach from stdin
\t\t-F\t\tPass socket fd
\t\t-h\t\tThis help text
\t\t-I length\tTCP receive buffer length
\t\t-i interval\tDelay interval for lines sent, ports scanned
\t\t-k\t\tKeep inbound sockets open for multiple connects
\t\t-l\t\tListen mode, for inbound connects
\t\t-M ttl\t\tOutgoing TTL / Hop Limit
\t\t-m minttl\tMinimum incoming TTL / Hop Limit
\t\t-N\t\tShutdown the network socket after EOF on stdin
\t\t-n\t\tSuppress name/port resolutions
\t\t-O length\tTCP send buffer length
\t\t-P proxyuser\tUsername for proxy authentication
\t\t-p port\t\tSpecify local port for remote connects
\t\t-q secs\t\tquit after EOF on stdin and delay of secs
\t\t-r\t\tRandomize remote ports
\t\t-S\t\tEnable the TCP MD5 signature option
\t\t-s sourceaddr\tLocal source address
\t\t-T keyword\tTOS value
\t\t-t\t\tAnswer TELNET negotiation
\t\t-U\t\tUse UNIX domain socket
\t\t-u\t\tUDP mode
\t\t-V rtable\tSpecify alternate routing table
\t\t-v\t\tVerbose
\t\t-W recvlimit\tTerminate after receiving a number of packets
\t\t-w timeout\tTimeout for connects and final net reads
\t\t-X proto\tProxy protocol: \"4\", \"5\" (SOCKS) or \"connect\"
\t\t-x addr[:port]\tSpecify proxy address and port
\t\t-Z\t\tDCCP mode
\t\t-z\t\tZero-I/O mode [used for scanning]
\tPort numbers can be individual or ranges: lo-hi [inclusive]\n";

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match SPEC.parse(&argv) {
        Ok(given) if given.has('h') => {
            let patch = if sys.release.debian < 13 { "1.219-1" } else { "1.229-1" };
            sys.err.write(format!("OpenBSD netcat (Debian patchlevel {patch})\n{USAGE}{HELP}"));
            return 0;
        }
        Ok(given) if given.has('l') => {
            sys.err.line("nc: listening is not simulated");
            return 1;
        }
        Ok(given) if given.operands.len() == 2 => given,
        Ok(_) => {
            sys.err.write(USAGE);
            return 1;
        }
        Err(fault) => {
            sys.err.write(format!("nc: {fault}\n{USAGE}"));
            return 1;
        }
    };
    match scan(&sys, &given).await {
        Ok(code) => code,
        Err(text) => {
            sys.err.line(format!("nc: {text}"));
            1
        }
    }
}

/// Tries every port. Models the client half of `main`.
async fn scan(sys: &Sys, given: &Given) -> Result<i32, String> {
    let (name, ports) = (&given.operands[0], ports(&given.operands[1])?);
    let patience = match given.value('w').map(|text| text.parse::<u64>().map_err(|_| text)) {
        None => None,
        Some(Ok(seconds)) => Some(seconds * SECOND),
        Some(Err(text)) => return Err(format!("timeout invalid: {text}")),
    };
    let mut code = 1;
    for port in ports {
        let lookup = resolver::addresses(sys, name).await;
        let found =
            lookup.result.map_err(|why| format!("getaddrinfo for host \"{name}\" port {port}: {}", unknown(why)))?;
        let wanted = |ip: &&IpAddr| match ip {
            IpAddr::V4(_) => !given.has('6'),
            IpAddr::V6(_) => !given.has('4'),
        };
        let nc = Nc { sys, given, name, port, patience };
        for ip in found.iter().filter(wanted) {
            if nc.one(*ip).await {
                code = 0;
                break;
            }
        }
    }
    Ok(code)
}

/// A port, a name of one, or a range. Models `build_ports`.
fn ports(text: &str) -> Result<std::ops::RangeInclusive<u16>, String> {
    let number = |text: &str| match text.parse::<i64>() {
        Ok(number) if number < 1 => Err(format!("port number too small: {text}")),
        Ok(number) => u16::try_from(number).map_err(|_| format!("port number too large: {text}")),
        Err(_) => Err(format!("port number invalid: {text}")),
    };
    if let Some(port) = services::port(text) {
        return Ok(port..=port);
    }
    match text.split_once('-') {
        Some((from, to)) => {
            let (from, to) = (number(from)?, number(to)?);
            Ok(from.min(to)..=from.max(to))
        }
        None => number(text).map(|port| port..=port),
    }
}

struct Nc<'a> {
    sys: &'a Sys,
    given: &'a Given,
    name: &'a str,
    port: u16,
    patience: Option<u64>,
}

impl Nc<'_> {
    fn tell(&self, text: &str, trace: Option<TraceId>) {
        if !self.given.has('v') {
            return;
        }
        match trace {
            Some(trace) => self.sys.err.report(text, trace),
            None => self.sys.err.write(text),
        }
    }

    /// The destination as it is told, with the address where it is a name.
    fn place(&self, ip: IpAddr) -> String {
        let name = self.name;
        if is_address(name) { name.to_owned() } else { format!("{name} ({ip})") }
    }

    /// One address; says whether somebody was there.
    async fn one(&self, ip: IpAddr) -> bool {
        if self.given.has('u') {
            return self.datagrams(ip).await;
        }
        let waiting = Waiting { blocking: false, patience: self.patience };
        let (place, port) = (self.place(ip), self.port);
        match connection::open(self.sys, ip, port, waiting).await {
            Ok(connection) => {
                self.connected(&place, "tcp", connection.trace);
                if !self.given.has('z') {
                    self.shovel(connection, false).await;
                }
                true
            }
            Err((Failure::Impatient, trace)) => {
                self.tell(
                    &format!("nc: connect to {place} port {port} (tcp) timed out: Operation now in progress\n"),
                    trace,
                );
                false
            }
            Err((failure, trace)) => {
                self.tell(&format!("nc: connect to {place} port {port} (tcp) failed: {failure}\n"), trace);
                false
            }
        }
    }

    fn connected(&self, place: &str, protocol: &str, trace: TraceId) {
        let port = self.port;
        let service = services::name(port).filter(|_| protocol == "tcp" || port == 53 || port == 123);
        let service = service.unwrap_or("*");
        self.tell(&format!("Connection to {place} {port} port [{protocol}/{service}] succeeded!\n"), Some(trace));
    }

    /// `-u`: with `-z` or `-v` a few datagrams are sent, and it waits for a refusal. Models `udptest`.
    async fn datagrams(&self, ip: IpAddr) -> bool {
        let IpAddr::V4(ip) = ip else { return false };
        let (connection, failure) = connection::datagram(self.sys, ip, self.port).await;
        let tests = self.given.has('v') || self.given.has('z');
        if tests {
            if failure.is_some() {
                return false;
            }
            self.sys.sleep(SECOND).await;
            self.connected(&self.place(IpAddr::V4(ip)), "udp", connection.trace);
        }
        if !self.given.has('z') {
            self.shovel(connection, true).await;
        }
        true
    }

    /// Copies in both directions. Models `readwrite`.
    async fn shovel(&self, mut connection: Connection, datagrams: bool) {
        let trace = connection.trace;
        let mut input = !self.given.has('d');
        let quits = self.given.value('q').and_then(|text| text.parse::<u64>().ok());
        loop {
            let until = self.patience.map(|patience| self.sys.now() + patience);
            match connection.either(input, until).await {
                Either::Input(text) => {
                    let text = if self.given.has('C') { text.replace('\n', "\r\n") } else { text };
                    connection.send(text.as_bytes());
                }
                Either::EndOfInput => {
                    input = false;
                    if self.given.has('N') && !datagrams {
                        connection.finish();
                    }
                    if let Some(seconds) = quits {
                        self.sys.sleep(seconds * SECOND).await;
                        return;
                    }
                }
                Either::Net(Received::Bytes(bytes)) => self.sys.out.report(String::from_utf8_lossy(&bytes), trace),
                Either::Net(_) | Either::Nothing => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ports;

    #[test]
    fn ports_are_numbers_names_and_ranges() {
        for (text, want) in [
            ("80", Ok(80..=80)),
            ("http", Ok(80..=80)),
            ("79-81", Ok(79..=81)),
            ("0", Err("port number too small: 0")),
            ("99999", Err("port number too large: 99999")),
            ("http2x", Err("port number invalid: http2x")),
        ] {
            assert_eq!(ports(text), want.map_err(str::to_owned), "{text}");
        }
    }
}
