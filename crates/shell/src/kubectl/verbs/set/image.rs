//! `kubectl set image`. Models `pkg/cmd/set/set_image.go`.

use api::Value;

use super::super::super::command::{Call, Running, Verb};
use super::super::super::errors::{Failure, Outcome};
use super::super::super::flags::Flag;
use super::super::super::resolve;
use super::super::common;
use super::update::{LISTS, Update};

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
    long: "Update existing container image(s) of resources.\n\n Possible resources include (case insensitive):\n\n        pod (po), replicationcontroller (rc), deployment (deploy), daemonset (ds), statefulset (sts), cronjob (cj), replicaset (rs)",
    examples: "# Set a deployment's nginx container image to 'nginx:1.9.1', and its busybox container image to 'busybox'\nkubectl set image deployment/nginx busybox=busybox nginx=nginx:1.9.1\n\n# Update all deployments' and rc's nginx container's image to 'nginx:1.9.1'\nkubectl set image deployments,rc nginx=nginx:1.9.1 --all\n\n# Update image of all containers of daemonset abc to 'nginx:1.9.1'\nkubectl set image daemonset abc *=nginx:1.9.1\n\n# Print result (in yaml format) of updating nginx container image from local file, without hitting the server\nkubectl set image -f path/to/file.yaml nginx=nginx:1.9.1 --local -o yaml",
    flags: &[FLAGS, common::PRINT, common::DRY_RUN],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

async fn run(call: &Call) -> Outcome {
    let update = Update::of(call, "failed to patch image update to pod template:", "image updated")?;
    let is_pair =
        |word: &String| (word.contains('=') && !word.starts_with('=')) || (word.ends_with('-') && word.len() > 1);
    let first = call.args.iter().position(is_pair).unwrap_or(call.args.len());
    let (resources, pairs) = call.args.split_at(first);
    if let Some(word) = pairs.iter().find(|word| !is_pair(word)) {
        return Err(Failure::Text(format!("all resources must be specified before image changes: {word}")));
    }
    let (images, wrong): (Vec<&String>, Vec<&String>) = pairs.iter().partition(|pair| pair.contains('='));
    if !wrong.is_empty() {
        let wrong: Vec<&str> = wrong.into_iter().map(String::as_str).collect();
        return Err(Failure::Text(format!("invalid image format: {}", wrong.join(", "))));
    }
    let images: Vec<(&str, &str)> = images.iter().filter_map(|pair| pair.split_once('=')).collect();
    let infos = update.objects(resources).await?;
    check(call, &images)?;
    update.check_local()?;
    update.run(infos, |spec, _| {
        let missing = images.iter().filter(|(name, image)| !set(spec, name, image));
        let missing = missing.map(|(name, _)| {
            Failure::Text(format!("error: unable to find container named {}", api::field::go_quote(name)))
        });
        resolve::all_or(missing.collect())
    })
}

/// Models `SetImageOptions.Validate`.
fn check(call: &Call, images: &[(&str, &str)]) -> Outcome {
    let mut wrong = Vec::new();
    if call.flags.bool("all") && !call.flags.text("selector").is_empty() {
        wrong.push("cannot set --all and --selector at the same time");
    }
    if images.is_empty() {
        wrong.push("at least one image update is required");
    } else if images.len() > 1 && images.iter().any(|(name, _)| *name == "*") {
        wrong.push(
            "all containers are already specified by *, but saw more than one container_name=container_image pairs",
        );
    }
    resolve::all_or(wrong.into_iter().map(Failure::text).collect())
}

/// Sets the image of containers of a name, or of all; says whether there was one. Models `setImage`.
fn set(spec: &mut Value, name: &str, image: &str) -> bool {
    let mut found = false;
    for list in LISTS {
        for container in spec.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            if name == "*" || container.get("name").is_some_and(|known| known == name) {
                container["image"] = image.into();
                found = true;
            }
        }
    }
    found
}
