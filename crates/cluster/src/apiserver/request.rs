//! What clients ask of the API server, and what it answers.

use std::sync::Arc;

use api::{Kind, Object, Value};

use crate::store::Manner;

/// A write. Reads are [`crate::Cluster::get`] and [`crate::Cluster::list`].
#[derive(Clone, PartialEq, Debug)]
pub enum Request {
    /// POST: a new object.
    Create {
        /// Of which kind.
        kind: &'static Kind,
        /// The namespace of the request; ignored for cluster-scoped kinds.
        namespace: Arc<str>,
        /// The manifest.
        object: Value,
        /// How.
        options: WriteOptions,
    },
    /// PUT: the whole object anew.
    Update {
        /// Of which kind.
        kind: &'static Kind,
        /// The namespace of the request.
        namespace: Arc<str>,
        /// The object's name.
        name: Arc<str>,
        /// The whole object; `metadata.resourceVersion`, when given, must be the stored one.
        object: Value,
        /// Which part.
        subresource: Subresource,
        /// How.
        options: WriteOptions,
    },
    /// PATCH: a change.
    Patch {
        /// Of which kind.
        kind: &'static Kind,
        /// The namespace of the request.
        namespace: Arc<str>,
        /// The object's name.
        name: Arc<str>,
        /// The change.
        patch: Patch,
        /// Which part.
        subresource: Subresource,
        /// How.
        options: WriteOptions,
    },
    /// DELETE.
    Delete {
        /// Of which kind.
        kind: &'static Kind,
        /// The namespace of the request.
        namespace: Arc<str>,
        /// The object's name.
        name: Arc<str>,
        /// How.
        options: DeleteOptions,
    },
}

/// The part of an object that a write is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Subresource {
    /// Everything but status.
    #[default]
    Main,
    /// `status` only.
    Status,
    /// `spec.replicas` only, as an `autoscaling/v1` Scale.
    Scale,
}

impl Subresource {
    /// How a write to this part is booked.
    pub(crate) fn manner(self) -> Manner {
        match self {
            Self::Main => Manner::Update,
            Self::Status => Manner::Subresource("status"),
            Self::Scale => Manner::Subresource("scale"),
        }
    }
}

/// A change to an object, by the format of its body.
#[derive(Clone, PartialEq, Debug)]
pub enum Patch {
    /// `application/merge-patch+json` (RFC 7386).
    Merge(Value),
    /// `application/strategic-merge-patch+json`: lists merge by the keys of the API types.
    Strategic(Value),
    /// `application/json-patch+json` (RFC 6902).
    Json(Value),
    /// `application/apply-patch+yaml`: server-side apply; `force` takes fields from other managers.
    Apply {
        /// What the manager wants.
        object: Value,
        /// Whether to take over fields that others own.
        force: bool,
    },
}

/// What the server does about fields it does not know (`fieldValidation`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum FieldValidation {
    /// Refuses the request.
    #[default]
    Strict,
    /// Drops them and says so in a warning.
    Warn,
    /// Drops them silently.
    Ignore,
    /// Does not look: the client sends typed objects (protobuf), as the cluster's own components do.
    Typed,
}

/// How to write.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WriteOptions {
    /// Who writes, such as `kubectl-create`.
    pub field_manager: Arc<str>,
    /// Everything but storing: `dryRun=All`.
    pub dry_run: bool,
    /// What to do about unknown fields.
    pub field_validation: FieldValidation,
}

impl WriteOptions {
    /// A plain write by a client that sends text: strictly decoded.
    #[must_use]
    pub fn by(field_manager: &str) -> Self {
        Self { field_manager: field_manager.into(), dry_run: false, field_validation: FieldValidation::Strict }
    }

    /// A plain write by a component of the cluster.
    #[must_use]
    pub fn typed(field_manager: &str) -> Self {
        Self { field_validation: FieldValidation::Typed, ..Self::by(field_manager) }
    }
}

/// What becomes of the objects that the deleted one owns.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Propagation {
    /// They go afterwards.
    #[default]
    Background,
    /// They go first.
    Foreground,
    /// They stay.
    Orphan,
}

/// How to delete.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeleteOptions {
    /// Who deletes.
    pub field_manager: Arc<str>,
    /// Everything but deleting.
    pub dry_run: bool,
    /// Seconds that a pod may take to end; `None` for what its spec says.
    pub grace_period_seconds: Option<u32>,
    /// What becomes of dependants.
    pub propagation: Propagation,
    /// Delete only the object of this uid.
    pub uid: Option<Arc<str>>,
}

impl DeleteOptions {
    /// A plain deletion by a field manager.
    #[must_use]
    pub fn by(field_manager: &str) -> Self {
        Self {
            field_manager: field_manager.into(),
            dry_run: false,
            grace_period_seconds: None,
            propagation: Propagation::default(),
            uid: None,
        }
    }
}

/// What the server answers to a write.
#[derive(Clone, PartialEq, Debug)]
pub struct Response {
    /// The object as it is now; for a deletion, as it was last.
    pub object: Arc<Object>,
    /// Whether the write changed anything.
    pub changed: bool,
    /// Warnings beside the answer (`Warning: ...` on kubectl's stderr).
    pub warnings: Vec<String>,
}
