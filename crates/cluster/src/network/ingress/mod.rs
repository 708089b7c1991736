//! What ingress-nginx makes of Ingresses: which server a host name finds, which location a path, and which Service that is.
//!
//! - [`table`]: the Ingresses of its classes as servers and locations
//! - [`rewrite`]: the annotation `rewrite-target` in its usual forms
//! - [`answer`]: one request

mod answer;
mod rewrite;
mod table;

use api::{Object, ObjectKey, Value};

use crate::store::Store;

pub(crate) use answer::{certificate, relay};

/// The controller that IngressClasses of ingress-nginx name.
pub const CONTROLLER: &str = "k8s.io/ingress-nginx";

/// Whether ingress-nginx serves an Ingress: by its class, or by the annotation that named the class before.
#[must_use]
pub fn serves(store: &Store, ingress: &Object) -> bool {
    let annotated = ingress.annotation(api::ingress::CLASS_ANNOTATION);
    if let Some(name) = annotated {
        return name == "nginx";
    }
    let class = store.find(&api::ingress_class::KIND, "", ingress.str(&["spec", "ingressClassName"]));
    class.is_some_and(|class| class.str(&["spec", "controller"]) == CONTROLLER)
}

/// Where a location leads to.
#[derive(Clone, PartialEq, Debug)]
struct Backend {
    service: ObjectKey,
    /// A port's number, or its name.
    port: Value,
}

impl Backend {
    fn read(namespace: &str, backend: &Value) -> Option<Self> {
        let service = backend.get("service")?;
        let name = service.get("name")?.as_str()?;
        let port = service.get("port")?;
        let port = port.get("number").or_else(|| port.get("name"))?.clone();
        Some(Self { service: ObjectKey::new(&api::service::KIND, namespace, name), port })
    }
}
