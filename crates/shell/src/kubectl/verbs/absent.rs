//! Verbs of kubectl that this playground knows and does not simulate: they answer as themselves.

use super::super::command::Verb;

/// A verb that says that it is not simulated.
const fn absent(name: &'static str, short: &'static str) -> Verb {
    Verb { name, short, long: short, simulated: false, ..Verb::EMPTY }
}

pub(super) static CERTIFICATE: Verb = absent("certificate", "Modify certificate resources");
pub(super) static TOP: Verb = absent("top", "Display resource (CPU/memory) usage");
pub(super) static PORT_FORWARD: Verb = absent("port-forward", "Forward one or more local ports to a pod");
pub(super) static PROXY: Verb = absent("proxy", "Run a proxy to the Kubernetes API server");
pub(super) static CP: Verb = absent("cp", "Copy files and directories to and from containers");
pub(super) static AUTH: Verb = absent("auth", "Inspect authorization");
pub(super) static DEBUG: Verb = absent("debug", "Create debugging sessions for troubleshooting workloads and nodes");
pub(super) static KUSTOMIZE: Verb = absent("kustomize", "Build a kustomization target from a directory or URL");
pub(super) static COMPLETION: Verb =
    absent("completion", "Output shell completion code for the specified shell (bash, zsh, fish, or powershell)");
pub(super) static PLUGIN: Verb = absent("plugin", "Provides utilities for interacting with plugins");

/// `cluster-info dump`
pub(super) static CLUSTER_INFO_DUMP: Verb = absent("dump", "Dump relevant information for debugging and diagnosis");

/// `set env` and its neighbours.
pub(super) static SET_ENV: Verb = absent("env", "Update environment variables on a pod template");
pub(super) static SET_RESOURCES: Verb =
    absent("resources", "Update resource requests/limits on objects with pod templates");
pub(super) static SET_ACCOUNT: Verb = absent("serviceaccount", "Update the service account of a resource");
pub(super) static SET_SUBJECT: Verb =
    absent("subject", "Update the user, group, or service account in a role binding or cluster role binding");
