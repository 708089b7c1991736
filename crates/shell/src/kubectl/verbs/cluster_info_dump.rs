//! `kubectl cluster-info dump`: what it is, not what it does.

use super::super::command::Verb;
use super::super::flags::Flag;
use super::common;

/// The verb below `cluster-info`.
pub(super) static DUMP: Verb = Verb {
    name: "dump",
    usage: "dump [flags]",
    short: "Dump relevant information for debugging and diagnosis",
    long: "Dump cluster information out suitable for debugging and diagnosing cluster problems.  By default, dumps everything to stdout. You can optionally specify a directory with --output-directory.  If you specify a directory, Kubernetes will build a set of files in that directory.  By default, only dumps things in the current namespace and 'kube-system' namespace, but you can switch to a different namespace with the --namespaces flag, or specify --all-namespaces to dump all namespaces.\n\n The command also dumps the logs of all of the pods in the cluster; these logs are dumped into different directories based on namespace and pod name.",
    examples: "# Dump current cluster state to stdout\nkubectl cluster-info dump\n\n# Dump current cluster state to /path/to/cluster-state\nkubectl cluster-info dump --output-directory=/path/to/cluster-state\n\n# Dump all namespaces to stdout\nkubectl cluster-info dump --all-namespaces\n\n# Dump a set of namespaces to /path/to/cluster-state\nkubectl cluster-info dump --namespaces default,kube-system --output-directory=/path/to/cluster-state",
    flags: &[FLAGS, common::PRINT],
    simulated: false,
    ..Verb::EMPTY
};

static FLAGS: &[Flag] = &[
    Flag::bool("all-namespaces", "false", "If true, dump all namespaces.  If true, --namespaces is ignored.")
        .short('A'),
    Flag::list("namespaces", "A comma separated list of namespaces to dump."),
    Flag::text(
        "output-directory",
        "",
        "Where to output the files.  If empty or '-' uses stdout, otherwise creates a directory hierarchy in that directory",
    ),
    Flag::duration(
        "pod-running-timeout",
        "20s",
        "The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running",
    ),
];
