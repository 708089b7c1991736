//! How often each rule of a node was met: the node's traces are walked through its rules once more.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use api::ObjectKey;

use super::line::{Line, Match, Table, Target};
use crate::network::{Action, Hop, Packet, Place, Proxy, Refusal, Vantage};
use crate::{Cluster, Instant};

/// Bytes of the packet that opens a connection.
const OPENING: u64 = 60;

/// A packet as the rules saw it.
struct Seen {
    packet: Packet,
    /// The chain of the endpoint that chance or affinity found.
    chosen: Option<String>,
    sticky: bool,
    from_node: bool,
    to_node: bool,
}

/// Counts what came by since each rule was written. A change of any Service writes the chains that all of them share anew;
/// the chains of a Service itself stay until it changes.
pub(super) fn count(cluster: &Cluster, node: &str, proxy: &Proxy, lines: &mut [Line]) {
    let slices: BTreeMap<&ObjectKey, Instant> = proxy
        .rules()
        .flat_map(|rule| rule.endpoints.iter().map(move |backend| (&backend.slice, rule)))
        .filter_map(|(slice, rule)| Some((slice, proxy.since(&rule.service)?)))
        .collect();
    let since: Vec<Instant> = lines.iter().map(|line| written(line, proxy, &slices)).collect();
    let mut chains: BTreeMap<(Table, &str), Vec<usize>> = BTreeMap::new();
    let copy: Vec<Line> = lines.to_vec();
    for (at, line) in copy.iter().enumerate() {
        chains.entry((line.table, line.chain.as_str())).or_default().push(at);
    }
    let own = |ip: Ipv4Addr| {
        let settings = cluster.settings().nodes.iter().find(|settings| settings.name == node);
        ip.is_loopback() || settings.is_some_and(|settings| settings.internal_ip.parse() == Ok(ip))
    };
    for trace in cluster.traces().iter().filter(|trace| trace.at >= proxy.oldest()) {
        let mut marked = false;
        for hop in trace.hops.iter().filter(|hop| matches!(&hop.place, Place::Node(name) if **name == *node)) {
            let from_node = matches!(&trace.traffic.from, Vantage::Node(name) if **name == *node);
            let Some((table, seen)) = seen(hop, from_node, own, &copy) else { continue };
            let entries: &[&str] = match (table, from_node) {
                (Table::Nat, true) => &["OUTPUT", "POSTROUTING"],
                (Table::Nat, false) => &["PREROUTING", "POSTROUTING"],
                (Table::Filter, true) => &["OUTPUT", "INPUT"],
                (Table::Filter, false) => &["FORWARD", "INPUT"],
            };
            for entry in entries {
                let mut hit = |at: usize| {
                    if trace.at >= since[at] {
                        lines[at].packets += 1;
                        lines[at].bytes += OPENING;
                    }
                };
                if walk(&copy, &chains, (table, entry), &seen, &mut marked, &mut hit) {
                    // Rewritten or refused; what was rewritten is still looked at on its way out.
                    if table == Table::Filter {
                        break;
                    }
                }
            }
        }
    }
}

fn written(line: &Line, proxy: &Proxy, slices: &BTreeMap<&ObjectKey, Instant>) -> Instant {
    let kept = ["KUBE-SVC-", "KUBE-SVL-", "KUBE-EXT-", "KUBE-FW-", "KUBE-SEP-"];
    let of = line.because.as_ref().filter(|_| kept.iter().any(|prefix| line.chain.starts_with(prefix)));
    match of {
        Some(because) if *because.object.kind == api::service::KIND => proxy.since(&because.object).unwrap_or_default(),
        Some(because) => slices.get(&because.object).copied().unwrap_or_default(),
        None if line.chain.starts_with("KUBE-") => proxy.synced(),
        None => Instant::default(),
    }
}

/// What a step at the node says of its rules: the table that decided, and the packet.
fn seen(hop: &Hop, from_node: bool, own: impl Fn(Ipv4Addr) -> bool, lines: &[Line]) -> Option<(Table, Seen)> {
    let of = |packet: Packet, chosen: Option<String>, sticky: bool| Seen {
        packet,
        chosen,
        sticky,
        from_node,
        to_node: own(packet.destination.ip),
    };
    match &hop.action {
        Action::Translate { from, to, .. } => {
            let dnat = |line: &&Line| line.target == Some(Target::Dnat(*to));
            let label = hop
                .because
                .as_ref()
                .map(|because| format!("\"{}/{}", because.object.namespace, because.object.name))?;
            let said = |line: &&Line| line.to_string().contains(&label);
            let chosen = lines.iter().filter(dnat).find(said).map(|line| line.chain.clone());
            let sticky = hop.because.as_ref().is_some_and(|because| because.path.to_string() == "spec.sessionAffinity");
            Some((Table::Nat, of(Packet { destination: *from, ..hop.packet }, chosen, sticky)))
        }
        Action::Refuse(Refusal::NoEndpoints) | Action::Drop { .. } => {
            hop.because.as_ref()?;
            Some((Table::Filter, of(hop.packet, None, false)))
        }
        _ => None,
    }
}

/// Goes through a chain; whether something there ended the packet's way through the table.
fn walk(
    lines: &[Line],
    chains: &BTreeMap<(Table, &str), Vec<usize>>,
    chain: (Table, &str),
    seen: &Seen,
    marked: &mut bool,
    hit: &mut impl FnMut(usize),
) -> bool {
    for &at in chains.get(&chain).map_or(&[][..], Vec::as_slice) {
        let line = &lines[at];
        if !line.matches.iter().all(|one| meets(one, line, seen, *marked)) {
            continue;
        }
        hit(at);
        match &line.target {
            Some(Target::Jump(next)) if walk(lines, chains, (chain.0, next), seen, marked, hit) => return true,
            Some(Target::Jump(_)) | None => {}
            Some(Target::Other("MARK --set-xmark 0x4000/0x4000")) => *marked = true,
            Some(Target::Other("MARK --set-xmark 0x4000/0x0")) => *marked = false,
            Some(Target::Return) => return false,
            Some(_) => return true,
        }
    }
    false
}

fn meets(one: &Match, line: &Line, seen: &Seen, marked: bool) -> bool {
    let packet = &seen.packet;
    let protocol = |name: &str| packet.protocol.as_str().eq_ignore_ascii_case(name);
    let is_chosen = || matches!((&line.target, &seen.chosen), (Some(Target::Jump(to)), Some(chosen)) if to == chosen);
    match one {
        Match::Source(net) => net.contains(&packet.source.ip),
        Match::NotSource(net) => !net.contains(&packet.source.ip),
        Match::Destination(net) => net.contains(&packet.destination.ip),
        Match::Protocol(name) => protocol(name),
        Match::Port(name, port) => protocol(name) && port.is_none_or(|port| port == packet.destination.port),
        Match::ToNode => seen.to_node,
        Match::FromNode => seen.from_node,
        Match::OneIn(_) => is_chosen(),
        Match::SeenFor(..) => seen.sticky && is_chosen(),
        Match::Comment(_) | Match::New | Match::Remember(_) => true,
        Match::Other("-m mark ! --mark 0x4000/0x4000") => !marked,
        Match::Other("-m nfacct --nfacct-name  localhost_nps_accepted_pkts") => true,
        Match::Other(_) => false,
    }
}
