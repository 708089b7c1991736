//! Services. Models `describeService`.

use std::sync::Arc;

use api::{Object, Value};

use super::{Text, View, or_none};

pub(super) fn describe(service: &Object, view: &View<'_>) -> Text {
    let mut text = Text::default();
    text.identity(service);
    let pairs = service.string_map(&["spec", "selector"]);
    let selector: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}={value}")).collect();
    text.field(0, "Selector", or_none(&selector.join(",")));
    text.field(0, "Type", service.str(&["spec", "type"]));
    let list = |path: &[&str]| service.list(path).iter().map(api::go::format).collect::<Vec<_>>().join(",");
    text.field_if(0, "IP Family Policy", service.str(&["spec", "ipFamilyPolicy"]));
    text.field(0, "IP Families", or_none(&list(&["spec", "ipFamilies"])));
    text.field(0, "IP", service.str(&["spec", "clusterIP"]));
    text.field(0, "IPs", or_none(&list(&["spec", "clusterIPs"])));
    text.field_if(0, "External IPs", &list(&["spec", "externalIPs"]));
    text.field_if(0, "Desired LoadBalancer IP", service.str(&["spec", "loadBalancerIP"]));
    text.field_if(0, "External Name", service.str(&["spec", "externalName"]));
    let ingress: Vec<String> = service.list(&["status", "loadBalancer", "ingress"]).iter().map(ingress).collect();
    text.field_if(0, "LoadBalancer Ingress", &ingress.join(", "));
    let slices = slices(service, view);
    for port in service.list(&["spec", "ports"]) {
        self::port(&mut text, port, &slices);
    }
    text.field(0, "Session Affinity", service.str(&["spec", "sessionAffinity"]));
    text.field_if(0, "External Traffic Policy", service.str(&["spec", "externalTrafficPolicy"]));
    text.field_if(0, "Internal Traffic Policy", service.str(&["spec", "internalTrafficPolicy"]));
    if let Some(port) = service.int(&["spec", "healthCheckNodePort"]).filter(|port| *port != 0) {
        text.field(0, "HealthCheck NodePort", port.to_string());
    }
    text.field_if(0, "LoadBalancer Source Ranges", &list(&["spec", "loadBalancerSourceRanges"]));
    text.field_if(0, "Traffic Distribution", service.str(&["spec", "trafficDistribution"]));
    text.events(service, view);
    text
}

/// Models `buildIngressString`.
fn ingress(ingress: &Value) -> String {
    let word = |field: &str| ingress.get(field).and_then(Value::as_str).unwrap_or_default();
    match (word("ip"), word("ipMode")) {
        ("", _) => word("hostname").to_owned(),
        (ip, "") => ip.to_owned(),
        (ip, mode) => format!("{ip} ({mode})"),
    }
}

fn port(text: &mut Text, port: &Value, slices: &[Arc<Object>]) {
    let word = |field: &str| port.get(field).map(api::go::format).unwrap_or_default();
    let (name, protocol) = (word("name"), word("protocol"));
    let shown = if name.is_empty() { "<unset>" } else { &name };
    text.line(0, format!("Port:\t{shown}\t{}/{protocol}", word("port")));
    text.field(0, "TargetPort", format!("{}/{protocol}", word("targetPort")));
    text.field_if(0, "AppProtocol", &word("appProtocol"));
    if !word("nodePort").is_empty() && word("nodePort") != "0" {
        text.line(0, format!("NodePort:\t{shown}\t{}/{protocol}", word("nodePort")));
    }
    text.field(0, "Endpoints", endpoints(slices, &name));
}

pub(super) fn slices(service: &Object, view: &View<'_>) -> Vec<Arc<Object>> {
    let of = |slice: &&Arc<Object>| {
        let label = slice.labels().and_then(|labels| labels.get(api::endpoint_slice::SERVICE_NAME_LABEL));
        label.is_some_and(|name| name == service.name())
    };
    view.cluster.list(&api::endpoint_slice::KIND, Some(service.namespace())).filter(of).cloned().collect()
}

/// The endpoints of a port: three, and how many more there are. Models `formatEndpointSlices`.
pub(super) fn endpoints(slices: &[Arc<Object>], port_name: &str) -> String {
    const MOST: usize = 3;
    if slices.is_empty() {
        return "<none>".to_owned();
    }
    let (mut shown, mut count, mut more) = (Vec::new(), 0, false);
    for slice in slices {
        let ports = slice.list(&["ports"]);
        let named = ports.iter().filter(|port| super::word(port, "name") == port_name);
        let mut numbers: Vec<Option<String>> = named.map(|port| Some(super::word(port, "port"))).collect();
        if ports.is_empty() {
            numbers.push(None);
        }
        for number in numbers {
            for endpoint in slice.list(&["endpoints"]) {
                // Upstream says so before it knows whether another one is ready.
                more |= shown.len() == MOST;
                if endpoint.pointer("/conditions/ready").is_some_and(|ready| ready == false) {
                    continue;
                }
                count += 1;
                if !more {
                    let ip = endpoint.pointer("/addresses/0").map(api::go::format).unwrap_or_default();
                    shown.push(match &number {
                        None => ip,
                        Some(number) if ip.contains(':') => format!("[{ip}]:{number}"),
                        Some(number) => format!("{ip}:{number}"),
                    });
                }
            }
        }
    }
    let all = shown.join(",");
    if more { format!("{all} + {} more...", count - MOST) } else { all }
}
