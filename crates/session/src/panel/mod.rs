//! What the pane beside the terminal shows when no request is looked at: an object, who reaches what, or the cluster's
//! own make.
//!
//! - [`inspect`]: one object, what it is tied to, and what can be made to go wrong with it
//! - [`story`]: how an object came to be, and what was said of it
//! - [`rules`]: what a node's kube-proxy wrote into the kernel
//! - [`matrix`]: vantage points against addresses
//! - [`lab`]: what the cluster is made of
//! - [`walk`]: the way from a Service to what is wrong with it

pub mod inspect;
pub mod lab;
pub mod matrix;
pub mod rules;
pub mod story;
pub mod walk;

use api::ObjectKey;
use scene::FigureId;

pub use inspect::{Inspection, Switch, Tie};
pub use lab::{Lab, LabChange};
pub use matrix::{Cell, Matrix};
pub use rules::{RuleLine, Rules};
pub use story::{Chapter, Said};
pub use walk::{Walk, WalkMsg};

/// Which of them is open.
#[derive(Clone, PartialEq, Debug)]
pub enum Panel {
    /// An object.
    Object(ObjectKey),
    /// Those that one figure stands for.
    Several(FigureId),
    /// Who reaches what.
    Matrix,
    /// What the cluster is made of.
    Lab,
    /// The way from a Service to what is wrong with it.
    Walk,
}
