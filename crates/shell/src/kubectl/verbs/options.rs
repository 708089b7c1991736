//! `kubectl options`. Models `pkg/cmd/options`.

use super::super::command::{Running, Verb};
use super::super::{globals, help};

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "options",
    usage: "options",
    short: "Print the list of flags inherited by all commands",
    long: "Print the list of flags inherited by all commands",
    examples: "# Print flags inherited by all commands\nkubectl options",
    hidden: true,
    run: Some(|call| -> Running<'_> {
        Box::pin(async {
            call.sys.out.write(globals_help());
            Ok(())
        })
    }),
    ..Verb::EMPTY
};

/// Models `OptionsUsageTemplate`.
pub(super) fn globals_help() -> String {
    let flags = globals::FLAGS.iter().map(|flag| help::option(flag) + "\n\n").collect::<String>();
    format!("The following options can be passed to any command:\n\n{flags}")
}
