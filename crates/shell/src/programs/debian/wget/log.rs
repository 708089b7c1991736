//! What wget writes beside the document. Models src/log.c.

use super::{Level, Wget};

impl Wget<'_> {
    /// Writes if it is loud enough.
    pub(super) fn say(&self, level: Level, text: &str) {
        if self.level < level {
            return;
        }
        match self.trace {
            Some(trace) => self.sys.err.report(text, trace),
            None => self.sys.err.write(text),
        }
    }

    /// The time of day: `2026-11-23 03:36:05`.
    pub(super) fn clock(&self) -> String {
        let seconds = self.sys.cluster(|cluster| cluster.now().unix_seconds());
        api::time::format_rfc3339(seconds).replace('T', " ").trim_end_matches('Z').to_owned()
    }
}

/// A number of bytes in few letters. Models `human_readable`.
pub(super) fn readable(bytes: usize) -> String {
    #[allow(clippy::cast_precision_loss)]
    let mut value = bytes as f64;
    for unit in ["", "K", "M", "G"] {
        if value < 1024.0 {
            return match unit {
                "" => bytes.to_string(),
                unit if value < 9.95 => format!("{value:.1}{unit}"),
                unit => format!("{value:.0}{unit}"),
            };
        }
        value /= 1024.0;
    }
    format!("{value:.0}T")
}

/// Bytes in a second. Models `retr_rate`.
pub(super) fn rate(bytes: usize, micros: u64) -> String {
    #[allow(clippy::cast_precision_loss)]
    let mut value = bytes as f64 * 1e6 / micros.max(1) as f64;
    let mut units = ["B/s", "KB/s", "MB/s", "GB/s"].into_iter();
    let mut unit = units.next().unwrap_or_default();
    for next in units {
        if value < 1024.0 {
            break;
        }
        value /= 1024.0;
        unit = next;
    }
    match value {
        _ if value >= 99.95 => format!("{value:.0} {unit}"),
        _ if value >= 9.995 => format!("{value:.1} {unit}"),
        _ => format!("{value:.2} {unit}"),
    }
}
