//! Dots and the bar. Models src/progress.c.

use super::log::readable;
use crate::sys::Sys;

/// Bytes of a dot, and dots of a line.
const DOT: usize = 1024;
const DOTS: usize = 50;

/// Shows how far a download is: dots where nobody watches, a bar on a terminal.
pub(super) struct Progress {
    sys: Sys,
    bar: bool,
    name: String,
    total: Option<usize>,
}

impl Progress {
    pub(super) fn begin(sys: &Sys, name: &str, total: Option<usize>) -> Self {
        let bar = sys.stdin_is_terminal || sys.stdout_is_terminal;
        // Of nothing no share can be shown.
        let total = total.filter(|total| *total > 0);
        let progress = Self { sys: sys.clone(), bar, name: name.to_owned(), total };
        if bar {
            progress.sys.err.write(progress.line(0, false));
        }
        progress
    }

    /// The end.
    pub(super) fn finish(&self, received: usize, micros: u64) {
        if self.bar {
            self.sys.err.write(format!("{}\n", self.line(received, true)));
            return;
        }
        let mut text = String::new();
        let dots = received / DOT;
        for line in 0..=dots / DOTS {
            text.push_str(&format!("\n{:>6}K", line * DOTS));
            let here = (dots - line * DOTS).min(DOTS);
            for dot in 0..DOTS {
                if dot % 10 == 0 {
                    text.push(' ');
                }
                text.push(if dot < here { '.' } else { ' ' });
            }
            if line < dots / DOTS {
                let done = (line + 1) * DOTS * DOT;
                text.push_str(&format!("{} {:>5} 0s", self.percent(done), speed(received, micros)));
            }
        }
        text.push_str(&format!("{} {:>5}=0s", self.percent(received), speed(received, micros)));
        self.sys.err.write(text + "\n");
    }

    fn percent(&self, received: usize) -> String {
        self.total.map_or(String::new(), |total| format!("{:>3}%", received * 100 / total))
    }

    fn line(&self, received: usize, ended: bool) -> String {
        const WIDTH: usize = 20;
        let bar = match self.total {
            Some(total) => {
                let filled = WIDTH * received.min(total) / total;
                let arrow = match filled {
                    0 => String::new(),
                    filled => format!("{}>", "=".repeat(filled - 1)),
                };
                format!("{:>3}%[{arrow:<WIDTH$}]", received * 100 / total)
            }
            None if ended => format!("    [ <=>{:16}]", ""),
            None => format!("    [<=>{:17}]", ""),
        };
        let name: String = self.name.chars().take(20).collect();
        let end = if ended { "    in 0s      " } else { "               " };
        format!("\r{name:<20}{bar} {:>7}  --.-KB/s{end}", readable(received))
    }
}

fn speed(received: usize, micros: u64) -> String {
    let bytes = received as u64 * 1_000_000 / micros.max(1);
    readable(usize::try_from(bytes).unwrap_or(usize::MAX))
}
