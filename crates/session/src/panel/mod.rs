//! What the pane beside the terminal shows when no request is looked at: an object, who reaches what, or the cluster's
//! own make.
//!
//! - [`inspect`]: one object, what it is tied to, and what can be made to go wrong with it
//! - [`matrix`]: vantage points against addresses
//! - [`lab`]: what the cluster is made of

pub mod inspect;
pub mod lab;
pub mod matrix;

use api::ObjectKey;

pub use inspect::{Inspection, Switch, Tie};
pub use lab::{Lab, LabChange};
pub use matrix::{Cell, Matrix};

/// Which of them is open.
#[derive(Clone, PartialEq, Debug)]
pub enum Panel {
    /// An object.
    Object(ObjectKey),
    /// Who reaches what.
    Matrix,
    /// What the cluster is made of.
    Lab,
}
