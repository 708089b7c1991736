//! curl's progress meter. Models lib/progress.c.

use crate::network::connect::SECOND;
use crate::stream::Sink;
use cluster::Instant;

const HEADER: &str = "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n\
                      \u{20}                                Dload  Upload   Total   Spent    Left  Speed\n";

/// The meter of one transfer, or the bar of `-#`, or neither.
pub(super) struct Meter {
    sink: Option<Sink>,
    bar: bool,
    width: usize,
    start: Instant,
    begun: bool,
    /// Bytes received, and how many there will be.
    pub(super) received: usize,
    pub(super) total: Option<usize>,
    pub(super) sent: usize,
}

impl Meter {
    /// A meter that is shown if there is somewhere to show it.
    pub(super) fn new(sink: Option<Sink>, bar: bool, terminal: bool, now: Instant) -> Self {
        let width = if terminal { 73 } else { 72 };
        Self { sink, bar, width, start: now, begun: false, received: 0, total: None, sent: 0 }
    }

    /// The first line, once.
    pub(super) fn begin(&mut self, now: Instant) {
        if !std::mem::replace(&mut self.begun, true) && !self.bar {
            self.write(HEADER);
            self.show(now);
        }
    }

    fn write(&self, text: &str) {
        if let Some(sink) = &self.sink {
            sink.write(text);
        }
    }

    /// When the next line is due.
    pub(super) fn next(&self, now: Instant) -> Option<Instant> {
        self.sink.as_ref().filter(|_| !self.bar)?;
        Some(self.start + ((now - self.start) / SECOND + 1) * SECOND)
    }

    /// A line.
    pub(super) fn show(&self, now: Instant) {
        if self.sink.is_none() || self.bar {
            return;
        }
        let elapsed = (now - self.start).max(1);
        let speed = self.received as u64 * SECOND / elapsed;
        let expected = self.total.unwrap_or(self.received);
        let percent = |part: usize, of: usize| (part * 100).checked_div(of).unwrap_or(0);
        let seconds = (now - self.start) / SECOND;
        let (total, left) = match self.total.filter(|total| *total > 0 && speed > 0 && seconds > 0) {
            Some(total) => (total as u64 / speed, (total as u64 / speed).saturating_sub(seconds)),
            None => (0, 0),
        };
        let text = format!(
            "\r{:>3} {:>5}  {:>3} {:>5}  {:>3} {:>5}  {:>5}  {:>5} {} {} {} {:>5}",
            percent(self.received + self.sent, expected + self.sent),
            size((expected + self.sent) as u64),
            percent(self.received, self.total.unwrap_or(0)),
            size(self.received as u64),
            if self.sent > 0 { 100 } else { 0 },
            size(self.sent as u64),
            size(speed),
            0,
            clock(total),
            clock(seconds),
            clock(left),
            size(speed),
        );
        self.write(&text);
    }

    /// The last line, ended.
    pub(super) fn done(&self, now: Instant) {
        if self.bar {
            if self.received > 0 || self.total == Some(0) {
                self.write(&format!("\r{} 100.0%\n", "#".repeat(self.width)));
            }
            return;
        }
        if self.begun {
            self.show(now);
            self.write("\n");
        }
    }
}

/// Models `max5data`.
fn size(bytes: u64) -> String {
    const KILO: u64 = 1024;
    const MEGA: u64 = 1024 * KILO;
    match bytes {
        0..100_000 => bytes.to_string(),
        100_000..10_240_000 => format!("{}k", bytes / KILO),
        _ if bytes < 100 * MEGA => format!("{}.{}M", bytes / MEGA, bytes % MEGA / (MEGA / 10)),
        _ => format!("{}M", bytes / MEGA),
    }
}

/// Models `time2str`.
fn clock(seconds: u64) -> String {
    if seconds == 0 {
        return "--:--:--".to_owned();
    }
    format!("{:>2}:{:02}:{:02}", seconds / 3600, seconds % 3600 / 60, seconds % 60)
}
