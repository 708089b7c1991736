//! `kubectl top` in a cluster without a metrics server. Models `pkg/cmd/top`.

use super::super::command::{self, Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::common;

static POD_FLAGS: &[Flag] = &[
    common::ALL_NAMESPACES,
    Flag::bool("containers", "false", "If present, print usage of containers within a pod."),
    common::FIELD_SELECTOR,
    Flag::bool("no-headers", "false", "If present, print output without headers."),
    common::SELECTOR,
    Flag::bool("show-swap", "false", "Print pod resources related to swap memory."),
    Flag::text(
        "sort-by",
        "",
        "If non-empty, sort pods list using specified field. The field can be either 'cpu' or 'memory'.",
    ),
    Flag::bool("sum", "false", "Print the sum of the resource usage"),
    Flag::bool("use-protocol-buffers", "true", "Enables using protocol-buffers to access Metrics API."),
];

static NODE_FLAGS: &[Flag] = &[
    Flag::bool("no-headers", "false", "If present, print output without headers"),
    common::SELECTOR,
    Flag::bool(
        "show-capacity",
        "false",
        "Print node resources based on Capacity instead of Allocatable(default) of the nodes.",
    ),
    Flag::bool("show-swap", "false", "Print node resources related to swap memory."),
    Flag::text(
        "sort-by",
        "",
        "If non-empty, sort nodes list using specified field. The field can be either 'cpu' or 'memory'.",
    ),
    Flag::bool("use-protocol-buffers", "true", "Enables using protocol-buffers to access Metrics API."),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "top",
    suggest_for: &["stats"],
    usage: "top [flags]",
    short: "Display resource (CPU/memory) usage",
    long: "Display resource (CPU/memory) usage.\n\n This command provides a view of recent resource consumption for nodes and pods. It fetches metrics from the Metrics Server, which aggregates this data from the kubelet on each node. The Metrics Server must be installed and running in the cluster for this command to work.\n\n The metrics shown are specifically optimized for Kubernetes autoscaling decisions, such as those made by the Horizontal Pod Autoscaler (HPA) and Vertical Pod Autoscaler (VPA). Because of this, the values may not match those from standard OS tools like 'top', as the metrics are designed to provide a stable signal for autoscalers rather than for pinpoint accuracy.\n\n FAQ for Metrics Server: https://github.com/kubernetes-sigs/metrics-server/blob/master/FAQ.md\n\n When to use this command:\n\n  *  For on-the-fly spot-checks of resource usage (e.g. identify which pods are consuming the most resources at a glance, or get a quick sense of the load on your nodes)\n  *  Understand current resource consumption patterns\n  *  Validate the behavior of your HPA or VPA configurations by seeing the metrics they use for scaling decisions.\n\n It is not intended to be a replacement for full-featured monitoring solutions. Its primary design goal is to provide a low-overhead signal for autoscalers, not to be a perfectly accurate monitoring tool. For high-accuracy reporting, historical analysis, dashboarding, or alerting, you should use a dedicated monitoring solution.",
    verbs: &[&NODE, &POD],
    run: Some(|call| -> Running<'_> { Box::pin(async { command::sub_command_run(call) }) }),
    ..Verb::EMPTY
};

static NODE: Verb = Verb {
    name: "node",
    aliases: &["nodes", "no"],
    usage: "node [NAME | -l label]",
    short: "Display resource (CPU/memory) usage of nodes",
    long: "Display resource (CPU/memory) usage of nodes.\n\n The top-node command allows you to see the resource consumption of nodes.",
    examples: "# Show metrics for all nodes\nkubectl top node\n\n# Show metrics for a given node\nkubectl top node NODE_NAME",
    flags: &[NODE_FLAGS],
    run: Some(|call| -> Running<'_> { Box::pin(async { run(call) }) }),
    ..Verb::EMPTY
};

static POD: Verb = Verb {
    name: "pod",
    aliases: &["pods", "po"],
    usage: "pod [NAME | -l label]",
    short: "Display resource (CPU/memory) usage of pods",
    long: "Display resource (CPU/memory) usage of pods.\n\n The 'top pod' command allows you to see the resource consumption of pods.\n\n Due to the metrics pipeline delay, they may be unavailable for a few minutes since pod creation.",
    examples: "# Show metrics for all pods in the default namespace\nkubectl top pod\n\n# Show metrics for all pods in the given namespace\nkubectl top pod --namespace=NAMESPACE\n\n# Show metrics for a given pod and its containers\nkubectl top pod POD_NAME --containers\n\n# Show metrics for the pods defined by label name=myLabel\nkubectl top pod -l name=myLabel",
    flags: &[POD_FLAGS],
    run: Some(|call| -> Running<'_> { Box::pin(async { run(call) }) }),
    ..Verb::EMPTY
};

/// Models `TopPodOptions` and `TopNodeOptions` up to where they find no Metrics API.
fn run(call: &Call) -> Outcome {
    if call.args.len() > 1 {
        return Err(call.usage_error(call.verb.usage));
    }
    if !matches!(call.flags.text("sort-by"), "" | "cpu" | "memory") {
        return Err(Failure::text("--sort-by accepts only cpu or memory"));
    }
    let selects = !call.flags.text("selector").is_empty() || !call.flags.text("field-selector").is_empty();
    if selects && !call.args.is_empty() {
        return Err(Failure::text("only one of NAME or selector can be provided"));
    }
    Err(Failure::text("Metrics API not available"))
}
