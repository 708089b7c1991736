//! An editing session: the editor opens until what it gives back is taken, or nobody wants to go on.
//!
//! Models `pkg/cmd/util/editor/editoptions.go`.

use api::{Reason, Value, json};

use super::super::super::command::Call;
use super::super::super::errors::{Failure, Outcome};
use super::super::super::objects::Info;
use super::super::super::resolve::{self, Query};
use super::super::create;
use crate::lang;
use crate::sys::Sys;

/// What is edited.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in super::super) enum Mode {
    /// Objects of the server.
    Normal,
    /// What is about to be created.
    BeforeCreate,
    /// Last applied configurations.
    LastApplied,
}

const HEADER: &str = "# Please edit the object below. Lines beginning with a '#' will be ignored,\n# and an empty file will abort the edit. If an error occurs while saving this file will be\n# reopened with the relevant failures.\n#\n";

const HEADER_APPLIED: &str = "# Please edit the 'last-applied-configuration' annotations below.\n# Lines beginning with a '#' will be ignored, and an empty file will abort the edit.\n#\n";

/// Why a file opens again: a line, and what belongs below it.
struct Refusal {
    head: String,
    others: Vec<String>,
}

/// Models `EditOptions.Run`.
///
/// # Errors
/// When the server refuses for good, or the edit is given up.
pub(in super::super) async fn edit(call: &Call, originals: Vec<Info>, mode: Mode) -> Outcome {
    let json = call.flags.text("output") == "json";
    let originals: Vec<Info> = originals.into_iter().map(without_managers).collect();
    let mut buffer = Buffer::new(call, json);
    let original = header(mode, json, &[]) + &printed(&originals, json);
    let (mut text, mut last): (String, Option<String>) = (original.clone(), None);
    loop {
        let edited = buffer.open(&text).await?;
        if last.as_deref().is_some_and(|last| content(last) == content(&edited)) {
            buffer.keep(&edited);
            return Err(Failure::text("Edit cancelled, no valid changes were saved."));
        }
        if content(&original) == content(&edited) {
            call.sys.err.line("Edit cancelled, no changes made.");
            return Ok(());
        }
        if without_comments(&edited).trim().is_empty() {
            call.sys.err.line("Edit cancelled, saved file was empty.");
            return Ok(());
        }
        let refusals = match take(call, &originals, &edited, mode).await {
            Ok(refusals) => refusals,
            Err(failure) => {
                buffer.keep(&edited);
                return Err(failure);
            }
        };
        if let Some(after) = refusals.after {
            let path = buffer.write(&edited);
            call.sys.err.line(match after {
                After::Replace => format!("You can run `kubectl replace -f {path}` to try this update again."),
                After::Gone => format!("The edits you made on deleted resources have been saved to \"{path}\""),
            });
            return Err(Failure::Exit(1));
        }
        if refusals.reasons.is_empty() {
            return Ok(());
        }
        text = header(mode, json, &refusals.reasons) + &without_comments(&edited);
        last = Some(edited);
    }
}

/// What became of an edit.
#[derive(Default)]
struct Taken {
    /// Why it opens again.
    reasons: Vec<Refusal>,
    /// Why it ends.
    after: Option<After>,
}

enum After {
    /// It may be tried again.
    Replace,
    /// The object is gone.
    Gone,
}

/// Reads what came back and sends it.
async fn take(call: &Call, originals: &[Info], edited: &str, mode: Mode) -> Outcome<Taken> {
    let mut taken = Taken::default();
    let infos = match read(call, edited) {
        Ok(infos) => infos,
        Err(why) => {
            let head = format!("The edited file had a syntax error: {why}");
            taken.reasons.push(Refusal { head, others: Vec::new() });
            return Ok(taken);
        }
    };
    for info in &infos {
        if info.kind.namespaced && !info.namespace.is_empty() && mode == Mode::Normal {
            let known = originals.iter().any(|original| original.namespace == info.namespace);
            if !known {
                let namespace = call.namespace();
                return Err(Failure::Text(format!(
                    "the namespace from the provided object \"{0}\" does not match the namespace \"{namespace}\". You must pass '--namespace={0}' to perform this operation.",
                    info.namespace
                )));
            }
        }
    }
    for info in infos {
        let sent = match (mode, originals.iter().find(|original| is_same(original, &info))) {
            (Mode::BeforeCreate, _) => create::create_edited(call, info.clone()),
            (Mode::Normal, Some(original)) => super::send(call, original, &info),
            (Mode::LastApplied, Some(original)) => super::send_annotation(call, original, &info),
            (_, None) => Err(Failure::Text(format!("no original object found for {}", info.label()))),
        };
        match sent {
            Err(Failure::Status(status)) if mode == Mode::Normal => refuse(call, &info, &status, &mut taken),
            other => other?,
        }
    }
    Ok(taken)
}

/// Models `editResults.addError`.
fn refuse(call: &Call, info: &Info, status: &api::Status, taken: &mut Taken) {
    let subject = format!("{} {}", info.kind.group_resource(), api::field::go_quote(&info.name));
    let line = match status.reason {
        Reason::Invalid => {
            let others = status.causes.iter().map(ToString::to_string).collect();
            taken.reasons.push(Refusal { head: format!("{subject} was not valid"), others });
            format!("error: {subject} is invalid")
        }
        Reason::NotFound => {
            taken.after = Some(After::Gone);
            format!("error: {subject} could not be found on the server")
        }
        _ => {
            taken.after = Some(After::Replace);
            format!("error: {subject} could not be patched: {}", status.message)
        }
    };
    call.sys.err.line(line);
}

fn is_same(original: &Info, edited: &Info) -> bool {
    let uid = |info: &Info| info.object.pointer("/metadata/uid").cloned();
    uid(original) == uid(edited) && (uid(original).is_some() || original.name == edited.name)
}

/// The objects of an edited file.
fn read(call: &Call, text: &str) -> Result<Vec<Info>, String> {
    let mut items = Vec::new();
    resolve::read_stream(&Query::of(call), "edited-file", text, &mut items);
    let save = call.flags.bool("save-config");
    let finish = |mut info: Info| {
        if save {
            *info.object = super::super::common::annotated(&info.object);
        }
        info
    };
    items.into_iter().map(|item| item.map(finish).map_err(|failure| failure.message())).collect()
}

fn without_managers(mut info: Info) -> Info {
    if let Some(metadata) = info.object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.remove("managedFields");
    }
    info
}

fn printed(infos: &[Info], json: bool) -> String {
    let value = match infos {
        [one] => one.object.to_value(),
        all => {
            let items: Vec<Value> = all.iter().map(|info| info.object.to_value()).collect();
            json!({"apiVersion": "v1", "items": items, "kind": "List", "metadata": {}})
        }
    };
    if json { manifest::to_json(&value) } else { manifest::to_yaml(&value) }
}

/// Models `editHeader.writeTo`.
fn header(mode: Mode, json: bool, refusals: &[Refusal]) -> String {
    if json {
        return String::new();
    }
    let mut text = if mode == Mode::LastApplied { HEADER_APPLIED } else { HEADER }.to_owned();
    let commented = |line: &str| line.replace('\n', "\n# ");
    for Refusal { head, others } in refusals {
        let colon = if others.is_empty() { "" } else { ":" };
        text.push_str(&format!("# {}{colon}\n", commented(head)));
        others.iter().for_each(|other| text.push_str(&format!("# * {}\n", commented(other))));
        text.push_str("#\n");
    }
    text
}

/// What a file says, whatever its comments and its layout. Models `StripComments`.
fn content(text: &str) -> String {
    let plain = without_comments(text);
    let stream = manifest::parse(&plain);
    let documents: Option<Vec<&Value>> = stream.documents.iter().map(|document| document.value()).collect();
    let documents = documents.filter(|_| stream.documents.iter().all(|document| document.errors().is_empty()));
    documents.map_or(plain, |all| all.into_iter().map(manifest::to_json_compact).collect())
}

/// Models `ManualStrip`.
fn without_comments(text: &str) -> String {
    text.split_inclusive('\n').filter(|line| !line.trim_start().starts_with('#')).collect()
}

/// The file that is edited: by a program of the command line, or in the editor of whoever shows this terminal.
struct Buffer {
    sys: Sys,
    editor: Option<String>,
    path: String,
}

impl Buffer {
    fn new(call: &Call, json: bool) -> Self {
        let named = |name: &str| call.sys.env.get(name).filter(|editor| !editor.is_empty()).cloned();
        let editor = named("KUBE_EDITOR").or_else(|| named("EDITOR"));
        let number = call.sys.now().0.wrapping_mul(2_654_435_761) % (1 << 32);
        let end = if json { "json" } else { "yaml" };
        Self { sys: call.sys.clone(), editor, path: format!("/tmp/kubectl-edit-{number}.{end}") }
    }

    /// Lets somebody edit a text. Models `Editor.LaunchTempFile`.
    async fn open(&mut self, text: &str) -> Outcome<String> {
        let Some(editor) = &self.editor else {
            let name = self.path.rsplit('/').next().unwrap_or_default();
            return Ok(self.sys.edit(name, text).await.unwrap_or_else(|| text.to_owned()));
        };
        let path = self.write(text);
        let line = format!("{editor} {path}");
        let argv = ["bash", "-c", &line].map(str::to_owned).to_vec();
        if lang::command(self.sys.clone(), argv).await != Some(0) {
            let quoted = api::field::go_quote(editor);
            return Err(Failure::Text(format!("there was a problem with the editor {quoted}")));
        }
        let edited = self.sys.read_file(&path).unwrap_or_default();
        // An editor may have removed it already.
        let _ = self.sys.files(|files| files.remove(&path));
        Ok(edited)
    }

    /// Writes the file and returns its path.
    fn write(&self, text: &str) -> String {
        // It cannot fail: every machine has this folder, and no folder has such a name.
        let _ = self.sys.files(|files| files.write(&self.path, text));
        self.path.clone()
    }

    /// Keeps what would be lost. Models `preservedFile`.
    fn keep(&self, text: &str) {
        let path = self.write(text);
        self.sys.err.line(format!("A copy of your changes has been stored to \"{path}\""));
    }
}
