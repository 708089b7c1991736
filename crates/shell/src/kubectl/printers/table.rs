//! Tables for people. Models the server's table conversion and cli-runtime `pkg/printers/tableprinter.go`.

use api::Kind;
use api::kind::{Column, Now};

use super::super::objects::Info;
use super::super::tabwriter;

/// How a table is laid out.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Layout {
    /// `-o wide`
    pub wide: bool,
    /// Only what every kind has: `--server-print=false`.
    pub plain: bool,
    /// What happened to the objects, in a first column: `--output-watch-events`.
    pub event: Option<&'static str>,
    /// Without a line of headings.
    pub no_headers: bool,
    /// With a first column of namespaces.
    pub with_namespace: bool,
    /// Names with their kind before them.
    pub with_kind: bool,
    /// Labels with columns of their own.
    pub label_columns: Vec<String>,
    /// With all labels in a last column.
    pub show_labels: bool,
}

/// The table of objects of one kind.
#[must_use]
pub fn print(kind: &'static Kind, infos: &[Info], layout: &Layout, now: Now) -> String {
    let shown = |column: &&Column| match layout.plain {
        true => matches!(column.name, "NAME" | "AGE"),
        false => layout.wide || !column.wide,
    };
    let columns: Vec<_> = kind.columns.iter().filter(shown).collect();
    let mut lines = Vec::new();
    if !layout.no_headers {
        let mut cells: Vec<String> = columns.iter().map(|column| column.name.to_owned()).collect();
        if layout.with_namespace {
            cells.insert(0, "NAMESPACE".to_owned());
        }
        if layout.event.is_some() {
            cells.insert(0, "EVENT".to_owned());
        }
        cells.extend(layout.label_columns.iter().map(|label| label.rsplit('/').next().unwrap_or(label).to_uppercase()));
        cells.extend(layout.show_labels.then(|| "LABELS".to_owned()));
        lines.push(cells.join("\t"));
    }
    for info in infos {
        let object = info.object.to_object();
        let mut cells: Vec<String> = columns.iter().map(|column| one_line((column.cell)(&object, now))).collect();
        if layout.with_kind
            && let Some(name) = cells.first_mut()
        {
            *name = format!("{}/{name}", kind.qualified_singular());
        }
        if layout.with_namespace {
            cells.insert(0, object.namespace().to_owned());
        }
        if let Some(event) = layout.event {
            cells.insert(0, event.to_owned());
        }
        if layout.label_columns.is_empty() && !layout.show_labels {
            lines.push(cells.join("\t"));
            continue;
        }
        let labels = object.string_map(&["metadata", "labels"]);
        let value = |label: &String| labels.get(label.as_str()).copied().unwrap_or_default().to_owned();
        cells.extend(layout.label_columns.iter().map(value));
        if layout.show_labels {
            let pairs: Vec<String> = labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
            cells.push(if pairs.is_empty() { "<none>".to_owned() } else { pairs.join(",") });
        }
        lines.push(cells.join("\t"));
    }
    lines.push(String::new());
    tabwriter::align(&lines.join("\n"), 6, 3)
}

/// Models `truncate at the first newline` of the table printer.
fn one_line(cell: String) -> String {
    match cell.find(['\n', '\r', '\u{c}']) {
        Some(end) => format!("{}...", &cell[..end]),
        None => cell,
    }
}
