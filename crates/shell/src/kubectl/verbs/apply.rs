//! `kubectl apply`. Models `pkg/cmd/apply`.

use api::{Value, json};
use cluster::{Patch, apiserver::Subresource};

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::objects::{self, Info, Write};
use super::super::printers::{self, Printer};
use super::super::resolve::{self, Query};
use super::common::{self, DryRun, LAST_APPLIED, Report};

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
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

async fn run(call: &Call) -> Outcome {
    let flags = &call.flags;
    if !call.args.is_empty() {
        return Err(call.usage_error(format!(
            "Unexpected args: [{}]\nSee '{} -h' for help and examples",
            call.args.join(" "),
            call.path
        )));
    }
    if flags.all("filename").is_empty() && flags.text("kustomize").is_empty() {
        return Err(Failure::text("must specify one of -f and -k"));
    }
    let dry_run = DryRun::of(call)?;
    let server_side = flags.bool("server-side");
    if flags.bool("force-conflicts") && !server_side {
        return Err(Failure::text("--force-conflicts only works with --server-side"));
    }
    if dry_run == DryRun::Client && server_side {
        return Err(Failure::text(
            "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)",
        ));
    }
    if flags.bool("prune") {
        return Err(Failure::text("--prune is not simulated by this playground"));
    }
    let printer = Printer::of(call, false)?;
    let collect = printer.as_ref().is_some_and(|printer| !printer.is_name());
    let query =
        Query { validate: flags.text("validate") != "false" && flags.text("validate") != "ignore", ..Query::of(call) };
    let (infos, mut failures) = resolve::resolve(call, &query).await?.split();
    if infos.is_empty() && failures.is_empty() {
        return Err(Failure::text("no objects passed to apply"));
    }
    let report = Report::of(call, dry_run)?;
    let mut done = Vec::new();
    for mut info in infos {
        let applied = if server_side { on_server(call, &mut info, dry_run) } else { one(call, &mut info, dry_run) };
        let applied = applied.and_then(|word| {
            if !collect {
                report.print(call, &info.object, word)?;
            }
            done.push(info.object);
            Ok(())
        });
        failures.extend(applied.err());
    }
    resolve::all_or(failures)?;
    if let Some(printer) = printer.filter(|_| collect) {
        let whole = if done.len() == 1 { done.pop().unwrap_or_default() } else { printers::list(done) };
        printer.print(call, &whole)?;
    }
    Ok(())
}

/// Creates or changes one object; says which. Models `applyOneObject`.
fn one(call: &Call, info: &mut Info, dry_run: DryRun) -> Outcome<&'static str> {
    let generated = info.object.pointer("/metadata/generateName").and_then(Value::as_str).unwrap_or_default();
    if info.name.is_empty() && !generated.is_empty() {
        return Err(Failure::Text(format!("from {generated}: cannot use generate name with apply")));
    }
    let source = info.source.clone();
    let modified = common::annotated(&info.object);
    let write = Write { manager: call.flags.text("field-manager"), dry_run: dry_run == DryRun::Server };
    let mut live = info.clone();
    if let Err(failure) = live.get(call) {
        if !failure.is_not_found() {
            let verb = format!("retrieving current configuration of:\n{}\nfrom server for:", describe(info));
            return Err(failure.with_source(&verb, source.as_deref()));
        }
        info.object = without_nulls(&modified);
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
        info.object = api::patch::apply(info.kind, &live.object, &patch).map_err(Failure::Text)?;
        return Ok("configured");
    }
    let (object, changed) = objects::patch(call, &live, Patch::Strategic(patch.clone()), Subresource::Main, &write)
        .map_err(|f| {
            let verb =
                format!("applying patch:\n{}\nto:\n{}\nfor:", manifest::to_json_compact(&patch), describe(&live));
            f.with_source(&verb, source.as_deref())
        })?;
    info.refresh(&object);
    if info.object.pointer("/metadata/deletionTimestamp").is_some() {
        call.warn(&format!("Detected changes to resource {} which is currently being deleted.", info.name));
    }
    Ok(if changed { "configured" } else { "unchanged" })
}

/// `--server-side`.
fn on_server(call: &Call, info: &mut Info, dry_run: DryRun) -> Outcome<&'static str> {
    let manager = if call.flags.changed("field-manager") { call.flags.text("field-manager") } else { "kubectl" };
    let write = Write { manager, dry_run: dry_run == DryRun::Server };
    let patch = Patch::Apply { object: info.object.clone(), force: call.flags.bool("force-conflicts") };
    let (object, _) = objects::patch(call, info, patch, Subresource::Main, &write)?;
    info.refresh(&object);
    Ok("serverside-applied")
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
