//! The annotation `rewrite-target`: paths become patterns, and what their groups caught may stand in the new path.
//!
//! Of regular expressions the forms in use: plain text, `(/|$)`, `(.*)`, `/?(.*)`, `.*`, in this order of their places.

use api::Object;

const TARGET: &str = "nginx.ingress.kubernetes.io/rewrite-target";
const USE_REGEX: &str = "nginx.ingress.kubernetes.io/use-regex";

/// Whether an Ingress makes the paths of its hosts patterns.
pub(super) fn uses_patterns(ingress: &Object) -> bool {
    ingress.annotation(TARGET).is_some() || ingress.annotation(USE_REGEX) == Some("true")
}

/// The new path of a request, by the Ingress's annotation.
pub(super) fn target(ingress: &Object, captures: &[String]) -> Option<String> {
    let target = ingress.annotation(TARGET).filter(|target| !target.is_empty())?;
    let mut new = String::new();
    let mut rest = target;
    while let Some((before, after)) = rest.split_once('$') {
        new.push_str(before);
        let digit = after.chars().next().and_then(|c| c.to_digit(10));
        match digit {
            Some(number) => {
                let index = usize::try_from(number).unwrap_or(0);
                new.push_str(index.checked_sub(1).and_then(|index| captures.get(index)).map_or("", String::as_str));
                rest = &after[1..];
            }
            None => {
                new.push('$');
                rest = after;
            }
        }
    }
    new.push_str(rest);
    Some(new)
}

/// A path as a pattern that begins where the path begins, in any case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Pattern {
    pub(super) text: String,
    whole: bool,
}

/// A piece of a pattern.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Piece<'a> {
    Text(&'a str),
    /// `(/|$)`: a slash or the end.
    SlashOrEnd,
    /// `/?`
    MaybeSlash,
    /// `(.*)`
    Rest,
    /// `.*`
    Anything,
}

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), whole: false }
    }

    pub(super) fn whole(text: &str) -> Self {
        Self { text: text.to_owned(), whole: true }
    }

    fn pieces(&self) -> Vec<Piece<'_>> {
        const FORMS: [(&str, Piece<'static>); 5] = [
            ("(/|$)", Piece::SlashOrEnd),
            ("(.*)", Piece::Rest),
            ("(.+)", Piece::Rest),
            (".*", Piece::Anything),
            ("/?", Piece::MaybeSlash),
        ];
        let mut pieces = Vec::new();
        let mut rest = self.text.strip_prefix('^').unwrap_or(&self.text);
        while !rest.is_empty() {
            let found = FORMS.iter().find_map(|(form, piece)| Some((rest.strip_prefix(form)?, *piece)));
            if let Some((after, piece)) = found {
                pieces.push(piece);
                rest = after;
                continue;
            }
            let next = FORMS.iter().filter_map(|(form, _)| rest.find(form)).min().unwrap_or(rest.len());
            let (text, after) = rest.split_at(next.max(1));
            pieces.push(Piece::Text(text.strip_suffix('$').unwrap_or(text)));
            rest = after;
        }
        pieces
    }

    /// What the groups catch in a path; `None` when it does not fit.
    pub(super) fn captures(&self, path: &str) -> Option<Vec<String>> {
        let mut captures = Vec::new();
        let mut rest = path;
        for piece in self.pieces() {
            match piece {
                Piece::Text(text) => {
                    let head = rest.get(..text.len())?;
                    rest = head.eq_ignore_ascii_case(text).then(|| &rest[text.len()..])?;
                }
                Piece::SlashOrEnd => {
                    if !rest.is_empty() && !rest.starts_with('/') {
                        return None;
                    }
                    let (caught, after) = rest.split_at(rest.len().min(1));
                    captures.push(caught.to_owned());
                    rest = after;
                }
                Piece::MaybeSlash => rest = rest.strip_prefix('/').unwrap_or(rest),
                Piece::Rest => captures.push(std::mem::take(&mut rest).to_owned()),
                Piece::Anything => rest = "",
            }
        }
        (!self.whole || rest.is_empty()).then_some(captures)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_catch_what_the_target_names() {
        let caught = |pattern: &str, path: &str| Pattern::new(pattern).captures(path).map(|groups| groups.join(" "));
        for (pattern, path, groups) in [
            ("/api(/|$)(.*)", "/api/v1/x", Some("/ v1/x")),
            ("/api(/|$)(.*)", "/api", Some(" ")),
            ("/api(/|$)(.*)", "/apix", None),
            ("/(.*)", "/a/b", Some("a/b")),
            ("/Api/?(.*)", "/api/v1", Some("v1")),
            ("/shop", "/shop/cart", Some("")),
        ] {
            assert_eq!(caught(pattern, path).as_deref(), groups, "{pattern} {path}");
        }
    }

    #[test]
    fn targets_are_filled_in() {
        let ingress = |target: &str| Object::new(api::json!({"metadata": {"annotations": {TARGET: target}}}));
        let groups = ["/".to_owned(), "v1".to_owned()];
        for (pattern, want) in [("/$2", "/v1"), ("/", "/"), ("/x/$2?a=$9", "/x/v1?a="), ("/$", "/$")] {
            assert_eq!(target(&ingress(pattern), &groups).as_deref(), Some(want), "{pattern}");
        }
    }
}
