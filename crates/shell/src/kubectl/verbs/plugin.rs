//! `kubectl plugin`. Models `pkg/cmd/plugin`: nobody has put a plugin on this machine.

use super::super::command::{self, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;

const EXAMPLES: &str = "# List all available plugins\nkubectl plugin list\n\n# List only binary names of available plugins without paths\nkubectl plugin list --name-only";

static LIST_FLAGS: &[Flag] = &[Flag::bool(
    "name-only",
    "false",
    "If true, display only the binary name of each plugin, rather than its full path",
)];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "plugin",
    usage: "plugin [flags]",
    short: "Provides utilities for interacting with plugins",
    long: "Provides utilities for interacting with plugins.\n\n Plugins provide extended functionality that is not part of the major command-line distribution. Please refer to the documentation and examples for more information about how write your own plugins.\n\n The easiest way to discover and install plugins is via the kubernetes sub-project krew: [krew.sigs.k8s.io]. To install krew, visit https://krew.sigs.k8s.io/docs/user-guide/setup/install",
    examples: EXAMPLES,
    verbs: &[&LIST],
    run: Some(|call| -> Running<'_> { Box::pin(async { command::sub_command_run(call) }) }),
    ..Verb::EMPTY
};

static LIST: Verb = Verb {
    name: "list",
    usage: "list [flags]",
    short: "List all visible plugin executables on a user's PATH",
    long: "List all available plugin files on a user's PATH. To see plugins binary names without the full path use --name-only flag.\n\n Available plugin files are those that are: - executable - anywhere on the user's PATH - begin with \"kubectl-\"",
    examples: EXAMPLES,
    flags: &[LIST_FLAGS],
    run: Some(|_| -> Running<'_> { Box::pin(async { list() }) }),
    ..Verb::EMPTY
};

fn list() -> Outcome {
    Err(Failure::text("error: unable to find any kubectl plugins in your PATH"))
}
