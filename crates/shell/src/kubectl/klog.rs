//! Lines that kubectl's own log writes to standard error. Models `k8s.io/klog/v2`.

use cluster::Instant;

/// The process id in every line.
const PID: u32 = 4711;

/// A line of the log: `W1123 09:00:00.000000    4711 prune.go:71] ...`.
#[must_use]
pub(super) fn line(now: Instant, severity: char, place: &str, text: &str) -> String {
    let time = api::time::format_rfc3339(now.unix_seconds());
    let part = |from: usize, to: usize| time.get(from..to).unwrap_or_default();
    let micros = now.0 % 1_000_000;
    format!("{severity}{}{} {}.{micros:06} {PID:>7} {place}] {text}", part(5, 7), part(8, 10), part(11, 19))
}
