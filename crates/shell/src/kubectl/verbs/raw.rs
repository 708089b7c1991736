//! `kubectl get --raw`: the API by its paths, as far as it is simulated.

use api::{Kind, Reason, Status, Value, json};

use super::super::command::Call;
use super::super::errors::{Failure, Outcome};
use super::super::objects;

/// Answers a GET.
pub(super) fn get(call: &Call, path: &str) -> Outcome {
    let not_found = || Failure::from(Status::new(Reason::NotFound, "the server could not find the requested resource"));
    let parts: Vec<&str> = path.split('?').next().unwrap_or(path).split('/').filter(|part| !part.is_empty()).collect();
    let rest = match parts.as_slice() {
        ["version"] => {
            call.sys.out.write(super::version::server_json());
            return Ok(());
        }
        ["healthz" | "livez" | "readyz"] => {
            call.sys.out.write("ok");
            return Ok(());
        }
        ["api", "v1", rest @ ..] => ("v1".to_owned(), rest),
        ["apis", group, version, rest @ ..] => (format!("{group}/{version}"), rest),
        _ => return Err(not_found()),
    };
    let (version, rest) = rest;
    let kind = |plural: &str| {
        api::KINDS.iter().copied().find(|kind: &&Kind| kind.plural == plural && kind.api_version() == version)
    };
    let value = match rest {
        ["namespaces", namespace, plural, name] => one(call, kind(plural).ok_or_else(not_found)?, namespace, name)?,
        ["namespaces", namespace, plural] => many(call, kind(plural).ok_or_else(not_found)?, Some(namespace))?,
        [plural, name] => one(call, kind(plural).ok_or_else(not_found)?, "", name)?,
        [plural] => many(call, kind(plural).ok_or_else(not_found)?, None)?,
        _ => return Err(not_found()),
    };
    call.sys.out.write(manifest::to_json_compact(&value) + "\n");
    Ok(())
}

fn one(call: &Call, kind: &'static Kind, namespace: &str, name: &str) -> Outcome<Value> {
    Ok(objects::get(call, kind, namespace, name)?.to_value())
}

fn many(call: &Call, kind: &'static Kind, namespace: Option<&str>) -> Outcome<Value> {
    let items: Vec<Value> = objects::list(call, kind, namespace, "", "")?.iter().map(|o| o.to_value()).collect();
    let revision = call.sys.cluster(|cluster| cluster.store().revision()).to_string();
    Ok(json!({
        "apiVersion": kind.api_version(), "items": items, "kind": format!("{}List", kind.kind),
        "metadata": {"resourceVersion": revision},
    }))
}
