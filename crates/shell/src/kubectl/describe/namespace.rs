//! Namespaces. Models `describeNamespace`.

use api::Object;

use super::{Text, View};

pub(super) fn describe(namespace: &Object, _view: &View<'_>) -> Text {
    let mut text = Text::default();
    text.identity(namespace);
    text.field(0, "Status", namespace.str(&["status", "phase"]));
    text.line(0, "\nNo resource quota.\n\nNo LimitRange resource.");
    text
}
