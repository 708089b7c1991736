//! `unchanged`: objects that must be as they were when the lesson began, and must not have been made anew.

use std::sync::Arc;

use super::{Check, Evidence, Judge, Verdict};
use crate::limits;
use crate::read::Node;
use crate::reference::{ObjectRef, field};

pub(super) static CHECK: Check = Check { name: "unchanged", fields: &["objects", "fields"], read };

/// What must not change when nothing else is said: what people write.
const USUAL: &[&str] = &["spec", "data", "metadata.labels"];

fn read(node: &Node<'_>) -> Arc<dyn Judge> {
    let objects: Vec<ObjectRef> = node.list("objects", limits::LIST).iter().filter_map(ObjectRef::read).collect();
    if objects.is_empty() {
        node.complain("objects is missing here: which ones must stay as they are");
    }
    let mut fields = node.texts("fields", limits::TITLE);
    if fields.is_empty() {
        fields = USUAL.iter().map(|field| (*field).to_owned()).collect();
    }
    Arc::new(Unchanged { objects, fields })
}

#[derive(Debug)]
struct Unchanged {
    objects: Vec<ObjectRef>,
    fields: Vec<String>,
}

impl Judge for Unchanged {
    fn judge(&self, evidence: &Evidence<'_>) -> Verdict {
        for of in &self.objects {
            let Some(before) = of.find(evidence.start) else { continue };
            let Some(now) = of.find(evidence.cluster) else { return Verdict::of(false, format!("{of} is gone")) };
            if now.uid() != before.uid() {
                return Verdict::of(false, format!("{of} was deleted and made anew"));
            }
            if let Some(path) = self.fields.iter().find(|path| field(now, path) != field(before, path)) {
                return Verdict::of(false, format!("{path} of {of} is not what it was"));
            }
        }
        Verdict::of(true, "what had to stay is as it was")
    }
}
