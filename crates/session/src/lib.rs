//! The playground as one value: a [`Model`], messages that change it, and the effects that follow.
//!
//! A front end sends a [`Msg`] to [`update`] and carries out the [`Effect`]s that come back; it shows the model's views,
//! which are plain data in the viewer's words. Nothing here knows the DOM, a clock or a store: time comes in with
//! [`Msg::Tick`], and what is to be kept goes out with [`Effect::Store`].
//!
//! - [`model`]: what there is
//! - [`panel`]: an object, who reaches what, and the cluster's make, beside the terminal
//! - [`update`](mod@update): what happens to it
//! - [`editor`]: from the learner's text to the cluster, and what is wrong with it
//! - [`embed`]: the playground inside another page
//! - [`files`]: the learner's files as tabs
//! - [`gallery`]: small clusters to begin with
//! - [`ask`]: requests that are chosen rather than typed
//! - [`time`]: the pace of time, what happened in it, and looking back
//! - [`course`]: lessons and exercises on this cluster
//! - [`console`]: the terminal's output as lines
//! - [`home`]: the scene as a script for a real cluster
//! - [`line`]: the keys of its command line
//! - [`bring`]: a real cluster's objects, as manifests for this one
//! - [`saved`]: the text that brings a visit back
//! - [`share`]: a scene to give away
#![forbid(unsafe_code)]

pub mod ask;
pub mod bring;
pub mod console;
pub mod course;
pub mod editor;
pub mod embed;
pub mod files;
pub mod gallery;
pub mod home;
pub mod line;
pub mod model;
pub mod panel;
pub mod saved;
pub mod share;
mod start;
pub mod time;
pub mod update;
mod views;

pub use ::course::{Kind as LessonKind, Station, markdown};
pub use console::{Console, ConsoleLine, Piece};
pub use course::{Course, CourseMsg, CoursePage};
pub use editor::{Choice, Completions, Diagnostic, FieldName, Hover, QuickFix, Severity, TextChange};
pub use files::{Aside, FileTab, FilesMsg};
pub use gallery::{Card, GalleryMsg};
pub use model::{Completed, Editing, Model, StatusLine};
pub use panel::Panel;
pub use scene;
pub use start::Starting;
pub use update::{Effect, Msg, update};

#[cfg(test)]
mod tests;
