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
        let manner = Manner::Apply(Arc::new(wanted.value().clone()));
        let Some(old) = self.store().find(kind, namespace, name).cloned() else {
            return self.admit(kind, namespace, decoded, options, manner, warnings);
        };
        let key = ObjectKey::new(kind, namespace, name);
        let now = self.now().unix_seconds();
        let merged = self
            .managers(&key)
            .apply(kind, &options.field_manager, now, old.value(), wanted.value(), force)
            .map_err(|conflicts| Status::apply_conflict(kind, name, &conflicts))?;
        let (merged, _) = decode::object(kind, merged, options.field_validation)?;
        self.replace(&key, &old, merged, Subresource::Main, (options, manner), warnings)
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

fn book(managers: &mut Managers, event: &WatchEvent) {
    let (kind, at) = (event.key.kind, event.at.unix_seconds());
    let old = event.old.as_ref().map_or(&Value::Null, |old| old.value());
    match &event.manner {
        Manner::Apply(applied) => {
            // It was admitted, so it met no conflict or took the fields over.
            drop(managers.apply(kind, &event.actor, at, old, applied, true));
        }
        Manner::Update => managers.update(kind, (&event.actor, ""), at, old, event.object.value()),
        Manner::Subresource(part) => managers.update(kind, (&event.actor, part), at, old, event.object.value()),
    }
}
