//! Cluster IPs and node ports: given out once, free again when nobody holds them.
//!
//! What is taken is read from the stored Services, so that it can never disagree with them and a refused request has
//! nothing to give back. Models `pkg/registry/core/service/storage/alloc.go` with the allocators below it.

mod cluster_ip;
mod node_port;
mod ranges;

use api::{Kind, Object, Status};

pub use ranges::Ranges;

use crate::Cluster;

/// Gives a new Service what it lacks and books what it asks for. Models `beginCreate`, which comes before validation.
///
/// # Errors
/// When an address or a port cannot be had.
pub(super) fn on_create(cluster: &mut Cluster, kind: &'static Kind, object: &mut Object) -> Result<(), Status> {
    if *kind != api::service::KIND {
        return Ok(());
    }
    api::service::prepare_allocation(object, None).map_err(|errors| invalid(object, errors))?;
    cluster_ip::on_create(cluster, object)?;
    node_port::on_create(cluster, object)
}

/// The same for a changed Service: what it had stays. Models `beginUpdate`.
///
/// # Errors
/// When an address or a port cannot be had.
pub(super) fn on_update(
    cluster: &mut Cluster,
    kind: &'static Kind,
    object: &mut Object,
    old: &Object,
) -> Result<(), Status> {
    if *kind != api::service::KIND {
        return Ok(());
    }
    api::service::prepare_allocation(object, Some(old)).map_err(|errors| invalid(object, errors))?;
    cluster_ip::on_update(cluster, object, old)?;
    node_port::on_update(cluster, object, old)
}

fn invalid(service: &Object, errors: api::ErrorList) -> Status {
    Status::invalid(&api::service::KIND, service.name(), errors)
}
