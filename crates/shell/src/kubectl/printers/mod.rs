//! How kubectl prints objects. Models `k8s.io/cli-runtime/pkg/genericclioptions` PrintFlags and its printers.

pub mod custom_columns;
pub mod go_template;
pub mod jsonpath;
mod managed;
pub mod sort;
pub mod table;

use std::borrow::Cow;
use std::cell::Cell;
use std::sync::Arc;

use api::arrange::Arrange;
use api::schema::{Struct, schema};
use api::{Object, Value};

use super::command::Call;
use super::errors::{Failure, Outcome};
use super::objects::{self, Info};
use crate::stream::Sink;
use custom_columns::CustomColumns;
use go_template::Template;
use jsonpath::JsonPath;

/// The formats of most verbs, as messages list them.
const FORMATS: &[&str] = &[
    "go-template",
    "go-template-file",
    "json",
    "jsonpath",
    "jsonpath-as-json",
    "jsonpath-file",
    "kyaml",
    "name",
    "template",
    "templatefile",
    "yaml",
];

/// A way to print objects.
#[derive(Debug)]
pub struct Printer {
    format: Format,
    /// Whether kubectl holds what is printed as a Go struct.
    typed: bool,
    printed: Cell<usize>,
}

#[derive(Debug)]
enum Format {
    Yaml,
    Kyaml,
    Json,
    Name,
    JsonPath(String, JsonPath),
    JsonPathAsJson(String, JsonPath),
    Template(String, Template),
    Columns(CustomColumns),
}

impl Printer {
    /// The printer that `-o` asks for; `None` for the form made for people. `table`: whether the verb knows
    /// `custom-columns` and `wide`.
    ///
    /// # Errors
    /// For a format that is none, and for a template that is none.
    pub fn of(call: &Call, table: bool) -> Outcome<Option<Self>> {
        let output = call.flags.text("output");
        let template = call.flags.text("template");
        if output.is_empty() && template.is_empty() {
            return Ok(None);
        }
        let output = if output.is_empty() { "go-template" } else { output };
        if table && output == "wide" {
            return Ok(None);
        }
        let format = Self::format(call, output, table)?;
        Ok(Some(Self { format, typed: false, printed: Cell::new(0) }))
    }

    fn format(call: &Call, output: &str, table: bool) -> Outcome<Format> {
        let missing_ok = call.flags.bool("allow-missing-template-keys");
        match output.to_lowercase().as_str() {
            "yaml" => return Ok(Format::Yaml),
            "kyaml" => return Ok(Format::Kyaml),
            "json" => return Ok(Format::Json),
            "name" => return Ok(Format::Name),
            _ => {}
        }
        let (name, argument) = output.split_once('=').map_or((output, None), |(name, text)| (name, Some(text)));
        let no_template = || Failure::text("template format specified but no template given");
        let argument = || {
            let given = argument.map(str::to_owned).or_else(|| Some(call.flags.text("template").to_owned()));
            given.filter(|text| !text.is_empty()).ok_or_else(no_template)
        };
        let file = || {
            let path = argument()?;
            call.sys.read_file(&path).map_err(|_| {
                Failure::Text(format!("error reading --template {path}, open {path}: no such file or directory"))
            })
        };
        let path = |text: String| {
            let parsed = JsonPath::parse(&text, missing_ok)
                .map_err(|why| Failure::Text(format!("error parsing jsonpath {text}, {why}")))?;
            Ok::<_, Failure>((text, parsed))
        };
        let template = |text: String| {
            let parsed = Template::parse(&text, missing_ok)
                .map_err(|why| Failure::Text(format!("error parsing template {text}, {why}")))?;
            Ok::<_, Failure>(Format::Template(text, parsed))
        };
        match name {
            "jsonpath" => path(argument()?).map(|(text, path)| Format::JsonPath(text, path)),
            "jsonpath-file" => path(file()?).map(|(text, path)| Format::JsonPath(text, path)),
            "jsonpath-as-json" => path(argument()?).map(|(text, path)| Format::JsonPathAsJson(text, path)),
            "go-template" | "template" => template(argument()?),
            "go-template-file" | "templatefile" => template(file()?),
            "custom-columns" if table => {
                let text = argument()
                    .map_err(|_| Failure::text("custom-columns format specified but no custom columns given"))?;
                let headers = !call.flags.bool("no-headers");
                Ok(Format::Columns(CustomColumns::parse(&text, headers)?))
            }
            "custom-columns-file" if table => {
                let headers = !call.flags.bool("no-headers");
                Ok(Format::Columns(CustomColumns::parse_file(&file()?, headers)?))
            }
            _ => {
                let mut known = FORMATS.to_vec();
                if table {
                    known.extend(["custom-columns", "custom-columns-file", "wide"]);
                }
                known.arrange();
                Err(Failure::Text(format!(
                    "unable to match a printer suitable for the output format {}, allowed formats are: {}",
                    api::field::go_quote(output),
                    known.join(",")
                )))
            }
        }
    }

    /// The same for a verb that holds objects as Go structs (`WithScheme`, clientsets), not as trees (`Unstructured`): their
    /// JSON has fields in the order of the structs.
    #[must_use]
    pub fn typed(self) -> Self {
        Self { typed: true, ..self }
    }

    /// Whether it prints names only.
    #[must_use]
    pub fn is_name(&self) -> bool {
        matches!(self.format, Format::Name)
    }

    /// Prints objects as one list without making a copy of them, if that can be done: then it is.
    #[must_use]
    pub fn print_stored(&self, call: &Call, infos: &[Info]) -> bool {
        if infos.is_empty() || call.flags.bool("show-managed-fields") {
            return false;
        }
        let objects: Vec<Arc<Object>> = infos.iter().map(|info| info.object.to_object()).collect();
        let objects = objects.iter().map(|object| &**object);
        call.sys.out.write(match self.format {
            Format::Yaml => manifest::list_to_yaml(objects),
            Format::Json => manifest::list_to_json(objects),
            _ => return false,
        });
        true
    }

    /// Prints an object or a list.
    ///
    /// # Errors
    /// When a template cannot be evaluated.
    pub fn print(&self, call: &Call, value: &Value) -> Outcome {
        self.print_on(&call.sys.out, call, value)
    }

    /// Prints an object or a list somewhere else than on standard output.
    ///
    /// # Errors
    /// As [`Printer::print`].
    pub fn print_on(&self, out: &Sink, call: &Call, value: &Value) -> Outcome {
        let first = self.printed.replace(self.printed.get() + 1) == 0;
        let plain = || match call.flags.bool("show-managed-fields") {
            true => Cow::Owned(managed::with_managers(call, value)),
            false => managed::without_managers(value),
        };
        let text = match &self.format {
            Format::Yaml if first => manifest::to_yaml(&plain()),
            Format::Yaml => format!("---\n{}", manifest::to_yaml(&plain())),
            Format::Kyaml => manifest::to_kyaml(&plain()),
            Format::Json if self.typed => manifest::to_go_json(&plain(), go_struct(value)),
            Format::Json => manifest::to_json(&plain()),
            Format::Name => names(value),
            Format::JsonPath(text, path) => json_path(call, (text, path), value, |part| jsonpath::text(&part))?,
            Format::JsonPathAsJson(text, path) => {
                json_path(call, (text, path), value, |part| manifest::to_json(&Value::Array(part)))?
            }
            Format::Template(text, template) => return go_template(out, call, (text, template), value),
            Format::Columns(columns) => {
                let text = columns.print(value, first)?;
                if managed::is_text_of_metadata(&text) {
                    columns.print(&managed::with_managers(call, value), first)?
                } else {
                    text
                }
            }
        };
        out.write(text);
        Ok(())
    }
}

/// The Go struct of an object.
fn go_struct(value: &Value) -> Option<&'static Struct> {
    match value.get("kind").and_then(Value::as_str) {
        Some("Config") => schema().get("clientcmd.v1.Config"),
        // The lists that kubectl prints are of core and apps.
        Some(list) if list.ends_with("List") => {
            let group = if value.get("apiVersion")?.as_str()? == "v1" { "core" } else { "apps" };
            schema().get(&format!("{group}.v1.{list}"))
        }
        _ => schema().of_kind(objects::kind_of(value).ok()?),
    }
}

/// The parts that a path finds, as text. Who owns which field is only worked out when a path could show it.
fn json_path(
    call: &Call,
    (text, path): (&str, &JsonPath),
    value: &Value,
    show: impl Fn(Vec<Value>) -> String,
) -> Outcome<String> {
    if !managed::is_named_in(text)
        && let Ok(parts) = path.find(value)
        && !parts.iter().flatten().any(managed::holds_metadata)
    {
        return Ok(parts.into_iter().map(show).collect());
    }
    let full = managed::with_managers(call, value);
    let parts = path.find(&full).map_err(|why| execution(text, &why, &full))?;
    Ok(parts.into_iter().map(show).collect())
}

/// Models `GoTemplatePrinter.PrintObj`: what was made before an error is printed, and then everything there is to know.
fn go_template(out: &Sink, call: &Call, (text, template): (&str, &Template), value: &Value) -> Outcome {
    if !managed::is_named_in(text) {
        let (made, why) = template.execute(value);
        if why.is_none() && !managed::is_text_of_metadata(&made) {
            out.write(made);
            return Ok(());
        }
    }
    let full = managed::with_managers(call, value);
    let (made, why) = template.execute(&full);
    out.write(made);
    let Some(why) = why else { return Ok(()) };
    out.write(format!(
        "Error executing template: {why}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t{text}\n\traw \
         data was:\n\t\t{}\n\tobject given to template engine was:\n\t\t{}\n\n",
        manifest::to_json_compact(&full),
        go_template::show(&full)
    ));
    Err(Failure::Text(format!("error executing template {}: {why}", api::field::go_quote(text))))
}

/// Models `JSONPathPrinter.PrintObj` when it fails.
fn execution(template: &str, why: &str, value: &Value) -> Failure {
    Failure::Text(format!(
        "error executing jsonpath {}: Error executing template: {why}. Printing more information for debugging the \
         template:\n\ttemplate was:\n\t\t{template}\n\tobject given to jsonpath engine was:\n\t\t{}\n\n\n",
        api::field::go_quote(template),
        api::go::syntax(value)
    ))
}

/// `service/web` of an object, or of each in a list. Models `NamePrinter`.
fn names(value: &Value) -> String {
    if let Some(items) = api::object::items(value) {
        return items.iter().map(names).collect();
    }
    format!("{}\n", label(value))
}

/// `service/web`, `deployment.apps/web`.
#[must_use]
pub fn label(value: &Value) -> String {
    let text = |path: &[&str]| api::object::lookup(value, path).and_then(Value::as_str).unwrap_or_default();
    let kind = text(&["kind"]).to_lowercase();
    let group = text(&["apiVersion"]).split_once('/').map_or(String::new(), |(group, _)| format!(".{group}"));
    let name = text(&["metadata", "name"]);
    format!("{kind}{group}/{name}")
}

/// Objects as one list, as kubectl makes it.
#[must_use]
pub fn list(items: Vec<Value>) -> Value {
    let mut list = api::json!({"apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": ""}});
    list["items"] = Value::Array(items);
    list
}
