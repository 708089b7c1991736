//! `kubectl scale`. Models `pkg/cmd/scale`.

use api::json;
use cluster::{Patch, apiserver::Subresource};

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::objects::{self, Info, Write};
use super::super::resolve::{self, Query};
use super::common::{self, DryRun, Report};

static FLAGS: &[Flag] = &[
    Flag::bool("all", "false", "Select all resources in the namespace of the specified resource types"),
    Flag::int(
        "current-replicas",
        "-1",
        "Precondition for current size. Requires that the current size of the resource match this value in order to scale. -1 (default) for no condition.",
    ),
    Flag::list("filename", "Filename, directory, or URL to files identifying the resource to set a new size")
        .short('f'),
    common::KUSTOMIZE,
    common::RECURSIVE,
    Flag::int("replicas", "0", "The new desired number of replicas. Required.").required(),
    Flag::text(
        "resource-version",
        "",
        "Precondition for resource version. Requires that the current resource version match this value in order to scale.",
    ),
    common::SELECTOR,
    Flag::duration(
        "timeout",
        "0s",
        "The length of time to wait before giving up on a scale operation, zero means don't wait. Any other values should contain a corresponding time unit (e.g. 1s, 2m, 3h).",
    ),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "scale",
    usage: "scale [--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)",
    short: "Set a new size for a deployment, replica set, or replication controller",
    long: "Set a new size for a deployment, replica set, replication controller, or stateful set.\n\n Scale also allows users to specify one or more preconditions for the scale action.\n\n If --current-replicas or --resource-version is specified, it is validated before the scale is attempted, and it is guaranteed that the precondition holds true when the scale is sent to the server.",
    examples: "# Scale a replica set named 'foo' to 3\nkubectl scale --replicas=3 rs/foo\n\n# Scale a resource identified by type and name specified in \"foo.yaml\" to 3\nkubectl scale --replicas=3 -f foo.yaml\n\n# If the deployment named mysql's current size is 2, scale mysql to 3\nkubectl scale --current-replicas=2 --replicas=3 deployment/mysql\n\n# Scale multiple replication controllers\nkubectl scale --replicas=5 rc/example1 rc/example2 rc/example3\n\n# Scale stateful set named 'web' to 3\nkubectl scale --replicas=3 statefulset/web",
    flags: &[FLAGS, common::PRINT, common::DRY_RUN],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

async fn run(call: &Call) -> Outcome {
    let replicas = call.flags.int("replicas");
    if replicas < 0 {
        return Err(Failure::text(
            "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0",
        ));
    }
    if call.flags.int("current-replicas") < -1 {
        return Err(Failure::text("The --current-replicas must specify an integer of -1 or greater"));
    }
    let dry_run = DryRun::of(call)?;
    let report = Report::of(call, dry_run)?;
    let (infos, failures) = resolve::resolve(call, &Query::of(call)).await?.split();
    if infos.len() > 1 && !call.flags.text("resource-version").is_empty() {
        return Err(Failure::text("cannot use --resource-version with multiple resources"));
    }
    if infos.is_empty() && failures.is_empty() {
        return Err(Failure::text("no objects passed to scale"));
    }
    // What cannot be scaled ends the command; what was not found is told at its end.
    for info in infos {
        one(call, info, replicas, dry_run, &report).await?;
    }
    resolve::all_or(failures)
}

async fn one(call: &Call, mut info: Info, replicas: i64, dry_run: DryRun, report: &Report) -> Outcome {
    let scalable = matches!(info.kind.kind, "Deployment" | "ReplicaSet" | "StatefulSet" | "ReplicationController");
    if dry_run != DryRun::Client {
        if !scalable {
            let missing = api::Status::new(api::Reason::NotFound, "the server could not find the requested resource");
            return Err(missing.into());
        }
        precondition(call, &info)?;
        let write = Write { manager: "kubectl-scale", dry_run: dry_run == DryRun::Server };
        let patch = Patch::Merge(json!({"spec": {"replicas": replicas}}));
        objects::patch(call, &info, patch, Subresource::Scale, &write)?;
        let timeout = u64::try_from(call.flags.micros("timeout")).unwrap_or(0);
        if timeout > 0 && dry_run == DryRun::No {
            synced(call, &info, replicas, timeout).await?;
        }
    }
    // The answer of the subresource is a Scale: what is printed is the object before, with its new size.
    if matches!(info.kind.group, "" | "apps") {
        api::object::set(&mut info.object, &["spec", "replicas"], replicas.into());
    }
    report.print(call, &info.object, "scaled")
}

/// Models `ScalePrecondition.validate`.
fn precondition(call: &Call, info: &Info) -> Outcome {
    let current = info.object.pointer("/spec/replicas").and_then(api::Value::as_i64).unwrap_or(1);
    let wanted = call.flags.int("current-replicas");
    if wanted != -1 && wanted != current {
        return Err(Failure::Text(format!("Expected replicas to be {wanted}, was {current}")));
    }
    let version = call.flags.text("resource-version");
    let known = info.object.pointer("/metadata/resourceVersion").and_then(api::Value::as_str).unwrap_or_default();
    if !version.is_empty() && version != known {
        return Err(Failure::Text(format!("Expected resource version to be {version}, was {known}")));
    }
    Ok(())
}

/// Waits until the workload has its size, or wants another. Models `WaitForScaleHasDesiredReplicas`.
async fn synced(call: &Call, info: &Info, replicas: i64, timeout: u64) -> Outcome {
    let until = call.sys.now() + timeout;
    let waited = call.sys.wait(Some(until), |cluster| {
        let now = cluster.get(info.kind, &info.namespace, &info.name).ok()?;
        let wanted = now.int(&["spec", "replicas"]).unwrap_or(1);
        (wanted != replicas || now.int(&["status", "replicas"]).unwrap_or(0) == replicas).then_some(())
    });
    let name = api::field::go_quote(&info.name);
    waited.await.ok_or_else(|| Failure::Text(format!("timed out waiting for {name} to be synced")))
}
