//! Why a Service leads to a pod or does not: the one place that the diagram, the diagnostics and the "why not?" panel ask.
//!
//! - [`nearest`]: the pod that comes nearest to a selector that picks none, label by label
//! - [`backends`]: the endpoints behind one port of a Service, and how each is
//! - [`why_not`]: every reason between one pod and one Service, each with the smallest change that mends it
//! - [`causes`](fn@causes): what a change of an object came of, back to what came from outside
//! - [`reachability`](fn@reachability): every vantage point against every address
//!
//! Everything here reads the cluster and changes nothing.

mod backends;
mod causes;
mod near_miss;
mod reachability;
mod why_not;

use std::sync::Arc;

use api::{Object, ObjectKey, Path, Value};

use crate::Cluster;
use crate::controllers;

pub use backends::{Backend, State, backends};
pub use causes::{causes, consequences};
pub use near_miss::{Lack, NearMiss, alike, edits, lacks, nearest};
pub use reachability::{Reached, Target, reachability};
pub use why_not::{Reason, why_not};

/// A change of one field that mends something, so that an editor can offer it.
#[derive(Clone, PartialEq, Debug)]
pub struct Fix {
    /// What it does, as a button says it: `Set targetPort to 80`.
    pub title: String,
    /// The object to change.
    pub object: ObjectKey,
    /// The field.
    pub path: Path,
    /// Its new value; `None` takes the field away.
    pub value: Option<Value>,
}

/// The pods that a Service's selector picks, whatever state they are in; none for a Service without a selector.
#[must_use]
pub fn selected<'a>(cluster: &'a Cluster, service: &Object) -> Vec<&'a Arc<Object>> {
    controllers::selected::pods_of(cluster, service)
}

/// The port of a pod that a Service's port leads to; `None` when it is named and the pod has no port of that name and
/// protocol.
#[must_use]
pub fn target_port(pod: &Object, port: &api::service::ServicePort) -> Option<u16> {
    controllers::selected::find_port(pod, port)
}
