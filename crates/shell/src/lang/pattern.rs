//! Patterns: `*`, `?`, `[...]`, and the characters that a backslash makes plain.

/// Whether a whole text is what a pattern says.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    whole(&pattern, &text)
}

/// Goes back only to the last `*`, so time is bounded by the product of the lengths.
fn whole(pattern: &[char], text: &[char]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    loop {
        if pattern.get(p) == Some(&'*') {
            back = Some((p + 1, t));
            p += 1;
            continue;
        }
        if p == pattern.len() && t == text.len() {
            return true;
        }
        if let (Some(char), Some(next)) = (text.get(t), one(pattern, p, text.get(t).copied())) {
            let _ = char;
            p = next;
            t += 1;
            continue;
        }
        match back {
            Some((after, from)) if from < text.len() => {
                back = Some((after, from + 1));
                p = after;
                t = from + 1;
            }
            _ => return false,
        }
    }
}

/// Matches one character; where the pattern goes on.
fn one(pattern: &[char], at: usize, char: Option<char>) -> Option<usize> {
    let char = char?;
    match pattern.get(at)? {
        '?' => Some(at + 1),
        '[' => match class(pattern, at + 1, char) {
            Some((end, found)) => found.then_some(end),
            None => (char == '[').then_some(at + 1),
        },
        '\\' => (pattern.get(at + 1).copied().unwrap_or('\\') == char).then_some(at + 2),
        plain => (*plain == char).then_some(at + 1),
    }
}

/// A class after its `[`: where it ends, and whether the character is in it.
fn class(pattern: &[char], start: usize, char: char) -> Option<(usize, bool)> {
    let negated = matches!(pattern.get(start), Some('!' | '^'));
    let mut at = start + usize::from(negated);
    let first = at;
    let mut found = false;
    loop {
        let mut low = *pattern.get(at)?;
        if low == ']' && at > first {
            return Some((at + 1, found != negated));
        }
        if low == '[' && pattern.get(at + 1) == Some(&':') {
            let name: String = pattern[at + 2..].iter().take_while(|char| **char != ':').collect();
            found |= in_named(&name, char);
            at += name.chars().count() + 4;
            continue;
        }
        if low == '\\' {
            at += 1;
            low = *pattern.get(at)?;
        }
        if pattern.get(at + 1) == Some(&'-') && pattern.get(at + 2).is_some_and(|high| *high != ']') {
            found |= (low..=*pattern.get(at + 2)?).contains(&char);
            at += 3;
        } else {
            found |= low == char;
            at += 1;
        }
    }
}

fn in_named(name: &str, char: char) -> bool {
    match name {
        "alpha" => char.is_alphabetic(),
        "digit" => char.is_ascii_digit(),
        "alnum" => char.is_alphanumeric(),
        "upper" => char.is_uppercase(),
        "lower" => char.is_lowercase(),
        "space" => char.is_whitespace(),
        "blank" => matches!(char, ' ' | '\t'),
        "punct" => char.is_ascii_punctuation(),
        "xdigit" => char.is_ascii_hexdigit(),
        _ => false,
    }
}

/// A text as a pattern that matches only itself.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        if matches!(char, '*' | '?' | '[' | ']' | '\\') {
            escaped.push('\\');
        }
        escaped.push(char);
    }
    escaped
}

/// The text that a pattern without live signs stands for.
pub(crate) fn unescape(pattern: &str) -> String {
    let mut text = String::with_capacity(pattern.len());
    let mut chars = pattern.chars();
    while let Some(char) = chars.next() {
        text.push(if char == '\\' { chars.next().unwrap_or('\\') } else { char });
    }
    text
}

/// Whether a pattern has signs that are not made plain.
pub(crate) fn is_live(pattern: &str) -> bool {
    let mut chars = pattern.chars();
    while let Some(char) = chars.next() {
        match char {
            '\\' => drop(chars.next()),
            '*' | '?' | '[' => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_texts() {
        for (pattern, text, want) in [
            ("*.yaml", "service.yaml", true),
            ("*.yaml", "service.yml", false),
            ("a?c", "abc", true),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[[:digit:]]*", "7up", true),
            ("\\*", "*", true),
            ("\\*", "x", false),
            ("*a*b*", "xxaxxbxx", true),
            ("*a*b*c", "xxaxxbxx", false),
            ("[", "[", true),
            ("", "", true),
            ("", "x", false),
        ] {
            assert_eq!(matches(pattern, text), want, "{pattern} {text}");
        }
        assert!(matches(&escape("a*[b]\\"), "a*[b]\\"));
        assert_eq!((unescape(&escape("a*b")).as_str(), is_live("a\\*b"), is_live("a*b")), ("a*b", false, true));
    }
}
