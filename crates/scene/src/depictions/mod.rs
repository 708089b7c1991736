//! How each kind looks: one entry a kind. The front end draws shapes and never asks for a kind.

mod crowd;
mod gates;
pub(crate) mod http_route;
pub(crate) mod ingress;
mod node;
mod outside;
mod pod;
mod service;

use std::sync::Arc;

use api::{Kind, Object, ObjectKey};

use crate::figure::{Figure, FigureId, Rect, Shape, Tone};
use crate::look::Look;

/// Every kind that has figures; add a line to add one. Kinds without an entry are seen only through others.
pub static DEPICTIONS: &[&Depiction] =
    &[&http_route::DEPICTION, &ingress::DEPICTION, &node::DEPICTION, &pod::DEPICTION, &service::DEPICTION];

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
    /// Above everything: rules that a proxy in a pod reads.
    Entrances,
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
    let mut drawings = outside::draw(look);
    let groups = crowd::groups(look);
    for depiction in DEPICTIONS {
        let objects = look.cluster.list(depiction.kind, None).filter(|object| look.shows(object));
        match &groups {
            Some(groups) if *depiction.kind == api::pod::KIND => {
                drawings.extend(groups.iter().map(|group| match group.pods.as_slice() {
                    [one] => drawing(look, depiction, one),
                    _ => crowd::draw(look, group),
                }));
            }
            _ => drawings.extend(objects.map(|object| drawing(look, depiction, object))),
        }
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
        crowd: Vec::new(),
        gates: Vec::new(),
        ports: 0,
        words: title.to_owned(),
    }
}
