//! `echo`, `printf`, `seq`, `yes`

use crate::lang::Dialect;
use crate::programs::options::Spec;
use crate::sys::{Host, Sys};

/// What `echo` prints in a dialect.
pub(crate) fn echo_text(arguments: &[String], dialect: Dialect) -> String {
    let (mut newline, mut escapes) = (true, dialect == Dialect::Dash);
    let mut words = arguments.iter().peekable();
    while let Some(option) = words.next_if(|word| {
        let letters = word.strip_prefix('-').unwrap_or_default();
        let known = if dialect == Dialect::Dash { "n" } else { "neE" };
        !letters.is_empty() && letters.chars().all(|letter| known.contains(letter))
    }) {
        for letter in option[1..].chars() {
            match letter {
                'n' => newline = false,
                'e' => escapes = true,
                _ => escapes = false,
            }
        }
    }
    let text = words.map(String::as_str).collect::<Vec<_>>().join(" ");
    let (text, stopped) = if escapes { unescape(&text) } else { (text, false) };
    if newline && !stopped { text + "\n" } else { text }
}

/// Resolves `\n` and its kin; whether `\c` ended the text.
fn unescape(text: &str) -> (String, bool) {
    let mut done = String::new();
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        if char != '\\' {
            done.push(char);
            continue;
        }
        match chars.next() {
            Some('n') => done.push('\n'),
            Some('t') => done.push('\t'),
            Some('r') => done.push('\r'),
            Some('a') => done.push('\x07'),
            Some('b') => done.push('\x08'),
            Some('e') => done.push('\x1b'),
            Some('c') => return (done, true),
            Some('\\') => done.push('\\'),
            Some('0') => {
                let mut value = 0;
                for _ in 0..3 {
                    let Some(digit) = chars.peek().and_then(|char| char.to_digit(8)) else { break };
                    value = value * 8 + digit;
                    chars.next();
                }
                done.extend(char::from_u32(value));
            }
            Some('x') => {
                let mut value = 0;
                for _ in 0..2 {
                    let Some(digit) = chars.peek().and_then(|char| char.to_digit(16)) else { break };
                    value = value * 16 + digit;
                    chars.next();
                }
                done.extend(char::from_u32(value));
            }
            Some(other) => {
                done.push('\\');
                done.push(other);
            }
            None => done.push('\\'),
        }
    }
    (done, false)
}

/// Runs `echo`.
pub(in crate::programs) async fn echo(sys: Sys, argv: Vec<String>) -> i32 {
    let dialect = if sys.host == Host::Busybox { Dialect::Ash } else { Dialect::Bash };
    sys.out.write(echo_text(&argv, dialect));
    0
}

/// What `printf` prints; the format is used again while arguments are left.
pub(crate) fn printf_text(arguments: &[String]) -> (String, Option<String>) {
    let Some((format, values)) = arguments.split_first() else { return (String::new(), None) };
    let mut values = values.iter();
    let (mut text, mut fault) = (String::new(), None);
    loop {
        let before = values.len();
        let mut chars = format.chars().peekable();
        let mut plain = String::new();
        while let Some(char) = chars.next() {
            if char != '%' {
                plain.push(char);
                continue;
            }
            let (done, stopped) = unescape(&std::mem::take(&mut plain));
            text.push_str(&done);
            if stopped {
                return (text, fault);
            }
            if chars.peek() == Some(&'%') {
                chars.next();
                text.push('%');
                continue;
            }
            let mut flags = String::new();
            while let Some(flag) = chars.next_if(|char| "-+ 0#".contains(*char)) {
                flags.push(flag);
            }
            let mut number = |chars: &mut std::iter::Peekable<std::str::Chars<'_>>| {
                let mut digits = String::new();
                if chars.next_if_eq(&'*').is_some() {
                    return values.next().and_then(|value| value.parse::<usize>().ok());
                }
                while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                    digits.push(digit);
                }
                digits.parse::<usize>().ok()
            };
            let width = number(&mut chars).unwrap_or(0).min(10_000);
            let precision = if chars.next_if_eq(&'.').is_some() { Some(number(&mut chars).unwrap_or(0)) } else { None };
            let Some(kind) = chars.next() else { break };
            let value = values.next().map(String::as_str).unwrap_or_default();
            let mut whole = || -> i64 {
                let quoted = value.strip_prefix(['\'', '"']).and_then(|rest| rest.chars().next());
                if let Some(char) = quoted {
                    return i64::from(u32::from(char));
                }
                if value.is_empty() {
                    return 0;
                }
                value.parse().unwrap_or_else(|_| {
                    fault = Some(format!("{value}: invalid number"));
                    0
                })
            };
            let shown = match kind {
                's' => precision.map_or_else(|| value.to_owned(), |most| value.chars().take(most).collect()),
                'b' => unescape(value).0,
                'c' => value.chars().take(1).collect(),
                'd' | 'i' | 'u' => whole().to_string(),
                'x' => format!("{:x}", whole()),
                'X' => format!("{:X}", whole()),
                'o' => format!("{:o}", whole()),
                'f' => format!("{:.*}", precision.unwrap_or(6).min(50), value.parse::<f64>().unwrap_or(0.0)),
                other => format!("%{other}"),
            };
            let fill = width.saturating_sub(shown.chars().count());
            if flags.contains('-') {
                text.push_str(&shown);
                text.push_str(&" ".repeat(fill));
            } else if flags.contains('0') && kind != 's' {
                text.push_str(&"0".repeat(fill));
                text.push_str(&shown);
            } else {
                text.push_str(&" ".repeat(fill));
                text.push_str(&shown);
            }
        }
        let (done, stopped) = unescape(&plain);
        text.push_str(&done);
        if stopped || values.len() == 0 || values.len() == before {
            return (text, fault);
        }
    }
}

/// Runs `printf`.
pub(in crate::programs) async fn printf(sys: Sys, argv: Vec<String>) -> i32 {
    if argv.is_empty() {
        sys.err.line("printf: usage: printf [-v var] format [arguments]");
        return 2;
    }
    let (text, fault) = printf_text(&argv);
    sys.out.write(text);
    match fault {
        Some(fault) => {
            sys.err.line(format!("printf: {fault}"));
            1
        }
        None => 0,
    }
}

const SEQ: Spec = Spec { short: "+s:w", long: &[("separator", 's', true), ("equal-width", 'w', false)] };

/// Runs `seq`.
pub(in crate::programs) async fn seq(sys: Sys, argv: Vec<String>) -> i32 {
    // A negative number is no option; behind the first number nothing is.
    let number = |word: &String| word.strip_prefix('-').unwrap_or(word).starts_with(|char: char| char.is_ascii_digit());
    let at = argv.iter().position(number);
    let mut argv = argv;
    if let Some(at) = at
        && argv[at].starts_with('-')
    {
        argv.insert(at, "--".to_owned());
    }
    let given = match super::parse(&sys, "seq", &SEQ, &argv) {
        Ok(given) => given,
        Err(status) => return status,
    };
    let mut numbers = Vec::new();
    for text in &given.operands {
        match text.parse::<i64>() {
            Ok(number) => numbers.push(number),
            Err(_) => {
                match sys.host {
                    Host::Busybox => sys.err.line(format!("seq: invalid number '{text}'")),
                    _ => sys.err.line(format!(
                        "seq: invalid floating point argument: '{text}'\nTry 'seq --help' for more information."
                    )),
                }
                return 1;
            }
        }
    }
    let (first, step, last) = match numbers.as_slice() {
        [last] => (1, 1, *last),
        [first, last] => (*first, 1, *last),
        [first, step, last] if *step != 0 => (*first, *step, *last),
        _ => {
            sys.err.line("seq: missing operand\nTry 'seq --help' for more information.");
            return 1;
        }
    };
    let separator = given.value('s').unwrap_or("\n");
    let width = if given.has('w') { first.to_string().len().max(last.to_string().len()) } else { 0 };
    let (mut number, mut begun) = (first, false);
    let mut count = 0u32;
    while (step > 0 && number <= last) || (step < 0 && number >= last) {
        sys.out.write(format!("{}{number:0width$}", if begun { separator } else { "" }));
        begun = true;
        count += 1;
        if count.is_multiple_of(5000) {
            sys.sleep(1000).await;
        }
        match number.checked_add(step) {
            Some(next) => number = next,
            None => break,
        }
    }
    if begun {
        sys.out.write("\n");
    }
    0
}

/// Runs `yes`.
pub(in crate::programs) async fn yes(sys: Sys, argv: Vec<String>) -> i32 {
    let line = if argv.is_empty() { "y".to_owned() } else { argv.join(" ") };
    loop {
        for _ in 0..50 {
            sys.out.line(&line);
        }
        sys.sleep(10_000).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(list: &[&str]) -> Vec<String> {
        list.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn printf_formats() {
        for (arguments, want) in [
            (vec!["%s\\n", "a", "b"], "a\nb\n"),
            (vec!["%-5s|%5s|", "a", "b"], "a    |    b|"),
            (vec!["%05d %x", "42", "255"], "00042 ff"),
            (vec!["a\\tb%%"], "a\tb%"),
            (vec!["%.2f", "3.14159"], "3.14"),
            (vec!["plain", "ignored"], "plain"),
        ] {
            assert_eq!(printf_text(&words(&arguments)).0, want, "{arguments:?}");
        }
    }

    #[test]
    fn echo_takes_its_options() {
        for (arguments, dialect, want) in [
            (vec!["a", "b"], Dialect::Bash, "a b\n"),
            (vec!["-n", "a"], Dialect::Bash, "a"),
            (vec!["-e", "a\\nb"], Dialect::Ash, "a\nb\n"),
            (vec!["a\\nb"], Dialect::Bash, "a\\nb\n"),
            (vec!["a\\nb"], Dialect::Dash, "a\nb\n"),
            (vec!["-x"], Dialect::Bash, "-x\n"),
        ] {
            assert_eq!(echo_text(&words(&arguments), dialect), want, "{arguments:?}");
        }
    }
}
