//! The committed files' form: a type's name at the margin, its fields below, one a line, indented by a blank.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::derive::Type;
use crate::overlay;

/// `fields.txt`: names, Go types, flags; fields in the order of their Go struct. `order` has a struct's name and its fields a
/// line; a struct that it lacks has them by name.
pub(crate) fn fields(types: &BTreeMap<String, Type>, go: &str, order: &str) -> String {
    let order: BTreeMap<&str, Vec<&str>> = order
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(name, of)| (name, of.split(' ').collect()))
        .collect();
    let mut text = "# Written by `cargo run -p schemagen`; do not edit.\n".to_owned();
    for line in overlay::named_lines(go) {
        let _ = writeln!(text, "{line}");
    }
    // What stands for itself has documentation only.
    for (name, ty) in types.iter().filter(|(_, ty)| !ty.fields.is_empty()) {
        let _ = writeln!(text, "{name}");
        let mut fields: Vec<_> = ty.fields.iter().collect();
        let declared = order.get(name.as_str());
        fields.sort_by_key(|(field, _)| declared.and_then(|of| of.iter().position(|of| of == field)));
        for (field, of) in fields {
            let _ = write!(text, " {field} {}", of.go);
            for flag in &of.flags {
                let _ = write!(text, " {flag}");
            }
            text.push('\n');
        }
    }
    text
}

/// The docs of every type and field, each after a tab and passed through `shorten`; line ends are written `\n`.
pub(crate) fn docs(types: &BTreeMap<String, Type>, shorten: fn(&str) -> String) -> String {
    let mut text = String::new();
    let escape = |doc: &str| shorten(doc).replace('\\', "\\\\").replace('\n', "\\n");
    for (name, ty) in types {
        let _ = writeln!(text, "{name}\t{}", escape(&ty.doc));
        for (field, of) in &ty.fields {
            let _ = writeln!(text, " {field}\t{}", escape(&of.doc));
        }
    }
    text
}

/// The docs of enumerations, in the same form.
pub(crate) fn enums(text: &str) -> String {
    text.lines().filter(|line| !line.starts_with('#')).flat_map(|line| [line, "\n"]).collect()
}

/// Up to the first full stop that ends a sentence.
pub(crate) fn first_sentence(doc: &str) -> String {
    let line = doc.split("\n\n").next().unwrap_or_default();
    let end = line
        .match_indices(". ")
        .map(|(at, _)| at)
        .find(|at| !line[..*at].ends_with("e.g") && !line[..*at].ends_with("i.e"));
    line[..end.map_or(line.len(), |at| at + 1)].replace('\n', " ")
}
