//! `kubectl debug`. Models `pkg/cmd/debug`: a look from inside of a pod, a copy of it, or a pod on a node.

use api::{ObjectKey, Value, json};
use cluster::DeleteOptions;

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::objects::{self, Info, Write};
use super::super::{pods, sessions};
use super::{common, run};

static FLAGS: &[Flag] = &[
    Flag::bool(
        "arguments-only",
        "false",
        "If specified, everything after -- will be passed to the new container as Args instead of Command.",
    ),
    Flag::bool(
        "attach",
        "false",
        "If true, wait for the container to start running, and then attach as if 'kubectl attach ...' were called.  Default false, unless '-i/--stdin' is set, in which case the default is true.",
    ),
    Flag::text("container", "", "Container name to use for debug container.").short('c'),
    Flag::text("copy-to", "", "Create a copy of the target Pod with this name."),
    Flag::text(
        "custom",
        "",
        "Path to a JSON or YAML file containing a partial container spec to customize built-in debug profiles.",
    ),
    Flag::list("env", "Environment variables to set in the container."),
    Flag::list("filename", "identifying the resource to debug").short('f'),
    Flag::text("image", "", "Container image to use for debug container."),
    Flag::text(
        "image-pull-policy",
        "",
        "The image pull policy for the container. If left empty, this value will not be specified by the client and defaulted by the server.",
    ),
    Flag::bool(
        "keep-annotations",
        "false",
        "If true, keep the original pod annotations.(This flag only works when used with '--copy-to')",
    ),
    Flag::bool(
        "keep-init-containers",
        "true",
        "Run the init containers for the pod. Defaults to true.(This flag only works when used with '--copy-to')",
    ),
    Flag::bool(
        "keep-labels",
        "false",
        "If true, keep the original pod labels.(This flag only works when used with '--copy-to')",
    ),
    Flag::bool(
        "keep-liveness",
        "false",
        "If true, keep the original pod liveness probes.(This flag only works when used with '--copy-to')",
    ),
    Flag::bool(
        "keep-readiness",
        "false",
        "If true, keep the original pod readiness probes.(This flag only works when used with '--copy-to')",
    ),
    Flag::bool(
        "keep-startup",
        "false",
        "If true, keep the original startup probes.(This flag only works when used with '--copy-to')",
    ),
    Flag::text(
        "profile",
        "general",
        "Options are \"general\", \"baseline\", \"restricted\", \"netadmin\" or \"sysadmin\". Defaults to \"general\"",
    ),
    Flag::bool("quiet", "false", "If true, suppress informational messages.").short('q'),
    Flag::bool("replace", "false", "When used with '--copy-to', delete the original Pod."),
    Flag::bool("same-node", "false", "When used with '--copy-to', schedule the copy of target Pod on the same node."),
    Flag::list(
        "set-image",
        "When used with '--copy-to', a list of name=image pairs for changing container images, similar to how 'kubectl set image' works.",
    ),
    Flag::bool("share-processes", "true", "When used with '--copy-to', enable process namespace sharing in the copy."),
    Flag::bool("stdin", "false", "Keep stdin open on the container(s) in the pod, even if nothing is attached.")
        .short('i'),
    Flag::text("target", "", "When using an ephemeral container, target processes in this container name."),
    Flag::bool("tty", "false", "Allocate a TTY for the debugging container.").short('t'),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "debug",
    usage: "debug (POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]",
    short: "Create debugging sessions for troubleshooting workloads and nodes",
    long: "Debug cluster resources using interactive debugging containers.\n\n 'debug' provides automation for common debugging tasks for cluster objects identified by resource and name. Pods will be used by default if no resource is specified.\n\n The action taken by 'debug' varies depending on what resource is specified. Supported actions include:\n\n  *  Workload: Create a copy of an existing pod with certain attributes changed, for example changing the image tag to a new version.\n  *  Workload: Add an ephemeral container to an already running pod, for example to add debugging utilities without restarting the pod.\n  *  Node: Create a new pod that runs in the node's host namespaces and can access the node's filesystem.\n\n Note: When a non-root user is configured for the entire target Pod, some capabilities granted by debug profile may not work.",
    examples: "# Create an interactive debugging session in pod mypod and immediately attach to it.\nkubectl debug mypod -it --image=busybox\n\n# Create an interactive debugging session for the pod in the file pod.yaml and immediately attach to it.\n# (requires the EphemeralContainers feature to be enabled in the cluster)\nkubectl debug -f pod.yaml -it --image=busybox\n\n# Create a debug container named debugger using a custom automated debugging image.\nkubectl debug --image=myproj/debug-tools -c debugger mypod\n\n# Create a copy of mypod adding a debug container and attach to it\nkubectl debug mypod -it --image=busybox --copy-to=my-debugger\n\n# Create a copy of mypod changing the command of mycontainer\nkubectl debug mypod -it --copy-to=my-debugger --container=mycontainer -- sh\n\n# Create a copy of mypod changing all container images to busybox\nkubectl debug mypod --copy-to=my-debugger --set-image=*=busybox\n\n# Create a copy of mypod adding a debug container and changing container images\nkubectl debug mypod -it --copy-to=my-debugger --image=debian --set-image=app=app:debug,sidecar=sidecar:debug\n\n# Create an interactive debugging session on a node and immediately attach to it.\n# The container will run in the host namespaces and the host's filesystem will be mounted at /host\nkubectl debug node/mynode -it --image=busybox",
    flags: &[FLAGS],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

async fn run(call: &Call) -> Outcome {
    let (names, command) = call.args.split_at(call.dash_at.unwrap_or(call.args.len()));
    check(call, names, command)?;
    for name in names {
        let info = pods::named(call, name).await?;
        match info.kind.kind {
            "Pod" if call.flags.text("copy-to").is_empty() => ephemeral(call, &info, command).await?,
            "Pod" => copy(call, &info, command).await?,
            "Node" => on_node(call, &info, command).await?,
            _ => {
                let kind = format!("{}/{}, Kind={}", info.kind.group, info.kind.version, info.kind.kind);
                return Err(Failure::Text(format!("{} not supported by debug", api::field::go_quote(&kind))));
            }
        }
    }
    Ok(())
}

/// Models `DebugOptions.Validate`.
fn check(call: &Call, names: &[String], command: &[String]) -> Outcome {
    let flags = &call.flags;
    let given = |flag: &str| !flags.text(flag).is_empty();
    let (image, images) = (flags.text("image"), !flags.all("set-image").is_empty());
    let wrong = if flags.changed("attach") && flags.bool("attach") && !given("image") && !given("container") {
        "you must specify --container or create a new container using --image in order to attach."
    } else if given("copy-to") && !given("image") && !images && command.is_empty() {
        "you must specify --image, --set-image or command arguments."
    } else if given("copy-to") && !command.is_empty() && !given("container") && !given("image") {
        "you must specify an existing container or a new image when specifying args."
    } else if !given("copy-to") && flags.bool("replace") {
        "--replace may only be used with --copy-to."
    } else if !given("copy-to") && flags.bool("same-node") {
        "--same-node may only be used with --copy-to."
    } else if !given("copy-to") && images {
        "--set-image may only be used with --copy-to."
    } else if !given("copy-to") && !given("image") {
        "you must specify --image when not using --copy-to."
    } else if given("image") && !run::is_image(image) {
        let quoted = api::field::go_quote(image);
        return Err(Failure::Text(format!("invalid image name {quoted}: invalid reference format")));
    } else if names.is_empty() {
        "NAME or filename is required for debug"
    } else if given("target") && given("copy-to") {
        "--target is incompatible with --copy-to. Use --share-processes instead."
    } else if flags.bool("tty") && !flags.bool("stdin") {
        "-i/--stdin is required for containers with -t/--tty=true"
    } else if given("custom") || !flags.all("filename").is_empty() {
        "--custom and --filename are not simulated by this playground"
    } else {
        if given("target") && !flags.bool("quiet") {
            let target = api::field::go_quote(flags.text("target"));
            call.sys.out.line(format!("Targeting container {target}. If you don't see processes from this container it may be because the container runtime doesn't support this feature."));
        }
        return Ok(());
    };
    Err(Failure::text(wrong))
}

fn attaches(call: &Call) -> bool {
    if call.flags.changed("attach") { call.flags.bool("attach") } else { call.flags.bool("stdin") }
}

/// Models `computeDebugContainerName`.
fn container_name(call: &Call) -> String {
    let given = call.flags.text("container");
    if !given.is_empty() {
        return given.to_owned();
    }
    let name = format!("debugger-{}", common::random_end(call));
    if !call.flags.bool("quiet") {
        call.sys.out.line(format!("Defaulting debug container name to {name}."));
    }
    name
}

/// A container of the flags.
fn container(call: &Call, name: &str, command: &[String]) -> Value {
    let flags = &call.flags;
    let mut container = json!({"image": flags.text("image"), "name": name});
    if !flags.text("image-pull-policy").is_empty() {
        container["imagePullPolicy"] = flags.text("image-pull-policy").into();
    }
    for field in ["stdin", "tty"] {
        if flags.bool(field) {
            container[field] = true.into();
        }
    }
    if !command.is_empty() {
        container[if flags.bool("arguments-only") { "args" } else { "command" }] = json!(command);
    }
    let env = flags.all("env").iter().filter_map(|pair| pair.split_once('='));
    let env: Vec<Value> = env.map(|(name, value)| json!({"name": name, "value": value})).collect();
    if !env.is_empty() {
        container["env"] = env.into();
    }
    container
}

/// Looks out of a running pod: a container for the length of the session, in the pod's network. It is not written into
/// the pod's spec, as the kubelets here do not run ephemeral containers.
async fn ephemeral(call: &Call, info: &Info, command: &[String]) -> Outcome {
    let name = container_name(call);
    let mut pod = info.object.clone();
    let containers = json!([container(call, &name, command)]);
    api::object::set(&mut pod, &["spec", "ephemeralContainers"], containers);
    if attaches(call) { sessions::join_beside(call, &pod.to_object(), &name).await } else { Ok(()) }
}

/// Models `debugByCopy` with the general profile.
async fn copy(call: &Call, info: &Info, command: &[String]) -> Outcome {
    let flags = &call.flags;
    let meta = |field: &str| info.object.pointer(&format!("/metadata/{field}")).cloned();
    let mut metadata = json!({"name": flags.text("copy-to")});
    for field in ["labels", "annotations"] {
        if flags.bool(&format!("keep-{field}")) {
            metadata[field] = meta(field).unwrap_or_else(|| json!({}));
        }
    }
    let mut spec = info.object.get("spec").cloned().unwrap_or_else(|| json!({}));
    if let Some(fields) = spec.as_object_mut() {
        fields.remove("ephemeralContainers");
        if !flags.bool("same-node") {
            fields.remove("nodeName");
        }
        if !flags.bool("keep-init-containers") {
            fields.remove("initContainers");
        }
        fields.insert("shareProcessNamespace".to_owned(), flags.bool("share-processes").into());
    }
    let images: Vec<(&str, &str)> = flags.all("set-image").iter().filter_map(|pair| pair.split_once('=')).collect();
    let mut list = spec.get("containers").and_then(Value::as_array).cloned().unwrap_or_default();
    for known in &mut list {
        let is = |name: &str| known.get("name").is_some_and(|known| known == name);
        let found = images.iter().find(|(name, _)| is(name)).or_else(|| images.iter().find(|(name, _)| *name == "*"));
        if let Some((_, image)) = found {
            known["image"] = (*image).into();
        }
        let Some(fields) = known.as_object_mut() else { continue };
        for probe in ["liveness", "readiness", "startup"] {
            if !flags.bool(&format!("keep-{probe}")) {
                fields.remove(&format!("{probe}Probe"));
            }
        }
    }
    let wanted = flags.text("container");
    let place = list.iter().position(|known| known.get("name").is_some_and(|name| name == wanted));
    let mut name = wanted.to_owned();
    match place {
        Some(place) => {
            let new = container(call, wanted, command);
            let given =
                new.as_object().into_iter().flatten().filter(|(field, value)| *field != "image" || *value != "");
            given.for_each(|(field, value)| list[place][field] = value.clone());
            if !command.is_empty() && !flags.bool("arguments-only") {
                drop(list[place].as_object_mut().and_then(|container| container.remove("args")));
            }
        }
        None if flags.text("image").is_empty() && !images.is_empty() => name.clear(),
        None if flags.text("image").is_empty() => {
            return Err(Failure::text("you must specify image when creating new container"));
        }
        None => {
            name = container_name(call);
            list.push(container(call, &name, command));
        }
    }
    spec["containers"] = list.into();
    create(call, json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}), &info.namespace)?;
    if flags.bool("replace") {
        let options = DeleteOptions { grace_period_seconds: Some(0), ..DeleteOptions::by("kubectl") };
        objects::delete(call, info, options)?;
    }
    let key = ObjectKey::new(&api::pod::KIND, &info.namespace, flags.text("copy-to"));
    if attaches(call) && !name.is_empty() { sessions::attach(call, &key, &name, run::A_MINUTE).await } else { Ok(()) }
}

/// Models `generateNodeDebugPod` with the general profile.
async fn on_node(call: &Call, info: &Info, command: &[String]) -> Outcome {
    let name = match call.flags.text("container") {
        "" => "debugger",
        name => name,
    };
    let pod = format!("node-debugger-{}-{}", info.name, common::random_end(call));
    if !call.flags.bool("quiet") {
        let node = &info.name;
        call.sys.out.line(format!("Creating debugging pod {pod} with container {name} on node {node}."));
    }
    let mut container = container(call, name, command);
    container["volumeMounts"] = json!([{"mountPath": "/host", "name": "host-root"}]);
    let object = json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"labels": {"app.kubernetes.io/managed-by": "kubectl-debug"}, "name": pod},
        "spec": {
            "containers": [container], "hostIPC": true, "hostNetwork": true, "hostPID": true, "nodeName": info.name,
            "restartPolicy": "Never", "tolerations": [{"operator": "Exists"}],
            "volumes": [{"hostPath": {"path": "/"}, "name": "host-root"}],
        },
    });
    create(call, object, &call.namespace())?;
    let key = ObjectKey::new(&api::pod::KIND, &call.namespace(), &pod);
    if attaches(call) { sessions::attach(call, &key, name, run::A_MINUTE).await } else { Ok(()) }
}

fn create(call: &Call, object: Value, namespace: &str) -> Outcome {
    let mut info = Info::named(&api::pod::KIND, namespace, "");
    *info.object = object;
    objects::create(call, &info, &Write::by("kubectl-debug")).map(drop)
}

#[cfg(test)]
mod tests {
    use cluster::Cluster;

    use crate::terminal::run_script;

    #[test]
    fn a_pod_is_looked_out_of_and_copied() {
        let mut cluster = Cluster::default();
        run_script(
            &mut cluster,
            "kubectl run web --image=nginx; kubectl wait --for=condition=Ready pod/web; sleep 5",
            "",
            &[],
        );
        let look = "kubectl debug web -i -q --image=busybox -c look -- wget -qO- localhost | grep -c Welcome";
        let looked = run_script(&mut cluster, look, "", &[]);
        assert_eq!(looked.stdout, "2\n", "{looked:?}");
        for (words, err) in [
            ("web", "error: you must specify --image when not using --copy-to.\n"),
            ("web --image=busybox -t", "error: -i/--stdin is required for containers with -t/--tty=true\n"),
            ("--image=busybox", "error: NAME or filename is required for debug\n"),
            ("web --copy-to=x", "error: you must specify --image, --set-image or command arguments.\n"),
            ("svc/kubernetes --image=busybox", "error: \"/v1, Kind=Service\" not supported by debug\n"),
            ("web --copy-to=w2 --set-image=*=httpd", ""),
        ] {
            assert_eq!(run_script(&mut cluster, &format!("kubectl debug {words}"), "", &[]).stderr, err, "{words}");
        }
        let image = run_script(&mut cluster, "kubectl get pod w2 -o jsonpath='{.spec.containers[*].image}'", "", &[]);
        assert_eq!(image.stdout, "httpd");
    }
}
