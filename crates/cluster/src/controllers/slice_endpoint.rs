//! One endpoint of a slice: a pod, its conditions, and where it should rather be used from.
//! Models `k8s.io/endpointslice` `podToEndpoint` and `trafficdist`.

use api::{Object, Value, json};

use super::selected;
use crate::Cluster;

const ZONE_LABEL: &str = "topology.kubernetes.io/zone";

/// The endpoint that a pod is for a Service; `None` when its node is gone and the Service wants no such pods.
pub(super) fn of(cluster: &Cluster, service: &Object, pod: &Object) -> Option<Value> {
    let node = pod.str(&["spec", "nodeName"]);
    let object = cluster.store().find(&api::node::KIND, "", node);
    let publish_all = service.bool(&["spec", "publishNotReadyAddresses"]);
    if object.is_none() && !publish_all {
        return None;
    }
    let serving = api::pod::is_ready(pod);
    let terminating = pod.is_terminating();
    let ready = publish_all || (serving && !terminating);
    let mut endpoint = json!({
        "addresses": [pod.str(&["status", "podIP"])],
        "conditions": {"ready": ready, "serving": serving, "terminating": terminating},
        "nodeName": node,
    });
    endpoint["targetRef"] = selected::target_ref(pod);
    let zone = object.map(|node| node.str(&["metadata", "labels", ZONE_LABEL])).filter(|zone| !zone.is_empty());
    if let Some(zone) = zone {
        endpoint["zone"] = zone.into();
    }
    let hostname = pod.str(&["spec", "hostname"]);
    if !hostname.is_empty() && pod.str(&["spec", "subdomain"]) == service.name() {
        endpoint["hostname"] = hostname.into();
    }
    if let Some(hints) = hints(service.str(&["spec", "trafficDistribution"]), node, zone).filter(|_| ready) {
        endpoint["hints"] = hints;
    }
    Some(endpoint)
}

/// From where the Service wants an endpoint to be used.
fn hints(distribution: &str, node: &str, zone: Option<&str>) -> Option<Value> {
    let zones = |zone: &str| json!([{"name": zone}]);
    match (distribution, zone) {
        ("PreferClose" | "PreferSameZone", Some(zone)) => Some(json!({"forZones": zones(zone)})),
        ("PreferSameNode", Some(zone)) => Some(json!({"forNodes": [{"name": node}], "forZones": zones(zone)})),
        ("PreferSameNode", None) => Some(json!({"forNodes": [{"name": node}]})),
        _ => None,
    }
}
