//! Deleting objects: at once, or marked and gone later (pods with a grace period, objects with finalizers).

use std::sync::Arc;

use api::{Kind, Object, ObjectKey, Status};

use super::{DeleteOptions, Response};
use crate::Cluster;

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
        if options.dry_run {
            return Ok(Response { object: old, changed: true, warnings: Vec::new() });
        }
        let key = ObjectKey::new(kind, namespace, name);
        let object = match grace_seconds(kind, &old, options) {
            0 if old.list(&["metadata", "finalizers"]).is_empty() => self.remove(&key, &options.field_manager),
            _ if old.is_terminating() => Some(old.clone()),
            seconds => Some(self.mark(&key, &old, seconds, &options.field_manager)),
        };
        Ok(Response { object: object.unwrap_or(old), changed: true, warnings: Vec::new() })
    }

    /// Takes an object away for good.
    pub(crate) fn remove(&mut self, key: &ObjectKey, actor: &Arc<str>) -> Option<Arc<Object>> {
        let event = self.store.delete(self.now(), key, actor.clone())?;
        self.notify(&event);
        Some(event.object)
    }

    /// Models `rest.BeforeDelete`: the object stays, with the time at which it must be gone.
    fn mark(&mut self, key: &ObjectKey, old: &Object, seconds: u32, actor: &Arc<str>) -> Arc<Object> {
        let mut object = Object::new(old.value().clone());
        let gone = self.now().unix_seconds() + i64::from(seconds);
        object.set(&["metadata", "deletionTimestamp"], api::time::format_rfc3339(gone));
        object.set(&["metadata", "deletionGracePeriodSeconds"], seconds);
        if old.generation() > 0 {
            object.set(&["metadata", "generation"], old.generation() + 1);
        }
        self.commit(key, object, actor)
    }
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
