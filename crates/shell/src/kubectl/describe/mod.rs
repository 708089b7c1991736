//! What `kubectl describe` says of an object. Models `pkg/describe`.

mod endpoints;
mod generic;
mod namespace;
mod pod;
mod service;
mod template;

use api::kind::Now;
use api::{Kind, Object, Value};
use cluster::Cluster;

use super::tabwriter;
pub use template::pod_template;

/// What a describer may look at.
pub struct View<'a> {
    /// The cluster.
    pub cluster: &'a Cluster,
    /// The moment of describing.
    pub now: Now,
    /// Whether events are shown.
    pub events: bool,
}

/// Describes the objects of one kind.
type Describer = fn(&Object, &View<'_>) -> Text;

/// The describers; every other kind is described by its fields.
static DESCRIBERS: &[(&Kind, Describer)] = &[
    (&api::endpoints::KIND, endpoints::describe),
    (&api::namespace::KIND, namespace::describe),
    (&api::pod::KIND, pod::describe),
    (&api::service::KIND, service::describe),
];

/// The description of an object.
#[must_use]
pub fn describe(kind: &Kind, object: &Object, view: &View<'_>) -> String {
    let found = DESCRIBERS.iter().find(|(known, _)| *known == kind).map(|(_, describer)| *describer);
    found.unwrap_or(generic::describe)(object, view).finish()
}

/// A description under way: lines of cells, indented by level.
#[derive(Default)]
pub struct Text(String);

impl Text {
    /// A line; cells are parted by tabs.
    pub(super) fn line(&mut self, level: usize, cells: impl AsRef<str>) {
        self.0.push_str(&"  ".repeat(level));
        self.0.push_str(cells.as_ref());
        self.0.push('\n');
    }

    /// A field and its value.
    fn field(&mut self, level: usize, name: &str, value: impl AsRef<str>) {
        self.line(level, format!("{name}:\t{}", value.as_ref()));
    }

    /// A field, unless it is empty.
    fn field_if(&mut self, level: usize, name: &str, value: &str) {
        if !value.is_empty() {
            self.field(level, name, value);
        }
    }

    /// Name, namespace, labels and annotations.
    fn head(&mut self, object: &Object) {
        self.field(0, "Name", object.name());
        if !object.namespace().is_empty() {
            self.field(0, "Namespace", object.namespace());
        }
    }

    /// Models `printLabelsMultiline`.
    fn labels(&mut self, title: &str, map: Option<&api::Map<String, Value>>) {
        let pairs: Vec<String> =
            map.into_iter().flatten().map(|(key, value)| format!("{key}={}", api::go::format(value))).collect();
        self.many(title, &pairs);
    }

    /// Lines below one title; `<none>` without any.
    fn many(&mut self, title: &str, lines: &[String]) {
        match lines.split_first() {
            None => self.field(0, title, "<none>"),
            Some((first, rest)) => {
                self.field(0, title, first);
                rest.iter().for_each(|line| self.line(0, format!("\t{line}")));
            }
        }
    }

    /// Models `printAnnotationsMultiline`.
    fn annotations(&mut self, object: &Object) {
        const LONGEST: usize = 140;
        let shorten = |text: &str, most: usize| match text.char_indices().nth(most) {
            Some((end, _)) => format!("{}...", &text[..end]),
            None => text.to_owned(),
        };
        let mut lines = Vec::new();
        for (key, value) in object.string_map(&["metadata", "annotations"]) {
            let value = value.strip_suffix('\n').unwrap_or(value);
            if key == "kubectl.kubernetes.io/last-applied-configuration" {
                continue;
            }
            if key.len() + value.len() + 2 > LONGEST || value.contains('\n') {
                lines.push(format!("{key}:"));
                lines.extend(value.split('\n').map(|part| format!("  {}", shorten(part, LONGEST - 2))));
            } else {
                lines.push(format!("{key}: {value}"));
            }
        }
        self.many("Annotations", &lines);
    }

    /// Models `DescribeEvents`.
    fn events(&mut self, object: &Object, view: &View<'_>) {
        if !view.events {
            return;
        }
        let events = events_of(object, view.cluster);
        if events.is_empty() {
            self.field(0, "Events", "<none>");
            return;
        }
        self.line(0, "Events:");
        self.line(1, "Type\tReason\tAge\tFrom\tMessage");
        self.line(1, "----\t------\t----\t----\t-------");
        for event in events {
            let age = |field: &str| api::kind::age(event.str(&[field]), view.now);
            let count = event.int(&["count"]).unwrap_or(1);
            let age = if count > 1 {
                format!("{} (x{count} over {})", age("lastTimestamp"), age("firstTimestamp"))
            } else if event.str(&["firstTimestamp"]).is_empty() {
                age("eventTime")
            } else {
                age("firstTimestamp")
            };
            let from = [event.str(&["source", "component"]), event.str(&["reportingComponent"])];
            let from = from.into_iter().find(|from| !from.is_empty()).unwrap_or_default();
            let place = event.str(&["involvedObject", "fieldPath"]);
            let message = event.str(&["message"]).trim();
            let message = if place.is_empty() { message.to_owned() } else { format!("{place}: {message}") };
            let words = [event.str(&["type"]), event.str(&["reason"]), &age, from, &message].join("\t");
            self.line(1, words);
        }
    }

    fn finish(self) -> String {
        tabwriter::align(&self.0, 0, 2)
    }
}

/// The events about an object, oldest first.
#[must_use]
pub fn events_of(object: &Object, cluster: &Cluster) -> Vec<Object> {
    let namespace = if object.namespace().is_empty() { "default" } else { object.namespace() };
    let about = |event: &&std::sync::Arc<Object>| {
        event.str(&["involvedObject", "name"]) == object.name()
            && event.str(&["involvedObject", "kind"]) == object.kind()
            && [object.uid(), ""].contains(&event.str(&["involvedObject", "uid"]))
    };
    let mut all: Vec<Object> =
        cluster.list(&api::event::KIND, Some(namespace)).filter(about).map(|event| (**event).clone()).collect();
    all.sort_by(|a, b| a.str(&["lastTimestamp"]).cmp(b.str(&["lastTimestamp"])));
    all
}

/// The text, or a dash word when there is none.
fn or_none(text: &str) -> &str {
    if text.is_empty() { "<none>" } else { text }
}
