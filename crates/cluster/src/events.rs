//! Events: what components want to have said about an object. Models client-go `tools/record` with its counting.

use std::sync::{Arc, LazyLock};

use api::{Object, ObjectKey, Value, json};

use crate::apiserver::{Request, WriteOptions};
use crate::rng::push_hex;
use crate::store::{self, WatchEvent};
use crate::{Cluster, Patch, apiserver::Subresource};

/// What all new events have alike; they share it.
struct Same {
    version: Arc<Value>,
    kind: Arc<Value>,
    one: Arc<Value>,
    null: Arc<Value>,
    normal: Arc<Value>,
    warning: Arc<Value>,
}

static SAME: LazyLock<Same> = LazyLock::new(|| Same {
    version: Arc::new("v1".into()),
    kind: Arc::new("Event".into()),
    one: Arc::new(1.into()),
    null: Arc::default(),
    normal: Arc::new("Normal".into()),
    warning: Arc::new("Warning".into()),
});

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
        // Named by their time, so that a list has them in the order in which they came.
        let nanos = self.now().unix_nanos() + self.rng.below(1000);
        self.last_event = nanos.max(self.last_event + 1);
        let mut name = format!("{}.", about.name());
        push_hex(&mut name, 16, self.last_event);
        let metadata = json!({
            "creationTimestamp": time, "name": name, "namespace": namespace, "uid": self.rng.uuid(),
        });
        let time = Arc::new(Value::from(time));
        let same = &*SAME;
        let event = Object::of_fields([
            ("apiVersion", same.version.clone()),
            ("count", same.one.clone()),
            ("eventTime", same.null.clone()),
            ("firstTimestamp", time.clone()),
            ("involvedObject", Arc::new(involved)),
            ("kind", same.kind.clone()),
            ("lastTimestamp", time),
            ("message", Arc::new(note.message.as_str().into())),
            ("metadata", Arc::new(metadata)),
            ("reason", Arc::new(note.reason.into())),
            ("reportingComponent", Arc::new(note.component.into())),
            ("reportingInstance", Arc::new(note.host.into())),
            ("source", Arc::new(source)),
            ("type", if note.warning { &same.warning } else { &same.normal }.clone()),
        ]);
        let key = ObjectKey::new(&api::event::KIND, namespace, &name);
        self.commit(&key, event, &actor);
    }
}

/// Whether a watch event is about an Event; those concern no controller.
pub(crate) fn is_event(event: &WatchEvent) -> bool {
    *event.key.kind == api::event::KIND
}
