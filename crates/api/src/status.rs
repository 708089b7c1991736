//! What the API server answers when it refuses: `metav1.Status`, and how kubectl prints it.

use std::fmt;

use crate::apply::{Conflict, conflict_words};
use crate::{ErrorList, Kind};

/// Why a request was refused; the names are upstream's `metav1.StatusReason`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// 400: the request cannot be understood.
    BadRequest,
    /// 403: understood and not allowed.
    Forbidden,
    /// 404: no such object or resource.
    NotFound,
    /// 405: this resource does not know this verb.
    MethodNotAllowed,
    /// 409: the name is taken.
    AlreadyExists,
    /// 409: the object changed meanwhile.
    Conflict,
    /// 415: the body's format is not known.
    UnsupportedMediaType,
    /// 422: the object breaks its rules.
    Invalid,
    /// 500: the server failed.
    InternalError,
    /// 503: what the server needs is not there.
    ServiceUnavailable,
}

impl Reason {
    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadRequest => "BadRequest",
            Self::Forbidden => "Forbidden",
            Self::NotFound => "NotFound",
            Self::MethodNotAllowed => "MethodNotAllowed",
            Self::AlreadyExists => "AlreadyExists",
            Self::Conflict => "Conflict",
            Self::UnsupportedMediaType => "UnsupportedMediaType",
            Self::Invalid => "Invalid",
            Self::InternalError => "InternalError",
            Self::ServiceUnavailable => "ServiceUnavailable",
        }
    }

    /// The HTTP status code.
    #[must_use]
    pub fn code(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::AlreadyExists | Self::Conflict => 409,
            Self::UnsupportedMediaType => 415,
            Self::Invalid => 422,
            Self::InternalError => 500,
            Self::ServiceUnavailable => 503,
        }
    }
}

/// A refusal: upstream's `metav1.Status` with status `Failure`.
#[derive(Clone, PartialEq, Debug)]
pub struct Status {
    /// Why.
    pub reason: Reason,
    /// The whole message, as the server writes it.
    pub message: String,
    /// The kind or resource it is about (`Service` or `services`); may be empty.
    pub subject: String,
    /// The name of the object it is about; may be empty.
    pub name: String,
    /// The errors behind an `Invalid`, each with its path; empty otherwise.
    pub causes: ErrorList,
}

impl Status {
    /// A refusal without causes.
    #[must_use]
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, message: message.into(), subject: String::new(), name: String::new(), causes: Vec::new() }
    }

    /// Models apimachinery `errors.NewNotFound`.
    #[must_use]
    pub fn not_found(kind: &Kind, name: &str) -> Self {
        let resource = kind.group_resource();
        Self {
            message: format!("{resource} \"{name}\" not found"),
            subject: kind.plural.to_owned(),
            name: name.to_owned(),
            ..Self::new(Reason::NotFound, "")
        }
    }

    /// Models apimachinery `errors.NewAlreadyExists`.
    #[must_use]
    pub fn already_exists(kind: &Kind, name: &str) -> Self {
        let resource = kind.group_resource();
        Self {
            message: format!("{resource} \"{name}\" already exists"),
            subject: kind.plural.to_owned(),
            name: name.to_owned(),
            ..Self::new(Reason::AlreadyExists, "")
        }
    }

    /// Models apimachinery `errors.NewConflict`.
    #[must_use]
    pub fn conflict(kind: &Kind, name: &str, why: &str) -> Self {
        let resource = kind.group_resource();
        Self {
            message: format!("Operation cannot be fulfilled on {resource} \"{name}\": {why}"),
            subject: kind.plural.to_owned(),
            name: name.to_owned(),
            ..Self::new(Reason::Conflict, "")
        }
    }

    /// Models apimachinery `errors.NewApplyConflict`.
    #[must_use]
    pub fn apply_conflict(kind: &Kind, name: &str, conflicts: &[Conflict]) -> Self {
        Self {
            message: conflict_words(conflicts),
            subject: kind.plural.to_owned(),
            name: name.to_owned(),
            ..Self::new(Reason::Conflict, "")
        }
    }

    /// Models apimachinery `errors.NewForbidden`.
    #[must_use]
    pub fn forbidden(kind: &Kind, name: &str, why: &str) -> Self {
        let resource = kind.group_resource();
        let message = if name.is_empty() {
            format!("{resource} is forbidden: {why}")
        } else {
            format!("{resource} \"{name}\" is forbidden: {why}")
        };
        Self { message, subject: kind.plural.to_owned(), name: name.to_owned(), ..Self::new(Reason::Forbidden, "") }
    }

    /// Models apimachinery `errors.NewInvalid`: one error alone, or several in brackets.
    #[must_use]
    pub fn invalid(kind: &Kind, name: &str, causes: ErrorList) -> Self {
        let mut seen: Vec<String> = Vec::new();
        for cause in &causes {
            let text = cause.to_string();
            if !seen.contains(&text) {
                seen.push(text);
            }
        }
        let list = match seen.as_slice() {
            [] => "<nil>".to_owned(),
            [one] => one.clone(),
            more => format!("[{}]", more.join(", ")),
        };
        let qualified = kind.qualified_kind();
        Self {
            message: format!("{qualified} \"{name}\" is invalid: {list}"),
            subject: kind.kind.to_owned(),
            name: name.to_owned(),
            causes,
            ..Self::new(Reason::Invalid, "")
        }
    }

    /// Models apimachinery `errors.NewBadRequest`.
    #[must_use]
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(Reason::BadRequest, message)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Status {}
