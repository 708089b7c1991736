//! `kubectl exec`. Models `pkg/cmd/exec`.

use api::ObjectKey;

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::resolve;
use super::super::{objects, sessions};

static FLAGS: &[Flag] = &[
    Flag::text("container", "", "Container name. If omitted, use the kubectl.kubernetes.io/default-container annotation for selecting the container to be attached or the first container in the pod will be chosen").short('c'),
    Flag::list("filename", "to use to exec into the resource").short('f'),
    Flag::duration("pod-running-timeout", "1m0s", "The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running"),
    Flag::bool("quiet", "false", "Only print output from the remote session").short('q'),
    Flag::bool("stdin", "false", "Pass stdin to the container").short('i'),
    Flag::bool("tty", "false", "Stdin is a TTY").short('t'),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "exec",
    usage: "exec (POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]",
    short: "Execute a command in a container",
    long: "Execute a command in a container.",
    examples: "# Get output from running the 'date' command from pod mypod, using the first container by default\nkubectl exec mypod -- date",
    flags: &[FLAGS],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

async fn run(call: &Call) -> Outcome {
    let [target, command @ ..] = call.args.as_slice() else {
        return Err(Failure::text("pod, type/name or --filename must be specified"));
    };
    if call.dash_at == Some(0) {
        return Err(Failure::text("pod, type/name or --filename must be specified"));
    }
    if command.is_empty() {
        return Err(call.usage_error("you must specify at least one command for the container"));
    }
    if call.dash_at.is_none() {
        return Err(Failure::text(format!(
            "exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\nSee '{} -h' for help and examples",
            call.path
        )));
    }
    let pod = pod(call, target)?;
    sessions::exec(call, &pod, command).await
}

/// The pod that a word names: itself, or the first one behind a workload or a Service.
fn pod(call: &Call, target: &str) -> Outcome<ObjectKey> {
    let namespace = call.namespace();
    let (kind, name) = match target.split_once('/') {
        Some((kind, name)) => (resolve::kind(kind)?, name),
        None => (&api::pod::KIND, target),
    };
    let object = objects::get(call, kind, &namespace, name)?;
    if *kind == api::pod::KIND {
        return Ok(ObjectKey::new(kind, &namespace, name));
    }
    let selector = object.map(&["spec", "selector", "matchLabels"]).or_else(|| object.map(&["spec", "selector"]));
    let selector = selector.ok_or_else(|| Failure::Text(format!("cannot attach to *{}: no selector", kind.kind)))?;
    let pods = objects::list(call, &api::pod::KIND, Some(&namespace), "", "")?;
    let found = pods.iter().find(|pod| api::labels::matches_equality(selector, pod.labels()));
    let missing = || Failure::text("timed out waiting for the condition");
    found.map(|pod| ObjectKey::new(&api::pod::KIND, &namespace, pod.name())).ok_or_else(missing)
}
