//! The variables by which containers find the Services that were there when they started. Models `pkg/kubelet/envvars`.
//!
//! They are the same for all containers of a namespace until a Service changes, so these share them.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::{Object, Value};

use crate::Cluster;

/// Variables by name.
pub(super) type Variables = BTreeMap<String, String>;

/// The variables of each namespace (none for pods without links), and the revision of the Services they are of.
pub(super) type Links = BTreeMap<Arc<str>, (u64, Arc<Variables>)>;

/// What Services add to a container of a pod that starts now.
pub(super) fn of(cluster: &mut Cluster, pod: &Object) -> Arc<Variables> {
    let links = pod.at(&["spec", "enableServiceLinks"]) != Some(&Value::Bool(false));
    let namespace = if links { pod.namespace() } else { "" };
    let revision = cluster.store().revision_of(&api::service::KIND);
    if let Some((known, variables)) = cluster.kubelet.links.get(namespace)
        && *known == revision
    {
        return variables.clone();
    }
    let variables = Arc::new(all(cluster, namespace));
    cluster.kubelet.links.insert(namespace.into(), (revision, variables.clone()));
    variables
}

/// Every Service of a namespace that has an address, and `kubernetes`, which is in all of them.
fn all(cluster: &Cluster, namespace: &str) -> Variables {
    let mut all = Variables::new();
    let own = cluster.list(&api::service::KIND, Some(namespace));
    let master = cluster.store().find(&api::service::KIND, "default", "kubernetes");
    for service in master.into_iter().chain(own) {
        let ip = service.str(&["spec", "clusterIP"]);
        if ip.is_empty() || ip == "None" {
            continue;
        }
        let prefix = service.name().to_uppercase().replace('-', "_");
        let ports = api::service::ports(service);
        let Some(first) = ports.first() else { continue };
        all.insert(format!("{prefix}_SERVICE_HOST"), ip.to_owned());
        all.insert(format!("{prefix}_SERVICE_PORT"), first.port.to_string());
        for (index, port) in ports.iter().enumerate() {
            if !port.name.is_empty() {
                let name = port.name.to_uppercase().replace('-', "_");
                all.insert(format!("{prefix}_SERVICE_PORT_{name}"), port.port.to_string());
            }
            let protocol = port.protocol.to_lowercase();
            let url = format!("{protocol}://{ip}:{}", port.port);
            if index == 0 {
                all.insert(format!("{prefix}_PORT"), url.clone());
            }
            let base = format!("{prefix}_PORT_{}_{}", port.port, port.protocol);
            all.insert(base.clone(), url);
            all.insert(format!("{base}_PROTO"), protocol);
            all.insert(format!("{base}_PORT"), port.port.to_string());
            all.insert(format!("{base}_ADDR"), ip.to_owned());
        }
    }
    all
}
