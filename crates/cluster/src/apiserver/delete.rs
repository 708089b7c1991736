//! Deleting objects: at once, or marked and gone later (pods with a grace period, objects with finalizers).

use std::sync::Arc;

use api::{Kind, Object, ObjectKey, Status, Value};

use super::{DeleteOptions, Propagation, Response};
use crate::Cluster;
use crate::controllers::namespace::is_protected;

/// The finalizer of an owner that goes only after what it owns.
pub(crate) const FOREGROUND: &str = "foregroundDeletion";

impl Cluster {
    pub(super) fn delete(
        &mut self,
        kind: &'static Kind,
        namespace: &str,
        name: &str,
        options: &DeleteOptions,
    ) -> Result<Response, Status> {
        let old = self.get(kind, namespace, name)?;
        if let Some(uid) = options.uid.as_ref().filter(|uid| ***uid != *old.uid()) {
            let why = format!("Precondition failed: UID in precondition: {uid}, UID in object meta: {}", old.uid());
            return Err(Status::conflict(kind, name, &why));
        }
        if *kind == api::namespace::KIND && is_protected(&old) {
            return Err(Status::forbidden(kind, name, "this namespace may not be deleted"));
        }
        if options.dry_run {
            return Ok(Response { object: old, changed: true, warnings: Vec::new() });
        }
        let key = ObjectKey::new(kind, namespace, name);
        if options.propagation == Propagation::Orphan {
            self.orphan(&old, &options.field_manager);
        }
        let waits = options.propagation == Propagation::Foreground && self.store().owned_by(old.uid()).next().is_some();
        let held = waits || *kind == api::namespace::KIND || !old.list(&["metadata", "finalizers"]).is_empty();
        let object = match grace_seconds(kind, &old, options) {
            0 if !held => self.remove(&key, &options.field_manager),
            seconds if old.is_terminating() && !shorter(&old, seconds) => Some(old.clone()),
            seconds => Some(self.mark(&key, &old, seconds, waits, &options.field_manager)),
        };
        Ok(Response { object: object.unwrap_or(old), changed: true, warnings: Vec::new() })
    }

    /// Takes an object away for good.
    pub(crate) fn remove(&mut self, key: &ObjectKey, actor: &Arc<str>) -> Option<Arc<Object>> {
        let event = self.store.delete(self.now(), key, actor.clone())?;
        self.notify(&event);
        Some(event.object)
    }

    /// What an object owns loses that owner.
    fn orphan(&mut self, owner: &Object, actor: &Arc<str>) {
        let dependants: Vec<Arc<Object>> = self.store().owned_by(owner.uid()).cloned().collect();
        for dependant in dependants {
            let Some(kind) = Kind::of_manifest(dependant.api_version(), dependant.kind()) else { continue };
            let mut object = Object::clone(&dependant);
            let mut references = dependant.list(&["metadata", "ownerReferences"]).to_vec();
            references.retain(|reference| reference.get("uid").is_none_or(|uid| uid != owner.uid()));
            if references.is_empty() {
                object.remove(&["metadata", "ownerReferences"]);
            } else {
                object.set(&["metadata", "ownerReferences"], references);
            }
            self.commit(&ObjectKey::new(kind, dependant.namespace(), dependant.name()), object, actor);
        }
    }

    /// Sets what holds an object back; one that is to go and is held back by nothing goes.
    pub(crate) fn set_finalizers(&mut self, key: &ObjectKey, finalizers: Vec<Value>, actor: &str) {
        let Some(old) = self.store().get(key).cloned() else { return };
        let actor = actor.into();
        if finalizers.is_empty() && old.is_terminating() && *key.kind != api::pod::KIND {
            self.remove(key, &actor);
            return;
        }
        let mut object = Object::clone(&old);
        object.set(&["metadata", "finalizers"], finalizers);
        self.commit(key, object, &actor);
    }

    /// Models `rest.BeforeDelete`: the object stays, with the time at which it must be gone.
    fn mark(&mut self, key: &ObjectKey, old: &Object, seconds: u32, waits: bool, actor: &Arc<str>) -> Arc<Object> {
        let mut object = old.clone();
        if waits {
            let mut finalizers = old.list(&["metadata", "finalizers"]).to_vec();
            finalizers.push(FOREGROUND.into());
            object.set(&["metadata", "finalizers"], finalizers);
        }
        if *key.kind == api::namespace::KIND {
            object.set(&["status", "phase"], "Terminating");
        }
        let gone = self.now().unix_seconds() + i64::from(seconds);
        object.set(&["metadata", "deletionTimestamp"], api::time::format_rfc3339(gone));
        object.set(&["metadata", "deletionGracePeriodSeconds"], seconds);
        if old.generation() > 0 {
            object.set(&["metadata", "generation"], old.generation() + 1);
        }
        self.commit(key, object, actor)
    }
}

/// Whether a deletion leaves a pod that is going less time than it has.
fn shorter(old: &Object, seconds: u32) -> bool {
    old.int(&["metadata", "deletionGracePeriodSeconds"]).is_some_and(|left| i64::from(seconds) < left)
}

/// Models `podStrategy.CheckGracefulDelete`: only pods that run somewhere take their time.
fn grace_seconds(kind: &'static Kind, old: &Object, options: &DeleteOptions) -> u32 {
    if *kind != api::pod::KIND || old.str(&["spec", "nodeName"]).is_empty() {
        return 0;
    }
    if matches!(old.str(&["status", "phase"]), "Succeeded" | "Failed") {
        return 0;
    }
    options.grace_period_seconds.unwrap_or_else(|| {
        let own = old.int(&["spec", "terminationGracePeriodSeconds"]);
        own.and_then(|seconds| u32::try_from(seconds).ok()).unwrap_or(30)
    })
}
