//! One port on every node for each port that asks for one, and one for health checks.
//! Models `initNodePorts`, `updateNodePorts`, `allocHealthCheckNodePort` and `portallocator`.

use std::collections::{BTreeMap, BTreeSet};

use api::service::{needs_health_check_node_port, needs_node_port, should_allocate_node_ports};
use api::{FieldError, Object, Path, Reason, Status, Value};

use super::invalid;
use crate::Cluster;

/// The node ports that are taken, and the range they come from.
struct Ports<'a> {
    cluster: &'a mut Cluster,
    taken: BTreeSet<i64>,
}

pub(super) fn on_create(cluster: &mut Cluster, service: &mut Object) -> Result<(), Status> {
    if !needs_node_port(service) && !needs_health_check_node_port(service) {
        return Ok(());
    }
    let mut ports = Ports::new(cluster);
    if needs_node_port(service) {
        ports.create(service)?;
    }
    if needs_health_check_node_port(service) {
        ports.health_check(service)?;
    }
    Ok(())
}

pub(super) fn on_update(cluster: &mut Cluster, service: &mut Object, old: &Object) -> Result<(), Status> {
    let mut ports = Ports::new(cluster);
    if needs_node_port(service) {
        ports.update(service, old)?;
    }
    let (needed, needs) = (needs_health_check_node_port(old), needs_health_check_node_port(service));
    if needs && !needed {
        ports.health_check(service)?;
    } else if needed && !needs {
        service.remove(&["spec", "healthCheckNodePort"]);
    }
    Ok(())
}

/// One entry of `spec.ports` before validation: the numbers may be anything.
struct Asked {
    protocol: String,
    port: i64,
    node_port: i64,
}

fn asked(service: &Object) -> Vec<Asked> {
    let number = |port: &Value, field: &str| port.get(field).and_then(Value::as_i64).unwrap_or(0);
    service
        .list(&["spec", "ports"])
        .iter()
        .map(|port| Asked {
            protocol: api::kind::cell_text(port.get("protocol")),
            port: number(port, "port"),
            node_port: number(port, "nodePort"),
        })
        .collect()
}

fn set_port(service: &mut Object, index: usize, number: i64) {
    let ports = service.field_mut("spec").and_then(|spec| spec.get_mut("ports")?.as_array_mut());
    if let Some(port) = ports.and_then(|ports| ports.get_mut(index)?.as_object_mut()) {
        port.insert("nodePort".to_owned(), number.into());
    }
}

impl<'a> Ports<'a> {
    fn new(cluster: &'a mut Cluster) -> Self {
        let taken = cluster
            .list(&api::service::KIND, None)
            .flat_map(|service| {
                let health = service.int(&["spec", "healthCheckNodePort"]);
                asked(service).into_iter().map(|port| port.node_port).chain(health)
            })
            .filter(|port| *port != 0)
            .collect();
        Self { cluster, taken }
    }

    /// Ports of one number (TCP and UDP) share a node port unless each names its own.
    fn create(&mut self, service: &mut Object) -> Result<(), Status> {
        let ports = asked(service);
        let mut given: BTreeMap<i64, i64> = BTreeMap::new();
        for (index, port) in ports.iter().enumerate() {
            if port.node_port == 0 && !should_allocate_node_ports(service) {
                continue;
            }
            match given.get(&port.port) {
                None => {
                    let same = ports.iter().filter(|other| other.port == port.port);
                    let asked = same.map(|other| other.node_port).find(|asked| *asked != 0);
                    let number = match asked {
                        Some(asked) => self.book(service, index, asked)?,
                        None => self.any()?,
                    };
                    set_port(service, index, number);
                    given.insert(port.port, number);
                }
                Some(&number) if port.node_port == 0 => set_port(service, index, number),
                Some(&number) if port.node_port != number => drop(self.book(service, index, port.node_port)?),
                Some(_) => {}
            }
        }
        Ok(())
    }

    fn update(&mut self, service: &mut Object, old: &Object) -> Result<(), Status> {
        let had: BTreeSet<i64> = asked(old).iter().map(|port| port.node_port).collect();
        let mut booked = BTreeSet::new();
        let mut seen = BTreeSet::new();
        for (index, port) in asked(service).into_iter().enumerate() {
            if port.node_port == 0 && !should_allocate_node_ports(service) {
                continue;
            }
            let mut number = port.node_port;
            if number == 0 {
                number = self.any()?;
                set_port(service, index, number);
            } else if !had.contains(&number) && !booked.contains(&number) {
                self.book(service, index, number)?;
                booked.insert(number);
            }
            if !seen.insert((port.protocol.clone(), number)) {
                let what = format!("Internal error occurred: duplicate nodePort: {{{} {number}}}", port.protocol);
                return Err(Status::new(Reason::InternalError, what));
            }
        }
        Ok(())
    }

    fn health_check(&mut self, service: &mut Object) -> Result<(), Status> {
        let asked = service.int(&["spec", "healthCheckNodePort"]).unwrap_or(0);
        let number = if asked == 0 {
            self.any()?
        } else {
            self.refusal(asked).map_or(Ok(asked), |why| {
                let what = format!("failed to allocate requested HealthCheck NodePort {asked}: {why}");
                Err(Status::new(Reason::InternalError, format!("Internal error occurred: {what}")))
            })?
        };
        self.taken.insert(number);
        service.set(&["spec", "healthCheckNodePort"], number);
        Ok(())
    }

    /// Why a port cannot be had.
    fn refusal(&self, number: i64) -> Option<String> {
        let (first, last) = self.cluster.settings().ranges.node_ports;
        if !(i64::from(first)..=i64::from(last)).contains(&number) {
            let range = format!("The range of valid ports is {first}-{last}");
            return Some(format!("provided port is not in the valid range. {range}"));
        }
        self.taken.contains(&number).then(|| "provided port is already allocated".to_owned())
    }

    /// A port that the manifest names.
    fn book(&mut self, service: &Object, index: usize, number: i64) -> Result<i64, Status> {
        if let Some(why) = self.refusal(number) {
            let path = Path::new("spec.ports").index(index).child("nodePort");
            return Err(invalid(service, vec![FieldError::invalid(&path, number, why)]));
        }
        self.taken.insert(number);
        Ok(number)
    }

    /// Any free port of the range.
    fn any(&mut self) -> Result<i64, Status> {
        let (first, last) = self.cluster.settings().ranges.node_ports;
        let span = i64::from(last.saturating_sub(first)) + 1;
        let start = i64::try_from(self.cluster.rng.below(span.unsigned_abs())).unwrap_or(0);
        let free =
            (0..span).map(|step| i64::from(first) + (start + step) % span).find(|number| !self.taken.contains(number));
        let number = free.ok_or_else(|| {
            let what = "Internal error occurred: failed to allocate a nodePort: range is full";
            Status::new(Reason::InternalError, what)
        })?;
        self.taken.insert(number);
        Ok(number)
    }
}
