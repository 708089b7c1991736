//! `kubectl delete`. Models `pkg/cmd/delete`.

use cluster::DeleteOptions;
use cluster::apiserver::Propagation;

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::objects::{self, Info};
use super::super::resolve::{self, Query};
use super::common::{self, DryRun};

static FLAGS: &[Flag] = &[
    Flag::bool("all", "false", "Delete all resources, in the namespace of the specified resource types."),
    common::ALL_NAMESPACES,
    Flag::text("cascade", "background", "Must be \"background\", \"orphan\", or \"foreground\". Selects the deletion cascading strategy for the dependents (e.g. Pods created by a ReplicationController). Defaults to background.").bare("background"),
    Flag::text("field-selector", "", "Selector (field query) to filter on, supports '=', '==', and '!='.(e.g. --field-selector key1=value1,key2=value2). The server only supports a limited number of field queries per type."),
    Flag::list("filename", "containing the resource to delete.").short('f'),
    Flag::bool("force", "false", "If true, immediately remove resources from API and bypass graceful deletion. Note that immediate deletion of some resources may result in inconsistency or data loss and requires confirmation."),
    Flag::int("grace-period", "-1", "Period of time in seconds given to the resource to terminate gracefully. Ignored if negative. Set to 1 for immediate shutdown. Can only be set to 0 when --force is true (force deletion)."),
    Flag::bool("ignore-not-found", "false", "Treat \"resource not found\" as a successful delete. Defaults to \"true\" when --all is specified."),
    Flag::bool("interactive", "false", "If true, delete resource only when user confirms.").short('i'),
    common::KUSTOMIZE_A,
    Flag::bool("now", "false", "If true, resources are signaled for immediate shutdown (same as --grace-period=1)."),
    Flag::text("output", "", "Output mode. Use \"-o name\" for shorter output (resource/name).").short('o'),
    Flag::text("raw", "", "Raw URI to DELETE to the server.  Uses the transport specified by the kubeconfig file."),
    common::RECURSIVE,
    Flag::text("selector", "", "Selector (label query) to filter on, supports '=', '==', '!=', 'in', 'notin'.(e.g. -l key1=value1,key2=value2,key3 in (value3)). Matching objects must satisfy all of the specified label constraints.").short('l'),
    Flag::duration("timeout", "0s", "The length of time to wait before giving up on a delete, zero means determine a timeout from the size of the object"),
    Flag::bool("wait", "true", "If true, wait for resources to be gone before returning. This waits for finalizers."),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "delete",
    suggest_for: &["rm", "remove"],
    usage: "delete ([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])",
    short: "Delete resources by file names, stdin, resources and names, or by resources and label selector",
    long: "Delete resources by file names, stdin, resources and names, or by resources and label selector.\n\n JSON and YAML formats are accepted. Only one type of argument may be specified: file names, resources and names, or resources and label selector.\n\n Some resources, such as pods, support graceful deletion. These resources define a default period before they are forcibly terminated (the grace period) but you may override that value with the --grace-period flag, or pass --now to set a grace-period of 1. Because these resources often represent entities in the cluster, deletion may not be acknowledged immediately. If the node hosting a pod is down or cannot reach the API server, termination may take significantly longer than the grace period. To force delete a resource, you must specify the --force flag. Note: only a subset of resources support graceful deletion. In absence of the support, the --grace-period flag is ignored.\n\n IMPORTANT: Force deleting pods does not wait for confirmation that the pod's processes have been terminated, which can leave those processes running until the node detects the deletion and completes graceful deletion. If your processes use shared storage or talk to a remote API and depend on the name of the pod to identify themselves, force deleting those pods may result in multiple processes running on different machines using the same identification which may lead to data corruption or inconsistency. Only force delete pods when you are sure the pod is terminated, or if your application can tolerate multiple copies of the same pod running at once. Also, if you force delete pods, the scheduler may place new pods on those nodes before the node has released those resources and causing those pods to be evicted immediately.\n\n Note that the delete command does NOT do resource version checks, so if someone submits an update to a resource right when you submit a delete, their update will be lost along with the rest of the resource.\n\n After a CustomResourceDefinition is deleted, invalidation of discovery cache may take up to 6 hours. If you don't want to wait, you might want to run \"kubectl api-resources\" to refresh the discovery cache.",
    examples: "# Delete a pod using the type and name specified in pod.json\nkubectl delete -f ./pod.json\n\n# Delete resources from a directory containing kustomization.yaml - e.g. dir/kustomization.yaml\nkubectl delete -k dir\n\n# Delete resources from all files that end with '.json'\nkubectl delete -f '*.json'\n\n# Delete a pod based on the type and name in the JSON passed into stdin\ncat pod.json | kubectl delete -f -\n\n# Delete pods and services with same names \"baz\" and \"foo\"\nkubectl delete pod,service baz foo\n\n# Delete pods and services with label name=myLabel\nkubectl delete pods,services -l name=myLabel\n\n# Delete a pod with minimal delay\nkubectl delete pod foo --now\n\n# Force delete a pod on a dead node\nkubectl delete pod foo --force\n\n# Delete all pods\nkubectl delete pods --all\n\n# Delete all pods only if the user confirms the deletion\nkubectl delete pods --all --interactive",
    flags: &[FLAGS, common::DRY_RUN],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

async fn run(call: &Call) -> Outcome {
    let flags = &call.flags;
    let selecting = flags.bool("all") || !flags.text("selector").is_empty() || !flags.text("field-selector").is_empty();
    let ignore = if flags.changed("ignore-not-found") { flags.bool("ignore-not-found") } else { selecting };
    let mut grace = flags.int("grace-period");
    let force = flags.bool("force");
    if flags.bool("now") {
        if grace != -1 {
            return Err(Failure::text("--now and --grace-period cannot be specified together"));
        }
        grace = 1;
    }
    if grace == 0 && !force {
        grace = 1;
    }
    if force && grace < 0 {
        grace = 0;
    }
    let dry_run = DryRun::of(call)?;
    let propagation = propagation(flags.text("cascade")).map_err(|text| {
        Failure::Text(format!("invalid cascade value ({text}). Must be \"background\", \"foreground\", or \"orphan\""))
    })?;
    if let Some(word) = match flags.text("cascade") {
        "true" => Some("background"),
        "false" => Some("orphan"),
        _ => None,
    } {
        let given = flags.text("cascade");
        call.sys.err.line(format!(
            "warning: --cascade={given} is deprecated (boolean value) and can be replaced with --cascade={word}."
        ));
    }
    if flags.bool("all") && !(flags.text("selector").is_empty() && flags.text("field-selector").is_empty()) {
        return Err(Failure::text("setting 'all' parameter but found a non empty selector. "));
    }
    // Only an option of the command line names objects: those that files give are not read from the server.
    let query = Query { fetch: false, ..Query::of(call) };
    let found = resolve::resolve(call, &query).await?;
    if !matches!(flags.text("output"), "" | "name") {
        return Err(Failure::Text(format!(
            "unexpected -o output mode: {}. We only support '-o name'",
            flags.text("output")
        )));
    }
    if grace == 0 && force {
        call.warn("Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.");
    } else if grace > 0 && force {
        return Err(Failure::text("--force and --grace-period greater than 0 cannot be specified together"));
    }
    let mut warn_scope = query.enforce_namespace && !query.all_namespaces;
    let (mut found_any, mut failures, mut deleted) = (false, Vec::new(), Vec::new());
    for item in found.items {
        let outcome = item.and_then(|info| {
            found_any = true;
            if warn_scope && !info.kind.namespaced {
                call.warn("deleting cluster-scoped resources, not scoped to the provided namespace");
                warn_scope = false;
            }
            let options = DeleteOptions {
                grace_period_seconds: u32::try_from(grace).ok(),
                propagation,
                dry_run: dry_run == DryRun::Server,
                ..DeleteOptions::by("kubectl-delete")
            };
            let uid = if dry_run == DryRun::Client {
                None
            } else {
                let object = objects::delete(call, &info, options)
                    .map_err(|f| f.with_source("deleting", info.source.as_deref()))?;
                Some(object.uid().to_owned())
            };
            say(call, &info, grace == 0, dry_run);
            deleted.extend(Some((info, uid)));
            Ok(())
        });
        failures.extend(outcome.err().filter(|failure| !(ignore && failure.is_not_found())));
    }
    resolve::all_or(failures)?;
    if !found_any {
        call.sys.out.line("No resources found");
        return Ok(());
    }
    if flags.bool("wait") && dry_run == DryRun::No {
        let timeout = flags.micros("timeout");
        wait_until_gone(call, &deleted, u64::try_from(timeout).ok().filter(|micros| *micros > 0)).await?;
    }
    Ok(())
}

/// The propagation that `--cascade` names.
fn propagation(text: &str) -> Result<Propagation, &str> {
    match text {
        "background" | "true" => Ok(Propagation::Background),
        "foreground" => Ok(Propagation::Foreground),
        "orphan" | "false" => Ok(Propagation::Orphan),
        other => Err(other),
    }
}

/// Models `DeleteOptions.PrintObj`.
fn say(call: &Call, info: &Info, at_once: bool, dry_run: DryRun) {
    let what = info.kind.qualified_singular();
    if call.flags.text("output") == "name" {
        call.sys.out.line(format!("{what}/{}", info.name));
        return;
    }
    let word = if at_once { "force deleted" } else { "deleted" };
    let place = if info.namespace.is_empty() { String::new() } else { format!(" from {} namespace", info.namespace) };
    call.sys.out.line(format!("{what} \"{}\" {word}{place}{}", info.name, dry_run.suffix()));
}

async fn wait_until_gone(call: &Call, deleted: &[(Info, Option<String>)], timeout: Option<u64>) -> Outcome {
    let until = timeout.map(|micros| call.sys.now() + micros);
    for (info, uid) in deleted {
        let gone = call.sys.wait(until, |cluster| {
            let now = cluster.get(info.kind, &info.namespace, &info.name);
            now.map_or(true, |object| Some(object.uid()) != uid.as_deref()).then_some(())
        });
        if gone.await.is_none() {
            return Err(Failure::Text(format!(
                "timed out waiting for the condition on {}/{}",
                info.kind.plural, info.name
            )));
        }
    }
    Ok(())
}
