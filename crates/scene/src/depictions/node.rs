//! A node: the machine pods run on, and the rules its kube-proxy has programmed.

use api::{Object, ObjectKey};

use super::{Band, Depiction, blank};
use crate::figure::{Chip, Figure, Line, Shape, Tone};
use crate::look::{Look, display_name};

/// See the module.
pub(super) static DEPICTION: Depiction =
    Depiction { kind: &api::node::KIND, band: Band::Machines, draw, machine: |_| None };

fn draw(look: &Look<'_>, node: &Object) -> Figure {
    let ip = api::node::address(node, "InternalIP");
    let chips = rules(look, node.name());
    let stale = chips.iter().any(|chip| chip.tone == Tone::Waiting);
    let words = match chips.len() {
        0 => "no Service rules yet".to_owned(),
        _ => {
            let names: Vec<&str> = chips.iter().map(|chip| chip.text.as_str()).collect();
            format!("rules for Service {}{}", names.join(", "), if stale { ", not all up to date" } else { "" })
        }
    };
    let rules =
        Line { text: if chips.is_empty() { "no rules yet" } else { "rules" }.to_owned(), chips, ..Line::default() };
    Figure {
        badge: ip.clone(),
        lines: vec![rules],
        words: format!("Node {}, address {ip}, {words}", node.name()),
        ..blank(Shape::Machine, node.name())
    }
}

/// The Services whose addresses this node rewrites; `Waiting` when it still rewrites as an older revision says.
fn rules(look: &Look<'_>, node: &str) -> Vec<Chip> {
    let services = look.services().filter_map(|service| {
        let key = ObjectKey::of(&api::service::KIND, service);
        let mut rules = look.rules(node, &key).peekable();
        rules.peek()?;
        let stale = rules.any(|rule| rule.revision != service.resource_version());
        let tone = if stale { Tone::Waiting } else { Tone::Good };
        Some(Chip { text: display_name(service), tone })
    });
    services.collect()
}
