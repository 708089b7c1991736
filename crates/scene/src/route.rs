//! The way of one request over the scene: where it was at each hop, what was done there, and why, in words.

use cluster::network::policy::Direction;
use cluster::network::{Action, Hop, Outcome, Place, Refusal, Reply, Trace, Verdict};

use crate::figure::{Chip, FigureId, Point, Scene, Shape, Tone};
use api::ObjectKey;

/// A trace laid over a scene.
#[derive(Clone, PartialEq, Debug)]
pub struct Route {
    /// The trace's number.
    pub trace: usize,
    /// What was asked, in a line.
    pub title: String,
    /// How it ended, in a line.
    pub outcome: String,
    /// Good when there was an answer.
    pub tone: Tone,
    /// Hop by hop.
    pub stops: Vec<Stop>,
}

/// One hop.
#[derive(Clone, PartialEq, Debug)]
pub struct Stop {
    /// Where, as a figure of the scene.
    pub figure: FigureId,
    /// The same as a point.
    pub point: Point,
    /// The place in words, such as `node minikube`.
    pub place: String,
    /// What was done.
    pub text: String,
    /// The addresses on the packet after it.
    pub packet: String,
    /// How long it took, in microseconds.
    pub took: u64,
    /// What it tells of.
    pub tone: Tone,
    /// Endpoints that a translation looked at, with what became of each.
    pub candidates: Vec<Chip>,
    /// The reason.
    pub because: Option<Reason>,
}

/// The reason of a hop: a field of an object.
#[derive(Clone, PartialEq, Debug)]
pub struct Reason {
    /// In words: `because of spec.selector of Service web`.
    pub text: String,
    /// The object.
    pub object: ObjectKey,
    /// The field; empty for the object as a whole.
    pub path: api::Path,
    /// The object's figure.
    pub figure: FigureId,
}

/// Pixels from the side of a machine to where its packets are drawn: between its edge and that of its pods.
const ASIDE: i32 = 6;

/// Lays a trace over a scene.
#[must_use]
pub fn route(scene: &Scene, trace: &Trace) -> Route {
    let (tone, outcome) = ending(&trace.outcome);
    let to = trace.traffic.to;
    Route {
        trace: trace.id.0,
        title: format!("{} to {to}", trace.traffic.protocol.as_str()),
        outcome,
        tone,
        stops: trace.hops.iter().map(|hop| stop(scene, hop)).collect(),
    }
}

fn stop(scene: &Scene, hop: &Hop) -> Stop {
    let (figure, point) = locate(scene, &hop.place);
    let (tone, text) = action(&hop.action);
    let candidates = match &hop.action {
        Action::Translate { candidates, .. } | Action::Relay { candidates, .. } => candidates
            .iter()
            .map(|candidate| {
                let whom = candidate.pod.as_ref().map_or_else(String::new, |pod| format!("{} ", pod.name));
                let (tone, verdict) = verdict(candidate.verdict);
                Chip { text: format!("{whom}{}: {verdict}", candidate.socket), tone }
            })
            .collect(),
        _ => Vec::new(),
    };
    Stop {
        figure,
        point,
        place: place(&hop.place),
        text,
        packet: hop.packet.to_string().replace("->", "→"),
        took: hop.took,
        tone,
        candidates,
        because: hop.because.as_ref().map(|because| {
            let field = because.path.to_string();
            let whole = because.path.is_root();
            let name = format!("{} {}", because.object.kind.kind, because.object.name);
            Reason {
                text: if whole { name } else { format!("{field} of {name}") },
                figure: FigureId::of(&because.object),
                object: because.object.clone(),
                path: because.path.clone(),
            }
        }),
    }
}

/// The figure of a place and a point on it; what is not in the picture stands at the cluster's edge.
fn locate(scene: &Scene, place: &Place) -> (FigureId, Point) {
    let id = match place {
        Place::Pod(key) => FigureId::of(key),
        Place::Node(name) => FigureId::of(&ObjectKey::new(&api::node::KIND, "", name)),
        Place::Laptop => FigureId::laptop(),
        // Outside of the nodes, and not yet a figure of its own.
        Place::LoadBalancer(_) | Place::Outside => FigureId::outside(),
    };
    let found = scene.figure(&id).or_else(|| scene.figures.first());
    let point = found.map_or_else(Point::default, |figure| match figure.shape {
        // Beside what there is to read: on a machine's upper edge, and just outside of what runs on it.
        Shape::Machine | Shape::Area => Point { x: figure.frame.x + figure.frame.width - ASIDE, y: figure.frame.y },
        Shape::Process => Point { x: figure.frame.x + figure.frame.width + ASIDE, ..figure.frame.center() },
        _ => Point { x: figure.frame.x + figure.frame.width, ..figure.frame.center() },
    });
    (id, point)
}

fn place(place: &Place) -> String {
    match place {
        Place::Pod(key) => format!("pod {}", key.name),
        Place::Node(name) => format!("node {name}"),
        Place::LoadBalancer(service) => format!("the load balancer of Service {}", service.name),
        Place::Laptop => "your laptop".to_owned(),
        Place::Outside => "outside of the cluster".to_owned(),
    }
}

fn action(action: &Action) -> (Tone, String) {
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

fn verdict(verdict: Verdict) -> (Tone, &'static str) {
    match verdict {
        Verdict::Chosen => (Tone::Good, "chosen by chance"),
        Verdict::Eligible => (Tone::Plain, "could have been chosen"),
        Verdict::NotReady => (Tone::Waiting, "left out: not ready"),
        Verdict::Terminating => (Tone::Leaving, "left out: terminating"),
        Verdict::NotHinted => (Tone::Plain, "left out: meant for clients elsewhere"),
        Verdict::NotLocal => (Tone::Waiting, "left out: on another node"),
    }
}

fn ending(outcome: &Outcome) -> (Tone, String) {
    match outcome {
        Outcome::Answered(Reply::Http(response)) => (Tone::Good, format!("{} {}", response.status, response.reason)),
        Outcome::Answered(Reply::Stream(_)) => (Tone::Good, "answered".to_owned()),
        Outcome::Answered(Reply::Connected) => (Tone::Good, "connected".to_owned()),
        Outcome::Answered(Reply::Dns(_)) => (Tone::Good, "name resolved".to_owned()),
        Outcome::Answered(Reply::Pong { .. }) => (Tone::Good, "echo reply".to_owned()),
        Outcome::Answered(Reply::Certificate(certificate)) => {
            (Tone::Good, format!("certificate of {}", certificate.subject))
        }
        Outcome::Answered(Reply::Garbage) => (Tone::Bad, "the server speaks another protocol".to_owned()),
        Outcome::Refused(refusal) => (Tone::Bad, refused(*refusal).to_owned()),
        Outcome::Lost => (Tone::Bad, "nothing came back".to_owned()),
    }
}
