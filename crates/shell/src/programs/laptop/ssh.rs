//! `ssh`: a shell on one of the cluster's machines.

use cluster::network::Vantage;

use super::minikube::is_ready;
use crate::sys::{Host, Sys};
use crate::{lang, machine};

/// Runs `ssh`.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let mut words = argv.into_iter().peekable();
    while let Some(option) = words.next_if(|word| word.starts_with('-')) {
        // Options with a value apart; none of them changes anything here.
        if option.len() == 2 && "bcDEeFIiJLlmOopQRSWw".contains(&option[1..]) {
            words.next();
        }
    }
    let Some(target) = words.next() else {
        sys.err.line("usage: ssh [-i identity_file] [-l login_name] [-p port] destination [command [argument ...]]");
        return 255;
    };
    let host = target.rsplit('@').next().unwrap_or_default().to_owned();
    let node = sys.cluster(|cluster| {
        let mut nodes = cluster.settings().nodes.iter();
        nodes.find(|node| node.name == host || node.internal_ip == host).map(|node| node.name.clone())
    });
    let Some(node) = node.as_ref().filter(|node| is_ready(&sys, node)) else {
        if node.is_some() || host.parse::<std::net::Ipv4Addr>().is_ok() {
            // Nobody listens there, and nobody says so.
            sys.sleep(130_000_000).await;
            sys.err.line(format!("ssh: connect to host {host} port 22: Connection timed out"));
        } else {
            sys.err.line(format!("ssh: Could not resolve hostname {host}: Name or service not known"));
        }
        return 255;
    };
    let command: Vec<String> = words.collect();
    let talks = command.is_empty();
    let status = enter(&sys, node, command).await;
    if talks && sys.stdout_is_terminal {
        sys.err.line(format!("Connection to {host} closed."));
    }
    status
}

/// Runs a command on a node, or a shell that talks. ssh hands the words over as one line.
pub(super) async fn enter(sys: &Sys, node: &str, command: Vec<String>) -> i32 {
    let mut inside = Sys { vantage: Vantage::Node(node.into()), host: Host::Node, ..sys.clone() };
    machine::enter(&mut inside);
    if command.is_empty() {
        return lang::interactive(inside).await;
    }
    let words = ["bash".to_owned(), "-c".to_owned(), command.join(" ")];
    lang::command(inside, words.to_vec()).await.unwrap_or(127)
}
