//! Event: what somebody wants to have said about an object.

use crate::Object;
use crate::kind::{Column, Kind, Plain, age};

/// The registry entry.
pub static KIND: Kind = Kind {
    group: "",
    version: "v1",
    kind: "Event",
    plural: "events",
    singular: "event",
    short_names: &["ev"],
    categories: &[],
    namespaced: true,
    strategy: &Plain::DATA,
    columns: &[
        Column { name: "LAST SEEN", wide: false, cell: |event, now| age(last_seen(event), now) },
        Column { name: "TYPE", wide: false, cell: |event, _| event.str(&["type"]).to_owned() },
        Column { name: "REASON", wide: false, cell: |event, _| event.str(&["reason"]).to_owned() },
        Column { name: "OBJECT", wide: false, cell: |event, _| involved(event) },
        Column {
            name: "SUBOBJECT",
            wide: true,
            cell: |event, _| event.str(&["involvedObject", "fieldPath"]).to_owned(),
        },
        Column { name: "SOURCE", wide: true, cell: |event, _| source(event) },
        Column { name: "MESSAGE", wide: false, cell: |event, _| event.str(&["message"]).trim().to_owned() },
        Column { name: "FIRST SEEN", wide: true, cell: |event, now| age(first_seen(event), now) },
        Column { name: "COUNT", wide: true, cell: |event, _| count(event).to_string() },
        Column { name: "NAME", wide: true, cell: |event, _| event.name().to_owned() },
    ],
};

/// When it happened last, as RFC 3339. Models `printEvent`.
#[must_use]
pub fn last_seen(event: &Object) -> &str {
    let times = [event.str(&["series", "lastObservedTime"]), event.str(&["lastTimestamp"]), first_seen(event)];
    times.into_iter().find(|time| !time.is_empty()).unwrap_or_default()
}

/// When it happened first, as RFC 3339.
#[must_use]
pub fn first_seen(event: &Object) -> &str {
    let time = event.str(&["firstTimestamp"]);
    if time.is_empty() { event.str(&["eventTime"]) } else { time }
}

/// How often it happened.
#[must_use]
pub fn count(event: &Object) -> i64 {
    event.int(&["series", "count"]).or_else(|| event.int(&["count"])).filter(|count| *count > 0).unwrap_or(1)
}

fn involved(event: &Object) -> String {
    let kind = event.str(&["involvedObject", "kind"]).to_ascii_lowercase();
    let name = event.str(&["involvedObject", "name"]);
    if name.is_empty() { kind } else { format!("{kind}/{name}") }
}

/// Models `formatEventSource`.
fn source(event: &Object) -> String {
    let text = |of: &[&str], or: &[&str]| {
        let first = event.str(of);
        if first.is_empty() { event.str(or).to_owned() } else { first.to_owned() }
    };
    let component = text(&["source", "component"], &["reportingComponent"]);
    let instance = text(&["source", "host"], &["reportingInstance"]);
    if instance.is_empty() { component } else { format!("{component}, {instance}") }
}
