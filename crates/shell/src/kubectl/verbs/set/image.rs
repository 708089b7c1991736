//! `kubectl set image`. Models `pkg/cmd/set/set_image.go`.

use api::Value;
use cluster::{Patch, apiserver::Subresource};

use super::super::super::command::{Call, Running, Verb};
use super::super::super::errors::{Failure, Outcome};
use super::super::super::flags::Flag;
use super::super::super::objects::{self, Info, Write};
use super::super::super::resolve::{self, Query};
use super::super::common::{self, DryRun, Report};

static FLAGS: &[Flag] = &[
    Flag::bool("all", "false", "Select all resources, in the namespace of the specified resource types"),
    Flag::text("field-manager", "kubectl-set", "Name of the manager used to track field ownership."),
    Flag::list("filename", "Filename, directory, or URL to files identifying the resource to get from a server.")
        .short('f'),
    common::KUSTOMIZE,
    Flag::bool("local", "false", "If true, set image will NOT contact api-server but run locally."),
    common::RECURSIVE,
    common::SELECTOR,
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "image",
    usage: "image (-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N",
    short: "Update the image of a pod template",
    long: "Update existing container image(s) of resources.",
    examples: "# Set a deployment's nginx container image to 'nginx:1.9.1', and its busybox container image to 'busybox'\nkubectl set image deployment/nginx busybox=busybox nginx=nginx:1.9.1",
    flags: &[FLAGS, common::PRINT, common::DRY_RUN],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

async fn run(call: &Call) -> Outcome {
    let is_pair = |word: &String| word.contains('=') && !word.starts_with('=');
    let first = call.args.iter().position(is_pair).unwrap_or(call.args.len());
    let (resources, pairs) = call.args.split_at(first);
    if let Some(word) = pairs.iter().find(|word| !is_pair(word)) {
        return Err(Failure::Text(format!("all resources must be specified before image changes: {word}")));
    }
    let images: Vec<(&str, &str)> = pairs.iter().filter_map(|pair| pair.split_once('=')).collect();
    let dry_run = DryRun::of(call)?;
    let report = Report::of(call, dry_run)?;
    let query = Query { args: resources.to_vec(), latest: true, ..Query::of(call) };
    let (infos, mut failures) = resolve::resolve(call, &query).await?.split();
    if !failures.is_empty() {
        return resolve::all_or(failures);
    }
    if images.is_empty() {
        return Err(Failure::text("at least one image update is required"));
    }
    for info in infos {
        failures.extend(one(call, info, &images, dry_run, &report).err());
    }
    resolve::all_or(failures)
}

fn one(call: &Call, mut info: Info, images: &[(&str, &str)], dry_run: DryRun, report: &Report) -> Outcome {
    let path = match info.kind.kind {
        "Pod" => "/spec",
        "CronJob" => "/spec/jobTemplate/spec/template/spec",
        _ => "/spec/template/spec",
    };
    let mut changed = info.object.clone();
    let Some(spec) = changed.pointer_mut(path).filter(|spec| spec.is_object()) else {
        return Err(Failure::Text(format!(
            "the object is not a pod or does not have a pod template: {}",
            info.kind.kind
        )));
    };
    let mut failures = Vec::new();
    for (name, image) in images {
        let mut found = false;
        for list in ["initContainers", "containers"] {
            for container in spec.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
                if *name == "*" || container.get("name").is_some_and(|n| n == name) {
                    container["image"] = (*image).into();
                    found = true;
                }
            }
        }
        if !found {
            failures.push(Failure::Text(format!("unable to find container named {}", api::field::go_quote(name))));
        }
    }
    resolve::all_or(failures)?;
    if changed == info.object {
        return Ok(());
    }
    if dry_run == DryRun::Client || call.flags.bool("local") {
        return report.print(call, &changed, "image updated");
    }
    let patch = api::patch::three_way(info.kind, &info.object, &changed, &info.object);
    let write = Write { manager: call.flags.text("field-manager"), dry_run: dry_run == DryRun::Server };
    let (object, _) =
        objects::patch(call, &info, Patch::Strategic(patch), Subresource::Main, &write).map_err(|failure| {
            Failure::Text(format!("failed to patch image update to pod template: {}", failure.message()))
        })?;
    info.refresh(&object);
    report.print(call, &info.object, "image updated")
}
