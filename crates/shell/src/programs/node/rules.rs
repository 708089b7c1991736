//! The rules that a node's kube-proxy wrote, by the tools of each mode: `iptables-save`, `iptables -L`, `nft`,
//! `ipvsadm`, `conntrack`.

use cluster::cluster::ProxyMode;
use cluster::network::Vantage;
use cluster::network::rules::{Line, Match, Table, Target, conntrack, iptables, iptables_save, ipvsadm, nft_list};

use crate::machine;
use crate::programs::options::{Given, Spec};
use crate::sys::Sys;

/// The node that the program runs on.
fn node(sys: &Sys) -> String {
    match &sys.vantage {
        Vantage::Node(name) => name.to_string(),
        _ => String::new(),
    }
}

/// Only root may look at the kernel's rules. Whether that is who asks; otherwise what is said.
fn is_root(sys: &Sys, refusal: &str) -> bool {
    let root = machine::user(sys.host, &sys.env) == "root";
    if !root {
        sys.err.line(refusal);
    }
    root
}

fn parse(sys: &Sys, program: &str, spec: &Spec, argv: &[String]) -> Result<Given, i32> {
    spec.parse(argv).map_err(|fault| {
        sys.err.line(format!("{program}: {fault}"));
        2
    })
}

/// Whether kube-proxy's rules are where a tool looks.
fn is_mode(sys: &Sys, modes: &[ProxyMode]) -> bool {
    sys.cluster(|cluster| modes.contains(&cluster.settings().proxy_mode))
}

const SAVE: Spec = Spec { short: "ct:", long: &[("counters", 'c', false), ("table", 't', true)] };

/// Runs `iptables-save`.
pub(in crate::programs) async fn save(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match parse(&sys, "iptables-save", &SAVE, &argv) {
        Ok(given) => given,
        Err(status) => return status,
    };
    let refusal = "iptables-save v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)";
    if !is_root(&sys, refusal) {
        return 4;
    }
    if is_mode(&sys, &[ProxyMode::Iptables]) {
        let node = node(&sys);
        sys.out.write(sys.cluster(|cluster| iptables_save(cluster, &node, given.value('t'), given.has('c'))));
    }
    0
}

const LIST: Spec = Spec {
    short: "Lt:nvxS",
    long: &[
        ("list", 'L', false),
        ("list-rules", 'S', false),
        ("table", 't', true),
        ("numeric", 'n', false),
        ("verbose", 'v', false),
        ("line-numbers", '#', false),
    ],
};

/// Runs `iptables`: only looking is simulated.
pub(in crate::programs) async fn list(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match parse(&sys, "iptables", &LIST, &argv) {
        Ok(given) => given,
        Err(_) => {
            sys.err.line("(This playground only lists rules: iptables -t nat -L -n, iptables -S.)");
            return 2;
        }
    };
    let refusal =
        "iptables v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)";
    if !is_root(&sys, refusal) {
        return 4;
    }
    if !given.has('L') && !given.has('S') {
        sys.err.line("iptables v1.8.9 (nf_tables): no command specified\nTry `iptables -h' or 'iptables --help' for more information.");
        return 2;
    }
    let name = given.value('t').unwrap_or("filter");
    if !["filter", "nat", "mangle", "raw", "security"].contains(&name) {
        sys.err.line(format!("iptables v1.8.9 (nf_tables): table '{name}' does not exist\nPerhaps iptables or your kernel needs to be upgraded."));
        return 3;
    }
    if !is_mode(&sys, &[ProxyMode::Iptables]) {
        return 0;
    }
    let node = node(&sys);
    let (saved, rules) =
        sys.cluster(|cluster| (iptables_save(cluster, &node, Some(name), false), iptables(cluster, &node)));
    let table = if name == "nat" {
        Some(Table::Nat)
    } else if name == "filter" {
        Some(Table::Filter)
    } else {
        None
    };
    let rules: Vec<&Line> = rules.iter().filter(|rule| Some(rule.table) == table).collect();
    // Chains with their policies, as the saved form begins with them; those that come with the kernel have one.
    let chains: Vec<(&str, &str)> = saved
        .lines()
        .filter_map(|line| line.strip_prefix(':')?.split_once(' '))
        .map(|(chain, policy)| (chain, policy.split(' ').next().unwrap_or_default()))
        .collect();
    let wanted = given.operands.first().map(String::as_str);
    if let Some(wanted) = wanted
        && !chains.iter().any(|(chain, _)| *chain == wanted)
    {
        sys.err.line(format!(
            "iptables v1.8.9 (nf_tables): chain `{wanted}' in table `{name}' is incompatible, use 'nft' tool."
        ));
        return 1;
    }
    let chains = chains.into_iter().filter(|(chain, _)| wanted.is_none_or(|wanted| wanted == *chain));
    if given.has('S') {
        let (own, made): (Vec<_>, Vec<_>) = chains.clone().partition(|(_, policy)| *policy != "-");
        own.iter().for_each(|(chain, policy)| sys.out.line(format!("-P {chain} {policy}")));
        made.iter().for_each(|(chain, _)| sys.out.line(format!("-N {chain}")));
        let shown = rules.iter().filter(|rule| wanted.is_none_or(|wanted| rule.chain == wanted));
        shown.for_each(|rule| sys.out.line(rule.to_string()));
        return 0;
    }
    let style = Style { numeric: given.has('n'), verbose: given.has('v') };
    for (index, (chain, policy)) in chains.enumerate() {
        if index > 0 {
            sys.out.line("");
        }
        let references =
            rules.iter().filter(|rule| matches!(&rule.target, Some(Target::Jump(to)) if to == chain)).count();
        sys.out.line(match (policy, style.verbose) {
            ("-", _) => format!("Chain {chain} ({references} references)"),
            (policy, false) => format!("Chain {chain} (policy {policy})"),
            (policy, true) => format!("Chain {chain} (policy {policy} 0 packets, 0 bytes)"),
        });
        let (counts, ways) = if style.verbose { (" pkts bytes ", "in     out     ") } else { ("", "") };
        sys.out.line(format!("{counts}target     prot opt {ways}source               destination         "));
        for rule in rules.iter().filter(|rule| rule.chain == chain) {
            sys.out.line(style.show(rule));
        }
    }
    0
}

/// How rules are listed.
#[derive(Clone, Copy)]
struct Style {
    numeric: bool,
    verbose: bool,
}

impl Style {
    /// A rule as `iptables -L` lists it. Models libxtables' `print_firewall`.
    fn show(self, rule: &Line) -> String {
        let (mut source, mut destination, mut protocol) = (self.anywhere(), self.anywhere(), String::new());
        let mut rest = Vec::new();
        for one in &rule.matches {
            match one {
                Match::Source(net) => source = shown(&net.to_string()),
                Match::NotSource(net) => source = format!("!{}", shown(&net.to_string())),
                Match::Destination(net) => destination = shown(&net.to_string()),
                Match::Protocol(name) => protocol.clone_from(name),
                other => rest.push(self.condition(other)),
            }
        }
        let (target, after) = self.target(rule.target.as_ref());
        rest.push(after);
        let protocol = match (protocol.as_str(), self.numeric) {
            ("", true) => "0".to_owned(),
            ("", false) => "all".to_owned(),
            ("tcp", true) => "6".to_owned(),
            ("udp", true) => "17".to_owned(),
            ("sctp", true) => "132".to_owned(),
            (name, _) => name.to_owned(),
        };
        let rest: Vec<String> = rest.into_iter().filter(|part| !part.is_empty()).collect();
        let counts = if self.verbose { format!("{:>5} {:>5} ", rule.packets, rule.bytes) } else { String::new() };
        let ways = if self.verbose { "*      *       " } else { "" };
        format!("{counts}{target:<9}  {protocol:<4} --  {ways}{source:<19}  {destination:<19}  {}", rest.join(" "))
    }

    fn anywhere(self) -> String {
        if self.numeric { "0.0.0.0/0" } else { "anywhere" }.to_owned()
    }

    fn condition(self, one: &Match) -> String {
        match one {
            Match::Comment(text) => format!("/* {text} */"),
            Match::Port(protocol, Some(port)) => format!("{protocol} dpt:{}", self.port(*port)),
            Match::Port(protocol, None) => protocol.clone(),
            Match::ToNode => "ADDRTYPE match dst-type LOCAL".to_owned(),
            Match::FromNode => "ADDRTYPE match src-type LOCAL".to_owned(),
            Match::New => "ctstate NEW".to_owned(),
            Match::Other(text) => other(text),
            Match::OneIn(_) => {
                one.to_string().replace("-m statistic --mode", "statistic mode").replace("--probability", "probability")
            }
            Match::SeenFor(seconds, name) => {
                format!("recent: CHECK seconds: {seconds} reap name: {name} side: source mask: 255.255.255.255")
            }
            Match::Remember(name) => format!("recent: SET name: {name} side: source mask: 255.255.255.255"),
            Match::Source(_) | Match::NotSource(_) | Match::Destination(_) | Match::Protocol(_) => String::new(),
        }
    }

    /// The target's name, and what follows the conditions.
    fn target(self, target: Option<&Target>) -> (String, String) {
        match target {
            None => (String::new(), String::new()),
            Some(Target::Jump(chain)) => (chain.clone(), String::new()),
            Some(Target::Dnat(to)) => ("DNAT".to_owned(), format!("to:{to}")),
            Some(Target::Reject) => ("REJECT".to_owned(), "reject-with icmp-port-unreachable".to_owned()),
            Some(Target::Drop) => ("DROP".to_owned(), String::new()),
            Some(Target::Accept) => ("ACCEPT".to_owned(), String::new()),
            Some(Target::Return) => ("RETURN".to_owned(), String::new()),
            Some(Target::Other(text)) => {
                let (name, rest) = text.split_once(' ').unwrap_or((text, ""));
                (name.to_owned(), other(rest))
            }
        }
    }

    fn port(self, port: u16) -> String {
        let named = match port {
            53 => "domain",
            80 => "http",
            443 => "https",
            _ => "",
        };
        if self.numeric || named.is_empty() { port.to_string() } else { named.to_owned() }
    }
}

/// A network; one address alone is without its length.
fn shown(net: &str) -> String {
    net.strip_suffix("/32").unwrap_or(net).to_owned()
}

/// What rules say of marks and the like, in the words of lists.
fn other(text: &str) -> String {
    const WORDS: &[(&str, &str)] = &[
        ("-m mark ! --mark", "mark match !"),
        ("-m mark --mark", "mark match"),
        ("-m conntrack --ctstate", "ctstate"),
        ("--set-xmark 0x4000/0x4000", "MARK or 0x4000"),
        ("--set-xmark 0x4000/0x0", "MARK xor 0x4000"),
        ("--random-fully", "random-fully"),
    ];
    WORDS.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// Runs `nft`: only `list` is simulated.
pub(in crate::programs) async fn nft(sys: Sys, argv: Vec<String>) -> i32 {
    let words: Vec<&str> = argv.iter().map(String::as_str).filter(|word| !word.starts_with('-')).collect();
    if words.first() != Some(&"list") {
        sys.err.line("nft: this playground only lists rules: nft list ruleset");
        return 1;
    }
    if !is_root(
        &sys,
        "Operation not permitted (you must be root)\nnetlink: Error: cache initialization failed: Operation not permitted",
    ) {
        return 1;
    }
    if is_mode(&sys, &[ProxyMode::Nftables]) {
        let node = node(&sys);
        sys.out.write(sys.cluster(|cluster| nft_list(cluster, &node)));
    }
    0
}

/// Runs `ipvsadm`: only listing is simulated.
pub(in crate::programs) async fn virtual_servers(sys: Sys, argv: Vec<String>) -> i32 {
    if !argv.is_empty() && !argv.iter().any(|word| word.starts_with('-') && word.to_lowercase().contains('l')) {
        sys.err.line("ipvsadm: this playground only lists virtual servers: ipvsadm -Ln");
        return 1;
    }
    if !is_root(
        &sys,
        "Can't initialize ipvs: Permission denied (you must be root)\nAre you sure that IP Virtual Server is built in the kernel or as module?",
    ) {
        return 1;
    }
    let node = node(&sys);
    if is_mode(&sys, &[ProxyMode::Ipvs]) {
        sys.out.write(sys.cluster(|cluster| ipvsadm(cluster, &node)));
    } else {
        sys.out.line("IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn");
    }
    0
}

const CONNTRACK: Spec = Spec {
    short: "Lp:d:s:",
    long: &[
        ("dump", 'L', false),
        ("proto", 'p', true),
        ("orig-dst", 'd', true),
        ("orig-src", 's', true),
        ("dport", '#', true),
    ],
};

/// Runs `conntrack`: only listing is simulated.
pub(in crate::programs) async fn connections(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match parse(&sys, "conntrack", &CONNTRACK, &argv) {
        Ok(given) if given.has('L') => given,
        Ok(_) => {
            sys.err.line("conntrack v1.4.7 (conntrack-tools): You need to supply a command!");
            return 2;
        }
        Err(status) => return status,
    };
    let refusal = "conntrack v1.4.7 (conntrack-tools): Operation failed: sorry, you must be root or get CAP_NET_ADMIN capability to do this";
    if !is_root(&sys, refusal) {
        return 1;
    }
    let node = node(&sys);
    let mut count = 0;
    for entry in sys.cluster(|cluster| conntrack(cluster, &node)) {
        let (from, to) = entry.original;
        let fits = given.value('p').is_none_or(|name| entry.protocol.as_str().eq_ignore_ascii_case(name))
            && given.value('d').is_none_or(|ip| to.ip.to_string() == ip)
            && given.value('s').is_none_or(|ip| from.ip.to_string() == ip)
            && given.value('#').is_none_or(|port| to.port.to_string() == port);
        if fits {
            sys.out.line(entry.to_string());
            count += 1;
        }
    }
    sys.err.line(format!("conntrack v1.4.7 (conntrack-tools): {count} flow entries have been shown."));
    0
}
