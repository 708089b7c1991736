//! An HTTPRoute: rules that a Gateway's controller reads, from hosts and paths to Services.

use api::object::lookup;
use api::{Object, ObjectKey, Value};

use super::ingress::{Route, rules};
use super::{Band, Depiction};
use crate::FigureId;
use crate::figure::{Figure, Tone};
use crate::look::Look;

/// See the module.
pub(super) static DEPICTION: Depiction =
    Depiction { kind: &api::http_route::KIND, band: Band::Entrances, draw, machine: |_| None };

fn draw(_look: &Look<'_>, route: &Object) -> Figure {
    let accepted = route.list(&["status", "parents"]).iter().any(|parent| {
        let conditions = parent.get("conditions").and_then(Value::as_array);
        let is =
            |condition: &Value, field: &str, value: &str| condition.get(field).and_then(Value::as_str) == Some(value);
        conditions
            .into_iter()
            .flatten()
            .any(|condition| is(condition, "type", "Accepted") && is(condition, "status", "True"))
    });
    let (tone, badge) = if accepted { (Tone::Good, "accepted") } else { (Tone::Waiting, "not accepted") };
    rules(route, "HTTPRoute", tone, badge, &routes(route))
}

/// Every match of a route, and where it leads.
pub(crate) fn routes(route: &Object) -> Vec<Route> {
    let hosts: Vec<&str> = route.list(&["spec", "hostnames"]).iter().filter_map(Value::as_str).collect();
    let host = hosts.first().copied().unwrap_or("*");
    let mut found = Vec::new();
    for rule in route.list(&["spec", "rules"]) {
        let first = rule.get("matches").and_then(|matches| matches.get(0));
        let path = first.and_then(|first| lookup(first, &["path", "value"])?.as_str()).unwrap_or("/");
        for backend in rule.get("backendRefs").and_then(Value::as_array).into_iter().flatten() {
            let name = backend.get("name").and_then(Value::as_str).unwrap_or_default();
            let namespace = backend.get("namespace").and_then(Value::as_str).unwrap_or(route.namespace());
            let port = backend.get("port").map(Value::to_string).unwrap_or_default();
            let share = backend.get("weight").map(|weight| format!(" (weight {weight})")).unwrap_or_default();
            let service = FigureId::of(&ObjectKey::new(&api::service::KIND, namespace, name));
            found.push(Route { words: format!("{host}{path} → {name}:{port}{share}"), service });
        }
    }
    found
}
