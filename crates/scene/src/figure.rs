//! What a scene is made of. Every public value is plain data in the words of the viewer.

use std::sync::Arc;

use api::ObjectKey;

use crate::Sentence;

/// A whole diagram. Lengths are CSS pixels; the origin is the upper left corner.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Scene {
    /// How wide it is: at most the width that was asked for, unless that was too narrow for anything.
    pub width: i32,
    /// How high it is.
    pub height: i32,
    /// Boxes, those behind before those in front.
    pub figures: Vec<Figure>,
    /// Lines between boxes.
    pub links: Vec<Link>,
    /// Everything above in sentences.
    pub sentences: Vec<Sentence>,
    /// How things stand, all in all.
    pub tone: Tone,
    /// What is wrong, or that nothing is, in one line: for a live region.
    pub summary: String,
}

impl Scene {
    /// The figure of this identity.
    #[must_use]
    pub fn figure(&self, id: &FigureId) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.id == *id)
    }

    /// The figure that stands for several, the object of this identity among them.
    #[must_use]
    pub fn crowd_of(&self, id: &FigureId) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.crowd.iter().any(|member| FigureId::of(&member.object) == *id))
    }
}

/// The lasting identity of a figure: the object's kind, namespace and name, or a word for what is no object.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FigureId(pub Arc<str>);

impl FigureId {
    /// The learner's own machine.
    #[must_use]
    pub fn laptop() -> Self {
        Self("laptop".into())
    }

    /// Everything that is not the cluster.
    #[must_use]
    pub fn outside() -> Self {
        Self("outside".into())
    }

    /// The load balancer of a Service.
    #[must_use]
    pub fn load_balancer(service: &ObjectKey) -> Self {
        Self(format!("load balancer of {service:?}").into())
    }

    /// The frame around all nodes.
    #[must_use]
    pub fn cluster() -> Self {
        Self("cluster".into())
    }

    /// The figure of an object.
    #[must_use]
    pub fn of(key: &ObjectKey) -> Self {
        Self(format!("{key:?}").into())
    }
}

/// One box.
#[derive(Clone, PartialEq, Debug)]
pub struct Figure {
    /// Who it is, from scene to scene.
    pub id: FigureId,
    /// The object it stands for, if it stands for one.
    pub object: Option<ObjectKey>,
    /// How to draw it.
    pub shape: Shape,
    /// Where it stands.
    pub frame: Rect,
    /// Its name.
    pub title: String,
    /// A word beside the name, such as a phase; its tone is the figure's.
    pub badge: String,
    /// What state it is in.
    pub tone: Tone,
    /// What stands in it, one below the other.
    pub lines: Vec<Line>,
    /// The objects that it stands for, if they are several.
    pub crowd: Vec<Member>,
    /// What guards it.
    pub gates: Vec<Gate>,
    /// How many ports it has that lines start at.
    pub ports: usize,
    /// What a screen reader says of it.
    pub words: String,
}

/// One of several objects that one figure stands for.
#[derive(Clone, PartialEq, Debug)]
pub struct Member {
    /// The object.
    pub object: ObjectKey,
    /// What state it is in.
    pub tone: Tone,
}

/// NetworkPolicies that stand before a pod, or behind it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gate {
    /// Whether they judge what comes in; otherwise what goes out.
    pub inward: bool,
    /// How far it is open.
    pub state: GateState,
    /// What a screen reader says of it.
    pub words: String,
}

/// How far a gate is open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GateState {
    /// Some may pass.
    Some,
    /// Nobody may pass.
    Closed,
    /// The network plugin does not look at it.
    Ignored,
}

/// The shapes a front end can draw.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Shape {
    /// A frame around others, with a heading.
    Area,
    /// A machine of the cluster: a frame with a heading, others stand in it.
    Machine,
    /// A machine outside of the cluster.
    Device,
    /// Something that runs on a machine.
    Process,
    /// Several processes of a kind, drawn as one with a dot for each.
    Crowd,
    /// An address that exists only as rules on every node: no place.
    FrontDoor,
}

/// What state something is in. Never shown by colour alone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Tone {
    /// Nothing to say.
    #[default]
    Plain,
    /// As it should be.
    Good,
    /// On its way, or not ready.
    Waiting,
    /// On its way out.
    Leaving,
    /// Broken, or leading nowhere.
    Bad,
}

/// One line of a figure.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Line {
    /// Its text; may be empty when there are chips.
    pub text: String,
    /// What state it tells of.
    pub tone: Tone,
    /// Labels and the like, drawn as small tags after the text.
    pub chips: Vec<Chip>,
    /// Whether it is a value of the machine's (an address, a name) rather than words.
    pub code: bool,
}

impl Line {
    /// A line of words.
    #[must_use]
    pub fn words(tone: Tone, text: impl Into<String>) -> Self {
        Self { text: text.into(), tone, ..Self::default() }
    }

    /// A line of the machine's values.
    #[must_use]
    pub fn code(text: impl Into<String>) -> Self {
        Self { text: text.into(), code: true, ..Self::default() }
    }
}

/// A small tag.
#[derive(Clone, PartialEq, Debug)]
pub struct Chip {
    /// Its text, such as `app=web`.
    pub text: String,
    /// `Good` when it meets its counterpart, `Bad` when it misses it.
    pub tone: Tone,
}

/// A line from a Service's port to what is behind it.
#[derive(Clone, PartialEq, Debug)]
pub struct Link {
    /// Who it is, from scene to scene.
    pub id: String,
    /// Where it begins.
    pub from: FigureId,
    /// Where it ends; `None` when it leads nowhere.
    pub to: Option<FigureId>,
    /// The corners of its way.
    pub points: Vec<Point>,
    /// `80 → 8080`.
    pub label: String,
    /// Where the label's middle is; `None` when a neighbour already carries the same one.
    pub label_at: Option<Point>,
    /// What state it is in.
    pub tone: Tone,
    /// What a screen reader says of it.
    pub words: String,
}

/// A point.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Point {
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
}

/// A rectangle.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Rect {
    /// Its left side.
    pub x: i32,
    /// Its upper side.
    pub y: i32,
    /// How wide it is.
    pub width: i32,
    /// How high it is.
    pub height: i32,
}

impl Rect {
    /// The middle.
    #[must_use]
    pub fn center(&self) -> Point {
        Point { x: self.x + self.width / 2, y: self.y + self.height / 2 }
    }
}
