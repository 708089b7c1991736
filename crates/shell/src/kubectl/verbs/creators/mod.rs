//! The verbs below `kubectl create`.

mod service;

use super::super::command::Verb;

/// Every creator; add a line to add one.
pub(super) static ALL: &[&Verb] = &[&service::VERB];
