//! A Service: an address and ports that every node's rules rewrite, and the labels it looks for.

use api::service::{ServicePort, TargetPort};
use api::{Object, ObjectKey, labels};

use super::{Band, Depiction, blank};
use crate::figure::{Chip, Figure, Line, Shape, Tone};
use crate::look::{Look, display_name};
use crate::verdict;

/// See the module.
pub(super) static DEPICTION: Depiction =
    Depiction { kind: &api::service::KIND, band: Band::FrontDoors, draw, machine: |_| None };

fn draw(look: &Look<'_>, service: &Object) -> Figure {
    let name = display_name(service);
    let (tone, verdict) = verdict::of_service(look, service);
    let address = address(service);
    let ports: Vec<String> = api::service::ports(service).iter().map(port_words).collect();
    let selector = selector(look, service);
    let wanted: Vec<&str> = selector.chips.iter().map(|chip| chip.text.as_str()).collect();
    let wanted = if wanted.is_empty() { "no selector".to_owned() } else { format!("selects {}", wanted.join(", ")) };
    let reach = reach(look, &ObjectKey::of(&api::service::KIND, service));
    let words = format!(
        "Service {name}, {}, {address}, ports {}; {wanted}; {verdict}; {}",
        service.str(&["spec", "type"]),
        ports.join(", "),
        reach.text
    );
    Figure {
        badge: service.str(&["spec", "type"]).to_owned(),
        tone,
        lines: vec![Line::code(address), selector, reach, Line::words(tone, verdict)],
        words,
        ports: ports.len().max(1),
        ..blank(Shape::FrontDoor, &name)
    }
}

fn address(service: &Object) -> String {
    match (service.str(&["spec", "type"]), service.str(&["spec", "clusterIP"])) {
        ("ExternalName", _) => service.str(&["spec", "externalName"]).to_owned(),
        (_, "None") => "no address (headless)".to_owned(),
        (_, "") => "no address yet".to_owned(),
        (_, ip) => ip.to_owned(),
    }
}

/// `80 → 8080`, with the port on every node where there is one.
fn port_words(port: &ServicePort) -> String {
    let target = match &port.target_port {
        TargetPort::Number(number) => number.to_string(),
        TargetPort::Name(name) => name.clone(),
    };
    match port.node_port {
        0 => format!("{} → {target}", port.port),
        node_port => format!("{node_port} on nodes, {} → {target}", port.port),
    }
}

/// What the Service looks for, each label by itself: met by the pods it picks, or missing at the nearest pod.
fn selector(look: &Look<'_>, service: &Object) -> Line {
    let Some(selector) = service.map(&["spec", "selector"]) else {
        return Line::words(Tone::Plain, "no selector");
    };
    let picks = look.cluster.list(&api::pod::KIND, Some(service.namespace()));
    let picks_some = picks.into_iter().any(|pod| labels::matches_equality(selector, pod.labels()));
    let miss = if picks_some { None } else { cluster::explain::nearest(look.cluster, service) };
    let lacks = |key: &str| miss.as_ref().is_none_or(|miss| miss.lacks.iter().any(|lack| lack.key == key));
    let chips = service.string_map(&["spec", "selector"]).into_iter().map(|(key, value)| {
        let tone = match picks_some {
            false if look.options.quiet => Tone::Plain,
            false if lacks(key) => Tone::Bad,
            _ => Tone::Good,
        };
        Chip { text: format!("{key}={value}"), tone }
    });
    Line { text: "selects".to_owned(), chips: chips.collect(), ..Line::default() }
}

/// On how many nodes its rules are, and whether they are those of today.
fn reach(look: &Look<'_>, service: &ObjectKey) -> Line {
    let current = look.cluster.store().get(service).map_or(0, |service| service.resource_version());
    let nodes = &look.cluster.settings().nodes;
    let (mut with, mut stale) = (0, 0);
    for node in nodes {
        let mut rules = look.rules(&node.name, service).peekable();
        if rules.peek().is_some() {
            with += 1;
            stale += usize::from(rules.any(|rule| rule.revision != current));
        }
    }
    match (with, stale) {
        (0, _) => Line::words(Tone::Plain, "no rules on any node"),
        (with, 0) => Line::words(Tone::Plain, format!("rules on {with} of {} nodes", nodes.len())),
        (_, stale) => Line::words(Tone::Waiting, format!("old rules on {stale} of {} nodes", nodes.len())),
    }
}
