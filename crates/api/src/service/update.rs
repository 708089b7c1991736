//! What a change of a Service means where the manifest does not say.
//!
//! Models `patchAllocatedValues` and `normalizeClusterIPs` of `pkg/registry/core/service/storage/storage.go`, which run
//! before allocation, and `dropTypeDependentFields` of `strategy.go`, which runs after it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::needs::{
    externally_accessible, needs_cluster_ip, needs_health_check_node_port, needs_node_port, service_type,
};
use crate::Object;

/// Makes `clusterIP` and `clusterIPs` agree.
pub fn normalize_cluster_ips(service: &mut Object, old: Option<&Object>) {
    let ip = service.str(&["spec", "clusterIP"]).to_owned();
    let none_given = service.list(&["spec", "clusterIPs"]).is_empty();
    let Some(old) = old else {
        if !ip.is_empty() && none_given {
            service.set(&["spec", "clusterIPs"], json!([ip]));
        }
        return;
    };
    let old_ip = old.str(&["spec", "clusterIP"]);
    if none_given && old_ip == ip {
        keep(service, old, "clusterIPs");
    }
    let same_list = service.list(&["spec", "clusterIPs"]) == old.list(&["spec", "clusterIPs"]);
    if old_ip != ip && same_list {
        if ip.is_empty() {
            service.remove(&["spec", "clusterIPs"]);
        } else {
            service.set(&["spec", "clusterIPs"], json!([ip]));
        }
    }
}

/// Gives a changed Service the addresses and ports it had and does not name.
///
/// A node port is found again by the name of its port, so that the number of the port may change.
pub fn patch_allocated_values(service: &mut Object, old: &Object) {
    if needs_cluster_ip(old) && needs_cluster_ip(service) {
        if service.str(&["spec", "clusterIP"]).is_empty() {
            keep(service, old, "clusterIP");
        }
        let same_ip = service.str(&["spec", "clusterIP"]) == old.str(&["spec", "clusterIP"]);
        if service.list(&["spec", "clusterIPs"]).is_empty() && same_ip {
            keep(service, old, "clusterIPs");
        }
    }
    if needs_node_port(old) && needs_node_port(service) {
        let used: BTreeSet<i64> = node_ports(old).intersection(&node_ports(service)).copied().collect();
        let by_name: BTreeMap<String, i64> =
            old.list(&["spec", "ports"]).iter().map(|port| (name(port), node_port(port))).collect();
        for port in ports_mut(service).filter(|port| node_port(port) == 0) {
            let had = by_name.get(&name(port)).copied().filter(|had| *had != 0 && !used.contains(had));
            if let (Some(had), Value::Object(port)) = (had, port) {
                port.insert("nodePort".to_owned(), had.into());
            }
        }
    }
    let had_health_check = needs_health_check_node_port(old) && needs_health_check_node_port(service);
    if had_health_check && service.int(&["spec", "healthCheckNodePort"]).unwrap_or(0) == 0 {
        keep(service, old, "healthCheckNodePort");
    }
}

/// Drops what a new type has no use for, unless the writer changed it as well (then validation refuses it).
pub fn drop_type_dependent_fields(service: &mut Object, old: &Object) {
    let same = |service: &Object, field: &str| service.at(&["spec", field]) == old.at(&["spec", field]);
    if needs_cluster_ip(old) && !needs_cluster_ip(service) {
        if same(service, "clusterIP") && same(service, "clusterIPs") {
            service.remove(&["spec", "clusterIP"]);
            service.remove(&["spec", "clusterIPs"]);
        }
        for field in ["ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"] {
            if same(service, field) {
                service.remove(&["spec", field]);
            }
        }
    }
    let no_longer = |needs: fn(&Object) -> bool, service: &Object| needs(old) && !needs(service);
    if no_longer(needs_node_port, service) && node_ports(old).is_superset(&node_ports(service)) {
        for port in ports_mut(service).filter_map(Value::as_object_mut) {
            port.remove("nodePort");
        }
    }
    if no_longer(needs_health_check_node_port, service) && same(service, "healthCheckNodePort") {
        service.remove(&["spec", "healthCheckNodePort"]);
    }
    for field in ["allocateLoadBalancerNodePorts", "loadBalancerClass"] {
        if no_longer(is_load_balancer, service) && same(service, field) {
            service.remove(&["spec", field]);
        }
    }
    if no_longer(externally_accessible, service) && same(service, "externalTrafficPolicy") {
        service.remove(&["spec", "externalTrafficPolicy"]);
    }
    if !is_load_balancer(service) {
        service.set(&["status", "loadBalancer"], json!({}));
    }
}

fn is_load_balancer(service: &Object) -> bool {
    service_type(service) == "LoadBalancer"
}

fn keep(service: &mut Object, old: &Object, field: &str) {
    if let Some(value) = old.at(&["spec", field]) {
        service.set(&["spec", field], value.clone());
    }
}

fn ports_mut(service: &mut Object) -> impl Iterator<Item = &mut Value> {
    let spec = service.field_mut("spec");
    spec.and_then(|spec| spec.get_mut("ports")?.as_array_mut()).into_iter().flatten()
}

fn name(port: &Value) -> String {
    crate::kind::cell_text(port.get("name"))
}

fn node_port(port: &Value) -> i64 {
    port.get("nodePort").and_then(Value::as_i64).unwrap_or(0)
}

fn node_ports(service: &Object) -> BTreeSet<i64> {
    service.list(&["spec", "ports"]).iter().map(node_port).filter(|port| *port != 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(spec: impl Into<Value>) -> Object {
        Object::new(json!({"spec": spec.into()}))
    }

    #[test]
    fn a_node_port_follows_the_name_of_its_port() {
        let old = service(json!({"type": "NodePort", "clusterIP": "10.96.1.1", "clusterIPs": ["10.96.1.1"],
            "ports": [{"name": "a", "port": 80, "nodePort": 30001}, {"name": "b", "port": 81, "nodePort": 30002}]}));
        let mut new = service(json!({"type": "NodePort",
            "ports": [{"name": "a", "port": 8080}, {"name": "b", "port": 81, "nodePort": 30001}, {"name": "c", "port": 3}]}));
        patch_allocated_values(&mut new, &old);
        let ports: Vec<i64> = new.list(&["spec", "ports"]).iter().map(node_port).collect();
        assert_eq!(ports, [0, 30001, 0], "30001 went to b, so a gets a new one");
        assert_eq!(new.str(&["spec", "clusterIP"]), "10.96.1.1");
        assert_eq!(new.list(&["spec", "clusterIPs"]), [json!("10.96.1.1")]);
    }

    #[test]
    fn a_new_type_drops_what_the_old_one_was_given() {
        let old = service(json!({"type": "LoadBalancer", "clusterIP": "10.96.1.1", "clusterIPs": ["10.96.1.1"],
            "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack", "internalTrafficPolicy": "Cluster",
            "externalTrafficPolicy": "Local", "healthCheckNodePort": 30500, "allocateLoadBalancerNodePorts": true,
            "ports": [{"port": 80, "nodePort": 30001}]}));
        let mut new = old.clone();
        new.set(&["spec", "type"], "ClusterIP");
        drop_type_dependent_fields(&mut new, &old);
        let want = json!({"type": "ClusterIP", "clusterIP": "10.96.1.1", "clusterIPs": ["10.96.1.1"],
            "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack", "internalTrafficPolicy": "Cluster",
            "ports": [{"port": 80}]});
        assert_eq!(new.at(&["spec"]), Some(&want));
        let mut new = old.clone();
        new.set(&["spec", "type"], "ExternalName");
        new.set(&["spec", "ports"], json!([{"port": 80, "nodePort": 30002}]));
        drop_type_dependent_fields(&mut new, &old);
        let want = json!({"type": "ExternalName", "ports": [{"port": 80, "nodePort": 30002}]});
        assert_eq!(new.at(&["spec"]), Some(&want), "a node port that changed too stays, to be refused");
    }

    #[test]
    fn cluster_ip_leads_and_the_list_follows() {
        let old = service(json!({"clusterIP": "10.96.1.1", "clusterIPs": ["10.96.1.1"]}));
        for (spec, want) in [
            (json!({"clusterIP": "10.96.1.1"}), json!(["10.96.1.1"])),
            (json!({"clusterIP": "10.96.1.2", "clusterIPs": ["10.96.1.1"]}), json!(["10.96.1.2"])),
            (json!({"clusterIP": "", "clusterIPs": ["10.96.1.1"]}), Value::Null),
            (json!({"clusterIP": "None", "clusterIPs": ["10.96.1.3"]}), json!(["10.96.1.3"])),
        ] {
            let mut new = service(spec);
            normalize_cluster_ips(&mut new, Some(&old));
            assert_eq!(new.at(&["spec", "clusterIPs"]).cloned().unwrap_or_default(), want);
        }
    }
}
