//! Verbs of kubectl that this playground knows and does not simulate: they answer as themselves.

use super::super::command::Verb;

/// A verb that says that it is not simulated.
pub(super) const fn absent(name: &'static str, short: &'static str) -> Verb {
    Verb { name, short, long: short, simulated: false, ..Verb::EMPTY }
}

pub(super) static KUSTOMIZE: Verb = absent("kustomize", "Build a kustomization target from a directory or URL");
pub(super) static COMPLETION: Verb =
    absent("completion", "Output shell completion code for the specified shell (bash, zsh, fish, or powershell)");

/// `set subject`
pub(super) static SET_SUBJECT: Verb =
    absent("subject", "Update the user, group, or service account in a role binding or cluster role binding");
