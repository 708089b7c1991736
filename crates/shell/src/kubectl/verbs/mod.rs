//! The verbs: one file each.

mod apply;
mod common;
mod create;
mod creators;
mod delete;
mod describe;
mod expose;
mod get;
mod marks;
mod overrides;
mod pairs;
mod patch;
mod raw;
mod replace;
mod run;
mod scale;
mod set;
mod version;
mod watch;

use super::command::Verb;

/// Every verb; add a line to add one. In the order in which kubectl suggests them.
pub static VERBS: &[&Verb] = &[
    &create::VERB,
    &expose::VERB,
    &run::VERB,
    &set::VERB,
    &get::VERB,
    &delete::VERB,
    &scale::VERB,
    &describe::VERB,
    &apply::VERB,
    &patch::VERB,
    &replace::VERB,
    &marks::LABEL_VERB,
    &marks::ANNOTATE_VERB,
    &version::VERB,
];
