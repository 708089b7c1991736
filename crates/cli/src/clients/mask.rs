//! Texts without what differs from run to run.

/// A piece of a pattern.
#[derive(Clone, Copy)]
enum Piece {
    /// This text.
    Is(&'static str),
    /// At least one digit.
    Digits,
    /// At least one character that numbers with a unit have.
    Number,
    /// At least one hexadecimal digit.
    Hex,
    /// Three letters.
    Name,
    /// The rest of the line.
    Rest,
}

use Piece::{Digits, Hex, Is, Name, Number, Rest};

/// What is masked: dates, clocks, numbers drawn by lot, times taken, speeds.
const PATTERNS: &[&[Piece]] = &[
    // Mon, 23 Nov 2026 03:36:40 GMT
    &[
        Name,
        Is(", "),
        Digits,
        Is(" "),
        Name,
        Is(" "),
        Digits,
        Is(" "),
        Digits,
        Is(":"),
        Digits,
        Is(":"),
        Digits,
        Is(" GMT"),
    ],
    // Mon Nov 23 03:35:06 UTC 2026, Mon Nov 23 03:49:56 2026
    &[Name, Is(" "), Name, Is(" "), Digits, Is(" "), Digits, Is(":"), Digits, Is(":"), Digits, Is(" UTC "), Digits],
    &[Name, Is(" "), Name, Is(" "), Digits, Is(" "), Digits, Is(":"), Digits, Is(":"), Digits, Is(" "), Digits],
    // Nov 23 03:22:41 2026 GMT
    &[Name, Is(" "), Digits, Is(" "), Digits, Is(":"), Digits, Is(":"), Digits, Is(" "), Digits, Is(" GMT")],
    // 2026-11-23 03:36:40
    &[Digits, Is("-"), Digits, Is("-"), Digits, Is(" "), Digits, Is(":"), Digits, Is(":"), Digits, Is(" UTC")],
    &[Digits, Is("-"), Digits, Is("-"), Digits, Is(" "), Digits, Is(":"), Digits, Is(":"), Digits],
    &[Is("BusyBox v1."), Number, Is(" ("), Rest],
    &[Is(" id: "), Digits],
    &[Is("Query time: "), Digits, Is(" msec")],
    &[Is(" in "), Digits, Is(" ms")],
    &[Is("COOKIE: "), Hex],
    &[Is(" after "), Digits, Is(" ms")],
    &[Is(" after "), Digits, Is(" milliseconds")],
    &[Is("time="), Number, Is(" ms")],
    &[Is("time "), Digits, Is("ms")],
    &[Is(" = "), Number, Is("/"), Number, Is("/"), Number, Is("/"), Number, Is(" ms")],
    &[Is(" = "), Number, Is("/"), Number, Is("/"), Number, Is(" ms")],
    &[Is("easy handle 0x"), Hex],
    &[Is("for host: 0x"), Hex],
    &[Is(" from 10.244.0.10 port "), Digits],
    &[Is(" from 192.168.64.2 port "), Digits],
    &[Is(" from 192.168.64.1 port "), Digits],
    &[Is(" from ::1 port "), Digits],
    &[Is(" from 127.0.0.1 port "), Digits],
    &[Is("audit-id: "), Rest],
    &[Is("Audit-Id: "), Rest],
    &[Is("flowschema-uid: "), Rest],
    &[Is("prioritylevel-uid: "), Rest],
    // 3.06M=0s, (3.06 MB/s)
    &[Is(" "), Number, Is("=0s")],
    &[Is("("), Number, Is(" B/s)")],
    &[Is("("), Number, Is(" KB/s)")],
    &[Is("("), Number, Is(" MB/s)")],
    &[Is("("), Number, Is(" GB/s)")],
    &[Is("1795"), Digits],
    &[Is("1796"), Digits],
];

/// Where a pattern ends that begins at the beginning of a text.
fn matched(text: &str, pattern: &[Piece]) -> Option<usize> {
    let mut at = 0;
    for piece in pattern {
        let rest = text.get(at..)?;
        let run = |fits: fn(char) -> bool| rest.find(|c| !fits(c)).unwrap_or(rest.len());
        let length = match piece {
            Is(wanted) if rest.starts_with(wanted) => wanted.len(),
            Is(_) => return None,
            Digits => run(|c| c.is_ascii_digit()),
            Number => run(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | 'k' | 'K' | 'M' | 'G')),
            Hex => run(|c| c.is_ascii_hexdigit()),
            Name => run(|c| c.is_ascii_alphabetic()),
            Rest => run(|c| c != '\n' && c != '\r').max(1),
        };
        if length == 0 || (matches!(piece, Name) && length != 3) {
            return None;
        }
        at += length;
    }
    Some(at)
}

/// The text with every volatile piece as `~`, and with curl's meter reduced to its last line without the speeds.
pub(super) fn mask(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        match PATTERNS.iter().find_map(|pattern| matched(rest, pattern)) {
            Some(length) => {
                out.push('~');
                rest = rest.get(length..).unwrap_or_default();
            }
            None => {
                out.push(first);
                rest = rest.get(first.len_utf8()..).unwrap_or_default();
            }
        }
    }
    bars(&meters(&dumps(&rates(&kept(&out)))))
}

/// Seconds that a record is kept: as many as are left of thirty when it comes from CoreDNS' cache.
fn kept(text: &str) -> String {
    let line = |line: &str| {
        let Some(at) = line.find("IN\t").or_else(|| line.find("IN ")).filter(|_| !line.starts_with(';')) else {
            return line.to_owned();
        };
        let before = line[..at].trim_end();
        let start = before.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |start| start + 1);
        match before[start..].parse::<u32>() {
            Ok(seconds) if seconds < 30 => format!("{}30{}", &line[..start], &line[before.len()..]),
            _ => line.to_owned(),
        }
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// GNU wget's speed stands at the right of its field.
fn rates(text: &str) -> String {
    let line = |line: &str| match line.strip_suffix('~') {
        Some(dots) if dots.trim_start().starts_with(|c: char| c.is_ascii_digit()) && dots.contains("K ") => {
            format!("{} ~", dots.trim_end())
        }
        _ => line.to_owned(),
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Hex dumps hold a date.
fn dumps(text: &str) -> String {
    let is_dump = |line: &str| line.len() > 30 && line.bytes().all(|b| b == b' ' || b.is_ascii_hexdigit());
    text.split('\n').map(|line| if is_dump(line) { "<dump>" } else { line }).collect::<Vec<_>>().join("\n")
}

/// curl's meter: lines that overwrite each other, as many as the time allowed.
fn meters(text: &str) -> String {
    let mut out = String::new();
    for (index, piece) in text.split('\r').enumerate() {
        let is_meter = |char: char| char.is_ascii_digit() || " .:-kM~".contains(char);
        let end = piece.find(|c| !is_meter(c)).unwrap_or(piece.len());
        if index > 0 && end > 60 {
            let fields: Vec<&str> = piece.get(..end).unwrap_or_default().split_whitespace().take(6).collect();
            let after = piece.get(end..).unwrap_or_default();
            // Only the last line before the next text counts; the others are noise.
            if after.is_empty() {
                continue;
            }
            // A line of zeros can stand in several places: it comes when a second is over.
            if !fields.iter().all(|field| *field == "0") {
                out.push_str("<meter ");
                out.push_str(&format!("{}>", fields[..4].join(" ")));
            }
            out.push_str(after);
        } else {
            if index > 0 {
                out.push('\r');
            }
            out.push_str(piece);
        }
    }
    out
}

/// BusyBox' bar: its estimate of the time left.
fn bars(text: &str) -> String {
    let line = |line: &str| match line.rfind("| ") {
        Some(at) if line.ends_with("ETA") => {
            let time = line.trim_end_matches("ETA").trim_end_matches(|c: char| c.is_ascii_digit() || ":- ".contains(c));
            // The digits of the size go with the others: they are told beside the time.
            let size = line[at + 2..].split_whitespace().next().unwrap_or_default();
            let gap = line[time.len()..].rfind(size).map_or("", |end| &line[time.len() + end + size.len()..]);
            let gap = gap.len() - gap.trim_start().len();
            format!("{time}{size}{}<eta>", " ".repeat(gap))
        }
        _ => line.to_owned(),
    };
    let lines = |text: &str| text.split('\n').map(line).collect::<Vec<_>>().join("\n");
    text.split('\r').map(lines).collect::<Vec<_>>().join("\r")
}
