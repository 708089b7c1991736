//! `kubectl patch`. Models `pkg/cmd/patch`.

use cluster::{Patch, apiserver::Subresource};

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::objects::{self, Info, Write};
use super::super::resolve::{self, Query};
use super::common::{self, DryRun, Report};
use super::overrides;

static FLAGS: &[Flag] = &[
    Flag::text("field-manager", "kubectl-patch", "Name of the manager used to track field ownership."),
    Flag::list("filename", "Filename, directory, or URL to files identifying the resource to update").short('f'),
    common::KUSTOMIZE,
    Flag::bool(
        "local",
        "false",
        "If true, patch will operate on the content of the file, not the server-side resource.",
    ),
    Flag::text("patch", "", "The patch to be applied to the resource JSON file.").short('p'),
    Flag::text("patch-file", "", "A file containing a patch to be applied to the resource."),
    common::RECURSIVE,
    Flag::text("subresource", "", "If specified, patch will operate on the subresource of the requested object."),
    Flag::text("type", "strategic", "The type of patch being provided; one of [json merge strategic]"),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "patch",
    usage: "patch (-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]",
    short: "Update fields of a resource",
    long: "Update fields of a resource using strategic merge patch, a JSON merge patch, or a JSON patch.\n\n JSON and YAML formats are accepted.\n\n Note: Strategic merge patch is not supported for custom resources.",
    examples: "# Partially update a node using a strategic merge patch, specifying the patch as JSON\nkubectl patch node k8s-node-1 -p '{\"spec\":{\"unschedulable\":true}}'\n\n# Partially update a node using a strategic merge patch, specifying the patch as YAML\nkubectl patch node k8s-node-1 -p $'spec:\\n unschedulable: true'\n\n# Partially update a node identified by the type and name specified in \"node.json\" using strategic merge patch\nkubectl patch -f node.json -p '{\"spec\":{\"unschedulable\":true}}'\n\n# Update a container's image; spec.containers[*].name is required because it's a merge key\nkubectl patch pod valid-pod -p '{\"spec\":{\"containers\":[{\"name\":\"kubernetes-serve-hostname\",\"image\":\"new image\"}]}}'\n\n# Update a container's image using a JSON patch with positional arrays\nkubectl patch pod valid-pod --type='json' -p='[{\"op\": \"replace\", \"path\": \"/spec/containers/0/image\", \"value\":\"new image\"}]'\n\n# Update a deployment's replicas through the 'scale' subresource using a merge patch\nkubectl patch deployment nginx-deployment --subresource='scale' --type='merge' -p '{\"spec\":{\"replicas\":2}}'",
    flags: &[FLAGS, common::PRINT, common::DRY_RUN],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

async fn run(call: &Call) -> Outcome {
    let flags = &call.flags;
    let kind = flags.text("type");
    if flags.changed("patch") && flags.changed("patch-file") {
        return Err(Failure::text("cannot specify --patch and --patch-file together"));
    }
    if flags.text("patch").is_empty() && flags.text("patch-file").is_empty() {
        return Err(Failure::text("must specify --patch or --patch-file containing the contents of the patch"));
    }
    let dry_run = DryRun::of(call)?;
    if flags.bool("local") && !call.args.is_empty() {
        return Err(Failure::text("cannot specify --local and server resources"));
    }
    if flags.bool("local") && dry_run == DryRun::Server {
        return Err(Failure::text("cannot specify --local and --dry-run=server - did you mean --dry-run=client?"));
    }
    if !matches!(kind.to_lowercase().as_str(), "json" | "merge" | "strategic") {
        return Err(Failure::Text(format!("--type must be one of [json merge strategic], not \"{kind}\"")));
    }
    let subresource = subresource(flags.text("subresource"))?;
    let report = Report::of(call, dry_run)?;
    let text = match flags.text("patch-file") {
        "" => flags.text("patch").to_owned(),
        path => call
            .sys
            .read_file(path)
            .map_err(|_| Failure::Text(format!("unable to read patch file: open {path}: no such file or directory")))?,
    };
    let (infos, mut failures) = resolve::resolve(call, &Query::of(call)).await?.split();
    if infos.is_empty() && failures.is_empty() {
        return Err(Failure::text("no objects passed to patch"));
    }
    let here = dry_run == DryRun::Client || flags.bool("local");
    let patch = read(&text, &kind.to_lowercase(), here);
    for info in infos {
        let done = patch.clone().and_then(|patch| one(call, info, patch, subresource, dry_run, &report));
        failures.extend(done.err());
    }
    resolve::all_or(failures)
}

/// The part of the object that `--subresource` names.
pub(super) fn subresource(word: &str) -> Outcome<Subresource> {
    match word {
        "" => Ok(Subresource::Main),
        "status" => Ok(Subresource::Status),
        "scale" => Ok(Subresource::Scale),
        other => {
            Err(Failure::Text(format!("invalid subresource value: \"{other}\". Must be one of [status scale resize]")))
        }
    }
}

/// A patch as the server reads it, or kubectl itself (`here`): kubectl makes JSON of YAML, and leaves to the server what begins like JSON.
/// Models `yaml.ToJSON`, then `applyJSPatch` and `strategicPatchObject` of apiserver `pkg/endpoints/handlers/patch.go`.
fn read(text: &str, kind: &str, here: bool) -> Outcome<Patch> {
    let refused = |why: String| {
        let why = if kind == "strategic" { why } else { format!("error decoding patch: {why}") };
        Failure::from(api::Status::bad_request(why))
    };
    let value = if text.trim_start().starts_with('{') {
        let wrong = |why| if here { Failure::text("invalid JSON document") } else { refused(why) };
        manifest::from_json(text).map_err(wrong)?
    } else {
        let stream = manifest::parse(text);
        let why = stream.errors().next().map(ToString::to_string).unwrap_or_default();
        let why = why.strip_prefix("error converting YAML to JSON: ").unwrap_or(&why);
        let value = stream.documents.first().and_then(|document| document.value());
        value.cloned().ok_or_else(|| Failure::Text(format!("unable to parse {}: {why}", api::field::go_quote(text))))?
    };
    let (fits, into) = match kind {
        "json" => (value.is_array(), "[]handlers.jsonPatchOp"),
        _ => (value.is_object(), "map[string]interface {}"),
    };
    if !fits {
        let what = api::decode::json_type(&value);
        return Err(refused(format!("json: cannot unmarshal {what} into Go value of type {into}")));
    }
    Ok(match kind {
        "json" => Patch::Json(value),
        "merge" => Patch::Merge(value),
        _ => Patch::Strategic(value),
    })
}

fn one(
    call: &Call,
    mut info: Info,
    patch: Patch,
    subresource: Subresource,
    dry_run: DryRun,
    report: &Report,
) -> Outcome {
    let before = info.object.to_value();
    if dry_run == DryRun::Client || call.flags.bool("local") {
        *info.object = match &patch {
            Patch::Merge(change) => overrides::merge(before.clone(), change),
            Patch::Strategic(change) => api::patch::apply(info.kind, &before, change).map_err(Failure::Text)?,
            Patch::Json(change) => cluster::apiserver::json_patched(&before, change)?,
            Patch::Apply { .. } => before.clone(),
        };
    } else {
        let write = Write { manager: call.flags.text("field-manager"), dry_run: dry_run == DryRun::Server };
        let (object, _) = objects::patch(call, &info, patch, subresource, &write)?;
        info.refresh(&object);
    }
    let word = if *info.object == before { "patched (no change)" } else { "patched" };
    report.print(call, &info.object, word)
}
