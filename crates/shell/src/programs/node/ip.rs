//! `ip addr`, `ip route`: the addresses of a machine, and where it sends what.

use std::net::Ipv4Addr;

use api::arrange::Arrange;
use cluster::Cluster;
use cluster::cluster::ProxyMode;
use cluster::network::Vantage;

use crate::sys::{Host, Sys};

/// An interface with its addresses, as `ip addr` lists it.
struct Interface {
    name: String,
    /// Flags, MTU and queue, as they are written.
    about: &'static str,
    /// Its hardware address; empty for the loopback.
    hardware: String,
    /// Addresses with their networks, and what follows.
    addresses: Vec<String>,
}

/// Hardware addresses are made of the IP address, as bridges do it.
fn hardware(ip: Ipv4Addr) -> String {
    let [a, b, c, d] = ip.octets();
    format!("0a:58:{a:02x}:{b:02x}:{c:02x}:{d:02x}")
}

fn loopback() -> Interface {
    Interface {
        name: "lo".to_owned(),
        about: "<LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000",
        hardware: String::new(),
        addresses: vec!["127.0.0.1/8 scope host lo".to_owned()],
    }
}

/// The first three numbers of an address.
fn network(ip: Ipv4Addr) -> String {
    let [a, b, c, _] = ip.octets();
    format!("{a}.{b}.{c}")
}

/// The interfaces of where a program runs, and its routes.
fn look(cluster: &Cluster, vantage: &Vantage) -> Option<(Vec<Interface>, Vec<String>)> {
    match vantage {
        Vantage::Pod { namespace, name } => {
            let pod = cluster.store().find(&api::pod::KIND, namespace, name)?;
            if pod.bool(&["spec", "hostNetwork"]) {
                return of_node(cluster, pod.str(&["spec", "nodeName"]));
            }
            let ip: Ipv4Addr = pod.str(&["status", "podIP"]).parse().ok()?;
            let network = network(ip);
            let eth0 = Interface {
                name: "eth0@if8".to_owned(),
                about: "<BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000",
                hardware: hardware(ip),
                addresses: vec![format!("{ip}/24 brd {network}.255 scope global eth0")],
            };
            let routes = vec![
                format!("default via {network}.1 dev eth0"),
                format!("{network}.0/24 via {network}.1 dev eth0 src {ip}"),
                format!("{network}.1 dev eth0 scope link src {ip}"),
            ];
            Some((vec![loopback(), eth0], routes))
        }
        Vantage::Node(name) => of_node(cluster, name),
        Vantage::Laptop | Vantage::Internet => {
            let first = cluster.settings().nodes.first()?.internal_ip.parse().ok()?;
            let network = network(first);
            let ip: Ipv4Addr = format!("{network}.1").parse().ok()?;
            let bridge = Interface {
                name: "bridge100".to_owned(),
                about: "<BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000",
                hardware: hardware(ip),
                addresses: vec![format!("{ip}/24 brd {network}.255 scope global bridge100")],
            };
            let routes = vec![format!("{network}.0/24 dev bridge100 proto kernel scope link src {ip}")];
            Some((vec![loopback(), bridge], routes))
        }
    }
}

fn of_node(cluster: &Cluster, name: &str) -> Option<(Vec<Interface>, Vec<String>)> {
    let settings = cluster.settings();
    let node = settings.nodes.iter().find(|node| node.name == *name)?;
    let ip: Ipv4Addr = node.internal_ip.parse().ok()?;
    let outside = network(ip);
    let mut interfaces = vec![
        loopback(),
        Interface {
            name: "eth0".to_owned(),
            about: "<BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc pfifo_fast state UP group default qlen 1000",
            hardware: hardware(ip),
            addresses: vec![format!("{ip}/24 brd {outside}.255 scope global dynamic eth0")],
        },
    ];
    let mut routes = vec![format!("default via {outside}.1 dev eth0 proto dhcp src {ip} metric 1024")];
    // The plugin leads to each pod by a cable of its own, and to the pods of others by their nodes.
    let pods = cluster.store().list(&api::pod::KIND, None);
    let mut own: Vec<Ipv4Addr> = pods
        .filter(|pod| pod.str(&["spec", "nodeName"]) == name && !pod.bool(&["spec", "hostNetwork"]))
        .filter(|pod| !matches!(pod.str(&["status", "phase"]), "Succeeded" | "Failed"))
        .filter_map(|pod| pod.str(&["status", "podIP"]).parse().ok())
        .collect();
    own.arrange();
    for pod in own {
        let [.., c, d] = pod.octets();
        let cable = format!("veth{c:02x}{d:02x}c0de");
        routes.push(format!("{pod} dev {cable} scope host"));
        interfaces.push(Interface {
            name: format!("{cable}@if2"),
            about: "<BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000",
            hardware: hardware(Ipv4Addr::new(169, 254, c, d)),
            addresses: vec![format!("{}.1/32 scope global {cable}", node.pod_network)],
        });
    }
    for other in settings.nodes.iter().filter(|other| other.name != node.name) {
        routes.push(format!("{}.0/24 via {} dev eth0", other.pod_network, other.internal_ip));
    }
    routes.push(format!("{outside}.0/24 dev eth0 proto kernel scope link src {ip}"));
    if settings.proxy_mode == ProxyMode::Ipvs {
        let services = cluster.store().list(&api::service::KIND, None);
        let addresses = services.map(|service| service.str(&["spec", "clusterIP"]).to_owned());
        let addresses: Vec<String> = addresses.filter(|ip| ip.parse::<Ipv4Addr>().is_ok()).collect();
        interfaces.push(Interface {
            name: "kube-ipvs0".to_owned(),
            about: "<BROADCAST,NOARP> mtu 1500 qdisc noop state DOWN group default",
            hardware: "f6:06:c5:3f:9a:11".to_owned(),
            addresses: addresses.iter().map(|ip| format!("{ip}/32 scope global kube-ipvs0")).collect(),
        });
    }
    Some((interfaces, routes))
}

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let words: Vec<&str> = argv.iter().map(String::as_str).filter(|word| !word.starts_with('-')).collect();
    let brief = argv.iter().any(|word| word == "-br" || word == "-brief");
    let Some((interfaces, routes)) = sys.cluster(|cluster| look(cluster, &sys.vantage)) else { return 1 };
    let object = words.first().copied().unwrap_or_default();
    let is = |name: &str| !object.is_empty() && name.starts_with(object);
    if is("address") || is("link") {
        let wanted = words.iter().skip(1).rev().find(|word| !matches!(**word, "show" | "list" | "dev" | "ls"));
        let named =
            |interface: &Interface| wanted.is_none_or(|wanted| interface.name.split('@').next() == Some(wanted));
        if let Some(wanted) = wanted
            && !interfaces.iter().any(named)
        {
            sys.err.line(match sys.host {
                Host::Busybox => format!("ip: can't find device '{wanted}'"),
                _ => format!("Device \"{wanted}\" does not exist."),
            });
            return 1;
        }
        for (index, interface) in interfaces.iter().enumerate().filter(|(_, interface)| named(interface)) {
            if brief { short(&sys, interface) } else { show(&sys, index + 1, interface, is("address")) }
        }
        return 0;
    }
    if is("route") {
        routes.iter().for_each(|route| sys.out.line(route));
        return 0;
    }
    match (object, sys.host) {
        ("", Host::Busybox) => sys.err.line("BusyBox v1.36.1 (2024-09-26 21:31:42 UTC) multi-call binary.\n\nUsage: ip [OPTIONS] address|route|link|tunnel|neigh|rule [ARGS]\n\nOPTIONS := -f[amily] inet|inet6|link | -o[neline]"),
        ("", _) => sys.err.line("Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }"),
        (object, Host::Busybox) => sys.err.line(format!("ip: invalid argument '{object}' to 'ip'")),
        (object, _) => sys.err.line(format!("Object \"{object}\" is unknown, try \"ip help\".")),
    }
    1
}

fn show(sys: &Sys, number: usize, interface: &Interface, addresses: bool) {
    let about = match sys.host {
        // BusyBox's says less of an interface.
        Host::Busybox => {
            interface.about.replace(" state UNKNOWN group default", "").replace(" state UP group default", "")
        }
        _ => interface.about.to_owned(),
    };
    sys.out.line(format!("{number}: {}: {about}", interface.name));
    match interface.hardware.as_str() {
        "" => sys.out.line("    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00"),
        hardware => sys.out.line(format!("    link/ether {hardware} brd ff:ff:ff:ff:ff:ff")),
    }
    if addresses {
        for address in &interface.addresses {
            sys.out.line(format!("    inet {address}\n       valid_lft forever preferred_lft forever"));
        }
    }
}

fn short(sys: &Sys, interface: &Interface) {
    let state = ["UP", "DOWN"].into_iter().find(|state| interface.about.contains(&format!("state {state}")));
    let addresses: Vec<&str> = interface.addresses.iter().filter_map(|address| address.split(' ').next()).collect();
    sys.out.line(format!("{:<16} {:<14} {} ", interface.name, state.unwrap_or("UNKNOWN"), addresses.join(" ")));
}
