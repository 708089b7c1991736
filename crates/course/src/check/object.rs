//! `object`: an object is there or not, and a field of it has a value.

use std::sync::Arc;

use api::Value;

use super::{Check, Evidence, Judge, Verdict};
use crate::limits;
use crate::read::Node;
use crate::reference::{ObjectRef, field, shown};

pub(super) static CHECK: Check = Check { name: "object", fields: &["of", "field", "is", "not", "exists"], read };

fn read(node: &Node<'_>) -> Arc<dyn Judge> {
    let path = node.get_text("field", limits::TITLE);
    let (is, not) = (node.get("is").map(|is| is.value.clone()), node.get("not").map(|not| not.value.clone()));
    if path.is_none() && (is.is_some() || not.is_some()) {
        node.complain("is and not speak of a field: say which");
    }
    Arc::new(OneObject {
        of: node.need("of").and_then(|of| ObjectRef::read(&of)),
        path,
        is,
        not,
        exists: node.get("exists").map(|exists| exists.flag()),
    })
}

#[derive(Debug)]
struct OneObject {
    of: Option<ObjectRef>,
    path: Option<String>,
    is: Option<Value>,
    not: Option<Value>,
    /// Whether the object, or its field where one is named, must be there. When nothing is said it must, unless the field
    /// must only not have a value.
    exists: Option<bool>,
}

impl Judge for OneObject {
    fn judge(&self, evidence: &Evidence<'_>) -> Verdict {
        let Some(of) = &self.of else { return Verdict::default() };
        let object = of.find(evidence.cluster);
        let (Some(object), Some(path)) = (object, &self.path) else {
            let found = object.is_some();
            let words = format!("there is {}{of}", if found { "" } else { "no " });
            let wanted = self.exists.unwrap_or(true);
            return Verdict::of(found == wanted && (self.path.is_none() || !wanted), words);
        };
        let value = field(object, path);
        let equal = |wanted: &Value| value.is_some_and(|value| value == wanted);
        let lenient = self.not.is_some() && self.is.is_none();
        let met = (self.exists.is_none() && lenient || value.is_some() == self.exists.unwrap_or(true))
            && self.is.as_ref().is_none_or(equal)
            && self.not.as_ref().is_none_or(|not| !equal(not));
        let words = match value {
            Some(value) => format!("{path} of {of} is {}", shown(value)),
            None => format!("{of} has no {path}"),
        };
        Verdict::of(met, words)
    }
}
