//! JSON in and out, as Go's encoding/json has it.

mod decode;
mod encode;

pub(crate) use decode::{JsonError, decode, skip_blanks};
pub use encode::{to_json, to_json_compact};
