//! Every language says everything that English says, with the same holes; and the page says every word.

use std::collections::BTreeMap;

use crate::{assert_none, files, read, shown};

#[path = "../../src/words/english.rs"]
#[expect(dead_code, unreachable_pub, reason = "only the page says the words")]
mod english;

use english::{ENGLISH, KEYS};

/// The names in braces of a text, sorted: their order may differ.
fn holes(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = text.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0)).collect();
    found.sort_unstable();
    found
}

#[test]
fn each_language_has_every_word_and_no_other() {
    let languages = files("public/words", &[".txt"]);
    assert!(!languages.is_empty(), "there is a second language");
    let mut complaints = Vec::new();
    for path in languages {
        let text = read(&path);
        let mut words: BTreeMap<&str, &str> = BTreeMap::new();
        for line in text.lines() {
            let (key, said) = line.split_once('\t').unwrap_or((line, ""));
            if words.insert(key, said).is_some() {
                complaints.push(format!("{}: {key} stands there twice", shown(&path)));
            }
        }
        for (key, english) in KEYS.iter().zip(ENGLISH) {
            match words.remove(key) {
                Some(said) if said.trim().is_empty() => {
                    complaints.push(format!("{}: {key} says nothing", shown(&path)));
                }
                Some(said) if holes(said) != holes(english) => {
                    complaints.push(format!("{}: {key} has other holes than {english:?}", shown(&path)));
                }
                Some(_) => {}
                None => complaints.push(format!("{}: add {key}, a tab and the words for {english:?}", shown(&path))),
            }
        }
        complaints.extend(words.keys().map(|key| format!("{}: no such word: {key}", shown(&path))));
    }
    assert_none("Each language has every word of src/words/english.rs.", &complaints);
}

#[test]
fn every_word_is_said() {
    let sources: String = files("src", &[".rs"]).iter().map(|path| read(path)).collect();
    let said = |key: &str| {
        sources.split("Word::").skip(1).any(|rest| rest.split(|sign: char| !sign.is_alphanumeric()).next() == Some(key))
    };
    let complaints: Vec<_> =
        KEYS.iter().filter(|key| !said(key)).map(|key| format!("Word::{key} is nowhere in src/")).collect();
    assert_none("The catalogue has no word that nobody says.", &complaints);
}
