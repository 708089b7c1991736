//! A [`Tree`] to the JSON value kubectl sends.
//!
//! Aliases are expanded within a budget, merges (`<<`) are carried out, the last of duplicate keys wins.
//! Models goyaml.v2 decode.go into `interface{}` and sigs.k8s.io/yaml convertToJSONableObject.

use std::collections::BTreeMap;

use api::{Map, Value};
use serde_json::Number;

use crate::go_syntax::{go_syntax, unsupported_key};
use crate::limits::{MAX_DEPTH, MAX_EXPANDED_BYTES, TOO_DEEP};
use crate::number::{format_g, format_json};
use crate::position::Span;
use crate::problem::Problem;
use crate::resolve::{Scalar, resolve, resolve_tagged};
use crate::tree::{Entry, NodeId, NodeKind, Tree};

/// A key that stands more than once in one mapping; the last one counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DuplicateKey {
    /// The key.
    pub key: String,
    /// Where it stands first.
    pub first: Span,
    /// Where it stands again.
    pub again: Span,
}

/// The value of a document and the duplicate keys in it. A document without content is null.
pub(crate) fn decode(tree: &Tree) -> Result<(Value, Vec<DuplicateKey>), Problem> {
    let mut decoder = Decoder::new(tree);
    let value = match tree.root {
        Some(root) => decoder.node(root)?,
        None => Value::Null,
    };
    match decoder.not_json {
        Some(problem) => Err(problem),
        None => Ok((value, decoder.duplicates)),
    }
}

/// What a scalar node means: its value, and its text if that is a string.
pub(crate) fn scalar_of(value: &str, tag: Option<&str>, implicit: bool) -> Result<Scalar, String> {
    match tag {
        Some(tag) => resolve_tagged(tag, value),
        None if implicit => Ok(resolve(value)),
        None => Ok(Scalar::Str { date: false }),
    }
}

/// A key as the string it becomes in JSON; `None` if it can become none.
pub(crate) fn key_text(tree: &Tree, id: NodeId) -> Option<String> {
    let NodeKind::Scalar { value, tag, implicit } = &tree.node(tree.resolve(id)).kind else { return None };
    match scalar_of(value, tag.as_deref(), *implicit).ok()? {
        Scalar::Null => None,
        Scalar::Bool(value) => Some(value.to_string()),
        Scalar::Int(value) => i64::try_from(value).ok().map(|value| value.to_string()),
        Scalar::Float(value) => Some(format_g(f64::from(value as f32))),
        Scalar::Str { .. } => Some(string_of(value, tag.as_deref()).unwrap_or_default()),
    }
}

/// The text of a string scalar; `None` if it is broken base64.
fn string_of(value: &str, tag: Option<&str>) -> Option<String> {
    if tag == Some("tag:yaml.org,2002:binary") {
        return crate::base64::decode(value).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    }
    Some(value.to_owned())
}

struct Decoder<'t> {
    tree: &'t Tree,
    /// Nodes decoded, and how many of them for an alias: goyaml's measure of a billion laughs.
    decoded: u32,
    decoded_for_alias: u32,
    alias_depth: u32,
    bytes: usize,
    depth: usize,
    /// The aliases being expanded.
    active: Vec<NodeId>,
    merging: u32,
    duplicates: Vec<DuplicateKey>,
    /// The first thing that YAML can say and JSON cannot.
    not_json: Option<Problem>,
}

type Decode<T = ()> = Result<T, Problem>;

impl<'t> Decoder<'t> {
    fn new(tree: &'t Tree) -> Self {
        Self {
            tree,
            decoded: 0,
            decoded_for_alias: 0,
            alias_depth: 0,
            bytes: 0,
            depth: 0,
            active: Vec::new(),
            merging: 0,
            duplicates: Vec::new(),
            not_json: None,
        }
    }

    fn problem(&self, id: NodeId, words: impl Into<std::borrow::Cow<'static, str>>) -> Problem {
        Problem::decoder(self.tree.node(id).span, words)
    }

    /// Counts a node.
    ///
    /// Models goyaml.v2 decode.go `unmarshal` and `allowedAliasRatio`.
    fn count(&mut self, id: NodeId) -> Decode {
        self.decoded += 1;
        self.decoded_for_alias += u32::from(self.alias_depth > 0);
        let excessive = self.decoded_for_alias > 100 && self.decoded > 1000 && {
            let decoded = f64::from(self.decoded);
            let allowed = (0.99 - 0.89 * (decoded - 400_000.0) / 3_600_000.0).clamp(0.10, 0.99);
            f64::from(self.decoded_for_alias) / decoded > allowed
        };
        if excessive || self.bytes > MAX_EXPANDED_BYTES {
            return Err(self.problem(id, "document contains excessive aliasing"));
        }
        Ok(())
    }

    fn node(&mut self, id: NodeId) -> Decode<Value> {
        self.count(id)?;
        match &self.tree.node(id).kind {
            NodeKind::Scalar { value, tag, implicit } => self.scalar(id, value, tag.as_deref(), *implicit),
            NodeKind::Alias { target, .. } => self.expand(id, |decoder| decoder.node(*target)),
            NodeKind::Sequence(items) => {
                self.enter(id)?;
                let values = items.iter().map(|item| self.node(*item)).collect::<Decode<Vec<Value>>>()?;
                self.depth -= 1;
                Ok(Value::Array(values))
            }
            NodeKind::Mapping(entries) => {
                let mut map = Map::new();
                self.mapping(id, entries, &mut map)?;
                Ok(Value::Object(map))
            }
        }
    }

    fn enter(&mut self, id: NodeId) -> Decode {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.problem(id, TOO_DEEP));
        }
        Ok(())
    }

    fn expand<T>(&mut self, alias: NodeId, decode: impl FnOnce(&mut Self) -> Decode<T>) -> Decode<T> {
        if self.active.contains(&alias) {
            let NodeKind::Alias { name, .. } = &self.tree.node(alias).kind else {
                return Err(self.problem(alias, TOO_DEEP));
            };
            return Err(self.problem(alias, format!("anchor '{name}' value contains itself")));
        }
        self.active.push(alias);
        self.alias_depth += 1;
        let result = decode(self);
        self.alias_depth -= 1;
        self.active.pop();
        result
    }

    fn scalar(&mut self, id: NodeId, value: &str, tag: Option<&str>, implicit: bool) -> Decode<Value> {
        self.bytes += value.len();
        let scalar = scalar_of(value, tag, implicit).map_err(|words| self.problem(id, words))?;
        Ok(match scalar {
            Scalar::Null => Value::Null,
            Scalar::Bool(value) => Value::Bool(value),
            Scalar::Int(value) => i64::try_from(value).map_or_else(|_| float(value as f64), Value::from),
            Scalar::Float(value) if value.is_finite() => float(value),
            Scalar::Float(value) => {
                let word = if value.is_nan() {
                    "NaN"
                } else if value > 0.0 {
                    "+Inf"
                } else {
                    "-Inf"
                };
                self.cannot_be_json(id, format!("json: unsupported value: {word}"));
                Value::Null
            }
            Scalar::Str { .. } => match string_of(value, tag) {
                Some(text) => Value::String(text),
                None => return Err(self.problem(id, "!!binary value contains invalid base64 data")),
            },
        })
    }

    fn cannot_be_json(&mut self, id: NodeId, words: String) {
        if self.not_json.is_none() {
            self.not_json = Some(Problem { beyond_yaml: true, ..self.problem(id, words) });
        }
    }

    fn mapping(&mut self, id: NodeId, entries: &[Entry], map: &mut Map<String, Value>) -> Decode {
        self.enter(id)?;
        // Built at the first duplicate only: keys and where they stand first.
        let mut firsts: Option<BTreeMap<String, NodeId>> = None;
        for entry in entries {
            let Some(value_id) = entry.value else { continue };
            if self.tree.is_merge(entry.key) {
                self.merge(value_id, map)?;
                continue;
            }
            let key_value = self.node(entry.key)?;
            if key_value.is_array() || key_value.is_object() {
                let words = format!("invalid map key: {}", go_syntax(self.tree, entry.key));
                return Err(self.problem(entry.key, words));
            }
            let value = self.node(value_id)?;
            let key = match key_value {
                Value::String(text) => Some(text),
                _ => key_text(self.tree, entry.key),
            };
            let Some(key) = key else {
                let words = unsupported_key(self.tree, entry.key, value_id);
                self.cannot_be_json(entry.key, words);
                continue;
            };
            self.bytes += key.len();
            let Some(slot) = map.get_mut(&key) else {
                map.insert(key, value);
                continue;
            };
            *slot = value;
            if self.alias_depth > 0 || self.merging > 0 {
                continue;
            }
            let firsts = firsts.get_or_insert_with(|| first_keys(self.tree, entries));
            // A key that only overrides a merged one is its own first.
            if let Some(&first) = firsts.get(&key)
                && first != entry.key
            {
                let (first, again) = (self.tree.node(first).span, self.tree.node(entry.key).span);
                self.duplicates.push(DuplicateKey { key, first, again });
            }
        }
        self.depth -= 1;
        Ok(())
    }

    /// Takes over the entries of one mapping or of several; in a list the first one wins.
    fn merge(&mut self, id: NodeId, map: &mut Map<String, Value>) -> Decode {
        let items = match &self.tree.node(id).kind {
            NodeKind::Sequence(items) => items.as_slice(),
            _ => &[id],
        };
        for item in items.iter().rev() {
            let NodeKind::Mapping(entries) = &self.tree.node(self.tree.resolve(*item)).kind else {
                return Err(self.problem(*item, "map merge requires map or sequence of maps as the value"));
            };
            self.count(*item)?;
            self.merging += 1;
            if self.tree.resolve(*item) == *item {
                self.mapping(*item, entries, map)?;
            } else {
                self.expand(*item, |decoder| {
                    decoder.count(*item)?;
                    decoder.mapping(*item, entries, map)
                })?;
            }
            self.merging -= 1;
        }
        Ok(())
    }
}

/// A float as it comes back from JSON text: a whole number is an integer.
fn float(value: f64) -> Value {
    match format_json(value).parse::<i64>() {
        Ok(whole) => Value::from(whole),
        Err(_) => Number::from_f64(value).map_or(Value::Null, Value::Number),
    }
}

fn first_keys(tree: &Tree, entries: &[Entry]) -> BTreeMap<String, NodeId> {
    let mut firsts = BTreeMap::new();
    for entry in entries.iter().filter(|entry| !tree.is_merge(entry.key)) {
        if let Some(key) = key_text(tree, entry.key) {
            firsts.entry(key).or_insert(entry.key);
        }
    }
    firsts
}
