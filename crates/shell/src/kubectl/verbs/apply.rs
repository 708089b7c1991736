//! `kubectl apply`. Models `pkg/cmd/apply`.

mod last_applied;

use std::sync::Arc;

use api::{Object, Reason, Status, Value, json};
use cluster::{DeleteOptions, Patch, apiserver::Subresource};

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::objects::{self, Info, Write};
use super::super::printers::{self, Printer};
use super::super::resolve::{self, Query};
use super::common::{self, DryRun, LAST_APPLIED, Report};
use super::prune::{self, Visited};

static FLAGS: &[Flag] = &[
    Flag::bool("all", "false", "Select all resources in the namespace of the specified resource types."),
    Flag::text("applyset", "", "[alpha] The name of the ApplySet that tracks which resources are being managed, for the purposes of determining what to prune. Live resources that are part of the ApplySet but have been removed from the provided configs will be deleted. Format: [RESOURCE][.GROUP]/NAME. A Secret will be used if no resource or group is specified.").hidden(),
    Flag::text("cascade", "background", "Must be \"background\", \"orphan\", or \"foreground\". Selects the deletion cascading strategy for the dependents (e.g. Pods created by a ReplicationController). Defaults to background.").bare("background"),
    Flag::text("field-manager", "kubectl-client-side-apply", "Name of the manager used to track field ownership."),
    Flag::list("filename", "The files that contain the configurations to apply.").short('f'),
    Flag::bool("force", "false", "If true, immediately remove resources from API and bypass graceful deletion. Note that immediate deletion of some resources may result in inconsistency or data loss and requires confirmation."),
    Flag::bool("force-conflicts", "false", "If true, server-side apply will force the changes against conflicts."),
    Flag::int("grace-period", "-1", "Period of time in seconds given to the resource to terminate gracefully. Ignored if negative. Set to 1 for immediate shutdown. Can only be set to 0 when --force is true (force deletion)."),
    common::KUSTOMIZE_A,
    Flag::bool("openapi-patch", "true", "If true, use openapi to calculate diff when the openapi presents and the resource can be found in the openapi spec. Otherwise, fall back to use baked-in types."),
    Flag::bool("overwrite", "true", "Automatically resolve conflicts between the modified and live configuration by using values from the modified configuration"),
    Flag::bool("prune", "false", "Automatically delete resource objects, that do not appear in the configs and are created by either apply or create --save-config. Should be used with either -l or --all."),
    Flag::array("prune-allowlist", "Overwrite the default allowlist with <group/version/kind> for --prune"),
    common::RECURSIVE,
    common::SELECTOR,
    Flag::bool("server-side", "false", "If true, apply runs in the server instead of the client."),
    Flag::text("subresource", "", "If specified, apply will operate on the subresource of the requested object.  Only allowed when using --server-side."),
    Flag::duration("timeout", "0s", "The length of time to wait before giving up on a delete, zero means determine a timeout from the size of the object"),
    Flag::bool("wait", "false", "If true, wait for resources to be gone before returning. This waits for finalizers."),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "apply",
    usage: "apply (-f FILENAME | -k DIRECTORY)",
    short: "Apply a configuration to a resource by file name or stdin",
    long: "Apply a configuration to a resource by file name or stdin. The resource name must be specified. This resource will be created if it doesn't exist yet. To use 'apply', always create the resource initially with either 'apply' or 'create --save-config'.\n\n JSON and YAML formats are accepted.\n\n Alpha Disclaimer: the --prune functionality is not yet complete. Do not use unless you are aware of what the current state is. See https://issues.k8s.io/34274.",
    examples: "# Apply the configuration in pod.json to a pod\nkubectl apply -f ./pod.json\n\n# Apply resources from a directory containing kustomization.yaml - e.g. dir/kustomization.yaml\nkubectl apply -k dir/\n\n# Apply the JSON passed into stdin to a pod\ncat pod.json | kubectl apply -f -\n\n# Apply the configuration from all files that end with '.json'\nkubectl apply -f '*.json'\n\n# Note: --prune is still in Alpha\n# Apply the configuration in manifest.yaml that matches label app=nginx and delete all other resources that are not in the file and match label app=nginx\nkubectl apply --prune -f manifest.yaml -l app=nginx\n\n# Apply the configuration in manifest.yaml and delete all the other config maps that are not in the file\nkubectl apply --prune -f manifest.yaml --all --prune-allowlist=core/v1/ConfigMap",
    flags: &[FLAGS, common::PRINT, common::DRY_RUN, common::VALIDATE],
    verbs: &[&last_applied::EDIT, &last_applied::SET, &last_applied::VIEW],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

/// Models `ApplyOptions.Validate`.
fn check(call: &Call, dry_run: DryRun) -> Outcome {
    let flags = &call.flags;
    let (server_side, force, prune) = (flags.bool("server-side"), flags.bool("force"), flags.bool("prune"));
    let selects = !flags.text("selector").is_empty();
    let wrong = if flags.bool("force-conflicts") && !server_side {
        "--force-conflicts only works with --server-side"
    } else if dry_run == DryRun::Client && server_side {
        "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)"
    } else if server_side && force {
        "--force cannot be used with --server-side"
    } else if dry_run == DryRun::Server && force {
        "--dry-run=server cannot be used with --force"
    } else if flags.bool("all") && selects {
        "cannot set --all and --selector at the same time"
    } else if !flags.text("applyset").is_empty() {
        "--applyset is not simulated by this playground"
    } else if prune && force {
        "--force cannot be used with --prune"
    } else if prune && !flags.bool("all") && !selects {
        "all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector"
    } else if prune && server_side {
        "--prune is in alpha and doesn't currently work on objects created by server-side apply"
    } else if !flags.text("subresource").is_empty() && !server_side {
        "--subresource can only be specified for --server-side"
    } else {
        return Ok(());
    };
    Err(Failure::text(wrong))
}

async fn run(call: &Call) -> Outcome {
    let flags = &call.flags;
    if !call.args.is_empty() {
        return Err(call.usage_error(format!("Unexpected args: [{}]", call.args.join(" "))));
    }
    let dry_run = DryRun::of(call)?;
    if flags.all("filename").is_empty() && flags.text("kustomize").is_empty() {
        return Err(Failure::text("must specify one of -f and -k"));
    }
    let kinds = prune::kinds(call)?;
    check(call, dry_run)?;
    let server_side = flags.bool("server-side");
    let printer = Printer::of(call, false)?;
    let collect = printer.as_ref().is_some_and(|printer| !printer.is_name());
    let query =
        Query { validate: flags.text("validate") != "false" && flags.text("validate") != "ignore", ..Query::of(call) };
    let (infos, mut failures) = resolve::resolve(call, &query).await?.split();
    if infos.is_empty() && failures.is_empty() {
        return Err(Failure::text("no objects passed to apply"));
    }
    let report = Report::of(call, dry_run)?;
    let (mut done, mut visited) = (Vec::new(), Visited::default());
    if call.namespace_given() {
        visited.mark_namespace(&call.namespace());
    }
    for mut info in infos {
        let applied =
            if server_side { on_server(call, &mut info, dry_run) } else { one(call, &mut info, dry_run).await };
        let applied = applied.and_then(|word| {
            if !collect {
                report.print(call, &info.object, word)?;
            }
            visited.mark(&info);
            done.push(info.object.into_value());
            Ok(())
        });
        failures.extend(applied.err());
    }
    resolve::all_or(failures)?;
    if let Some(printer) = printer.filter(|_| collect) {
        let whole = if done.len() == 1 { done.pop().unwrap_or_default() } else { printers::list(done) };
        printer.print(call, &whole)?;
    }
    if flags.bool("prune") {
        for info in prune::candidates(call, &kinds, &visited)? {
            if dry_run != DryRun::Client {
                let options = DeleteOptions {
                    grace_period_seconds: u32::try_from(flags.int("grace-period")).ok(),
                    dry_run: dry_run == DryRun::Server,
                    ..DeleteOptions::by("kubectl")
                };
                objects::delete(call, &info, options)?;
            }
            report.print(call, &info.object, "pruned")?;
        }
    }
    Ok(())
}

/// Creates or changes one object; says which. Models `applyOneObject`.
async fn one(call: &Call, info: &mut Info, dry_run: DryRun) -> Outcome<&'static str> {
    named(info)?;
    let source = info.source.clone();
    let modified = common::annotated(&info.object);
    let write = Write { manager: call.flags.text("field-manager"), dry_run: dry_run == DryRun::Server };
    let mut live = info.clone();
    if let Err(failure) = live.get(call) {
        if !failure.is_not_found() {
            let verb = format!("retrieving current configuration of:\n{}\nfrom server for:", describe(info));
            return Err(failure.with_source(&verb, source.as_deref()));
        }
        *info.object = without_nulls(&modified);
        if dry_run != DryRun::Client {
            let created =
                objects::create(call, info, &write).map_err(|f| f.with_source("creating", source.as_deref()))?;
            info.refresh(&created);
        }
        return Ok("created");
    }
    let annotation = live.object.pointer("/metadata/annotations").and_then(|all| all.get(LAST_APPLIED)?.as_str());
    if annotation.is_none() {
        call.sys.err.write(format!(
            "Warning: resource {}/{} is missing the {LAST_APPLIED} annotation which is required by kubectl apply. kubectl \
             apply should only be used on resources created declaratively by either kubectl create --save-config or \
             kubectl apply. The missing annotation will be patched automatically.\n",
            info.kind.plural, info.name
        ));
    }
    let patch = api::patch::three_way(info.kind, &common::originally_applied(&live.object), &modified, &live.object);
    if patch == json!({}) {
        info.object = live.object;
        return Ok("unchanged");
    }
    if dry_run == DryRun::Client {
        *info.object = api::patch::apply(info.kind, &live.object, &patch).map_err(Failure::Text)?;
        return Ok("configured");
    }
    let sent = objects::patch(call, &live, Patch::Strategic(patch.clone()), Subresource::Main, &write);
    let (object, changed) = match sent {
        Err(Failure::Status(status)) if replaceable(&status) && call.flags.bool("force") => {
            (anew(call, &live, modified, &write).await?, true)
        }
        sent => sent.map_err(|failure| {
            let failure = failure.with_source("patching", source.as_deref());
            let verb =
                format!("applying patch:\n{}\nto:\n{}\nfor:", manifest::to_json_compact(&patch), describe(&live));
            failure.with_source(&verb, source.as_deref())
        })?,
    };
    info.refresh(&object);
    going(call, info);
    Ok(if changed { "configured" } else { "unchanged" })
}

/// Whether `--force` makes a refused object anew.
fn replaceable(status: &Status) -> bool {
    matches!(status.reason, Reason::Conflict | Reason::Invalid)
}

/// Deletes the object and creates it as it is wanted. Models `Patcher.deleteAndCreate`.
async fn anew(call: &Call, live: &Info, modified: Value, write: &Write<'_>) -> Outcome<Arc<Object>> {
    let grace = u32::try_from(call.flags.int("grace-period")).unwrap_or(0);
    let options = DeleteOptions { grace_period_seconds: Some(grace), ..DeleteOptions::by(write.manager) };
    objects::delete(call, live, options)?;
    let (namespace, name) = (&live.namespace, &live.name);
    call.sys.wait(None, |cluster| cluster.get(live.kind, namespace, name).is_err().then_some(())).await;
    objects::create(call, &Info { object: modified.into(), ..live.clone() }, write)
}

const CONFLICT: &str = "Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the `--force-conflicts` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts";

/// `--server-side`.
fn on_server(call: &Call, info: &mut Info, dry_run: DryRun) -> Outcome<&'static str> {
    named(info)?;
    let manager = if call.flags.changed("field-manager") { call.flags.text("field-manager") } else { "kubectl" };
    let write = Write { manager, dry_run: dry_run == DryRun::Server };
    let patch = Patch::Apply { object: info.object.to_value(), force: call.flags.bool("force-conflicts") };
    let subresource = super::patch::subresource(call.flags.text("subresource"))?;
    let sent = objects::patch(call, info, patch, subresource, &write);
    let (object, _) = sent.map_err(|failure| match failure {
        Failure::Status(status) if status.reason == Reason::Conflict => {
            Failure::Text(format!("{}\n{CONFLICT}", status.message))
        }
        other => other,
    })?;
    info.refresh(&object);
    going(call, info);
    Ok("serverside-applied")
}

/// Whether an object has a name.
///
/// # Errors
/// When the server is to give one.
fn named(info: &Info) -> Outcome {
    let generated = info.object.pointer("/metadata/generateName").and_then(Value::as_str).unwrap_or_default();
    if info.name.is_empty() && !generated.is_empty() {
        return Err(Failure::Text(format!("from {generated}: cannot use generate name with apply")));
    }
    Ok(())
}

/// Models `WarnIfDeleting`.
fn going(call: &Call, info: &Info) {
    if info.object.pointer("/metadata/deletionTimestamp").is_some() {
        call.warn(&format!("Detected changes to resource {} which is currently being deleted.", info.name));
    }
}

/// Models `Info.String` as errors of apply have it.
fn describe(info: &Info) -> String {
    let gvr = format!("{}/{}, Resource={}", info.kind.group, info.kind.version, info.kind.plural);
    let gvk = format!("{}/{}, Kind={}", info.kind.group, info.kind.version, info.kind.kind);
    let quote = api::field::go_quote;
    format!(
        "Resource: {}, GroupVersionKind: {}\nName: {}, Namespace: {}",
        quote(&gvr),
        quote(&gvk),
        quote(&info.name),
        quote(&info.namespace)
    )
}

/// What a create sends: apply drops nulls, as a later patch would. Models `pruneNullsFromMap`.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key.clone(), without_nulls(value)))
            .collect(),
        Value::Array(list) => list.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}
