//! Creating and changing objects. Models `k8s.io/apiserver/pkg/registry/generic/registry.Store`.

use std::sync::Arc;

use api::{FieldError, Kind, Object, ObjectKey, Path, Reason, Status, Value};

use super::{Patch, Response, Subresource, WriteOptions, admission, allocate};
use crate::Cluster;

/// Metadata that only the server writes.
const SERVER_OWNED: [&str; 4] = ["uid", "creationTimestamp", "generation", "deletionTimestamp"];

impl Cluster {
    pub(super) fn create(
        &mut self,
        kind: &'static Kind,
        namespace: &str,
        manifest: Value,
        options: &WriteOptions,
    ) -> Result<Response, Status> {
        let mut object = decode(kind, manifest)?;
        self.settle_name(kind, namespace, &mut object)?;
        admission::namespace_lifecycle(self, kind, &object)?;
        for field in SERVER_OWNED {
            object.remove(&["metadata", field]);
        }
        kind.strategy.default(&mut object);
        kind.strategy.prepare_create(&mut object);
        admission::mutate(self, kind, &mut object);
        let name: Arc<str> = object.name().into();
        let mut errors = name_errors(kind, &name);
        errors.extend(kind.strategy.validate_create(&object));
        if !errors.is_empty() {
            return Err(Status::invalid(kind, &name, errors));
        }
        let key = ObjectKey::new(kind, object.namespace(), &name);
        if self.store().get(&key).is_some() {
            return Err(Status::already_exists(kind, &name));
        }
        allocate::on_create(self, kind, &mut object)?;
        let warnings = kind.strategy.warnings(&object, None);
        let uid = self.rng.uuid();
        object.set(&["metadata", "uid"], uid);
        kind.strategy.complete(&mut object);
        object.set(&["metadata", "creationTimestamp"], api::time::format_rfc3339(self.now().unix_seconds()));
        let object = if options.dry_run { Arc::new(object) } else { self.commit(&key, object, &options.field_manager) };
        Ok(Response { object, changed: true, warnings })
    }

    pub(super) fn update(
        &mut self,
        kind: &'static Kind,
        namespace: &str,
        name: &str,
        manifest: Value,
        subresource: Subresource,
        options: &WriteOptions,
    ) -> Result<Response, Status> {
        let object = decode(kind, manifest)?;
        let key = ObjectKey::new(kind, namespace, name);
        let old = self.get(kind, namespace, name)?;
        let given = object.resource_version();
        if given != 0 && given != old.resource_version() {
            return Err(Status::conflict(
                kind,
                name,
                "the object has been modified; please apply your changes to the latest version and try again",
            ));
        }
        self.replace(&key, &old, object, subresource, options)
    }

    pub(super) fn patch(
        &mut self,
        kind: &'static Kind,
        namespace: &str,
        name: &str,
        patch: &Patch,
        subresource: Subresource,
        options: &WriteOptions,
    ) -> Result<Response, Status> {
        let old = self.get(kind, namespace, name)?;
        let mut tree = old.value().clone();
        match patch {
            Patch::Merge(change) => json_patch::merge(&mut tree, change),
            Patch::Json(change) => {
                let operations: json_patch::Patch = serde_json::from_value(change.clone())
                    .map_err(|error| Status::bad_request(format!("error decoding patch: {error}")))?;
                json_patch::patch(&mut tree, &operations).map_err(|error| {
                    Status::new(
                        Reason::Invalid,
                        format!("the server rejected our request due to an error in our request: {error}"),
                    )
                })?;
            }
            Patch::Strategic(change) => json_patch::merge(&mut tree, change),
            Patch::Apply { .. } => {
                return Err(Status::new(Reason::UnsupportedMediaType, "server-side apply is not simulated yet"));
            }
        }
        let key = ObjectKey::new(kind, namespace, name);
        self.replace(&key, &old, decode(kind, tree)?, subresource, options)
    }

    /// The second half of every change: the new state against the old one.
    fn replace(
        &mut self,
        key: &ObjectKey,
        old: &Arc<Object>,
        mut object: Object,
        subresource: Subresource,
        options: &WriteOptions,
    ) -> Result<Response, Status> {
        let strategy = key.kind.strategy;
        if subresource == Subresource::Status {
            let status = object.remove(&["status"]).unwrap_or(Value::Null);
            object = Object::new(old.value().clone());
            object.set(&["status"], status);
        } else {
            for field in SERVER_OWNED {
                match old.at(&["metadata", field]) {
                    Some(value) => object.set(&["metadata", field], value.clone()),
                    None => drop(object.remove(&["metadata", field])),
                }
            }
            object.set(&["metadata", "name"], &*key.name);
            if key.kind.namespaced {
                object.set(&["metadata", "namespace"], &*key.namespace);
            }
            strategy.default(&mut object);
            strategy.prepare_update(&mut object, old);
            let errors = strategy.validate_update(&object, old);
            if !errors.is_empty() {
                return Err(Status::invalid(key.kind, &key.name, errors));
            }
            allocate::on_update(self, key.kind, &mut object, old)?;
        }
        let warnings = strategy.warnings(&object, Some(old));
        object.set(&["metadata", "resourceVersion"], old.str(&["metadata", "resourceVersion"]));
        if object == **old {
            return Ok(Response { object: old.clone(), changed: false, warnings });
        }
        if old.generation() > 0 && strategy.changes_generation(&object, old) {
            object.set(&["metadata", "generation"], old.generation() + 1);
        }
        let object = if options.dry_run { Arc::new(object) } else { self.commit(key, object, &options.field_manager) };
        Ok(Response { object, changed: true, warnings })
    }

    /// Writes what passed and lets everyone who watches know.
    pub(super) fn commit(&mut self, key: &ObjectKey, mut object: Object, actor: &Arc<str>) -> Arc<Object> {
        object.set(&["metadata", "resourceVersion"], self.store().next_revision().to_string());
        let object = Arc::new(object);
        let event = self.store.put(self.now(), key, object.clone(), actor.clone());
        self.notify(&event);
        object
    }

    /// Namespace from the request, name from `generateName`.
    fn settle_name(&mut self, kind: &'static Kind, namespace: &str, object: &mut Object) -> Result<(), Status> {
        if kind.namespaced {
            if object.namespace().is_empty() {
                object.set(&["metadata", "namespace"], namespace);
            } else if object.namespace() != namespace {
                return Err(Status::bad_request(
                    "the namespace of the provided object does not match the namespace sent on the request",
                ));
            }
        } else {
            object.remove(&["metadata", "namespace"]);
        }
        let prefix = object.str(&["metadata", "generateName"]).to_owned();
        if object.name().is_empty() && !prefix.is_empty() {
            let name = format!("{prefix}{}", self.rng.suffix(5));
            object.set(&["metadata", "name"], name);
        }
        Ok(())
    }
}

/// A manifest as an object of a kind.
fn decode(kind: &'static Kind, manifest: Value) -> Result<Object, Status> {
    if !manifest.is_object() {
        return Err(Status::bad_request(format!(
            "{} in version \"{}\" cannot be handled as a {}: the body is not an object",
            kind.kind, kind.version, kind.kind
        )));
    }
    let mut object = Object::new(manifest);
    object.set(&["apiVersion"], kind.api_version());
    object.set(&["kind"], kind.kind);
    Ok(object)
}

fn name_errors(kind: &'static Kind, name: &str) -> Vec<FieldError> {
    let path = Path::new("metadata.name");
    if name.is_empty() {
        return vec![FieldError::required(&path, "name or generateName is required")];
    }
    kind.strategy.validate_name(name).into_iter().map(|detail| FieldError::invalid(&path, name, detail)).collect()
}
