//! `sort` and `uniq`

use super::reader::Reader;
use crate::programs::options::Spec;
use crate::sys::Sys;
use api::arrange::Arrange;

const SORT: Spec = Spec {
    short: "nrufhVk:t:o:bs",
    long: &[("numeric-sort", 'n', false), ("reverse", 'r', false), ("unique", 'u', false), ("key", 'k', true)],
};

/// A beginning of a line as a number.
fn number(text: &str) -> f64 {
    let text = text.trim_start();
    let end =
        text.char_indices().find(|(at, char)| !(char.is_ascii_digit() || *char == '.' || (*at == 0 && *char == '-')));
    text[..end.map_or(text.len(), |(at, _)| at)].parse().unwrap_or(0.0)
}

/// The part of a line that `-k` names.
fn key(line: &str, field: Option<usize>, separator: Option<char>) -> &str {
    let Some(field) = field else { return line };
    let mut rest = line;
    for _ in 1..field {
        let skipped = match separator {
            Some(separator) => rest.split_once(separator).map(|(_, rest)| rest),
            None => {
                let word = rest.trim_start();
                word.find(char::is_whitespace).map(|at| &word[at..])
            }
        };
        match skipped {
            Some(skipped) => rest = skipped,
            None => return "",
        }
    }
    rest
}

/// Runs `sort`.
pub(in crate::programs) async fn sort(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match super::parse(&sys, "sort", &SORT, &argv) {
        Ok(given) => given,
        Err(status) => return status,
    };
    let mut reader = Reader::new(&sys, "sort", &given.operands);
    let mut lines = reader.rest().await;
    if reader.failed {
        return 2;
    }
    let spec = given.value('k').unwrap_or_default();
    let field = spec
        .split([',', '.'])
        .next()
        .map(|text| text.trim_end_matches(char::is_alphabetic))
        .and_then(|text| text.parse().ok());
    let numeric = given.has('n') || given.has('h') || spec.contains('n');
    let separator = given.value('t').and_then(|text| text.chars().next());
    lines.arrange_by(|a, b| {
        let (x, y) = (key(a, field, separator), key(b, field, separator));
        let order = if numeric {
            number(x).total_cmp(&number(y))
        } else if given.has('f') {
            x.to_uppercase().cmp(&y.to_uppercase())
        } else {
            x.cmp(y)
        };
        // Lines with equal keys are in the order of their texts.
        let order = order.then_with(|| a.cmp(b));
        if given.has('r') || spec.contains('r') { order.reverse() } else { order }
    });
    if given.has('u') {
        lines.dedup();
    }
    lines.iter().for_each(|line| sys.out.line(line));
    0
}

const UNIQ: Spec =
    Spec { short: "cdui", long: &[("count", 'c', false), ("repeated", 'd', false), ("unique", 'u', false)] };

/// Runs `uniq`.
pub(in crate::programs) async fn uniq(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match super::parse(&sys, "uniq", &UNIQ, &argv) {
        Ok(given) => given,
        Err(status) => return status,
    };
    let mut reader = Reader::new(&sys, "uniq", &given.operands);
    let show = |line: &str, count: usize| {
        if (given.has('d') && count < 2) || (given.has('u') && count > 1) {
            return;
        }
        sys.out.line(if given.has('c') { format!("{count:>7} {line}") } else { line.to_owned() });
    };
    let mut held: Option<(String, usize)> = None;
    while let Some(line) = reader.line().await {
        let line = line.trim_end_matches('\n');
        let same = |other: &str| if given.has('i') { other.eq_ignore_ascii_case(line) } else { other == line };
        match &mut held {
            Some((known, count)) if same(known) => *count += 1,
            _ => {
                if let Some((known, count)) = held.replace((line.to_owned(), 1)) {
                    show(&known, count);
                }
            }
        }
    }
    if let Some((known, count)) = held {
        show(&known, count);
    }
    i32::from(reader.failed)
}
