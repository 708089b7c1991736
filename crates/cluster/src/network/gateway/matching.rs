//! Which rule of an HTTPRoute a request meets, by the precedence that the Gateway API lays down: exact paths, longer
//! prefixes, a method, more headers, more parameters; then older routes, routes by name, and earlier rules.

use std::sync::Arc;

use api::arrange::Arrange;
use api::object::lookup;
use api::{Object, Value};

use crate::network::HttpRequest;

/// A rule that a request meets.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) route: Arc<Object>,
    pub(super) rule: usize,
    /// The prefix of the path that fitted, for rewrites of it.
    pub(super) prefix: String,
    rank: Rank,
}

/// Larger comes first.
type Rank = (bool, usize, bool, usize, usize);

/// The first of the rules of routes that a request meets.
pub(super) fn find<'a>(routes: impl Iterator<Item = &'a Arc<Object>>, request: &HttpRequest) -> Option<Found> {
    let mut found: Vec<Found> = routes.flat_map(|route| of_route(route, request)).collect();
    // Stable: earlier routes and rules stay in front among equals.
    found.arrange_by(|a, b| {
        let age = |found: &Found| (found.route.creation_timestamp().to_owned(), found.route.namespace().to_owned());
        let name = |found: &Found| found.route.name().to_owned();
        b.rank.cmp(&a.rank).then_with(|| (age(a), name(a)).cmp(&(age(b), name(b))))
    });
    found.into_iter().next()
}

fn of_route(route: &Arc<Object>, request: &HttpRequest) -> Vec<Found> {
    let mut found = Vec::new();
    for (rule, spec) in route.list(&["spec", "rules"]).iter().enumerate() {
        for one in spec.get("matches").and_then(Value::as_array).into_iter().flatten() {
            if let Some((rank, prefix)) = meets(one, request) {
                found.push(Found { route: route.clone(), rule, prefix, rank });
            }
        }
    }
    found
}

/// How well one entry of `matches` fits, and the prefix by which it does.
fn meets(one: &Value, request: &HttpRequest) -> Option<(Rank, String)> {
    let text = |path: &[&str]| lookup(one, path).and_then(Value::as_str);
    let value = text(&["path", "value"]).unwrap_or("/");
    let exact = text(&["path", "type"]) == Some("Exact");
    let fits = if exact { request.path() == value } else { is_prefix(value, request.path()) };
    let method = text(&["method"]);
    let headers = list(one, "headers");
    let parameters = list(one, "queryParams");
    let met = fits
        && method.is_none_or(|method| method == request.method)
        && headers.iter().all(|(name, wanted)| request.header(name) == Some(wanted))
        && parameters.iter().all(|(name, wanted)| parameter(request, name) == Some(wanted));
    let prefix = if exact { String::new() } else { value.to_owned() };
    met.then(|| ((exact, value.len(), method.is_some(), headers.len(), parameters.len()), prefix))
}

fn list<'a>(one: &'a Value, field: &str) -> Vec<(&'a str, &'a str)> {
    let entries = one.get(field).and_then(Value::as_array);
    let pair = |entry: &'a Value| Some((entry.get("name")?.as_str()?, entry.get("value")?.as_str()?));
    entries.into_iter().flatten().filter_map(pair).collect()
}

fn parameter<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    let (_, query) = request.target.split_once('?')?;
    query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
}

fn is_prefix(prefix: &str, path: &str) -> bool {
    let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
