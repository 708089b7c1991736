//! NetworkPolicies. Models `describeNetworkPolicy`.

use api::{Object, Value};

use super::{Text, View, list, strings, word};

/// What the rules of a direction are set in by.
const MARGIN: &str = "    ";

pub(super) fn describe(policy: &Object, _view: &View<'_>) -> Text {
    let mut text = Text::default();
    text.head(policy);
    let created = api::time::parse_rfc3339(policy.creation_timestamp()).map(api::time::format_rfc3339);
    let created = created.unwrap_or_default().replace('T', " ").replace('Z', " +0000 UTC");
    text.field(0, "Created on", created);
    text.marks(policy);
    text.line(0, "Spec:");
    let pods = api::cells::label_selector(policy.at(&["spec", "podSelector"]));
    let everyone = if pods == "<none>" { " (Allowing the specific traffic to all pods in this namespace)" } else { "" };
    text.line(1, format!("PodSelector:     {pods}{everyone}"));
    let types: Vec<String> = policy.list(&["spec", "policyTypes"]).iter().map(api::go::format).collect();
    for (kind, field, peers, words) in
        [("Ingress", "ingress", "from", ("From", "source")), ("Egress", "egress", "to", ("To", "destination"))]
    {
        if types.iter().any(|known| known == kind) {
            text.line(1, format!("Allowing {field} traffic:"));
            rules(&mut text, policy.list(&["spec", field]), field, (peers, words.0, words.1));
        } else {
            text.line(1, format!("Not affecting {field} traffic"));
        }
    }
    text.line(1, format!("Policy Types: {}", types.join(", ")));
    text
}

/// Models `printNetworkPolicySpecIngressFrom` and `printNetworkPolicySpecEgressTo`.
fn rules(text: &mut Text, rules: &[Value], direction: &str, (field, word_for_peer, side): (&str, &str, &str)) {
    if rules.is_empty() {
        text.line(0, format!("{MARGIN}<none> (Selected pods are isolated for {direction} connectivity)"));
    }
    for (at, rule) in rules.iter().enumerate() {
        let ports = list(rule, "ports");
        if ports.is_empty() {
            text.line(0, format!("{MARGIN}To Port: <any> (traffic allowed to all ports)"));
        }
        for port in ports {
            let protocol = word(port, "protocol");
            let protocol = if protocol.is_empty() { "TCP" } else { &protocol };
            // A rule for a protocol only has no number: Go prints its nil pointer so.
            let number = port.get("port").map_or_else(|| "<nil>".to_owned(), api::go::format);
            text.line(
                0,
                match word(port, "endPort").as_str() {
                    "" => format!("{MARGIN}To Port: {number}/{protocol}"),
                    end => format!("{MARGIN}To Port Range: {number}-{end}/{protocol}"),
                },
            );
        }
        let peers = list(rule, field);
        if peers.is_empty() {
            text.line(0, format!("{MARGIN}{word_for_peer}: <any> (traffic not restricted by {side})"));
        }
        for peer in peers {
            text.line(0, format!("{MARGIN}{word_for_peer}:"));
            for (title, field) in [("NamespaceSelector", "namespaceSelector"), ("PodSelector", "podSelector")] {
                if let Some(selector) = peer.get(field) {
                    text.line(1, format!("{MARGIN}{title}: {}", api::cells::label_selector(Some(selector))));
                }
            }
            if let Some(block) = peer.get("ipBlock") {
                text.line(1, format!("{MARGIN}IPBlock:"));
                text.line(2, format!("{MARGIN}CIDR: {}", word(block, "cidr")));
                text.line(2, format!("{MARGIN}Except: {}", strings(block, "except").join(", ")));
            }
        }
        if at + 1 < rules.len() {
            text.line(0, format!("{MARGIN}----------"));
        }
    }
}
