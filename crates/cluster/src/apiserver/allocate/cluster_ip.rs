//! One address for each Service. Models `allocClusterIPs` and `pkg/registry/core/service/ipallocator`.

use std::net::Ipv4Addr;

use api::service::{is_headless, needs_cluster_ip};
use api::{FieldError, Object, Path, Reason, Status, json};

use super::{Ranges, invalid};
use crate::Cluster;

pub(super) fn on_create(cluster: &mut Cluster, service: &mut Object) -> Result<(), Status> {
    if !needs_cluster_ip(service) || is_headless(service) {
        return Ok(());
    }
    let asked = service.list(&["spec", "clusterIPs"]).first().and_then(|ip| ip.as_str()).unwrap_or_default().to_owned();
    let ip = if asked.is_empty() { any(cluster, service)? } else { book(cluster, service, &asked)? };
    service.set(&["spec", "clusterIP"], ip.as_str());
    service.set(&["spec", "clusterIPs"], json!([ip]));
    Ok(())
}

/// Only a Service that was an ExternalName gets an address later: otherwise it has one and keeps it.
pub(super) fn on_update(cluster: &mut Cluster, service: &mut Object, old: &Object) -> Result<(), Status> {
    if !needs_cluster_ip(old) { on_create(cluster, service) } else { Ok(()) }
}

fn is_taken(cluster: &Cluster, ip: Ipv4Addr) -> bool {
    cluster.store().service_at(&ip.to_string()).is_some()
}

/// An address that the manifest names.
fn book(cluster: &Cluster, service: &Object, asked: &str) -> Result<String, Status> {
    let parsed = asked.parse::<Ipv4Addr>().ok();
    let why = match parsed {
        Some(ip) if !cluster.settings().ranges.contains(ip) => "the provided network does not match the current range",
        Some(ip) if is_taken(cluster, ip) => "provided IP is already allocated",
        Some(_) => return Ok(asked.to_owned()),
        None => "the provided network does not match the current range",
    };
    let addresses = json!(service.list(&["spec", "clusterIPs"]));
    let detail = format!("failed to allocate IP {asked}: {why}");
    Err(invalid(service, vec![FieldError::invalid(&Path::new("spec.clusterIPs"), addresses, detail)]))
}

/// Any free address: from the upper part of the range while that lasts.
fn any(cluster: &mut Cluster, service: &Object) -> Result<String, Status> {
    let ranges: Ranges = cluster.settings().ranges.clone();
    let (usable, reserved) = (ranges.usable(), ranges.reserved());
    let upper = usable.saturating_sub(reserved);
    let start = u32::try_from(cluster.rng.below(u64::from(upper))).unwrap_or(0);
    let upper_places = (0..upper).map(|step| reserved + (start + step) % upper.max(1));
    upper_places
        .chain(0..reserved.min(usable))
        .map(|place| ranges.address(place))
        .find(|ip| !is_taken(cluster, *ip))
        .map(|ip| ip.to_string())
        .ok_or_else(|| {
            let name = service.name();
            let why = format!("failed to allocate a serviceIP for Service \"{name}\": range is full");
            Status::new(Reason::InternalError, format!("Internal error occurred: {why}"))
        })
}
