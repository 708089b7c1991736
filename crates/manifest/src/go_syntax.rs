//! Values as Go's `%#v` prints them: goyaml.v2 does so when a key is no string.
//!
//! The usual cause is a template, `name: {{ .name }}`, which is a mapping with a mapping for a key.

use api::field::go_quote;

use crate::decode::scalar_of;
use crate::number::format_g;
use crate::resolve::Scalar;
use crate::tree::{NodeId, NodeKind, Tree};

/// Characters after which a printed value is cut off: it stands in an error message.
const MAX_CHARS: usize = 1 << 16;

/// The value as Go syntax.
pub(crate) fn go_syntax(tree: &Tree, id: NodeId) -> String {
    let mut text = String::new();
    print(tree, id, 0, &mut text);
    text
}

/// What sigs.k8s.io/yaml says of a key that JSON cannot have.
pub(crate) fn unsupported_key(tree: &Tree, key: NodeId, value: NodeId) -> String {
    let (kind, key) = match scalar(tree, key) {
        Some(Scalar::Int(number)) => ("uint64", format!("{number:#x}")),
        _ => ("%!s(<nil>)", "<nil>".to_owned()),
    };
    let value = match scalar(tree, value) {
        Some(Scalar::Null) => "<nil>".to_owned(),
        _ => go_syntax(tree, value),
    };
    format!("unsupported map key of type: {kind}, key: {key}, value: {value}")
}

fn scalar(tree: &Tree, id: NodeId) -> Option<Scalar> {
    match &tree.node(tree.resolve(id)).kind {
        NodeKind::Scalar { value, tag, implicit } => scalar_of(value, tag.as_deref(), *implicit).ok(),
        _ => None,
    }
}

fn print(tree: &Tree, id: NodeId, depth: usize, text: &mut String) {
    if text.len() > MAX_CHARS || depth > crate::limits::MAX_DEPTH {
        return;
    }
    match &tree.node(tree.resolve(id)).kind {
        NodeKind::Scalar { value, .. } => text.push_str(&match scalar(tree, id) {
            None | Some(Scalar::Null) => "interface {}(nil)".to_owned(),
            Some(Scalar::Bool(value)) => value.to_string(),
            Some(Scalar::Int(value)) => i64::try_from(value).map_or(format!("{value:#x}"), |value| value.to_string()),
            Some(Scalar::Float(value)) => format_g(value),
            Some(Scalar::Str { .. }) => go_quote(value),
        }),
        NodeKind::Sequence(items) => {
            text.push_str("[]interface {}{");
            for (at, item) in items.iter().enumerate() {
                text.push_str(if at > 0 { ", " } else { "" });
                print(tree, *item, depth + 1, text);
            }
            text.push('}');
        }
        NodeKind::Mapping(entries) => {
            text.push_str("map[interface {}]interface {}{");
            for (at, entry) in entries.iter().enumerate() {
                text.push_str(if at > 0 { ", " } else { "" });
                print(tree, entry.key, depth + 1, text);
                text.push(':');
                if let Some(value) = entry.value {
                    print(tree, value, depth + 1, text);
                }
            }
            text.push('}');
        }
        NodeKind::Alias { .. } => {}
    }
}
