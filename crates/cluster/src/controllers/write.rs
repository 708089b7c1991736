//! Short forms of the writes that controllers make.

use std::sync::Arc;

use api::{Kind, Object, ObjectKey, Status, Value};

use crate::apiserver::{Propagation, Subresource};
use crate::{Cluster, DeleteOptions, Patch, Request, WriteOptions};

/// Creates an object.
pub(super) fn create(
    cluster: &mut Cluster,
    actor: &str,
    kind: &'static Kind,
    namespace: &str,
    object: Value,
) -> Result<Arc<Object>, Status> {
    let options = WriteOptions::typed(actor);
    cluster.submit(Request::Create { kind, namespace: namespace.into(), object, options }).map(|made| made.object)
}

/// Merges a change into an object. Refused only when the object is gone, and then there is nothing to change.
pub(super) fn merge(cluster: &mut Cluster, actor: &str, key: &ObjectKey, change: Value) {
    let (kind, namespace, name) = (key.kind, key.namespace.clone(), key.name.clone());
    let (patch, subresource, options) = (Patch::Merge(change), Subresource::Main, WriteOptions::typed(actor));
    drop(cluster.submit(Request::Patch { kind, namespace, name, patch, subresource, options }));
}

/// Deletes an object if it is still the one of this uid; its dependants go afterwards.
pub(super) fn delete(cluster: &mut Cluster, actor: &str, object: &Object, kind: &'static Kind) {
    let (namespace, name) = (object.namespace().into(), object.name().into());
    let uid = Some(object.uid().into());
    let options = DeleteOptions { uid, propagation: Propagation::Background, ..DeleteOptions::by(actor) };
    // Refused when it is gone or another by now: both are as wanted.
    drop(cluster.submit(Request::Delete { kind, namespace, name, options }));
}
