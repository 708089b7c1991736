//! JSON of trees whose fields have an order of their own.

use super::Tree;
use crate::go::json_string;

/// On one line.
pub(super) fn compact(tree: &Tree) -> String {
    let mut text = String::new();
    write(tree, None, &mut text);
    text
}

/// A line for each value, a space deeper for each level.
pub(super) fn indented(tree: &Tree) -> String {
    let mut text = String::new();
    write(tree, Some(0), &mut text);
    text
}

/// `depth`: how deep the tree stands, or `None` for one line.
fn write(tree: &Tree, depth: Option<usize>, text: &mut String) {
    let inner = depth.map(|depth| depth + 1);
    match tree {
        Tree::Leaf(leaf) => text.push_str(leaf),
        Tree::List(items) if items.is_empty() => text.push_str("[]"),
        Tree::Fields(fields) if fields.is_empty() => text.push_str("{}"),
        Tree::List(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                separate(at, inner, text);
                write(item, inner, text);
            }
            break_line(depth, text);
            text.push(']');
        }
        Tree::Fields(fields) => {
            text.push('{');
            for (at, (name, value)) in fields.iter().enumerate() {
                separate(at, inner, text);
                text.push_str(&json_string(name));
                text.push_str(if depth.is_some() { ": " } else { ":" });
                write(value, inner, text);
            }
            break_line(depth, text);
            text.push('}');
        }
    }
}

fn separate(at: usize, depth: Option<usize>, text: &mut String) {
    if at > 0 {
        text.push(',');
    }
    break_line(depth, text);
}

fn break_line(depth: Option<usize>, text: &mut String) {
    if let Some(depth) = depth {
        text.push('\n');
        text.extend(std::iter::repeat_n(' ', depth));
    }
}
