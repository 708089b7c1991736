//! `kubectl set`. Models `pkg/cmd/set`.

mod account;
mod env;
mod image;
mod resources;
pub(super) mod selector;
mod subject;
mod update;

use super::super::command::{self, Running, Verb};

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "set",
    usage: "set SUBCOMMAND",
    short: "Set specific features on objects",
    long: "Configure application resources.\n\n These commands help you make changes to existing application resources.",
    verbs: &[&env::VERB, &image::VERB, &resources::VERB, &selector::VERB, &account::VERB, &subject::VERB],
    run: Some(|call| -> Running<'_> { Box::pin(async { command::sub_command_run(call) }) }),
    ..Verb::EMPTY
};
