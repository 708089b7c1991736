//! Where a check writes down what it finds.

use api::{ObjectKey, Path};

use crate::{Diagnostic, Severity};

/// The findings of one check about one object.
pub struct Report<'a> {
    code: &'static str,
    object: &'a ObjectKey,
    found: &'a mut Vec<Diagnostic>,
}

impl<'a> Report<'a> {
    pub(crate) fn new(code: &'static str, object: &'a ObjectKey, found: &'a mut Vec<Diagnostic>) -> Self {
        Self { code, object, found }
    }

    /// The object that is looked at.
    #[must_use]
    pub fn object(&self) -> &'a ObjectKey {
        self.object
    }

    /// Something that is surely not meant. The place, what is so, what to do.
    pub fn warn(&mut self, path: Path, message: impl Into<String>, hint: impl Into<String>) -> &mut Diagnostic {
        self.say(Severity::Warning, path, message.into(), hint.into())
    }

    /// Something that is good to know.
    pub fn hint(&mut self, path: Path, message: impl Into<String>, hint: impl Into<String>) -> &mut Diagnostic {
        self.say(Severity::Hint, path, message.into(), hint.into())
    }

    fn say(&mut self, severity: Severity, path: Path, message: String, hint: String) -> &mut Diagnostic {
        let (code, object) = (self.code, self.object.clone());
        let (related, fix) = (None, None);
        let at = self.found.len();
        self.found.push(Diagnostic { code, severity, object, path, message, hint, related, fix });
        &mut self.found[at]
    }
}
