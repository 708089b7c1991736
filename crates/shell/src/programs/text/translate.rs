//! `tr`

use super::reader::Reader;
use crate::programs::options::Spec;
use crate::sys::Sys;

const SPEC: Spec = Spec {
    short: "+dscC",
    long: &[("delete", 'd', false), ("squeeze-repeats", 's', false), ("complement", 'c', false)],
};

/// The characters of a set such as `a-z\n[:upper:]`.
fn set(text: &str) -> Vec<char> {
    let mut all = Vec::new();
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    while let Some(char) = chars.get(at).copied() {
        let rest: String = chars[at..].iter().collect();
        let named = rest.strip_prefix("[:").and_then(|rest| rest.split_once(":]"));
        if let Some((name, _)) = named {
            let is: fn(&char) -> bool = match name {
                "upper" => char::is_ascii_uppercase,
                "lower" => char::is_ascii_lowercase,
                "digit" => char::is_ascii_digit,
                "alpha" => char::is_ascii_alphabetic,
                "alnum" => char::is_ascii_alphanumeric,
                "punct" => char::is_ascii_punctuation,
                "space" => char::is_ascii_whitespace,
                _ => |_| false,
            };
            all.extend((0u8..128).map(char::from).filter(is));
            at += name.chars().count() + 4;
            continue;
        }
        let mut char = char;
        at += 1;
        if char == '\\' {
            char = match chars.get(at) {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('r') => '\r',
                Some('0') => '\0',
                Some(other) => *other,
                None => '\\',
            };
            at += 1;
        }
        match (chars.get(at), chars.get(at + 1)) {
            (Some('-'), Some(end)) if char <= *end => {
                all.extend(char..=*end);
                at += 2;
            }
            _ => all.push(char),
        }
    }
    all
}

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match super::parse(&sys, "tr", &SPEC, &argv) {
        Ok(given) => given,
        Err(status) => return status,
    };
    let Some(first) = given.operands.first() else {
        sys.err.line("tr: missing operand");
        return 1;
    };
    let from = set(first);
    let to = given.operands.get(1).map(|text| set(text)).unwrap_or_default();
    let complement = given.has('c') || given.has('C');
    let place = |char: char| match (complement, from.iter().position(|known| *known == char)) {
        (false, place) => place,
        (true, Some(_)) => None,
        (true, None) => Some(usize::MAX),
    };
    let squeezed = if to.is_empty() || given.has('d') && !to.is_empty() { &from } else { &to };
    let mut reader = Reader::new(&sys, "tr", &[]);
    let mut last = None;
    while let Some(line) = reader.line().await {
        let mut text = String::new();
        for char in line.chars() {
            let mut char = char;
            if let Some(place) = place(char) {
                if given.has('d') {
                    continue;
                }
                char = to.get(place).or(to.last()).copied().unwrap_or(char);
            }
            let in_set = squeezed.contains(&char) != (complement && to.is_empty());
            if given.has('s') && in_set && last == Some(char) {
                continue;
            }
            last = Some(char);
            text.push(char);
        }
        sys.out.write(text);
    }
    0
}
