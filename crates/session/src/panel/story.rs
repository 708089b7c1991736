//! How an object came to be and what became of it: the log of changes with what each came of.

use api::arrange::Arrange;
use api::{Object, ObjectKey, Value};
use cluster::explain;
use cluster::store::{Change, WatchEvent};
use cluster::{Cluster, Instant};
use scene::Tone;

use crate::time::time_of_day;

/// One change of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Chapter {
    /// When, as a time of day.
    pub time: String,
    /// The same as a moment that can be gone back to.
    pub at: Instant,
    /// What happened: `kubelet changed status.phase`.
    pub text: String,
    /// What it came of, nearest first: `default-scheduler changed Pod web`.
    pub because: Vec<String>,
}

/// What was said of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Said {
    /// When last, as a time of day.
    pub time: String,
    /// What.
    pub text: String,
    /// How bad it is.
    pub tone: Tone,
}

/// So many changes are told: the first ones and the newest.
const MOST: usize = 24;
/// So many fields of a change are named.
const FIELDS: usize = 3;

/// The changes of an object, oldest first.
#[must_use]
pub fn story(cluster: &Cluster, key: &ObjectKey) -> Vec<Chapter> {
    let changes: Vec<&WatchEvent> = cluster.store().log().iter().filter(|event| event.key == *key).collect();
    let skipped = changes.len().saturating_sub(MOST);
    let (first, newest) = changes.split_at(changes.len().min(MOST / 2));
    let newest = newest.get(skipped..).unwrap_or_default();
    first.iter().chain(newest).map(|event| chapter(cluster, event)).collect()
}

fn chapter(cluster: &Cluster, event: &WatchEvent) -> Chapter {
    let who = if event.cause.is_none() { "you" } else { &*event.actor };
    let text = match (event.change, &event.old) {
        (Change::Added, _) => format!("{who} made it"),
        (Change::Deleted, _) => format!("{who} deleted it"),
        (Change::Modified, Some(old)) => format!("{who} changed {}", fields(old, &event.object)),
        (Change::Modified, None) => format!("{who} changed it"),
    };
    let causes = explain::causes(cluster, event.revision).into_iter().skip(1);
    let because =
        causes.filter(|cause| cause.key != event.key || cause.cause.is_none()).map(crate::time::timeline::words);
    Chapter { time: time_of_day(event.at), at: event.at, text, because: because.collect() }
}

/// The fields that differ, the first of them by name.
fn fields(old: &Object, new: &Object) -> String {
    let mut found = Vec::new();
    for (name, value) in new.fields() {
        match old.at(&[name]) {
            Some(before) => differing(before, value, name, &mut found),
            None => found.push(name.to_owned()),
        }
    }
    found.extend(old.fields().map(|(name, _)| name.to_owned()).filter(|name| new.at(&[name]).is_none()));
    found.retain(|path| {
        !matches!(path.as_str(), "metadata.resourceVersion" | "metadata.generation")
            && !path.starts_with("metadata.managedFields")
    });
    let more = found.len().saturating_sub(FIELDS);
    found.truncate(FIELDS);
    match (found.is_empty(), more) {
        (true, _) => "nothing that one sees".to_owned(),
        (false, 0) => found.join(", "),
        (false, more) => format!("{} and {more} more", found.join(", ")),
    }
}

/// The paths at which two values differ, lists as a whole.
fn differing(old: &Value, new: &Value, path: &str, found: &mut Vec<String>) {
    match (old, new) {
        _ if old == new => {}
        (Value::Object(old), Value::Object(new)) => {
            for (name, value) in new {
                let path = format!("{path}.{name}");
                match old.get(name) {
                    Some(before) => differing(before, value, &path, found),
                    None => found.push(path),
                }
            }
            found.extend(old.keys().filter(|name| !new.contains_key(*name)).map(|name| format!("{path}.{name}")));
        }
        _ => found.push(path.to_owned()),
    }
}

/// The events about an object, oldest first.
#[must_use]
pub fn events(cluster: &Cluster, object: &Object) -> Vec<Said> {
    let mut events: Vec<&Object> = cluster.store().events_about(object.uid()).map(AsRef::as_ref).collect();
    events.arrange_by_key(|event| (event.str(&["lastTimestamp"]), event.resource_version()));
    let said = events.into_iter().map(|event| {
        let count = api::event::count(event);
        let times = if count > 1 { format!(" ({count} times)") } else { String::new() };
        Said {
            time: event.str(&["lastTimestamp"]).get(11..19).unwrap_or_default().to_owned(),
            text: format!("{}: {}{times}", event.str(&["reason"]), event.str(&["message"])),
            tone: if event.str(&["type"]) == "Warning" { Tone::Bad } else { Tone::Plain },
        }
    });
    said.collect()
}

#[cfg(test)]
mod tests {
    use api::json;

    use super::*;

    #[test]
    fn only_what_differs_is_named() {
        let old = Object::new(json!({"metadata": {"resourceVersion": "1"}, "spec": {"a": 1, "b": [1], "c": {"d": 1}}}));
        for (new, want) in [
            (json!({"metadata": {"resourceVersion": "2"}, "spec": {"a": 2, "b": [1], "c": {"d": 1}}}), "spec.a"),
            (
                json!({"metadata": {"resourceVersion": "2"}, "spec": {"a": 1, "b": [1], "c": {"d": 1}}}),
                "nothing that one sees",
            ),
            (
                json!({"metadata": {}, "spec": {"a": 2, "b": [2], "c": {"d": 2}}, "status": {}}),
                "spec.a, spec.b, spec.c.d and 1 more",
            ),
            (json!({"metadata": {"resourceVersion": "1"}, "spec": {"a": 1, "b": [1]}}), "spec.c"),
        ] {
            assert_eq!(fields(&old, &Object::new(new.clone())), want, "{new}");
        }
    }
}
