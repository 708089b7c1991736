//! An Ingress: rules that its controller reads, from hosts and paths to Services.

use api::{Object, ObjectKey, Value};

use cluster::addons::IngressController;

use super::{Band, Depiction, blank};
use crate::FigureId;
use crate::figure::{Figure, Line, Shape, Tone};
use crate::look::{Look, display_name};

/// See the module.
pub(super) static DEPICTION: Depiction =
    Depiction { kind: &api::ingress::KIND, band: Band::Entrances, draw, machine: |_| None };

/// So many rules are shown; the words have all.
const MOST: usize = 2;

fn draw(look: &Look<'_>, ingress: &Object) -> Figure {
    let controller = look.cluster.settings().ingress_controller != IngressController::None;
    let served = controller && cluster::network::ingress::serves(look.cluster.store(), ingress);
    let address = ingress.list(&["status", "loadBalancer", "ingress"]).first();
    let address = address.and_then(|entry| entry.get("ip")?.as_str()).unwrap_or_default();
    let (tone, badge) = match (served, address) {
        (false, _) => (Tone::Bad, "nobody serves it"),
        (true, "") => (Tone::Waiting, "no address yet"),
        (true, address) => (Tone::Good, address),
    };
    rules(ingress, "Ingress", tone, badge, &routes(ingress))
}

/// Rules from hosts and paths to Services, as a figure.
pub(super) fn rules(object: &Object, kind: &str, tone: Tone, badge: &str, routes: &[Route]) -> Figure {
    let name = display_name(object);
    let mut lines = vec![Line::words(tone, badge)];
    lines.extend(routes.iter().take(MOST).map(|route| Line::code(route.words.clone())));
    if routes.len() > MOST {
        lines.push(Line::words(Tone::Plain, format!("and {} more", routes.len() - MOST)));
    }
    let said: Vec<&str> = routes.iter().map(|route| route.words.as_str()).collect();
    Figure {
        tone,
        lines,
        words: format!("{kind} {name}, {badge}; {}", said.join("; ")),
        ..blank(Shape::FrontDoor, &format!("{kind} {name}"))
    }
}

/// One path of an Ingress.
pub(crate) struct Route {
    /// `shop.example.com/cart → cart:80`
    pub(crate) words: String,
    /// The Service's figure.
    pub(crate) service: FigureId,
}

/// Every path of an Ingress, and what takes the rest.
pub(crate) fn routes(ingress: &Object) -> Vec<Route> {
    let mut found = Vec::new();
    let mut add = |from: &str, backend: Option<&Value>| {
        let Some(service) = backend.and_then(|backend| backend.get("service")) else { return };
        let name = service.get("name").and_then(Value::as_str).unwrap_or_default();
        let port = service.get("port").and_then(|port| port.get("number").or_else(|| port.get("name")));
        let port = match port {
            Some(Value::String(name)) => name.clone(),
            Some(number) => number.to_string(),
            None => String::new(),
        };
        let key = ObjectKey::new(&api::service::KIND, ingress.namespace(), name);
        found.push(Route { words: format!("{from} → {name}:{port}"), service: FigureId::of(&key) });
    };
    for rule in ingress.list(&["spec", "rules"]) {
        let host = rule.get("host").and_then(Value::as_str).unwrap_or("*");
        let paths = api::object::lookup(rule, &["http", "paths"]).and_then(Value::as_array);
        for path in paths.into_iter().flatten() {
            let at = path.get("path").and_then(Value::as_str).unwrap_or("/");
            add(&format!("{host}{at}"), path.get("backend"));
        }
    }
    add("everything else", ingress.at(&["spec", "defaultBackend"]));
    found
}
