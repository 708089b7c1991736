//! From a request's body to an object of a kind, or the reason why it is none.

use api::decode::{self, DecodeError};
use api::field::ErrorKind;
use api::{FieldError, Kind, Object, Status, Value};

use super::FieldValidation;

/// The object, and warnings about what was dropped.
pub(super) fn object(
    kind: &'static Kind,
    body: Value,
    validation: FieldValidation,
) -> Result<(Object, Vec<String>), Status> {
    if validation == FieldValidation::Typed {
        return Ok((typed(kind, Object::new(body)), Vec::new()));
    }
    let refuse = |errors: &[DecodeError]| refusal(decode::message(kind, errors), errors);
    let decoded = decode::decode(kind, body).map_err(|error| refuse(&[error]))?;
    let mut warnings = Vec::new();
    match validation {
        FieldValidation::Strict if !decoded.unknown.is_empty() => return Err(refuse(&decoded.unknown)),
        FieldValidation::Warn => warnings.extend(decoded.unknown.iter().map(|error| error.message.clone())),
        _ => {}
    }
    Ok((typed(kind, Object::new(decoded.value)), warnings))
}

/// What a patch made of an object, decoded. Errors are about the patch as a whole.
pub(super) fn patched(
    kind: &'static Kind,
    body: Object,
    validation: FieldValidation,
) -> Result<(Object, Vec<String>), Status> {
    if validation == FieldValidation::Typed {
        return Ok((typed(kind, body), Vec::new()));
    }
    object(kind, body.into_value(), validation).map_err(|mut status| {
        let errors = std::mem::take(&mut status.causes);
        if let Some((_, reasons)) =
            status.message.split_once("cannot be handled as a ").and_then(|(_, r)| r.split_once(": "))
        {
            status.message = reasons.to_owned();
        }
        Status { causes: errors, ..status }
    })
}

fn typed(kind: &'static Kind, mut object: Object) -> Object {
    if !kind.has_api_version(object.api_version()) {
        object.set(&["apiVersion"], kind.api_version());
    }
    if object.kind() != kind.kind {
        object.set(&["kind"], kind.kind);
    }
    object
}

/// The answer to a body that cannot be read; each reason keeps its path, so that an editor can show the place.
fn refusal(message: String, errors: &[DecodeError]) -> Status {
    let cause =
        |error: &DecodeError| FieldError::of(ErrorKind::TypeInvalid, &error.path, Value::Null, error.message.as_str());
    Status { causes: errors.iter().map(cause).collect(), ..Status::bad_request(message) }
}
