//! The lines from a Service's ports to what is behind them, and from an Ingress to its Services: down from the box, along
//! its lane, down the gutter of the target's column, and in from the left.

use std::collections::BTreeMap;

use api::service::{ServicePort, TargetPort};
use api::{Object, ObjectKey};
use cluster::explain::{Backend, State};

use crate::depictions::http_route;
use crate::depictions::ingress::{self, Route};
use crate::figure::{Figure, FigureId, Link, Point, Shape, Tone};
use crate::layout::{Arranged, EXIT, GUTTER, LANE, Mode, PORT};
use crate::look::{Look, display_name};
use crate::verdict;

/// How far a line that leads nowhere goes.
const STUB: i32 = 28;
/// Pixels between a column's left side and the text of a pod on it.
const INSET: i32 = 12;

/// Every line of the scene.
pub(crate) fn between(look: &Look<'_>, arranged: &Arranged) -> Vec<Link> {
    let mut at: BTreeMap<FigureId, &Figure> = BTreeMap::new();
    for figure in &arranged.figures {
        at.insert(figure.id.clone(), figure);
        at.extend(figure.crowd.iter().map(|member| (FigureId::of(&member.object), figure)));
    }
    let doors = arranged.figures.iter().filter(|figure| figure.shape == Shape::FrontDoor);
    let mut links = Vec::new();
    for door in doors {
        let Some((key, object)) = door.object.as_ref().and_then(|key| Some((key, look.cluster.store().get(key)?)))
        else {
            continue;
        };
        let slot = arranged.slots.get(&door.id).copied().unwrap_or_default();
        let start = Point { x: door.frame.x + door.frame.width / 2, y: door.frame.y + door.frame.height };
        let (mode, machines_top) = (arranged.mode, arranged.machines_top);
        let lane = Lane { start, slot, columns: arranged.columns, mode, machines_top };
        if *key.kind == api::ingress::KIND {
            links.extend(of_rules(&ingress::routes(object), door, lane, &at));
        } else if *key.kind == api::http_route::KIND {
            links.extend(of_rules(&http_route::routes(object), door, lane, &at));
        } else {
            links.extend(of_service(look, object, door, key, lane, &at));
        }
    }
    links
}

fn of_rules(routes: &[Route], door: &Figure, lane: Lane, at: &BTreeMap<FigureId, &Figure>) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    for route in routes {
        let target = at.get(&route.service).copied();
        let id = format!("{}:{}", door.id.0, route.service.0);
        if let Some(link) = links.iter_mut().find(|link| link.id == id) {
            link.words = format!("{}, {}", link.words, route.words);
            continue;
        }
        links.push(Link {
            id,
            from: door.id.clone(),
            to: target.map(|figure| figure.id.clone()),
            points: target.map_or_else(|| lane.stub(), |figure| lane.corners(figure)),
            label: String::new(),
            label_at: None,
            tone: if target.is_some() { door.tone } else { Tone::Bad },
            words: format!("{}: {}", door.title, route.words),
        });
    }
    links
}

fn of_service(
    look: &Look<'_>,
    service: &Object,
    door: &Figure,
    key: &ObjectKey,
    lane: Lane,
    at: &BTreeMap<FigureId, &Figure>,
) -> Vec<Link> {
    let ports = api::service::ports(service);
    let count = i32::try_from(ports.len()).unwrap_or(1);
    let mut links = Vec::new();
    for (port, index) in ports.iter().zip(1..) {
        let start = match lane.mode {
            Mode::Above => Point { x: door.frame.x + door.frame.width * index / (count + 1), ..lane.start },
            Mode::Beside => Point {
                x: door.frame.x + door.frame.width,
                y: door.frame.y + door.frame.height - PORT * (count - index) - PORT / 2 - 4,
            },
        };
        let way = Way { look, door, key, service, port, lane: Lane { start, ..lane } };
        let backends = look.backends(service, port);
        if backends.is_empty() {
            links.push(way.nowhere(verdict::of_service(look, service)));
        }
        // One line to each figure, however many of the endpoints stand in it.
        let mut ends: Vec<(FigureId, Vec<&Backend>)> = Vec::new();
        for backend in &backends {
            let own = verdict::figure_of(look, backend);
            let id = at.get(&own).map_or(own, |figure| figure.id.clone());
            match ends.iter_mut().find(|(known, _)| *known == id) {
                Some((_, behind)) => behind.push(backend),
                None => ends.push((id, vec![backend])),
            }
        }
        for ((id, behind), nth) in ends.iter().zip(0..) {
            links.push(way.to(behind, at.get(id).copied(), nth == 0));
        }
    }
    links
}

/// Where lines begin, and which lane is theirs.
#[derive(Clone, Copy)]
struct Lane {
    start: Point,
    slot: usize,
    columns: usize,
    mode: Mode,
    /// Where the machines begin.
    machines_top: i32,
}

impl Lane {
    /// The middle of a label of so many characters: on the line, or where the line leaves the column of Services.
    fn label_at(self, label: &str) -> Point {
        match self.mode {
            Mode::Above => Point { x: self.start.x, y: self.start.y + EXIT / 2 - 2 },
            Mode::Beside => Point { x: self.start.x - label_width(label) / 2 - INSET, ..self.start },
        }
    }

    fn stub(self) -> Vec<Point> {
        let end = match self.mode {
            Mode::Above => Point { y: self.start.y + STUB, ..self.start },
            Mode::Beside => Point { x: self.start.x + STUB / 2, ..self.start },
        };
        vec![self.start, end]
    }

    fn lane(self, most: usize) -> i32 {
        i32::try_from(self.slot % most).unwrap_or_default()
    }

    fn corners(self, target: &Figure) -> Vec<Point> {
        let column = target.frame.x - if matches!(target.shape, Shape::Process | Shape::Crowd) { INSET } else { 0 };
        let gutter = column - GUTTER / 3 - self.lane(3) * (LANE - 1);
        let end = Point { x: target.frame.x, y: target.frame.y + 34 + self.lane(5) * (LANE + 4) };
        let start = self.start;
        if self.mode == Mode::Above {
            let y = start.y + EXIT + self.lane(self.columns) * LANE;
            return vec![start, Point { x: start.x, y }, Point { x: gutter, y }, Point { x: gutter, y: end.y }, end];
        }
        if target.shape == Shape::FrontDoor {
            // From one box of the column to another: down on its left.
            let (x, from) = (target.frame.x - LANE, Point { x: target.frame.x, y: start.y - 2 * INSET });
            return vec![from, Point { x, y: from.y }, Point { x, y: end.y }, end];
        }
        // Up to the lane above the machines, and along it to the target's column; to the first column there is no need.
        let x = start.x + LANE + self.lane(6) * LANE;
        let bus = self.machines_top - LANE - 2 - self.lane(4) * 6;
        let near = gutter - x < 2 * GUTTER + 6 * LANE;
        if near {
            return vec![start, Point { x, y: start.y }, Point { x, y: end.y }, end];
        }
        vec![
            start,
            Point { x, y: start.y },
            Point { x, y: bus },
            Point { x: gutter, y: bus },
            Point { x: gutter, y: end.y },
            end,
        ]
    }
}

/// How wide a label is to be drawn, in CSS pixels.
#[must_use]
pub fn label_width(label: &str) -> i32 {
    i32::try_from(label.chars().count()).unwrap_or_default() * 7 + 14
}

/// The lines of one port.
struct Way<'a> {
    look: &'a Look<'a>,
    door: &'a Figure,
    key: &'a ObjectKey,
    service: &'a Object,
    port: &'a ServicePort,
    lane: Lane,
}

impl Way<'_> {
    fn nowhere(&self, (tone, why): (Tone, String)) -> Link {
        let label = self.label(None);
        Link {
            id: format!("{:?}:{}:nowhere", self.key, self.port.port),
            from: self.door.id.clone(),
            to: None,
            points: self.lane.stub(),
            label_at: Some(self.lane.label_at(&label)),
            label,
            tone,
            words: format!("Service {} port {} leads nowhere: {why}", display_name(self.service), self.port.port),
        }
    }

    fn to(&self, behind: &[&Backend], target: Option<&Figure>, first: bool) -> Link {
        let one = behind.first();
        let whom =
            |backend: &Backend| backend.pod.as_ref().map_or_else(|| backend.ip.clone(), |pod| pod.name.to_string());
        let (id, words) = match (behind, target) {
            ([backend], _) => {
                let declared = self.declared(backend);
                let words = format!("{} port {}: {}{declared}", whom(backend), backend.port, backend.state.words());
                (whom(backend), words)
            }
            (many, Some(figure)) => {
                let ready = many.iter().filter(|backend| backend.state == State::Ready).count();
                (
                    figure.id.0.to_string(),
                    format!("{} of {}: {ready} of {} ready", many.len(), figure.title, many.len()),
                )
            }
            (many, None) => (String::new(), format!("{} addresses outside of the picture", many.len())),
        };
        // Some that take traffic are enough for a line; what the others are, the figure shows.
        let state = behind.iter().map(|backend| backend.state).min_by_key(|state| *state != State::Ready);
        let tones = behind.iter().map(|backend| verdict::tone(backend.state));
        let tone = match state {
            Some(State::Ready) if behind.iter().all(|backend| backend.state != State::Deaf) => Tone::Good,
            _ => tones.max().unwrap_or_default(),
        };
        let label = self.label(one.copied());
        Link {
            id: format!("{:?}:{}:{id}", self.key, self.port.port),
            from: self.door.id.clone(),
            to: target.map(|figure| figure.id.clone()),
            points: target.map_or_else(|| self.lane.stub(), |figure| self.lane.corners(figure)),
            label_at: first.then(|| self.lane.label_at(&label)),
            label,
            tone,
            words: format!("Service {} port {} to {words}", display_name(self.service), self.port.port),
        }
    }

    /// `80 → 8080`; `80 → http → 8080` where the target is a name; with the port on every node where there is one.
    fn label(&self, backend: Option<&Backend>) -> String {
        let ServicePort { port, node_port, target_port, .. } = self.port;
        let target = match (target_port, backend) {
            (TargetPort::Number(number), _) => number.to_string(),
            (TargetPort::Name(name), Some(backend)) => format!("{name} → {}", backend.port),
            (TargetPort::Name(name), None) => name.clone(),
        };
        match node_port {
            0 => format!("{port} → {target}"),
            node_port => format!("{node_port} on nodes, {port} → {target}"),
        }
    }

    /// Whether the pod's container declares the port: it need not.
    fn declared(&self, backend: &Backend) -> &'static str {
        let Some(pod) = backend.pod.as_ref().and_then(|key| self.look.cluster.store().get(key)) else { return "" };
        let containers = pod.list(&["spec", "containers"]).iter();
        let mut ports = containers
            .flat_map(|container| container.get("ports").and_then(api::Value::as_array).into_iter().flatten());
        let port = u64::from(backend.port);
        if ports.any(|declared| declared.get("containerPort").and_then(api::Value::as_u64) == Some(port)) {
            ", declared as containerPort"
        } else {
            ", not declared as containerPort"
        }
    }
}
