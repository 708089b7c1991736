//! Joining a container: what `run -it`, `exec` and `attach` do once the pod is there.

use api::{Object, ObjectKey};
use cluster::images::{self, Shell};
use cluster::network::Vantage;

use super::command::Call;
use super::errors::{Failure, Outcome};
use super::pods;
use crate::lang;
use crate::sys::{Host, Release, Sys};

/// Waits until a pod runs or has ended and joins the process of a container, or of the one to prefer; when that ends,
/// so does the container.
///
/// # Errors
/// With the exit code of the process, and when the pod does not come up within `timeout` microseconds.
pub(super) async fn attach(call: &Call, key: &ObjectKey, container: &str, timeout: u64) -> Outcome {
    let until = call.sys.now() + timeout;
    let pod = call.sys.wait(Some(until), |cluster| {
        let pod = cluster.store().get(key)?.clone();
        let ready = matches!(pod.str(&["status", "phase"]), "Succeeded" | "Failed") || is_running(&pod);
        ready.then_some(pod)
    });
    let Some(pod) = pod.await else {
        return Err(Failure::text("timed out waiting for the condition"));
    };
    if !is_running(&pod) {
        return ended(call, key);
    }
    join(call, &pod, &pods::chosen_container(call, &pod, container)?).await
}

/// Joins the process of a running container. Models `AttachOptions.Run`.
///
/// # Errors
/// With the exit code of the process, which ends when its shell is left.
pub(super) async fn join(call: &Call, pod: &Object, name: &str) -> Outcome {
    let key = ObjectKey::of(&api::pod::KIND, pod);
    let code = session(call, pod, name).await?;
    call.sys.cluster(|cluster| cluster.exit_container(&key, code));
    if code == 0 { Ok(()) } else { terminated(&key, code) }
}

/// A session of a container that is only there for it, such as an ephemeral one.
///
/// # Errors
/// When its image has no shell.
pub(super) async fn join_beside(call: &Call, pod: &Object, name: &str) -> Outcome {
    session(call, pod, name).await.map(drop)
}

/// Talks to the process of a container; its exit code.
async fn session(call: &Call, pod: &Object, name: &str) -> Outcome<i32> {
    let (flags, err) = (&call.flags, &call.sys.err);
    let key = ObjectKey::of(&api::pod::KIND, pod);
    let container = pods::container(pod, name).cloned().unwrap_or_default();
    let is_ephemeral = pod.list(&["spec", "ephemeralContainers"]).iter().any(|known| pods::name(known) == name);
    let (quiet, stdin) = (flags.bool("quiet"), flags.bool("stdin"));
    let has_tty = container.get("tty").is_some_and(|tty| tty == true);
    if flags.bool("tty") && !has_tty && !quiet {
        err.line(format!("error: Unable to use a TTY - container {name} did not allocate one"));
    }
    if has_tty && stdin && !call.sys.stdin_is_terminal && !quiet {
        err.line("Unable to use a TTY - input is not a terminal or the right kind of file");
    }
    announce(call);
    let words = |field: &str| {
        let list = container.get(field).and_then(api::Value::as_array).into_iter().flatten();
        list.filter_map(|word| word.as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    let argv: Vec<String> = words("command").into_iter().chain(words("args")).collect();
    let Some(mut sys) = enter(&call.sys, &key, pod, name) else {
        return Err(Failure::text("this container has no shell"));
    };
    sys.stdin_is_terminal &= has_tty;
    sys.stdout_is_terminal &= has_tty;
    let code = if argv.is_empty() && has_tty {
        lang::interactive(sys).await
    } else {
        let argv = if argv.is_empty() { vec!["sh".to_owned()] } else { argv };
        lang::command(sys, argv).await.unwrap_or(127)
    };
    if !quiet && stdin && has_tty && call.sys.stdin_is_terminal {
        let (pod, namespace) = (&key.name, &key.namespace);
        let how = format!("'kubectl attach {pod} -c {name} -n {namespace} -i -t'");
        call.sys.out.line(if is_ephemeral {
            format!("Session ended, the ephemeral container will not be restarted but may be reattached using {how} if it is still running")
        } else {
            format!("Session ended, resume using {how} command")
        });
    }
    Ok(code)
}

/// What is said before the output of a container comes.
pub(super) fn announce(call: &Call) {
    if !call.flags.bool("quiet") {
        call.sys.err.line("All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.");
        call.sys.err.line("If you don't see a command prompt, try pressing enter.");
    }
}

/// Runs a command in a container of a running pod.
///
/// # Errors
/// With the exit code of the command.
pub(super) async fn exec(call: &Call, pod: &Object, container: &str, command: &[String]) -> Outcome {
    let key = ObjectKey::of(&api::pod::KIND, pod);
    if !is_running(pod) {
        return Err(Failure::Text(format!("unable to upgrade connection: container not found (\"{container}\")")));
    }
    let missing = |program: &str| Failure::Text(not_started(call, program));
    let program = command.first().map(String::as_str).unwrap_or_default();
    let Some(mut sys) = enter(&call.sys, &key, pod, container) else { return Err(missing(program)) };
    let (stdin, tty) = (call.flags.bool("stdin"), call.flags.bool("tty"));
    if stdin && tty && !call.sys.stdin_is_terminal && !call.flags.bool("quiet") {
        call.sys.err.line("Unable to use a TTY - input is not a terminal or the right kind of file");
    }
    if !stdin {
        sys.stdin = crate::stream::Source::of("");
    }
    // The container's side is a terminal only when one was asked for.
    sys.stdin_is_terminal &= stdin && tty;
    sys.stdout_is_terminal &= tty;
    match lang::command(sys, command.to_vec()).await.ok_or_else(|| missing(program))? {
        0 => Ok(()),
        code => Err(Failure::Raw(format!("command terminated with exit code {code}"), code)),
    }
}

/// What the API server says of a program that an image lacks, in the words of the kubelet, containerd and runc.
pub(super) fn not_started(call: &Call, program: &str) -> String {
    let mut chance = cluster::Rng::new(call.sys.now().0);
    let id: String = (0..4).map(|_| format!("{:016x}", chance.next_u64())).collect();
    let quoted = api::field::go_quote(program);
    let why = match program.contains('/') {
        true => format!("stat {program}: no such file or directory"),
        false => "executable file not found in $PATH".to_owned(),
    };
    format!(
        "Internal error occurred: error executing command in container: failed to exec in container: failed to start exec \
         \"{id}\": OCI runtime exec failed: exec failed: unable to start container process: exec: {quoted}: {why}: unknown"
    )
}

fn is_running(pod: &Object) -> bool {
    let statuses = pod.list(&["status", "containerStatuses"]);
    statuses.iter().any(|status| status.get("state").is_some_and(|state| state.get("running").is_some()))
}

/// What kubectl says of a process that ended with a code. Models `RunOptions.Run` after the wait.
fn ended(call: &Call, key: &ObjectKey) -> Outcome {
    let pod = call.sys.cluster(|cluster| cluster.store().get(key).cloned());
    let status = pod.and_then(|pod| pod.list(&["status", "containerStatuses"]).first().cloned());
    let code = status.and_then(|status| status.pointer("/state/terminated/exitCode")?.as_i64()).unwrap_or(0);
    if code == 0 { Ok(()) } else { terminated(key, i32::try_from(code).unwrap_or(1)) }
}

fn terminated(key: &ObjectKey, code: i32) -> Outcome {
    Err(Failure::Raw(format!("pod {}/{} terminated (Error)\n", key.namespace, key.name), code))
}

/// A view of the world from inside a pod's container; `None` when its image has no shell.
pub(super) fn enter(sys: &Sys, key: &ObjectKey, pod: &Object, container: &str) -> Option<Sys> {
    let container = pods::container(pod, container)?;
    let image = images::find(container.get("image")?.as_str()?)?;
    let host = match image.shell()? {
        Shell::Busybox => Host::Busybox,
        Shell::Debian => Host::Debian,
    };
    let vantage = Vantage::Pod { namespace: key.namespace.clone(), name: key.name.clone() };
    let release = Release::of_image(container.get("image")?.as_str()?);
    let (tools, folder) = (image.tools(), "/".to_owned());
    let mut inside = Sys { vantage, host, release, tools, folder, ..sys.clone() };
    crate::machine::enter(&mut inside);
    Some(inside)
}
