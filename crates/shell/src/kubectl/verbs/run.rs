//! `kubectl run`. Models `pkg/cmd/run`.

use api::{Map, ObjectKey, Value, json};
use cluster::DeleteOptions;

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::objects::{self, Info, Write};
use super::super::printers::{self, Printer};
use super::super::sessions;
use super::common::{self, DryRun};
use super::overrides;

static FLAGS: &[Flag] = &[
    Flag::array("annotations", "Annotations to apply to the pod."),
    Flag::bool(
        "attach",
        "false",
        "If true, wait for the Pod to start running, and then attach to the Pod as if 'kubectl attach ...' were called.  Default false, unless '-i/--stdin' is set, in which case the default is true. With '--restart=Never' the exit code of the container process is returned.",
    ),
    Flag::bool(
        "command",
        "false",
        "If true and extra arguments are present, use them as the 'command' field in the container, rather than the 'args' field which is the default.",
    ),
    Flag::text("detach-keys", "ctrl-p,ctrl-q", "Override the key sequence for detaching a container."),
    Flag::array("env", "Environment variables to set in the container."),
    Flag::bool("expose", "false", "If true, create a ClusterIP service associated with the pod.  Requires `--port`."),
    Flag::text("field-manager", "kubectl-run", "Name of the manager used to track field ownership."),
    Flag::text("image", "", "The image for the container to run.").required(),
    Flag::text(
        "image-pull-policy",
        "",
        "The image pull policy for the container.  If left empty, this value will not be specified by the client and defaulted by the server.",
    ),
    Flag::text("labels", "", "Comma separated labels to apply to the pod. Will override previous values.").short('l'),
    Flag::bool(
        "leave-stdin-open",
        "false",
        "If the pod is started in interactive mode or with stdin, leave stdin open after the first attach completes. By default, stdin will be closed after the first attach completes.",
    ),
    overrides::OVERRIDE_TYPE,
    overrides::OVERRIDES,
    Flag::duration(
        "pod-running-timeout",
        "1m0s",
        "The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running",
    ),
    Flag::text("port", "", "The port that this container exposes."),
    Flag::bool("privileged", "false", "If true, run the container in privileged mode."),
    Flag::bool("quiet", "false", "If true, suppress prompt messages.").short('q'),
    Flag::text("restart", "Always", "The restart policy for this Pod.  Legal values [Always, OnFailure, Never]."),
    Flag::bool(
        "rm",
        "false",
        "If true, delete the pod after it exits.  Only valid when attaching to the container, e.g. with '--attach' or with '-i/--stdin'.",
    ),
    Flag::bool("stdin", "false", "Keep stdin open on the container in the pod, even if nothing is attached.")
        .short('i'),
    Flag::bool("tty", "false", "Allocate a TTY for the container in the pod.").short('t'),
];

/// The flags of `delete` that `--rm` takes over; only its help knows most of them.
static REMOVAL: &[Flag] = &[
    Flag::text("cascade", "background", "Must be \"background\", \"orphan\", or \"foreground\". Selects the deletion cascading strategy for the dependents (e.g. Pods created by a ReplicationController). Defaults to background.").bare("background"),
    Flag::list("filename", "to use to replace the resource.").short('f'),
    Flag::bool("force", "false", "If true, immediately remove resources from API and bypass graceful deletion. Note that immediate deletion of some resources may result in inconsistency or data loss and requires confirmation."),
    Flag::int("grace-period", "-1", "Period of time in seconds given to the resource to terminate gracefully. Ignored if negative. Set to 1 for immediate shutdown. Can only be set to 0 when --force is true (force deletion)."),
    common::KUSTOMIZE_A,
    common::RECURSIVE,
    Flag::duration("timeout", "0s", "The length of time to wait before giving up on a delete, zero means determine a timeout from the size of the object"),
    Flag::bool("wait", "false", "If true, wait for resources to be gone before returning. This waits for finalizers."),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "run",
    usage: "run NAME --image=image [--env=\"key=value\"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...]",
    short: "Run a particular image on the cluster",
    long: "Create and run a particular image in a pod.",
    examples: "# Start a nginx pod\nkubectl run nginx --image=nginx\n\n# Start a hazelcast pod and let the container expose port 5701\nkubectl run hazelcast --image=hazelcast/hazelcast --port=5701\n\n# Start a hazelcast pod and set environment variables \"DNS_DOMAIN=cluster\" and \"POD_NAMESPACE=default\" in the container\nkubectl run hazelcast --image=hazelcast/hazelcast --env=\"DNS_DOMAIN=cluster\" --env=\"POD_NAMESPACE=default\"\n\n# Start a hazelcast pod and set labels \"app=hazelcast\" and \"env=prod\" in the container\nkubectl run hazelcast --image=hazelcast/hazelcast --labels=\"app=hazelcast,env=prod\"\n\n# Dry run; print the corresponding API objects without creating them\nkubectl run nginx --image=nginx --dry-run=client\n\n# Start a nginx pod, but overload the spec with a partial set of values parsed from JSON\nkubectl run nginx --image=nginx --overrides='{ \"apiVersion\": \"v1\", \"spec\": { ... } }'\n\n# Start a busybox pod and keep it in the foreground, don't restart it if it exits\nkubectl run -i -t busybox --image=busybox --restart=Never\n\n# Start the nginx pod using the default command, but use custom arguments (arg1 .. argN) for that command\nkubectl run nginx --image=nginx -- <arg1> <arg2> ... <argN>\n\n# Start the nginx pod using a different command and custom arguments\nkubectl run nginx --image=nginx --command -- <cmd> <arg1> ... <argN>",
    flags: &[FLAGS, REMOVAL, common::PRINT, common::DRY_RUN, common::SAVE_CONFIG],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

/// How long a pod may take to run, in microseconds.
pub(super) const A_MINUTE: u64 = 60_000_000;

/// What the flags say, checked.
struct Plan<'a> {
    name: &'a str,
    labels: Map<String, Value>,
    /// Labels that the command line gave.
    own_labels: bool,
    attach: bool,
    dry_run: DryRun,
}

/// Models `Complete` and `Validate`.
fn plan(call: &Call) -> Outcome<Plan<'_>> {
    let flags = &call.flags;
    let name = match (call.args.first(), call.dash_at) {
        (Some(name), dash) if dash != Some(0) => name,
        _ => return Err(call.usage_error("NAME is required for run")),
    };
    if flags.micros("pod-running-timeout") <= 0 {
        return Err(call.usage_error("--pod-running-timeout must be higher than zero"));
    }
    if flags.text("image").is_empty() {
        return Err(Failure::text("--image is required"));
    }
    if !is_image(flags.text("image")) {
        let quoted = api::field::go_quote(flags.text("image"));
        return Err(Failure::Text(format!("Invalid image name {quoted}: invalid reference format")));
    }
    let attach = if flags.changed("attach") { flags.bool("attach") } else { flags.bool("stdin") };
    let dry_run = DryRun::of(call)?;
    let restart = flags.text("restart");
    let policy = flags.text("image-pull-policy");
    let wrong = if flags.bool("tty") && !flags.bool("stdin") {
        "-i/--stdin is required for containers with -t/--tty=true".to_owned()
    } else if flags.bool("expose") && flags.text("port").is_empty() {
        "--port must be set when exposing a service".to_owned()
    } else if !matches!(restart, "Always" | "OnFailure" | "Never" | "") {
        format!("invalid restart policy: {restart}")
    } else if !attach && flags.bool("rm") {
        "--rm should only be used for attached containers".to_owned()
    } else if attach && dry_run != DryRun::No {
        "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)"
            .to_owned()
    } else if !matches!(policy, "Always" | "IfNotPresent" | "Never" | "") {
        format!("invalid image pull policy: {policy}")
    } else {
        String::new()
    };
    if !wrong.is_empty() {
        return Err(call.usage_error(wrong));
    }
    // Upstream reads them in this order.
    super::pairs::env(flags.all("env"))?;
    super::pairs::annotations(flags.all("annotations"))?;
    let mut labels = super::pairs::labels(flags.text("labels"))?;
    let port = flags.text("port");
    if !port.is_empty() && port.parse::<i32>().is_err() {
        let quoted = api::field::go_quote(port);
        return Err(Failure::Text(format!("strconv.Atoi: parsing {quoted}: invalid syntax")));
    }
    let own_labels = !labels.is_empty();
    if !own_labels {
        labels.insert("run".to_owned(), name.as_str().into());
    }
    Ok(Plan { name, labels, own_labels, attach, dry_run })
}

async fn run(call: &Call) -> Outcome {
    let plan = plan(call)?;
    let printer = Printer::of(call, false)?.map(Printer::typed);
    let pod = make(call, &plan, pod(call, &plan)?)?;
    let report = |info: &Info| match &printer {
        Some(printer) => printer.print(call, &info.object),
        None => {
            call.sys.out.line(format!("{} created{}", printers::label(&info.object), plan.dry_run.suffix()));
            Ok(())
        }
    };
    let mut created = vec![pod];
    let mut failures = Vec::new();
    if call.flags.bool("expose") {
        match make(call, &plan, service(call, &plan)) {
            Ok(service) => {
                report(&service)?;
                if call.flags.text("output") == "yaml" {
                    call.sys.out.line("---");
                }
                created.push(service);
            }
            Err(failure) => failures.push(failure),
        }
    }
    if plan.attach {
        let ended = attach(call, &created[0]).await;
        if call.flags.bool("rm") {
            for info in &created {
                remove(call, info).await;
            }
        }
        return ended;
    }
    report(&created[0])?;
    super::super::resolve::all_or(failures)
}

/// Sends an object, or (a dry run) only makes it.
fn make(call: &Call, plan: &Plan<'_>, object: Value) -> Outcome<Info> {
    let kind = objects::kind_of(&object).map_err(Failure::Text)?;
    let mut info = Info::named(kind, &call.namespace(), plan.name);
    *info.object = object;
    if plan.dry_run == DryRun::Client {
        if call.namespace_given() {
            api::object::set(&mut info.object, &["metadata", "namespace"], info.namespace.as_str().into());
        }
        return Ok(info);
    }
    if call.flags.bool("save-config") {
        *info.object = common::annotated(&info.object);
    }
    let write = Write { manager: call.flags.text("field-manager"), dry_run: plan.dry_run == DryRun::Server };
    let object = objects::create(call, &info, &write)?;
    info.refresh(&object);
    Ok(info)
}

/// Models `createPod`.
fn pod(call: &Call, plan: &Plan<'_>) -> Outcome<Value> {
    let flags = &call.flags;
    let mut container = json!({"name": plan.name, "image": flags.text("image"), "resources": {}});
    let mut set = |field: &str, value: Value| container[field] = value;
    let env = super::pairs::env(flags.all("env"))?;
    if !env.is_empty() {
        set("env", env.into());
    }
    if !flags.text("image-pull-policy").is_empty() {
        set("imagePullPolicy", flags.text("image-pull-policy").into());
    }
    if flags.bool("stdin") {
        set("stdin", true.into());
        if !flags.bool("leave-stdin-open") {
            set("stdinOnce", true.into());
        }
    }
    if flags.bool("tty") {
        set("tty", true.into());
    }
    if flags.bool("privileged") {
        set("securityContext", json!({"privileged": true}));
    }
    if let Ok(port) = flags.text("port").parse::<i32>() {
        set("ports", json!([{"containerPort": port}]));
    }
    let arguments = &call.args[1..];
    if !arguments.is_empty() {
        set(if flags.bool("command") { "command" } else { "args" }, json!(arguments));
    }
    let restart = match flags.text("restart") {
        "" => "Always",
        given => given,
    };
    let mut pod = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"labels": plan.labels, "name": plan.name},
        "spec": {"containers": [container], "dnsPolicy": "ClusterFirst", "restartPolicy": restart}, "status": {},
    });
    let annotations = super::pairs::annotations(flags.all("annotations"))?;
    if !annotations.is_empty() {
        pod["metadata"]["annotations"] = annotations.into();
    }
    overrides::apply(call, pod)
}

/// Models `createService`.
fn service(call: &Call, plan: &Plan<'_>) -> Value {
    let port = call.flags.text("port").parse::<i32>().unwrap_or(0);
    let mut metadata = json!({"name": plan.name});
    if plan.own_labels {
        metadata["labels"] = plan.labels.clone().into();
    }
    json!({
        "apiVersion": "v1", "kind": "Service", "metadata": metadata,
        "spec": {"ports": [{"port": port, "protocol": "TCP", "targetPort": port}], "selector": plan.labels},
        "status": {"loadBalancer": {}},
    })
}

/// Waits for the pod and joins it; the exit code of its process becomes kubectl's. Models `handleAttachPod`.
async fn attach(call: &Call, pod: &Info) -> Outcome {
    let key = ObjectKey::new(pod.kind, &pod.namespace, &pod.name);
    let timeout = u64::try_from(call.flags.micros("pod-running-timeout")).unwrap_or(A_MINUTE);
    sessions::attach(call, &key, "", timeout).await
}

async fn remove(call: &Call, info: &Info) {
    if objects::delete(call, info, DeleteOptions::by("kubectl-run")).is_ok() && !call.flags.bool("quiet") {
        let place = format!("from {} namespace", info.namespace);
        call.sys.out.line(format!("{} \"{}\" deleted {place}", info.kind.qualified_singular(), info.name));
    }
}

/// Models the reference grammar of `distribution/reference`: lower case names, an optional tag and digest.
pub(super) fn is_image(text: &str) -> bool {
    let (name, digest) = text.split_once('@').map_or((text, None), |(name, digest)| (name, Some(digest)));
    let last = name.rfind('/').map_or(0, |at| at + 1);
    let (path, tag) = match name[last..].rfind(':') {
        Some(at) => (&name[..last + at], Some(&name[last + at + 1..])),
        None => (name, None),
    };
    let is_tag = |tag: &str| {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        tag.len() <= 128 && tag.starts_with(word) && tag.chars().all(|c| word(c) || c == '.' || c == '-')
    };
    let mut parts: Vec<&str> = path.split('/').collect();
    let is_host =
        |part: &str| part.contains(['.', ':']) || part == "localhost" || part.chars().any(|c| c.is_ascii_uppercase());
    if parts.len() > 1 && parts.first().is_some_and(|first| is_host(first)) {
        let host = parts.remove(0);
        if !host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':')) {
            return false;
        }
    }
    let is_component = |part: &str| {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        part.starts_with(plain)
            && part.ends_with(plain)
            && part.chars().all(|c| plain(c) || matches!(c, '.' | '_' | '-'))
    };
    let good_digest = digest.is_none_or(|digest| digest.split_once(':').is_some_and(|(_, hex)| hex.len() >= 32));
    parts.iter().all(|part| is_component(part)) && tag.is_none_or(is_tag) && good_digest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_references() {
        for (text, want) in [
            ("nginx", true),
            ("nginx:1.25", true),
            ("registry.k8s.io/coredns/coredns:v1.13.1", true),
            ("localhost:5000/a_b", true),
            ("NGINX", false),
            ("nginx:", false),
            ("a b", false),
            ("-x", false),
            ("", false),
        ] {
            assert_eq!(is_image(text), want, "{text}");
        }
    }
}
