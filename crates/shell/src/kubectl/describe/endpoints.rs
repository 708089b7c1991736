//! Endpoints. Models `describeEndpoints`.

use api::{Object, Value};

use super::{Text, View, or_none};

pub(super) fn describe(endpoints: &Object, view: &View<'_>) -> Text {
    let mut text = Text::default();
    text.head(endpoints);
    text.labels("Labels", endpoints.labels());
    text.annotations(endpoints);
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
