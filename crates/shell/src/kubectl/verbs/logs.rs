//! `kubectl logs`. Models `pkg/cmd/logs` and polymorphichelpers' `logsforobject.go`.

pub(super) mod stream;

use std::sync::Arc;

use api::Object;

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::{objects, pods};
use super::common;
use stream::Options;
pub(super) use stream::{Stream, follow};

static FLAGS: &[Flag] = &[
    Flag::bool("all-containers", "false", "Get all containers' logs in the pod(s)."),
    Flag::bool("all-pods", "false", "Get logs from all pod(s). Sets prefix to true."),
    Flag::text("container", "", "Print the logs of this container").short('c'),
    Flag::bool("follow", "false", "Specify if the logs should be streamed.").short('f'),
    Flag::bool(
        "ignore-errors",
        "false",
        "If watching / following pod logs, allow for any errors that occur to be non-fatal",
    ),
    Flag::bool(
        "insecure-skip-tls-verify-backend",
        "false",
        "Skip verifying the identity of the kubelet that logs are requested from.  In theory, an attacker could provide invalid log content back. You might want to use this if your kubelet serving certificates have expired.",
    ),
    Flag::int("limit-bytes", "0", "Maximum bytes of logs to return. Defaults to no limit."),
    Flag::int(
        "max-log-requests",
        "5",
        "Specify maximum number of concurrent logs to follow when using by a selector. Defaults to 5.",
    ),
    Flag::duration(
        "pod-running-timeout",
        "20s",
        "The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running",
    ),
    Flag::bool("prefix", "false", "Prefix each log line with the log source (pod name and container name)"),
    Flag::bool(
        "previous",
        "false",
        "If true, print the logs for the previous instance of the container in a pod if it exists.",
    )
    .short('p'),
    common::SELECTOR,
    Flag::duration(
        "since",
        "0s",
        "Only return logs newer than a relative duration like 5s, 2m, or 3h. Defaults to all logs. Only one of since-time / since may be used.",
    ),
    Flag::text(
        "since-time",
        "",
        "Only return logs after a specific date (RFC3339). Defaults to all logs. Only one of since-time / since may be used.",
    ),
    Flag::int(
        "tail",
        "-1",
        "Lines of recent log file to display. Defaults to -1 with no selector, showing all log lines otherwise 10, if a selector is provided.",
    ),
    Flag::bool("timestamps", "false", "Include timestamps on each line in the log output"),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "logs",
    usage: "logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]",
    short: "Print the logs for a container in a pod",
    long: "Print the logs for a container in a pod or specified resource. If the pod has only one container, the container name is optional.",
    examples: "# Return snapshot logs from pod nginx with only one container\nkubectl logs nginx\n\n# Return snapshot logs from pod nginx, prefixing each line with the source pod and container name\nkubectl logs nginx --prefix\n\n# Return snapshot logs from pod nginx, limiting output to 500 bytes\nkubectl logs nginx --limit-bytes=500\n\n# Return snapshot logs from pod nginx, waiting up to 20 seconds for it to start running.\nkubectl logs nginx --pod-running-timeout=20s\n\n# Return snapshot logs from pod nginx with multi containers\nkubectl logs nginx --all-containers=true\n\n# Return snapshot logs from all pods in the deployment nginx\nkubectl logs deployment/nginx --all-pods=true\n\n# Return snapshot logs from all containers in pods defined by label app=nginx\nkubectl logs -l app=nginx --all-containers=true\n\n# Return snapshot logs from all pods defined by label app=nginx, limiting concurrent log requests to 10 pods\nkubectl logs -l app=nginx --max-log-requests=10\n\n# Return snapshot of previous terminated ruby container logs from pod web-1\nkubectl logs -p -c ruby web-1\n\n# Begin streaming the logs from pod nginx, continuing even if errors occur\nkubectl logs nginx -f --ignore-errors=true\n\n# Begin streaming the logs of the ruby container in pod web-1\nkubectl logs -f -c ruby web-1\n\n# Begin streaming the logs from all containers in pods defined by label app=nginx\nkubectl logs -f -l app=nginx --all-containers=true\n\n# Display only the most recent 20 lines of output in pod nginx\nkubectl logs --tail=20 nginx\n\n# Show all logs from pod nginx written in the last hour\nkubectl logs --since=1h nginx\n\n# Show all logs with timestamps from pod nginx starting from August 30, 2024, at 06:00:00 UTC\nkubectl logs nginx --since-time=2024-08-30T06:00:00Z --timestamps=true\n\n# Show logs from a kubelet with an expired serving certificate\nkubectl logs --insecure-skip-tls-verify-backend nginx\n\n# Return snapshot logs from first container of a job named hello\nkubectl logs job/hello\n\n# Return snapshot logs from container nginx-1 of a deployment named nginx\nkubectl logs deployment/nginx -c nginx-1",
    flags: &[FLAGS],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

async fn run(call: &Call) -> Outcome {
    let flags = &call.flags;
    let selector = flags.text("selector");
    let usage = || {
        call.usage_error(format!(
            "expected '{}'.\nPOD or TYPE/NAME is a required argument for the logs command",
            VERB.usage
        ))
    };
    let (word, inline) = match call.args.as_slice() {
        [] if selector.is_empty() => return Err(usage()),
        [] => ("", ""),
        [_] if !selector.is_empty() => {
            return Err(call.usage_error("only a selector (-l) or a POD name is allowed"));
        }
        [word] => (word.as_str(), ""),
        [word, container] => (word.as_str(), container.as_str()),
        _ => return Err(usage()),
    };
    let options = Options::of(call)?;
    let wanted = if inline.is_empty() { flags.text("container") } else { inline };
    let found = targets(call, word, selector).await?;
    check(call, wanted, inline)?;
    let found = match found {
        Targets::Pods(pods) => pods,
        Targets::Of(info) => first_or_all(call, &info).await?,
    };
    let mut streams = Vec::new();
    for pod in &found {
        if flags.bool("all-containers") {
            for list in ["initContainers", "containers", "ephemeralContainers"] {
                let names = pod.list(&["spec", list]).iter().map(pods::name);
                streams.extend(names.map(|name| Stream::new(pod, &name)));
            }
            continue;
        }
        // Of many pods nobody wants to hear which container was taken.
        let quiet = flags.bool("all-pods");
        let container = if wanted.is_empty() && quiet {
            pod.list(&["spec", "containers"]).first().map(pods::name).unwrap_or_default()
        } else {
            pods::chosen_container(call, pod, wanted)?
        };
        streams.push(Stream::new(pod, &container));
    }
    stream::print(call, streams, &options).await
}

/// What was named: pods, or something that stands for some.
enum Targets {
    Pods(Vec<Arc<Object>>),
    Of(objects::Info),
}

async fn targets(call: &Call, word: &str, selector: &str) -> Outcome<Targets> {
    let namespace = call.namespace();
    if !selector.is_empty() {
        let pods = objects::list(call, &api::pod::KIND, Some(&namespace), selector, "")?;
        if pods.is_empty() {
            call.sys.err.line(format!("No resources found in {namespace} namespace."));
        }
        return Ok(Targets::Pods(pods));
    }
    let info = pods::named(call, word).await.map_err(|failure| match failure.is_not_found() {
        true => Failure::Text(format!(
            "error from server (NotFound): {} in namespace {}",
            failure.message(),
            api::field::go_quote(&namespace)
        )),
        false => failure,
    })?;
    if info.kind.kind == "Pod" {
        return Ok(Targets::Pods(vec![info.object.to_object()]));
    }
    Ok(Targets::Of(info))
}

/// Models `LogsOptions.Validate`.
fn check(call: &Call, container: &str, inline: &str) -> Outcome {
    let flags = &call.flags;
    let wrong = if !flags.text("since-time").is_empty() && flags.micros("since") != 0 {
        "at most one of `sinceTime` or `sinceSeconds` may be specified".to_owned()
    } else if flags.bool("all-containers") && !container.is_empty() {
        format!("--all-containers=true should not be specified with container name {container}")
    } else if flags.changed("container") && !inline.is_empty() {
        "only one of -c or an inline [CONTAINER] arg is allowed".to_owned()
    } else if flags.int("limit-bytes") < 0 {
        "--limit-bytes must be greater than 0".to_owned()
    } else if flags.micros("since") < 0 {
        "--since must be greater than 0".to_owned()
    } else if flags.int("tail") < -1 {
        "--tail must be greater than or equal to -1".to_owned()
    } else {
        return Ok(());
    };
    Err(Failure::Text(wrong))
}

/// The pods of a workload or a Service to show: the best, or all with `--all-pods`.
async fn first_or_all(call: &Call, info: &objects::Info) -> Outcome<Vec<Arc<Object>>> {
    let picked = pods::selector(info, "get the logs from")?;
    let timeout = u64::try_from(call.flags.micros("pod-running-timeout")).unwrap_or(20_000_000);
    let mut found = pods::of(call, info, timeout, picked).await?;
    if found.len() > 1 && !call.flags.bool("all-pods") {
        call.sys.err.line(format!("Found {} pods, using pod/{}", found.len(), found[0].name()));
        found.truncate(1);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use cluster::Cluster;

    use crate::terminal::run_script;

    #[test]
    fn logs_are_shown_as_asked_for() {
        let mut cluster = Cluster::default();
        let make = "kubectl run loop --image=busybox -- sh -c 'while true; do echo tick; sleep 10; done'; kubectl run waits --image=nope";
        run_script(&mut cluster, make, "", &[]);
        cluster.settle(35_000_000);
        for (words, out, err) in [
            ("pod/loop --tail=0", "", ""),
            ("-l run=x", "", "No resources found in default namespace.\n"),
            ("nope", "", "error: error from server (NotFound): pods \"nope\" not found in namespace \"default\"\n"),
            ("loop -c x", "", "error: container x is not valid for pod loop out of: loop\n"),
            (
                "loop -p",
                "",
                "Error from server (BadRequest): previous terminated container \"loop\" in pod \"loop\" not found\n",
            ),
            ("loop --tail=-2", "", "error: --tail must be greater than or equal to -1\n"),
            ("node/minikube", "", "error: cannot get the logs from *v1.Node: selector for *v1.Node not implemented\n"),
            (
                "svc/kubernetes",
                "",
                "error: cannot get the logs from *v1.Service: invalid service 'kubernetes': Service is defined without a selector\n",
            ),
        ] {
            let done = run_script(&mut cluster, &format!("kubectl logs {words}"), "", &[]);
            assert_eq!((done.stdout.as_str(), done.stderr.as_str()), (out, err), "{words}");
        }
        run_script(
            &mut cluster,
            "kubectl run web --image=nginx; kubectl wait --for=condition=Ready pod/web; sleep 5",
            "",
            &[],
        );
        let mut show = |words: &str| run_script(&mut cluster, &format!("kubectl logs {words}"), "", &[]).stdout;
        let all = show("web");
        assert!(all.lines().count() > 2, "{all}");
        let last = all.lines().last().unwrap_or_default().to_owned();
        assert_eq!(show("web --tail=1"), format!("{last}\n"));
        assert_eq!(show("-l run=web --tail=1 --prefix"), format!("[pod/web/web] {last}\n"));
        assert_eq!(show("web --since=1s"), "");
        assert_eq!(show("web --limit-bytes=4"), all[..4]);
        assert!(show("web --tail=1 --timestamps").ends_with(&format!("000Z {last}\n")));
    }
}
