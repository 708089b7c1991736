//! `-o custom-columns`. Models `pkg/cmd/get/customcolumn.go`.

use api::Value;

use super::super::errors::{Failure, Outcome};
use super::super::tabwriter;
use super::jsonpath::{self, JsonPath};

/// Columns: headings and paths.
#[derive(Debug)]
pub struct CustomColumns {
    columns: Vec<(String, JsonPath)>,
    headers: bool,
}

impl CustomColumns {
    /// Reads `NAME:.metadata.name,IP:.status.podIP`.
    ///
    /// # Errors
    /// For what is no column.
    pub fn parse(spec: &str, headers: bool) -> Outcome<Self> {
        let columns = spec.split(',').map(|part| {
            let (name, path) = part.split_once(':').ok_or_else(|| {
                Failure::Text(format!("unexpected custom-columns spec: {part}, expected <header>:<json-path-expr>"))
            })?;
            column(name, path)
        });
        Ok(Self { columns: columns.collect::<Outcome<_>>()?, headers })
    }

    /// Reads a file of two lines: headings, and paths below them.
    ///
    /// # Errors
    /// When there are not as many of one as of the other.
    pub fn parse_file(text: &str, headers: bool) -> Outcome<Self> {
        let mut lines = text.lines();
        let mut words = || lines.next().unwrap_or_default().split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let (names, paths) = (words(), words());
        if names.is_empty() || paths.is_empty() {
            return Err(Failure::text("invalid template, missing headers line. Expected 2 lines in the template"));
        }
        if names.len() != paths.len() {
            let message =
                format!("number of headers ({}) and field specifications ({}) don't match", names.len(), paths.len());
            return Err(Failure::Text(message));
        }
        let columns = names.iter().zip(&paths).map(|(name, path)| column(name, path));
        Ok(Self { columns: columns.collect::<Outcome<_>>()?, headers })
    }

    /// The table of an object or of a list.
    ///
    /// # Errors
    /// When a path cannot be evaluated.
    pub fn print(&self, value: &Value, first: bool) -> Outcome<String> {
        let mut text = String::new();
        if self.headers && first {
            let names: Vec<&str> = self.columns.iter().map(|(name, _)| name.as_str()).collect();
            text.push_str(&format!("{}\n", names.join("\t")));
        }
        let one = std::slice::from_ref(value);
        for object in api::object::items(value).map_or(one, Vec::as_slice) {
            let cells = self.columns.iter().map(|(_, path)| cell(path, object)).collect::<Outcome<Vec<_>>>()?;
            text.push_str(&format!("{}\n", cells.join("\t")));
        }
        Ok(tabwriter::align(&text, 6, 3))
    }
}

fn column(name: &str, path: &str) -> Outcome<(String, JsonPath)> {
    let path = jsonpath::relaxed(path)?;
    Ok((name.to_owned(), JsonPath::parse(&path, true).map_err(Failure::Text)?))
}

fn cell(path: &JsonPath, object: &Value) -> Outcome<String> {
    let found = path.find(object).map_err(Failure::Text)?;
    let values: Vec<String> = found.iter().flatten().map(api::go::format).collect();
    Ok(if values.is_empty() { "<none>".to_owned() } else { values.join(",") })
}
