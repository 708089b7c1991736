//! The way of one request over the scene: where it was at each hop, what was done there, and why, in words.
//!
//! - [`words`]: what a hop did, and where
//! - [`ending`]: how it ended, each ending with a sign and a word of its own
//! - [`motion`]: where its dot is at each moment, and the player that moves it

pub mod ending;
pub mod motion;
mod words;

use std::sync::Arc;

use api::ObjectKey;
use cluster::network::{Action, Hop, Packet, Place, Trace};

use crate::figure::{Chip, FigureId, Point, Rect, Scene, Shape, Tone};
pub use ending::{Ending, Sign};
pub use motion::{Flights, Motion, Player, Spot};

/// A request from its first look-up to its end, as it is laid over a scene.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Journey {
    /// What was asked, in a line; empty to say it from the trace.
    pub title: String,
    /// The questions for the name's address, in order.
    pub lookups: Vec<Arc<Trace>>,
    /// What was sent to the address; `None` when the name had none.
    pub request: Option<Arc<Trace>>,
    /// Who gave up, and what they found: a name that nobody knows.
    pub unknown: Option<(Place, String)>,
}

impl Journey {
    /// One that is a single trace.
    #[must_use]
    pub fn of(trace: Arc<Trace>) -> Self {
        Self { request: Some(trace), ..Self::default() }
    }

    /// Every trace in order.
    pub fn traces(&self) -> impl Iterator<Item = &Arc<Trace>> {
        self.lookups.iter().chain(&self.request)
    }
}

/// A journey laid over a scene.
#[derive(Clone, PartialEq, Debug)]
pub struct Route {
    /// The number of its last trace, to tell one route from another.
    pub trace: usize,
    /// What was asked, in a line.
    pub title: String,
    /// How it ended.
    pub ending: Ending,
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
    /// The corners on the way to the next stop, without both ends.
    pub corners: Vec<Point>,
    /// The place in words, such as `node minikube`.
    pub place: String,
    /// What was done.
    pub text: String,
    /// The addresses on the packet after it.
    pub packet: String,
    /// The addresses before it, where it changed them.
    pub before: Option<String>,
    /// Microseconds of virtual time from the beginning of the journey.
    pub at: u64,
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

/// Lays a journey over a scene.
#[must_use]
pub fn route(scene: &Scene, journey: &Journey) -> Route {
    let start = journey.traces().next().map(|trace| trace.at).unwrap_or_default();
    let mut stops: Vec<Stop> = Vec::new();
    let mut begins = Vec::new();
    for trace in journey.traces() {
        begins.push(stops.len());
        // A program asks once it has the answer to what it asked before.
        let since = stops.last().map_or(0, |stop| stop.at + stop.took).max(trace.at - start);
        let mut before: Option<Packet> = None;
        for hop in &trace.hops {
            let changed = before.filter(|before| *before != hop.packet);
            let mut stop = Stop { at: since + (hop.at - trace.at), before: changed.map(addresses), ..stop(scene, hop) };
            // A pod that is not in the picture is shown at its node, where the packet was before.
            if let (Place::Pod(_), true, Some(last)) = (&hop.place, stop.figure == FigureId::cluster(), stops.last()) {
                (stop.figure, stop.point) = (last.figure.clone(), last.point);
            }
            stops.push(stop);
            before = Some(hop.packet);
        }
    }
    if let Some((place, words)) = &journey.unknown {
        let at = stops.last().map_or(0, |stop| stop.at + stop.took);
        let (figure, point) = locate(scene, place);
        stops.push(Stop { at, tone: Tone::Bad, text: words.clone(), ..at_rest(figure, point, words::place(place)) });
    }
    for at in 1..stops.len() {
        let begin = begins.iter().rev().find(|begin| **begin < at).copied().unwrap_or_default();
        let corners = if begins.contains(&at) || at == stops.len() - 1 && journey.unknown.is_some() {
            // The answer to a question comes back by the same way.
            back(stops.get(begin..at).unwrap_or_default())
        } else {
            around(scene, &stops[at - 1], &stops[at])
        };
        stops[at - 1].corners = corners;
    }
    let last = journey.request.as_ref().or(journey.lookups.last());
    let ending = match (&journey.unknown, last) {
        (None, Some(trace)) => Ending::of(&trace.outcome),
        _ => Ending::Unresolved,
    };
    let outcome = match (&journey.unknown, last) {
        (None, Some(trace)) => words::outcome(&trace.outcome),
        (Some((_, words)), _) => words.clone(),
        (None, None) => String::new(),
    };
    let title = match last {
        Some(trace) if journey.title.is_empty() => {
            format!("{} to {}", trace.traffic.protocol.as_str(), trace.traffic.to)
        }
        _ => journey.title.clone(),
    };
    Route { trace: last.map_or(usize::MAX, |trace| trace.id.0), title, ending, outcome, tone: ending.tone(), stops }
}

fn addresses(packet: Packet) -> String {
    packet.to_string().replace("->", "→")
}

fn at_rest(figure: FigureId, point: Point, place: String) -> Stop {
    Stop {
        figure,
        point,
        corners: Vec::new(),
        place,
        text: String::new(),
        packet: String::new(),
        before: None,
        at: 0,
        took: 0,
        tone: Tone::Plain,
        candidates: Vec::new(),
        because: None,
    }
}

fn stop(scene: &Scene, hop: &Hop) -> Stop {
    let (figure, point) = locate(scene, &hop.place);
    let (tone, text) = words::action(&hop.action);
    let candidates = match &hop.action {
        Action::Translate { candidates, .. } | Action::Relay { candidates, .. } => candidates
            .iter()
            .map(|candidate| {
                let whom = candidate.pod.as_ref().map_or_else(String::new, |pod| format!("{} ", pod.name));
                let (tone, verdict) = words::verdict(candidate.verdict);
                Chip { text: format!("{whom}{}: {verdict}", candidate.socket), tone }
            })
            .collect(),
        _ => Vec::new(),
    };
    Stop {
        text,
        packet: addresses(hop.packet),
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
        ..at_rest(figure, point, words::place(&hop.place))
    }
}

/// The figure of a place and a point on it; what is not in the picture stands at the cluster's edge.
fn locate(scene: &Scene, place: &Place) -> (FigureId, Point) {
    let id = match place {
        Place::Pod(key) => FigureId::of(key),
        Place::Node(name) => FigureId::of(&ObjectKey::new(&api::node::KIND, "", name)),
        Place::Laptop => FigureId::laptop(),
        Place::LoadBalancer(service) => FigureId::load_balancer(service),
        Place::Outside => FigureId::outside(),
    };
    let found = scene.figure(&id).or_else(|| scene.crowd_of(&id)).or_else(|| scene.figures.first());
    let point = found.map_or_else(Point::default, |figure| match figure.shape {
        // Beside what there is to read: on a machine's upper edge, and just outside of what runs on it.
        Shape::Machine | Shape::Area => Point { x: figure.frame.x + figure.frame.width - ASIDE, y: figure.frame.y },
        Shape::Process | Shape::Crowd => {
            Point { x: figure.frame.x + figure.frame.width + ASIDE, ..figure.frame.center() }
        }
        _ => Point { x: figure.frame.x + figure.frame.width, ..figure.frame.center() },
    });
    (found.map_or(id, |figure| figure.id.clone()), point)
}

/// The corners of the way back over some stops.
fn back(stops: &[Stop]) -> Vec<Point> {
    let Some((last, before)) = stops.split_last() else { return Vec::new() };
    let mut way = Vec::new();
    for stop in before.iter().rev() {
        way.extend(stop.corners.iter().rev().copied());
        way.push(stop.point);
    }
    way.dedup();
    if way.first() == Some(&last.point) {
        way.remove(0);
    }
    // Where it began, the next begins.
    way.pop();
    way
}

/// How to go from stop to stop without crossing what there is to read: from outside down the cluster's left edge, along
/// the upper edges of machines, and between two rows of them in the gutter.
fn around(scene: &Scene, from: &Stop, to: &Stop) -> Vec<Point> {
    let (a, b) = (from.point, to.point);
    if a.x == b.x || a.y == b.y {
        return Vec::new();
    }
    let device = |stop: &Stop| {
        let figure = scene.figure(&stop.figure)?;
        (figure.shape == Shape::Device).then_some(figure.frame)
    };
    match (device(from), device(to)) {
        (Some(_), Some(_)) => Vec::new(),
        (Some(frame), None) => outside_in(scene, frame, a, b),
        (None, Some(frame)) => {
            let mut corners = outside_in(scene, frame, b, a);
            corners.reverse();
            corners
        }
        (None, None) => vec![Point { x: a.x, y: b.y }],
    }
}

/// Corners from a machine outside at `a` to a point in the cluster.
fn outside_in(scene: &Scene, device: Rect, a: Point, b: Point) -> Vec<Point> {
    let cluster = scene.figure(&FigureId::cluster()).map(|figure| figure.frame).unwrap_or_default();
    let edge = cluster.x + EDGE;
    if device.y + device.height <= cluster.y {
        // In the strip above: first below it, then to the edge.
        let below = (device.y + device.height + cluster.y) / 2;
        let down = [Point { x: a.x, y: below }, Point { x: edge, y: below }];
        return down.into_iter().chain(along(edge, b)).collect();
    }
    std::iter::once(Point { x: edge, y: a.y }).chain(along(edge, b)).collect()
}

/// From the cluster's left edge along what is just above a point, and down to it.
fn along(edge: i32, to: Point) -> [Point; 2] {
    let above = to.y - ASIDE - 2;
    [Point { x: edge, y: above }, Point { x: to.x, y: above }]
}

/// Pixels from the cluster's left edge to the lane of what comes from outside.
const EDGE: i32 = 10;
