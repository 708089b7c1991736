//! `kubectl wait`. Models `pkg/cmd/wait`.

mod condition;

use cluster::Instant;

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::objects::Info;
use super::super::resolve::{self, Query};
use super::common::{self, DryRun, Report};
use condition::Condition;

static FLAGS: &[Flag] = &[
    Flag::bool("all", "false", "Select all resources in the namespace of the specified resource types"),
    common::ALL_NAMESPACES,
    common::FIELD_SELECTOR,
    Flag::list("filename", "identifying the resource.").short('f'),
    Flag::array(
        "for",
        "The condition to wait on: [create|delete|condition=condition-name[=condition-value]|jsonpath='{JSONPath expression}'=[JSONPath value]]. The default condition-value is true. Condition values are compared after Unicode simple case folding, which is a more general form of case-insensitivity. Multiple conditions are supported and AND'ed to each other in a sequential order. If --for=create is passed, it is always waited first.",
    ),
    Flag::bool("local", "false", "If true, annotation will NOT contact api-server but run locally."),
    common::RECURSIVE_ON,
    Flag::text(
        "selector",
        "",
        "Selector (label query) to filter on, supports '=', '==', and '!='.(e.g. -l key1=value1,key2=value2)",
    )
    .short('l'),
    Flag::duration(
        "timeout",
        "30s",
        "The length of time to wait before giving up. Zero means check once and don't wait, negative means wait for a week.",
    ),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "wait",
    usage: "wait ([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]",
    short: "Wait for a specific condition on one or many resources",
    long: "Wait for a specific condition on one or many resources.\n\n The command takes multiple resources and waits until the specified condition is seen in the Status field of every given resource.\n\n Alternatively, the command can wait for the given set of resources to be created or deleted by providing the \"create\" or \"delete\" keyword as the value to the --for flag.\n\n A successful message will be printed to stdout indicating when the specified condition has been met. You can use -o option to change to output destination.",
    examples: "# Wait for the pod \"busybox1\" to contain the status condition of type \"Ready\"\nkubectl wait --for=condition=Ready pod/busybox1\n\n# The default value of status condition is true; you can wait for other targets after an equal delimiter (compared after Unicode simple case folding, which is a more general form of case-insensitivity)\nkubectl wait --for=condition=Ready=false pod/busybox1\n\n# Wait for the pod \"busybox1\" to contain the status phase to be \"Running\"\nkubectl wait --for=jsonpath='{.status.phase}'=Running pod/busybox1\n\n# Wait for pod \"busybox1\" to be Ready\nkubectl wait --for='jsonpath={.status.conditions[?(@.type==\"Ready\")].status}=True' pod/busybox1\n\n# Wait for the service \"loadbalancer\" to have ingress\nkubectl wait --for=jsonpath='{.status.loadBalancer.ingress}' service/loadbalancer\n\n# Wait for the secret \"busybox1\" to be created, with a timeout of 30s\nkubectl create secret generic busybox1\nkubectl wait --for=create secret/busybox1 --timeout=30s\n\n# Wait for the pod \"busybox1\" to be deleted, with a timeout of 60s, after having issued the \"delete\" command\nkubectl delete pod/busybox1\nkubectl wait --for=delete pod/busybox1 --timeout=60s\n\n# Wait for pod \"busybox1\" to be created AND reach the \"Ready\" status condition\nkubectl wait --for=condition=Ready --for=create pod/busybox1\n\n# Wait for pod \"busybox1\" to reach the \"Ready\" status OR for its containers to report a \"False\" readiness state\nuntil kubectl wait pod/busybox1 --for=condition=Ready --timeout=1s 2>/dev/null || \\\nkubectl wait pod/busybox1 --for=condition=ContainersReady=False --timeout=1s 2>/dev/null; \\\ndo echo \"Checking conditions...\"; sleep 1; done",
    flags: &[FLAGS, common::PRINT],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

/// How often the server is asked whether something was created.
const POLL: u64 = 500_000;

/// What a negative `--timeout` means, in microseconds.
const A_WEEK: u64 = 168 * 3_600_000_000;

async fn run(call: &Call) -> Outcome {
    let report = Report::of(call, DryRun::No)?;
    let words = call.flags.all("for");
    let conditions = words.iter().map(|word| Condition::parse(word)).collect::<Outcome<Vec<_>>>()?;
    if conditions.is_empty() {
        return Err(Failure::text("unrecognized condition: []"));
    }
    let timeout = u64::try_from(call.flags.micros("timeout")).unwrap_or(A_WEEK);
    // No time at all means one look.
    let until = (timeout > 0).then(|| call.sys.now() + timeout);
    let query = Query { latest: true, ..Query::of(call) };
    if conditions.contains(&Condition::Created) {
        created(call, &query, call.sys.now() + timeout).await?;
    }
    let (infos, mut failures) = resolve::resolve(call, &query).await?.split();
    let for_deletion = conditions.contains(&Condition::Deleted);
    if for_deletion {
        failures.retain(|failure| !failure.is_not_found());
    }
    if infos.is_empty() && failures.is_empty() && !for_deletion {
        return Err(Failure::text("no matching resources found"));
    }
    for mut info in infos {
        for condition in &conditions {
            match met(call, &mut info, condition, until).await {
                Ok(()) => report.print(call, &info.object, "condition met")?,
                Err(failure) => {
                    failures.push(failure);
                    break;
                }
            }
        }
    }
    resolve::all_or(failures)
}

/// Waits until the server knows what is asked for.
async fn created(call: &Call, query: &Query, until: Instant) -> Outcome {
    loop {
        let (infos, failures) = resolve::resolve(call, query).await?.split();
        match failures.into_iter().find(|failure| !failure.is_not_found()) {
            Some(failure) => return Err(failure),
            None if !infos.is_empty() => return Ok(()),
            None if call.sys.now() >= until => return Err(Failure::text("timed out waiting for the condition")),
            None => call.sys.sleep(POLL.min(until.0 - call.sys.now().0)).await,
        }
    }
}

/// Waits until a condition holds of an object. Models `getObjAndCheckCondition` and `IsDeleted`.
async fn met(call: &Call, info: &mut Info, condition: &Condition, until: Option<Instant>) -> Outcome {
    let (kind, namespace, name) = (info.kind, info.namespace.clone(), info.name.clone());
    let Some(until) = until else {
        let now = call.sys.cluster(|cluster| cluster.get(kind, &namespace, &name).ok());
        return match condition.holds(now.as_deref()) {
            Some(Err(why)) => Err(Failure::Text(why)),
            Some(Ok(())) => Ok(()),
            None => Err(Failure::Text(format!("condition not met for {}/{name}", kind.plural))),
        };
    };
    let waited = call.sys.wait(Some(until), |cluster| {
        let now = cluster.get(kind, &namespace, &name).ok();
        Some((condition.holds(now.as_deref())?, now))
    });
    match waited.await {
        Some((Err(why), _)) => Err(Failure::Text(why)),
        Some((Ok(()), now)) => {
            if let Some(object) = now {
                info.refresh(&object);
            }
            Ok(())
        }
        None => Err(Failure::Text(format!("timed out waiting for the condition on {}/{name}", kind.plural))),
    }
}
