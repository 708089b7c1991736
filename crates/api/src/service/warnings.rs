//! What is accepted with a warning. Models `GetWarningsForService` of `pkg/api/service/warnings.go` (1.36).

use serde_json::Value;

use super::needs::service_type;
use crate::kind::cell_text;
use crate::{Object, Path, ip};

pub(super) fn service(service: &Object) -> Vec<String> {
    let mut warnings = Vec::new();
    if service.annotation("service.kubernetes.io/topology-aware-hints").is_some() {
        warnings.push(
            "annotation service.kubernetes.io/topology-aware-hints is deprecated, please use \
             service.kubernetes.io/topology-mode instead"
                .to_owned(),
        );
    }
    let kind = service_type(service);
    let cluster_ip = service.str(&["spec", "clusterIP"]);
    let external_ips = service.list(&["spec", "externalIPs"]);
    let load_balancer_ip = service.str(&["spec", "loadBalancerIP"]);
    let headless = kind == "ClusterIP" && cluster_ip == "None";
    if !matches!(cluster_ip, "" | "None") {
        warnings.extend(for_ips(service.list(&["spec", "clusterIPs"]), "spec.clusterIPs"));
    }
    if headless {
        let affinity = service.str(&["spec", "sessionAffinity"]) != "None";
        for (set, field) in [
            (!load_balancer_ip.is_empty(), "loadBalancerIP"),
            (!external_ips.is_empty(), "externalIPs"),
            (affinity, "SessionAffinity"),
        ] {
            if set {
                warnings.push(format!("spec.{field} is ignored for headless services"));
            }
        }
    }
    warnings.extend(for_ips(external_ips, "spec.externalIPs"));
    if !external_ips.is_empty() && !headless && kind != "ExternalName" {
        warnings.push("spec.externalIPs is deprecated and may no longer be implemented in some clusters".to_owned());
    }
    if !load_balancer_ip.is_empty() {
        warnings.extend(ip::ip_warnings(&Path::new("spec.loadBalancerIP"), load_balancer_ip));
    }
    for (index, range) in service.list(&["spec", "loadBalancerSourceRanges"]).iter().enumerate() {
        let path = Path::new("spec.loadBalancerSourceRanges").index(index);
        warnings.extend(ip::cidr_warnings(&path, &cell_text(Some(range))));
    }
    if kind == "ExternalName" && !external_ips.is_empty() {
        warnings.push("spec.externalIPs is ignored when spec.type is \"ExternalName\"".to_owned());
    }
    if kind != "ExternalName" && !service.str(&["spec", "externalName"]).is_empty() {
        warnings.push("spec.externalName is ignored when spec.type is not \"ExternalName\"".to_owned());
    }
    if service.str(&["spec", "trafficDistribution"]) == "PreferClose" {
        warnings.push("spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"".to_owned());
    }
    warnings
}

fn for_ips(ips: &[Value], field: &str) -> Vec<String> {
    let path = Path::new(field);
    let each = ips.iter().enumerate();
    each.flat_map(|(index, ip)| ip::ip_warnings(&path.index(index), &cell_text(Some(ip)))).collect()
}
