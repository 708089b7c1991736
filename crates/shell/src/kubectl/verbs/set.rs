//! `kubectl set`. Models `pkg/cmd/set`.

mod image;
mod selector;

use super::super::command::{self, Running, Verb};

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "set",
    usage: "set SUBCOMMAND",
    short: "Set specific features on objects",
    long: "Configure application resources.\n\n These commands help you make changes to existing application resources.",
    verbs: &[&image::VERB, &selector::VERB],
    run: Some(|call| -> Running<'_> { Box::pin(async { command::sub_command_run(call) }) }),
    ..Verb::EMPTY
};
