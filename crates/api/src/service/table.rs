//! The columns of `kubectl get services`. Models `printService` of `pkg/printers/internalversion`.

use serde_json::Value;

use crate::Object;
use crate::kind::{AGE, Column, NAME, cell_text};

pub(super) const COLUMNS: &[Column] = &[
    NAME,
    Column { name: "TYPE", wide: false, cell: |service, _| service.str(&["spec", "type"]).to_owned() },
    Column { name: "CLUSTER-IP", wide: false, cell: |service, _| cluster_ip(service) },
    Column { name: "EXTERNAL-IP", wide: false, cell: |service, _| external_ip(service) },
    Column { name: "PORT(S)", wide: false, cell: |service, _| ports(service) },
    AGE,
    Column { name: "SELECTOR", wide: true, cell: |service, _| selector(service) },
];

fn cluster_ip(service: &Object) -> String {
    let ip = service.str(&["spec", "clusterIP"]);
    if ip.is_empty() { "<none>".to_owned() } else { ip.to_owned() }
}

/// Models `getServiceExternalIP`.
fn external_ip(service: &Object) -> String {
    let external: Vec<String> = service.list(&["spec", "externalIPs"]).iter().map(|ip| cell_text(Some(ip))).collect();
    let none_or = |list: &[String]| if list.is_empty() { "<none>".to_owned() } else { list.join(",") };
    match service.str(&["spec", "type"]) {
        "LoadBalancer" => {
            let mut all: Vec<String> = service
                .list(&["status", "loadBalancer", "ingress"])
                .iter()
                .filter_map(|ingress| ingress.get("ip").or_else(|| ingress.get("hostname")))
                .map(|address| cell_text(Some(address)))
                .collect();
            all.extend(external);
            if all.is_empty() { "<pending>".to_owned() } else { all.join(",") }
        }
        "ExternalName" => service.str(&["spec", "externalName"]).to_owned(),
        _ => none_or(&external),
    }
}

/// Models `makePortString`.
fn ports(service: &Object) -> String {
    let ports: Vec<String> = super::ports(service)
        .iter()
        .map(|port| match port.node_port {
            0 => format!("{}/{}", port.port, port.protocol),
            node_port => format!("{}:{node_port}/{}", port.port, port.protocol),
        })
        .collect();
    if ports.is_empty() { "<none>".to_owned() } else { ports.join(",") }
}

fn selector(service: &Object) -> String {
    let pairs: Vec<String> = service
        .map(&["spec", "selector"])
        .into_iter()
        .flatten()
        .map(|(key, value)| format!("{key}={}", cell_text(Some(value).filter(|v| !Value::is_null(v)))))
        .collect();
    if pairs.is_empty() { "<none>".to_owned() } else { pairs.join(",") }
}
