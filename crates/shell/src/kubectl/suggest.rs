//! "Did you mean this?" as cobra says it.

use super::command::Verb;

/// The message for a word that is no command. Models cobra's `legacyArgs` and `findSuggestions`.
#[must_use]
pub(super) fn unknown_command(root: &Verb, word: &str) -> String {
    let mut text = format!("unknown command {} for \"{}\"", api::field::go_quote(word), root.name);
    let names = suggestions(root, word);
    if !names.is_empty() {
        text.push_str("\n\nDid you mean this?\n");
        for name in names {
            text.push_str(&format!("\t{name}\n"));
        }
    }
    text
}

/// Models `Command.SuggestionsFor`: names that begin so, or are two edits away, or that list the word.
fn suggestions(root: &Verb, word: &str) -> Vec<&'static str> {
    let lower = word.to_lowercase();
    root.verbs
        .iter()
        .filter(|verb| {
            let near = distance(&lower, verb.name) <= 2 || verb.name.starts_with(&lower);
            // Cobra keeps its help command out of suggestions.
            verb.name != "help" && near || verb.suggest_for.iter().any(|known| known.eq_ignore_ascii_case(word))
        })
        .map(|verb| verb.name)
        .collect()
}

/// The number of characters to add, to take away or to change (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in to.iter().enumerate() {
            let change = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_levenshteins() {
        for (from, to, want) in [("gte", "get", 2), ("delte", "delete", 1), ("", "get", 3), ("get", "get", 0)] {
            assert_eq!(distance(from, to), want, "{from} {to}");
        }
    }
}
