//! The strategy of kinds that have few rules of their own.

use serde_json::Value;

use super::Strategy;
use crate::{ErrorList, Object};

/// A strategy from parts; what a kind needs beyond it, it writes itself.
pub(crate) struct Plain {
    /// Whether `metadata.generation` counts the changes of `spec`.
    pub(crate) generation: bool,
    /// The status of a new object as JSON text; empty for none.
    pub(crate) status: &'static str,
    /// What a manifest leaves out.
    pub(crate) default: fn(&mut Object),
    /// What the server writes itself; the second object is what it was before.
    pub(crate) prepare: fn(&mut Object, Option<&Object>),
    /// What is wrong with an object.
    pub(crate) validate: fn(&Object) -> ErrorList,
    /// What is wrong with a changed object; `None` for what is wrong with a new one.
    pub(crate) validate_update: Option<fn(&Object, &Object) -> ErrorList>,
    /// What raises `metadata.generation`; `None` for a change of `spec`.
    pub(crate) changes_generation: Option<fn(&Object, &Object) -> bool>,
    /// What is accepted with a warning; the second object is what it was before.
    pub(crate) warnings: fn(&Object, Option<&Object>) -> Vec<String>,
}

impl Plain {
    /// Stored as it comes.
    pub(crate) const DATA: Self = Self {
        generation: false,
        status: "",
        default: |_| (),
        prepare: |_, _| (),
        validate: |_| Vec::new(),
        validate_update: None,
        changes_generation: None,
        warnings: |_, _| Vec::new(),
    };
    /// With a `spec` whose changes are counted, and a status.
    pub(crate) const SPEC: Self = Self { generation: true, status: "{}", ..Self::DATA };
}

impl Strategy for Plain {
    fn default(&self, object: &mut Object) {
        (self.default)(object);
    }

    fn prepare_create(&self, object: &mut Object) {
        object.remove(&["status"]);
        if self.generation {
            object.set(&["metadata", "generation"], 1);
        }
        if let Ok(status) = serde_json::from_str::<Value>(self.status) {
            object.set(&["status"], status);
        }
        (self.prepare)(object, None);
    }

    fn prepare_update(&self, object: &mut Object, old: &Object) {
        object.keep(old, "status");
        (self.prepare)(object, Some(old));
    }

    fn validate_create(&self, object: &Object) -> ErrorList {
        (self.validate)(object)
    }

    fn validate_update(&self, object: &Object, old: &Object) -> ErrorList {
        self.validate_update.map_or_else(|| (self.validate)(object), |validate| validate(object, old))
    }

    fn changes_generation(&self, object: &Object, old: &Object) -> bool {
        match self.changes_generation {
            Some(changes) => changes(object, old),
            None => object.at(&["spec"]) != old.at(&["spec"]),
        }
    }

    fn warnings(&self, object: &Object, old: Option<&Object>) -> Vec<String> {
        (self.warnings)(object, old)
    }
}
