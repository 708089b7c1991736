//! Controllers: each watches some kinds and proposes changes through the API server.
//!
//! A controller holds no state of its own: what it knows is in the store, so a fork of a cluster needs no copy of it.

mod availability;
mod condition;
mod daemon_set;
mod deployment;
mod endpoint_slice;
mod endpoint_slice_mirroring;
mod endpoints;
mod garbage_collector;
pub(crate) mod gateway;
pub(crate) mod ingress_nginx;
mod job;
mod metallb;
pub(crate) mod namespace;
mod node_affinity;
pub(crate) mod node_lifecycle;
mod owned;
mod pod_gc;
mod port_order;
mod replica_set;
pub(crate) mod scheduler;
pub(crate) mod selected;
mod service_account;
mod service_load_balancer;
mod slice_endpoint;
mod slices;
mod stateful_set;
mod taint_eviction;
mod taints;
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
    &daemon_set::DaemonSetController,
    &job::JobController,
    &scheduler::Scheduler,
    &endpoints::EndpointsController,
    &endpoint_slice::EndpointSliceController,
    &endpoint_slice_mirroring::EndpointSliceMirroringController,
    &node_lifecycle::NodeLifecycleController,
    &taint_eviction::TaintEvictionController,
    &pod_gc::PodGc,
    &service_load_balancer::ServiceController,
    &metallb::MetalLb,
    &ingress_nginx::IngressNginx,
    &ingress_nginx::IngressStatus,
    &gateway::GatewayController,
    &gateway::RouteController,
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
