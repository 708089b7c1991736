//! One value of a file, with its place.

use std::collections::BTreeMap;

use api::{Path, Value};
use cluster::explain::alike;

use super::Source;
use crate::limits;

/// A value and where it stands.
#[derive(Clone)]
pub(crate) struct Node<'a> {
    source: &'a Source<'a>,
    /// The value as it was read.
    pub(crate) value: &'a Value,
    path: Path,
}

impl<'a> Node<'a> {
    pub(super) fn new(source: &'a Source<'a>, value: &'a Value, path: Path) -> Self {
        Self { source, value, path }
    }

    /// Complains of this value.
    pub(crate) fn complain(&self, message: impl Into<String>) {
        self.source.complain(&self.path, message.into());
    }

    /// Complains of everything but these fields, and of what is no map.
    pub(crate) fn fields(&self, known: &[&str]) {
        let Some(map) = self.value.as_object() else {
            self.complain(format!("here must stand fields: {}", known.join(", ")));
            return;
        };
        for key in map.keys().filter(|key| !known.contains(&key.as_str())) {
            let near = known.iter().find(|known| alike(known, key));
            let advice = near
                .map_or_else(|| format!("known here: {}", known.join(", ")), |near| format!("did you mean {near}?"));
            self.source.complain(&self.path.child(key), format!("there is no field {key}; {advice}"));
        }
    }

    /// A field, if it is there.
    pub(crate) fn get(&self, name: &str) -> Option<Node<'a>> {
        let value = self.value.get(name).filter(|value| !value.is_null())?;
        Some(Node { source: self.source, value, path: self.path.child(name) })
    }

    /// A field that must be there.
    pub(crate) fn need(&self, name: &str) -> Option<Node<'a>> {
        let found = self.get(name);
        if found.is_none() {
            self.complain(format!("{name} is missing here"));
        }
        found
    }

    /// The text of a field that must be there; empty with a complaint.
    pub(crate) fn need_text(&self, name: &str, limit: usize) -> String {
        self.need(name).map(|node| node.text(limit)).unwrap_or_default()
    }

    /// The text of a field that may be there.
    pub(crate) fn get_text(&self, name: &str, limit: usize) -> Option<String> {
        Some(self.get(name)?.text(limit))
    }

    /// A text of at most so many bytes.
    pub(crate) fn text(&self, limit: usize) -> String {
        match self.value.as_str().map(str::trim_end) {
            Some("") => self.complain("this text is empty"),
            Some(text) if text.len() > limit => self.complain(format!("this text is longer than {limit} bytes")),
            Some(text) => return text.to_owned(),
            None => self.complain("here must stand a text; put quotes around it if it looks like a number"),
        }
        String::new()
    }

    /// A number within bounds, both included.
    pub(crate) fn number(&self, least: u64, most: u64) -> u64 {
        let found = self.value.as_u64().filter(|number| (least..=most).contains(number));
        if found.is_none() {
            self.complain(format!("here must stand a whole number from {least} to {most}"));
        }
        found.unwrap_or(least)
    }

    /// The number of a field, or what stands for it.
    pub(crate) fn get_number(&self, name: &str, least: u64, most: u64, default: u64) -> u64 {
        self.get(name).map_or(default, |node| node.number(least, most))
    }

    /// Yes or no.
    pub(crate) fn flag(&self) -> bool {
        let found = self.value.as_bool();
        if found.is_none() {
            self.complain("here must stand true or false");
        }
        found.unwrap_or_default()
    }

    /// The value of one of some words.
    pub(crate) fn choice<T: Copy>(&self, words: &[(&str, T)]) -> Option<T> {
        let found = words.iter().find(|(word, _)| self.value.as_str() == Some(word));
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.complain(format!("here must stand one of: {}", known.join(", ")));
        }
        found.map(|(_, value)| *value)
    }

    /// The items of a list; one that is missing is empty.
    pub(crate) fn list(&self, name: &str, most: usize) -> Vec<Node<'a>> {
        self.get(name).map(|node| node.items(most)).unwrap_or_default()
    }

    /// The items of this list.
    pub(crate) fn items(&self, most: usize) -> Vec<Node<'a>> {
        let Some(items) = self.value.as_array() else {
            self.complain("here must stand a list");
            return Vec::new();
        };
        if items.len() > most {
            self.complain(format!("this list has more than {most} items"));
        }
        let node = |(at, value): (usize, &'a Value)| Node { source: self.source, value, path: self.path.index(at) };
        items.iter().take(most).enumerate().map(node).collect()
    }

    /// The texts of a list.
    pub(crate) fn texts(&self, name: &str, limit: usize) -> Vec<String> {
        self.list(name, limits::LIST).iter().map(|node| node.text(limit)).collect()
    }

    /// The fields of a map with names of the author's own.
    pub(crate) fn entries(&self, most: usize) -> Vec<(String, Node<'a>)> {
        let Some(map) = self.value.as_object() else {
            self.complain("here must stand fields");
            return Vec::new();
        };
        if map.len() > most {
            self.complain(format!("here are more than {most} fields"));
        }
        let entry = |(key, value): (&String, &'a Value)| {
            (key.clone(), Node { source: self.source, value, path: self.path.child(key) })
        };
        map.iter().take(most).map(entry).collect()
    }

    /// A map of texts, such as labels.
    pub(crate) fn pairs(&self, name: &str) -> BTreeMap<String, String> {
        let entries = self.get(name).map(|node| node.entries(limits::LIST)).unwrap_or_default();
        entries.into_iter().map(|(key, node)| (key, node.text(limits::TITLE))).collect()
    }
}
