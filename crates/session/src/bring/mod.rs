//! A scene of a real cluster, from what `kubectl get ... -o yaml` printed there: what a learner would have applied to
//! get it, without what the cluster itself added, and a list of what had to be left out or changed.

mod clean;
mod stand_in;

pub(crate) use clean::containers;

use std::collections::BTreeSet;

use api::{Kind, Value, object::lookup};

/// A real cluster's objects as manifests for this one.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Brought {
    /// The manifests, as one stream.
    pub text: String,
    /// What is not as it was there.
    pub remarks: Vec<Remark>,
}

/// Something left out or changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Remark {
    /// Which object, as `kubectl` names it: `pod/web-1`.
    pub object: String,
    /// What became of it, and why.
    pub words: String,
}

/// Namespaces that every cluster fills by itself.
const SYSTEM: [&str; 3] = ["kube-system", "kube-public", "kube-node-lease"];

/// Reads what was pasted: objects, or Lists of them, as YAML or JSON.
///
/// # Errors
/// When nothing in the text is an object, or some of it cannot be read: the first reason, in words.
pub fn bring(text: &str) -> Result<Brought, String> {
    let stream = manifest::parse(text);
    if let Some(error) = stream.errors().next() {
        return Err(format!("line {}: {}", error.span().start.line + 1, error.friendly()));
    }
    let objects: Vec<Value> = objects(&stream).cloned().collect();
    if objects.is_empty() {
        return Err("there is no object in it: paste what kubectl get ... -o yaml printed".to_owned());
    }
    let there: BTreeSet<(String, String, String)> =
        objects.iter().map(|object| (str(object, &["kind"]), namespace(object), name(object))).collect();
    let told = stand_in::told(&objects);
    let mut brought = Brought::default();
    for mut object in objects {
        let mut remark = Said { object: shown(&object), remarks: &mut brought.remarks };
        let Some(kind) = Kind::of_manifest(&str(&object, &["apiVersion"]), &str(&object, &["kind"])) else {
            remark.say("left out: the playground does not simulate this kind".to_owned());
            continue;
        };
        match own(&object, kind, &there) {
            Some(Own::Silently) => continue,
            Some(Own::Saying(why)) => {
                remark.say(why);
                continue;
            }
            None => {}
        }
        clean::clean(&mut object, kind, &mut remark);
        stand_in::images(&mut object, &told, &mut remark);
        if !brought.text.is_empty() {
            brought.text.push_str("---\n");
        }
        brought.text.push_str(&manifest::to_yaml(&object));
    }
    if brought.text.is_empty() {
        return Err(
            "every object in it is made by the cluster itself: paste Services, Deployments, Pods as well".to_owned()
        );
    }
    Ok(brought)
}

/// The objects of a stream, those of its Lists among them.
pub(crate) fn objects(stream: &manifest::Stream) -> impl Iterator<Item = &Value> {
    let values = stream.documents.iter().filter_map(manifest::Document::value);
    let apart = |value| api::object::items(value).map_or(std::slice::from_ref(value), Vec::as_slice);
    values.flat_map(apart).filter(|value| value.is_object())
}

/// Collects what is said about one object.
struct Said<'a> {
    object: String,
    remarks: &'a mut Vec<Remark>,
}

impl Said<'_> {
    fn say(&mut self, words: String) {
        self.remarks.push(Remark { object: self.object.clone(), words });
    }
}

/// Why an object is not for the learner to make.
enum Own {
    /// Every cluster has it.
    Silently,
    /// Something else makes it, or this cluster has another.
    Saying(String),
}

fn own(object: &Value, kind: &Kind, there: &BTreeSet<(String, String, String)>) -> Option<Own> {
    let (name, namespace) = (name(object), namespace(object));
    if SYSTEM.contains(&namespace.as_str()) || (kind.kind == "Namespace" && is_given_namespace(&name)) {
        return Some(Own::Silently);
    }
    let given = [("Service", "kubernetes"), ("Endpoints", "kubernetes"), ("EndpointSlice", "kubernetes")];
    let of_each = [("ConfigMap", "kube-root-ca.crt"), ("ServiceAccount", "default")];
    let is = |list: &[(&str, &str)]| list.contains(&(kind.kind, name.as_str()));
    if (namespace == "default" && is(&given)) || is(&of_each) || kind.kind == "Event" {
        return Some(Own::Silently);
    }
    if kind.kind == "Node" {
        return Some(Own::Saying("left out: the playground has nodes of its own".to_owned()));
    }
    if kind.kind == "Secret" && str(object, &["type"]) == "kubernetes.io/service-account-token" {
        return Some(Own::Silently);
    }
    let owners = lookup(object, &["metadata", "ownerReferences"]).and_then(Value::as_array).into_iter().flatten();
    for owner in owners.filter(|owner| owner.get("controller").and_then(Value::as_bool) == Some(true)) {
        let (owner_kind, owner_name) = (str(owner, &["kind"]), str(owner, &["name"]));
        if there.contains(&(owner_kind.clone(), namespace.clone(), owner_name.clone())) {
            return Some(Own::Silently);
        }
        if kind.kind == "EndpointSlice" {
            return Some(Own::Saying(format!(
                "left out: it belongs to {owner_kind} {owner_name}, which is not in the text"
            )));
        }
    }
    let service = there.contains(&("Service".to_owned(), namespace, name));
    let mirrored = lookup(object, &["metadata", "labels", "endpointslice.kubernetes.io/managed-by"]).is_some();
    let made = kind.kind == "EndpointSlice" && mirrored || kind.kind == "Endpoints" && service && is_computed(object);
    made.then_some(Own::Silently)
}

/// Endpoints that a controller wrote say so in an annotation or name pods.
fn is_computed(object: &Value) -> bool {
    let trigger = "endpoints.kubernetes.io/last-change-trigger-time";
    lookup(object, &["metadata", "annotations", trigger]).is_some()
        || manifest::to_json_compact(object).contains("\"targetRef\"")
}

fn is_given_namespace(name: &str) -> bool {
    name == "default" || SYSTEM.contains(&name)
}

fn str(value: &Value, path: &[&str]) -> String {
    lookup(value, path).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn name(object: &Value) -> String {
    str(object, &["metadata", "name"])
}

fn namespace(object: &Value) -> String {
    str(object, &["metadata", "namespace"])
}

/// An object as people speak of it.
fn shown(object: &Value) -> String {
    format!("{}/{}", str(object, &["kind"]).to_ascii_lowercase(), name(object))
}

#[cfg(test)]
mod tests;
