//! BusyBox ping. Models networking/ping.c.

use cluster::network::TraceId;

use crate::network::echo::{EchoError, echo};
use crate::programs::options::Spec;
use crate::programs::text::stream::duration;
use crate::sys::Sys;

const SPEC: Spec = Spec { short: "46c:s:i:At:I:W:w:qp:", long: &[("help", '?', false)] };

const USAGE: &str = "ping [OPTIONS] HOST

Send ICMP ECHO_REQUESTs to HOST

\t-4,-6\t\tForce IP or IPv6 name resolution
\t-c CNT\t\tSend only CNT pings
\t-s SIZE\t\tSend SIZE data bytes in packets (default 56)
\t-i SECS\t\tInterval
\t-A\t\tPing as soon as reply is received
\t-t TTL\t\tSet TTL
\t-I IFACE/IP\tSource interface or IP address
\t-W SEC\t\tSeconds to wait for the first response (default 10)
\t\t\t(after all -c CNT packets are sent)
\t-w SEC\t\tSeconds until ping exits (default:infinite)
\t\t\t(can exit earlier with -c CNT)
\t-q\t\tQuiet, only display output at start/finish
\t-p HEXBYTE\tPayload pattern";

const USAGE_28: &str = "ping [OPTIONS] HOST

Send ICMP ECHO_REQUEST packets to network hosts

\t-4,-6\t\tForce IP or IPv6 name resolution
\t-c CNT\t\tSend only CNT pings
\t-s SIZE\t\tSend SIZE data bytes in packets (default 56)
\t-t TTL\t\tSet TTL
\t-I IFACE/IP\tSource interface or IP address
\t-W SEC\t\tSeconds to wait for the first response (default 10)
\t\t\t(after all -c CNT packets are sent)
\t-w SEC\t\tSeconds until ping exits (default:infinite)
\t\t\t(can exit earlier with -c CNT)
\t-q\t\tQuiet, only display output at start
\t\t\tand when finished
\t-p HEXBYTE\tPattern to use for payload";

/// What was sent and came back. It is told at the end, also when Ctrl-C is the end.
struct Statistics {
    sys: Sys,
    name: String,
    sent: u64,
    /// Microseconds of each answer.
    times: Vec<u64>,
    last: Option<TraceId>,
    told: bool,
}

impl Statistics {
    fn tell(&mut self) {
        if std::mem::replace(&mut self.told, true) {
            return;
        }
        let received = self.times.len() as u64;
        let loss = (self.sent - received.min(self.sent)) * 100 / self.sent.max(1);
        let mut text = format!(
            "\n--- {} ping statistics ---\n{} packets transmitted, {received} packets received, {loss}% packet loss\n",
            self.name, self.sent
        );
        if let (Some(min), Some(max)) = (self.times.iter().min(), self.times.iter().max()) {
            let average = self.times.iter().sum::<u64>() / received.max(1);
            let [min, average, max] = [*min, average, *max].map(millis);
            text.push_str(&format!("round-trip min/avg/max = {min}/{average}/{max} ms\n"));
        }
        match self.last {
            Some(trace) => self.sys.out.report(text, trace),
            None => self.sys.out.write(text),
        }
    }
}

impl Drop for Statistics {
    fn drop(&mut self) {
        if !self.told {
            {
                let mut world = self.sys.world.borrow_mut();
                world.interrupt_handled = true;
                world.interrupt_status = Some(i32::from(self.times.is_empty()));
            }
            // The echo of Ctrl-C does not end its line.
            self.tell();
        }
    }
}

/// Microseconds as milliseconds with three places.
fn millis(micros: u64) -> String {
    format!("{}.{:03}", micros / 1000, micros % 1000)
}

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let usage = || super::usage(&sys, if sys.release.busybox <= 28 { USAGE_28 } else { USAGE });
    let given = match SPEC.parse(&argv) {
        Ok(given) if given.operands.len() == 1 && !given.has('?') => given,
        Ok(given) => {
            sys.err.write(usage());
            return i32::from(!given.has('?'));
        }
        Err(fault) => {
            sys.err.write(format!("ping: {fault}\n{}", usage()));
            return 1;
        }
    };
    for letter in ['c', 's', 'W', 'w', 't'] {
        if let Some(text) = given.value(letter).filter(|text| text.parse::<u64>().is_err()) {
            sys.err.line(format!("ping: invalid number '{text}'"));
            return 1;
        }
    }
    let number = |letter| given.value(letter).and_then(|text| text.parse::<u64>().ok());
    let name = given.operands[0].clone();
    let Some(ip) = super::resolve(&sys, "ping", &name).await else { return 1 };
    if given.has('6') && ip.is_ipv4() {
        sys.err.line(format!("ping: bad address '{name}'"));
        return 1;
    }
    let size = number('s').unwrap_or(56);
    let count = number('c').filter(|count| *count > 0);
    let interval = given.value('i').and_then(duration).unwrap_or(1_000_000).max(1000);
    let last_wait = number('W').unwrap_or(10) * 1_000_000;
    let end = number('w').map(|seconds| sys.now() + seconds * 1_000_000);
    sys.out.line(format!("PING {name} ({ip}): {size} data bytes"));
    let mut statistics = Statistics { sys: sys.clone(), name, sent: 0, times: Vec::new(), last: None, told: false };
    for sequence in 0u64.. {
        if count.is_some_and(|count| sequence >= count) || end.is_some_and(|end| sys.now() >= end) {
            break;
        }
        let sent_at = sys.now();
        statistics.sent += 1;
        let pong = echo(&sys, ip, interval).await;
        if let Err(EchoError::Unreachable) = pong {
            statistics.told = true;
            sys.err.line("ping: sendto: Network is unreachable");
            return 1;
        }
        let mut answered = false;
        if let Ok((ttl, trace)) = pong {
            let time = sys.now() - sent_at;
            statistics.times.push(time);
            answered = true;
            if !given.has('q') {
                let text = format!("{} bytes from {ip}: seq={sequence} ttl={ttl} time={} ms\n", size + 8, millis(time));
                match trace {
                    Some(trace) => sys.out.report(text, trace),
                    None => sys.out.write(text),
                }
            }
            statistics.last = trace;
        } else if let Err(EchoError::Silence(trace)) = pong {
            statistics.last = Some(trace);
        }
        if count.is_none_or(|count| sequence + 1 < count) {
            let next = sent_at + interval;
            let next = end.map_or(next, |end| next.min(end));
            sys.sleep(next - sys.now()).await;
        } else if !answered {
            let until = sent_at + last_wait;
            let until = end.map_or(until, |end| until.min(end));
            sys.sleep(until - sys.now()).await;
        }
    }
    statistics.tell();
    i32::from(statistics.times.is_empty())
}
