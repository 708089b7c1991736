//! `{a,b}` and `{1..5}`: bash only.

use super::Dialect;
use super::ast::{Part, Word};

/// More words than this are not made of one.
const MOST: i64 = 10_000;
/// More braces in one word than this are not expanded.
const DEEPEST: i64 = 50;

/// The words that a word with braces becomes; the word itself when they would be too many.
pub(super) fn expand(word: &Word, dialect: Dialect) -> Vec<Word> {
    let mut words = Vec::new();
    if dialect == Dialect::Bash && collect(word, 0, &mut words).is_some() { words } else { vec![word.clone()] }
}

/// Adds the words to a list; `None` when it has too many, or when braces are nested too deeply.
fn collect(word: &Word, depth: i64, words: &mut Vec<Word>) -> Option<()> {
    if depth > DEEPEST {
        return None;
    }
    for (index, part) in word.0.iter().enumerate() {
        let Part::Bare(text) = part else { continue };
        let Some((before, choices, after)) = split(text) else { continue };
        for choice in choices {
            let mut parts = word.0.clone();
            parts[index] = Part::Bare(format!("{before}{choice}{after}"));
            parts.retain(|part| !matches!(part, Part::Bare(text) if text.is_empty()));
            collect(&Word(parts), depth + 1, words)?;
        }
        return Some(());
    }
    words.push(word.clone());
    (i64::try_from(words.len()).unwrap_or(i64::MAX) <= MOST).then_some(())
}

/// The first braces that hold choices: what is before, the choices, what is after.
fn split(text: &str) -> Option<(&str, Vec<String>, &str)> {
    for (start, _) in text.match_indices('{') {
        let mut depth = 0;
        let mut borders = vec![start];
        for (at, char) in text[start..].char_indices() {
            match char {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 1 => borders.push(start + at),
                _ => {}
            }
            if depth == 0 {
                borders.push(start + at);
                break;
            }
        }
        if depth != 0 {
            continue;
        }
        let end = *borders.last()?;
        let choices = if borders.len() > 2 {
            borders.windows(2).map(|pair| text[pair[0] + 1..pair[1]].to_owned()).collect()
        } else {
            match range(&text[start + 1..end]) {
                Some(choices) => choices,
                None => continue,
            }
        };
        return Some((&text[..start], choices, &text[end + 1..]));
    }
    None
}

/// `1..5`, `5..1`, `0..10..2`, `a..e`.
fn range(text: &str) -> Option<Vec<String>> {
    let parts: Vec<&str> = text.split("..").collect();
    let (from, to, step) = match parts.as_slice() {
        [from, to] => (*from, *to, 1),
        [from, to, step] => (*from, *to, step.parse::<i64>().ok()?.abs().max(1)),
        _ => return None,
    };
    let count = |from: i64, to: i64| -> Option<Vec<i64>> {
        let span = from.checked_sub(to)?.checked_abs()?;
        let direction = if from <= to { step } else { -step };
        (span / step <= MOST).then(|| (0..=span / step).map(|index| from + index * direction).collect())
    };
    if let (Ok(first), Ok(last)) = (from.parse::<i64>(), to.parse::<i64>()) {
        let padded = [from, to].iter().any(|text| text.trim_start_matches('-').starts_with('0') && text.len() > 1);
        let width = if padded { from.len().max(to.len()) } else { 0 };
        return Some(count(first, last)?.into_iter().map(|number| format!("{number:0width$}")).collect());
    }
    let letter = |text: &str| {
        let mut chars = text.chars();
        chars
            .next()
            .filter(|char| char.is_ascii_alphabetic() && chars.next().is_none())
            .map(|c| i64::from(u32::from(c)))
    };
    let letters = count(letter(from)?, letter(to)?)?;
    Some(letters.into_iter().filter_map(|code| char::from_u32(u32::try_from(code).ok()?)).map(String::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_make_words() {
        for (text, want) in [
            ("a{1,2}b", "a1b a2b"),
            ("{1..3}", "1 2 3"),
            ("{3..1}", "3 2 1"),
            ("{01..10..4}", "01 05 09"),
            ("{a..c}{x,y}", "ax ay bx by cx cy"),
            ("{a,{b,c}}", "a b c"),
            ("{}", "{}"),
            ("{a}", "{a}"),
            ("{a,b", "{a,b"),
            ("{1..99999999}", "{1..99999999}"),
            ("{1..999}{1..999}", "{1..999}{1..999}"),
        ] {
            let words = expand(&Word(vec![Part::Bare(text.to_owned())]), Dialect::Bash);
            let words: Vec<&str> = words.iter().filter_map(Word::bare).collect();
            assert_eq!(words.join(" "), want, "{text}");
        }
    }
}
