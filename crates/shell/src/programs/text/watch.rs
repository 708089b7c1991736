//! `watch`: the same command again and again.

use super::stream::duration;
use crate::lang;
use crate::programs::options::Spec;
use crate::stream::{Channel, Sink};
use crate::sys::{FrontEnd, Host, Sys};

const SPEC: Spec = Spec {
    short: "+n:dtexgcbp",
    long: &[
        ("interval", 'n', true),
        ("differences", 'd', false),
        ("no-title", 't', false),
        ("errexit", 'e', false),
        ("exec", 'x', false),
        ("chgexit", 'g', false),
        ("color", 'c', false),
    ],
};

/// How wide the terminal is taken to be.
const WIDTH: usize = 80;

/// Runs the program; only Ctrl-C ends it.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match super::parse(&sys, "watch", &SPEC, &argv) {
        Ok(given) => given,
        Err(status) => return status,
    };
    if given.operands.is_empty() {
        sys.err.line(match sys.host {
            Host::Busybox => "BusyBox v1.36.1 (2024-09-26 21:31:42 UTC) multi-call binary.\n\nUsage: watch [-n SEC] [-t] PROG ARGS\n\nRun PROG periodically\n\n\t-n SEC\tPeriod (default 2)\n\t-t\tDon't print header",
            _ => "\nUsage:\n watch [options] command\n\nFor more details see watch(1).",
        });
        return 1;
    }
    let Some(interval) = given.value('n').map_or(Some(2_000_000), duration) else {
        sys.err.line(format!("watch: failed to parse argument: '{}'", given.value('n').unwrap_or_default()));
        return 1;
    };
    // Less than a tenth of a second is not waited by the real one either.
    let interval = interval.max(100_000);
    let command = given.operands.join(" ");
    let mut before: Option<String> = None;
    loop {
        let (out, err) = Sink::pair();
        let inside = Sys { err, ..sys.with_output(out.clone()) };
        let words = if given.has('x') {
            given.operands.clone()
        } else {
            vec!["sh".to_owned(), "-c".to_owned(), command.clone()]
        };
        let status = lang::command(inside, words).await.unwrap_or(127);
        let text: String =
            out.drain().into_iter().filter(|chunk| chunk.channel != Channel::Echo).map(|chunk| chunk.text).collect();
        // A screen that stays as it is need not be read out again.
        if before.as_ref() != Some(&text) {
            if sys.stdout_is_terminal {
                sys.ask(FrontEnd::Clear);
            }
            if !given.has('t') {
                sys.out.line(title(&sys, interval, &command));
                sys.out.line("");
            }
            sys.out.write(&*text);
            if given.has('g') && before.is_some() {
                return 0;
            }
            before = Some(text);
        }
        if given.has('e') && status != 0 {
            return status;
        }
        sys.sleep(interval).await;
    }
}

/// The first line: the interval and the command, and at its right end where and when.
fn title(sys: &Sys, interval: u64, command: &str) -> String {
    let http = api::time::format_http_date(sys.now().unix_seconds());
    let part = |range: std::ops::Range<usize>| http.get(range).unwrap_or_default();
    let date = format!(
        "{} {} {:>2} {} {}",
        part(0..3),
        part(8..11),
        part(5..7).trim_start_matches('0'),
        part(17..25),
        part(12..16)
    );
    let left = format!("Every {}.{}s: {command}", interval / 1_000_000, interval / 100_000 % 10);
    let right = match sys.host {
        Host::Busybox => date,
        _ => format!("{}: {date}", crate::machine::hostname(sys)),
    };
    let room = WIDTH.saturating_sub(right.chars().count() + 1);
    let left: String = left.chars().take(room).collect();
    format!("{left:<room$} {right}")
}
