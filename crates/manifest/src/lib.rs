//! Manifests: YAML and JSON text to values with a place for every part, and values back to text.
//!
//! This crate knows text, not Kubernetes: no kinds, no schema, no cluster. It is the sole owner of the YAML
//! reader, which follows goyaml.v2 rule by rule, so that a text is read, refused and complained of as kubectl
//! does it, line numbers included.
//!
//! - [`parse`]: a text to a [`Stream`] of [`Document`]s with values, errors and spans
//! - [`to_yaml`], [`to_kyaml`], [`to_json`], [`to_go_json`], [`to_json_compact`]: what kubectl prints
//! - [`format`]: the changes that give a text the usual indentation
//! - [`Span`], [`Position`], [`LineIndex`]: places, and UTF-16 for editors
#![forbid(unsafe_code)]

mod base64;
mod decode;
mod document;
mod error;
mod format;
mod go_syntax;
mod json;
mod kyaml;
pub mod limits;
mod locate;
mod number;
mod parser;
mod position;
mod problem;
mod resolve;
mod scanner;
mod stream;
mod timestamp;
mod tree;
mod yaml;

pub use base64::decode as decode_base64;
pub use decode::DuplicateKey;
pub use document::Document;
pub use error::SyntaxError;
pub use format::{Edit, format};
pub use json::{from_json, list_to_json, to_go_json, to_json, to_json_compact};
pub use kyaml::to_kyaml;
pub use position::{LineIndex, Position, Span};
pub use stream::{Stream, parse};
pub use yaml::{list_to_yaml, to_yaml};
