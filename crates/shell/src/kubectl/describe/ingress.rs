//! Ingresses and their classes. Models `describeIngressV1` and `describeIngressClassV1`.

use std::collections::BTreeSet;

use api::{Object, Value};

use super::{Text, View, list, or_none, service, word};

pub(super) fn describe(ingress: &Object, view: &View<'_>) -> Text {
    let mut text = Text::default();
    text.field(0, "Name", ingress.name());
    text.labels("Labels", ingress.labels());
    text.field(0, "Namespace", ingress.namespace());
    let addresses: BTreeSet<String> = ingress
        .list(&["status", "loadBalancer", "ingress"])
        .iter()
        .map(|at| if word(at, "ip").is_empty() { word(at, "hostname") } else { word(at, "ip") })
        .collect();
    text.field(0, "Address", addresses.into_iter().collect::<Vec<_>>().join(","));
    text.field(0, "Ingress Class", or_none(ingress.str(&["spec", "ingressClassName"])));
    let default = ingress.at(&["spec", "defaultBackend"]).map(|to| backend(ingress, to, view));
    let default = default.unwrap_or_else(|| "<default>".to_owned());
    text.field(0, "Default backend", &default);
    let tls = ingress.list(&["spec", "tls"]);
    if !tls.is_empty() {
        text.line(0, "TLS:");
    }
    for one in tls {
        let hosts = super::strings(one, "hosts").join(",");
        text.line(
            1,
            match word(one, "secretName").as_str() {
                "" => format!("SNI routes {hosts}"),
                secret => format!("{secret} terminates {hosts}"),
            },
        );
    }
    text.line(0, "Rules:");
    text.line(1, "Host\tPath\tBackends");
    text.line(1, "----\t----\t--------");
    let rules = ingress.list(&["spec", "rules"]).iter().filter(|rule| rule.get("http").is_some());
    let mut any = false;
    for rule in rules {
        any = true;
        let host = word(rule, "host");
        text.line(1, format!("{}\t", if host.is_empty() { "*" } else { &host }));
        for path in rule.get("http").map(|http| list(http, "paths")).unwrap_or_default() {
            let to = path.get("backend").map(|to| backend(ingress, to, view)).unwrap_or_default();
            text.line(2, format!("\t{} \t{to}", word(path, "path")));
        }
    }
    if !any {
        text.line(1, format!("*\t*\t{default}"));
    }
    text.annotations("Annotations", ingress.map(&["metadata", "annotations"]));
    text.events(ingress, view);
    text
}

/// Models `describeBackendV1`.
fn backend(ingress: &Object, backend: &Value, view: &View<'_>) -> String {
    if let Some(to) = backend.get("service") {
        let none = Value::Null;
        let (name, port) = (word(to, "name"), to.get("port").unwrap_or(&none));
        let (number, port_name) = (port.get("number").and_then(Value::as_i64), word(port, "name"));
        let shown = number.map_or_else(|| port_name.clone(), |number| number.to_string());
        let target = match view.cluster.get(&api::service::KIND, ingress.namespace(), &name) {
            Ok(target) => target,
            Err(status) => return format!("{name}:{shown} (<error: {}>)", status.message),
        };
        let meant = target.list(&["spec", "ports"]).iter().rfind(|known| match number {
            Some(number) => known.get("port").and_then(Value::as_i64) == Some(number),
            None => !port_name.is_empty() && word(known, "name") == port_name,
        });
        let meant = meant.map(|port| word(port, "name")).unwrap_or_default();
        let endpoints = service::endpoints(&service::slices(&target, view), &meant);
        return format!("{name}:{shown} ({endpoints})");
    }
    let Some(resource) = backend.get("resource") else { return String::new() };
    let group = word(resource, "apiGroup");
    format!("APIGroup: {}, Kind: {}, Name: {}", or_none(&group), word(resource, "kind"), word(resource, "name"))
}

pub(super) fn class(class: &Object, view: &View<'_>) -> Text {
    let mut text = Text::default();
    text.identity(class);
    text.field(0, "Controller", class.str(&["spec", "controller"]));
    if let Some(parameters) = class.at(&["spec", "parameters"]) {
        text.line(0, "Parameters:");
        text.field_if(1, "APIGroup", &word(parameters, "apiGroup"));
        text.field(1, "Kind", word(parameters, "kind"));
        text.field(1, "Name", word(parameters, "name"));
    }
    text.events(class, view);
    text
}
