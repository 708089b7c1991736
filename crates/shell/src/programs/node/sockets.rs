//! `ss` and `netstat`: who listens.

use std::collections::BTreeSet;

use api::ObjectKey;
use api::arrange::Arrange;
use cluster::network::{Protocol, Vantage};

use crate::programs::options::Spec;
use crate::sys::{Host, Sys};

/// A socket that listens.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Socket {
    udp: bool,
    localhost: bool,
    port: u16,
    /// The program behind it, with its number.
    program: &'static str,
    pid: u32,
}

/// What the machines of the control plane run beside what every machine has.
const CONTROL_PLANE: &[(bool, u16, &str, u32)] = &[
    (false, 2379, "etcd", 1321),
    (true, 2381, "etcd", 1321),
    (true, 10257, "kube-controller", 1290),
    (true, 10259, "kube-scheduler", 1284),
    (false, 8443, "kube-apiserver", 1335),
];
const EVERY_NODE: &[(bool, u16, &str, u32)] = &[
    (false, 22, "sshd", 612),
    (true, 10248, "kubelet", 1502),
    (true, 10249, "kube-proxy", 1910),
    (false, 10250, "kubelet", 1502),
    (false, 10256, "kube-proxy", 1910),
];

/// What listens where the program runs.
fn sockets(sys: &Sys) -> Vec<Socket> {
    let mut found = BTreeSet::new();
    sys.cluster(|cluster| match &sys.vantage {
        Vantage::Pod { namespace, name } => {
            let key = ObjectKey::new(&api::pod::KIND, namespace, name);
            for listener in cluster.listeners(&key) {
                let udp = listener.protocol == Protocol::Udp;
                let localhost = listener.localhost_only;
                found.insert(Socket { udp, localhost, port: listener.port, program: "-", pid: 1 });
            }
        }
        Vantage::Node(node) => {
            let control = cluster.settings().nodes.iter().any(|known| known.name == **node && known.control_plane);
            let lists = [EVERY_NODE, if control { CONTROL_PLANE } else { &[] }];
            for (localhost, port, program, pid) in lists.into_iter().flatten().copied() {
                found.insert(Socket { udp: false, localhost, port, program, pid });
            }
            // What pods of the host network listen on is the machine's own.
            let pods = cluster.store().list(&api::pod::KIND, None);
            let keys: Vec<ObjectKey> = pods
                .filter(|pod| pod.str(&["spec", "nodeName"]) == &**node && pod.bool(&["spec", "hostNetwork"]))
                .map(|pod| ObjectKey::new(&api::pod::KIND, pod.namespace(), pod.name()))
                .collect();
            for listener in keys.iter().flat_map(|key| cluster.listeners(key)) {
                let known = found.iter().any(|socket| socket.port == listener.port);
                if !known {
                    let udp = listener.protocol == Protocol::Udp;
                    let localhost = listener.localhost_only;
                    found.insert(Socket { udp, localhost, port: listener.port, program: "-", pid: 1 });
                }
            }
        }
        Vantage::Laptop | Vantage::Internet => {}
    });
    found.into_iter().collect()
}

const SS: Spec = Spec {
    short: "ltunpaHo4",
    long: &[
        ("listening", 'l', false),
        ("tcp", 't', false),
        ("udp", 'u', false),
        ("numeric", 'n', false),
        ("processes", 'p', false),
        ("all", 'a', false),
    ],
};

/// Runs `ss`.
pub(in crate::programs) async fn ss(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match SS.parse(&argv) {
        Ok(given) => given,
        Err(fault) => {
            sys.err.line(format!("ss: {fault}"));
            return 255;
        }
    };
    let (tcp, udp) = (given.has('t') || !given.has('u'), given.has('u') || !given.has('t'));
    let mixed = tcp && udp;
    // Only listening sockets are known: connections here are short.
    let shown: Vec<Socket> = if given.has('l') || given.has('a') { sockets(&sys) } else { Vec::new() };
    let shown: Vec<&Socket> = shown.iter().filter(|socket| if socket.udp { udp } else { tcp }).collect();
    let address = |socket: &Socket| if socket.localhost { "127.0.0.1" } else { "0.0.0.0" };
    let width = shown.iter().map(|socket| address(socket).len()).chain(["Local Address".len()]).max().unwrap_or(13);
    if !given.has('H') {
        let kind = if mixed { "Netid " } else { "" };
        sys.out.line(format!(
            "{kind}State  Recv-Q Send-Q {:>width$}:Port  Peer Address:Port{}",
            "Local Address",
            if given.has('p') { "Process" } else { "" }
        ));
    }
    for socket in shown {
        let kind = if !mixed {
            ""
        } else if socket.udp {
            "udp   "
        } else {
            "tcp   "
        };
        let (state, queue) = if socket.udp { ("UNCONN", 0) } else { ("LISTEN", 4096) };
        let process = match (given.has('p'), socket.program) {
            (true, program) if program != "-" => format!("users:((\"{program}\",pid={},fd=3))", socket.pid),
            _ => String::new(),
        };
        let line = format!(
            "{kind}{state} 0      {queue:<6} {:>width$}:{:<5} {:>12}:*    {process}",
            address(socket),
            socket.port,
            "0.0.0.0"
        );
        sys.out.line(line.trim_end());
    }
    0
}

const NETSTAT: Spec = Spec { short: "ltunpaerW", long: &[] };

/// Runs `netstat`.
pub(in crate::programs) async fn netstat(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match NETSTAT.parse(&argv) {
        Ok(given) => given,
        Err(fault) => {
            sys.err.line(format!("netstat: {fault}"));
            return 1;
        }
    };
    let (tcp, udp) = (given.has('t') || !given.has('u'), given.has('u') || !given.has('t'));
    let listening = given.has('l') || given.has('a');
    let kind = match (given.has('a'), given.has('l')) {
        (true, _) => "servers and established",
        (false, true) => "only servers",
        (false, false) => "w/o servers",
    };
    let process = if given.has('p') { "PID/Program name" } else { "" };
    sys.out.line(format!("Active Internet connections ({kind})"));
    let header = ["Local Address", "Foreign Address"];
    sys.out.line(format!("Proto Recv-Q Send-Q {:<23} {:<23} State       {process}", header[0], header[1]));
    let all = if listening { sockets(&sys) } else { Vec::new() };
    for socket in all.iter().filter(|socket| if socket.udp { udp } else { tcp }) {
        let (name, state) = if socket.udp { ("udp", "") } else { ("tcp", "LISTEN") };
        let address = format!("{}:{}", if socket.localhost { "127.0.0.1" } else { "0.0.0.0" }, socket.port);
        let process = if given.has('p') { "1/-" } else { "" };
        sys.out.line(format!("{name:<5} {:>6} {:>6} {address:<23} {:<23} {state:<12}{process}", 0, 0, "0.0.0.0:*"));
    }
    0
}

/// Runs `ps` on a node: what keeps the cluster going there.
pub(in crate::programs) async fn ps(sys: Sys, _argv: Vec<String>) -> i32 {
    debug_assert_eq!(sys.host, Host::Node);
    sys.out.line("    PID TTY          TIME CMD");
    sys.out.line("      1 ?        00:00:01 systemd");
    let mut programs: Vec<(u32, &str)> = sockets(&sys)
        .iter()
        .filter(|socket| socket.program != "-")
        .map(|socket| (socket.pid, socket.program))
        .chain([(873, "containerd")])
        .collect();
    programs.arrange();
    programs.dedup();
    for (pid, program) in programs {
        sys.out.line(format!("{pid:>7} ?        00:00:02 {program}"));
    }
    sys.out.line("   4211 pts/0    00:00:00 bash");
    sys.out.line("   4230 pts/0    00:00:00 ps");
    0
}
