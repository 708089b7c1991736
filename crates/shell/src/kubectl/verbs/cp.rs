//! `kubectl cp`: text files between this machine and a container. Models `pkg/cmd/cp`.

use api::Object;

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::{objects, pods, sessions};
use crate::files::absolute;
use crate::sys::Sys;

static FLAGS: &[Flag] = &[
    Flag::text("container", "", "Container name. If omitted, use the kubectl.kubernetes.io/default-container annotation for selecting the container to be attached or the first container in the pod will be chosen").short('c'),
    Flag::bool("no-preserve", "false", "The copied file/directory's ownership and permissions will not be preserved in the container"),
    Flag::int("retries", "0", "Set number of retries to complete a copy operation from a container. Specify 0 to disable or any negative value for infinite retrying. The default is 0 (no retry)."),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "cp",
    usage: "cp <file-spec-src> <file-spec-dest>",
    short: "Copy files and directories to and from containers",
    long: "Copy files and directories to and from containers.",
    examples: "# !!!Important Note!!!\n# Requires that the 'tar' binary is present in your container\n# image.  If 'tar' is not present, 'kubectl cp' will fail.\n#\n# For advanced use cases, such as symlinks, wildcard expansion or\n# file mode preservation, consider using 'kubectl exec'.\n\n# Copy /tmp/foo local file to /tmp/bar in a remote pod in namespace <some-namespace>\ntar cf - /tmp/foo | kubectl exec -i -n <some-namespace> <some-pod> -- tar xf - -C /tmp/bar\n\n# Copy /tmp/foo from a remote pod to /tmp/bar locally\nkubectl exec -n <some-namespace> <some-pod> -- tar cf - /tmp/foo | tar xf - -C /tmp/bar\n\n# Copy /tmp/foo_dir local directory to /tmp/bar_dir in a remote pod in the default namespace\nkubectl cp /tmp/foo_dir <some-pod>:/tmp/bar_dir\n\n# Copy /tmp/foo local file to /tmp/bar in a remote pod in a specific container\nkubectl cp /tmp/foo <some-pod>:/tmp/bar -c <specific-container>\n\n# Copy /tmp/foo local file to /tmp/bar in a remote pod in namespace <some-namespace>\nkubectl cp /tmp/foo <some-namespace>/<some-pod>:/tmp/bar\n\n# Copy /tmp/foo from a remote pod to /tmp/bar locally\nkubectl cp <some-namespace>/<some-pod>:/tmp/foo /tmp/bar",
    flags: &[FLAGS],
    run: Some(|call| -> Running<'_> { Box::pin(async { run(call) }) }),
    ..Verb::EMPTY
};

/// `[[namespace/]pod:]path`, read.
struct Spec {
    pod: Option<(String, String)>,
    path: String,
}

/// Models `extractFileSpec`.
fn spec(call: &Call, text: &str) -> Outcome<Spec> {
    let wrong = || Failure::text("filespec must match the canonical format: [[namespace/]pod:]file/path");
    let Some((pod, path)) = text.split_once(':') else {
        return Ok(Spec { pod: None, path: text.to_owned() });
    };
    if pod.is_empty() {
        return Err(wrong());
    }
    let parts: Vec<&str> = pod.split('/').collect();
    let (namespace, name) = match parts.as_slice() {
        [name] => (call.namespace(), *name),
        [namespace, name] => ((*namespace).to_owned(), *name),
        _ => return Err(wrong()),
    };
    Ok(Spec { pod: Some((namespace, name.to_owned())), path: path.to_owned() })
}

fn run(call: &Call) -> Outcome {
    let [from, to] = call.args.as_slice() else {
        return Err(Failure::text("source and destination are required"));
    };
    let (from, to) = (spec(call, from)?, spec(call, to)?);
    if from.path.is_empty() || to.path.is_empty() {
        return Err(Failure::text("filepath can not be empty"));
    }
    match (&from.pod, &to.pod) {
        (Some(_), Some(_)) => Err(Failure::text("one of src or dest must be a local file specification")),
        (None, None) => Err(Failure::text("one of src or dest must be a remote file specification")),
        (Some(pod), None) => {
            let inside = inside(call, pod)?;
            let source = absolute(&inside.folder, &from.path);
            if !exists(&inside, &source) {
                call.sys.err.line(format!("tar: {}: No such file or directory", from.path));
                return Err(Failure::Text(format!("{} no such file or directory", from.path)));
            }
            if from.path.starts_with('/') {
                call.sys.err.line("tar: removing leading '/' from member names");
            }
            copy(&inside, &source, &call.sys, &absolute(&call.sys.folder, &to.path));
            Ok(())
        }
        (None, Some(pod)) => {
            let source = absolute(&call.sys.folder, &from.path);
            if !exists(&call.sys, &source) {
                return Err(Failure::Text(format!("{} doesn't exist in local filesystem", from.path)));
            }
            let inside = inside(call, pod)?;
            copy(&call.sys, &source, &inside, &absolute(&inside.folder, &to.path));
            Ok(())
        }
    }
}

/// The machine of the container that the flags name, if it has `tar`.
fn inside(call: &Call, (namespace, name): &(String, String)) -> Outcome<Sys> {
    let pod: std::sync::Arc<Object> = objects::get(call, &api::pod::KIND, namespace, name)?;
    let container = pods::chosen_container(call, &pod, call.flags.text("container"))?;
    let key = api::ObjectKey::of(&api::pod::KIND, &pod);
    sessions::enter(&call.sys, &key, &pod, &container).ok_or_else(|| Failure::Text(sessions::not_started(call, "tar")))
}

fn exists(sys: &Sys, path: &str) -> bool {
    sys.files(|files| files.is_file(path) || files.is_folder(path))
}

/// Copies a file, or a folder with all that is below it; into a folder that is there, under its own name.
fn copy(from: &Sys, source: &str, to: &Sys, target: &str) {
    let base = source.rsplit('/').next().unwrap_or_default();
    let target = match to.files(|files| files.is_folder(target)) {
        true => format!("{}/{base}", target.trim_end_matches('/')),
        false => target.to_owned(),
    };
    tree(from, source, to, &target);
}

fn tree(from: &Sys, source: &str, to: &Sys, target: &str) {
    if let Ok(text) = from.read_file(source) {
        let folder = target.rsplit_once('/').map_or("", |(folder, _)| folder);
        to.files(|files| {
            files.make_folder(folder);
            // It cannot fail: its folder was made above, and no folder has its name.
            let _ = files.write(target, text);
        });
        return;
    }
    to.files(|files| files.make_folder(target));
    let names: Vec<String> = from.files(|files| files.names(source).map(str::to_owned).collect());
    for name in names {
        tree(from, &format!("{source}/{name}"), to, &format!("{target}/{name}"));
    }
}

#[cfg(test)]
mod tests {
    use cluster::Cluster;

    use crate::terminal::run_script;

    #[test]
    fn files_go_in_and_come_back() {
        let mut cluster = Cluster::default();
        run_script(&mut cluster, "kubectl run box --image=busybox -- sleep 3600", "", &[]);
        cluster.settle(20_000_000);
        let files = [("a.txt".to_owned(), "hello\n".to_owned())];
        let script = "kubectl cp a.txt box:/tmp/a.txt && kubectl exec box -- cat /tmp/a.txt && kubectl cp box:/tmp/a.txt b.txt && cat b.txt";
        let done = run_script(&mut cluster, script, "", &files);
        assert_eq!((done.stdout.as_str(), done.exit), ("hello\nhello\n", Some(0)), "{done:?}");
        for (words, err) in [
            ("nope box:/tmp/x", "error: nope doesn't exist in local filesystem\n"),
            ("a b", "error: one of src or dest must be a remote file specification\n"),
            ("a", "error: source and destination are required\n"),
            (":a b", "error: filespec must match the canonical format: [[namespace/]pod:]file/path\n"),
        ] {
            assert_eq!(run_script(&mut cluster, &format!("kubectl cp {words}"), "", &files).stderr, err, "{words}");
        }
    }
}
