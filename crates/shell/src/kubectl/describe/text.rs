//! A description under way: lines of cells, indented by level. Models `PrefixWriter` over a tab writer.

use api::{Map, Object, Value};

use super::super::tabwriter;
use super::{View, events_of};

/// Lines of cells that are aligned when the text is flushed.
#[derive(Default)]
pub struct Text {
    done: String,
    open: String,
}

impl Text {
    /// A line; cells are parted by tabs.
    pub(super) fn line(&mut self, level: usize, cells: impl AsRef<str>) {
        self.open.extend(std::iter::repeat_n("  ", level));
        self.open.push_str(cells.as_ref());
        self.open.push('\n');
    }

    /// A field and its value.
    pub(super) fn field(&mut self, level: usize, name: &str, value: impl AsRef<str>) {
        self.line(level, format!("{name}:\t{}", value.as_ref()));
    }

    /// A field, unless it is empty.
    pub(super) fn field_if(&mut self, level: usize, name: &str, value: &str) {
        if !value.is_empty() {
            self.field(level, name, value);
        }
    }

    /// A field of the object, unless it has none.
    pub(super) fn known(&mut self, name: &str, value: Option<&Value>) {
        if let Some(value) = value {
            self.field(0, name, api::go::format(value));
        }
    }

    /// Name and namespace.
    pub(super) fn head(&mut self, object: &Object) {
        self.field(0, "Name", object.name());
        if !object.namespace().is_empty() {
            self.field(0, "Namespace", object.namespace());
        }
    }

    /// Name, namespace, labels and annotations, as most kinds have them.
    pub(super) fn identity(&mut self, object: &Object) {
        self.head(object);
        self.marks(object);
    }

    /// Labels and annotations.
    pub(super) fn marks(&mut self, object: &Object) {
        self.labels("Labels", object.labels());
        self.annotations("Annotations", object.map(&["metadata", "annotations"]));
    }

    /// Models `printLabelsMultiline`.
    pub(super) fn labels(&mut self, title: &str, map: Option<&Map<String, Value>>) {
        let pairs: Vec<String> =
            map.into_iter().flatten().map(|(key, value)| format!("{key}={}", api::go::format(value))).collect();
        self.many(title, &pairs);
    }

    /// Lines below one title; `<none>` without any.
    pub(super) fn many(&mut self, title: &str, lines: &[String]) {
        match lines.split_first() {
            None => self.field(0, title, "<none>"),
            Some((first, rest)) => {
                self.field(0, title, first);
                rest.iter().for_each(|line| self.line(0, format!("\t{line}")));
            }
        }
    }

    /// Models `printAnnotationsMultiline`.
    pub(super) fn annotations(&mut self, title: &str, map: Option<&Map<String, Value>>) {
        const LONGEST: usize = 140;
        let shorten = |text: &str, most: usize| match text.char_indices().nth(most) {
            Some((end, _)) => format!("{}...", &text[..end]),
            None => text.to_owned(),
        };
        let mut lines = Vec::new();
        for (key, value) in map.into_iter().flatten() {
            let value = value.as_str().unwrap_or_default();
            let value = value.strip_suffix('\n').unwrap_or(value);
            if key == api::metadata::LAST_APPLIED {
                continue;
            }
            if key.len() + value.len() + 2 > LONGEST || value.contains('\n') {
                lines.push(format!("{key}:"));
                lines.extend(value.split('\n').map(|part| format!("  {}", shorten(part, LONGEST - 2))));
            } else {
                lines.push(format!("{key}: {value}"));
            }
        }
        self.many(title, &lines);
    }

    /// Models `DescribeEvents`.
    pub(super) fn events(&mut self, object: &Object, view: &View<'_>) {
        if !view.events {
            return;
        }
        let events = events_of(object, view.cluster);
        if events.is_empty() {
            self.field(0, "Events", "<none>");
            return;
        }
        self.flush();
        self.line(0, "Events:");
        self.line(1, "Type\tReason\tAge\tFrom\tMessage");
        self.line(1, "----\t------\t----\t----\t-------");
        for event in events {
            let age = |path: &[&str]| api::kind::age(event.str(path), view.now);
            let first =
                if event.str(&["eventTime"]).is_empty() { age(&["firstTimestamp"]) } else { age(&["eventTime"]) };
            let count = event.int(&["count"]).unwrap_or(1);
            let age = match event.int(&["series", "count"]) {
                Some(count) => format!("{} (x{count} over {first})", age(&["series", "lastObservedTime"])),
                None if count > 1 => format!("{} (x{count} over {first})", age(&["lastTimestamp"])),
                None => first,
            };
            let from = [event.str(&["source", "component"]), event.str(&["reportingComponent"])];
            let from = from.into_iter().find(|from| !from.is_empty()).unwrap_or_default();
            let place = event.str(&["involvedObject", "fieldPath"]);
            let message = event.str(&["message"]).trim();
            let message = if place.is_empty() { message.to_owned() } else { format!("{place}: {message}") };
            self.line(1, [event.str(&["type"]), event.str(&["reason"]), &age, from, &message].join("\t"));
        }
    }

    /// Aligns what there is; later lines have columns of their own.
    fn flush(&mut self) {
        let open = std::mem::take(&mut self.open);
        self.done.push_str(&tabwriter::align(&open, 0, 2));
    }

    /// The lines as they are, before they are aligned.
    pub(super) fn cells(self) -> String {
        self.open
    }

    pub(super) fn finish(mut self) -> String {
        self.flush();
        self.done
    }
}
