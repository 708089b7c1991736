//! What a program knows while it runs: variables, arrays, the line and its fields.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::value::Value;
use api::arrange::Arrange;

/// An array. Its elements are gone through in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Array {
    elements: BTreeMap<Rc<str>, (u64, Value)>,
    next: u64,
}

impl Array {
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.elements.get(key).map(|(_, value)| value)
    }

    pub(super) fn set(&mut self, key: &str, value: Value) {
        match self.elements.get_mut(key) {
            Some((_, known)) => *known = value,
            None => {
                self.elements.insert(Rc::from(key), (self.next, value));
                self.next += 1;
            }
        }
    }

    pub(super) fn remove(&mut self, key: &str) {
        self.elements.remove(key);
    }

    pub(super) fn clear(&mut self) {
        self.elements.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.elements.len()
    }

    pub(super) fn keys(&self) -> Vec<Rc<str>> {
        let mut keys: Vec<_> = self.elements.iter().map(|(key, (age, _))| (*age, Rc::clone(key))).collect();
        keys.arrange();
        keys.into_iter().map(|(_, key)| key).collect()
    }
}

/// What a name stands for.
#[derive(Clone, Debug)]
pub(super) enum Slot {
    /// Not used yet: it may still become an array.
    Unused,
    Scalar(Value),
    Array(Rc<RefCell<Array>>),
}

/// Names, the line, and its fields.
#[derive(Default)]
pub(super) struct State {
    globals: BTreeMap<String, Slot>,
    /// The parameters of the functions under way.
    frames: Vec<BTreeMap<String, Slot>>,
    record: Rc<str>,
    fields: Vec<Value>,
    regexes: BTreeMap<String, regex_lite::Regex>,
}

/// Fields beyond this are not made by assigning to one far out.
const MOST_FIELDS: usize = 10_000;
/// Patterns that are remembered.
const MOST_REGEXES: usize = 200;

impl State {
    fn slot(&mut self, name: &str) -> &mut Slot {
        let local = self.frames.last().is_some_and(|frame| frame.contains_key(name));
        let names = match self.frames.last_mut() {
            Some(frame) if local => frame,
            _ => &mut self.globals,
        };
        names.entry(name.to_owned()).or_insert(Slot::Unused)
    }

    pub(super) fn enter(&mut self, frame: BTreeMap<String, Slot>) {
        self.frames.push(frame);
    }

    pub(super) fn leave(&mut self) -> BTreeMap<String, Slot> {
        self.frames.pop().unwrap_or_default()
    }

    /// What a name stands for now, to hand it to a function.
    pub(super) fn peek(&mut self, name: &str) -> Slot {
        self.slot(name).clone()
    }

    pub(super) fn get(&mut self, name: &str) -> Value {
        if name == "NF" {
            return Value::count(self.fields.len());
        }
        match self.slot(name) {
            Slot::Scalar(value) => value.clone(),
            Slot::Unused | Slot::Array(_) => Value::Unset,
        }
    }

    pub(super) fn set(&mut self, name: &str, value: Value) {
        if name == "NF" {
            self.resize(whole(value.number()));
            return;
        }
        *self.slot(name) = Slot::Scalar(value);
    }

    pub(super) fn text(&mut self, name: &str) -> Rc<str> {
        self.get(name).shown("%.6g")
    }

    /// An array by its name; a name that was not used becomes one.
    pub(super) fn array(&mut self, name: &str) -> Rc<RefCell<Array>> {
        let slot = self.slot(name);
        if let Slot::Array(array) = slot {
            return Rc::clone(array);
        }
        let array = Rc::default();
        *slot = Slot::Array(Rc::clone(&array));
        array
    }

    /// Makes a name that was handed to a function the array that it became there.
    pub(super) fn become_array(&mut self, name: &str, array: &Rc<RefCell<Array>>) {
        let slot = self.slot(name);
        if matches!(slot, Slot::Unused) {
            *slot = Slot::Array(Rc::clone(array));
        }
    }

    pub(super) fn field(&self, index: usize) -> Value {
        match index {
            0 => Value::Input(Rc::clone(&self.record)),
            index => self.fields.get(index - 1).cloned().unwrap_or(Value::Unset),
        }
    }

    /// A new line.
    pub(super) fn set_record(&mut self, record: &str) {
        self.record = Rc::from(record);
        let separator = self.text("FS");
        self.fields = self.split(record, &separator);
    }

    pub(super) fn set_field(&mut self, index: usize, value: &Value) {
        let text = value.shown("%.6g");
        if index == 0 {
            self.set_record(&text);
        } else if index <= MOST_FIELDS {
            if index > self.fields.len() {
                self.fields.resize(index, Value::Unset);
            }
            self.fields[index - 1] = match value {
                Value::Number(_) => value.clone(),
                _ => Value::Input(text),
            };
            self.rebuild();
        }
    }

    fn resize(&mut self, count: usize) {
        self.fields.resize(count.min(MOST_FIELDS), Value::Unset);
        self.rebuild();
    }

    fn rebuild(&mut self) {
        let between = self.text("OFS");
        let fields: Vec<Rc<str>> = self.fields.iter().map(|field| field.shown("%.6g")).collect();
        self.record = Rc::from(fields.join(&between));
    }

    /// The fields of a text.
    pub(super) fn split(&mut self, text: &str, separator: &str) -> Vec<Value> {
        match separator {
            " " => text.split_ascii_whitespace().map(Value::input).collect(),
            _ if text.is_empty() => Vec::new(),
            "" => text.chars().map(|char| Value::input(char.encode_utf8(&mut [0; 4]))).collect(),
            _ if separator.chars().count() == 1 && separator != "\\" => {
                text.split(separator).map(Value::input).collect()
            }
            _ => match self.regex(separator) {
                Some(regex) => regex.split(text).map(Value::input).collect(),
                None => vec![Value::input(text)],
            },
        }
    }

    /// A pattern, if it is one.
    pub(super) fn regex(&mut self, pattern: &str) -> Option<regex_lite::Regex> {
        if let Some(known) = self.regexes.get(pattern) {
            return Some(known.clone());
        }
        let translated = crate::programs::text::grep::translate(pattern, true);
        let regex = crate::regex::compile(&translated).ok()?;
        if self.regexes.len() >= MOST_REGEXES {
            self.regexes.clear();
        }
        self.regexes.insert(pattern.to_owned(), regex.clone());
        Some(regex)
    }
}

/// A number as an index.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
pub(super) fn whole(number: f64) -> usize {
    number.max(0.0) as usize
}
