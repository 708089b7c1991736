//! Cluster IPs and node ports: given out once, free again when nobody holds them.
//!
//! What is taken is read from the stored Services, so that it can never disagree with them.
//! Models `pkg/registry/core/service/ipallocator` and `portallocator`.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use api::{FieldError, Kind, Object, Path, Reason, Status, Value, json};

use crate::Cluster;

/// The addresses and ports a cluster gives out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ranges {
    /// First address of the service range.
    pub service_network: Ipv4Addr,
    /// Length of its prefix, in bits.
    pub service_prefix: u8,
    /// First and last node port.
    pub node_ports: (u16, u16),
}

impl Default for Ranges {
    fn default() -> Self {
        Self { service_network: Ipv4Addr::new(10, 96, 0, 0), service_prefix: 12, node_ports: (30_000, 32_767) }
    }
}

impl Ranges {
    /// Addresses in the service range, its first and last included.
    #[must_use]
    pub fn size(&self) -> u32 {
        1u32.checked_shl(32 - u32::from(self.service_prefix)).unwrap_or(u32::MAX)
    }

    /// Whether an address can be given to a Service: in the range, neither its first nor its last.
    #[must_use]
    pub fn contains(&self, ip: Ipv4Addr) -> bool {
        let offset = u32::from(ip).wrapping_sub(u32::from(self.service_network));
        offset > 0 && offset < self.size() - 1
    }
}

/// Gives a new Service what it lacks and books what it asks for.
pub(super) fn on_create(cluster: &mut Cluster, kind: &'static Kind, object: &mut Object) -> Result<(), Status> {
    if *kind != api::service::KIND {
        return Ok(());
    }
    cluster_ip(cluster, object)?;
    node_ports(cluster, object)
}

/// The same for a changed Service: what it had stays.
pub(super) fn on_update(
    cluster: &mut Cluster,
    kind: &'static Kind,
    object: &mut Object,
    old: &Object,
) -> Result<(), Status> {
    if *kind != api::service::KIND {
        return Ok(());
    }
    for field in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
        if object.at(&["spec", field]).is_none()
            && let Some(value) = old.at(&["spec", field])
        {
            object.set(&["spec", field], value.clone());
        }
    }
    cluster_ip(cluster, object)?;
    node_ports(cluster, object)
}

fn cluster_ip(cluster: &mut Cluster, service: &mut Object) -> Result<(), Status> {
    if service.str(&["spec", "type"]) == "ExternalName" {
        return Ok(());
    }
    let asked = service.str(&["spec", "clusterIP"]).to_owned();
    let ip = match asked.as_str() {
        "" => free_ip(cluster)?,
        other => other.to_owned(),
    };
    service.set(&["spec", "clusterIP"], ip.as_str());
    service.set(&["spec", "clusterIPs"], json!([ip]));
    service.set(&["spec", "ipFamilies"], json!(["IPv4"]));
    service.set(&["spec", "ipFamilyPolicy"], "SingleStack");
    Ok(())
}

/// Models the allocator's random pick: the upper part of the range first, the lower part is for chosen addresses.
fn free_ip(cluster: &mut Cluster) -> Result<String, Status> {
    let ranges = cluster.settings().ranges.clone();
    let taken: BTreeSet<String> =
        cluster.list(&api::service::KIND, None).map(|s| s.str(&["spec", "clusterIP"]).to_owned()).collect();
    let usable = ranges.size().saturating_sub(2);
    let lower = (ranges.size() / 16).clamp(16.min(usable), 256);
    let upper = usable.saturating_sub(lower).max(1);
    let start = u32::try_from(cluster.rng.below(u64::from(upper))).unwrap_or(0);
    (0..usable)
        .map(|step| if step < upper { lower + (start + step) % upper } else { step - upper })
        .map(|offset| Ipv4Addr::from(u32::from(ranges.service_network) + 1 + offset).to_string())
        .find(|ip| !taken.contains(ip))
        .ok_or_else(|| Status::new(Reason::InternalError, "failed to allocate a serviceIP: range is full"))
}

fn node_ports(cluster: &mut Cluster, service: &mut Object) -> Result<(), Status> {
    let wants = match service.str(&["spec", "type"]) {
        "NodePort" => true,
        "LoadBalancer" => service.at(&["spec", "allocateLoadBalancerNodePorts"]) != Some(&Value::Bool(false)),
        _ => false,
    };
    if !wants {
        return Ok(());
    }
    let own = (service.namespace().to_owned(), service.name().to_owned());
    let mut taken: BTreeSet<u16> = cluster
        .list(&api::service::KIND, None)
        .filter(|other| (other.namespace(), other.name()) != (own.0.as_str(), own.1.as_str()))
        .flat_map(|other| api::service::ports(other))
        .map(|port| port.node_port)
        .collect();
    let ports = api::service::ports(service);
    let (first, last) = cluster.settings().ranges.node_ports;
    for (index, port) in ports.iter().enumerate() {
        let path = Path::new("spec.ports").index(index).child("nodePort");
        let refuse = |detail: &str| {
            Err(Status::invalid(&api::service::KIND, &own.1, vec![FieldError::invalid(&path, port.node_port, detail)]))
        };
        match port.node_port {
            0 => {}
            number if !(first..=last).contains(&number) => {
                return refuse(&format!(
                    "provided port is not in the valid range. The range of valid ports is {first}-{last}"
                ));
            }
            number if taken.contains(&number) => return refuse("provided port is already allocated"),
            _ => {}
        }
    }
    taken.extend(ports.iter().map(|port| port.node_port));
    for (index, port) in ports.iter().enumerate().filter(|(_, port)| port.node_port == 0) {
        let span = u64::from(last - first) + 1;
        let start = cluster.rng.below(span);
        let number = (0..span)
            .filter_map(|step| u16::try_from(u64::from(first) + (start + step) % span).ok())
            .find(|number| !taken.contains(number))
            .ok_or_else(|| {
                Status::new(
                    Reason::InternalError,
                    format!("failed to allocate a nodePort: range is full ({})", port.port),
                )
            })?;
        taken.insert(number);
        let slot =
            service.value_mut().get_mut("spec").and_then(|s| s.get_mut("ports")?.get_mut(index)?.as_object_mut());
        if let Some(slot) = slot {
            slot.insert("nodePort".to_owned(), number.into());
        }
    }
    Ok(())
}
