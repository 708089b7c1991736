//! `kubectl create`. Models `pkg/cmd/create`.

use api::Value;

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::objects::{self, Info, Write};
use super::super::resolve::{self, Query};
use super::common::{self, DryRun, Report};
use super::edit;

/// `--field-manager` of all creators.
pub(super) static MANAGER: &[Flag] =
    &[Flag::text("field-manager", "kubectl-create", "Name of the manager used to track field ownership.")];

static FLAGS: &[Flag] = &[
    Flag::bool("edit", "false", "Edit the API resource before creating"),
    Flag::list("filename", "Filename, directory, or URL to files to use to create the resource").short('f'),
    common::KUSTOMIZE,
    Flag::text("raw", "", "Raw URI to POST to the server.  Uses the transport specified by the kubeconfig file."),
    common::RECURSIVE,
    common::SELECTOR,
    Flag::bool(
        "windows-line-endings",
        "false",
        "Only relevant if --edit=true. Defaults to the line ending native to your platform.",
    ),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "create",
    usage: "create -f FILENAME",
    short: "Create a resource from a file or from stdin",
    long: "Create a resource from a file or from stdin.\n\n JSON and YAML formats are accepted.",
    examples: "# Create a pod using the data in pod.json\nkubectl create -f ./pod.json\n\n# Create a pod based on the JSON passed into stdin\ncat pod.json | kubectl create -f -\n\n# Edit the data in registry.yaml in JSON then create the resource using the edited data\nkubectl create -f registry.yaml --edit -o json",
    flags: &[FLAGS, MANAGER, common::PRINT, common::DRY_RUN, common::SAVE_CONFIG, common::VALIDATE],
    verbs: super::creators::ALL,
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

async fn run(call: &Call) -> Outcome {
    let flags = &call.flags;
    if !call.args.is_empty() {
        return Err(call.usage_error(format!("Unexpected args: [{}]", call.args.join(" "))));
    }
    if flags.all("filename").is_empty() && flags.text("kustomize").is_empty() {
        return Err(Failure::text("must specify one of -f and -k"));
    }
    let dry_run = DryRun::of(call)?;
    let report = Report::of(call, dry_run)?;
    if flags.bool("edit") {
        for item in resolve::resolve(call, &Query::of(call)).await?.items {
            edit::edit(call, vec![item?], edit::Mode::BeforeCreate).await?;
        }
        return Ok(());
    }
    let validate = !matches!(flags.text("validate"), "false" | "ignore");
    let found = resolve::resolve(call, &Query { validate, ..Query::of(call) }).await?;
    let (mut count, mut failures) = (0, Vec::new());
    for item in found.items {
        let created = item.and_then(|mut info| {
            send(call, &mut info, dry_run)?;
            count += 1;
            report.print(call, &info.object, "created")
        });
        failures.extend(created.err());
    }
    resolve::all_or(failures)?;
    if count == 0 { Err(Failure::text("no objects passed to create")) } else { Ok(()) }
}

/// Creates what somebody edited, and reports it.
///
/// # Errors
/// When the server refuses.
pub(super) fn create_edited(call: &Call, mut info: Info) -> Outcome {
    send(call, &mut info, DryRun::No)?;
    Report::of(call, DryRun::No)?.print(call, &info.object, "created")
}

fn send(call: &Call, info: &mut Info, dry_run: DryRun) -> Outcome {
    if call.flags.bool("save-config") {
        *info.object = common::annotated(&info.object);
    }
    if dry_run == DryRun::Client {
        return Ok(());
    }
    let write = Write { manager: call.flags.text("field-manager"), dry_run: dry_run == DryRun::Server };
    let object = objects::create(call, info, &write).map_err(|f| f.with_source("creating", info.source.as_deref()))?;
    info.refresh(&object);
    Ok(())
}

/// Creates what a creator made of its flags, and reports it. `failed`: what is said before the server's words.
///
/// # Errors
/// When the server refuses.
pub(super) fn submit(call: &Call, object: Value, failed: &str) -> Outcome {
    let dry_run = DryRun::of(call)?;
    let report = Report::of(call, dry_run)?.typed();
    let kind = objects::kind_of(&object).map_err(Failure::Text)?;
    let mut info = Info::named(kind, &call.namespace(), "");
    *info.object = object;
    if kind.namespaced && call.namespace_given() {
        api::object::set(&mut info.object, &["metadata", "namespace"], info.namespace.as_str().into());
    }
    send(call, &mut info, dry_run).map_err(|failure| match failed {
        "" => failure,
        failed => Failure::Text(format!("{failed} {}", failure.message())),
    })?;
    report.print(call, &info.object, "created")
}

#[cfg(test)]
mod tests {
    use cluster::Cluster;

    use crate::terminal::run_script;

    #[test]
    fn what_kubectl_makes_is_printed_in_the_order_of_gos_structs_and_what_it_reads_by_name() {
        let mut cluster = Cluster::default();
        let deployment = "kind apiVersion metadata name labels app spec replicas selector matchLabels app template metadata \
                          labels app spec containers name image ports containerPort resources strategy status";
        let pod = "kind apiVersion metadata name labels run spec containers name image resources restartPolicy dnsPolicy status";
        let service = "kind apiVersion metadata name labels app spec ports name protocol port targetPort selector app type status loadBalancer";
        let read = "apiVersion kind metadata creationTimestamp name status";
        for (words, order) in [
            ("create deployment web --image=nginx --port=80 --dry-run=client", deployment),
            ("run web --image=nginx --dry-run=client", pod),
            ("create service clusterip web --tcp=80 --dry-run=client", service),
            ("create -f - --dry-run=client", read),
        ] {
            let input = "echo '{\"kind\":\"Namespace\",\"apiVersion\":\"v1\",\"status\":{},\"metadata\":{\"name\":\"n\",\"creationTimestamp\":null}}'";
            let done = run_script(&mut cluster, &format!("{input} | kubectl {words} -o json"), "", &[]);
            assert_eq!(done.exit, Some(0), "{done:?}");
            let fields = done.stdout.lines().filter_map(|line| line.trim_start().strip_prefix('"')?.split_once("\":"));
            assert_eq!(fields.map(|(field, _)| field).collect::<Vec<_>>().join(" "), order, "{words}");
        }
    }
}
