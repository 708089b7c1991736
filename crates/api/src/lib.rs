//! Kubernetes objects as data.
//!
//! An object is one JSON tree ([`Object`]); what Kubernetes knows about a kind of object (names, defaults,
//! validation, table columns) is a [`Kind`], listed in [`KINDS`]. Everything here is a pure function of its
//! arguments: this crate knows no cluster, no clock and no text format.
//!
//! - [`object`]: the tree, its metadata and its key
//! - [`schema`]: the fields of every kind and their types
//! - [`decode`]: strict decoding, from a tree as written to the tree as stored
//! - [`field`]: paths into the tree and the errors found there, in upstream's words
//! - [`status`]: what the API server answers when it refuses
//! - [`kind`]: the registry
//! - [`discovery`]: what the API server says it serves, beyond the registry
//! - [`labels`]: label selectors
//! - [`arrange`]: sorting with little code, for all crates
#![forbid(unsafe_code)]

pub mod apply;
pub mod arrange;
pub mod cells;
pub mod config_map;
mod custom;
pub mod daemon_set;
pub mod decode;
pub mod deployment;
pub mod discovery;
pub mod endpoint_slice;
pub mod endpoints;
pub mod event;
pub mod field;
pub mod gateway;
pub mod gateway_class;
pub mod go;
pub mod horizontal_pod_autoscaler;
pub mod http_route;
pub mod ingress;
pub mod ingress_class;
mod internal;
pub mod ip;
pub mod job;
pub mod kind;
pub mod labels;
pub mod metadata;
pub mod names;
pub mod namespace;
pub mod network_policy;
pub mod node;
pub mod object;
pub mod patch;
pub mod pod;
pub mod quantity;
pub mod replica_set;
pub mod schema;
pub mod secret;
pub mod service;
pub mod service_account;
pub mod stateful_set;
pub mod status;
pub mod time;
mod tree;
mod workload;

pub use field::{ErrorList, FieldError, Path, Segment};
pub use kind::{KINDS, Kind};
pub use object::{Object, ObjectKey};
pub use serde_json::{Map, Value, json};
pub use status::{Reason, Status};
