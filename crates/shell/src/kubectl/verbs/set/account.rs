//! `kubectl set serviceaccount`. Models `pkg/cmd/set/set_serviceaccount.go`.

use super::super::super::command::{Call, Running, Verb};
use super::super::super::errors::{Failure, Outcome};
use super::super::super::flags::Flag;
use super::super::common;
use super::update::Update;

static FLAGS: &[Flag] = &[
    Flag::bool("all", "false", "Select all resources, in the namespace of the specified resource types"),
    Flag::text("field-manager", "kubectl-set", "Name of the manager used to track field ownership."),
    Flag::list("filename", "Filename, directory, or URL to files identifying the resource to get from a server.")
        .short('f'),
    common::KUSTOMIZE,
    Flag::bool("local", "false", "If true, set serviceaccount will NOT contact api-server but run locally."),
    common::RECURSIVE,
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "serviceaccount",
    aliases: &["sa"],
    usage: "serviceaccount (-f FILENAME | TYPE NAME) SERVICE_ACCOUNT",
    short: "Update the service account of a resource",
    long: "Update the service account of pod template resources.\n\n Possible resources (case insensitive) can be:\n\n replicationcontroller (rc), deployment (deploy), daemonset (ds), job, replicaset (rs), statefulset",
    examples: "# Set deployment nginx-deployment's service account to serviceaccount1\nkubectl set serviceaccount deployment nginx-deployment serviceaccount1\n\n# Print the result (in YAML format) of updated nginx deployment with the service account from local file, without hitting the API server\nkubectl set sa -f nginx-deployment.yaml serviceaccount1 --local --dry-run=client -o yaml",
    flags: &[FLAGS, common::PRINT, common::DRY_RUN],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

async fn run(call: &Call) -> Outcome {
    let update = Update::of(call, "failed to patch ServiceAccountName", "serviceaccount updated")?;
    update.check_local()?;
    let Some((account, words)) = call.args.split_last() else {
        return Err(Failure::text("serviceaccount is required"));
    };
    let words = if call.flags.bool("local") { &[][..] } else { words };
    let infos = update.objects(words).await?;
    update.run(infos, |spec, _| {
        spec["serviceAccountName"] = account.as_str().into();
        Ok(())
    })
}
