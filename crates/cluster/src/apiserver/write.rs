//! Creating and changing objects. Models `k8s.io/apiserver/pkg/registry/generic/registry.Store`.

use std::sync::Arc;

use api::{Kind, Object, ObjectKey, Status, Value, json, metadata};

use super::{Response, Subresource, WriteOptions, admission, allocate, decode};
use crate::Cluster;
use crate::store::Manner;

/// What a client hears whose object is not the newest.
const OUTDATED: &str = "the object has been modified; please apply your changes to the latest version and try again";

impl Cluster {
    pub(super) fn create(
        &mut self,
        kind: &'static Kind,
        namespace: &str,
        manifest: Value,
        options: &WriteOptions,
    ) -> Result<Response, Status> {
        let (object, warnings) = decode::object(kind, manifest, options.field_validation)?;
        self.admit(kind, namespace, object, options, Manner::Update, warnings)
    }

    /// The second half of every creation. Models `Store.Create`.
    pub(super) fn admit(
        &mut self,
        kind: &'static Kind,
        namespace: &str,
        mut object: Object,
        options: &WriteOptions,
        manner: Manner,
        mut warnings: Vec<String>,
    ) -> Result<Response, Status> {
        kind.strategy.default(&mut object);
        settle_namespace(kind, namespace, &mut object)?;
        admission::namespace_lifecycle(self, kind, &object)?;
        admission::mutate(self, kind, &mut object)?;
        self.fill_system_fields(&mut object);
        kind.strategy.complete(&mut object);
        allocate::on_create(self, kind, &mut object)?;
        kind.strategy.prepare_create(&mut object);
        let name: Arc<str> = object.name().into();
        let mut errors = metadata::validate_create(kind, &object);
        errors.extend(kind.strategy.validate_create(&object));
        if !errors.is_empty() {
            return Err(Status::invalid(kind, &name, errors));
        }
        warnings.extend(kind.strategy.warnings(&object, None));
        let key = ObjectKey::new(kind, object.namespace(), &name);
        if self.store().get(&key).is_some() {
            return Err(Status::already_exists(kind, &name));
        }
        let writer = (options.field_manager.clone(), manner);
        let object = if options.dry_run { Arc::new(object) } else { self.commit_as(&key, object, writer) };
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
        let key = ObjectKey::new(kind, namespace, name);
        if self.store().get(&key).is_none() && kind.strategy.allow_create_on_update() {
            return self.create(kind, namespace, manifest, options);
        }
        let (object, warnings) = decode::object(kind, manifest, options.field_validation)?;
        let old = self.get(kind, namespace, name)?;
        let manner = subresource.manner();
        self.replace(&key, &old, object, subresource, (options, manner), warnings)
    }

    /// Replaces the status of an object that is there; nothing happens when it is gone or has this status already.
    /// The short form of an update of the status subresource, which no admission plugin looks at.
    pub(crate) fn update_status(&mut self, key: &ObjectKey, status: Value, actor: &Arc<str>) {
        let Some(old) = self.store().get(key).cloned() else { return };
        if old.at(&["status"]) == Some(&status) {
            return;
        }
        let mut object = Object::clone(&old);
        object.set(&["status"], status);
        self.commit_as(key, object, (actor.clone(), Subresource::Status.manner()));
    }

    /// Gives a pod its node and says so in its status, in one write.
    /// Models `BindingREST.setPodNodeAndMetadata` of `pkg/registry/core/pod/storage`.
    pub(crate) fn bind(&mut self, key: &ObjectKey, node: &str, actor: &Arc<str>) {
        let Some(old) = self.store().get(key) else { return };
        let mut pod = Object::clone(old);
        pod.set(&["spec", "nodeName"], node);
        let mut conditions = old.list(&["status", "conditions"]).to_vec();
        conditions.retain(|condition| condition["type"] != "PodScheduled");
        conditions.push(json!({
            "lastProbeTime": null, "lastTransitionTime": api::time::format_rfc3339(self.now().unix_seconds()),
            "status": "True", "type": "PodScheduled",
        }));
        pod.set(&["status", "conditions"], conditions);
        self.commit(key, pod, actor);
    }

    /// The second half of every change: the new state against the old one. Models `Store.Update`.
    pub(super) fn replace(
        &mut self,
        key: &ObjectKey,
        old: &Arc<Object>,
        mut object: Object,
        subresource: Subresource,
        (options, manner): (&WriteOptions, Manner),
        mut warnings: Vec<String>,
    ) -> Result<Response, Status> {
        let strategy = key.kind.strategy;
        same_place(key, &mut object)?;
        if object.resource_version() != 0 && object.resource_version() != old.resource_version() {
            return Err(Status::conflict(key.kind, &key.name, OUTDATED));
        }
        if subresource == Subresource::Status {
            let status = object.remove(&["status"]).unwrap_or(Value::Null);
            object = Object::clone(old);
            object.set(&["status"], status);
            strategy.default(&mut object);
        } else {
            strategy.default(&mut object);
            metadata::inherit(&mut object, old);
            admission::mutate_changed(key.kind, &mut object, old);
            allocate::on_update(self, key.kind, &mut object, old)?;
            strategy.prepare_update(&mut object, old);
            let mut errors = metadata::validate_update(&object, old);
            errors.extend(strategy.validate_update(&object, old));
            if !errors.is_empty() {
                return Err(Status::invalid(key.kind, &key.name, errors));
            }
            warnings.extend(strategy.warnings(&object, Some(old)));
        }
        object.set(&["metadata", "resourceVersion"], old.str(&["metadata", "resourceVersion"]));
        if object == **old {
            return Ok(Response { object: old.clone(), changed: false, warnings });
        }
        if old.generation() > 0 && strategy.changes_generation(&object, old) {
            object.set(&["metadata", "generation"], old.generation() + 1);
        }
        if options.dry_run {
            return Ok(Response { object: Arc::new(object), changed: true, warnings });
        }
        let done = *key.kind != api::namespace::KIND
            && object.is_terminating()
            && object.list(&["metadata", "finalizers"]).is_empty();
        let waits = object.int(&["metadata", "deletionGracePeriodSeconds"]).is_some_and(|seconds| seconds > 0);
        let object = self.commit_as(key, object, (options.field_manager.clone(), manner));
        if done && !waits {
            self.remove(key, &options.field_manager);
        }
        Ok(Response { object, changed: true, warnings })
    }

    /// Writes what passed, as an update, and lets everyone who watches know.
    pub(crate) fn commit(&mut self, key: &ObjectKey, object: Object, actor: &Arc<str>) -> Arc<Object> {
        self.commit_as(key, object, (actor.clone(), Manner::Update))
    }

    /// Writes what passed and lets everyone who watches know.
    pub(super) fn commit_as(&mut self, key: &ObjectKey, mut object: Object, writer: (Arc<str>, Manner)) -> Arc<Object> {
        object.set(&["metadata", "resourceVersion"], self.store().next_revision().to_string());
        let object = Arc::new(object);
        let event = self.store.put(self.now(), key, object.clone(), writer);
        self.notify(&event);
        object
    }

    /// What the server alone decides about a new object. Models `rest.FillObjectMetaSystemFields`.
    fn fill_system_fields(&mut self, object: &mut Object) {
        for field in ["generation", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "resourceVersion"] {
            object.remove(&["metadata", field]);
        }
        let uid = self.rng.uuid();
        object.set(&["metadata", "uid"], uid);
        object.set(&["metadata", "creationTimestamp"], api::time::format_rfc3339(self.now().unix_seconds()));
        let prefix = object.str(&["metadata", "generateName"]).to_owned();
        if object.name().is_empty() && !prefix.is_empty() {
            // Models `names.SimpleNameGenerator`: room for five letters within 63.
            let kept: String = prefix.chars().take(58).collect();
            let name = format!("{kept}{}", self.rng.suffix(5));
            object.set(&["metadata", "name"], name);
        }
    }
}

/// Models `EnsureObjectNamespaceMatchesRequestNamespace`.
fn settle_namespace(kind: &'static Kind, namespace: &str, object: &mut Object) -> Result<(), Status> {
    if !kind.namespaced {
        object.remove(&["metadata", "namespace"]);
    } else if object.namespace().is_empty() {
        object.set(&["metadata", "namespace"], namespace);
    } else if object.namespace() != namespace {
        let message = "the namespace of the provided object does not match the namespace sent on the request";
        return Err(Status::bad_request(message));
    }
    Ok(())
}

/// A body must be about the object that the request names.
fn same_place(key: &ObjectKey, object: &mut Object) -> Result<(), Status> {
    if object.name().is_empty() {
        object.set(&["metadata", "name"], &*key.name);
    } else if object.name() != &*key.name {
        let message =
            format!("the name of the object ({}) does not match the name on the URL ({})", object.name(), key.name);
        return Err(Status::bad_request(message));
    }
    settle_namespace(key.kind, &key.namespace, object)
}
