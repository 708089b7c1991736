//! `kubectl drain`. Models `pkg/drain`.

use std::sync::Arc;

use api::{Object, Value};
use cluster::{DeleteOptions, Instant};

use super::super::super::command::{Call, Running, Verb};
use super::super::super::errors::{Failure, Outcome};
use super::super::super::flags::Flag;
use super::super::super::objects::{self, Info};
use super::super::super::printers;
use super::super::common::{self, DryRun};

static FLAGS: &[Flag] = &[
    Flag::int("chunk-size", "500", "Return large lists in chunks rather than all at once. Pass 0 to disable."),
    Flag::bool(
        "delete-emptydir-data",
        "false",
        "Continue even if there are pods using emptyDir (local data that will be deleted when the node is drained).",
    ),
    Flag::bool(
        "disable-eviction",
        "false",
        "Force drain to use delete, even if eviction is supported. This will bypass checking PodDisruptionBudgets, use with caution.",
    ),
    Flag::bool("force", "false", "Continue even if there are pods that do not declare a controller."),
    Flag::int(
        "grace-period",
        "-1",
        "Period of time in seconds given to each pod to terminate gracefully. If negative, the default value specified in the pod will be used.",
    ),
    Flag::bool("ignore-daemonsets", "false", "Ignore DaemonSet-managed pods."),
    Flag::text("pod-selector", "", "Label selector to filter pods on the node"),
    common::SELECTOR,
    Flag::int(
        "skip-wait-for-delete-timeout",
        "0",
        "If pod DeletionTimestamp older than N seconds, skip waiting for the pod.  Seconds must be greater than 0 to skip.",
    ),
    Flag::duration("timeout", "0s", "The length of time to wait before giving up, zero means infinite"),
];

/// The verb.
pub(in super::super) static VERB: Verb = Verb {
    name: "drain",
    usage: "drain NODE",
    short: "Drain node in preparation for maintenance",
    long: "Drain node in preparation for maintenance.\n\n The given node will be marked unschedulable to prevent new pods from arriving. 'drain' evicts the pods if the API server supports https://kubernetes.io/docs/concepts/workloads/pods/disruptions/ eviction https://kubernetes.io/docs/concepts/workloads/pods/disruptions/ . Otherwise, it will use normal DELETE to delete the pods. The 'drain' evicts or deletes all pods except mirror pods (which cannot be deleted through the API server).  If there are daemon set-managed pods, drain will not proceed without --ignore-daemonsets, and regardless it will not delete any daemon set-managed pods, because those pods would be immediately replaced by the daemon set controller, which ignores unschedulable markings.  If there are any pods that are neither mirror pods nor managed by a replication controller, replica set, daemon set, stateful set, or job, then drain will not delete any pods unless you use --force.  --force will also allow deletion to proceed if the managing resource of one or more pods is missing.\n\n 'drain' waits for graceful termination. You should not operate on the machine until the command completes.\n\n When you are ready to put the node back into service, use kubectl uncordon, which will make the node schedulable again.\n\nhttps://kubernetes.io/images/docs/kubectl_drain.svg Workflowhttps://kubernetes.io/images/docs/kubectl_drain.svg",
    examples: "# Drain node \"foo\", even if there are pods not managed by a replication controller, replica set, job, daemon set, or stateful set on it\nkubectl drain foo --force\n\n# As above, but abort if there are pods not managed by a replication controller, replica set, job, daemon set, or stateful set, and use a grace period of 15 minutes\nkubectl drain foo --grace-period=900",
    flags: &[FLAGS, common::DRY_RUN],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

/// How often a pod that is to go is looked for.
const POLL: u64 = 1_000_000;

/// Models `RunDrain`.
async fn run(call: &Call) -> Outcome {
    let (nodes, dry_run) = super::nodes(call).await?;
    nodes.iter().try_for_each(|node| super::cordon(call, node, true, dry_run))?;
    let (mut pending, mut errors) = (Vec::new(), Vec::new());
    for node in &nodes {
        match drain(call, &node.name, dry_run).await {
            Ok(()) => call.sys.out.line(format!("{} drained{}", printers::label(&node.object), dry_run.suffix())),
            Err(all) => {
                let name = api::field::go_quote(&node.name);
                let why = aggregate(&all);
                call.sys
                    .err
                    .line(format!("error: unable to drain node {name} due to error: {why}, continuing command..."));
                pending.push(node.name.as_str());
                errors.push(all);
            }
        }
    }
    if pending.is_empty() {
        return Ok(());
    }
    call.sys.err.line("There are pending nodes to be drained:");
    pending.iter().for_each(|name| call.sys.err.line(format!(" {name}")));
    // An error of one node is a list by itself, whose members are printed as they are.
    let lines: Vec<String> = match errors.as_slice() {
        [one] => one.clone(),
        all => all.iter().map(|one| aggregate(one)).collect(),
    };
    Err(Failure::Raw(lines.join("\n"), 1))
}

/// Models `Aggregate.Error`.
fn aggregate(all: &[String]) -> String {
    if let [one] = all { one.clone() } else { format!("[{}]", all.join(", ")) }
}

/// Models `deleteOrEvictPodsSimple`.
async fn drain(call: &Call, node: &str, dry_run: DryRun) -> Result<(), Vec<String>> {
    let plan = plan(call, node)?;
    if !plan.warnings.is_empty() {
        call.warn(&said(&plan.warnings).join("; "));
    }
    if dry_run == DryRun::Client {
        let line = |pod: &Arc<Object>| format!("evicting pod {}/{} (dry run)", pod.namespace(), pod.name());
        plan.pods.iter().for_each(|pod| call.sys.out.line(line(pod)));
        return Ok(());
    }
    let Err(errors) = evict(call, plan.pods, dry_run).await else { return Ok(()) };
    if let Ok(left) = self::plan(call, node)
        && !left.pods.is_empty()
    {
        let (name, why) = (api::field::go_quote(node), aggregate(&errors));
        call.sys.err.line(format!("There are pending pods in node {name} when an error occurred: {why}"));
        left.pods.iter().for_each(|pod| call.sys.err.line(format!("pod/{}", pod.name())));
    }
    Err(errors)
}

/// Messages, each with the pods it is about.
type Messages = Vec<(String, Vec<String>)>;

/// What is to be done on a node.
#[derive(Default)]
struct Plan {
    pods: Vec<Arc<Object>>,
    warnings: Messages,
}

/// What the filters say of a pod.
enum Verdict {
    Goes,
    GoesWith(&'static str),
    Stays,
    StaysWith(&'static str),
    Refused(String),
}

/// Models `GetPodsForDeletion`.
fn plan(call: &Call, node: &str) -> Result<Plan, Vec<String>> {
    let field = format!("spec.nodeName={node}");
    let pods = objects::list(call, &api::pod::KIND, None, call.flags.text("pod-selector"), &field)
        .map_err(|failure| vec![failure.message()])?;
    let (mut plan, mut refused) = (Plan::default(), Messages::new());
    for pod in pods {
        let place = format!("{}/{}", pod.namespace(), pod.name());
        match judge(call, &pod) {
            Verdict::Goes => plan.pods.push(pod),
            Verdict::GoesWith(warning) => {
                note(&mut plan.warnings, warning.to_owned(), place);
                plan.pods.push(pod);
            }
            Verdict::Stays => {}
            Verdict::StaysWith(warning) => note(&mut plan.warnings, warning.to_owned(), place),
            Verdict::Refused(error) => note(&mut refused, error, place),
        }
    }
    if refused.is_empty() {
        return Ok(plan);
    }
    Err(said(&refused).into_iter().map(|line| format!("cannot delete {line}")).collect())
}

fn note(messages: &mut Messages, message: String, place: String) {
    match messages.iter_mut().find(|(known, _)| *known == message) {
        Some((_, places)) => places.push(place),
        None => messages.push((message, vec![place])),
    }
}

fn said(messages: &Messages) -> Vec<String> {
    messages.iter().map(|(message, places)| format!("{message}: {}", places.join(", "))).collect()
}

/// Models the filters of `pkg/drain/filters.go`, in their order.
fn judge(call: &Call, pod: &Object) -> Verdict {
    let (flags, force) = (&call.flags, call.flags.bool("force"));
    if skips(call, pod) {
        return Verdict::Stays;
    }
    let ended = matches!(pod.str(&["status", "phase"]), "Succeeded" | "Failed");
    let owner = |field: &str| pod.controller().and_then(|owner| owner.get(field)?.as_str()).unwrap_or_default();
    if owner("kind") == "DaemonSet" && owner("apiVersion") == "apps/v1" && !ended {
        let found = objects::get(call, &api::daemon_set::KIND, pod.namespace(), owner("name"));
        match found {
            Ok(_) if flags.bool("ignore-daemonsets") => {
                return Verdict::StaysWith("ignoring DaemonSet-managed Pods");
            }
            Ok(_) => {
                return Verdict::Refused("DaemonSet-managed Pods (use --ignore-daemonsets to ignore)".to_owned());
            }
            Err(failure) if failure.is_not_found() && force => {}
            Err(failure) => return Verdict::Refused(failure.message()),
        }
    }
    if pod.annotation("kubernetes.io/config.mirror").is_some() {
        return Verdict::Stays;
    }
    let is_local = |volume: &Value| volume.get("emptyDir").is_some();
    let local = pod.list(&["spec", "volumes"]).iter().any(is_local);
    if !ended && local && !flags.bool("delete-emptydir-data") {
        return Verdict::Refused("Pods with local storage (use --delete-emptydir-data to override)".to_owned());
    }
    // Only what the last filter says of a pod that goes is heard.
    match pod.controller() {
        None if !ended && force => Verdict::GoesWith("deleting Pods that declare no controller"),
        None if !ended => Verdict::Refused("Pods that declare no controller (use --force to override)".to_owned()),
        _ => Verdict::Goes,
    }
}

/// Models `shouldSkipPod`.
fn skips(call: &Call, pod: &Object) -> bool {
    let limit = call.flags.int("skip-wait-for-delete-timeout");
    let since = api::time::parse_rfc3339(pod.str(&["metadata", "deletionTimestamp"]));
    limit > 0 && since.is_some_and(|since| call.sys.now().unix_seconds() - since > limit)
}

/// Models `evictPods`: all are asked to go, then each is waited for. Nothing protects pods from that here: there are
/// no disruption budgets.
async fn evict(call: &Call, pods: Vec<Arc<Object>>, dry_run: DryRun) -> Result<(), Vec<String>> {
    let timeout = u64::try_from(call.flags.micros("timeout")).ok().filter(|timeout| *timeout > 0);
    let until: Option<Instant> = timeout.map(|timeout| call.sys.now() + timeout);
    let evicting = !call.flags.bool("disable-eviction");
    let (mut waiting, mut errors) = (Vec::new(), Vec::new());
    for pod in pods {
        if evicting {
            let suffix = if dry_run == DryRun::Server { dry_run.suffix() } else { "" };
            call.sys.out.line(format!("evicting pod {}/{}{suffix}", pod.namespace(), pod.name()));
        }
        let options = DeleteOptions {
            grace_period_seconds: u32::try_from(call.flags.int("grace-period")).ok(),
            dry_run: dry_run == DryRun::Server,
            ..DeleteOptions::by("kubectl")
        };
        match objects::delete(call, &Info::read(&api::pod::KIND, &pod), options) {
            Ok(_) => waiting.push(pod),
            Err(failure) if failure.is_not_found() => {}
            Err(failure) => {
                let (name, namespace) = (api::field::go_quote(pod.name()), api::field::go_quote(pod.namespace()));
                errors.push(format!("error when evicting pods/{name} -n {namespace}: {}", failure.message()));
            }
        }
    }
    if dry_run == DryRun::Server {
        waiting.clear();
    }
    let done = if evicting { "evicted" } else { "deleted" };
    loop {
        waiting.retain(|pod| {
            let found = call.sys.cluster(|cluster| cluster.get(&api::pod::KIND, pod.namespace(), pod.name()));
            match found.ok().filter(|now| now.uid() == pod.uid()) {
                None => call.sys.out.line(format!("pod/{} {done}", pod.name())),
                Some(now) if skips(call, &now) => {
                    let limit = call.flags.int("skip-wait-for-delete-timeout");
                    let name = api::field::go_quote(pod.name());
                    call.sys.out.line(format!("pod {name} has DeletionTimestamp older than {limit} seconds, skipping"));
                }
                Some(_) => return true,
            }
            false
        });
        if waiting.is_empty() {
            break;
        }
        if until.is_some_and(|until| call.sys.now() >= until) {
            errors.extend(waiting.iter().map(|pod| {
                let (name, namespace) = (api::field::go_quote(pod.name()), pod.namespace());
                format!("error when waiting for pod {name} in namespace \"{namespace}\" to terminate: context deadline exceeded")
            }));
            break;
        }
        call.sys.sleep(POLL).await;
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use cluster::Cluster;

    use crate::terminal::run_script;

    #[test]
    fn a_node_is_emptied_and_used_again() {
        let mut cluster = Cluster::default();
        run_script(
            &mut cluster,
            "kubectl run a --image=nginx --overrides='{\"spec\":{\"nodeName\":\"minikube-m02\"}}'",
            "",
            &[],
        );
        cluster.settle(10_000_000);
        let force = "kubectl drain minikube-m02 --force --ignore-daemonsets";
        for (line, code, out, err) in [
            ("kubectl cordon minikube-m03", 0, "node/minikube-m03 cordoned\n", ""),
            ("kubectl cordon minikube-m03", 0, "node/minikube-m03 already cordoned\n", ""),
            ("kubectl uncordon minikube-m03", 0, "node/minikube-m03 uncordoned\n", ""),
            ("kubectl cordon nope", 1, "", "Error from server (NotFound): nodes \"nope\" not found\n"),
            (
                "kubectl cordon",
                1,
                "",
                "error: USAGE: cordon NODE [flags]\nSee 'kubectl cordon -h' for help and examples\n",
            ),
            (
                "kubectl drain minikube-m02 --ignore-daemonsets",
                1,
                "node/minikube-m02 cordoned\n",
                "error: unable to drain node \"minikube-m02\" due to error: cannot delete Pods that declare no controller (use --force to override): default/a, continuing command...\nThere are pending nodes to be drained:\n minikube-m02\ncannot delete Pods that declare no controller (use --force to override): default/a\n",
            ),
            (
                force,
                0,
                "node/minikube-m02 already cordoned\nevicting pod default/a\npod/a evicted\nnode/minikube-m02 drained\n",
                "Warning: deleting Pods that declare no controller: default/a\n",
            ),
        ] {
            let done = run_script(&mut cluster, line, "", &[]);
            assert_eq!((done.stdout.as_str(), done.exit), (out, Some(code)), "{line}: {}", done.stderr);
            // Whether there are pods of DaemonSets depends on the cluster.
            let plain = done.stderr.split("Warning: ignoring DaemonSet-managed Pods").next().unwrap_or_default();
            if line != force {
                assert_eq!(plain, err, "{line}");
            }
        }
    }
}
