//! Ingresses as nginx has them: servers by host, locations by path.

use std::sync::Arc;

use api::{Object, ObjectKey, Path, Value};

use super::Backend;
use super::rewrite::Pattern;
use crate::network::Because;
use crate::store::Store;

/// How a path is compared.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Match {
    /// The whole path.
    Exact(String),
    /// Whole segments of it.
    Prefix(String),
    /// Its beginning (`ImplementationSpecific`).
    Begins(String),
    /// A pattern, of hosts where some path is one.
    Pattern(Pattern),
}

/// One path of one Ingress.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Location {
    pub(super) path: Match,
    pub(super) backend: Option<Backend>,
    pub(super) ingress: Arc<Object>,
    pub(super) because: Because,
    /// Host and path as the Ingress has them.
    pub(super) words: String,
}

impl Match {
    fn fits(&self, path: &str) -> bool {
        match self {
            Self::Exact(own) => path == own,
            Self::Prefix(own) => {
                let own = own.strip_suffix('/').unwrap_or(own);
                path.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
            Self::Begins(own) => path.starts_with(own.as_str()),
            Self::Pattern(pattern) => pattern.captures(path).is_some(),
        }
    }

    /// What is compared first: exact paths, then longer ones.
    fn rank(&self) -> (bool, usize) {
        match self {
            Self::Exact(own) => (true, own.len()),
            Self::Prefix(own) | Self::Begins(own) => (false, own.len()),
            Self::Pattern(pattern) => (false, pattern.text.len()),
        }
    }
}

/// Every location of the server that a host name finds: that of the name itself, of its wildcard, or of no name.
pub(super) fn server(store: &Store, host: &str) -> Vec<Location> {
    let ingresses: Vec<&Arc<Object>> =
        store.list(&api::ingress::KIND, None).filter(|ingress| super::serves(store, ingress)).collect();
    let wildcard = host.split_once('.').map(|(_, domain)| format!("*.{domain}")).unwrap_or_default();
    let has = |name: &str| {
        let named = |rule: &Value| host_of(rule).eq_ignore_ascii_case(name);
        !name.is_empty() && ingresses.iter().any(|ingress| ingress.list(&["spec", "rules"]).iter().any(named))
    };
    let name = [host, &wildcard].into_iter().find(|name| has(name)).unwrap_or_default();
    let mut found = Vec::new();
    for ingress in ingresses {
        let rules = ingress.list(&["spec", "rules"]).iter().enumerate();
        let mine: Vec<_> = rules.filter(|(_, rule)| host_of(rule).eq_ignore_ascii_case(name)).collect();
        let whole = ingress.at(&["spec", "defaultBackend"]);
        if let Some(backend) = whole.filter(|_| !mine.is_empty() || (name.is_empty() && no_rules(ingress))) {
            found.push(location(
                ingress,
                Match::Begins("/".into()),
                Some(backend),
                Path::new("spec.defaultBackend"),
                name,
            ));
        }
        for (at, rule) in mine {
            for (index, path) in paths(rule).iter().enumerate() {
                let because = Path::new("spec.rules").index(at).child("http").child("paths").index(index);
                found.push(location(ingress, read(ingress, path), path.get("backend"), because, name));
            }
        }
    }
    if found.iter().any(|location| matches!(location.path, Match::Pattern(_))) {
        found.iter_mut().for_each(|location| location.path = as_pattern(&location.path));
    }
    found
}

/// The location that a path finds.
pub(super) fn find<'a>(locations: &'a [Location], path: &str) -> Option<&'a Location> {
    // The first Ingress wins among equals: they are listed by namespace and name.
    let fitting = locations.iter().filter(|location| location.path.fits(path));
    fitting.fold(None, |best: Option<&Location>, next| match best {
        Some(best) if best.path.rank() >= next.path.rank() => Some(best),
        _ => Some(next),
    })
}

fn no_rules(ingress: &Object) -> bool {
    ingress.list(&["spec", "rules"]).is_empty()
}

fn host_of(rule: &Value) -> &str {
    rule.get("host").and_then(Value::as_str).unwrap_or_default()
}

fn paths(rule: &Value) -> &[Value] {
    api::object::lookup(rule, &["http", "paths"]).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn location(ingress: &Arc<Object>, path: Match, backend: Option<&Value>, at: Path, host: &str) -> Location {
    let object = ObjectKey::of(&api::ingress::KIND, ingress);
    let written = match &path {
        Match::Exact(text) | Match::Prefix(text) | Match::Begins(text) => text.clone(),
        Match::Pattern(pattern) => pattern.text.clone(),
    };
    Location {
        path,
        backend: backend.and_then(|backend| Backend::read(ingress.namespace(), backend)),
        ingress: ingress.clone(),
        because: Because { object, path: at, revision: ingress.resource_version() },
        words: format!("Ingress {}: {}{written}", ingress.name(), if host.is_empty() { "*" } else { host }),
    }
}

fn read(ingress: &Object, path: &Value) -> Match {
    let text = path.get("path").and_then(Value::as_str).filter(|path| !path.is_empty()).unwrap_or("/").to_owned();
    let kind = path.get("pathType").and_then(Value::as_str).unwrap_or_default();
    match kind {
        _ if super::rewrite::uses_patterns(ingress) => Match::Pattern(Pattern::new(&text)),
        "Exact" => Match::Exact(text),
        "Prefix" => Match::Prefix(text),
        _ => Match::Begins(text),
    }
}

/// A host with one path that is a pattern has patterns only. Models ingress-nginx `enforceRegex`.
fn as_pattern(path: &Match) -> Match {
    match path {
        Match::Exact(text) => Match::Pattern(Pattern::whole(text)),
        Match::Prefix(text) | Match::Begins(text) => Match::Pattern(Pattern::new(text)),
        Match::Pattern(pattern) => Match::Pattern(pattern.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_fit_by_their_type() {
        let prefix = |text: &str| Match::Prefix(text.to_owned());
        for (own, path, fits) in [
            (Match::Exact("/foo".into()), "/foo", true),
            (Match::Exact("/foo".into()), "/foo/", false),
            (prefix("/"), "/anything", true),
            (prefix("/foo"), "/foo", true),
            (prefix("/foo"), "/foo/", true),
            (prefix("/foo/"), "/foo", true),
            (prefix("/aaa/bb"), "/aaa/bbb", false),
            (prefix("/aaa/bbb"), "/aaa/bbb/ccc", true),
            (Match::Begins("/aaa/bb".into()), "/aaa/bbb", true),
        ] {
            assert_eq!(own.fits(path), fits, "{own:?} {path}");
        }
    }
}
