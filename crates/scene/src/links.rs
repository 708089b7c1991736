//! The lines from a Service's ports to what is behind them: down from the Service, along its lane, down the gutter of
//! the target's column, and in from the left.

use api::service::ServicePort;
use api::{Object, ObjectKey};
use cluster::explain::{self, Backend};

use crate::depictions::service::port_words;
use crate::figure::{Figure, FigureId, Link, Point, Shape, Tone};
use crate::layout::{Arranged, EXIT, GUTTER, LANE};
use crate::look::{Look, display_name};
use crate::verdict;

/// How far a line that leads nowhere goes.
const STUB: i32 = 28;
/// Pixels between a column's left side and the text of a pod on it.
const INSET: i32 = 12;

/// Every line of the scene.
pub(crate) fn between(look: &Look<'_>, arranged: &Arranged) -> Vec<Link> {
    let doors = arranged.figures.iter().filter(|figure| figure.shape == Shape::FrontDoor);
    doors
        .filter_map(|door| {
            let key = door.object.as_ref()?;
            Some((door, key, look.cluster.store().get(key)?))
        })
        .flat_map(|(door, key, service)| of_service(look, arranged, door, key, service))
        .collect()
}

fn of_service(look: &Look<'_>, arranged: &Arranged, door: &Figure, key: &ObjectKey, service: &Object) -> Vec<Link> {
    let ports = api::service::ports(service);
    let slot = arranged.slots.get(&door.id).copied().unwrap_or_default();
    let count = i32::try_from(ports.len()).unwrap_or(1);
    let mut links = Vec::new();
    for (port, index) in ports.iter().zip(1..) {
        let start =
            Point { x: door.frame.x + door.frame.width * index / (count + 1), y: door.frame.y + door.frame.height };
        let backends = explain::backends(look.cluster, service, port);
        let way = Way { door, key, service, port, start, slot, columns: arranged.columns };
        if backends.is_empty() {
            links.push(way.nowhere(verdict::of_service(look, service)));
        }
        for (backend, nth) in backends.iter().zip(0..) {
            let id = verdict::figure_of(look, backend);
            let target = arranged.figures.iter().find(|figure| figure.id == id);
            links.push(way.to(backend, target, nth == 0));
        }
    }
    links
}

/// Where the lines of one port begin.
struct Way<'a> {
    door: &'a Figure,
    key: &'a ObjectKey,
    service: &'a Object,
    port: &'a ServicePort,
    start: Point,
    slot: usize,
    columns: usize,
}

impl Way<'_> {
    fn label_at(&self) -> Point {
        Point { x: self.start.x, y: self.start.y + EXIT / 2 - 2 }
    }

    fn nowhere(&self, (tone, why): (Tone, String)) -> Link {
        let end = Point { x: self.start.x, y: self.start.y + STUB };
        Link {
            id: format!("{:?}:{}:nowhere", self.key, self.port.port),
            from: self.door.id.clone(),
            to: None,
            points: vec![self.start, end],
            label: port_words(self.port),
            label_at: Some(self.label_at()),
            tone,
            words: format!("Service {} port {} leads nowhere: {why}", display_name(self.service), self.port.port),
        }
    }

    fn to(&self, backend: &Backend, target: Option<&Figure>, first: bool) -> Link {
        let whom = backend.pod.as_ref().map_or(backend.ip.as_str(), |pod| &pod.name);
        Link {
            id: format!(
                "{:?}:{}:{}",
                self.key,
                self.port.port,
                backend.pod.as_ref().map_or(backend.ip.as_str(), |p| &p.name)
            ),
            from: self.door.id.clone(),
            to: target.map(|figure| figure.id.clone()),
            points: target.map_or_else(
                || vec![self.start, Point { y: self.start.y + STUB, ..self.start }],
                |figure| self.corners(figure),
            ),
            label: port_words(self.port),
            label_at: first.then(|| self.label_at()),
            tone: verdict::tone(backend.state),
            words: format!(
                "Service {} port {} to {whom} port {}: {}",
                display_name(self.service),
                self.port.port,
                backend.port,
                backend.state.words()
            ),
        }
    }

    fn corners(&self, target: &Figure) -> Vec<Point> {
        let lane = |most: usize| i32::try_from(self.slot % most).unwrap_or_default();
        let column = target.frame.x - if target.shape == Shape::Process { INSET } else { 0 };
        let y = self.start.y + EXIT + lane(self.columns) * LANE;
        let x = column - GUTTER / 3 - lane(3) * (LANE - 1);
        let end = Point { x: target.frame.x, y: target.frame.y + 34 + lane(5) * (LANE + 4) };
        vec![self.start, Point { x: self.start.x, y }, Point { x, y }, Point { x, y: end.y }, end]
    }
}

/// A link's two ends by identity, for those who light up what belongs together.
#[must_use]
pub fn touches(link: &Link, id: &FigureId) -> bool {
    link.from == *id || link.to.as_ref() == Some(id)
}
