//! NetworkPolicies: whether a pod may receive or send, and which policy says so.
//!
//! A pod that no policy selects for a direction may do everything; one that some policy selects may do what at least one
//! of them allows. Ports are the pod's, after any Service was translated.

use std::net::Ipv4Addr;
use std::sync::Arc;

use api::labels::LabelSelector;
use api::{Object, ObjectKey, Path, Value};
use ipnet::Ipv4Net;

use super::{Because, Protocol};
use crate::store::Store;

/// Which way traffic goes, seen from the pod that a policy selects.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// Into the pod.
    Ingress,
    /// Out of the pod.
    Egress,
}

impl Direction {
    /// The word in `policyTypes`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ingress => "Ingress",
            Self::Egress => "Egress",
        }
    }

    /// The field with the rules, and the field of a rule with the peers.
    fn fields(self) -> (&'static str, &'static str) {
        match self {
            Self::Ingress => ("ingress", "from"),
            Self::Egress => ("egress", "to"),
        }
    }
}

/// The other side of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer<'a> {
    /// Its address as the pod's node sees it.
    pub ip: Ipv4Addr,
    /// The pod that has the address, if one has.
    pub pod: Option<&'a Object>,
}

/// What the policies say.
#[derive(Clone, PartialEq, Debug)]
pub struct Verdict {
    /// Whether the traffic may pass.
    pub allowed: bool,
    /// Every policy that selects the pod for the direction, in order of name.
    pub policies: Vec<ObjectKey>,
    /// The rule that allows it, or the first policy that selects the pod when none does.
    pub because: Option<Because>,
}

/// Judges one connection: `pod` is the one that policies may select, `target` the pod whose port is meant (they are the
/// same for ingress).
#[must_use]
pub fn judge(
    store: &Store,
    direction: Direction,
    pod: &Object,
    peer: Peer<'_>,
    target: Option<&Object>,
    (protocol, port): (Protocol, u16),
) -> Verdict {
    let selecting: Vec<&Arc<Object>> = store
        .list(&api::network_policy::KIND, Some(pod.namespace()))
        .filter(|policy| policy.list(&["spec", "policyTypes"]).iter().any(|word| word == direction.as_str()))
        .filter(|policy| selects(policy.at(&["spec", "podSelector"]), pod))
        .collect();
    let key = |policy: &Object| ObjectKey::new(&api::network_policy::KIND, policy.namespace(), policy.name());
    let policies = selecting.iter().map(|policy| key(policy)).collect();
    let (rules, peers) = direction.fields();
    for policy in &selecting {
        for (index, rule) in policy.list(&["spec", rules]).iter().enumerate() {
            let from = rule.get(peers).and_then(Value::as_array).filter(|list| !list.is_empty());
            let ports = rule.get("ports").and_then(Value::as_array).filter(|list| !list.is_empty());
            let peer_fits =
                from.is_none_or(|list| list.iter().any(|entry| fits_peer(store, policy.namespace(), entry, peer)));
            let port_fits = ports.is_none_or(|list| list.iter().any(|entry| fits_port(entry, target, protocol, port)));
            if peer_fits && port_fits {
                let path = Path::new("spec").child(rules).index(index);
                let because = Because { object: key(policy), path, revision: policy.resource_version() };
                return Verdict { allowed: true, policies, because: Some(because) };
            }
        }
    }
    let because = selecting.first().map(|policy| Because {
        object: key(policy),
        path: Path::new("spec").child(if policy.list(&["spec", rules]).is_empty() { "podSelector" } else { rules }),
        revision: policy.resource_version(),
    });
    Verdict { allowed: selecting.is_empty(), policies, because }
}

/// Whether a `metav1.LabelSelector` selects an object; one that cannot be read selects nothing.
fn selects(selector: Option<&Value>, object: &Object) -> bool {
    selector.map_or_else(|| Ok(LabelSelector::default()), LabelSelector::read).is_ok_and(|s| s.matches(object.labels()))
}

/// Whether one entry of `from` or `to` of a policy in a namespace means a peer. Two selectors in one entry must both fit.
#[must_use]
pub fn fits_peer(store: &Store, namespace: &str, entry: &Value, peer: Peer<'_>) -> bool {
    if let Some(block) = entry.get("ipBlock") {
        return in_block(block, peer.ip);
    }
    let Some(pod) = peer.pod else { return false };
    let in_namespace = match entry.get("namespaceSelector") {
        None => pod.namespace() == namespace,
        selector => {
            store.find(&api::namespace::KIND, "", pod.namespace()).is_some_and(|object| selects(selector, object))
        }
    };
    in_namespace && entry.get("podSelector").is_none_or(|selector| selects(Some(selector), pod))
}

fn in_block(block: &Value, ip: Ipv4Addr) -> bool {
    let holds =
        |text: &Value| text.as_str().and_then(|t| t.parse::<Ipv4Net>().ok()).is_some_and(|net| net.contains(&ip));
    let excepted = block.get("except").and_then(Value::as_array).into_iter().flatten().any(holds);
    block.get("cidr").is_some_and(holds) && !excepted
}

/// One entry of `ports`: a number, a range, a name of the target pod, or every port of a protocol.
fn fits_port(entry: &Value, target: Option<&Object>, protocol: Protocol, port: u16) -> bool {
    if entry.get("protocol").and_then(Value::as_str).unwrap_or("TCP") != protocol.as_str() {
        return false;
    }
    match entry.get("port") {
        None | Some(Value::Null) => true,
        Some(Value::String(name)) => target.is_some_and(|pod| named_port(pod, name, protocol) == Some(port)),
        Some(first) => {
            let first = first.as_u64().unwrap_or(0);
            let last = entry.get("endPort").and_then(Value::as_u64).unwrap_or(first);
            (first..=last).contains(&u64::from(port))
        }
    }
}

fn named_port(pod: &Object, name: &str, protocol: Protocol) -> Option<u16> {
    pod.list(&["spec", "containers"])
        .iter()
        .flat_map(|container| container.get("ports").and_then(Value::as_array).into_iter().flatten())
        .find(|p| p.get("name").is_some_and(|n| n == name) && p.get("protocol").is_some_and(|p| p == protocol.as_str()))
        .and_then(|p| u16::try_from(p.get("containerPort")?.as_u64()?).ok())
}
