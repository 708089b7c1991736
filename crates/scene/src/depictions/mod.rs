//! How each kind looks: one entry a kind. The front end draws shapes and never asks for a kind.

mod node;
mod pod;
pub(crate) mod service;

use std::sync::Arc;

use api::{Kind, Object, ObjectKey};

use crate::figure::{Figure, FigureId, Line, Rect, Shape, Tone};
use crate::look::Look;

/// Every kind that has figures; add a line to add one. Kinds without an entry are seen only through others.
pub static DEPICTIONS: &[&Depiction] = &[&node::DEPICTION, &pod::DEPICTION, &service::DEPICTION];

/// How the objects of a kind look.
pub struct Depiction {
    /// The kind.
    pub kind: &'static Kind,
    /// Where its figures belong.
    pub band: Band,
    /// Draws one object: everything but its identity and its place.
    pub draw: fn(&Look<'_>, &Object) -> Figure,
    /// The machine an object stands on, for [`Band::OnMachine`].
    pub machine: fn(&Object) -> Option<FigureId>,
}

/// Where figures belong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Band {
    /// Above the machines: what exists as rules only.
    FrontDoors,
    /// The machines.
    Machines,
    /// On a machine, or beside all of them while it has none.
    OnMachine,
    /// Outside of the cluster.
    Outside,
}

/// A figure that has no place yet.
#[derive(Clone, PartialEq, Debug)]
pub struct Drawing {
    /// Where it belongs.
    pub band: Band,
    /// What it stands on.
    pub machine: Option<FigureId>,
    /// The figure, its frame still empty.
    pub figure: Figure,
}

/// Draws everything in the picture.
#[must_use]
pub fn draw(look: &Look<'_>) -> Vec<Drawing> {
    let mut drawings = vec![laptop()];
    for depiction in DEPICTIONS {
        let objects = look.cluster.list(depiction.kind, None).filter(|object| look.shows(object));
        drawings.extend(objects.map(|object| drawing(look, depiction, object)));
    }
    drawings
}

fn drawing(look: &Look<'_>, depiction: &Depiction, object: &Arc<Object>) -> Drawing {
    let key = ObjectKey::of(depiction.kind, object);
    let mut figure = (depiction.draw)(look, object);
    figure.id = FigureId::of(&key);
    figure.object = Some(key);
    Drawing { band: depiction.band, machine: (depiction.machine)(object), figure }
}

/// The learner's own machine, where kubectl runs.
fn laptop() -> Drawing {
    let figure = Figure {
        id: FigureId::laptop(),
        lines: vec![Line::words(Tone::Plain, "runs kubectl")],
        words: "Your laptop, outside of the cluster: kubectl runs here".to_owned(),
        ..blank(Shape::Device, "Your laptop")
    };
    Drawing { band: Band::Outside, machine: None, figure }
}

/// A figure with a shape and a title only.
pub(crate) fn blank(shape: Shape, title: &str) -> Figure {
    Figure {
        id: FigureId::cluster(),
        object: None,
        shape,
        frame: Rect::default(),
        title: title.to_owned(),
        badge: String::new(),
        tone: Tone::Plain,
        lines: Vec::new(),
        words: title.to_owned(),
    }
}
