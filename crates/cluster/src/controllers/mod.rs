//! Controllers: each watches some kinds and proposes changes through the API server.
//!
//! A controller holds no state of its own: what it knows is in the store, so a fork of a cluster needs no copy of it.

mod availability;
mod deployment;
mod endpoint_slice;
mod endpoint_slice_mirroring;
mod endpoints;
mod garbage_collector;
pub(crate) mod namespace;
mod owned;
mod port_order;
mod replica_set;
mod scheduler;
pub(crate) mod selected;
mod service_account;
mod slice_endpoint;
mod slices;
mod stateful_set;
mod write;

use api::ObjectKey;

use crate::Cluster;
use crate::store::{Store, WatchEvent};

/// Every controller; add a line to add one.
pub static CONTROLLERS: &[&dyn Controller] = &[
    &namespace::NamespaceController,
    &service_account::ServiceAccountController,
    &garbage_collector::GarbageCollector,
    &deployment::DeploymentController,
    &replica_set::ReplicaSetController,
    &stateful_set::StatefulSetController,
    &scheduler::Scheduler,
    &endpoints::EndpointsController,
    &endpoint_slice::EndpointSliceController,
    &endpoint_slice_mirroring::EndpointSliceMirroringController,
];

/// A reconciliation loop.
pub trait Controller: Sync {
    /// Its name, as its writes carry it.
    fn name(&self) -> &'static str;

    /// Microseconds from a watch event to the work that follows it.
    fn delay(&self) -> u64 {
        5_000
    }

    /// The keys whose work a watch event gives.
    fn concerns(&self, event: &WatchEvent, store: &Store) -> Vec<ObjectKey>;

    /// Brings the world behind a key nearer to what is wanted.
    fn reconcile(&self, cluster: &mut Cluster, key: &ObjectKey);
}

/// Runs one unit of a controller's work.
pub(crate) fn reconcile(cluster: &mut Cluster, controller: usize, key: &ObjectKey) {
    if let Some(controller) = CONTROLLERS.get(controller) {
        controller.reconcile(cluster, key);
    }
}
