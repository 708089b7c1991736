//! The verbs: one file each.

mod apply;
mod common;
mod create;
mod creators;
mod delete;
mod get;
mod overrides;
mod pairs;
mod raw;
mod run;
mod version;
mod watch;

use super::command::Verb;

/// Every verb; add a line to add one. In the order in which kubectl suggests them.
pub static VERBS: &[&Verb] = &[&create::VERB, &run::VERB, &get::VERB, &delete::VERB, &apply::VERB, &version::VERB];
