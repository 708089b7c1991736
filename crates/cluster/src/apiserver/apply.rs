//! Server-side apply. Models `k8s.io/apimachinery/pkg/util/managedfields` `FieldManager.Apply`.
//!
//! Who owns which field is not stored with the objects: it follows from the log of writes, and is worked out when
//! somebody applies or asks for `metadata.managedFields`. Ordinary writes cost nothing for it.

use std::sync::Arc;

use api::apply::Managers;
use api::{Kind, Object, ObjectKey, Status, Value};

use super::{Response, Subresource, WriteOptions, decode};
use crate::Cluster;
use crate::store::{Change, Manner, WatchEvent};

impl Cluster {
    pub(super) fn apply(
        &mut self,
        kind: &'static Kind,
        namespace: &str,
        name: &str,
        applied: &Value,
        force: bool,
        options: &WriteOptions,
    ) -> Result<Response, Status> {
        // The configuration is owned as it was written: decoding it would fill in fields that nobody applied.
        let (mut decoded, warnings) = decode::object(kind, applied.clone(), options.field_validation)?;
        let wanted = Object::new(applied.clone());
        if decoded.name().is_empty() {
            decoded.set(&["metadata", "name"], name);
        }
        let manner = Manner::Apply(Arc::new(wanted.to_value()));
        let Some(old) = self.store().find(kind, namespace, name).cloned() else {
            return self.admit(kind, namespace, decoded, options, manner, warnings);
        };
        let key = ObjectKey::new(kind, namespace, name);
        let now = self.now().unix_seconds();
        let before = self.managers(&key);
        let mut after = before.clone();
        let merged = after
            .apply(kind, &options.field_manager, now, &old.to_value(), &wanted.to_value(), force)
            .map_err(|conflicts| Status::apply_conflict(kind, name, &conflicts))?;
        let (merged, _) = decode::object(kind, merged, options.field_validation)?;
        let mut response = self.replace(&key, &old, merged, Subresource::Main, (options, manner.clone()), warnings)?;
        // Who owns what is part of the object: a new owner is a change, though nothing else is one.
        if !response.changed && !options.dry_run && !after.own_the_same(&before) {
            let writer = (options.field_manager.clone(), manner);
            response.object = self.commit_as(&key, Object::clone(&old), writer);
            response.changed = true;
        }
        Ok(response)
    }

    /// Who owns which field of an object.
    #[must_use]
    pub fn managers(&self, key: &ObjectKey) -> Managers {
        let log = self.store().log();
        let own = || log.iter().filter(|event| event.key == *key);
        let born = own().rfind(|event| event.change == Change::Added).map_or(0, |event| event.revision);
        let mut managers = Managers::default();
        for event in own().filter(|event| event.revision >= born && event.change != Change::Deleted) {
            book(&mut managers, event);
        }
        managers
    }
}

impl Cluster {
    /// What stands in `metadata.managedFields` of an object.
    #[must_use]
    pub fn managed_fields(&self, key: &ObjectKey) -> Value {
        self.managers(key).to_managed_fields(key.kind)
    }
}

/// What a writer asked for when it created an object: the object without what the server decided. Managers are booked
/// before admission and allocation. Models the order of steps in `endpoints/handlers/create.go`.
fn requested(kind: &Kind, object: &Object) -> Value {
    let mut asked = object.clone();
    asked.remove(&["status"]);
    if *kind == api::service::KIND {
        let applied = object.annotation(api::metadata::LAST_APPLIED);
        let applied = applied.and_then(|text| serde_json::from_str::<Value>(text).ok()).unwrap_or_default();
        for field in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "healthCheckNodePort"] {
            if api::object::lookup(&applied, &["spec", field]).is_none() {
                asked.remove(&["spec", field]);
            }
        }
        let ports = asked.field_mut("spec").and_then(|spec| spec.get_mut("ports")?.as_array_mut());
        for (at, port) in ports.into_iter().flatten().enumerate() {
            if applied.pointer(&format!("/spec/ports/{at}/nodePort")).is_none() {
                port.as_object_mut().map(|port| port.remove("nodePort"));
            }
        }
    } else if *kind == api::pod::KIND {
        let injected = |entry: &Value| {
            entry.get("name").and_then(Value::as_str).is_some_and(|name| name.starts_with("kube-api-access-"))
        };
        let defaults = |entry: &Value| entry.get("tolerationSeconds").is_some_and(|seconds| *seconds == 300);
        prune(&mut asked, "", "volumes", injected);
        prune(&mut asked, "", "tolerations", defaults);
        for list in ["containers", "initContainers"] {
            for at in 0..object.list(&["spec", list]).len() {
                prune(&mut asked, &format!("/{list}/{at}"), "volumeMounts", injected);
            }
        }
        for field in ["serviceAccount", "serviceAccountName", "priority", "preemptionPolicy", "nodeName"] {
            asked.remove(&["spec", field]);
        }
    }
    asked.into_value()
}

/// Takes items out of a list somewhere below `spec`, and the list when it is empty then.
fn prune(object: &mut Object, at: &str, field: &str, goes: impl Fn(&Value) -> bool) {
    let Some(owner) = object.field_mut("spec").and_then(|spec| spec.pointer_mut(at)?.as_object_mut()) else { return };
    if let Some(list) = owner.get_mut(field).and_then(Value::as_array_mut) {
        list.retain(|entry| !goes(entry) && entry.get("mountPath").is_none_or(|path| path != SECRETS));
        if list.is_empty() {
            owner.remove(field);
        }
    }
}

/// Where the server mounts the account's token.
const SECRETS: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

fn book(managers: &mut Managers, event: &WatchEvent) {
    let (kind, at) = (event.key.kind, event.at.unix_seconds());
    let old = event.old.as_ref().map_or(Value::Null, |old| old.to_value());
    let new = event.object.to_value();
    match &event.manner {
        Manner::Apply(applied) => {
            // It was admitted, so it met no conflict or took the fields over.
            drop(managers.apply(kind, &event.actor, at, &old, applied, true));
        }
        Manner::Update if event.old.is_none() => {
            managers.update(kind, (&event.actor, ""), at, &old, &requested(kind, &event.object));
        }
        Manner::Update => managers.update(kind, (&event.actor, ""), at, &old, &new),
        Manner::Subresource(part) => managers.update(kind, (&event.actor, part), at, &old, &new),
    }
}
