//! `kubectl cluster-info dump`. Models `pkg/cmd/clusterinfo`.

use api::{Kind, Object, Value, json};

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::objects;
use super::super::printers::Printer;
use super::common;
use super::logs::stream::Stream;
use crate::stream::Sink;

/// The verb below `cluster-info`.
pub(super) static DUMP: Verb = Verb {
    name: "dump",
    usage: "dump [flags]",
    short: "Dump relevant information for debugging and diagnosis",
    long: "Dump cluster information out suitable for debugging and diagnosing cluster problems.  By default, dumps everything to stdout. You can optionally specify a directory with --output-directory.  If you specify a directory, Kubernetes will build a set of files in that directory.  By default, only dumps things in the current namespace and 'kube-system' namespace, but you can switch to a different namespace with the --namespaces flag, or specify --all-namespaces to dump all namespaces.\n\n The command also dumps the logs of all of the pods in the cluster; these logs are dumped into different directories based on namespace and pod name.",
    examples: "# Dump current cluster state to stdout\nkubectl cluster-info dump\n\n# Dump current cluster state to /path/to/cluster-state\nkubectl cluster-info dump --output-directory=/path/to/cluster-state\n\n# Dump all namespaces to stdout\nkubectl cluster-info dump --all-namespaces\n\n# Dump a set of namespaces to /path/to/cluster-state\nkubectl cluster-info dump --namespaces default,kube-system --output-directory=/path/to/cluster-state",
    flags: &[FLAGS, common::PRINT_JSON],
    run: Some(|call| -> Running<'_> { Box::pin(async { run(call) }) }),
    ..Verb::EMPTY
};

static FLAGS: &[Flag] = &[
    Flag::bool("all-namespaces", "false", "If true, dump all namespaces.  If true, --namespaces is ignored.")
        .short('A'),
    Flag::list("namespaces", "A comma separated list of namespaces to dump."),
    Flag::text(
        "output-directory",
        "",
        "Where to output the files.  If empty or '-' uses stdout, otherwise creates a directory hierarchy in that directory",
    ),
    Flag::duration(
        "pod-running-timeout",
        "20s",
        "The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running",
    ),
];

/// What is dumped of a namespace, by the names of its files; pods and their logs follow.
const LISTS: [(&str, &str); 7] = [
    ("events", "Event"),
    ("replication-controllers", "ReplicationController"),
    ("services", "Service"),
    ("daemonsets", "DaemonSet"),
    ("deployments", "Deployment"),
    ("replicasets", "ReplicaSet"),
    ("pods", "Pod"),
];

fn run(call: &Call) -> Outcome {
    let dump = Dump::of(call)?;
    dump.list("nodes", &api::node::KIND, None)?;
    let namespaces: Vec<String> = if call.flags.bool("all-namespaces") {
        let all = objects::list(call, &api::namespace::KIND, None, "", "")?;
        all.iter().map(|namespace| namespace.name().to_owned()).collect()
    } else {
        match call.flags.all("namespaces") {
            [] => vec!["kube-system".to_owned(), call.namespace()],
            given => given.to_vec(),
        }
    };
    for namespace in &namespaces {
        for (file, kind) in LISTS {
            // Replication controllers there are none, and an empty list of them is dumped.
            let kind = ["v1", "apps/v1"]
                .iter()
                .find_map(|version| objects::kind_of(&json!({"kind": kind, "apiVersion": version})).ok());
            let Some(kind) = kind else { continue };
            dump.list(&format!("{namespace}/{file}"), kind, Some(namespace))?;
        }
        for pod in objects::list(call, &api::pod::KIND, Some(namespace), "", "")? {
            dump.logs(&pod)?;
        }
    }
    if let Some(folder) = dump.folder {
        call.sys.out.line(format!("Cluster info dumped to {folder}"));
    }
    Ok(())
}

/// Where and how everything is written.
struct Dump<'a> {
    call: &'a Call,
    printer: Printer,
    /// `None` for standard output.
    folder: Option<&'a str>,
    extension: &'static str,
}

impl<'a> Dump<'a> {
    fn of(call: &'a Call) -> Outcome<Self> {
        let printer = Printer::of(call, false)?.ok_or_else(|| Failure::text("there is no output format"))?.typed();
        let extension = match call.flags.text("output") {
            "json" => ".json",
            "yaml" => ".yaml",
            _ => ".txt",
        };
        let folder = Some(call.flags.text("output-directory")).filter(|folder| !folder.is_empty() && *folder != "-");
        Ok(Self { call, printer, folder, extension })
    }

    /// Models `setupOutputWriter`.
    fn writer(&self, name: &str, extension: &str) -> Outcome<Sink> {
        let sys = &self.call.sys;
        let Some(folder) = self.folder else { return Ok(sys.out.clone()) };
        let path = crate::files::absolute(&sys.folder, &format!("{folder}/{name}{extension}"));
        sys.files(|files| {
            // Folders above others: none of them may be a file.
            for (at, _) in path.match_indices('/').skip(1) {
                if files.is_file(&path[..at]) {
                    return Err(Failure::Text(format!("mkdir {}: not a directory", &path[..at])));
                }
            }
            files.make_folder(path.rsplit_once('/').map_or("", |(folder, _)| folder));
            files.write(&path, "").map_err(|_| Failure::Text(format!("open {path}: no space left on device")))
        })?;
        Ok(Sink::file(&sys.systems, &sys.vantage, &path))
    }

    /// Writes all objects of a kind as one list, as a client of the kind's own holds it: its items do not say what they are.
    fn list(&self, name: &str, kind: &'static Kind, namespace: Option<&str>) -> Outcome {
        let items: Vec<Value> = objects::list(self.call, kind, namespace, "", "")?
            .iter()
            .map(|object| {
                let mut item = object.to_value();
                if let Some(item) = item.as_object_mut() {
                    item.remove("kind");
                    item.remove("apiVersion");
                }
                item
            })
            .collect();
        let revision = self.call.sys.cluster(|cluster| cluster.store().revision().to_string());
        let list = json!({
            "kind": format!("{}List", kind.kind), "apiVersion": kind.api_version(),
            "metadata": {"resourceVersion": revision}, "items": items,
        });
        self.printer.print_on(&self.writer(name, self.extension)?, self.call, &list)
    }

    /// Writes the logs of a pod's containers, and where one has none, why.
    fn logs(&self, pod: &Object) -> Outcome {
        let (namespace, name) = (pod.namespace(), pod.name());
        let out = self.writer(&format!("{namespace}/{name}/logs"), ".txt")?;
        let containers = pod.list(&["spec", "initContainers"]).iter().chain(pod.list(&["spec", "containers"]));
        for container in containers.filter_map(|container| container.get("name")?.as_str()) {
            let border =
                |word: &str| format!("==== {word} logs for container {container} of pod {namespace}/{name} ====");
            out.line(border("START"));
            let text = self.call.sys.cluster(|cluster| Stream::new(pod, container).whole(cluster));
            out.write(text.unwrap_or_else(|why| format!("Request log error: {why}\n")));
            out.line(border("END"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use cluster::Cluster;

    use crate::terminal::run_script;

    #[test]
    fn everything_goes_to_standard_output_or_into_a_folder() {
        let mut cluster = Cluster::default();
        run_script(
            &mut cluster,
            "kubectl run loop --image=busybox -- sh -c 'echo tick; sleep 1000'; kubectl run waits --image=nope",
            "",
            &[],
        );
        cluster.settle(20_000_000);
        let mut run = |line: &str| {
            let done = run_script(&mut cluster, line, "", &[]);
            assert_eq!((done.stderr.as_str(), done.exit), ("", Some(0)), "{line}");
            done.stdout
        };
        let all = run("kubectl cluster-info dump --namespaces default");
        assert!(all.starts_with("{\n    \"kind\": \"NodeList\",\n    \"apiVersion\": \"v1\",\n    \"metadata\": {\n        \"resourceVersion\""));
        let none =
            "{\n    \"kind\": \"ReplicationControllerList\",\n    \"apiVersion\": \"v1\",\n    \"metadata\": {\n";
        assert!(all.contains(none), "{all}");
        assert!(all.contains("\"items\": []"));
        let (start, end) = ("==== START logs for container", "==== END logs for container");
        let logs = format!("{start} loop of pod default/loop ====\ntick\n{end} loop of pod default/loop ====\n");
        assert!(all.contains(&logs), "{all}");
        let why = "Request log error: container \"waits\" in pod \"waits\" is waiting to start: trying and failing to pull image\n";
        assert!(all.contains(why), "{all}");
        assert!(!all.contains("\"kind\": \"Pod\",\n            \"apiVersion\""), "items do not say what they are");

        let dumped = "Cluster info dumped to out\n";
        assert_eq!(run("kubectl cluster-info dump --output-directory=out -o yaml"), dumped);
        let files = "daemonsets.yaml\ndeployments.yaml\nevents.yaml\nloop\npods.yaml\nreplicasets.yaml\nreplication-controllers.yaml\n\
                     services.yaml\nwaits\n";
        assert_eq!(run("kubectl cluster-info dump --output-directory=out -o yaml >/dev/null; ls out/default"), files);
        assert_eq!(
            run("kubectl cluster-info dump --output-directory=out >/dev/null; cat out/default/loop/logs.txt"),
            logs
        );
    }
}
