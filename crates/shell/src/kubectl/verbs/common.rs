//! Flags and steps that verbs share.

use api::Value;
use cluster::store::WatchEvent;

use super::super::command::Call;
use super::super::errors::{Failure, Outcome};
use super::super::flags::{self, Flag};
use super::super::printers::{self, Printer};

/// `-o` and its companions.
pub(super) static PRINT: &[Flag] = &PRINT_FLAGS;

const PRINT_FLAGS: [Flag; 4] = [
    Flag::bool("allow-missing-template-keys", "true", "If true, ignore any errors in templates when a field or map key is missing in the template. Only applies to golang and jsonpath output formats."),
    Flag::text("output", "", "Output format. One of: (json, yaml, kyaml, name, go-template, go-template-file, template, templatefile, jsonpath, jsonpath-as-json, jsonpath-file).").short('o'),
    Flag::bool("show-managed-fields", "false", "If true, keep the managedFields when printing objects in JSON or YAML format."),
    Flag::text("template", "", "Template string or path to template file to use when -o=go-template, -o=go-template-file. The template format is golang templates [http://golang.org/pkg/text/template/#pkg-overview]."),
];

/// `-o` of verbs that print YAML unless something else is asked for.
pub(super) static PRINT_YAML: &[Flag] =
    &[PRINT_FLAGS[0], Flag { default: "yaml", ..PRINT_FLAGS[1] }, PRINT_FLAGS[2], PRINT_FLAGS[3]];

/// `-o` of verbs that print JSON unless something else is asked for.
pub(super) static PRINT_JSON: &[Flag] =
    &[PRINT_FLAGS[0], Flag { default: "json", ..PRINT_FLAGS[1] }, PRINT_FLAGS[2], PRINT_FLAGS[3]];

/// `--dry-run`
pub(super) static DRY_RUN: &[Flag] = &[Flag::text("dry-run", "none", "Must be \"none\", \"server\", or \"client\". If client strategy, only print the object that would be sent, without sending it. If server strategy, submit server-side request without persisting the resource.").bare("unchanged")];

/// `--save-config`
pub(super) static SAVE_CONFIG: &[Flag] = &[Flag::bool(
    "save-config",
    "false",
    "If true, the configuration of current object will be saved in its annotation. Otherwise, the annotation will be unchanged. This flag is useful when you want to perform kubectl apply on this object in the future.",
)];

/// `--validate`
pub(super) static VALIDATE: &[Flag] = &[Flag::text("validate", "strict", "Must be one of: strict (or true), warn, ignore (or false). \"true\" or \"strict\" will use a schema to validate the input and fail the request if invalid. It will perform server side validation if ServerSideFieldValidation is enabled on the api-server, but will fall back to less reliable client-side validation if not. \"warn\" will warn about unknown or duplicate fields without blocking the request if server-side field validation is enabled on the API server, and behave as \"ignore\" otherwise. \"false\" or \"ignore\" will not perform any schema validation, silently dropping any unknown or duplicate fields.").bare("strict")];

/// `-R`
pub(super) const RECURSIVE: Flag = Flag::bool("recursive", "false", "Process the directory used in -f, --filename recursively. Useful when you want to manage related manifests organized within the same directory.").short('R');

/// `-R` of verbs that read folders with those below unless told otherwise.
pub(super) const RECURSIVE_ON: Flag = Flag { default: "true", ..RECURSIVE };

/// `-k`
pub(super) static KUSTOMIZE: Flag =
    Flag::text("kustomize", "", "Process the kustomization directory. This flag can't be used together with -f or -R.")
        .short('k');

/// `-k` of the verbs that delete.
pub(super) static KUSTOMIZE_A: Flag =
    Flag::text("kustomize", "", "Process a kustomization directory. This flag can't be used together with -f or -R.")
        .short('k');

/// `-A`
pub(super) static ALL_NAMESPACES: Flag = Flag::bool("all-namespaces", "false", "If present, list the requested object(s) across all namespaces. Namespace in current context is ignored even if specified with --namespace.").short('A');

/// `-l`
pub(super) static SELECTOR: Flag = Flag::text("selector", "", "Selector (label query) to filter on, supports '=', '==', '!=', 'in', 'notin'.(e.g. -l key1=value1,key2=value2,key3 in (value3)). Matching objects must satisfy all of the specified label constraints.").short('l');

/// `--field-selector`
pub(super) static FIELD_SELECTOR: Flag = Flag::text(
    "field-selector",
    "",
    "Selector (field query) to filter on, supports '=', '==', and '!='.(e.g. --field-selector key1=value1,key2=value2). The server only supports a limited number of field queries per type.",
);

/// How much of a command is done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum DryRun {
    /// All of it.
    No,
    /// Nothing is sent.
    Client,
    /// It is sent and not stored.
    Server,
}

impl DryRun {
    /// Models `GetDryRunStrategy`.
    ///
    /// # Errors
    /// For another word.
    pub(super) fn of(call: &Call) -> Outcome<Self> {
        match call.flags.text("dry-run") {
            "client" => Ok(Self::Client),
            "server" => Ok(Self::Server),
            "none" => Ok(Self::No),
            "unchanged" => {
                log(call, 719, "--dry-run is deprecated and can be replaced with --dry-run=client.");
                Ok(Self::Client)
            }
            word if let Some(on) = flags::parse_bool(word) => {
                let (line, instead) = if on { (733, "client") } else { (736, "none") };
                log(
                    call,
                    line,
                    &format!(
                        "--dry-run={word} is deprecated (boolean value) and can be replaced with --dry-run={instead}."
                    ),
                );
                Ok(if on { Self::Client } else { Self::No })
            }
            other => Err(Failure::Text(format!(
                "Invalid dry-run value ({other}). Must be \"none\", \"server\", or \"client\"."
            ))),
        }
    }

    /// What follows the operation in a message.
    #[must_use]
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::No => "",
            Self::Client => " (dry run)",
            Self::Server => " (server dry run)",
        }
    }
}

/// A warning of kubectl's log from `helpers.go`.
fn log(call: &Call, line: u32, text: &str) {
    call.sys.err.line(super::super::klog::line(call.sys.now(), 'W', &format!("helpers.go:{line}"), text));
}

/// Prints what was done to objects: `service/web created`, or the object with `-o`.
#[derive(Debug)]
pub(super) struct Report {
    printer: Option<Printer>,
    dry_run: DryRun,
}

impl Report {
    /// The report that the flags ask for.
    ///
    /// # Errors
    /// For a bad `-o`.
    pub(super) fn of(call: &Call, dry_run: DryRun) -> Outcome<Self> {
        Ok(Self { printer: Printer::of(call, false)?, dry_run })
    }

    /// The same for a verb that holds objects as Go structs.
    #[must_use]
    pub(super) fn typed(self) -> Self {
        Self { printer: self.printer.map(Printer::typed), ..self }
    }

    /// Reports one object.
    ///
    /// # Errors
    /// When a template cannot be evaluated.
    pub(super) fn print(&self, call: &Call, object: &Value, done: &str) -> Outcome {
        match &self.printer {
            Some(printer) => printer.print(call, object),
            None => {
                call.sys.out.line(format!("{} {done}{}", printers::label(object), self.dry_run.suffix()));
                Ok(())
            }
        }
    }
}

pub(super) use api::metadata::LAST_APPLIED;

/// What apply writes into the annotation. Models `util.GetModifiedConfiguration` without annotating.
#[must_use]
pub(super) fn last_applied(object: &Value) -> String {
    let mut plain = object.clone();
    if api::object::lookup(&plain, &["metadata", "annotations"]).is_none() {
        api::object::set(&mut plain, &["metadata", "annotations"], api::json!({}));
    }
    if let Some(annotations) = plain.pointer_mut("/metadata/annotations").and_then(Value::as_object_mut) {
        annotations.remove(LAST_APPLIED);
    }
    manifest::to_json_compact(&plain) + "\n"
}

/// The object with the annotation.
#[must_use]
pub(super) fn annotated(object: &Value) -> Value {
    let mut with = object.clone();
    api::object::set(&mut with, &["metadata", "annotations", LAST_APPLIED], last_applied(object).into());
    with
}

/// What the annotation of a live object says was applied last; an empty object when nothing was.
#[must_use]
pub(super) fn originally_applied(live: &Value) -> Value {
    let annotation = live.pointer("/metadata/annotations").and_then(|all| all.get(LAST_APPLIED)?.as_str());
    let object = annotation.and_then(|text| manifest::parse(text).documents.first()?.value().cloned());
    object.unwrap_or_else(|| api::json!({}))
}

/// Waits for what the log holds beyond `seen` entries, which then counts these too.
pub(super) async fn news(call: &Call, seen: &mut usize) -> Vec<WatchEvent> {
    let from = *seen;
    let news = call.sys.wait(None, |cluster| {
        let log = cluster.store().log();
        (log.len() > from).then(|| log[from..].to_vec())
    });
    let news = news.await.unwrap_or_default();
    *seen += news.len();
    news
}

/// Five letters that nobody knows before. Models `utilrand.String`.
pub(super) fn random_end(call: &Call) -> String {
    const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
    let mut number = call.sys.now().0.wrapping_mul(6_364_136_223_846_793_005) >> 17;
    let mut letters = String::new();
    for _ in 0..5 {
        let at = usize::try_from(number % 27).unwrap_or(0);
        letters.push(char::from(LETTERS[at]));
        number /= 27;
    }
    letters
}
