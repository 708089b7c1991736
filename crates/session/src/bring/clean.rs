//! Takes from an object what the cluster it came from has added.

use api::{Kind, Value, object::lookup};

use super::{Said, str};

/// Fields of metadata that the API server writes.
const METADATA: &[&str] = &[
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "managedFields",
    "selfLink",
    "ownerReferences",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "generateName",
    "finalizers",
];

/// Annotations that tools and controllers write.
const ANNOTATIONS: &[&str] = &[
    "kubectl.kubernetes.io/last-applied-configuration",
    "deployment.kubernetes.io/revision",
    "endpoints.kubernetes.io/last-change-trigger-time",
    "deprecated.daemonset.template.generation",
    "cni.projectcalico.org/containerID",
    "cni.projectcalico.org/podIP",
    "cni.projectcalico.org/podIPs",
];

/// The volume that an admission plugin mounts into every pod begins so.
const TOKEN_VOLUME: &str = "kube-api-access-";

pub(super) fn clean(object: &mut Value, kind: &Kind, said: &mut Said<'_>) {
    let owner =
        lookup(object, &["metadata", "ownerReferences"]).and_then(Value::as_array).and_then(|list| list.first());
    if let Some(owner) = owner {
        said.say(format!(
            "stands alone here: its {} {} is not in the text",
            str(owner, &["kind"]),
            str(owner, &["name"])
        ));
    }
    if lookup(object, &["metadata", "deletionTimestamp"]).is_some() {
        said.say("was being deleted there; here it lives".to_owned());
    }
    remove(object, &[], &["status"]);
    remove(object, &["metadata"], METADATA);
    remove(object, &["metadata", "annotations"], ANNOTATIONS);
    remove_empty(object, &["metadata"], "annotations");
    match kind.kind {
        "Service" => service(object, said),
        "Pod" => pod(object),
        _ => {}
    }
    if let Some(template) = at(object, &["spec", "template"]) {
        remove(template, &["metadata"], &["creationTimestamp"]);
    }
}

/// A Service gets an address of this cluster's range; that it wants none at all is the learner's word.
fn service(object: &mut Value, said: &mut Said<'_>) {
    let address = str(object, &["spec", "clusterIP"]);
    if address != "None" {
        if !address.is_empty() {
            said.say(format!("gets another cluster IP than {address}"));
        }
        remove(object, &["spec"], &["clusterIP", "clusterIPs"]);
    }
    let families = lookup(object, &["spec", "ipFamilies"]).and_then(Value::as_array);
    if families.is_some_and(|families| families.iter().any(|family| family != "IPv4")) {
        said.say("has IPv4 only here, as this cluster has".to_owned());
    }
    remove(object, &["spec"], &["ipFamilies", "ipFamilyPolicy"]);
}

/// A pod is placed anew, and gets its token anew.
fn pod(object: &mut Value) {
    remove(object, &["spec"], &["nodeName", "serviceAccount", "priority", "preemptionPolicy"]);
    let token = |value: &Value| str(value, &["name"]).starts_with(TOKEN_VOLUME);
    retain(object, &["spec", "volumes"], |volume| !token(volume));
    remove_empty(object, &["spec"], "volumes");
    retain(object, &["spec", "tolerations"], |toleration| {
        !matches!(str(toleration, &["key"]).as_str(), "node.kubernetes.io/not-ready" | "node.kubernetes.io/unreachable")
    });
    remove_empty(object, &["spec"], "tolerations");
    for list in ["containers", "initContainers"] {
        for container in at(object, &["spec", list]).and_then(Value::as_array_mut).into_iter().flatten() {
            retain(container, &["volumeMounts"], |mount| !token(mount));
            remove_empty(container, &[], "volumeMounts");
        }
    }
}

/// The containers of a pod, or of the template that pods are made of, to be changed.
pub(crate) fn containers(object: &mut Value) -> impl Iterator<Item = &mut Value> {
    let templated = lookup(object, &["spec", "template", "spec"]).is_some();
    let path: &[&str] = if templated { &["spec", "template", "spec", "containers"] } else { &["spec", "containers"] };
    at(object, path).and_then(Value::as_array_mut).into_iter().flatten()
}

/// The value at a path, to be changed.
fn at<'a>(value: &'a mut Value, path: &[&str]) -> Option<&'a mut Value> {
    path.iter().try_fold(value, |value, key| value.get_mut(*key))
}

fn remove(object: &mut Value, path: &[&str], fields: &[&str]) {
    if let Some(map) = at(object, path).and_then(Value::as_object_mut) {
        map.retain(|field, _| !fields.contains(&field.as_str()));
    }
}

fn retain(object: &mut Value, path: &[&str], keep: impl Fn(&Value) -> bool) {
    if let Some(list) = at(object, path).and_then(Value::as_array_mut) {
        list.retain(keep);
    }
}

fn remove_empty(object: &mut Value, path: &[&str], field: &str) {
    let empty =
        |value: &Value| value.as_object().is_some_and(|map| map.is_empty()) || value == &Value::Array(Vec::new());
    if at(object, path).and_then(|parent| parent.get(field)).is_some_and(empty) {
        remove(object, path, &[field]);
    }
}
