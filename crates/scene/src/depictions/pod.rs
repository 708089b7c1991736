//! A pod: its address, its labels, and what it listens on.

use api::{Object, ObjectKey, labels};
use cluster::explain::{self, Backend, State};

use super::{Band, Depiction, blank};
use crate::FigureId;
use crate::figure::{Chip, Figure, Line, Shape, Tone};
use crate::look::{Look, display_name};
use crate::verdict;

/// See the module.
pub(super) static DEPICTION: Depiction = Depiction { kind: &api::pod::KIND, band: Band::OnMachine, draw, machine };

pub(super) fn machine(pod: &Object) -> Option<FigureId> {
    let node = pod.str(&["spec", "nodeName"]);
    (!node.is_empty()).then(|| FigureId::of(&ObjectKey::new(&api::node::KIND, "", node)))
}

fn draw(look: &Look<'_>, pod: &Object) -> Figure {
    let (tone, state) = verdict::pod_state(pod);
    let name = display_name(pod);
    let ip = pod.str(&["status", "podIP"]);
    let ip = if ip.is_empty() { "no address yet" } else { ip };
    let ports = ports(look, pod);
    let labels = label_chips(look, pod);
    let gates = super::gates::of(look, pod);
    let guards: String = gates.iter().map(|gate| format!("; {}", gate.words)).collect();
    let node = pod.str(&["spec", "nodeName"]);
    let place = if node.is_empty() { "on no node yet".to_owned() } else { format!("on node {node}") };
    let tags: Vec<&str> = labels.iter().map(|chip| chip.text.as_str()).collect();
    let tags = if tags.is_empty() { "no labels".to_owned() } else { format!("labels {}", tags.join(", ")) };
    Figure {
        badge: state.clone(),
        tone,
        words: format!("Pod {name}, {state}, {place}, address {ip}, {tags}; {}{guards}", ports.text),
        gates,
        lines: vec![Line::code(ip), Line { chips: labels, ..Line::default() }, ports],
        ..blank(Shape::Process, &name)
    }
}

/// Each label; `Good` where a Service asks for just this pair, `Bad` where one that picks nobody asks for another value.
fn label_chips(look: &Look<'_>, pod: &Object) -> Vec<Chip> {
    let key = ObjectKey::of(&api::pod::KIND, pod);
    let wanted = |label: &str, value: &str| {
        let mut tone = Tone::Plain;
        for service in look.services().filter(|service| service.namespace() == pod.namespace()) {
            let Some(selector) = service.map(&["spec", "selector"]) else { continue };
            match selector.get(label).and_then(|wanted| wanted.as_str()) {
                Some(wanted) if wanted == value && labels::matches_equality(selector, pod.labels()) => {
                    return Tone::Good;
                }
                Some(wanted) if wanted != value && explain::selected(look.cluster, service).is_empty() => {
                    let near = explain::nearest(look.cluster, service).is_some_and(|miss| miss.pod == key);
                    tone = if near && !look.options.quiet { Tone::Bad } else { tone };
                }
                _ => {}
            }
        }
        tone
    };
    let all = pod.string_map(&["metadata", "labels"]);
    all.into_iter().map(|(key, value)| Chip { text: format!("{key}={value}"), tone: wanted(key, value) }).collect()
}

/// What the pod listens on, or the port that a Service asks for in vain.
fn ports(look: &Look<'_>, pod: &Object) -> Line {
    let key = ObjectKey::of(&api::pod::KIND, pod);
    if let Some(number) = asked_in_vain(look, pod, &key) {
        return Line::words(Tone::Bad, format!("nothing listens on {number}"));
    }
    let mut heard: Vec<String> = look
        .cluster
        .listeners(&key)
        .iter()
        .map(|l| {
            let only = if l.localhost_only { " on localhost only" } else { "" };
            format!("{}/{}{only}", l.port, l.protocol.as_str())
        })
        .collect();
    heard.dedup();
    let words =
        if heard.is_empty() { "listens on no port".to_owned() } else { format!("listens on {}", heard.join(", ")) };
    Line::words(Tone::Plain, words)
}

fn asked_in_vain(look: &Look<'_>, pod: &Object, key: &ObjectKey) -> Option<u16> {
    look.services().filter(|service| service.namespace() == pod.namespace()).find_map(|service| {
        api::service::ports(service).into_iter().find_map(|port| {
            let deaf = |b: &Backend| b.state == State::Deaf && b.pod.as_ref() == Some(key);
            Some(look.backends(service, &port).into_iter().find(deaf)?.port)
        })
    })
}
