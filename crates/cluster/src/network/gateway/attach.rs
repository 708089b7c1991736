//! Which listeners a pod of the controller serves, and which routes belong to each.

use std::sync::Arc;

use api::labels::LabelSelector;
use api::object::lookup;
use api::{Object, Value};

use crate::store::Store;

/// A listener of a Gateway.
#[derive(Clone, Copy)]
pub(super) struct Bound<'a> {
    pub(super) gateway: &'a Arc<Object>,
    pub(super) listener: &'a Value,
}

fn text<'a>(value: &'a Value, path: &[&str]) -> &'a str {
    lookup(value, path).and_then(Value::as_str).unwrap_or_default()
}

/// The listeners on a port that a pod serves: of its own Gateway if it has a label for that, else of every Gateway of the
/// controller's classes.
pub(super) fn listeners<'a>(store: &'a Store, pod: &Object, port: u16) -> Vec<Bound<'a>> {
    let own = pod.labels().and_then(|labels| labels.get(super::GATEWAY_LABEL)?.as_str());
    let gateways = store.list(&api::gateway::KIND, None).filter(move |gateway| match own {
        Some(name) => gateway.name() == name && gateway.namespace() == pod.namespace(),
        None => serves(store, gateway),
    });
    let bound = gateways.flat_map(|gateway| {
        gateway.list(&["spec", "listeners"]).iter().map(move |listener| Bound { gateway, listener })
    });
    bound.filter(|bound| bound.listener.get("port").and_then(Value::as_u64) == Some(u64::from(port))).collect()
}

fn serves(store: &Store, gateway: &Object) -> bool {
    let class = store.find(&api::gateway_class::KIND, "", gateway.str(&["spec", "gatewayClassName"]));
    class.is_some_and(|class| class.str(&["spec", "controllerName"]) == super::CONTROLLER)
}

impl Bound<'_> {
    pub(super) fn hostname(&self) -> &str {
        text(self.listener, &["hostname"])
    }

    pub(super) fn is_tls(&self) -> bool {
        text(self.listener, &["protocol"]) == "HTTPS"
    }

    /// Whether a route names this listener, and the listener lets routes of its namespace in.
    pub(super) fn has(&self, store: &Store, route: &Object) -> bool {
        let parents = route.list(&["spec", "parentRefs"]).iter();
        parents.into_iter().any(|parent| self.is_parent(route, parent)) && self.lets_in(store, route)
    }

    fn is_parent(&self, route: &Object, parent: &Value) -> bool {
        let namespace = match text(parent, &["namespace"]) {
            "" => route.namespace(),
            namespace => namespace,
        };
        let section = text(parent, &["sectionName"]);
        let port = parent.get("port").and_then(Value::as_u64);
        text(parent, &["name"]) == self.gateway.name()
            && namespace == self.gateway.namespace()
            && (section.is_empty() || section == text(self.listener, &["name"]))
            && port.is_none_or(|port| self.listener.get("port").and_then(Value::as_u64) == Some(port))
    }

    fn lets_in(&self, store: &Store, route: &Object) -> bool {
        match text(self.listener, &["allowedRoutes", "namespaces", "from"]) {
            "All" => true,
            "Selector" => {
                let selector = lookup(self.listener, &["allowedRoutes", "namespaces", "selector"]);
                let selector = selector.and_then(|selector| LabelSelector::read(selector).ok());
                let namespace = store.find(&api::namespace::KIND, "", route.namespace());
                selector.zip(namespace).is_some_and(|(selector, namespace)| selector.matches(namespace.labels()))
            }
            "None" => false,
            _ => route.namespace() == self.gateway.namespace(),
        }
    }
}

/// The hostname under which a request meets a route at a listener, the narrower of the two; `None` when it does not.
pub(super) fn hostname(bound: Bound<'_>, route: &Object, host: &str) -> Option<String> {
    let own = bound.hostname();
    if !covers(own, host) {
        return None;
    }
    let names: Vec<&str> = route.list(&["spec", "hostnames"]).iter().filter_map(Value::as_str).collect();
    if names.is_empty() {
        return Some(own.to_owned());
    }
    let fitting = names.into_iter().filter(|name| covers(name, host) && (own.is_empty() || meets(own, name)));
    fitting
        .max_by_key(|name| specific(name))
        .map(|name| if specific(own) > specific(name) { own } else { name }.to_owned())
}

/// Larger is narrower: a name, then the longest wildcard, then nothing.
pub(super) fn specific(name: &str) -> (bool, usize) {
    (!name.is_empty() && !name.starts_with('*'), name.len())
}

/// Whether a name or a wildcard (of one label or more) means a host.
pub(super) fn covers(name: &str, host: &str) -> bool {
    match name.strip_prefix('*') {
        Some(domain) => host.len() > domain.len() && host.to_ascii_lowercase().ends_with(&domain.to_ascii_lowercase()),
        None => name.is_empty() || name.eq_ignore_ascii_case(host),
    }
}

/// Whether a host could meet both names.
fn meets(one: &str, other: &str) -> bool {
    match (one.strip_prefix('*'), other.strip_prefix('*')) {
        (Some(a), Some(b)) => a.ends_with(b) || b.ends_with(a),
        (Some(_), None) => covers(one, other),
        (None, Some(_)) => covers(other, one),
        (None, None) => one.eq_ignore_ascii_case(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_cover_one_label_or_more() {
        for (name, host, covered) in [
            ("", "x", true),
            ("a.example", "A.example", true),
            ("*.example", "a.example", true),
            ("*.example", "a.b.example", true),
            ("*.example", "example", false),
            ("a.example", "b.example", false),
        ] {
            assert_eq!(covers(name, host), covered, "{name} {host}");
        }
        assert!(specific("a.example") > specific("*.very.long.example"));
        assert!(meets("*.example", "a.example") && !meets("*.example", "a.other"));
    }
}
