//! The rules of the iptables mode. Models `pkg/proxy/iptables/proxier.go` `syncProxyRules`.

use std::net::Ipv4Addr;

use api::Path;
use api::arrange::Arrange;
use ipnet::Ipv4Net;

use super::line::{Line, Match, Table, Target};
use super::plan::Plan;
use crate::Cluster;
use crate::network::proxy::Backend;
use crate::network::{Because, router};

/// Every rule of kube-proxy on a node, by table and chain, each with how often it was met since it was written. Empty when
/// there is no such node.
#[must_use]
pub fn iptables(cluster: &Cluster, node: &str) -> Vec<Line> {
    let Some(proxy) = cluster.proxy(node) else { return Vec::new() };
    let zone = cluster.store().find(&api::node::KIND, "", node);
    let zone = zone.map_or("", |node| node.str(&["metadata", "labels", "topology.kubernetes.io/zone"]));
    let mut writer = Writer::new(cluster, node);
    writer.frame();
    for plan in Plan::all(proxy, node, zone) {
        writer.doors(&plan);
        writer.chains(&plan);
    }
    writer.tail();
    let mut lines = writer.lines;
    lines.arrange_by(|a, b| (a.table, rank(&a.chain), &a.chain).cmp(&(b.table, rank(&b.chain), &b.chain)));
    super::hits::count(cluster, node, proxy, &mut lines);
    lines
}

/// The chains of the kernel come first, in the order of a packet's way.
pub(super) fn rank(chain: &str) -> usize {
    let own = ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"];
    own.iter().position(|known| *known == chain).unwrap_or(own.len())
}

struct Writer {
    lines: Vec<Line>,
    pods: Ipv4Net,
    node_ip: Option<Ipv4Addr>,
    because: Option<Because>,
}

use Table::{Filter, Nat};

fn jump(chain: &str) -> Option<Target> {
    Some(Target::Jump(chain.to_owned()))
}

fn comment(text: &str) -> Match {
    Match::Comment(text.to_owned())
}

fn one(ip: Ipv4Addr) -> Ipv4Net {
    ip.into()
}

impl Writer {
    fn new(cluster: &Cluster, node: &str) -> Self {
        let settings = cluster.settings().nodes.iter().find(|settings| settings.name == node);
        Self {
            lines: Vec::new(),
            pods: router::cluster_cidr(cluster.settings()),
            node_ip: settings.and_then(|settings| settings.internal_ip.parse().ok()),
            because: None,
        }
    }

    fn write(&mut self, table: Table, chain: &str, matches: Vec<Match>, target: Option<Target>) {
        let because = self.because.clone();
        self.lines.push(Line { table, chain: chain.to_owned(), matches, target, because, packets: 0, bytes: 0 });
    }

    /// What is there whatever Services there are. Models `iptablesJumpChains` and the beginning of `syncProxyRules`.
    fn frame(&mut self) {
        let firewall = "kubernetes load balancer firewall";
        let portals = "kubernetes service portals";
        let visible = "kubernetes externally-visible service portals";
        let new = |text: &str| vec![Match::New, comment(text)];
        let said = |text: &str| vec![comment(text)];
        let loopback = "block incoming localnet connections";
        let local = "127.0.0.0/8".parse().unwrap_or_default();
        for (table, chain, matches, target) in [
            (Filter, "INPUT", Vec::new(), "KUBE-FIREWALL"),
            (Filter, "INPUT", new(firewall), "KUBE-PROXY-FIREWALL"),
            (Filter, "INPUT", said("kubernetes health check service ports"), "KUBE-NODEPORTS"),
            (Filter, "INPUT", new(visible), "KUBE-EXTERNAL-SERVICES"),
            (Filter, "FORWARD", new(firewall), "KUBE-PROXY-FIREWALL"),
            (Filter, "FORWARD", said("kubernetes forwarding rules"), "KUBE-FORWARD"),
            (Filter, "FORWARD", new(portals), "KUBE-SERVICES"),
            (Filter, "FORWARD", new(visible), "KUBE-EXTERNAL-SERVICES"),
            (Filter, "OUTPUT", Vec::new(), "KUBE-FIREWALL"),
            (Filter, "OUTPUT", new(firewall), "KUBE-PROXY-FIREWALL"),
            (Filter, "OUTPUT", new(portals), "KUBE-SERVICES"),
            (Nat, "PREROUTING", said(portals), "KUBE-SERVICES"),
            (Nat, "OUTPUT", said(portals), "KUBE-SERVICES"),
            (Nat, "POSTROUTING", said("kubernetes postrouting rules"), "KUBE-POSTROUTING"),
        ] {
            self.write(table, chain, matches, jump(target));
        }
        let not_opened = Match::Other("-m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT");
        let matches = vec![Match::NotSource(local), Match::Destination(local), comment(loopback), not_opened];
        self.write(Filter, "KUBE-FIREWALL", matches, Some(Target::Drop));
        let invalid =
            Match::Other("-m conntrack --ctstate INVALID -m nfacct --nfacct-name  ct_state_invalid_dropped_pkts");
        self.write(Filter, "KUBE-FORWARD", vec![invalid], Some(Target::Drop));
        let marked = vec![comment("kubernetes forwarding rules"), Match::Other("-m mark --mark 0x4000/0x4000")];
        self.write(Filter, "KUBE-FORWARD", marked, Some(Target::Accept));
        let known = Match::Other("-m conntrack --ctstate RELATED,ESTABLISHED");
        let matches = vec![comment("kubernetes forwarding conntrack rule"), known];
        self.write(Filter, "KUBE-FORWARD", matches, Some(Target::Accept));
        self.write(Nat, "KUBE-MARK-MASQ", Vec::new(), Some(Target::Other("MARK --set-xmark 0x4000/0x4000")));
        let unmarked = Match::Other("-m mark ! --mark 0x4000/0x4000");
        self.write(Nat, "KUBE-POSTROUTING", vec![unmarked], Some(Target::Return));
        self.write(Nat, "KUBE-POSTROUTING", Vec::new(), Some(Target::Other("MARK --set-xmark 0x4000/0x0")));
        let matches = said("kubernetes service traffic requiring SNAT");
        self.write(Nat, "KUBE-POSTROUTING", matches, Some(Target::Other("MASQUERADE --random-fully")));
    }

    /// The last rule: node ports are looked up after everything else.
    fn tail(&mut self) {
        self.because = None;
        let text = "kubernetes service nodeports; NOTE: this must be the last rule in this chain";
        self.write(Nat, "KUBE-SERVICES", vec![comment(text), Match::ToNode], jump("KUBE-NODEPORTS"));
    }

    fn of(&mut self, plan: &Plan<'_>, field: Path) {
        let rule = plan.rule;
        self.because = Some(Because { object: rule.service.clone(), path: field, revision: rule.revision });
    }

    /// How each address of a port is met.
    fn doors(&mut self, plan: &Plan<'_>) {
        let rule = plan.rule;
        let (label, protocol) = (&plan.label, &plan.protocol);
        let external = plan.chain("KUBE-EXT-");
        let met = |to: Option<Ipv4Addr>, text: &str, port: u16| {
            let to = to.map(|ip| Match::Destination(one(ip)));
            let rest = [Match::Protocol(protocol.clone()), comment(text), Match::Port(protocol.clone(), Some(port))];
            to.into_iter().chain(rest).collect::<Vec<_>>()
        };
        let refuse = |has: bool| (!has).then_some(if plan.any { Target::Drop } else { Target::Reject });
        let why = format!("{label} has no {}endpoints", if plan.any { "local " } else { "" });
        let port = rule.cluster_socket.port;
        self.of(plan, Path::new("spec.ports").index(rule.port_index));
        let to = Some(rule.cluster_socket.ip);
        match refuse(plan.has_internal()) {
            None => {
                let chain = plan.chain(if rule.internal_local { "KUBE-SVL-" } else { "KUBE-SVC-" });
                self.write(Nat, "KUBE-SERVICES", met(to, &format!("{label} cluster IP"), port), jump(&chain));
            }
            target => self.write(Filter, "KUBE-SERVICES", met(to, &why, port), target),
        }
        let balanced = if plan.uses_firewall() { plan.chain("KUBE-FW-") } else { external.clone() };
        let externals = rule.external_ips.iter().map(|ip| (*ip, "spec.externalIPs", "external IP", &external));
        let balancers = rule.load_balancer_ips.iter();
        let balancers = balancers.map(|ip| (*ip, "status.loadBalancer.ingress", "loadbalancer IP", &balanced));
        for (ip, field, words, chain) in externals.chain(balancers) {
            self.of(plan, Path::new(field));
            if plan.any {
                self.write(Nat, "KUBE-SERVICES", met(Some(ip), &format!("{label} {words}"), port), jump(chain));
            }
            if let Some(target) = refuse(plan.has_external()) {
                self.write(Filter, "KUBE-EXTERNAL-SERVICES", met(Some(ip), &why, port), Some(target));
            }
            if plan.uses_firewall() && field.starts_with("status") {
                let text = format!("{label} traffic not accepted by {balanced}");
                self.write(Filter, "KUBE-PROXY-FIREWALL", met(Some(ip), &text, port), Some(Target::Drop));
            }
        }
        if rule.node_port != 0 {
            self.of(plan, Path::new("spec.ports").index(rule.port_index).child("nodePort"));
            if plan.any {
                let local = Match::Destination("127.0.0.0/8".parse().unwrap_or_default());
                let mut matches = vec![local];
                matches.extend(met(None, label, rule.node_port));
                matches.push(Match::Other("-m nfacct --nfacct-name  localhost_nps_accepted_pkts"));
                self.write(Nat, "KUBE-NODEPORTS", matches, jump(&external));
                self.write(Nat, "KUBE-NODEPORTS", met(None, label, rule.node_port), jump(&external));
            }
            if let Some(target) = refuse(plan.has_external()) {
                let mut matches = met(None, &why, rule.node_port);
                matches.insert(2, Match::ToNode);
                self.write(Filter, "KUBE-EXTERNAL-SERVICES", matches, Some(target));
            }
        }
        if rule.health_check_node_port != 0 {
            self.of(plan, Path::new("spec.healthCheckNodePort"));
            let text = format!("{label} health check node port");
            let tcp = "tcp".to_owned();
            let port = Match::Port(tcp.clone(), Some(rule.health_check_node_port));
            let matches = vec![Match::Protocol(tcp), comment(&text), port];
            self.write(Filter, "KUBE-NODEPORTS", matches, Some(Target::Accept));
        }
    }

    /// The chains of a port: which endpoint, and under whose address.
    fn chains(&mut self, plan: &Plan<'_>) {
        let rule = plan.rule;
        let (label, protocol) = (&plan.label, &plan.protocol);
        let (cluster, local) = (plan.chain("KUBE-SVC-"), plan.chain("KUBE-SVL-"));
        let (external, masquerade) = (plan.chain("KUBE-EXT-"), jump("KUBE-MARK-MASQ"));
        if plan.has_internal() {
            self.of(plan, Path::new("spec.clusterIP"));
            let chain = if rule.internal_local { &local } else { &cluster };
            let matches = vec![
                Match::NotSource(self.pods),
                Match::Destination(one(rule.cluster_socket.ip)),
                Match::Protocol(protocol.clone()),
                comment(&format!("{label} cluster IP")),
                Match::Port(protocol.clone(), Some(rule.cluster_socket.port)),
            ];
            self.write(Nat, chain, matches, masquerade.clone());
        }
        if plan.uses_external() {
            self.of(plan, Path::new("spec.externalTrafficPolicy"));
            let said = |text: &str| comment(&format!("{text} for {label} external destinations"));
            if rule.external_local {
                let pods = vec![Match::Source(self.pods), said("pod traffic")];
                self.write(Nat, &external, pods, jump(&cluster));
                self.write(Nat, &external, vec![said("masquerade LOCAL traffic"), Match::FromNode], masquerade.clone());
                self.write(Nat, &external, vec![said("route LOCAL traffic"), Match::FromNode], jump(&cluster));
            } else {
                self.write(Nat, &external, vec![said("masquerade traffic")], masquerade.clone());
            }
            if plan.has_external() {
                self.write(Nat, &external, Vec::new(), jump(if rule.external_local { &local } else { &cluster }));
            }
        }
        if plan.uses_firewall() {
            self.firewall(plan, &external);
        }
        for (chain, endpoints) in [(&cluster, &plan.cluster), (&local, &plan.local)] {
            self.balance(plan, chain, endpoints);
        }
        for backend in plan.reachable() {
            self.endpoint(plan, backend, masquerade.clone());
        }
    }

    fn firewall(&mut self, plan: &Plan<'_>, external: &str) {
        self.of(plan, Path::new("spec.loadBalancerSourceRanges"));
        let chain = plan.chain("KUBE-FW-");
        let said = || comment(&format!("{} loadbalancer IP", plan.label));
        for range in &plan.rule.source_ranges {
            self.write(Nat, &chain, vec![Match::Source(*range), said()], jump(external));
        }
        // A node's own traffic to such an address comes back to it under that address.
        if plan.rule.source_ranges.iter().any(|range| self.node_ip.is_some_and(|ip| range.contains(&ip))) {
            for ip in &plan.rule.load_balancer_ips {
                self.write(Nat, &chain, vec![Match::Source(one(*ip)), said()], jump(external));
            }
        }
        let text = format!("other traffic to {} will be dropped by KUBE-PROXY-FIREWALL", plan.label);
        self.write(Nat, &chain, vec![comment(&text)], None);
    }

    /// Models `writeServiceToEndpointRules`.
    fn balance(&mut self, plan: &Plan<'_>, chain: &str, endpoints: &[&Backend]) {
        let said = |backend: &Backend| comment(&format!("{} -> {}", plan.label, backend.socket));
        if let Some(seconds) = plan.rule.affinity.map(|micros| micros / 1_000_000) {
            self.of(plan, Path::new("spec.sessionAffinity"));
            for backend in endpoints {
                let name = plan.endpoint_chain(backend);
                let matches = vec![said(backend), Match::SeenFor(seconds, name.clone())];
                self.write(Nat, chain, matches, jump(&name));
            }
        }
        for (at, backend) in endpoints.iter().enumerate() {
            self.slice(backend);
            let left = endpoints.len() - at;
            let mut matches = vec![said(backend)];
            if left > 1 {
                matches.push(Match::OneIn(left));
            }
            self.write(Nat, chain, matches, jump(&plan.endpoint_chain(backend)));
        }
    }

    fn endpoint(&mut self, plan: &Plan<'_>, backend: &Backend, masquerade: Option<Target>) {
        self.slice(backend);
        let chain = plan.endpoint_chain(backend);
        let own = vec![Match::Source(one(backend.socket.ip)), comment(&plan.label)];
        self.write(Nat, &chain, own, masquerade);
        let mut matches = vec![Match::Protocol(plan.protocol.clone()), comment(&plan.label)];
        if plan.rule.affinity.is_some() {
            matches.push(Match::Remember(chain.clone()));
        }
        matches.push(Match::Port(plan.protocol.clone(), None));
        self.write(Nat, &chain, matches, Some(Target::Dnat(backend.socket)));
    }

    /// What follows is there because of the slice that names an endpoint.
    fn slice(&mut self, backend: &Backend) {
        let (object, path) = (backend.slice.clone(), Path::new("endpoints"));
        self.because = Some(Because { object, path, revision: backend.revision });
    }
}

/// The names of a table's chains, those without rules included, in the order in which they are printed.
pub(super) fn chains(lines: &[Line], table: Table) -> Vec<&str> {
    let mut names: Vec<&str> =
        lines.iter().filter(|line| line.table == table).map(|line| line.chain.as_str()).collect();
    let own: &[&str] = match table {
        Filter => &[
            "INPUT",
            "FORWARD",
            "OUTPUT",
            "KUBE-EXTERNAL-SERVICES",
            "KUBE-NODEPORTS",
            "KUBE-PROXY-CANARY",
            "KUBE-PROXY-FIREWALL",
            "KUBE-SERVICES",
        ],
        Nat => {
            &["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING", "KUBE-NODEPORTS", "KUBE-PROXY-CANARY", "KUBE-SERVICES"]
        }
    };
    names.extend(own);
    names.arrange_by_key(|name| (rank(name), *name));
    names.dedup();
    names
}
