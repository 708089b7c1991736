//! The API server: the one path by which anything is written, whoever writes it.
//!
//! decode, default, prepare, validate, allocate, admit, store, watch.

mod admission;
pub mod allocate;
mod apply;
mod decode;
mod delete;
pub mod front;
mod patch;
mod request;
mod write;

use std::sync::Arc;

use api::{Kind, Object, Status};

pub(crate) use delete::FOREGROUND;
pub use patch::json_patched;
pub use request::{DeleteOptions, FieldValidation, Patch, Propagation, Request, Response, Subresource, WriteOptions};

use crate::Cluster;

impl Cluster {
    /// Does what a client asks of the API server.
    ///
    /// # Errors
    /// A [`Status`] with upstream's words when the server refuses; nothing has changed then.
    pub fn submit(&mut self, request: Request) -> Result<Response, Status> {
        match request {
            Request::Create { kind, namespace, object, options } => self.create(kind, &namespace, object, &options),
            Request::Update { kind, namespace, name, object, subresource, options } => {
                self.update(kind, &namespace, &name, object, subresource, &options)
            }
            Request::Patch { kind, namespace, name, patch, subresource, options } => {
                self.patch(kind, &namespace, &name, &patch, subresource, &options)
            }
            Request::Delete { kind, namespace, name, options } => self.delete(kind, &namespace, &name, &options),
        }
    }

    /// One object.
    ///
    /// # Errors
    /// `NotFound`, as the server words it.
    pub fn get(&self, kind: &'static Kind, namespace: &str, name: &str) -> Result<Arc<Object>, Status> {
        self.store().find(kind, namespace, name).cloned().ok_or_else(|| Status::not_found(kind, name))
    }

    /// The objects of a kind, in one namespace or (`None`) in all.
    pub fn list<'a>(&'a self, kind: &'static Kind, namespace: Option<&str>) -> impl Iterator<Item = &'a Arc<Object>> {
        self.store().list(kind, namespace)
    }
}
