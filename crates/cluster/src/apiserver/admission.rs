//! Admission plugins that a default cluster has on.

use api::{Kind, Object, Status, Value, json};

use crate::Cluster;

/// Models the `NamespaceLifecycle` plugin: nothing is made in a namespace that is not there.
pub(super) fn namespace_lifecycle(cluster: &Cluster, kind: &'static Kind, object: &Object) -> Result<(), Status> {
    if !kind.namespaced {
        return Ok(());
    }
    let name = object.namespace();
    let Some(namespace) = cluster.store().find(&api::namespace::KIND, "", name) else {
        return Err(Status::not_found(&api::namespace::KIND, name));
    };
    if namespace.is_terminating() {
        let why = format!("unable to create new content in namespace {name} because it is being terminated");
        return Err(Status::forbidden(kind, object.name(), &why));
    }
    Ok(())
}

/// The plugins that change a new object.
///
/// # Errors
/// When one of them refuses it.
pub(super) fn mutate(cluster: &mut Cluster, kind: &'static Kind, object: &mut Object) -> Result<(), Status> {
    if *kind == api::pod::KIND {
        service_account(cluster, object)?;
        priority(object);
        default_tolerations(object);
    }
    if *kind == api::ingress::KIND {
        default_ingress_class(cluster, object);
    }
    Ok(())
}

/// The plugins that change a changed object: a pod keeps the priority it got, and has the default tolerations still.
pub(super) fn mutate_changed(kind: &'static Kind, object: &mut Object, old: &Object) {
    if *kind != api::pod::KIND {
        return;
    }
    for field in ["priority", "preemptionPolicy"] {
        if let (None, Some(had)) = (object.at(&["spec", field]), old.at(&["spec", field])) {
            object.set(&["spec", field], had.clone());
        }
    }
    default_tolerations(object);
}

/// Models the `ServiceAccount` plugin: the default account and the volume with its token.
fn service_account(cluster: &mut Cluster, pod: &mut Object) -> Result<(), Status> {
    const MOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
    if pod.str(&["spec", "serviceAccountName"]).is_empty() {
        pod.set(&["spec", "serviceAccountName"], "default");
    }
    let account = pod.str(&["spec", "serviceAccountName"]).to_owned();
    // The plugin waits for a namespace's default account, which a controller is about to make.
    let there = cluster.store().find(&api::service_account::KIND, pod.namespace(), &account).is_some();
    if !there && account != "default" {
        let (namespace, name) = (pod.namespace(), pod.name());
        let why =
            format!("error looking up service account {namespace}/{account}: serviceaccount \"{account}\" not found");
        return Err(Status::forbidden(&api::pod::KIND, name, &why));
    }
    pod.set(&["spec", "serviceAccount"], account);
    if pod.at(&["spec", "automountServiceAccountToken"]) == Some(&Value::Bool(false)) {
        return Ok(());
    }
    let name = format!("kube-api-access-{}", cluster.rng.suffix(5));
    let mut mounted = false;
    for list in ["containers", "initContainers"] {
        let containers = pod.field_mut("spec").and_then(|s| s.get_mut(list)?.as_array_mut());
        for container in containers.into_iter().flatten().filter_map(Value::as_object_mut) {
            let Some(mounts) = container.entry("volumeMounts").or_insert_with(|| json!([])).as_array_mut() else {
                continue;
            };
            if mounts.iter().all(|mount| mount.get("mountPath").is_none_or(|path| path != MOUNT)) {
                mounts.push(json!({"mountPath": MOUNT, "name": name, "readOnly": true}));
                mounted = true;
            }
        }
    }
    if !mounted {
        return Ok(());
    }
    let volume = json!({"name": name, "projected": {"defaultMode": 420, "sources": [
        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
        {"configMap": {"items": [{"key": "ca.crt", "path": "ca.crt"}], "name": "kube-root-ca.crt"}},
        {"downwardAPI": {"items": [
            {"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}, "path": "namespace"}
        ]}},
    ]}});
    let mut volumes = pod.list(&["spec", "volumes"]).to_vec();
    volumes.push(volume);
    pod.set(&["spec", "volumes"], volumes);
    Ok(())
}

/// Models the `DefaultIngressClass` plugin: an Ingress that names no class gets the newest default one.
fn default_ingress_class(cluster: &Cluster, ingress: &mut Object) {
    let old_way = ingress.at(&["metadata", "annotations", api::ingress::CLASS_ANNOTATION]).is_some();
    if old_way || ingress.at(&["spec", "ingressClassName"]).is_some() {
        return;
    }
    let is_default =
        |class: &&Object| class.str(&["metadata", "annotations", api::ingress_class::DEFAULT_ANNOTATION]) == "true";
    let classes = cluster.list(&api::ingress_class::KIND, None).map(|class| &**class).filter(is_default);
    if let Some(class) = classes.max_by_key(|class| class.creation_timestamp().to_owned()) {
        let name = class.name().to_owned();
        ingress.set(&["spec", "ingressClassName"], name);
    }
}

/// Models the `Priority` plugin for pods without a priority class.
fn priority(pod: &mut Object) {
    if pod.at(&["spec", "priority"]).is_none() {
        pod.set(&["spec", "priority"], 0);
        pod.set(&["spec", "preemptionPolicy"], "PreemptLowerPriority");
    }
}

/// Models the `DefaultTolerationSeconds` plugin.
fn default_tolerations(pod: &mut Object) {
    let mut tolerations = pod.list(&["spec", "tolerations"]).to_vec();
    let given = tolerations.len();
    for key in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] {
        let tolerated = tolerations.iter().any(|t| {
            let field = |name: &str| t.get(name).and_then(Value::as_str).unwrap_or_default();
            (field("key") == key || field("key").is_empty()) && matches!(field("effect"), "NoExecute" | "")
        });
        if !tolerated {
            tolerations
                .push(json!({"effect": "NoExecute", "key": key, "operator": "Exists", "tolerationSeconds": 300}));
        }
    }
    if tolerations.len() > given {
        pod.set(&["spec", "tolerations"], tolerations);
    }
}
