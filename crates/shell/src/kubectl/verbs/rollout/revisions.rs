//! The revisions of a workload: what it was told to run, by number.

use api::arrange::Arrange;
use api::{Object, ObjectKey, Value};

use super::super::super::command::Call;
use super::super::super::objects::Info;

const REVISION: &str = "deployment.kubernetes.io/revision";
const HASH: &str = "pod-template-hash";

/// The annotation that says why something was changed.
const CHANGE_CAUSE: &str = "kubernetes.io/change-cause";

/// One revision.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Revision {
    /// Its number.
    pub(super) number: i64,
    /// Its pod template.
    pub(super) template: Value,
    /// The annotations that came with it.
    pub(super) annotations: api::Map<String, Value>,
    /// What keeps it: a ReplicaSet, or the workload as it was.
    pub(super) object: Value,
}

impl Revision {
    /// Why it came to be, as somebody wrote it down.
    pub(super) fn cause(&self) -> Option<&str> {
        self.annotations.get(CHANGE_CAUSE).and_then(Value::as_str).filter(|cause| !cause.is_empty())
    }

    /// The template with its change cause, as descriptions show it. Models `DeploymentHistoryViewer.ViewHistory`.
    pub(super) fn described(&self) -> Value {
        let mut template = self.template.clone();
        if let Some(cause) = self.cause() {
            api::object::set(&mut template, &["metadata", "annotations", CHANGE_CAUSE], cause.into());
        }
        template
    }
}

/// The revision that a deployment or a ReplicaSet is. Models `deploymentutil.Revision`.
pub(super) fn number(object: &Value) -> i64 {
    let text = object.pointer("/metadata/annotations").and_then(|all| all.get(REVISION)?.as_str());
    text.and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// The revisions of a workload, oldest first.
pub(super) fn of(call: &Call, info: &Info) -> Vec<Revision> {
    let mut all = if info.kind.kind == "Deployment" { of_deployment(call, info) } else { of_log(call, info) };
    all.arrange_by_key(|revision| revision.number);
    all
}

fn revision(number: i64, object: &Object) -> Revision {
    Revision {
        number,
        template: object.at(&["spec", "template"]).cloned().unwrap_or_default(),
        annotations: object.map(&["metadata", "annotations"]).cloned().unwrap_or_default(),
        object: object.to_value(),
    }
}

/// Models `getDeploymentReplicaSets`.
fn of_deployment(call: &Call, info: &Info) -> Vec<Revision> {
    let uid = info.object.pointer("/metadata/uid").cloned().unwrap_or_default();
    call.sys.cluster(|cluster| {
        let sets = cluster.list(&api::replica_set::KIND, Some(&info.namespace));
        let own = sets.filter(|set| set.controller().is_some_and(|owner| owner.get("uid") == Some(&uid)));
        own.map(|set| revision(number(&set.to_value()), set)).collect()
    })
}

/// DaemonSets and StatefulSets keep their templates in ControllerRevisions, which follow from what was written: each
/// new template is a revision, and one that comes back gets the newest number.
fn of_log(call: &Call, info: &Info) -> Vec<Revision> {
    let key = ObjectKey::new(info.kind, &info.namespace, &info.name);
    let uid = info.object.pointer("/metadata/uid").and_then(Value::as_str).unwrap_or_default();
    call.sys.cluster(|cluster| {
        let mut all: Vec<Revision> = Vec::new();
        let mut newest = 0;
        let own = cluster.store().log().iter().filter(|event| event.key == key && event.object.uid() == uid);
        for event in own {
            let template = event.object.at(&["spec", "template"]);
            if all.iter().any(|known| known.number == newest && Some(&known.template) == template) {
                continue;
            }
            newest += 1;
            all.retain(|known| Some(&known.template) != template);
            all.push(revision(newest, &event.object));
        }
        all
    })
}

/// A template without the label that a deployment gives its ReplicaSets.
pub(super) fn without_hash(template: &Value) -> Value {
    let mut plain = template.clone();
    if let Some(labels) = plain.pointer_mut("/metadata/labels").and_then(Value::as_object_mut) {
        labels.remove(HASH);
    }
    plain
}
