//! `kubectl exec`. Models `pkg/cmd/exec`.

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::resolve::{self, Query};
use super::super::{pods, sessions};

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
    examples: "# Get output from running the 'date' command from pod mypod, using the first container by default\nkubectl exec mypod -- date\n\n# Get output from running the 'date' command in ruby-container from pod mypod\nkubectl exec mypod -c ruby-container -- date\n\n# Switch to raw terminal mode; sends stdin to 'bash' in ruby-container from pod mypod\n# and sends stdout/stderr from 'bash' back to the client\nkubectl exec mypod -c ruby-container -i -t -- bash -il\n\n# List contents of /usr from the first container of pod mypod and sort by modification time\n# If the command you want to execute in the pod has any flags in common (e.g. -i),\n# you must use two dashes (--) to separate your command's flags/arguments\n# Also note, do not surround your command and its flags/arguments with quotes\n# unless that is how you would execute it normally (i.e., do ls -t /usr, not \"ls -t /usr\")\nkubectl exec mypod -i -t -- ls -t /usr\n\n# Get output from running 'date' command from the first pod of the deployment mydeployment, using the first container by default\nkubectl exec deploy/mydeployment -- date\n\n# Get output from running 'date' command from the first pod of the service myservice, using the first container by default\nkubectl exec svc/myservice -- date",
    flags: &[FLAGS],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

/// Models `ExecOptions.Complete`, `Validate` and `Run`.
async fn run(call: &Call) -> Outcome {
    let files = call.flags.all("filename");
    let (before, command) = match call.dash_at {
        Some(at) => call.args.split_at(at),
        None if call.args.len() > 1 || (!call.args.is_empty() && !files.is_empty()) => {
            return Err(
                call.usage_error("exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead")
            );
        }
        None => (&call.args[..], &[][..]),
    };
    if before.is_empty() && files.is_empty() {
        return Err(Failure::text("pod, type/name or --filename must be specified"));
    }
    if command.is_empty() {
        return Err(Failure::text("you must specify at least one command for the container"));
    }
    let pod = match before.first() {
        Some(word) => pods::attachable(call, word).await?.1,
        None => {
            let found = resolve::resolve(call, &Query { args: Vec::new(), latest: true, ..Query::of(call) }).await?;
            let mut infos = found.items.into_iter().collect::<Outcome<Vec<_>>>()?;
            match (infos.pop(), infos.is_empty()) {
                (Some(info), true) => {
                    pods::attachable(call, &format!("{}/{}", info.kind.group_resource(), info.name)).await?.1
                }
                _ => return Err(Failure::text("cannot exec into multiple objects at a time")),
            }
        }
    };
    let phase = pod.str(&["status", "phase"]);
    if matches!(phase, "Succeeded" | "Failed") {
        let text = format!("cannot exec into a container in a completed pod; current phase is {phase}");
        return Err(Failure::Text(text));
    }
    let container = match call.flags.text("container") {
        "" => pods::chosen_container(call, &pod, "")?,
        name if pods::container(&pod, name).is_some() => name.to_owned(),
        name => return Err(pods::not_valid(&pod, name)),
    };
    sessions::exec(call, &pod, &container, command).await
}
