//! What the cluster is made of, to be chosen: another choice makes the cluster anew and applies the manifest again.

use std::net::Ipv4Addr;

use cluster::Settings;
use cluster::addons::{GatewayController, IngressController, LoadBalancerProvider};
use cluster::cluster::ProxyMode;

/// The choices there are, each with what is chosen.
#[derive(Clone, PartialEq, Debug)]
pub struct Lab {
    /// One question each.
    pub questions: Vec<Question>,
}

/// One thing to choose.
#[derive(Clone, PartialEq, Debug)]
pub struct Question {
    /// What is chosen: `kube-proxy's mode`.
    pub label: &'static str,
    /// What difference it makes, in a sentence.
    pub help: &'static str,
    /// The answers, and which is chosen.
    pub answers: Vec<(&'static str, LabChange, bool)>,
}

/// An answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LabChange {
    /// How kube-proxy programs its rules.
    Proxy(ProxyMode),
    /// Whether the network plugin enforces NetworkPolicies.
    Policies(bool),
    /// Who gives load balancers their addresses.
    LoadBalancers(LoadBalancerProvider),
    /// Who serves Ingresses.
    Ingress(IngressController),
    /// Who serves Gateways.
    Gateways(GatewayController),
    /// Whether the learner's machine has a route to the nodes.
    NodesReachable(bool),
}

/// Some addresses of the nodes' network that no node has.
const POOL: LoadBalancerProvider =
    LoadBalancerProvider::Pool { first: Ipv4Addr::new(192, 168, 64, 240), last: Ipv4Addr::new(192, 168, 64, 250) };

/// What a cluster of these settings is made of.
#[must_use]
pub fn lab(settings: &Settings) -> Lab {
    use LabChange::{Gateways, Ingress, LoadBalancers, NodesReachable, Policies, Proxy};
    let question = |label, help, answers: &[(&'static str, LabChange)]| Question {
        label,
        help,
        answers: answers.iter().map(|(name, change)| (*name, *change, with(settings, *change) == *settings)).collect(),
    };
    let questions = vec![
        question(
            "kube-proxy's mode",
            "Decides what becomes of a ping to a Service's address, and of ports that it does not have.",
            &[
                ("iptables", Proxy(ProxyMode::Iptables)),
                ("nftables", Proxy(ProxyMode::Nftables)),
                ("IPVS", Proxy(ProxyMode::Ipvs)),
            ],
        ),
        question(
            "Network plugin",
            "One that enforces no NetworkPolicies takes them and lets everything pass.",
            &[("enforces policies", Policies(true)), ("ignores policies", Policies(false))],
        ),
        question(
            "Load balancers",
            "Without a provider a Service's external address stays pending.",
            &[
                ("nobody (bare metal)", LoadBalancers(LoadBalancerProvider::None)),
                ("a cloud", LoadBalancers(LoadBalancerProvider::Cloud)),
                ("MetalLB", LoadBalancers(POOL)),
            ],
        ),
        question(
            "Ingress controller",
            "Without one an Ingress is a note that nobody reads.",
            &[("none", Ingress(IngressController::None)), ("ingress-nginx", Ingress(IngressController::Nginx))],
        ),
        question(
            "Gateway controller",
            "Serves Gateways and their HTTPRoutes.",
            &[
                ("none", Gateways(GatewayController::None)),
                ("NGINX Gateway Fabric", Gateways(GatewayController::NginxFabric)),
            ],
        ),
        question(
            "Your laptop's way to the nodes",
            "Nodes in a virtual machine, as with Docker Desktop, cannot be reached by their address.",
            &[("open", NodesReachable(true)), ("none", NodesReachable(false))],
        ),
    ];
    Lab { questions }
}

/// The number of the answer to each question.
pub(crate) fn answers(settings: &Settings) -> Vec<u8> {
    let chosen = |question: &Question| question.answers.iter().position(|(_, _, chosen)| *chosen).unwrap_or_default();
    lab(settings).questions.iter().map(|question| u8::try_from(chosen(question)).unwrap_or_default()).collect()
}

/// Settings with these answers; a question without one, or with one that there is not, stays as it is.
pub(crate) fn of_answers(settings: Settings, answers: &[u8]) -> Settings {
    let questions = lab(&settings).questions;
    let changes = questions.iter().zip(answers).filter_map(|(question, at)| question.answers.get(usize::from(*at)));
    changes.fold(settings, |settings, (_, change, _)| with(&settings, *change))
}

/// The settings with one answer changed.
#[must_use]
pub fn with(settings: &Settings, change: LabChange) -> Settings {
    let mut settings = settings.clone();
    match change {
        LabChange::Proxy(mode) => settings.proxy_mode = mode,
        LabChange::Policies(enforced) => settings.network_policies = enforced,
        LabChange::LoadBalancers(provider) => settings.load_balancer = provider,
        LabChange::Ingress(controller) => settings.ingress_controller = controller,
        LabChange::Gateways(controller) => {
            settings.gateway_controller = controller;
            settings.gateway_api |= controller != GatewayController::None;
        }
        LabChange::NodesReachable(open) => settings.nodes_reachable = open,
    }
    settings
}
