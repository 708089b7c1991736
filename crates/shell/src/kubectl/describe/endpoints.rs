//! Endpoints and EndpointSlices. Models `describeEndpoints` and `describeEndpointSliceV1`.

use api::{Object, Value};

use super::{Text, View, or_none, strings, word};

pub(super) fn describe(endpoints: &Object, view: &View<'_>) -> Text {
    let mut text = Text::default();
    text.identity(endpoints);
    text.line(0, "Subsets:");
    for subset in endpoints.list(&["subsets"]) {
        let addresses = |field: &str| {
            let list = subset.get(field).and_then(Value::as_array).into_iter().flatten();
            list.filter_map(|address| address.get("ip")?.as_str()).collect::<Vec<_>>().join(",")
        };
        text.field(1, "Addresses", or_none(&addresses("addresses")));
        text.field(1, "NotReadyAddresses", or_none(&addresses("notReadyAddresses")));
        let ports = subset.get("ports").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        if !ports.is_empty() {
            text.line(1, "Ports:");
            text.line(2, "Name\tPort\tProtocol");
            text.line(2, "----\t----\t--------");
        }
        for port in ports {
            let word = |field: &str| port.get(field).map(api::go::format).unwrap_or_default();
            let name = if word("name").is_empty() { "<unset>".to_owned() } else { word("name") };
            text.line(2, format!("{name}\t{}\t{}", word("port"), word("protocol")));
        }
        text.line(0, "");
    }
    text.events(endpoints, view);
    text
}

pub(super) fn slice(slice: &Object, view: &View<'_>) -> Text {
    let mut text = Text::default();
    text.identity(slice);
    text.field(0, "AddressType", slice.str(&["addressType"]));
    let ports = slice.list(&["ports"]);
    if ports.is_empty() {
        text.line(0, "Ports: <unset>");
    } else {
        text.line(0, "Ports:");
        text.line(1, "Name\tPort\tProtocol");
        text.line(1, "----\t----\t--------");
    }
    let or_unset = |value: String| if value.is_empty() { "<unset>".to_owned() } else { value };
    for port in ports {
        let (name, number) = (or_unset(word(port, "name")), or_unset(word(port, "port")));
        text.line(1, format!("{name}\t{number}\t{}", word(port, "protocol")));
    }
    let endpoints = slice.list(&["endpoints"]);
    text.line(0, if endpoints.is_empty() { "Endpoints: <none>" } else { "Endpoints:" });
    for endpoint in endpoints {
        text.field(1, "- Addresses", or_none(&strings(endpoint, "addresses").join(", ")));
        text.line(2, "Conditions:");
        let ready = endpoint.pointer("/conditions/ready").map(api::go::format).unwrap_or_default();
        text.field(3, "Ready", or_unset(ready));
        text.field(2, "Hostname", or_unset(word(endpoint, "hostname")));
        if let Some(target) = endpoint.get("targetRef") {
            text.field(2, "TargetRef", format!("{}/{}", word(target, "kind"), word(target, "name")));
        }
        text.field(2, "NodeName", or_unset(word(endpoint, "nodeName")));
        text.field(2, "Zone", or_unset(word(endpoint, "zone")));
    }
    text.events(slice, view);
    text
}
