//! `kubectl set`. Models `pkg/cmd/set`.

mod image;
mod selector;

use super::super::command::{self, Running, Verb};
use super::absent;

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "set",
    usage: "set SUBCOMMAND",
    short: "Set specific features on objects",
    long: "Configure application resources.\n\n These commands help you make changes to existing application resources.",
    verbs: &[
        &absent::SET_ENV,
        &image::VERB,
        &absent::SET_RESOURCES,
        &selector::VERB,
        &absent::SET_ACCOUNT,
        &absent::SET_SUBJECT,
    ],
    run: Some(|call| -> Running<'_> { Box::pin(async { command::sub_command_run(call) }) }),
    ..Verb::EMPTY
};
