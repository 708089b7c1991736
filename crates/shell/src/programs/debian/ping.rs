//! iputils ping. Models ping/ping.c, ping_common.c and iputils_common.c.

use std::net::IpAddr;

use cluster::network::TraceId;

use super::{is_address, unknown};
use crate::network::connect::{Failure, SECOND};
use crate::network::echo::{EchoError, echo};
use crate::network::resolver;
use crate::programs::options::{Given, Spec};
use crate::programs::text::stream::duration;
use crate::sys::Sys;

const SPEC: Spec = Spec { short: "h?4bRT:6F:N:aABc:Cd:De:fHi:I:l:Lm:M:nOp:qQ:rs:S:t:UvVw:W:", long: &[] };

const HELP: &str = include_str!("ping.txt");

/// Microseconds after which the neighbour that nobody is is given up, all questions for it at once.
const GIVEN_UP: u64 = 1_024_000;

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match SPEC.parse(&argv) {
        Ok(given) => given,
        Err(fault) => {
            sys.err.write(format!("ping: {fault}\n{HELP}"));
            return 2;
        }
    };
    if given.has('h') || given.has('?') {
        sys.err.write(HELP);
        return 2;
    }
    if given.has('V') {
        let version = if sys.release.debian < 13 { "20221126" } else { "20240905" };
        sys.out.line(format!("ping from iputils {version}"));
        return 0;
    }
    for (letter, least) in [('c', 1), ('s', 0), ('W', 0), ('w', 0), ('t', 0)] {
        let Some(text) = given.value(letter) else { continue };
        let fault = match text.parse::<i64>() {
            Ok(number) if number >= least => continue,
            Ok(_) => format!("ping: invalid argument: '{text}': out of range: {least} <= value <= {}\n", i64::MAX),
            Err(_) => format!("ping: invalid argument: '{text}'\n"),
        };
        sys.err.write(fault);
        return 1;
    }
    let Some(name) = given.operands.last() else {
        sys.err.line("ping: usage error: Destination address required");
        return 1;
    };
    let lookup = resolver::addresses(&sys, name).await;
    let found = match lookup.result {
        Ok(found) => found,
        Err(why) => {
            let text = format!("ping: {name}: {}\n", unknown(why));
            match lookup.trace {
                Some(trace) => sys.err.report(text, trace),
                None => sys.err.write(text),
            }
            return 2;
        }
    };
    let wanted = |ip: &&IpAddr| match ip {
        IpAddr::V4(_) => !given.has('6'),
        IpAddr::V6(_) => !given.has('4'),
    };
    let Some(ip) = found.iter().find(wanted) else {
        sys.err.line(format!("ping: {name}: Address family for hostname not supported"));
        return 2;
    };
    let canonical = if is_address(name) { name.clone() } else { lookup.canonical };
    Ping::new(&sys, &given, *ip, canonical).run().await
}

/// A ping under way. What is known is told at the end, also when Ctrl-C is the end.
struct Ping {
    sys: Sys,
    ip: IpAddr,
    name: String,
    by_name: bool,
    quiet: bool,
    size: u64,
    count: Option<u64>,
    interval: u64,
    linger: u64,
    deadline: Option<cluster::Instant>,
    start: cluster::Instant,
    sent: u64,
    errors: u64,
    times: Vec<u64>,
    last: Option<TraceId>,
    last_sent: cluster::Instant,
    told: bool,
}

impl Drop for Ping {
    fn drop(&mut self) {
        if !self.told {
            {
                let mut world = self.sys.world.borrow_mut();
                world.interrupt_handled = true;
                world.interrupt_status = Some(i32::from(self.times.is_empty()));
            }
            self.tell();
        }
    }
}

impl Ping {
    fn new(sys: &Sys, given: &Given, ip: IpAddr, name: String) -> Self {
        let number = |letter| given.value(letter).and_then(|text| text.parse::<u64>().ok());
        let now = sys.now();
        Self {
            sys: sys.clone(),
            ip,
            by_name: !is_address(&name) && !given.has('n'),
            name,
            quiet: given.has('q'),
            size: number('s').unwrap_or(56),
            count: number('c'),
            interval: given.value('i').and_then(duration).unwrap_or(SECOND).max(2000),
            linger: given.value('W').and_then(duration).unwrap_or(10 * SECOND),
            deadline: number('w').filter(|seconds| *seconds > 0).map(|seconds| now + seconds * SECOND),
            start: now,
            sent: 0,
            errors: 0,
            times: Vec::new(),
            last: None,
            last_sent: now,
            told: false,
        }
    }

    async fn run(mut self) -> i32 {
        let (ip, size) = (self.ip, self.size);
        // Who answers is looked up by the address.
        let host = if self.by_name { resolver::name_of(&self.sys, ip).await } else { None };
        match ip {
            IpAddr::V4(_) => {
                self.sys.out.line(format!("PING {} ({ip}) {size}({}) bytes of data.", self.name, size + 28));
            }
            IpAddr::V6(ip) if ip.is_loopback() => {
                let place = host
                    .as_ref()
                    .map_or(format!("{}({ip})", self.name), |host| format!("{}({host} ({ip}))", self.name));
                self.sys.out.line(format!("PING {place} {size} data bytes"));
            }
            IpAddr::V6(_) => {
                self.told = true;
                self.sys.err.line("ping: connect: Network is unreachable");
                return 2;
            }
        }
        // Until 2024 an address stood for the name that it does not have.
        let nameless = self.by_name && self.sys.release.debian < 13;
        let nameless = if nameless { format!("{ip} ({ip})") } else { ip.to_string() };
        let from = host.map_or(nameless, |host| format!("{host} ({ip})"));
        let mut unreachable = Vec::new();
        for sequence in 1u64.. {
            let over = self.deadline.is_some_and(|deadline| self.sys.now() >= deadline);
            if self.count.is_some_and(|count| sequence > count) || over {
                break;
            }
            let now = self.sys.now();
            (self.sent, self.last_sent) = (sequence, now);
            let patience = if self.is_last(sequence) { self.linger } else { self.interval };
            match echo(&self.sys, ip, patience.min(self.interval)).await {
                Ok((ttl, trace)) => self.answer(&from, sequence, ttl, self.sys.now() - now, trace),
                Err(EchoError::Unreachable) => {
                    self.told = true;
                    self.sys.err.line("ping: connect: Network is unreachable");
                    return 2;
                }
                Err(EchoError::Refused(failure, trace)) => {
                    self.last = Some(trace);
                    match failure {
                        Failure::Refused => self.fail(sequence, "Destination Port Unreachable"),
                        _ => unreachable.push(sequence),
                    }
                }
                Err(EchoError::Silence(trace)) => self.last = Some(trace),
            }
            let heard = self.times.len() as u64 + self.errors;
            if self.is_last(sequence) {
                let missing = heard < sequence && unreachable.is_empty();
                let until = now + if missing { self.linger } else { 0 };
                let until = self.deadline.map_or(until, |deadline| until.min(deadline));
                self.rest(until).await;
            } else {
                let next = now + self.interval;
                self.rest(self.deadline.map_or(next, |deadline| next.min(deadline))).await;
            }
        }
        if !unreachable.is_empty() {
            self.rest(self.last_sent + GIVEN_UP).await;
            for sequence in unreachable {
                self.fail(sequence, "Destination Host Unreachable");
            }
        }
        self.tell();
        i32::from(self.times.is_empty())
    }

    fn is_last(&self, sequence: u64) -> bool {
        self.count == Some(sequence)
    }

    async fn rest(&self, until: cluster::Instant) {
        let now = self.sys.now();
        if until > now {
            self.sys.sleep(until - now).await;
        }
    }

    fn answer(&mut self, from: &str, sequence: u64, ttl: u8, time: u64, trace: Option<TraceId>) {
        self.times.push(time);
        self.last = trace;
        if self.quiet {
            return;
        }
        let size = self.size + 8;
        let text = format!("{size} bytes from {from}: icmp_seq={sequence} ttl={ttl} time={} ms\n", short(time));
        match trace {
            Some(trace) => self.sys.out.report(text, trace),
            None => self.sys.out.write(text),
        }
    }

    /// What the own gateway says of one that did not arrive.
    fn fail(&mut self, sequence: u64, why: &str) {
        self.errors += 1;
        if self.quiet {
            return;
        }
        let own = resolver::own_address(&self.sys).map(|ip| ip.octets());
        let gateway = own.map_or_else(String::new, |[a, b, c, _]| format!("{a}.{b}.{c}.1"));
        let gateway = if self.by_name { format!("{gateway} ({gateway})") } else { gateway };
        let text = format!("From {gateway} icmp_seq={sequence} {why}\n");
        match self.last {
            Some(trace) => self.sys.out.report(text, trace),
            None => self.sys.out.write(text),
        }
    }

    fn tell(&mut self) {
        if std::mem::replace(&mut self.told, true) {
            return;
        }
        let received = self.times.len() as u64;
        let loss = (self.sent - received.min(self.sent)) * 100 / self.sent.max(1);
        let errors = if self.errors > 0 { format!(", +{} errors", self.errors) } else { String::new() };
        let spent = (self.last_sent - self.start) / 1000;
        let mut text = format!(
            "\n--- {} ping statistics ---\n{} packets transmitted, {received} received{errors}, {loss}% packet loss, time \
             {spent}ms\n",
            self.name, self.sent
        );
        if let (Some(min), Some(max)) = (self.times.iter().min(), self.times.iter().max()) {
            let average = self.times.iter().sum::<u64>() / received.max(1);
            let spread = self.times.iter().map(|time| time.abs_diff(average)).sum::<u64>() / received.max(1);
            let [min, average, max, spread] = [*min, average, *max, spread].map(millis);
            text.push_str(&format!("rtt min/avg/max/mdev = {min}/{average}/{max}/{spread} ms"));
        }
        text.push('\n');
        match self.last {
            Some(trace) => self.sys.out.report(text, trace),
            None => self.sys.out.write(text),
        }
    }
}

/// Microseconds as milliseconds with three places.
fn millis(micros: u64) -> String {
    format!("{}.{:03}", micros / 1000, micros % 1000)
}

/// Microseconds as milliseconds with three digits.
fn short(micros: u64) -> String {
    match micros {
        0..1000 => millis(micros),
        1000..10_000 => format!("{}.{:02}", micros / 1000, micros % 1000 / 10),
        10_000..100_000 => format!("{}.{}", micros / 1000, micros % 1000 / 100),
        _ => (micros / 1000).to_string(),
    }
}
