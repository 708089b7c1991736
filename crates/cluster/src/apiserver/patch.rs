//! Changes by patch, in the four formats of a body. Models `k8s.io/apiserver/pkg/endpoints/handlers/patch.go`.

use api::{Kind, Object, ObjectKey, Reason, Status, Value};

use super::{Patch, Response, Subresource, WriteOptions, decode};
use crate::Cluster;

impl Cluster {
    pub(super) fn patch(
        &mut self,
        kind: &'static Kind,
        namespace: &str,
        name: &str,
        patch: &Patch,
        subresource: Subresource,
        options: &WriteOptions,
    ) -> Result<Response, Status> {
        if let Patch::Apply { object, force } = patch {
            return self.apply(kind, namespace, name, object, *force, options);
        }
        let old = self.get(kind, namespace, name)?;
        let mut object = Object::clone(&old);
        match patch {
            Patch::Json(change) => {
                let mut tree = object.into_value();
                json_patch(&mut tree, change)?;
                object = Object::new(tree);
            }
            Patch::Merge(change) => object.merge(change),
            Patch::Strategic(change) => {
                let tree = api::patch::apply(kind, &object.into_value(), change).map_err(Status::bad_request)?;
                object = Object::new(tree);
            }
            Patch::Apply { .. } => {}
        }
        let key = ObjectKey::new(kind, namespace, name);
        let (object, warnings) = decode::patched(kind, object, options.field_validation)?;
        self.replace(&key, &old, object, subresource, (options, subresource.manner()), warnings)
    }
}

fn json_patch(tree: &mut Value, change: &Value) -> Result<(), Status> {
    let operations: json_patch::Patch = serde_json::from_value(change.clone())
        .map_err(|error| Status::bad_request(format!("error decoding patch: {error}")))?;
    json_patch::patch(tree, &operations).map_err(|error| {
        let message = format!("the server rejected our request due to an error in our request: {error}");
        Status::new(Reason::Invalid, message)
    })
}
