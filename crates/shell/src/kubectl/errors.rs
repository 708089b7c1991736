//! Errors as kubectl prints them. Models `pkg/cmd/util/helpers.go` checkErr.

use api::{Reason, Status};

/// Why a command failed.
#[derive(Clone, PartialEq, Debug)]
pub enum Failure {
    /// Everything was said already.
    Exit(i32),
    /// One message.
    Text(String),
    /// A message printed as it is, with an exit code.
    Raw(String, i32),
    /// The server refused.
    Status(Box<Status>),
    /// Several at once.
    Many(Vec<Failure>),
}

/// What commands return.
pub type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    /// One message.
    #[must_use]
    pub fn text(message: impl Into<String>) -> Self {
        Self::Text(message.into())
    }

    /// An error that says where the object came from. Models `AddSourceToErr`.
    #[must_use]
    pub fn with_source(self, verb: &str, source: Option<&str>) -> Self {
        let Some(source) = source else { return self };
        let prefix = format!("error when {verb} {}: ", api::field::go_quote(source));
        match self {
            Self::Status(mut status) => {
                status.message = format!("{prefix}{}", status.message);
                Self::Status(status)
            }
            Self::Text(text) => Self::Text(format!("{prefix}{text}")),
            other => other,
        }
    }

    /// Whether the server said that there is no such object.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Status(status) if status.reason == Reason::NotFound)
    }

    /// The message without the words that kubectl puts before it (Go's `err.Error()`).
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::Exit(_) => "exit".to_owned(),
            Self::Text(text) | Self::Raw(text, _) => text.clone(),
            Self::Status(status) => status.message.clone(),
            Self::Many(all) => match all.as_slice() {
                [one] => one.message(),
                all => format!("[{}]", all.iter().map(Self::message).collect::<Vec<_>>().join(", ")),
            },
        }
    }

    /// What goes to standard error, and the exit code. Models `checkErr`.
    #[must_use]
    pub fn report(&self) -> (String, i32) {
        match self {
            Self::Many(all) if all.len() == 1 => all.first().map_or((String::new(), 1), Self::report),
            Self::Exit(code) => (String::new(), *code),
            Self::Raw(text, code) => (line(text.clone()), *code),
            Self::Text(text) if text.starts_with("error: ") => (line(text.clone()), 1),
            Self::Text(text) => (line(format!("error: {text}")), 1),
            Self::Status(status) if status.reason == Reason::Invalid => (line(invalid(status)), 1),
            Self::Status(status) => (line(from_server(status)), 1),
            Self::Many(all) => (all.iter().map(|one| line(one.in_list())).collect(), 1),
        }
    }

    /// Models `messageForError`.
    fn in_list(&self) -> String {
        match self {
            Self::Status(status) => from_server(status),
            other => other.message(),
        }
    }
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        Self::Status(Box::new(status))
    }
}

impl From<String> for Failure {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// Models `StandardErrorMessage` for what the server says.
#[must_use]
pub fn from_server(status: &Status) -> String {
    format!("Error from server ({}): {}", status.reason.as_str(), status.message)
}

fn line(mut text: String) -> String {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

fn invalid(status: &Status) -> String {
    let named = !status.subject.is_empty() || !status.name.is_empty();
    let mut causes: Vec<String> = Vec::new();
    for cause in &status.causes {
        let text = cause.to_string();
        if !causes.contains(&text) {
            causes.push(text);
        }
    }
    let subject = match (named, causes.is_empty()) {
        (true, _) => format!("The {} {} is invalid", status.subject, api::field::go_quote(&status.name)),
        (false, true) => format!("The request is invalid: {}", status.message),
        (false, false) => "The request is invalid".to_owned(),
    };
    match causes.as_slice() {
        [] => subject,
        [one] => format!("{subject}: {one}"),
        many => many.iter().fold(format!("{subject}: \n"), |text, cause| text + "* " + cause + "\n"),
    }
}

#[cfg(test)]
mod tests {
    use api::{FieldError, Path};

    use super::*;

    #[test]
    fn failures_print_as_kubectl() {
        let kind = &api::service::KIND;
        let missing = || Failure::from(Status::not_found(kind, "web"));
        let required = |field: &str| FieldError::required(&Path::new(field), "");
        let invalid = |fields: &[&str]| {
            Failure::from(Status::invalid(kind, "b", fields.iter().map(|field| required(field)).collect()))
        };
        for (failure, want) in [
            (Failure::text("no"), "error: no\n"),
            (missing(), "Error from server (NotFound): services \"web\" not found\n"),
            (
                missing().with_source("creating", Some("STDIN")),
                "Error from server (NotFound): error when creating \"STDIN\": services \"web\" not found\n",
            ),
            (invalid(&["a"]), "The Service \"b\" is invalid: a: Required value\n"),
            (invalid(&["a", "b"]), "The Service \"b\" is invalid: \n* a: Required value\n* b: Required value\n"),
            (
                Failure::Many(vec![missing(), Failure::text("no")]),
                "Error from server (NotFound): services \"web\" not found\nno\n",
            ),
            (Failure::Many(vec![Failure::text("no")]), "error: no\n"),
        ] {
            assert_eq!(failure.report(), (want.to_owned(), 1), "{failure:?}");
        }
    }
}
