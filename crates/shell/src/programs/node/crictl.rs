//! `crictl`: the containers of a node, as its runtime knows them.

use std::collections::BTreeMap;

use api::arrange::Arrange;
use api::{Object, ObjectKey, Value};
use cluster::network::Vantage;

use crate::kubectl::tabwriter;
use crate::sys::Sys;

const USAGE: &str = "NAME:
   crictl - client for CRI

USAGE:
   crictl [global options] command [command options] [arguments...]

COMMANDS:
   images, image, img  List images
   logs                Fetch the logs of a container
   pods                List pods
   ps                  List containers
   version             Display runtime version information
";

/// One container of the node.
struct Container {
    id: String,
    image: String,
    running: bool,
    created: i64,
    name: String,
    attempt: i64,
    pod_id: String,
    pod: String,
    namespace: String,
}

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let Vantage::Node(node) = sys.vantage.clone() else { return 1 };
    let (flags, words): (Vec<&str>, Vec<&str>) =
        argv.iter().map(String::as_str).partition(|word| word.starts_with('-'));
    let all = flags.iter().any(|flag| matches!(*flag, "-a" | "--all"));
    let quiet = flags.iter().any(|flag| matches!(*flag, "-q" | "--quiet"));
    let pods: Vec<_> = sys.cluster(|cluster| {
        let pods = cluster.store().list(&api::pod::KIND, None);
        pods.filter(|pod| pod.str(&["spec", "nodeName"]) == &*node).cloned().collect()
    });
    let now = sys.now().unix_seconds();
    match words.first().copied() {
        Some("ps") => {
            let mut found: Vec<Container> = pods.iter().flat_map(|pod| containers(pod)).collect();
            found.arrange_by_key(|container| std::cmp::Reverse(container.created));
            found.retain(|container| container.running || all);
            if quiet {
                found.iter().for_each(|container| sys.out.line(&container.id));
                return 0;
            }
            let mut rows = vec![
                ["CONTAINER", "IMAGE", "CREATED", "STATE", "NAME", "ATTEMPT", "POD ID", "POD", "NAMESPACE"]
                    .map(str::to_owned)
                    .to_vec(),
            ];
            for one in found {
                let state = if one.running { "Running" } else { "Exited" };
                let attempt = one.attempt.to_string();
                rows.push(vec![
                    one.id,
                    one.image,
                    ago(now - one.created),
                    state.to_owned(),
                    one.name,
                    attempt,
                    one.pod_id,
                    one.pod,
                    one.namespace,
                ]);
            }
            print(&sys, &rows);
            0
        }
        Some("pods") => {
            let mut rows = vec![
                ["POD ID", "CREATED", "STATE", "NAME", "NAMESPACE", "ATTEMPT", "RUNTIME"].map(str::to_owned).to_vec(),
            ];
            for pod in pods.iter().rev() {
                let created = api::time::parse_rfc3339(pod.str(&["metadata", "creationTimestamp"])).unwrap_or(now);
                let running = pod.str(&["status", "phase"]) == "Running";
                let state = if running { "Ready" } else { "NotReady" };
                let cells = [&pod_id(pod), &ago(now - created), state, pod.name(), pod.namespace(), "0", "(default)"];
                rows.push(cells.map(str::to_owned).to_vec());
            }
            print(&sys, &rows);
            0
        }
        Some("images" | "image" | "img") => {
            let mut images: BTreeMap<String, String> = BTreeMap::new();
            for pod in &pods {
                for status in pod.list(&["status", "containerStatuses"]) {
                    let text = |field: &str| status.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
                    if !text("imageID").is_empty() {
                        images.insert(text("image"), short(&text("imageID")));
                    }
                }
            }
            let mut rows = vec![["IMAGE", "TAG", "IMAGE ID"].map(str::to_owned).to_vec()];
            for (image, id) in images {
                let (name, tag) =
                    image.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')).unwrap_or((&image, "latest"));
                rows.push(vec![name.to_owned(), tag.to_owned(), id]);
            }
            print(&sys, &rows);
            0
        }
        Some("logs") => logs(&sys, &pods, words.get(1).copied()),
        Some("version") => {
            sys.out.line("Version:  0.1.0\nRuntimeName:  containerd\nRuntimeVersion:  v2.1.3\nRuntimeApiVersion:  v1");
            0
        }
        None => {
            sys.out.write(USAGE);
            0
        }
        Some(other) => {
            sys.err.line(format!("crictl {other} is not simulated by this playground"));
            1
        }
    }
}

/// The first letters of an identity.
fn short(id: &str) -> String {
    let id = id.rsplit([':', '/']).next().unwrap_or(id);
    id.chars().take(13).collect()
}

fn pod_id(pod: &Object) -> String {
    pod.str(&["metadata", "uid"]).chars().filter(char::is_ascii_hexdigit).take(13).collect()
}

fn containers(pod: &Object) -> Vec<Container> {
    let statuses = pod.list(&["status", "containerStatuses"]);
    let of = |status: &Value| {
        let text = |path: &str| status.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
        let id = text("/containerID");
        let started = [text("/state/running/startedAt"), text("/state/terminated/startedAt")].concat();
        (!id.is_empty()).then(|| Container {
            id: short(&id),
            image: short(&text("/imageID")),
            running: status.pointer("/state/running").is_some(),
            created: api::time::parse_rfc3339(&started).unwrap_or(cluster::EPOCH),
            name: text("/name"),
            attempt: status.get("restartCount").and_then(Value::as_i64).unwrap_or(0),
            pod_id: pod_id(pod),
            pod: pod.name().to_owned(),
            namespace: pod.namespace().to_owned(),
        })
    };
    statuses.iter().filter_map(of).collect()
}

fn logs(sys: &Sys, pods: &[std::sync::Arc<Object>], id: Option<&str>) -> i32 {
    let Some(id) = id else {
        sys.err.line("FATA[0000] ID cannot be empty");
        return 1;
    };
    for pod in pods {
        if let Some(found) = containers(pod).into_iter().find(|container| container.id.starts_with(id)) {
            let key = ObjectKey::new(&api::pod::KIND, pod.namespace(), pod.name());
            let lines: Vec<String> = sys.cluster(|cluster| {
                let log = cluster.logs(&key, &found.name, false).unwrap_or_default();
                log.iter().map(|line| line.text.clone()).collect()
            });
            lines.iter().for_each(|line| sys.out.line(line));
            return 0;
        }
    }
    sys.err.line(format!(
        "E0000 rpc error: code = NotFound desc = an error occurred when try to find container \"{id}\": not found"
    ));
    1
}

/// `5 minutes ago`, as go-units' HumanDuration has it.
fn ago(seconds: i64) -> String {
    let text = match seconds {
        ..1 => "Less than a second".to_owned(),
        1 => "1 second".to_owned(),
        2..60 => format!("{seconds} seconds"),
        60..120 => "About a minute".to_owned(),
        120..3600 => format!("{} minutes", seconds / 60),
        3600..5400 => "About an hour".to_owned(),
        5400..172_800 => format!("{} hours", (seconds + 1800) / 3600),
        _ => format!("{} days", seconds / 86_400),
    };
    text + " ago"
}

/// Columns as crictl lays them out: 20 wide at least, three apart.
fn print(sys: &Sys, rows: &[Vec<String>]) {
    let text: String = rows.iter().map(|row| row.join("\t") + "\n").collect();
    sys.out.write(tabwriter::align(&text, 20, 3));
}
