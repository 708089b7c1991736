//! `grep`: basic, extended and fixed patterns.

use super::reader::Reader;
use crate::programs::options::Spec;
use crate::sys::{Host, Sys};

const SPEC: Spec = Spec {
    short: "EFGPivnclLoqshHwxe:m:A:B:C:rR",
    long: &[
        ("extended-regexp", 'E', false),
        ("fixed-strings", 'F', false),
        ("ignore-case", 'i', false),
        ("invert-match", 'v', false),
        ("line-number", 'n', false),
        ("count", 'c', false),
        ("only-matching", 'o', false),
        ("quiet", 'q', false),
        ("no-messages", 's', false),
        ("word-regexp", 'w', false),
        ("line-regexp", 'x', false),
        ("regexp", 'e', true),
        ("max-count", 'm', true),
        ("after-context", 'A', true),
        ("before-context", 'B', true),
        ("context", 'C', true),
        ("files-with-matches", 'l', false),
        ("color", '%', false),
        ("line-buffered", '%', false),
    ],
};

/// A pattern of `grep` or `sed` as this project's engine takes it. Basic patterns escape what extended ones do not.
pub(in crate::programs) fn translate(pattern: &str, extended: bool) -> String {
    let mut text = String::new();
    let mut chars = pattern.chars().peekable();
    let mut start = true;
    while let Some(char) = chars.next() {
        match char {
            '[' => {
                text.push('[');
                let mut first = true;
                while let Some(inner) = chars.next() {
                    match inner {
                        '^' if first => text.push('^'),
                        ']' if !first => {
                            text.push(']');
                            break;
                        }
                        '[' if chars.peek() == Some(&':') => {
                            text.push('[');
                            for named in chars.by_ref() {
                                text.push(named);
                                if named == ']' {
                                    break;
                                }
                            }
                            first = false;
                        }
                        ']' | '[' | '\\' | '&' | '~' => {
                            text.push('\\');
                            text.push(inner);
                            first = false;
                        }
                        inner => {
                            text.push(inner);
                            first = false;
                        }
                    }
                }
            }
            '\\' => match chars.next() {
                Some(sign @ ('(' | ')' | '{' | '}' | '|' | '+' | '?')) if !extended => text.push(sign),
                Some('<' | '>') => text.push_str("\\b"),
                Some(sign) if sign.is_ascii_alphanumeric() => {
                    text.push('\\');
                    text.push(sign);
                }
                Some(sign) => text.push_str(&regex_lite::escape(&sign.to_string())),
                None => text.push_str("\\\\"),
            },
            '(' | ')' | '{' | '}' | '|' | '+' | '?' if !extended => {
                text.push('\\');
                text.push(char);
            }
            '*' if start => text.push_str("\\*"),
            char => text.push(char),
        }
        start = matches!(char, '^' | '(' | '|') && (start || char != '^');
    }
    text
}

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let argv: Vec<String> =
        argv.into_iter().map(|word| if word.starts_with("--color") { "--color".to_owned() } else { word }).collect();
    // `-5` is `-C 5`.
    let argv: Vec<String> = argv
        .into_iter()
        .map(|word| match word.strip_prefix('-') {
            Some(digits) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                format!("-C{digits}")
            }
            _ => word,
        })
        .collect();
    let mut given = match super::parse(&sys, "grep", &SPEC, &argv) {
        Ok(given) => given,
        Err(status) => return status,
    };
    let mut patterns: Vec<String> = given.values('e').flat_map(|text| text.split('\n')).map(str::to_owned).collect();
    if patterns.is_empty() {
        if given.operands.is_empty() {
            sys.err.line(match sys.host {
                Host::Busybox => "grep: no pattern",
                _ => "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.",
            });
            return 2;
        }
        patterns = given.operands.remove(0).split('\n').map(str::to_owned).collect();
    }
    let extended = given.has('E') || given.has('P');
    let alternatives: Vec<String> = patterns
        .iter()
        .map(|pattern| {
            let text = if given.has('F') { regex_lite::escape(pattern) } else { translate(pattern, extended) };
            match (given.has('x'), given.has('w')) {
                (true, _) => format!("^(?:{text})$"),
                (false, true) => format!("\\b(?:{text})\\b"),
                (false, false) => format!("(?:{text})"),
            }
        })
        .collect();
    let regex = crate::regex::builder(&alternatives.join("|")).case_insensitive(given.has('i')).build();
    let Ok(regex) = regex else {
        sys.err.line("grep: Invalid regular expression");
        return 2;
    };
    let number = |letter| given.value(letter).and_then(|text| text.parse::<usize>().ok());
    let around = number('C').unwrap_or(0);
    let (after, before) = (number('A').unwrap_or(around), number('B').unwrap_or(around));
    let most = number('m').unwrap_or(usize::MAX);
    let named = given.has('H') || (given.operands.len() > 1 && !given.has('h'));
    let mut reader = Reader::new(&sys, "grep", &given.operands);
    let mut found_any = false;
    while let Some(name) = reader.next_input() {
        let label = if name == "-" { "(standard input)".to_owned() } else { name };
        let (mut count, mut line_number, mut left, mut last_shown) = (0, 0usize, 0usize, 0usize);
        let mut earlier: std::collections::VecDeque<String> = std::collections::VecDeque::new();
        let show = |sign: char, number: usize, text: &str| {
            let mut line = String::new();
            if named {
                line.push_str(&format!("{label}{sign}"));
            }
            if given.has('n') {
                line.push_str(&format!("{number}{sign}"));
            }
            sys.out.line(line + text);
        };
        while count < most {
            let Some(line) = reader.line_here().await else { break };
            line_number += 1;
            let line = line.trim_end_matches('\n');
            if regex.is_match(line) != given.has('v') {
                (found_any, count) = (true, count + 1);
                if given.has('q') {
                    return 0;
                }
                if given.has('l') {
                    break;
                }
                if given.has('c') || given.has('L') {
                    continue;
                }
                if given.has('o') {
                    for found in regex.find_iter(line).filter(|found| !found.is_empty()) {
                        show(':', line_number, found.as_str());
                    }
                    continue;
                }
                let first = line_number - earlier.len();
                if (before > 0 || after > 0) && last_shown > 0 && first > last_shown + 1 {
                    sys.out.line("--");
                }
                for (index, text) in earlier.drain(..).enumerate() {
                    show('-', first + index, &text);
                }
                show(':', line_number, line);
                (last_shown, left) = (line_number, after);
            } else if left > 0 {
                left -= 1;
                show('-', line_number, line);
                last_shown = line_number;
            } else if before > 0 {
                earlier.push_back(line.to_owned());
                if earlier.len() > before {
                    earlier.pop_front();
                }
            }
        }
        if given.has('l') && count > 0 || given.has('L') && count == 0 {
            sys.out.line(&label);
        } else if given.has('c') {
            sys.out.line(if named { format!("{label}:{count}") } else { count.to_string() });
        }
    }
    if reader.failed { 2 } else { i32::from(!found_any) }
}

#[cfg(test)]
mod tests {
    use super::translate;

    #[test]
    fn basic_patterns_become_extended() {
        for (basic, want) in [
            ("a+b", "a\\+b"),
            ("a\\+b", "a+b"),
            ("\\(a\\|b\\)", "(a|b)"),
            ("^*a", "^\\*a"),
            ("[[:digit:]]*", "[[:digit:]]*"),
            ("[]a]", "[\\]a]"),
            ("\\.", "\\."),
        ] {
            assert_eq!(translate(basic, false), want, "{basic}");
        }
        assert_eq!(translate("a+(b|c)?", true), "a+(b|c)?");
    }
}
