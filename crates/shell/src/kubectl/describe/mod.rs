//! What `kubectl describe` says of an object. Models `pkg/describe`.

mod config;
mod containers;
mod endpoints;
mod generic;
mod ingress;
mod namespace;
mod network_policy;
mod node;
mod pod;
mod scaling;
mod service;
mod text;
mod volumes;
mod workloads;

use api::arrange::Arrange;
use api::kind::Now;
use api::{Kind, Object, Value};
use cluster::Cluster;

pub use pod::pod_template;
pub use text::Text;

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

/// The describers; every other kind is described by its fields. Models `describerMap`.
static DESCRIBERS: &[(&Kind, Describer)] = &[
    (&api::config_map::KIND, config::config_map),
    (&api::daemon_set::KIND, workloads::daemon_set),
    (&api::deployment::KIND, workloads::deployment),
    (&api::endpoint_slice::KIND, endpoints::slice),
    (&api::endpoints::KIND, endpoints::describe),
    (&api::horizontal_pod_autoscaler::KIND, scaling::describe),
    (&api::ingress::KIND, ingress::describe),
    (&api::ingress_class::KIND, ingress::class),
    (&api::job::KIND, workloads::job),
    (&api::namespace::KIND, namespace::describe),
    (&api::network_policy::KIND, network_policy::describe),
    (&api::node::KIND, node::describe),
    (&api::pod::KIND, pod::describe),
    (&api::replica_set::KIND, workloads::replica_set),
    (&api::secret::KIND, config::secret),
    (&api::service::KIND, service::describe),
    (&api::service_account::KIND, config::service_account),
    (&api::stateful_set::KIND, workloads::stateful_set),
];

/// The description of an object.
#[must_use]
pub fn describe(kind: &Kind, object: &Object, view: &View<'_>) -> String {
    let found = DESCRIBERS.iter().find(|(known, _)| *known == kind).map(|(_, describer)| *describer);
    found.unwrap_or(generic::describe)(object, view).finish()
}

/// The events about an object, oldest first. Models `searchEvents`.
#[must_use]
pub fn events_of(object: &Object, cluster: &Cluster) -> Vec<Object> {
    let namespace = if object.namespace().is_empty() { "default" } else { object.namespace() };
    // What the kubelet says of a node carries the node's name for a uid.
    let node = if object.kind() == api::node::KIND.kind { object.name() } else { "" };
    let about = |event: &&std::sync::Arc<Object>| {
        event.str(&["involvedObject", "name"]) == object.name()
            && event.str(&["involvedObject", "kind"]) == object.kind()
            && [object.uid(), node, ""].contains(&event.str(&["involvedObject", "uid"]))
    };
    let mut all: Vec<Object> =
        cluster.list(&api::event::KIND, Some(namespace)).filter(about).map(|event| (**event).clone()).collect();
    all.arrange_by(|a, b| a.str(&["lastTimestamp"]).cmp(b.str(&["lastTimestamp"])));
    all
}

/// The text, or a dash word when there is none.
fn or_none(text: &str) -> &str {
    if text.is_empty() { "<none>" } else { text }
}

/// A field of a tree as text; empty when it is not there.
fn word(value: &Value, field: &str) -> String {
    value.get(field).map(api::go::format).unwrap_or_default()
}

/// A field of a tree as a list; empty when it is not there.
fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value.get(field).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A list of scalars as texts.
fn strings(value: &Value, field: &str) -> Vec<String> {
    list(value, field).iter().map(api::go::format).collect()
}

/// A time as Go prints it by RFC 1123 with a numeric zone.
fn time(value: Option<&Value>) -> String {
    let seconds = value.and_then(Value::as_str).and_then(api::time::parse_rfc3339);
    seconds.map_or_else(|| "Mon, 01 Jan 0001 00:00:00 +0000".to_owned(), api::time::format_rfc1123z)
}

/// `Deployment/web` of what controls an object.
fn controller(text: &mut Text, object: &Object) {
    if let Some(owner) = object.controller() {
        text.field(0, "Controlled By", format!("{}/{}", word(owner, "kind"), word(owner, "name")));
    }
}
