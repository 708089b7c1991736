//! kubectl's `--field-selector`. Models apimachinery `pkg/fields` and each kind's `GetAttrs`.

use crate::kind::cell_text;
use crate::{Kind, Object};

/// One comparison of a field with a text.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Term {
    field: String,
    equal: bool,
    value: String,
}

/// Comparisons that must all hold.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FieldSelector {
    terms: Vec<Term>,
}

impl FieldSelector {
    /// Reads a selector such as `status.phase=Running,metadata.name!=web`.
    ///
    /// # Errors
    /// What the server says of a bad one, without what kubectl puts before it. Fields are not looked at here:
    /// see [`FieldSelector::unsupported`].
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut terms = Vec::new();
        for part in split(text).iter().filter(|part| !part.is_empty()) {
            let operators = [("!=", false), ("==", true), ("=", true)];
            let found = (0..part.len()).find_map(|at| {
                let rest = part.get(at..)?;
                operators.iter().find(|(word, _)| rest.starts_with(word)).map(|(word, equal)| (at, *word, *equal))
            });
            let Some((at, word, equal)) = found else {
                return Err(format!("invalid selector: '{text}'; can't understand '{part}'"));
            };
            let value = part.get(at + word.len()..).unwrap_or_default();
            terms.push(Term { field: part.get(..at).unwrap_or_default().to_owned(), equal, value: unescape(value) });
        }
        Ok(Self { terms })
    }

    /// The first field that a kind's objects cannot be selected by.
    #[must_use]
    pub fn unsupported(&self, kind: &Kind) -> Option<&str> {
        let fields = selectable(kind);
        self.terms.iter().map(|term| term.field.as_str()).find(|field| !fields.contains(field))
    }

    /// Whether an object meets every comparison.
    #[must_use]
    pub fn matches(&self, object: &Object) -> bool {
        self.terms.iter().all(|term| (value(object, &term.field) == term.value) == term.equal)
    }

    /// Whether it selects everything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }
}

/// The fields a kind's objects can be selected by, `metadata.name` and (in namespaces) `metadata.namespace` first.
#[must_use]
pub fn selectable(kind: &Kind) -> Vec<&'static str> {
    let mut fields = vec!["metadata.name"];
    if kind.namespaced || *kind == crate::namespace::KIND {
        fields.push("metadata.namespace");
    }
    fields.extend_from_slice(match (kind.group, kind.kind) {
        ("", "Pod") => &[
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "spec.hostNetwork",
            "status.phase",
            "status.podIP",
            "status.podIPs",
            "status.nominatedNodeName",
        ],
        ("", "Service") => &["spec.clusterIP", "spec.type"],
        ("", "Namespace") => &["status.phase", "name"],
        ("", "Node") => &["spec.unschedulable"],
        ("", "Secret") => &["type"],
        ("apps", "ReplicaSet") => &["status.replicas"],
        ("batch", "Job") => &["status.successful"],
        ("", "Event") => &[
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "source",
            "type",
        ],
        _ => &[],
    });
    fields
}

fn value(object: &Object, field: &str) -> String {
    match field {
        "name" => object.name().to_owned(),
        "source" => object.str(&["source", "component"]).to_owned(),
        "status.successful" => object.int(&["status", "succeeded"]).unwrap_or(0).to_string(),
        "status.podIPs" => cell_text(object.list(&["status", "podIPs"]).first().and_then(|ip| ip.get("ip"))),
        _ => {
            let path: Vec<&str> = field.split('.').collect();
            let absent = match field {
                "spec.unschedulable" | "spec.hostNetwork" => "false",
                "status.replicas" => "0",
                _ => "",
            };
            object.at(&path).map_or_else(|| absent.to_owned(), |value| cell_text(Some(value)))
        }
    }
}

/// The comparisons of a text: parted by commas that no backslash precedes.
fn split(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut escaped = false;
    for c in text.chars() {
        if c == ',' && !escaped {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(c);
        }
        escaped = c == '\\' && !escaped;
    }
    parts
}

fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        plain.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    plain
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn comparisons_must_all_hold() {
        let pod = Object::new(json!({"metadata": {"name": "web"}, "status": {"phase": "Running"}}));
        for (text, want) in [
            ("", true),
            ("status.phase=Running", true),
            ("status.phase==Running,metadata.name!=web", false),
            ("spec.nodeName=", true),
            ("spec.hostNetwork=false", true),
        ] {
            let selector = FieldSelector::parse(text).unwrap();
            assert_eq!(selector.unsupported(&crate::pod::KIND), None, "{text}");
            assert_eq!(selector.matches(&pod), want, "{text}");
        }
    }

    #[test]
    fn bad_ones_are_refused() {
        let text = "metadata.name in (web-1)";
        let want = format!("invalid selector: '{text}'; can't understand '{text}'");
        assert_eq!(FieldSelector::parse(text).unwrap_err(), want);
        let selector = FieldSelector::parse("metadata.labels.app=web").unwrap();
        assert_eq!(selector.unsupported(&crate::pod::KIND), Some("metadata.labels.app"));
    }
}
