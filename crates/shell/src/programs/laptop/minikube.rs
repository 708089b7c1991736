//! minikube 1.38: the cluster's machines, seen from the learner's own.

use api::node;
use cluster::addons::{IngressController, LoadBalancerProvider};

use super::{service, ssh, table::table};
use crate::programs::options::{Given, Spec};
use crate::sys::Sys;

/// Commands with what they do, as `minikube help` groups them.
const HELP: &str = "minikube provisions and manages local Kubernetes clusters optimized for development workflows.

Basic Commands:
  status           Gets the status of a local Kubernetes cluster
  dashboard        Access the Kubernetes dashboard running within the minikube cluster

Configuration and Management Commands:
  addons           Enable or disable a minikube addon
  profile          Get or list the current profiles (clusters)

Networking and Connectivity Commands:
  service          Returns a URL to connect to a service
  tunnel           Connect to LoadBalancer services

Advanced Commands:
  kubectl          Run a kubectl binary matching the cluster version
  node             Add, remove, or list additional nodes

Troubleshooting Commands:
  ip               Retrieves the IP address of the specified node
  ssh              Log into the minikube environment (for debugging)

Other Commands:
  version          Print the version of minikube

Use \"minikube <command> --help\" for more information about a given command.
";

const SPEC: Spec = Spec {
    short: "+n:p:f:o:l:",
    long: &[
        ("node", 'n', true),
        ("namespace", 'n', true),
        ("profile", 'p', true),
        ("format", 'f', true),
        ("output", 'o', true),
        ("url", 'u', false),
        ("https", 's', false),
        ("wait", 'w', true),
        ("all", 'a', false),
        ("short", 'S', false),
        ("cleanup", 'c', false),
        ("help", 'h', false),
        ("refresh", 'r', false),
    ],
};

/// A line with a sign before it, where signs can be shown.
pub(super) fn styled(sys: &Sys, sign: &str, text: &str) -> String {
    if sys.stdout_is_terminal { format!("{sign}  {text}") } else { format!("* {text}") }
}

/// Ends as minikube does when something cannot be done.
pub(super) fn exit(sys: &Sys, reason: &str, text: &str, code: i32) -> i32 {
    let sign = if sys.stdout_is_terminal { "❌  " } else { "X " };
    sys.err.line(format!("\n{sign}Exiting due to {reason}: {text}\n"));
    code
}

/// What is wrong with the words.
const USAGE: i32 = 14;

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let Some((command, rest)) = argv.split_first() else {
        sys.out.write(HELP);
        return 0;
    };
    // What follows belongs to the other program.
    match command.as_str() {
        "kubectl" => {
            let words = rest.iter().skip(usize::from(rest.first().is_some_and(|word| word == "--")));
            return crate::kubectl::kubectl(sys.clone(), words.cloned().collect()).await;
        }
        "help" | "--help" | "-h" => {
            sys.out.write(HELP);
            return 0;
        }
        _ => {}
    }
    // Flags may stand behind operands; `--` ends them.
    let (rest, after) = match rest.iter().position(|word| word == "--") {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => (rest, &[][..]),
    };
    let mut given = Given::default();
    let mut left = rest;
    loop {
        match SPEC.parse(left) {
            Ok(more) => {
                given.options.extend(more.options);
                let Some((operand, others)) = more.operands.split_first() else { break };
                given.operands.push(operand.clone());
                left = &left[left.len() - others.len()..];
            }
            Err(fault) => {
                let fault = fault.replace("unrecognized option '", "unknown flag: ").replace('\'', "");
                sys.err.line(format!("Error: {fault}\nSee 'minikube {command} --help' for usage."));
                return 1;
            }
        }
    }
    if given.has('h') {
        sys.out.write(HELP);
        return 0;
    }
    match command.as_str() {
        "ip" => ip(&sys, given.value('n')),
        "status" => status(&sys),
        "version" if given.has('S') => {
            sys.out.line("v1.38.0");
            0
        }
        "version" => {
            sys.out.line("minikube version: v1.38.0");
            0
        }
        "node" => node_command(&sys, &given),
        "profile" => profile(&sys, &given),
        "ssh" => {
            let words = if after.is_empty() { given.operands.clone() } else { after.to_vec() };
            let node = given.value('n').map_or_else(|| first_node(&sys), str::to_owned);
            if !names(&sys).contains(&node) {
                return exit(&sys, "GUEST_NODE_RETRIEVE", &format!("retrieving node: Could not find node {node}"), 80);
            }
            ssh::enter(&sys, &node, words).await
        }
        "service" => service::run(&sys, &given).await,
        "tunnel" => service::tunnel(&sys).await,
        "addons" => addons(&sys, &given),
        "dashboard" => {
            sys.err.line("minikube: the dashboard is not part of this playground: the diagram shows the cluster");
            1
        }
        "start" | "stop" | "delete" | "pause" | "unpause" | "config" | "update-context" | "logs" | "image"
        | "mount" | "docker-env" | "cp" => {
            sys.err.line(format!("minikube {command} is not simulated by this playground: its cluster always runs"));
            1
        }
        other => {
            sys.err
                .line(format!("Error: unknown command \"{other}\" for \"minikube\"\nRun 'minikube --help' for usage."));
            1
        }
    }
}

/// The names of the machines, the control plane first.
fn names(sys: &Sys) -> Vec<String> {
    sys.cluster(|cluster| cluster.settings().nodes.iter().map(|node| node.name.clone()).collect())
}

fn first_node(sys: &Sys) -> String {
    names(sys).into_iter().next().unwrap_or_default()
}

/// The address of a machine, by default the first.
pub(super) fn address(sys: &Sys, node: Option<&str>) -> Option<String> {
    sys.cluster(|cluster| {
        let mut nodes = cluster.settings().nodes.iter();
        nodes.find(|known| node.is_none_or(|name| known.name == name)).map(|node| node.internal_ip.clone())
    })
}

fn ip(sys: &Sys, node: Option<&str>) -> i32 {
    match address(sys, node) {
        Some(ip) => {
            sys.out.line(ip);
            0
        }
        None => {
            let name = node.unwrap_or_default();
            exit(sys, "GUEST_NODE_RETRIEVE", &format!("retrieving node: Could not find node {name}"), 80)
        }
    }
}

/// Whether a node's kubelet reports it ready.
pub(super) fn is_ready(sys: &Sys, name: &str) -> bool {
    sys.cluster(|cluster| {
        let node = cluster.store().find(&node::KIND, "", name);
        node.is_some_and(|node| {
            node.list(&["status", "conditions"]).iter().any(|condition| {
                condition.get("type").is_some_and(|t| t == "Ready")
                    && condition.get("status").is_some_and(|s| s == "True")
            })
        })
    })
}

fn status(sys: &Sys) -> i32 {
    let mut code = 0;
    let nodes: Vec<(String, bool)> = sys.cluster(|cluster| {
        cluster.settings().nodes.iter().map(|node| (node.name.clone(), node.control_plane)).collect()
    });
    for (name, control_plane) in nodes {
        let kubelet = if is_ready(sys, &name) { "Running" } else { "Stopped" };
        if kubelet == "Stopped" {
            code = 2;
        }
        let kind = if control_plane { "Control Plane" } else { "Worker" };
        sys.out.line(format!("{name}\ntype: {kind}\nhost: Running\nkubelet: {kubelet}"));
        if control_plane {
            sys.out.line("apiserver: Running\nkubeconfig: Configured");
        }
        sys.out.line("");
    }
    code
}

fn node_command(sys: &Sys, given: &Given) -> i32 {
    match given.operands.first().map(String::as_str) {
        Some("list") => {
            for name in names(sys) {
                let ip = address(sys, Some(&name)).unwrap_or_default();
                sys.out.line(format!("{name}\t{ip}"));
            }
            0
        }
        Some(other @ ("add" | "delete" | "start" | "stop")) => {
            sys.err.line(format!("minikube node {other} is not simulated by this playground: its machines are given"));
            1
        }
        _ => exit(sys, "MK_USAGE", "Usage: minikube node [add|start|stop|delete|list]", USAGE),
    }
}

fn profile(sys: &Sys, given: &Given) -> i32 {
    if given.operands.first().map(String::as_str) != Some("list") {
        sys.out.line("minikube");
        return 0;
    }
    let ip = address(sys, None).unwrap_or_default();
    let count = names(sys).len().to_string();
    let row = ["minikube", "docker", "containerd", &ip, "v1.36.2", "OK", &count, "*", "*"];
    let headers =
        ["PROFILE", "DRIVER", "RUNTIME", "IP", "VERSION", "STATUS", "NODES", "ACTIVE PROFILE", "ACTIVE KUBECONTEXT"];
    sys.out.write(table(&headers, &[row.map(str::to_owned).to_vec()]));
    0
}

/// Addons that a cluster of the playground can have, with who maintains them.
const ADDONS: &[(&str, &str)] = &[
    ("dashboard", "Kubernetes"),
    ("default-storageclass", "Kubernetes"),
    ("ingress", "Kubernetes"),
    ("metallb", "3rd party (MetalLB)"),
    ("metrics-server", "Kubernetes"),
    ("storage-provisioner", "minikube"),
];

fn addons(sys: &Sys, given: &Given) -> i32 {
    let (ingress, pool) = sys.cluster(|cluster| {
        let settings = cluster.settings();
        (
            settings.ingress_controller == IngressController::Nginx,
            matches!(settings.load_balancer, LoadBalancerProvider::Pool { .. }),
        )
    });
    let enabled = |name: &str| match name {
        "ingress" => ingress,
        "metallb" => pool,
        "default-storageclass" | "storage-provisioner" => true,
        _ => false,
    };
    match given.operands.as_slice() {
        [list] if list == "list" => {
            let rows: Vec<Vec<String>> = ADDONS
                .iter()
                .map(|(name, maintainer)| {
                    let status = if enabled(name) { "enabled ✅" } else { "disabled" };
                    [*name, "minikube", status, maintainer].map(str::to_owned).to_vec()
                })
                .collect();
            sys.out.write(table(&["ADDON NAME", "PROFILE", "STATUS", "MAINTAINER"], &rows));
            0
        }
        [verb, name] if verb == "enable" || verb == "disable" => {
            if !ADDONS.iter().any(|(known, _)| known == name) {
                let text = format!(
                    "enable failed: validating \"{name}\" addon: invalid name for addon: {name} is not a valid addon"
                );
                return exit(sys, "MK_ADDON_ENABLE", &text.replace("enable failed", &format!("{verb} failed")), 10);
            }
            if (verb == "enable") == enabled(name) {
                let (sign, done) = if verb == "enable" { ("🌟", "enabled") } else { ("🌑", "disabled") };
                let text = match verb.as_str() {
                    "enable" => format!("The '{name}' addon is {done}"),
                    _ => format!("\"The '{name}' addon is {done}"),
                };
                sys.out.line(styled(sys, sign, &text));
                return 0;
            }
            sys.err.line(format!(
                "minikube addons {verb} {name}: what a cluster of this playground has is chosen when it begins"
            ));
            1
        }
        _ => exit(sys, "MK_USAGE", "usage: minikube addons [list|enable ADDON_NAME|disable ADDON_NAME]", USAGE),
    }
}
