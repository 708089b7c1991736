//! Where characters and words begin and end.

use super::Line;

fn before(line: &Line) -> &str {
    line.text.get(..line.caret).unwrap_or(&line.text)
}

fn after(line: &Line) -> &str {
    line.text.get(line.caret..).unwrap_or_default()
}

/// The place of the character before the caret.
pub(super) fn char_before(line: &Line) -> usize {
    before(line).char_indices().next_back().map_or(0, |(at, _)| at)
}

/// The place behind the character at the caret.
pub(super) fn char_after(line: &Line) -> usize {
    line.caret + after(line).chars().next().map_or(0, char::len_utf8)
}

/// Where the word before the caret begins; words are letters and digits.
pub(super) fn word_before(line: &Line) -> usize {
    let rest = before(line).trim_end_matches(|char: char| !char.is_alphanumeric());
    rest.trim_end_matches(char::is_alphanumeric).len()
}

/// Where the word behind the caret ends.
pub(super) fn word_after(line: &Line) -> usize {
    let rest = after(line).trim_start_matches(|char: char| !char.is_alphanumeric());
    line.text.len() - rest.trim_start_matches(char::is_alphanumeric).len()
}

/// Where what stands between blanks before the caret begins.
pub(super) fn blank_before(line: &Line) -> usize {
    before(line).trim_end().trim_end_matches(|char: char| !char.is_whitespace()).len()
}

/// Changes the places of the two characters around the caret.
pub(super) fn transpose(line: &Line) -> Option<Line> {
    let at = if line.caret == line.text.len() { char_before(line) } else { line.caret };
    let left = line.text.get(..at)?.chars().next_back()?;
    let right = line.text.get(at..)?.chars().next()?;
    let (start, end) = (at - left.len_utf8(), at + right.len_utf8());
    let text = format!("{}{right}{left}{}", &line.text[..start], &line.text[end..]);
    Some(Line { text, caret: end })
}
