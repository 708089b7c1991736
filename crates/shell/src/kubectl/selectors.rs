//! `-l` and `--field-selector`, as the server reads them.

use api::labels::FieldSelector;
use api::{Kind, Object};

/// A test of an object.
pub type Test = Box<dyn Fn(&Object) -> bool>;

/// What a label selector picks.
///
/// # Errors
/// The server's words.
pub fn labels(text: &str) -> Result<Test, String> {
    // Most lists are of everything, and long ones are noticed.
    if text.is_empty() {
        return Ok(Box::new(|_| true));
    }
    let selector = api::labels::parse::parse(text)?;
    Ok(Box::new(move |object| selector.matches(object.labels())))
}

/// What a field selector picks.
///
/// # Errors
/// The server's words.
pub fn fields(kind: &Kind, text: &str) -> Result<Test, String> {
    if text.is_empty() {
        return Ok(Box::new(|_| true));
    }
    let selector = FieldSelector::parse(text)?;
    match selector.unsupported(kind) {
        Some(field) => Err(format!("field label not supported: {field}")),
        None => Ok(Box::new(move |object| selector.matches(object))),
    }
}
