//! The way of one connection, from who sends it to who answers. The only code that makes traces.
//!
//! - [`address`]: whose an address is
//! - [`enter`]: from who sends it to the first node
//! - [`rewrite`]: what a node's kube-proxy makes of it
//! - [`filter`]: what NetworkPolicies say
//! - [`arrive`]: to the pod, the node or the machine that has the address
//! - [`relay`]: proxies in pods, which open a connection of their own
//! - [`api_server`]: the API server's own proxy, and port-forward
//! - [`connection`]: connections that stay open

mod address;
mod api_server;
mod arrive;
pub(crate) mod connection;
mod enter;
mod filter;
mod relay;
mod rewrite;

use std::net::Ipv4Addr;
use std::sync::Arc;

pub(crate) use address::cluster_cidr;
pub use api_server::is_passed_on;

use super::{Action, Because, Hop, Outcome, Packet, Payload, Place, Refusal, Reply, Trace, TraceId, Traffic};
use crate::{Cluster, Instant};

/// Microseconds of a step within a node, between nodes, and from outside.
const LOCAL: u64 = 40;
const BETWEEN_NODES: u64 = 300;
const FROM_OUTSIDE: u64 = 900;

/// Routes a request and says what happened.
pub(crate) fn route(cluster: &mut Cluster, id: TraceId, traffic: Traffic) -> Trace {
    let at = cluster.now();
    let mut way = Way::start(cluster, &traffic);
    let outcome = way.run();
    let hops = way.hops;
    Trace { id, at, traffic, hops, outcome }
}

/// A packet under way. `Err` ends the way with an outcome.
struct Way<'a> {
    cluster: &'a mut Cluster,
    traffic: &'a Traffic,
    place: Place,
    /// The node whose rules see the packet; `None` outside of the cluster.
    node: Option<Arc<str>>,
    packet: Packet,
    /// The sender's address before this node replaced it: NetworkPolicies still see it.
    unmasked: Option<Ipv4Addr>,
    /// Whether the policies of the sender were asked.
    left: bool,
    /// How many proxies have passed the request on so far.
    relays: usize,
    at: Instant,
    hops: Vec<Hop>,
}

type Step<T> = Result<T, Outcome>;

impl Way<'_> {
    fn run(&mut self) -> Outcome {
        match self.walk() {
            Ok(outcome) | Err(outcome) => outcome,
        }
    }

    fn walk(&mut self) -> Step<Outcome> {
        self.hop(LOCAL, Action::Send, None);
        if self.node.is_none() {
            if self.packet.destination.ip.is_loopback() {
                return Err(self.refused(Refusal::Reset, None));
            }
            if let Some(outcome) = self.outside_to_outside() {
                return Ok(outcome);
            }
            self.enter_from_outside()?;
        }
        self.leave_sender();
        if !self.stays_in_pod() {
            self.through_rules()?;
        }
        self.leave_pod()?;
        self.straight()
    }

    /// Sends something else from where the packet is now, as part of the same story.
    fn onward(&mut self, traffic: &Traffic) -> Outcome {
        let mut way = Way::start(self.cluster, traffic);
        way.hops = std::mem::take(&mut self.hops);
        (way.at, way.relays) = (self.at, self.relays + 1);
        let outcome = way.run();
        (self.hops, self.at) = (way.hops, way.at);
        outcome
    }

    fn payload(&self) -> &Payload {
        &self.traffic.payload
    }

    fn answered(&mut self, reply: Reply, took: u64) -> Outcome {
        self.hop(took, Action::Answer { summary: summary(&reply) }, None);
        Outcome::Answered(reply)
    }

    fn refused(&mut self, refusal: Refusal, because: Option<Because>) -> Outcome {
        self.hop(LOCAL, Action::Refuse(refusal), because);
        Outcome::Refused(refusal)
    }

    fn lost(&mut self, reason: &str, because: Option<Because>) -> Outcome {
        self.hop(0, Action::Drop { reason: reason.to_owned() }, because);
        Outcome::Lost
    }

    fn go(&mut self, to: Place, took: u64) {
        self.hop(took, Action::Forward { to: to.clone() }, None);
        if let Place::Node(node) = &to {
            if self.node.as_ref() != Some(node) {
                self.unmasked = None;
            }
            self.node = Some(node.clone());
        }
        self.place = to;
    }

    fn hop(&mut self, took: u64, action: Action, because: Option<Because>) {
        self.hops.push(Hop { at: self.at, took, place: self.place.clone(), packet: self.packet, action, because });
        self.at = self.at + took;
    }
}

/// A reply in a few words.
fn summary(reply: &Reply) -> String {
    match reply {
        Reply::Http(response) => format!("{} {}", response.status, response.reason),
        Reply::Dns(answer) if answer.addresses().is_empty() => answer.rcode.as_str().to_owned(),
        Reply::Dns(answer) => answer.addresses().iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        Reply::Connected => "connection accepted".to_owned(),
        Reply::Stream(_) => "some bytes".to_owned(),
        Reply::Certificate(certificate) => format!("certificate of {}", certificate.subject),
        Reply::Pong { .. } => "echo reply".to_owned(),
        Reply::Garbage => "a protocol the client does not speak".to_owned(),
    }
}
