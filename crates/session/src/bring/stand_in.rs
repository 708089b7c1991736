//! Images that only the real cluster can run: a stand-in that listens where the manifest says they do.

use std::collections::BTreeSet;

use api::{Value, object::lookup};
use serde_json::json;

use super::clean::containers;
use super::{Said, str};

/// The image that behaves as its variables say.
const STAND_IN: &str = "playground/app:1";

/// What the pods that were pasted tell of their images, also of those that something else makes anew here.
#[derive(Default)]
pub(super) struct Told {
    /// Could not be pulled: here they fail as well, so they are kept as they are.
    not_pulled: BTreeSet<String>,
    /// Kept crashing.
    crashing: BTreeSet<String>,
}

/// Reads the states of all containers.
pub(super) fn told(objects: &[Value]) -> Told {
    let mut told = Told::default();
    for object in objects {
        for status in values(object, &["status", "containerStatuses"]) {
            let of_name = |container: &&Value| container.get("name") == status.get("name");
            let Some(container) = values(object, &["spec", "containers"]).find(of_name) else { continue };
            match str(status, &["state", "waiting", "reason"]).as_str() {
                "ErrImagePull" | "ImagePullBackOff" | "InvalidImageName" | "ErrImageNeverPull" => &mut told.not_pulled,
                "CrashLoopBackOff" => &mut told.crashing,
                _ => continue,
            }
            .insert(str(container, &["image"]));
        }
    }
    told
}

/// Replaces unknown images in a pod, or in the template of one.
pub(super) fn images(object: &mut Value, told: &Told, said: &mut Said<'_>) {
    for container in containers(object) {
        let image = str(container, &["image"]);
        if image.is_empty() || told.not_pulled.contains(&image) || cluster::images::refusal(&image).is_none() {
            continue;
        }
        said.say(replace(container, &image, told.crashing.contains(&image)));
    }
}

fn replace(container: &mut Value, image: &str, crashes: bool) -> String {
    let ports: Vec<u64> =
        values(container, &["ports"]).filter_map(|port| port.get("containerPort")?.as_u64()).collect();
    let port = ports.first().copied().unwrap_or(8080);
    let mut variables = vec![json!({"name": "PORT", "value": port.to_string()})];
    let udp = values(container, &["ports"]).next().is_some_and(|port| str(port, &["protocol"]) == "UDP");
    if udp {
        variables.push(json!({"name": "PROTOCOL", "value": "udp-echo"}));
    }
    if crashes {
        variables.push(json!({"name": "CRASH_AFTER", "value": "2"}));
    }
    if let Some(container) = container.as_object_mut() {
        // What the real program is told means nothing to the stand-in.
        for field in ["command", "args", "env", "envFrom", "volumeMounts", "lifecycle"] {
            container.remove(field);
        }
        container.insert("image".to_owned(), STAND_IN.into());
        container.insert("env".to_owned(), Value::Array(variables));
    }
    let does = if crashes { "crashes as it did there" } else { "answers whatever it is asked" };
    let where_ = match ports.len() {
        0 => format!("on {port}, because no port is declared"),
        1 => format!("on {port}, the port that is declared"),
        _ => format!("on {port} only, the first port that is declared"),
    };
    format!("{image} cannot run here: a stand-in listens {where_}, and {does}")
}

fn values<'a>(object: &'a Value, path: &[&str]) -> std::slice::Iter<'a, Value> {
    lookup(object, path).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default().iter()
}
