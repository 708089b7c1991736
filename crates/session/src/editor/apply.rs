//! From declared objects to the API server, by the one path of admission, and its answers back to the text.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::{FieldError, ObjectKey, Path, Reason, Status, Value};
use cluster::apiserver::Subresource;
use cluster::{Cluster, DeleteOptions, Patch, Request, WriteOptions};
use manifest::Document;
use scene::Tone;

use super::diagnostic::{Diagnostic, Marker, Severity, span_of};
use super::diff::merge_patch;
use super::files::File;
use super::read::Declared;
use super::{Editor, MANAGER, STILL};

/// How fast to go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Pace {
    /// Keys are being pressed: only changes within objects.
    Typing,
    /// The text is still: everything.
    Still,
}

/// What became of one object.
enum Done {
    /// It is as the text says already.
    Same,
    /// It is now; with kubectl's word for it and the server's warnings.
    Did(&'static str, Vec<String>),
    /// It waits for stillness.
    Waits,
}

impl Editor {
    pub(super) fn apply(&mut self, cluster: &mut Cluster, pace: Pace) {
        let (mut results, mut waits) = (Vec::new(), false);
        let word = |key: &ObjectKey| format!("{}/{}", key.kind.qualified_singular(), key.name);
        // Where several files declare an object, the last of them counts.
        let mut owners: BTreeMap<ObjectKey, usize> = BTreeMap::new();
        for (at, file) in self.files.all().iter().enumerate() {
            owners.extend(file.declared.iter().map(|declared| (declared.key.clone(), at)));
        }
        for at in 0..self.files.all().len() {
            let files = self.files.all();
            let file = &files[at];
            let marker = Marker::new(&file.name, &file.text);
            let mut said = Vec::new();
            for declared in &file.declared {
                let Some(document) = file.stream.documents.get(declared.document) else { continue };
                if let Some(other) = owners.get(&declared.key).and_then(|owner| files.get(*owner))
                    && other.id != file.id
                {
                    said.push(declared_elsewhere(&marker, document, &declared.key, &other.name));
                    continue;
                }
                match one(cluster, declared, self.applied.get(&declared.key), pace) {
                    Ok(Done::Same) => {}
                    Ok(Done::Waits) => waits = true,
                    Ok(Done::Did(what, warnings)) => {
                        self.applied.insert(declared.key.clone(), declared.value.clone());
                        results.push(format!("{} {what}", word(&declared.key)));
                        let span = span_of(document, &Path::default());
                        let warned = warnings.into_iter().map(|warning| format!("Warning: {warning}"));
                        said.extend(warned.map(|text| marker.mark(span, Severity::Warning, text, String::new())));
                    }
                    Err(status) => said.extend(refused(&marker, document, &declared.key, &status)),
                }
            }
            self.files.all_mut()[at].said = said;
        }
        let gone: Vec<ObjectKey> = self.applied.keys().filter(|key| !owners.contains_key(*key)).cloned().collect();
        // What cannot be read may well declare what seems to be gone.
        if !self.files.all().iter().any(File::is_unread) {
            for key in gone {
                if pace == Pace::Typing {
                    waits = true;
                    continue;
                }
                self.applied.remove(&key);
                if delete(cluster, &key, None).is_ok() {
                    results.push(format!("{} pruned", word(&key)));
                }
            }
        }
        self.due = waits.then(|| cluster.now() + STILL);
        self.judge(&results);
    }

    /// Sums up for the status line: the open file comes first.
    pub(super) fn judge(&mut self, results: &[String]) {
        let open = self.files.open();
        let files = self.files.all().iter().filter(|file| file.id != open.id);
        let worst = std::iter::once(open).chain(files).find_map(|file| Some((file, file.error()?)));
        let was_bad = self.verdict.0 == Tone::Bad;
        if let Some((file, diagnostic)) = worst {
            let place = if file.id == open.id { String::new() } else { format!("{}, ", file.name) };
            self.verdict = (Tone::Bad, format!("{place}line {}: {}", diagnostic.line, diagnostic.message));
        } else if self.waits {
            self.verdict = (Tone::Waiting, "not applied yet: Ctrl-Enter applies".to_owned());
        } else if !results.is_empty() {
            self.verdict = (Tone::Good, results.join(", "));
        } else if self.due.is_some() {
            self.verdict = (Tone::Waiting, "waiting for a pause in typing".to_owned());
        } else if was_bad || self.verdict.0 == Tone::Waiting {
            self.verdict = (Tone::Good, "the cluster is as the manifest says".to_owned());
        }
    }
}

/// An object that another file declares too.
fn declared_elsewhere(marker: &Marker<'_>, document: &Document, key: &ObjectKey, other: &str) -> Diagnostic {
    let span = span_of(document, &Path::new("metadata.name"));
    let message = format!("{key} is declared in {other} too");
    let hint = format!("Only the one in {other} counts. Give one of them another name.");
    marker.mark(span, Severity::Warning, message, hint)
}

fn one(cluster: &mut Cluster, declared: &Declared, applied: Option<&Value>, pace: Pace) -> Result<Done, Status> {
    let Declared { key, value, .. } = declared;
    let Some(live) = cluster.store().get(key).cloned() else {
        // Deleted in the terminal: it stays so until its text changes.
        if applied == Some(value) {
            return Ok(Done::Same);
        }
        if pace == Pace::Typing {
            create(&mut cluster.clone(), key, value)?;
            return Ok(Done::Waits);
        }
        return create(cluster, key, value).map(|warnings| Done::Did("created", warnings));
    };
    if applied == Some(value) {
        return Ok(Done::Same);
    }
    if live.is_terminating() {
        return Ok(Done::Waits);
    }
    let Some(change) = merge_patch(applied.unwrap_or(&Value::Null), value) else { return Ok(Done::Same) };
    let request = Request::Patch {
        kind: key.kind,
        namespace: key.namespace.clone(),
        name: key.name.clone(),
        patch: Patch::Merge(change),
        subresource: Subresource::Main,
        options: WriteOptions::by(MANAGER),
    };
    match cluster.submit(request) {
        Ok(response) => {
            let word = if response.changed { "configured" } else { "unchanged" };
            Ok(Done::Did(word, response.warnings))
        }
        Err(status) => replace(cluster, key, value, pace, status),
    }
}

/// What cannot be changed can be made anew, if it is good at all: a fork of the cluster tries first.
fn replace(cluster: &mut Cluster, key: &ObjectKey, value: &Value, pace: Pace, why: Status) -> Result<Done, Status> {
    if why.reason != Reason::Invalid {
        return Err(why);
    }
    let anew = |cluster: &mut Cluster| {
        delete(cluster, key, Some(0))?;
        create(cluster, key, value)
    };
    anew(&mut cluster.clone())?;
    if pace == Pace::Typing {
        return Ok(Done::Waits);
    }
    anew(cluster).map(|warnings| Done::Did("deleted and created anew", warnings))
}

fn create(cluster: &mut Cluster, key: &ObjectKey, value: &Value) -> Result<Vec<String>, Status> {
    let (kind, namespace, options) = (key.kind, key.namespace.clone(), WriteOptions::by(MANAGER));
    let request = Request::Create { kind, namespace, object: value.clone(), options };
    cluster.submit(request).map(|response| response.warnings)
}

fn delete(cluster: &mut Cluster, key: &ObjectKey, grace: Option<u32>) -> Result<(), Status> {
    let options = DeleteOptions { grace_period_seconds: grace, ..DeleteOptions::by(MANAGER) };
    let (kind, namespace, name) = (key.kind, key.namespace.clone(), Arc::clone(&key.name));
    cluster.submit(Request::Delete { kind, namespace, name, options }).map(drop)
}

/// A refusal where it belongs: each cause at its field, or all of it at the object.
fn refused(marker: &Marker<'_>, document: &Document, key: &ObjectKey, status: &Status) -> Vec<Diagnostic> {
    let whole = || {
        let message = format!("Error from server ({}): {}", status.reason.as_str(), status.message);
        vec![marker.mark(span_of(document, &Path::default()), Severity::Error, message, String::new())]
    };
    if status.causes.is_empty() {
        return whole();
    }
    let each = status.causes.iter().map(|cause| {
        let message = format!("The {} \"{}\" is invalid: {cause}", key.kind.kind, key.name);
        marker.mark(span_of(document, &cause.path), Severity::Error, message, hint(cause))
    });
    each.collect()
}

/// What to do about it.
fn hint(error: &FieldError) -> String {
    use api::field::ErrorKind;
    match error.kind {
        ErrorKind::Required => format!("Add {}.", error.path),
        ErrorKind::NotSupported => "Take one of the values named here.".to_owned(),
        ErrorKind::Duplicate => "Each may stand here only once.".to_owned(),
        ErrorKind::Forbidden => "This cannot be set or changed here.".to_owned(),
        _ => String::new(),
    }
}
