//! What `--prune` takes away: objects that were applied once and are not in the manifests any more.
//!
//! Models `pkg/util/prune`, `pkg/cmd/apply/prune.go` and `pkg/cmd/diff/prune.go`.

use std::collections::BTreeSet;

use api::Kind;

use super::super::command::Call;
use super::super::errors::{Failure, Outcome};
use super::super::klog;
use super::super::objects::{self, Info};
use super::common::LAST_APPLIED;

/// The kinds that are pruned when `--prune-allowlist` names none, as far as the server has them.
const DEFAULT: &[(&str, &str)] = &[
    ("v1", "ConfigMap"),
    ("v1", "Endpoints"),
    ("v1", "PersistentVolumeClaim"),
    ("v1", "Pod"),
    ("v1", "ReplicationController"),
    ("v1", "Secret"),
    ("v1", "Service"),
    ("batch/v1", "Job"),
    ("batch/v1", "CronJob"),
    ("networking.k8s.io/v1", "Ingress"),
    ("apps/v1", "DaemonSet"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "ReplicaSet"),
    ("apps/v1", "StatefulSet"),
    ("v1", "Namespace"),
    ("v1", "PersistentVolume"),
];

const DEPRECATED: &str = "Deprecated: kubectl apply will no longer prune non-namespaced resources by default when used with the --namespace flag in a future release. To preserve the current behaviour, list the resources you want to target explicitly in the --prune-allowlist flag.";

/// What a command has seen and therefore keeps.
#[derive(Debug, Default)]
pub(super) struct Visited {
    namespaces: BTreeSet<String>,
    uids: BTreeSet<String>,
}

impl Visited {
    /// Keeps an object as the server has it.
    pub(super) fn mark(&mut self, info: &Info) {
        if info.kind.namespaced {
            self.mark_namespace(&info.namespace);
        }
        let uid = info.object.pointer("/metadata/uid").and_then(api::Value::as_str);
        self.uids.extend(uid.map(str::to_owned));
    }

    /// Has a namespace looked at.
    pub(super) fn mark_namespace(&mut self, namespace: &str) {
        self.namespaces.insert(namespace.to_owned());
    }
}

/// The kinds that `--prune-allowlist` names. Models `ParseResources`.
///
/// # Errors
/// For a word that names none.
pub(super) fn kinds(call: &Call) -> Outcome<Vec<&'static Kind>> {
    let mut kinds = Vec::new();
    for word in call.flags.all("prune-allowlist") {
        let parts: Vec<&str> = word.split('/').collect();
        let [group, version, kind] = parts.as_slice() else {
            let text = format!("invalid GroupVersionKind format: {word}, please follow <group/version/kind>");
            return Err(Failure::Text(text));
        };
        let api_version =
            if *group == "core" || group.is_empty() { (*version).to_owned() } else { format!("{group}/{version}") };
        kinds.push(Kind::of_manifest(&api_version, kind).ok_or_else(|| {
            let quote = api::field::go_quote;
            Failure::Text(format!("no matches for kind {} in version {}", quote(kind), quote(&api_version)))
        })?);
    }
    Ok(kinds)
}

/// What is to go: applied once, and not visited. Models `pruner.pruneAll`.
///
/// # Errors
/// What the server says of a bad selector.
pub(super) fn candidates(call: &Call, kinds: &[&'static Kind], visited: &Visited) -> Outcome<Vec<Info>> {
    let mut kinds = kinds.to_vec();
    if kinds.is_empty() {
        kinds.extend(DEFAULT.iter().filter_map(|(version, kind)| Kind::of_manifest(version, kind)));
        call.sys.err.line(klog::line(call.sys.now(), 'W', "prune.go:71", DEPRECATED));
    }
    let mut found = Vec::new();
    let mut look = |kind: &'static Kind, namespace: Option<&str>| -> Outcome {
        for object in objects::list(call, kind, namespace, call.flags.text("selector"), "")? {
            if object.annotation(LAST_APPLIED).is_some() && !visited.uids.contains(object.uid()) {
                found.push(Info::read(kind, &object));
            }
        }
        Ok(())
    };
    for namespace in &visited.namespaces {
        kinds.iter().filter(|kind| kind.namespaced).try_for_each(|kind| look(kind, Some(namespace)))?;
    }
    kinds.iter().filter(|kind| !kind.namespaced).try_for_each(|kind| look(kind, None))?;
    Ok(found)
}
