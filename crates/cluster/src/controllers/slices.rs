//! Writing EndpointSlices: what the endpointslice controller and the mirroring controller share.
//! Models `finalize` of `k8s.io/endpointslice` and of `pkg/controller/endpointslicemirroring`.

use std::sync::Arc;

use api::arrange::Arrange;
use api::{Object, Value};

use crate::apiserver::Subresource;
use crate::{Cluster, DeleteOptions, Request, WriteOptions};

/// A slice as it should be.
pub(super) struct Wanted {
    /// The slice that becomes it; `None` for a new one.
    pub(super) current: Option<Arc<Object>>,
    /// Its ports, in order.
    pub(super) ports: Vec<Value>,
    /// Its endpoints.
    pub(super) endpoints: Vec<Value>,
}

/// What is to be done about the slices of a Service.
#[derive(Default)]
pub(super) struct Changes {
    pub(super) create: Vec<Wanted>,
    pub(super) update: Vec<Wanted>,
    pub(super) delete: Vec<Arc<Object>>,
}

impl Changes {
    /// Creates, updates and deletes. A slice that would be deleted while another one is made becomes the new one.
    /// `object` makes the whole of a slice.
    pub(super) fn write(mut self, cluster: &mut Cluster, actor: &str, object: &dyn Fn(&Wanted) -> Value) {
        while !self.delete.is_empty()
            && let Some(mut new) = self.create.pop()
        {
            new.current = Some(self.delete.remove(0));
            self.update.push(new);
        }
        let kind = &api::endpoint_slice::KIND;
        for wanted in self.create.iter().chain(&self.update) {
            let options = WriteOptions::typed(actor);
            let object = object(wanted);
            let namespace = object["metadata"]["namespace"].as_str().unwrap_or_default().into();
            // Refused only while the namespace goes away, and then there is nothing to keep up to date.
            drop(cluster.submit(match &wanted.current {
                None => Request::Create { kind, namespace, object, options },
                Some(current) => {
                    let (name, subresource) = (current.name().into(), Subresource::Main);
                    Request::Update { kind, namespace, name, object, subresource, options }
                }
            }));
        }
        for slice in &self.delete {
            let (namespace, name) = (slice.namespace().into(), slice.name().into());
            // Refused when it is gone already, which is as wanted.
            drop(cluster.submit(Request::Delete { kind, namespace, name, options: DeleteOptions::by(actor) }));
        }
    }
}

/// A list as a slice stores it: nothing instead of an empty one.
pub(super) fn or_null(list: &[Value]) -> Value {
    if list.is_empty() { Value::Null } else { list.to_vec().into() }
}

/// Who an endpoint is, whatever its state. Models `endpointslice/util` `hashEndpoint`.
pub(super) fn identity(endpoint: &Value) -> String {
    let text = |path: &str| endpoint.pointer(path).and_then(Value::as_str).unwrap_or_default();
    let mut addresses: Vec<&str> =
        endpoint.get("addresses").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    addresses.arrange();
    let parts = [text("/targetRef/name"), text("/targetRef/namespace"), text("/hostname"), &addresses.join(",")];
    parts.join("/")
}
