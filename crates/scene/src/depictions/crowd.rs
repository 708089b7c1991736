//! Many pods as one figure: on each node those of a workload, of a namespace, or all of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::{Object, ObjectKey};

use super::{Band, Drawing, blank, pod};
use crate::figure::{Chip, Figure, FigureId, Line, Member, Shape, Tone};
use crate::look::{Grouping, Look};
use crate::verdict;

/// More figures than this are not taken in at a glance.
const MOST: usize = 24;

/// Pods that one figure stands for.
pub(super) struct Group<'a> {
    /// What they have in common, as a title.
    name: String,
    /// Where they are.
    node: &'a str,
    pub(super) pods: Vec<&'a Arc<Object>>,
}

/// The groups that the picture has; `None` when each pod stands for itself.
pub(super) fn groups<'a>(look: &Look<'a>) -> Option<Vec<Group<'a>>> {
    let pods: Vec<&Arc<Object>> = look.pods().collect();
    let by = |grouping| group(&pods, grouping);
    match look.options.grouping {
        Grouping::Pods => None,
        Grouping::Auto if pods.len() <= MOST => None,
        Grouping::Auto => {
            let finer = [Grouping::Workload, Grouping::Namespace].into_iter().map(by);
            Some(finer.into_iter().find(|groups| groups.len() <= MOST).unwrap_or_else(|| by(Grouping::Node)))
        }
        grouping => Some(by(grouping)),
    }
}

fn group<'a>(pods: &[&'a Arc<Object>], grouping: Grouping) -> Vec<Group<'a>> {
    let mut groups: BTreeMap<(&str, String), Vec<&'a Arc<Object>>> = BTreeMap::new();
    for pod in pods {
        let name = match grouping {
            Grouping::Namespace => format!("namespace {}", pod.namespace()),
            Grouping::Node => "all pods".to_owned(),
            _ => workload(pod),
        };
        groups.entry((pod.str(&["spec", "nodeName"]), name)).or_default().push(pod);
    }
    groups.into_iter().map(|((node, name), pods)| Group { name, node, pods }).collect()
}

/// What made a pod: a Deployment's name rather than its ReplicaSet's.
fn workload(pod: &Object) -> String {
    let owner = pod.controller().and_then(|owner| owner.get("name")?.as_str()).unwrap_or(pod.name());
    let hash = pod.string_map(&["metadata", "labels"]).get("pod-template-hash").map(|hash| format!("-{hash}"));
    let name = hash.and_then(|hash| owner.strip_suffix(&hash)).unwrap_or(owner);
    match pod.namespace() {
        "default" => name.to_owned(),
        namespace => format!("{namespace}/{name}"),
    }
}

/// Draws a group.
pub(super) fn draw(_look: &Look<'_>, group: &Group<'_>) -> Drawing {
    let crowd: Vec<Member> = group
        .pods
        .iter()
        .map(|pod| Member { object: ObjectKey::of(&api::pod::KIND, pod), tone: verdict::pod_state(pod).0 })
        .collect();
    let count = |tone: Tone| crowd.iter().filter(|member| member.tone == tone).count();
    let parts = [
        (Tone::Good, "ready"),
        (Tone::Waiting, "not ready"),
        (Tone::Bad, "broken"),
        (Tone::Leaving, "terminating"),
        (Tone::Plain, "ended"),
    ];
    let counts: Vec<String> = parts
        .iter()
        .filter(|(tone, _)| count(*tone) > 0)
        .map(|(tone, word)| format!("{} {word}", count(*tone)))
        .collect();
    let counts = counts.join(", ");
    // What is on its way out is as it should be.
    let worst = [Tone::Bad, Tone::Waiting].into_iter().find(|tone| count(*tone) > 0).unwrap_or(Tone::Good);
    let place = if group.node.is_empty() { "on no node yet".to_owned() } else { format!("on node {}", group.node) };
    let shared = shared_labels(&group.pods);
    let tags: Vec<&str> = shared.iter().map(|chip| chip.text.as_str()).collect();
    let tags = if tags.is_empty() { String::new() } else { format!(", all with {}", tags.join(", ")) };
    let figure = Figure {
        id: FigureId(format!("crowd/{}/{}", group.node, group.name).into()),
        badge: format!("{} pods", crowd.len()),
        tone: worst,
        words: format!("{} pods of {} {place}: {counts}{tags}", crowd.len(), group.name),
        lines: vec![Line::words(worst, counts), Line { chips: shared, ..Line::default() }],
        crowd,
        ..blank(Shape::Crowd, &group.name)
    };
    let machine = group.pods.first().and_then(|pod| pod::machine(pod));
    Drawing { band: Band::OnMachine, machine, figure }
}

/// The labels that all of them have, but for those that only say which copy it is.
fn shared_labels(pods: &[&Arc<Object>]) -> Vec<Chip> {
    let Some((first, rest)) = pods.split_first() else { return Vec::new() };
    let labels = first.string_map(&["metadata", "labels"]).into_iter();
    labels
        .filter(|(key, _)| *key != "pod-template-hash")
        .filter(|(key, value)| {
            rest.iter().all(|pod| pod.labels().and_then(|labels| labels.get(*key)?.as_str()) == Some(*value))
        })
        .map(|(key, value)| Chip { text: format!("{key}={value}"), tone: Tone::Plain })
        .collect()
}
