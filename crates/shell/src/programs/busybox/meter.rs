//! The bar of a download. Models libbb/progress.c.

use crate::sys::Sys;

/// A bar under way.
pub(super) struct Meter {
    name: String,
    /// Seconds of the clock when it began, was shown, and saw bytes last.
    start: u64,
    shown: u64,
    changed: u64,
    size: usize,
}

/// Seconds without a byte after which it says so.
const STALL_TIME: u64 = 5;

impl Meter {
    pub(super) fn new(sys: &Sys, name: &str) -> Self {
        let now = clock(sys);
        Self { name: name.to_owned(), start: now, shown: now, changed: now, size: 0 }
    }

    /// Shows it if it is time, and says whether it did on a terminal or not; `None`: it was not time.
    pub(super) fn update(&mut self, sys: &Sys, transferred: usize, total: usize) -> Option<bool> {
        let now = clock(sys);
        let since = now - std::mem::replace(&mut self.shown, now);
        if !(total != 0 && transferred >= total) && since == 0 {
            return None;
        }
        let old = sys.release.busybox <= 28;
        // Nothing leads standard error away from the terminal.
        let terminal = sys.stdin_is_terminal || sys.stdout_is_terminal;
        let mut text = format!("{}{:<20}", if terminal { "\r" } else { "" }, self.name);
        if !old {
            text.push(' ');
        }
        let width = if old { 31 } else { 32 };
        if let Some(filled) = (width * transferred).checked_div(total) {
            let stars = "*".repeat(filled.min(width));
            let percent = 100 * transferred / total;
            text.push_str(&match old {
                true => format!("{percent:>4}% |{stars:<width$}|"),
                false => format!("{percent:>3}% |{stars:<width$}| "),
            });
        }
        text.push_str(&if old { size_28(transferred) } else { size(transferred) });
        let stalled = now - self.changed;
        if transferred != self.size {
            if stalled >= STALL_TIME {
                self.start += stalled;
            }
            (self.changed, self.size) = (now, transferred);
        }
        let elapsed = now.saturating_sub(self.start);
        if now - self.changed >= STALL_TIME {
            text.push_str("  - stalled -");
        } else if total == 0 || transferred == 0 {
            text.push_str(" --:--:-- ETA");
        } else {
            let left = (total as u64 * elapsed / transferred as u64).saturating_sub(elapsed);
            text.push_str(&format!("{:>3}:{:02}:{:02} ETA", left / 3600, left % 3600 / 60, left % 60));
        }
        if !terminal {
            text.push('\n');
        }
        sys.err.write(text);
        Some(terminal)
    }
}

fn clock(sys: &Sys) -> u64 {
    sys.now().0 / 1_000_000
}

/// Models `smart_ulltoa5` and the letter after it.
fn size(bytes: usize) -> String {
    if bytes < 100_000 { format!("{bytes:>5}") } else { format!("{:>4}k", bytes / 1024) }
}

fn size_28(bytes: usize) -> String {
    if bytes < 100_000 { format!("{bytes:>6} ") } else { format!("{:>6}k", bytes / 1024) }
}
