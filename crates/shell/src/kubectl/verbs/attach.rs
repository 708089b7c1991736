//! `kubectl attach`. Models `pkg/cmd/attach`.

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::{pods, sessions};
use super::logs::{self, Stream};

static FLAGS: &[Flag] = &[
    Flag::text("container", "", "Container name. If omitted, use the kubectl.kubernetes.io/default-container annotation for selecting the container to be attached or the first container in the pod will be chosen").short('c'),
    Flag::text("detach-keys", "ctrl-p,ctrl-q", "Override the key sequence for detaching a container."),
    Flag::duration("pod-running-timeout", "1m0s", "The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running"),
    Flag::bool("quiet", "false", "Only print output from the remote session").short('q'),
    Flag::bool("stdin", "false", "Pass stdin to the container").short('i'),
    Flag::bool("tty", "false", "Stdin is a TTY").short('t'),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "attach",
    usage: "attach (POD | TYPE/NAME) -c CONTAINER",
    short: "Attach to a running container",
    long: "Attach to a process that is already running inside an existing container.",
    examples: "# Get output from running pod mypod; use the 'kubectl.kubernetes.io/default-container' annotation\n# for selecting the container to be attached or the first container in the pod will be chosen\nkubectl attach mypod\n\n# Get output from ruby-container from pod mypod\nkubectl attach mypod -c ruby-container\n\n# Switch to raw terminal mode; sends stdin to 'bash' in ruby-container from pod mypod\n# and sends stdout/stderr from 'bash' back to the client\nkubectl attach mypod -c ruby-container -i -t\n\n# Get output from the first pod of a replica set named nginx\nkubectl attach rs/nginx",
    flags: &[FLAGS],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

async fn run(call: &Call) -> Outcome {
    let word = match call.args.as_slice() {
        [] => return Err(Failure::text("at least 1 argument is required for attach")),
        [word] => word.clone(),
        [kind, name] => format!("{kind}/{name}"),
        all => {
            return Err(Failure::Text(format!(
                "expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw {}: [{}]",
                all.len(),
                all.join(" ")
            )));
        }
    };
    if call.flags.micros("pod-running-timeout") <= 0 {
        return Err(Failure::text("--pod-running-timeout must be higher than zero"));
    }
    let (_, pod) = pods::attachable(call, &word).await?;
    let phase = pod.str(&["status", "phase"]);
    if matches!(phase, "Succeeded" | "Failed") {
        return Err(Failure::Text(format!("cannot attach a container in a completed pod; current phase is {phase}")));
    }
    let container = pods::chosen_container(call, &pod, call.flags.text("container"))
        .map_err(|failure| Failure::Text(format!("cannot attach to the container: {}", failure.message())))?;
    let takes_input = pods::container(&pod, &container).is_some_and(|container| container.get("stdin").is_some());
    if call.flags.bool("stdin") && takes_input {
        return sessions::join(call, &pod, &container).await;
    }
    sessions::announce(call);
    let stream = Stream::new(&pod, &container).skip_to_now(call);
    logs::follow(call, vec![stream], |_, line| call.sys.out.line(&line.text)).await;
    Ok(())
}
