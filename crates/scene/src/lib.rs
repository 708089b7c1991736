//! The diagram as plain data: what exists, where it stands, what is connected to what, and the same in words.
//!
//! [`scene()`] looks at a cluster and returns a [`Scene`]; [`route()`] lays a trace over it. Nothing here knows the
//! DOM: a front end draws [`Shape`]s and never asks for a kind. What a kind looks like is one entry in
//! [`depictions::DEPICTIONS`].
//!
//! A Service is drawn as what it is: an address that every node's rules rewrite. Packets are never drawn at it.
//!
//! - [`figure`]: what a scene is made of
//! - [`look`]: what there is to see, before it has a place
//! - [`depictions`]: how each kind looks
//! - [`verdict`]: whether a Service leads anywhere, and why not
//! - [`layout`]: where figures stand; they stay there when others come and go
//! - [`links`]: the lines from Services to what is behind them
//! - [`twin`]: the scene as sentences
//! - [`mod@route`]: the way of one request over the scene, hop by hop
#![forbid(unsafe_code)]

pub mod depictions;
pub mod figure;
pub mod layout;
pub mod links;
pub mod look;
pub mod route;
pub mod twin;
pub mod verdict;
mod words;

pub use figure::{Chip, Figure, FigureId, Gate, GateState, Line, Link, Member, Point, Rect, Scene, Shape, Tone};
pub use layout::Places;
pub use look::{Grouping, Options};
pub use route::{Ending, Flights, Journey, Motion, Player, Route, Sign, Spot, Stop, route};
pub use twin::Sentence;

use cluster::Cluster;

/// Draws a cluster. `places` remembers where things stood and is brought up to date.
#[must_use]
pub fn scene(cluster: &Cluster, options: &Options, places: &mut Places) -> Scene {
    let look = look::Look::new(cluster, options);
    let drawn = depictions::draw(&look);
    let arranged = layout::arrange(&look, drawn, places);
    let links = links::between(&look, &arranged);
    let sentences = twin::sentences(&look, &arranged.figures);
    let (tone, summary) = twin::summary(&look);
    Scene { width: arranged.width, height: arranged.height, figures: arranged.figures, links, sentences, tone, summary }
}

/// The figures that have to do with some words: those whose object mentions them, and those that stand for several one of
/// which does. In the order of the picture.
#[must_use]
pub fn find(cluster: &Cluster, scene: &Scene, words: &str) -> Vec<FigureId> {
    let words = words.trim();
    if words.is_empty() {
        return Vec::new();
    }
    let mentioned = |key: &api::ObjectKey| cluster.store().get(key).is_some_and(|object| look::mentions(object, words));
    let meant = |figure: &&Figure| {
        figure.object.as_ref().is_some_and(mentioned) || figure.crowd.iter().any(|member| mentioned(&member.object))
    };
    scene.figures.iter().filter(meant).map(|figure| figure.id.clone()).collect()
}

#[cfg(test)]
mod tests;
