//! bash's lists: `name=(a b)`, `name[index]=value`, `declare -A name`.
//!
//! Elements are variables of their own, called `name[index]`, so a subshell has them as it has all others.

use api::arrange::Arrange;

use super::ast::{Assigned, Assignment, Part, Word};
use super::shell::{Flow, Io, Shell};

/// Elements that a list may have.
const MOST: usize = 10_000;

impl Shell {
    /// Whether a variable is a list, and whether texts are its keys.
    fn list_kind(&self, name: &str) -> Option<bool> {
        self.lists.get(name).copied()
    }

    /// Makes a variable a list, if it is none.
    pub(super) fn declare_list(&mut self, name: &str, by_text: bool) {
        if let Some(value) = self.variables.remove(name).filter(|_| !self.lists.contains_key(name)) {
            self.variables.insert(format!("{name}[0]"), value);
        }
        self.lists.entry(name.to_owned()).or_insert(by_text);
    }

    /// Forgets a variable, list or not.
    pub(super) fn forget(&mut self, name: &str) {
        self.variables.remove(name);
        if self.lists.remove(name).is_some() {
            for key in self.keys(name) {
                self.variables.remove(&format!("{name}[{key}]"));
            }
        }
    }

    /// The keys of a list, in order. A plain variable is a list of one.
    pub(super) fn keys(&self, name: &str) -> Vec<String> {
        let prefix = format!("{name}[");
        let from = self.variables.range(prefix.clone()..).take_while(|(key, _)| key.starts_with(&prefix));
        let mut keys: Vec<String> =
            from.filter_map(|(key, _)| Some(key.get(prefix.len()..)?.strip_suffix(']')?.to_owned())).collect();
        if keys.is_empty() && self.variables.contains_key(name) {
            return vec!["0".to_owned()];
        }
        if self.list_kind(name) != Some(true) {
            keys.arrange_by_cached_key(|key| key.parse::<i64>().unwrap_or(0));
        }
        keys
    }

    /// The values of a list, in the order of their keys.
    pub(super) fn elements(&self, name: &str) -> Vec<String> {
        if matches!(name, "@" | "*") {
            return self.arguments.clone();
        }
        self.keys(name).iter().filter_map(|key| self.get(&format!("{name}[{key}]"))).collect()
    }

    /// The variable that `name[index]` stands for.
    pub(super) async fn element(&mut self, name: &str, index: &Word, io: &Io) -> Result<String, Flow> {
        let text = self.expand_text(index, io).await?;
        if self.list_kind(name) == Some(true) {
            return Ok(format!("{name}[{text}]"));
        }
        let mut number = self.compute(&text, io)?;
        if number < 0 {
            let last = self.keys(name).last().and_then(|key| key.parse::<i64>().ok());
            number = last.map_or(number, |last| last.saturating_add(1).saturating_add(number));
        }
        if number < 0 {
            self.complain(io, &format!("{name}: bad array subscript"));
            return Err(Flow::Fault(1));
        }
        Ok(format!("{name}[{number}]"))
    }

    /// Carries out an assignment.
    pub(super) async fn assign(&mut self, assignment: &Assignment, io: &Io) -> Result<(), Flow> {
        let Assignment { name, index, add, value } = assignment;
        let value = match value {
            Assigned::Text(word) => self.expand_text(word, io).await?,
            Assigned::List(words) => return self.assign_list(name, words, *add, io).await,
        };
        let key = match index {
            Some(index) => {
                self.declare_list(name, false);
                self.element(name, index, io).await?
            }
            None => name.clone(),
        };
        let before = if *add { self.get(&key).unwrap_or_default() } else { String::new() };
        self.refuse_beyond(before.len() + value.len(), io)?;
        self.set(&key, &(before + &value));
        Ok(())
    }

    async fn assign_list(&mut self, name: &str, words: &[Word], add: bool, io: &Io) -> Result<(), Flow> {
        let by_text = self.list_kind(name) == Some(true);
        let mut all = Vec::new();
        for word in words {
            if let Some((index, value)) = keyed(word) {
                all.push((Some(index), self.expand_text(&value, io).await?));
            } else {
                let values = self.expand_words(std::slice::from_ref(word), io).await?;
                all.extend(values.into_iter().map(|value| (None, value)));
            }
        }
        if all.len() > MOST {
            self.complain(io, &format!("{name}: a list has at most {MOST} elements here"));
            return Err(Flow::Fault(1));
        }
        if !add {
            self.forget(name);
        }
        self.declare_list(name, by_text);
        let last = self.keys(name).last().and_then(|key| key.parse::<i64>().ok());
        let mut next = last.map_or(0, |last| last.saturating_add(1));
        for (index, value) in all {
            let key = match index {
                Some(index) => self.element(name, &index, io).await?,
                None => format!("{name}[{next}]"),
            };
            let number = key.strip_suffix(']').and_then(|key| key.rsplit('[').next()?.parse::<i64>().ok());
            next = number.unwrap_or(next).saturating_add(1);
            self.variables.insert(key, value);
        }
        Ok(())
    }

    /// Makes a list of texts, as `read -a` and `mapfile` do.
    pub(super) fn set_list(&mut self, name: &str, values: impl Iterator<Item = String>) {
        self.forget(name);
        self.declare_list(name, false);
        for (at, value) in values.take(MOST).enumerate() {
            self.variables.insert(format!("{name}[{at}]"), value);
        }
    }
}

/// `[index]=value` as an element of a list.
fn keyed(word: &Word) -> Option<(Word, Word)> {
    let Part::Bare(first) = word.0.first()? else { return None };
    let inside = first.strip_prefix('[')?;
    let (mut index, mut rest) = (Vec::new(), word.0[1..].to_vec());
    let mut text = inside.to_owned();
    loop {
        if let Some((key, value)) = text.split_once("]=") {
            index.push(Part::Bare(key.to_owned()));
            rest.insert(0, Part::Bare(value.to_owned()));
            for list in [&mut index, &mut rest] {
                list.retain(|part| !matches!(part, Part::Bare(text) if text.is_empty()));
            }
            return Some((Word(index), Word(rest)));
        }
        index.push(Part::Bare(text));
        // What is quoted or a variable belongs to the index.
        loop {
            if rest.is_empty() {
                return None;
            }
            match rest.remove(0) {
                Part::Bare(next) => {
                    text = next;
                    break;
                }
                other => index.push(other),
            }
        }
    }
}
