//! Programs about time, variables, and other programs.

use std::task::Poll;

use crate::programs::options::Spec;
use crate::sys::{FrontEnd, Host, Sys};
use crate::{lang, machine};

/// `1.5`, `2m`, `1h` as microseconds.
pub(in crate::programs) fn duration(text: &str) -> Option<u64> {
    let (digits, unit) = match text.char_indices().next_back()? {
        (at, 's') => (&text[..at], 1.0),
        (at, 'm') => (&text[..at], 60.0),
        (at, 'h') => (&text[..at], 3600.0),
        (at, 'd') => (&text[..at], 86_400.0),
        _ => (text, 1.0),
    };
    let seconds: f64 = digits.parse().ok().filter(|seconds: &f64| seconds.is_finite() && *seconds >= 0.0)?;
    let micros = seconds * unit * 1e6;
    // Longer than any visit, and safe to convert.
    let micros = micros.min(1e15);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded just above")]
    Some(micros as u64)
}

/// Runs `sleep`.
pub(in crate::programs) async fn sleep(sys: Sys, argv: Vec<String>) -> i32 {
    if argv.is_empty() {
        sys.err.line("sleep: missing operand");
        return 1;
    }
    let mut total = 0u64;
    for text in &argv {
        let infinite = (text == "infinity" || text == "inf").then_some(1_000_000_000_000_000);
        match duration(text).or(infinite) {
            Some(micros) => total = total.saturating_add(micros),
            None => {
                sys.err.line(match sys.host {
                    Host::Busybox => format!("sleep: invalid number '{text}'"),
                    _ => format!("sleep: invalid time interval '{text}'\nTry 'sleep --help' for more information."),
                });
                return 1;
            }
        }
    }
    sys.sleep(total).await;
    0
}

/// Runs `env`: prints the variables, or runs a program with others.
pub(in crate::programs) async fn env(mut sys: Sys, argv: Vec<String>) -> i32 {
    let mut words = argv.into_iter().peekable();
    while let Some(word) = words.next_if(|word| word.starts_with('-') || word.contains('=')) {
        match word.as_str() {
            "-i" | "-" | "--ignore-environment" => sys.env.clear(),
            "-u" => drop(words.next().and_then(|name| sys.env.remove(&name))),
            word => {
                if let Some((name, value)) = word.split_once('=') {
                    sys.env.insert(name.to_owned(), value.to_owned());
                }
            }
        }
    }
    let command: Vec<String> = words.collect();
    if command.is_empty() {
        for (name, value) in &sys.env {
            sys.out.line(format!("{name}={value}"));
        }
        return 0;
    }
    start(&sys, "env", command).await
}

/// Runs `printenv`.
pub(in crate::programs) async fn printenv(sys: Sys, argv: Vec<String>) -> i32 {
    if argv.is_empty() {
        return env(sys, argv).await;
    }
    let mut status = 0;
    for name in &argv {
        match sys.env.get(name) {
            Some(value) => sys.out.line(value),
            None => status = 1,
        }
    }
    status
}

/// Runs another program by its words; says so when there is none.
async fn start(sys: &Sys, program: &str, command: Vec<String>) -> i32 {
    let name = command.first().cloned().unwrap_or_default();
    match lang::command(sys.clone(), command).await {
        Some(status) => status,
        None => {
            sys.err.line(match sys.host {
                Host::Busybox => format!("{program}: can't execute '{name}': No such file or directory"),
                _ if program == "env" => format!("env: '{name}': No such file or directory"),
                _ => format!("{program}: failed to run command '{name}': No such file or directory"),
            });
            127
        }
    }
}

/// Runs `sudo`: a program, or with `-i` or `-s` a shell, as root.
pub(in crate::programs) async fn sudo(mut sys: Sys, argv: Vec<String>) -> i32 {
    let mut words = argv.into_iter().peekable();
    let mut shell = false;
    while let Some(option) = words.next_if(|word| word.starts_with('-')) {
        shell |= option == "-i" || option == "-s";
        if option == "-u" {
            words.next();
        }
    }
    machine::become_root(&mut sys);
    let command: Vec<String> = words.collect();
    match command.first().map(String::as_str) {
        None if shell => lang::interactive(sys).await,
        Some("su") => lang::interactive(sys).await,
        None => {
            sys.err.line("usage: sudo -h | -K | -k | -V\nusage: sudo [-u user] [command [arg ...]]");
            1
        }
        Some(name) => match lang::command(sys.clone(), command.clone()).await {
            Some(status) => status,
            None => {
                sys.err.line(format!("sudo: {name}: command not found"));
                1
            }
        },
    }
}

const TIMEOUT: Spec = Spec { short: "+s:k:", long: &[("signal", 's', true), ("kill-after", 'k', true)] };

/// Runs `timeout`.
pub(in crate::programs) async fn timeout(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match super::parse(&sys, "timeout", &TIMEOUT, &argv) {
        Ok(given) => given,
        Err(_) => return 125,
    };
    let [limit, command @ ..] = given.operands.as_slice() else { return 125 };
    let Some(limit) = duration(limit) else {
        match sys.host {
            Host::Busybox => sys.err.line(format!("timeout: invalid number '{limit}'")),
            _ => sys.err.line(format!("timeout: invalid time interval '{limit}'")),
        }
        return 125;
    };
    let mut run = Box::pin(start(&sys, "timeout", command.to_vec()));
    let mut end = Box::pin(sys.sleep(limit));
    let ended = std::future::poll_fn(|context| match run.as_mut().poll(context) {
        Poll::Ready(status) => Poll::Ready(Some(status)),
        Poll::Pending => end.as_mut().poll(context).map(|()| None),
    });
    // BusyBox ends as the signal does, GNU's has a number of its own.
    ended.await.unwrap_or(if sys.host == Host::Busybox { 143 } else { 124 })
}

/// Runs BusyBox's `time`.
pub(in crate::programs) async fn time(sys: Sys, argv: Vec<String>) -> i32 {
    let begun = sys.now();
    let status = start(&sys, "time", argv).await;
    let hundredths = (sys.now() - begun) / 10_000;
    let shown = |hundredths: u64| format!("{}m {}.{:02}s", hundredths / 6000, hundredths / 100 % 60, hundredths % 100);
    sys.err.write(format!("real\t{}\nuser\t{}\nsys\t{}\n", shown(hundredths), shown(0), shown(0)));
    status
}

const XARGS: Spec = Spec {
    short: "+n:I:rt0d:P:L:",
    long: &[("max-args", 'n', true), ("no-run-if-empty", 'r', false), ("null", '0', false), ("replace", 'I', true)],
};

/// Runs `xargs`.
pub(in crate::programs) async fn xargs(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match super::parse(&sys, "xargs", &XARGS, &argv) {
        Ok(given) => given,
        Err(status) => return status,
    };
    let text = sys.read_all().await;
    let mut command = given.operands.clone();
    if command.is_empty() {
        command.push("echo".to_owned());
    }
    let mut inside = sys.clone();
    inside.stdin = crate::stream::Source::of("");
    inside.stdin_is_terminal = false;
    let mut calls: Vec<Vec<String>> = Vec::new();
    if let Some(mark) = given.value('I') {
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            calls.push(command.iter().map(|word| word.replace(mark, line)).collect());
        }
    } else {
        let items: Vec<String> = match (given.has('0'), given.value('d')) {
            (true, _) => text.split('\0').map(str::to_owned).collect(),
            (false, Some(mark)) => text.trim_end_matches('\n').split(mark).map(str::to_owned).collect(),
            (false, None) => text.split_whitespace().map(|word| word.trim_matches(['"', '\'']).to_owned()).collect(),
        };
        let most = given.value('n').or(given.value('L')).and_then(|text| text.parse().ok()).filter(|most| *most > 0);
        if items.is_empty() && !given.has('r') {
            calls.push(command.clone());
        }
        for group in items.chunks(most.unwrap_or(5000)) {
            calls.push(command.iter().chain(group).cloned().collect());
        }
    }
    let mut status = 0;
    for call in calls {
        match start(&inside, "xargs", call).await {
            0 => {}
            127 => return 127,
            _ => status = 123,
        }
    }
    status
}

/// Runs `date`.
pub(in crate::programs) async fn date(sys: Sys, argv: Vec<String>) -> i32 {
    let seconds = sys.now().unix_seconds();
    // Sun, 06 Nov 1994 08:49:37 GMT
    let http = api::time::format_http_date(seconds);
    let iso = api::time::format_rfc3339(seconds);
    let part = |range: std::ops::Range<usize>, text: &str| text.get(range).unwrap_or_default().to_owned();
    let day = part(5..7, &http);
    let format = argv.iter().find_map(|word| word.strip_prefix('+'));
    let Some(format) = format else {
        let day = day.trim_start_matches('0').to_owned();
        sys.out.line(match sys.host {
            Host::Laptop => format!(
                "{} {} {day:>2} {} UTC {}",
                part(0..3, &http),
                part(8..11, &http),
                part(17..25, &http),
                part(12..16, &http)
            ),
            _ => format!(
                "{} {} {day:>2} {} UTC {}",
                part(0..3, &http),
                part(8..11, &http),
                part(17..25, &http),
                part(12..16, &http)
            ),
        });
        return 0;
    };
    let mut text = String::new();
    let mut chars = format.chars();
    while let Some(char) = chars.next() {
        if char != '%' {
            text.push(char);
            continue;
        }
        text.push_str(&match chars.next() {
            Some('s') => seconds.to_string(),
            Some('Y') => part(0..4, &iso),
            Some('m') => part(5..7, &iso),
            Some('d') => day.clone(),
            Some('H') => part(11..13, &iso),
            Some('M') => part(14..16, &iso),
            Some('S') => part(17..19, &iso),
            Some('T') => part(11..19, &iso),
            Some('F') => part(0..10, &iso),
            Some('a') => part(0..3, &http),
            Some('b') => part(8..11, &http),
            Some('Z') => "UTC".to_owned(),
            Some('N') => format!("{:09}", sys.now().0 % 1_000_000 * 1000),
            Some('%') => "%".to_owned(),
            Some(other) => format!("%{other}"),
            None => "%".to_owned(),
        });
    }
    sys.out.line(text);
    0
}

/// Runs `hostname`.
pub(in crate::programs) async fn hostname(sys: Sys, argv: Vec<String>) -> i32 {
    let name = machine::hostname(&sys);
    match argv.first().map(String::as_str) {
        Some("-i" | "-I" | "--ip-address") => {
            let lookup = crate::network::resolver::addresses(&sys, &name).await;
            match lookup.result {
                Ok(found) => {
                    let words: Vec<String> = found.iter().map(ToString::to_string).collect();
                    sys.out.line(words.join(" "));
                }
                Err(_) => {
                    sys.err.line(format!("hostname: {name}: Unknown host"));
                    return 1;
                }
            }
        }
        _ => sys.out.line(name),
    }
    0
}

/// Runs `id` and `whoami`: `short` is the latter.
pub(in crate::programs) async fn id(sys: Sys, short: bool) -> i32 {
    let user = machine::user(sys.host, &sys.env);
    let number = if user == "root" { 0 } else { 1000 };
    match (short, sys.host) {
        (true, _) => sys.out.line(&user),
        (false, Host::Busybox) => sys.out.line("uid=0(root) gid=0(root) groups=0(root),10(wheel)"),
        (false, _) => sys.out.line(format!("uid={number}({user}) gid={number}({user}) groups={number}({user})")),
    }
    0
}

/// Runs `ps`: the container's first process, the shell and `ps` itself.
pub(in crate::programs) async fn ps(sys: Sys, _argv: Vec<String>) -> i32 {
    match sys.host {
        Host::Busybox => {
            sys.out.line("PID   USER     TIME  COMMAND");
            sys.out.line("    1 root      0:00 /bin/sh");
            sys.out.line("    7 root      0:00 ps");
        }
        _ => {
            sys.out.line("    PID TTY          TIME CMD");
            sys.out.line("      1 pts/0    00:00:00 bash");
            sys.out.line("      7 pts/0    00:00:00 ps");
        }
    }
    0
}

/// Runs `clear`.
pub(in crate::programs) async fn clear(sys: Sys, _argv: Vec<String>) -> i32 {
    sys.ask(FrontEnd::Clear);
    0
}

/// Runs `which`.
pub(in crate::programs) async fn which(sys: Sys, argv: Vec<String>) -> i32 {
    let mut status = 0;
    for name in &argv {
        match crate::programs::path_of(name, &sys) {
            Some(path) => sys.out.line(path),
            None => status = 1,
        }
    }
    status
}

/// Runs `uname`.
pub(in crate::programs) async fn uname(sys: Sys, argv: Vec<String>) -> i32 {
    let name = machine::hostname(&sys);
    match argv.first().map(String::as_str) {
        Some("-a") => sys.out.line(format!("Linux {name} 6.6.95 #1 SMP PREEMPT_DYNAMIC x86_64 GNU/Linux")),
        Some("-r") => sys.out.line("6.6.95"),
        Some("-m") => sys.out.line("x86_64"),
        Some("-n") => sys.out.line(name),
        _ => sys.out.line("Linux"),
    }
    0
}

/// Runs `basename` and `dirname`: `folder` is the latter.
pub(in crate::programs) async fn part_of_path(sys: Sys, folder: bool, argv: Vec<String>) -> i32 {
    let Some(path) = argv.first() else {
        sys.err.line(format!("{}: missing operand", if folder { "dirname" } else { "basename" }));
        return 1;
    };
    let path = path.trim_end_matches('/');
    let (before, last) = path.rsplit_once('/').unwrap_or((".", path));
    if folder {
        sys.out.line(if before.is_empty() { "/" } else { before });
    } else {
        let last = argv.get(1).and_then(|suffix| last.strip_suffix(suffix.as_str())).unwrap_or(last);
        sys.out.line(if last.is_empty() { "/" } else { last });
    }
    0
}
