//! The table of the nftables mode. Models `pkg/proxy/nftables/proxier.go` `setupNFTables` and `syncProxyRules`, as `nft list
//! table ip kube-proxy` prints it.

use std::net::Ipv4Addr;

use api::Path;
use api::arrange::Arrange;

use super::plan::Plan;
use crate::Cluster;
use crate::network::proxy::Backend;
use crate::network::{Because, Protocol, router};

/// A line and the object that it is there for.
pub type NftLine = (String, Option<Because>);

/// An element of a set or map: what it is sorted by, what is printed, why it is there.
type Element = ((u16, u8, [u8; 4]), String, Option<Because>);

/// What `nft list table ip kube-proxy` prints on a node.
#[must_use]
pub fn nft_list(cluster: &Cluster, node: &str) -> String {
    nftables(cluster, node).into_iter().fold(String::new(), |text, (line, _)| text + &line + "\n")
}

/// The table as lines. Empty when there is no such node.
#[must_use]
pub fn nftables(cluster: &Cluster, node: &str) -> Vec<NftLine> {
    let Some(proxy) = cluster.proxy(node) else { return Vec::new() };
    let zone = cluster.store().find(&api::node::KIND, "", node);
    let zone = zone.map_or("", |node| node.str(&["metadata", "labels", "topology.kubernetes.io/zone"]));
    let plans = Plan::all(proxy, node, zone);
    let mut list = List { lines: Vec::new() };
    list.line(0, "table ip kube-proxy {");
    list.line(1, "comment \"rules for kube-proxy\"");
    list.sets(cluster, node, &plans);
    list.maps(&plans);
    list.frame(cluster);
    for plan in &plans {
        list.chains(cluster, plan);
    }
    list.lines.pop();
    list.line(0, "}");
    list.lines
}

struct List {
    lines: Vec<NftLine>,
}

fn because(plan: &Plan<'_>, path: Path) -> Option<Because> {
    Some(Because { object: plan.rule.service.clone(), path, revision: plan.rule.revision })
}

/// A concatenation is sorted from its end, bytes of each part backwards.
fn key(port: u16, protocol: Protocol, ip: Ipv4Addr) -> (u16, u8, [u8; 4]) {
    let number = match protocol {
        Protocol::Icmp => 1,
        Protocol::Tcp => 6,
        Protocol::Udp => 17,
        Protocol::Sctp => 132,
    };
    let [a, b, c, d] = ip.octets();
    (port.swap_bytes(), number, [d, c, b, a])
}

impl List {
    fn line(&mut self, depth: usize, text: &str) {
        self.lines.push((format!("{}{text}", "\t".repeat(depth)), None));
    }

    /// A set, map or chain with lines in it, and an empty line after it.
    fn block(&mut self, head: &str, body: Vec<NftLine>) {
        self.line(1, &format!("{head} {{"));
        self.lines.extend(body.into_iter().map(|(text, because)| (format!("\t\t{text}"), because)));
        self.line(1, "}");
        self.lines.push((String::new(), None));
    }

    /// A set or map; `row` elements stand in a line.
    fn elements(&mut self, head: &str, kind: &str, comment: &str, mut elements: Vec<Element>, row: usize) {
        let mut body: Vec<NftLine> = vec![(format!("type {kind}"), None), (format!("comment \"{comment}\""), None)];
        elements.arrange_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
        elements.dedup_by(|a, b| a.1 == b.1);
        let count = elements.len();
        for (at, (_, text, because)) in elements.into_iter().enumerate() {
            let end = if at + 1 == count { " }" } else { "," };
            if at % row == 0 {
                let start = if at == 0 { "elements = { " } else { "\t     " };
                body.push((format!("{start}{text}{end}"), because));
            } else if let Some((line, _)) = body.last_mut() {
                line.push_str(&format!(" {text}{end}"));
            }
        }
        self.block(head, body);
    }

    fn sets(&mut self, cluster: &Cluster, node: &str, plans: &[Plan<'_>]) {
        let mut hairpins: Vec<Element> = Vec::new();
        let mut cluster_ips: Vec<Element> = Vec::new();
        for plan in plans {
            let local = plan.reachable().into_iter().filter(|backend| *backend.node == *node);
            for Backend { socket, .. } in local {
                let text = format!("{ip} . {ip} . {} . {}", plan.protocol, socket.port, ip = socket.ip);
                hairpins.push((key(socket.port, plan.rule.protocol, socket.ip), text, None));
            }
            let ip = plan.rule.cluster_socket.ip;
            cluster_ips.push(((0, 0, ip.octets()), ip.to_string(), because(plan, Path::new("spec.clusterIP"))));
        }
        let own = cluster.settings().nodes.iter().find(|settings| settings.name == node);
        let own = own.map(|own| ((0, 0, [0; 4]), own.internal_ip.clone(), None)).into_iter().collect();
        let kind = "ipv4_addr . ipv4_addr . inet_proto . inet_service";
        self.elements("set hairpin-connections", kind, "service hairpin connections", hairpins, 1);
        self.elements("set cluster-ips", "ipv4_addr", "Active ClusterIPs", cluster_ips, 2);
        self.elements("set nodeport-ips", "ipv4_addr", "IPs that accept NodePort traffic", own, 2);
        for plan in plans {
            for backend in plan.reachable().into_iter().filter(|_| plan.rule.affinity.is_some()) {
                let timeout = duration(plan.rule.affinity.unwrap_or(0) / 1_000_000);
                let lines = ["type ipv4_addr", "size 65535", "flags dynamic,timeout", &format!("timeout {timeout}")];
                let why = because(plan, Path::new("spec.sessionAffinity"));
                let body = lines.map(|line| (line.to_owned(), why.clone())).to_vec();
                self.block(&format!("set {}", plan.nft_endpoint("affinity-", backend)), body);
            }
        }
    }

    fn maps(&mut self, plans: &[Plan<'_>]) {
        let (mut services, mut node_ports): (Vec<Element>, Vec<Element>) = (Vec::new(), Vec::new());
        let (mut empty, mut empty_ports): (Vec<Element>, Vec<Element>) = (Vec::new(), Vec::new());
        let mut firewalls: Vec<Element> = Vec::new();
        for plan in plans {
            let rule = plan.rule;
            let (protocol, label) = (&plan.protocol, &plan.label);
            let port = rule.cluster_socket.port;
            let no = if plan.any { "drop" } else { "goto reject-chain" };
            let external = plan.nft_chain("external-");
            let at = |ip: &Ipv4Addr| format!("{ip} . {protocol} . {port}");
            let path = Path::new("spec.ports").index(rule.port_index);
            let sorted = |ip: Ipv4Addr, port: u16| key(port, rule.protocol, ip);
            let ip = rule.cluster_socket.ip;
            if plan.has_internal() {
                let chain = plan.nft_chain(if rule.internal_local { "local-" } else { "service-" });
                services.push((sorted(ip, port), format!("{} : goto {chain}", at(&ip)), because(plan, path.clone())));
            } else {
                let text = format!("{} comment \"{label}\" : {no}", at(&ip));
                empty.push((sorted(ip, port), text, because(plan, path.clone())));
            }
            for ip in rule.external_ips.iter().chain(&rule.load_balancer_ips) {
                if plan.any {
                    services.push((
                        sorted(*ip, port),
                        format!("{} : goto {external}", at(ip)),
                        because(plan, path.clone()),
                    ));
                }
                if !plan.has_external() {
                    let text = format!("{} comment \"{label}\" : {no}", at(ip));
                    empty.push((sorted(*ip, port), text, because(plan, path.clone())));
                }
            }
            for ip in rule.load_balancer_ips.iter().filter(|_| plan.uses_firewall()) {
                let chain = plan.nft_chain("firewall-");
                let text = format!("{} comment \"{label}\" : goto {chain}", at(ip));
                firewalls.push((sorted(*ip, port), text, because(plan, Path::new("spec.loadBalancerSourceRanges"))));
            }
            if rule.node_port != 0 {
                let at = format!("{protocol} . {}", rule.node_port);
                let sorted = key(rule.node_port, rule.protocol, Ipv4Addr::UNSPECIFIED);
                let why = because(plan, path.child("nodePort"));
                if plan.any {
                    node_ports.push((sorted, format!("{at} : goto {external}"), why.clone()));
                }
                if !plan.has_external() {
                    empty_ports.push((sorted, format!("{at} comment \"{label}\" : {no}"), why));
                }
            }
        }
        let (by_ip, by_port) =
            ("ipv4_addr . inet_proto . inet_service : verdict", "inet_proto . inet_service : verdict");
        let drops = "vmap to drop or reject packets to services with no endpoints";
        self.elements("map no-endpoint-services", by_ip, drops, empty, 1);
        let drops = "vmap to drop or reject packets to service nodeports with no endpoints";
        self.elements("map no-endpoint-nodeports", by_port, drops, empty_ports, 1);
        let ranges = "destinations that are subject to LoadBalancerSourceRanges";
        self.elements("map firewall-ips", by_ip, ranges, firewalls, 1);
        let traffic = "ClusterIP, ExternalIP and LoadBalancer IP traffic";
        self.elements("map service-ips", by_ip, traffic, services, 1);
        self.elements("map service-nodeports", by_port, "NodePort traffic", node_ports, 1);
    }

    /// The chains that are there whatever Services there are.
    fn frame(&mut self, cluster: &Cluster) {
        let pods = router::cluster_cidr(cluster.settings());
        let ranges = &cluster.settings().ranges;
        let services = format!("{}/{}", ranges.service_network, ranges.service_prefix);
        let masquerade = format!(
            "ip daddr @cluster-ips ip saddr != {pods} meta mark set meta mark | 0x00004000 comment \"masquerade clusterIP \
             traffic from outside cluster\""
        );
        let unallocated = format!("ip daddr {services} drop comment \"Drop traffic to unallocated ClusterIPs\"");
        let check = "ct state new jump firewall-check";
        let (endpoints, ips) = ("ct state new jump service-endpoints-check", "ct state new jump cluster-ips-check");
        let chains: [(&str, &[&str]); 15] = [
            (
                "filter-prerouting-pre-dnat",
                &["type filter hook prerouting priority dstnat - 10; policy accept;", check],
            ),
            ("filter-output-pre-dnat", &["type filter hook output priority -110; policy accept;", check]),
            (
                "filter-input",
                &[
                    "type filter hook input priority filter; policy accept;",
                    "ct state new jump nodeport-endpoints-check",
                    endpoints,
                ],
            ),
            ("filter-forward", &["type filter hook forward priority filter; policy accept;", endpoints, ips]),
            ("filter-output", &["type filter hook output priority filter; policy accept;", endpoints, ips]),
            ("nat-prerouting", &["type nat hook prerouting priority dstnat; policy accept;", "jump services"]),
            ("nat-output", &["type nat hook output priority -100; policy accept;", "jump services"]),
            ("nat-postrouting", &["type nat hook postrouting priority srcnat; policy accept;", "jump masquerading"]),
            (
                "nodeport-endpoints-check",
                &["ip daddr @nodeport-ips meta l4proto . th dport vmap @no-endpoint-nodeports"],
            ),
            ("service-endpoints-check", &["ip daddr . meta l4proto . th dport vmap @no-endpoint-services"]),
            ("firewall-check", &["ip daddr . meta l4proto . th dport vmap @firewall-ips"]),
            (
                "services",
                &[
                    &masquerade,
                    "ip daddr . meta l4proto . th dport vmap @service-ips",
                    "ip daddr @nodeport-ips meta l4proto . th dport vmap @service-nodeports",
                ],
            ),
            (
                "masquerading",
                &[
                    "meta mark & 0x00004000 != 0x00000000 meta mark set meta mark ^ 0x00004000 masquerade fully-random",
                    "ct status dnat ip saddr . ip daddr . meta l4proto . th dport @hairpin-connections masquerade fully-random",
                ],
            ),
            (
                "cluster-ips-check",
                &[
                    "ip daddr @cluster-ips reject comment \"Reject traffic to invalid ports of ClusterIPs\"",
                    &unallocated,
                ],
            ),
            ("reject-chain", &["comment \"helper for @no-endpoint-services / @no-endpoint-nodeports\"", "reject"]),
        ];
        for (name, lines) in chains {
            self.block(&format!("chain {name}"), lines.iter().map(|line| ((*line).to_owned(), None)).collect());
        }
    }

    fn chains(&mut self, cluster: &Cluster, plan: &Plan<'_>) {
        let pods = router::cluster_cidr(cluster.settings());
        let (service, local) = (plan.nft_chain("service-"), plan.nft_chain("local-"));
        for (chain, endpoints) in [(&service, &plan.cluster), (&local, &plan.local)] {
            if !endpoints.is_empty() {
                self.block(&format!("chain {chain}"), balance(plan, endpoints));
            }
        }
        if plan.uses_external() {
            let mut body: Vec<String> = Vec::new();
            if plan.rule.external_local {
                body.push(format!("ip saddr {pods} goto {service} comment \"short-circuit pod traffic\""));
                let mark =
                    "fib saddr type local meta mark set meta mark | 0x00004000 comment \"masquerade local traffic\"";
                body.push(mark.to_owned());
                body.push(format!("fib saddr type local goto {service} comment \"short-circuit local traffic\""));
            } else {
                body.push("meta mark set meta mark | 0x00004000 comment \"masquerade\"".to_owned());
            }
            if plan.has_external() {
                body.push(format!("goto {}", if plan.rule.external_local { &local } else { &service }));
            }
            let why = because(plan, Path::new("spec.externalTrafficPolicy"));
            let body = body.into_iter().map(|line| (line, why.clone())).collect();
            self.block(&format!("chain {}", plan.nft_chain("external-")), body);
        }
        if plan.uses_firewall() {
            let ranges: Vec<String> = plan.rule.source_ranges.iter().map(ToString::to_string).collect();
            let why = because(plan, Path::new("spec.loadBalancerSourceRanges"));
            let line = format!("ip saddr != {{ {} }} drop", ranges.join(", "));
            self.block(&format!("chain {}", plan.nft_chain("firewall-")), vec![(line, why)]);
        }
        for backend in plan.reachable().into_iter().filter(|_| plan.rule.affinity.is_some()) {
            let (set, socket) = (plan.nft_endpoint("affinity-", backend), backend.socket);
            let lines = [
                format!("update @{set} {{ ip saddr }}"),
                format!("meta l4proto {} dnat ip to {}:{}", plan.protocol, socket.ip, socket.port),
            ];
            let body = lines.map(|line| (line, because(plan, Path::new("spec.sessionAffinity")))).to_vec();
            self.block(&format!("chain {}", plan.nft_endpoint("endpoint-", backend)), body);
        }
    }
}

/// The rule that shares connections out; with session affinity, clients that are known come first.
fn balance(plan: &Plan<'_>, endpoints: &[&Backend]) -> Vec<NftLine> {
    let why = because(plan, Path::new("spec.ports").index(plan.rule.port_index));
    let count = endpoints.len();
    if plan.rule.affinity.is_none() {
        let each = endpoints.iter().enumerate().map(|(at, b)| format!("{at} : {} . {}", b.socket.ip, b.socket.port));
        let map = each.collect::<Vec<_>>().join(", ");
        let line = format!("meta l4proto {} dnat ip to numgen random mod {count} map {{ {map} }}", plan.protocol);
        return vec![(line, why)];
    }
    let chain = |b: &Backend| plan.nft_endpoint("endpoint-", b);
    let known = endpoints.iter().map(|b| format!("ip saddr @{} goto {}", plan.nft_endpoint("affinity-", b), chain(b)));
    let each = endpoints.iter().enumerate().map(|(at, b)| format!("{at} : goto {}", chain(b)));
    let last = format!("numgen random mod {count} vmap {{ {} }}", each.collect::<Vec<_>>().join(", "));
    known.chain([last]).map(|line| (line, why.clone())).collect()
}

/// `3h`, `1h30m`, `10s`.
fn duration(seconds: u64) -> String {
    let parts = [(seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")];
    let text: String =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, unit)| format!("{count}{unit}")).collect();
    if text.is_empty() { "0s".to_owned() } else { text }
}
