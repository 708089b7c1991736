//! Events: what components want to have said about an object. Models client-go `tools/record` with its counting.

use std::sync::Arc;

use api::{Object, ObjectKey, Value, json};

use crate::apiserver::{Request, WriteOptions};
use crate::store::{self, WatchEvent};
use crate::{Cluster, Patch, apiserver::Subresource};

/// Something to be said.
pub(crate) struct Note<'a> {
    /// Who says it, such as `kubelet`.
    pub(crate) component: &'static str,
    /// On which node; empty for the control plane.
    pub(crate) host: &'a str,
    /// The part of the object, such as `spec.containers{web}`; empty for all of it.
    pub(crate) field: String,
    /// Whether it is a warning.
    pub(crate) warning: bool,
    /// The reason, one word in camel case.
    pub(crate) reason: &'static str,
    /// The message.
    pub(crate) message: String,
}

impl<'a> Note<'a> {
    /// Something usual, said by a component of the control plane.
    pub(crate) fn normal(component: &'static str, reason: &'static str, message: impl Into<String>) -> Self {
        let (host, field, message) = ("", String::new(), message.into());
        Self { component, host, field, warning: false, reason, message }
    }

    /// Something unusual, said by a component of the control plane.
    pub(crate) fn warning(component: &'static str, reason: &'static str, message: impl Into<String>) -> Self {
        Self { warning: true, ..Self::normal(component, reason, message) }
    }

    /// The same, said on a node about a part of the object.
    pub(crate) fn on(self, host: &'a str, field: String) -> Self {
        Self { host, field, ..self }
    }

    fn said(&self, about: &Object) -> u64 {
        store::said(about.uid(), &self.field, self.reason, &self.message)
    }

    fn repeats(&self, about: &Object, event: &Object) -> bool {
        event.str(&["involvedObject", "uid"]) == about.uid()
            && event.str(&["reason"]) == self.reason
            && event.str(&["message"]) == self.message
            && event.str(&["involvedObject", "fieldPath"]) == self.field
            && event.str(&["reportingComponent"]) == self.component
    }
}

impl Cluster {
    /// Says something about an object: a new event, or one more in the count of an old one.
    pub(crate) fn record(&mut self, about: &Object, note: &Note<'_>) {
        let time = api::time::format_rfc3339(self.now().unix_seconds());
        let namespace = if about.namespace().is_empty() { "default" } else { about.namespace() };
        let home = self.store().find(&api::namespace::KIND, "", namespace);
        if home.is_none_or(|home| home.is_terminating()) {
            return;
        }
        let same = self.store().said(note.said(about)).find(|event| note.repeats(about, event)).cloned();
        let actor: Arc<str> = note.component.into();
        if let Some(event) = same {
            let count = api::event::count(&event) + 1;
            let (kind, namespace, name) = (&api::event::KIND, namespace.into(), event.name().into());
            let patch = Patch::Merge(json!({"count": count, "lastTimestamp": time}));
            let (options, subresource) = (WriteOptions::typed(note.component), Subresource::Main);
            // Nobody takes events away between the look-up and here.
            drop(self.submit(Request::Patch { kind, namespace, name, patch, subresource, options }));
            return;
        }
        let mut involved = json!({
            "apiVersion": about.api_version(), "kind": about.kind(), "name": about.name(), "uid": about.uid(),
            "resourceVersion": about.str(&["metadata", "resourceVersion"]),
        });
        if !about.namespace().is_empty() {
            involved["namespace"] = about.namespace().into();
        }
        if !note.field.is_empty() {
            involved["fieldPath"] = note.field.as_str().into();
        }
        let mut source = json!({"component": note.component});
        if !note.host.is_empty() {
            source["host"] = note.host.into();
        }
        let name = format!("{}.{:016x}", about.name(), self.rng.next_u64());
        let mut event = json!({
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {
                "creationTimestamp": time, "name": name, "namespace": namespace, "uid": self.rng.uuid(),
            },
            "reason": note.reason,
            "message": note.message,
            "firstTimestamp": time,
            "lastTimestamp": time,
            "count": 1,
            "type": if note.warning { "Warning" } else { "Normal" },
            "eventTime": Value::Null,
            "reportingComponent": note.component,
            "reportingInstance": note.host,
        });
        event["involvedObject"] = involved;
        event["source"] = source;
        let key = ObjectKey::new(&api::event::KIND, namespace, &name);
        self.commit(&key, Object::new(event), &actor);
    }
}

/// Whether a watch event is about an Event; those concern no controller.
pub(crate) fn is_event(event: &WatchEvent) -> bool {
    *event.key.kind == api::event::KIND
}
