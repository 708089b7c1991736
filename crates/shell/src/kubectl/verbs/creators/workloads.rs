//! `kubectl create deployment`, `job` and `cronjob`. Models `create_deployment.go`, `create_job.go` and
//! `create_cronjob.go`.

use api::{Value, json};

use super::super::super::command::{Call, Running, Verb};
use super::super::super::errors::{Failure, Outcome};
use super::super::super::flags::Flag;
use super::super::common;
use super::super::create::{MANAGER, submit};

static DEPLOYMENT_FLAGS: &[Flag] = &[
    Flag::list("image", "Image names to run. A deployment can have multiple images set for multi-container pod.")
        .required(),
    Flag::int32("port", "-1", "The containerPort that this deployment exposes."),
    Flag::int32("replicas", "1", "Number of replicas to create. Default is 1.").short('r'),
];

/// `create deployment`
pub(super) static DEPLOYMENT: Verb = Verb {
    name: "deployment",
    aliases: &["deploy"],
    usage: "deployment NAME --image=image -- [COMMAND] [args...]",
    short: "Create a deployment with the specified name",
    long: "Create a deployment with the specified name.",
    examples: "# Create a deployment named my-dep that runs the busybox image\nkubectl create deployment my-dep --image=busybox\n\n# Create a deployment with a command\nkubectl create deployment my-dep --image=busybox -- date\n\n# Create a deployment named my-dep that runs the nginx image with 3 replicas\nkubectl create deployment my-dep --image=nginx --replicas=3\n\n# Create a deployment named my-dep that runs the busybox image and expose port 5701\nkubectl create deployment my-dep --image=busybox --port=5701\n\n# Create a deployment named my-dep that runs multiple containers\nkubectl create deployment my-dep --image=busybox:latest --image=ubuntu:latest --image=nginx",
    flags: &[DEPLOYMENT_FLAGS, MANAGER, common::PRINT, common::DRY_RUN, common::SAVE_CONFIG, common::VALIDATE],
    run: Some(|call| -> Running<'_> { Box::pin(async { deployment(call) }) }),
    ..Verb::EMPTY
};

static JOB_FLAGS: &[Flag] = &[
    Flag::text("from", "", "The name of the resource to create a Job from (only CronJob is supported)."),
    Flag::text("image", "", "Image name to run."),
];

/// `create job`
pub(super) static JOB: Verb = Verb {
    name: "job",
    usage: "job NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]",
    short: "Create a job with the specified name",
    long: "Create a job with the specified name.",
    examples: "# Create a job\nkubectl create job my-job --image=busybox\n\n# Create a job with a command\nkubectl create job my-job --image=busybox -- date\n\n# Create a job from a cron job named \"a-cronjob\"\nkubectl create job test-job --from=cronjob/a-cronjob",
    flags: &[JOB_FLAGS, MANAGER, common::PRINT, common::DRY_RUN, common::SAVE_CONFIG, common::VALIDATE],
    run: Some(|call| -> Running<'_> { Box::pin(async { job(call) }) }),
    ..Verb::EMPTY
};

static CRON_JOB_FLAGS: &[Flag] = &[
    Flag::text("image", "", "Image name to run.").required(),
    Flag::text("restart", "", "job's restart policy. supported values: OnFailure, Never"),
    Flag::text("schedule", "", "A schedule in the Cron format the job should be run with.").required(),
];

/// `create cronjob`
pub(super) static CRON_JOB: Verb = Verb {
    name: "cronjob",
    aliases: &["cj"],
    usage: "cronjob NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...] [flags]",
    short: "Create a cron job with the specified name",
    long: "Create a cron job with the specified name.",
    examples: "# Create a cron job\nkubectl create cronjob my-job --image=busybox --schedule=\"*/1 * * * *\"\n\n# Create a cron job with a command\nkubectl create cronjob my-job --image=busybox --schedule=\"*/1 * * * *\" -- date",
    flags: &[CRON_JOB_FLAGS, MANAGER, common::PRINT, common::DRY_RUN, common::SAVE_CONFIG, common::VALIDATE],
    run: Some(|call| -> Running<'_> { Box::pin(async { cron_job(call) }) }),
    ..Verb::EMPTY
};

/// The words after the name.
fn command(call: &Call) -> &[String] {
    call.args.get(1..).unwrap_or_default()
}

fn deployment(call: &Call) -> Outcome {
    let name = call.one_name()?;
    let images = call.flags.all("image");
    let command = command(call);
    if images.len() > 1 && !command.is_empty() {
        return Err(Failure::text("cannot specify multiple --image options and command"));
    }
    let mut containers: Vec<Value> = images
        .iter()
        .map(|image| json!({"image": image, "name": container_name(call, image), "resources": {}}))
        .collect();
    let port = call.flags.int("port");
    if let Some(first) = containers.first_mut() {
        if !command.is_empty() {
            first["command"] = json!(command);
        }
        if port >= 0 {
            first["ports"] = json!([{"containerPort": port}]);
        }
    }
    let labels = json!({"app": name});
    let object = json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"labels": labels, "name": name},
        "spec": {
            "replicas": call.flags.int("replicas"), "selector": {"matchLabels": labels}, "strategy": {},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": containers}},
        },
        "status": {},
    });
    submit(call, object, "failed to create deployment:")
}

/// The image's name without registry, tag and digest; one that had to be changed gets an end of its own. Models
/// `buildPodSpec` and `sanitizeAndUniquify`.
fn container_name(call: &Call, image: &str) -> String {
    let last = image.rsplit('/').next().unwrap_or(image);
    let plain = last.split([':', '@']).next().unwrap_or(last);
    if plain.contains(['_', '.']) {
        return format!("{}-{}", plain.replace(['_', '.'], "-"), common::random_end(call));
    }
    plain.to_owned()
}

fn job(call: &Call) -> Outcome {
    let name = call.one_name()?;
    let image = call.flags.text("image");
    if image.is_empty() == call.flags.text("from").is_empty() {
        return Err(Failure::text("either --image or --from must be specified"));
    }
    if image.is_empty() && !command(call).is_empty() {
        return Err(Failure::text("cannot specify --from and command"));
    }
    if image.is_empty() {
        return Err(Failure::text("--from is not simulated by this playground: it has no cron jobs"));
    }
    let container = container(call, name, image);
    let object = json!({
        "apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name},
        "spec": {"template": {"metadata": {}, "spec": {"containers": [container], "restartPolicy": "Never"}}},
        "status": {},
    });
    submit(call, object, "failed to create job:")
}

fn container(call: &Call, name: &str, image: &str) -> Value {
    let mut container = json!({"image": image, "name": name, "resources": {}});
    if !command(call).is_empty() {
        container["command"] = json!(command(call));
    }
    container
}

fn cron_job(call: &Call) -> Outcome {
    let name = call.one_name()?;
    let restart = Some(call.flags.text("restart")).filter(|policy| !policy.is_empty()).unwrap_or("OnFailure");
    let containers = [container(call, name, call.flags.text("image"))];
    let template = json!({"metadata": {}, "spec": {"containers": containers, "restartPolicy": restart}});
    let object = json!({
        "apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": name},
        "spec": {
            "jobTemplate": {"metadata": {"name": name}, "spec": {"template": template}},
            "schedule": call.flags.text("schedule"),
        },
        "status": {},
    });
    submit(call, object, "failed to create cronjob:")
}
