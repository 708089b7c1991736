//! The documentation file: a type's name at the margin and its fields below, each with its text after a tab.

/// The texts of the API types. See `xtask/schema` for who writes them.
pub(super) struct Docs<'a>(&'a str);

impl<'a> Docs<'a> {
    /// Reads a file.
    pub(super) fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// What a type is, such as `core.v1.ServicePort`; empty when the file does not say.
    pub(super) fn of_type(&self, name: &str) -> String {
        self.block(name).next().map(unescape).unwrap_or_default()
    }

    /// What a field of a type is, or a value of an enumeration; empty when the file does not say.
    pub(super) fn of_field(&self, name: &str, field: &str) -> String {
        let line =
            self.block(name).skip(1).find_map(|line| line.strip_prefix(' ')?.strip_prefix(field)?.strip_prefix('\t'));
        line.map(unescape).unwrap_or_default()
    }

    /// The text of a type and the lines of its fields.
    fn block(&self, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let head = format!("{name}\t");
        let begins = |at: usize| self.0.get(..at).is_some_and(|before| before.is_empty() || before.ends_with('\n'));
        let start = self.0.match_indices(&head).map(|(at, _)| at).find(|at| begins(*at));
        let rest = start.and_then(|at| self.0.get(at + head.len()..)).unwrap_or_default();
        let mut lines = rest.lines();
        let first = lines.next();
        first.into_iter().chain(lines.take_while(|line| line.starts_with(' ')))
    }
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => plain.extend(chars.next().map(|c| if c == 'n' { '\n' } else { c })),
            c => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_by_type_and_field() {
        let docs = Docs::new("a.A\tAn A.\n x\tOne\\n\\ntwo \\\\.\n xy\tThree.\nb.a.A\tNo.\n x\tNo.\n");
        assert_eq!((docs.of_type("a.A").as_str(), docs.of_type("nope").as_str()), ("An A.", ""));
        assert_eq!(docs.of_field("a.A", "x"), "One\n\ntwo \\.");
        assert_eq!((docs.of_field("a.A", "xy").as_str(), docs.of_field("a.A", "z").as_str()), ("Three.", ""));
    }
}
