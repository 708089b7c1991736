//! What OpenAPI does not tell, laid over what it does.
//!
//! A line of `go.txt` is `core.v1.ServiceSpec.ports TYPE FLAG...`, with `-` for the type that was derived, or
//! `core.v1.ServiceType = string` for a named type.

use std::collections::BTreeMap;

use crate::derive::Type;

/// Applies the lines and returns those whose field does not exist.
pub(crate) fn apply(types: &mut BTreeMap<String, Type>, text: &str) -> Vec<String> {
    let mut unused = Vec::new();
    for line in field_lines(text) {
        let mut words = line.split_whitespace();
        let (Some(path), Some(go)) = (words.next(), words.next()) else { continue };
        let field = path.rsplit_once('.').and_then(|(name, field)| types.get_mut(name)?.fields.get_mut(field));
        let Some(field) = field else {
            unused.push(line.to_owned());
            continue;
        };
        if go != "-" {
            go.clone_into(&mut field.go);
        }
        field.flags = words.map(str::to_owned).collect();
        // What has a default is no longer required, but the published types do not say so.
        field.required &= !field.flags.iter().any(|flag| flag == "optional");
        field.flags.retain(|flag| flag != "optional");
        if field.required {
            field.flags.insert(0, "required".to_owned());
        }
    }
    unused
}

/// The lines that define named types.
pub(crate) fn named_lines(text: &str) -> impl Iterator<Item = &str> {
    lines(text).filter(|line| line.contains(" = "))
}

fn field_lines(text: &str) -> impl Iterator<Item = &str> {
    lines(text).filter(|line| !line.contains(" = "))
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}
