//! `kubectl set`. Models `pkg/cmd/set`.

mod account;
mod env;
mod image;
mod resources;
mod selector;
mod update;

use super::super::command::{self, Running, Verb};
use super::absent;

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "set",
    usage: "set SUBCOMMAND",
    short: "Set specific features on objects",
    long: "Configure application resources.\n\n These commands help you make changes to existing application resources.",
    verbs: &[&env::VERB, &image::VERB, &resources::VERB, &selector::VERB, &account::VERB, &absent::SET_SUBJECT],
    run: Some(|call| -> Running<'_> { Box::pin(async { command::sub_command_run(call) }) }),
    ..Verb::EMPTY
};
