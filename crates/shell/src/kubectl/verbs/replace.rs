//! `kubectl replace`. Models `pkg/cmd/replace`.

use cluster::DeleteOptions;

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::objects::{self, Info, Write};
use super::super::resolve::{self, Query};
use super::common::{self, DryRun, LAST_APPLIED, Report};

static FLAGS: &[Flag] = &[
    Flag::text("cascade", "background", "Must be \"background\", \"orphan\", or \"foreground\". Selects the deletion cascading strategy for the dependents (e.g. Pods created by a ReplicationController). Defaults to background.").bare("background"),
    Flag::text("field-manager", "kubectl-replace", "Name of the manager used to track field ownership."),
    Flag::list("filename", "The files that contain the configurations to replace.").short('f'),
    Flag::bool("force", "false", "If true, immediately remove resources from API and bypass graceful deletion. Note that immediate deletion of some resources may result in inconsistency or data loss and requires confirmation."),
    Flag::int("grace-period", "-1", "Period of time in seconds given to the resource to terminate gracefully. Ignored if negative. Set to 1 for immediate shutdown. Can only be set to 0 when --force is true (force deletion)."),
    common::KUSTOMIZE_A,
    Flag::text("raw", "", "Raw URI to PUT to the server.  Uses the transport specified by the kubeconfig file."),
    common::RECURSIVE,
    Flag::text("subresource", "", "If specified, replace will operate on the subresource of the requested object."),
    Flag::duration("timeout", "0s", "The length of time to wait before giving up on a delete, zero means determine a timeout from the size of the object"),
    Flag::bool("wait", "false", "If true, wait for resources to be gone before returning. This waits for finalizers."),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "replace",
    usage: "replace -f FILENAME",
    short: "Replace a resource by file name or stdin",
    long: "Replace a resource by file name or stdin.\n\n JSON and YAML formats are accepted. If replacing an existing resource, the complete resource spec must be provided. This can be obtained by\n\n        $ kubectl get TYPE NAME -o yaml",
    examples: "# Replace a pod using the data in pod.json\nkubectl replace -f ./pod.json\n\n# Replace a pod based on the JSON passed into stdin\ncat pod.json | kubectl replace -f -\n\n# Update a single-container pod's image version (tag) to v4\nkubectl get pod mypod -o yaml | sed 's/\\(image: myimage\\):.*$/\\1:v4/' | kubectl replace -f -\n\n# Force replace, delete and then re-create the resource\nkubectl replace --force -f ./pod.json",
    flags: &[FLAGS, common::PRINT, common::DRY_RUN, common::SAVE_CONFIG, common::VALIDATE],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

async fn run(call: &Call) -> Outcome {
    let flags = &call.flags;
    let dry_run = DryRun::of(call)?;
    let report = Report::of(call, dry_run)?;
    let wrong = if flags.all("filename").is_empty() && flags.text("kustomize").is_empty() {
        "must specify one of -f and -k"
    } else if flags.int("grace-period") >= 0 && !flags.bool("force") {
        "--grace-period must have --force specified"
    } else if flags.micros("timeout") != 0 && !flags.bool("force") {
        "--timeout must have --force specified"
    } else if flags.bool("force") && dry_run != DryRun::No {
        "--dry-run can not be used when --force is set"
    } else {
        ""
    };
    if !wrong.is_empty() {
        return Err(Failure::text(wrong));
    }
    let validate = !matches!(flags.text("validate"), "false" | "ignore");
    let (infos, mut failures) = resolve::resolve(call, &Query { validate, ..Query::of(call) }).await?.split();
    if infos.is_empty() && failures.is_empty() {
        return Err(Failure::text("no objects passed to replace"));
    }
    if flags.bool("force") {
        delete_all(call, &infos).await?;
    }
    for mut info in infos {
        failures.extend(one(call, &mut info, dry_run, &report).err());
    }
    resolve::all_or(failures)
}

fn one(call: &Call, info: &mut Info, dry_run: DryRun, report: &Report) -> Outcome {
    let write = Write { manager: call.flags.text("field-manager"), dry_run: dry_run == DryRun::Server };
    let annotated = info.object.pointer("/metadata/annotations").is_some_and(|all| all.get(LAST_APPLIED).is_some());
    if call.flags.bool("save-config") || annotated {
        *info.object = common::annotated(&info.object);
    }
    let subresource = super::patch::subresource(call.flags.text("subresource"))?;
    if dry_run != DryRun::Client {
        let sent = if call.flags.bool("force") {
            objects::create(call, info, &write)
        } else {
            objects::update(call, info, subresource, &write)
        };
        let object = sent.map_err(|failure| failure.with_source("replacing", info.source.as_deref()))?;
        info.refresh(&object);
    }
    report.print(call, &info.object, "replaced")
}

/// Models the first half of `forceReplace`: what is there goes, and one waits until it is gone.
async fn delete_all(call: &Call, infos: &[Info]) -> Outcome {
    for info in infos {
        let grace = u32::try_from(call.flags.int("grace-period")).unwrap_or(0);
        let options = DeleteOptions { grace_period_seconds: Some(grace), ..DeleteOptions::by("kubectl-replace") };
        match objects::delete(call, info, options) {
            Ok(_) => {
                let place = if info.namespace.is_empty() {
                    String::new()
                } else {
                    format!(" from {} namespace", info.namespace)
                };
                call.sys.out.line(format!("{} \"{}\" deleted{place}", info.kind.qualified_singular(), info.name));
            }
            Err(failure) if failure.is_not_found() => {}
            Err(failure) => return Err(failure),
        }
        call.sys.wait(None, |cluster| cluster.get(info.kind, &info.namespace, &info.name).is_err().then_some(())).await;
    }
    Ok(())
}
