//! Fields that Kubernetes acts on and this simulator only keeps: what is not supported is said.

mod simulated;

use api::{Kind, Object, Path, Segment, Value};
use cluster::controllers::CONTROLLERS;

use super::Check;
use crate::{Report, View};

pub(super) struct Unsimulated;

impl Check for Unsimulated {
    fn code(&self) -> &'static str {
        "unsimulated"
    }

    fn concerns(&self, kind: &Kind) -> bool {
        simulated::TABLE.iter().any(|entry| entry.kind == kind)
    }

    fn check(&self, _: &View<'_>, object: &Object, report: &mut Report<'_>) {
        let entry = simulated::TABLE
            .iter()
            .find(|e| e.kind.kind == object.kind() && e.kind.api_version() == object.api_version());
        let Some(entry) = entry.filter(|_| object.controller().is_none()) else { return };
        let kind = entry.kind.kind;
        if entry.needs_controller && !has_controller(entry.kind) {
            report.hint(
                Path::new("kind"),
                format!("Nothing here acts on a {kind}: it is kept and printed back."),
                "In a real cluster a controller would. This playground does not simulate it.",
            );
            return;
        }
        for path in written(entry, object) {
            let field = path.last().map(|segment| match segment {
                Segment::Field(name) | Segment::Key(name) => name.clone(),
                Segment::Index(index) => index.to_string(),
            });
            let field = field.unwrap_or_default();
            report.hint(
                path,
                format!("{field} has no effect here: it is kept and printed back."),
                "Kubernetes acts on it. This playground does not simulate it.",
            );
        }
    }
}

/// Whether a controller of this name runs: `statefulset-controller`, `stateful-set-controller`.
fn has_controller(kind: &Kind) -> bool {
    CONTROLLERS.iter().any(|controller| controller.name().replace('-', "").contains(kind.singular))
}

/// The fields that are not simulated and that defaulting would not have set by itself.
fn written(entry: &simulated::Entry, object: &Object) -> Vec<Path> {
    let mut found = Vec::new();
    for (name, value) in object.fields() {
        if !matches!(name, "apiVersion" | "kind" | "metadata" | "status") {
            look(entry, value, &Path::new(name), name, &mut found);
        }
    }
    if found.is_empty() {
        return found;
    }
    let full = object.to_value();
    let mut bare = full.clone();
    for path in &found {
        remove(&mut bare, &path.segments());
    }
    let mut bare = Object::new(bare);
    entry.kind.strategy.default(&mut bare);
    let bare = bare.into_value();
    found.retain(|path| get(&bare, &path.segments()) != get(&full, &path.segments()));
    found
}

/// Collects what lies below `value` and is not in the table; `name` is the path without indices.
fn look(entry: &simulated::Entry, value: &Value, path: &Path, name: &str, found: &mut Vec<Path>) {
    let empty = value.as_object().is_some_and(api::Map::is_empty) || value.as_array().is_some_and(Vec::is_empty);
    if empty || value.is_null() || value == "" || entry.holds(name) {
        return;
    }
    if !entry.reaches_below(name) {
        found.push(path.clone());
        return;
    }
    match value {
        Value::Object(fields) => {
            for (field, value) in fields.iter().filter(|_| !is_token(fields)) {
                look(entry, value, &path.child(field), &format!("{name}.{field}"), found);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                look(entry, item, &path.index(at), name, found);
            }
        }
        _ => {}
    }
}

/// The volume that admission adds to every pod.
fn is_token(fields: &api::Map<String, Value>) -> bool {
    fields.get("name").and_then(Value::as_str).is_some_and(|name| name.starts_with("kube-api-access-"))
}

fn get<'a>(value: &'a Value, path: &[&Segment]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, segment| match segment {
        Segment::Field(name) | Segment::Key(name) => value.get(name),
        Segment::Index(index) => value.get(index),
    })
}

fn remove(value: &mut Value, path: &[&Segment]) {
    let Some((&Segment::Field(last), parents)) = path.split_last() else { return };
    let parent = parents.iter().try_fold(value, |value, segment| match segment {
        Segment::Field(name) | Segment::Key(name) => value.get_mut(name),
        Segment::Index(index) => value.get_mut(index),
    });
    if let Some(fields) = parent.and_then(Value::as_object_mut) {
        fields.remove(last);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{deployment, lines, pod, service};

    const CODE: &str = "unsimulated";

    #[test]
    fn what_defaulting_and_admission_set_is_nobodys_mistake() {
        let yaml = pod("web", "app: web", "nginx")
            + &deployment("web", "", "app: shop", "nginx")
            + &service("web", "selector: {app: web}, ports: [{port: 80}], type: NodePort, sessionAffinity: ClientIP");
        assert_eq!(lines(CODE, &yaml), [""; 0]);
    }

    #[test]
    fn every_field_without_effect_is_named_once() {
        let yaml =
            deployment("web", "", "app: web", "nginx, securityContext: {runAsUser: 1}, terminationMessagePath: /x");
        assert_eq!(
            lines(CODE, &yaml),
            [
                "spec.template.spec.containers[0].securityContext: securityContext has no effect here: it is kept and \
                 printed back.",
                "spec.template.spec.containers[0].terminationMessagePath: terminationMessagePath has no effect here: it is \
                 kept and printed back.",
            ]
        );
        // What is written as the default would be has nothing to lose.
        let yaml = yaml.replace("/x", "/dev/termination-log");
        assert_eq!(lines(CODE, &yaml).len(), 1);
    }

    #[test]
    fn a_kind_that_nobody_acts_on_is_named_as_a_whole() {
        let yaml = "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: web}\n\
                    spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}\n";
        assert_eq!(
            lines(CODE, yaml),
            ["kind: Nothing here acts on a HorizontalPodAutoscaler: it is kept and printed back."]
        );
    }
}
