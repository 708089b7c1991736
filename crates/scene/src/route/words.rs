//! What a hop did and how a request ended, in the viewer's words.

use api::ObjectKey;
use cluster::network::policy::Direction;
use cluster::network::{Action, Outcome, Place, Refusal, Reply, Verdict};

use crate::figure::Tone;

/// A place, such as `node minikube`.
pub(super) fn place(place: &Place) -> String {
    match place {
        Place::Pod(key) => format!("pod {}", key.name),
        Place::Node(name) => format!("node {name}"),
        Place::LoadBalancer(service) => format!("the load balancer of Service {}", service.name),
        Place::Laptop => "your laptop".to_owned(),
        Place::Outside => "outside of the cluster".to_owned(),
    }
}

/// What was done.
pub(super) fn action(action: &Action) -> (Tone, String) {
    let plain = |text: String| (Tone::Plain, text);
    match action {
        Action::Send => plain("sends the packet".to_owned()),
        Action::Translate { from, to, candidates } => {
            let of = if candidates.len() == 1 {
                "the only endpoint".to_owned()
            } else {
                format!("one of {} endpoints", candidates.len())
            };
            plain(format!("a rule here rewrites {from} to {to}, {of}"))
        }
        Action::Track { from, to } => {
            plain(format!("what is kept of this connection turns {from} into {to}, as before"))
        }
        Action::Relay { words, to, .. } => plain(format!("{words}: opens a connection of its own to {to}")),
        Action::Masquerade { from } => plain(format!("the node puts its own address in place of {from}")),
        Action::Filter { direction, allowed, policies } => filtered(*direction, *allowed, policies),
        Action::Forward { to } => plain(format!("passes it on to {}", place(to))),
        Action::Deliver { container } => (Tone::Good, format!("container {container} listens here and takes it")),
        Action::Answer { summary } => (Tone::Good, format!("answers: {summary}")),
        Action::Refuse(refusal) => (Tone::Bad, refused(*refusal).to_owned()),
        Action::Drop { reason } => (Tone::Bad, format!("the packet is lost: {reason}")),
    }
}

fn filtered(direction: Direction, allowed: bool, policies: &[ObjectKey]) -> (Tone, String) {
    let names: Vec<&str> = policies.iter().map(|policy| &*policy.name).collect();
    let way = match direction {
        Direction::Ingress => "comes in to",
        Direction::Egress => "goes out of",
    };
    let verdict = if allowed { "allow it" } else { "none allows it, so it is dropped" };
    let tone = if allowed { Tone::Plain } else { Tone::Bad };
    (tone, format!("NetworkPolicies are asked about what {way} this pod ({}): {verdict}", names.join(", ")))
}

fn refused(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Reset => "nobody listens on this port: connection refused",
        Refusal::NoEndpoints => "a rule here refuses: the Service has no endpoint",
        Refusal::NoSuchPort => "a rule here refuses: the Service has no such port",
        Refusal::NoRoute | Refusal::NetworkUnreachable => "no way leads to this address",
        Refusal::HostUnreachable => "nobody has this address: no route to host",
        Refusal::Closed => "the other side has closed the connection",
    }
}

/// What became of a candidate.
pub(super) fn verdict(verdict: Verdict) -> (Tone, &'static str) {
    match verdict {
        Verdict::Chosen => (Tone::Good, "chosen by chance"),
        Verdict::Eligible => (Tone::Plain, "could have been chosen"),
        Verdict::NotReady => (Tone::Waiting, "left out: not ready"),
        Verdict::Terminating => (Tone::Leaving, "left out: terminating"),
        Verdict::NotHinted => (Tone::Plain, "left out: meant for clients elsewhere"),
        Verdict::NotLocal => (Tone::Waiting, "left out: on another node"),
    }
}

/// How a request ended, in a line.
pub(super) fn outcome(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Answered(Reply::Http(response)) => format!("{} {}", response.status, response.reason),
        Outcome::Answered(Reply::Stream(_)) => "answered".to_owned(),
        Outcome::Answered(Reply::Connected) => "connected".to_owned(),
        Outcome::Answered(Reply::Dns(answer)) if answer.addresses().is_empty() => {
            format!("the name server knows no such name ({})", answer.rcode.as_str())
        }
        Outcome::Answered(Reply::Dns(_)) => "name resolved".to_owned(),
        Outcome::Answered(Reply::Pong { .. }) => "echo reply".to_owned(),
        Outcome::Answered(Reply::Certificate(certificate)) => format!("certificate of {}", certificate.subject),
        Outcome::Answered(Reply::Garbage) => "the server speaks another protocol".to_owned(),
        Outcome::Refused(refusal) => refused(*refusal).to_owned(),
        Outcome::Lost => "nothing came back".to_owned(),
    }
}
