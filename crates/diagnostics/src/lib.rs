//! What a cluster accepts but is surely not meant: warnings and hints for people.
//!
//! The API server's verdict is not repeated here: what it refuses, it refuses in its own words. What stands here was
//! accepted. [`diagnose`] looks at the objects that a learner wrote and at what became of them, and says for each mistake
//! what is so, what to do, which other place is concerned and, where one change of one field mends it, which.
//!
//! - [`checks`]: one module a diagnostic, with its words and its tests
//! - [`Diagnostic`]: what they say
//!
//! A cluster that is still on its way is not judged: a pod that starts has not yet failed to listen.
#![forbid(unsafe_code)]

pub mod checks;
mod diagnostic;
mod report;
#[cfg(test)]
mod testing;
mod view;
mod words;

use api::arrange::Arrange;
use api::{KINDS, ObjectKey};
use cluster::Cluster;

pub use checks::{Check, DIAGNOSTICS};
pub use cluster::explain::Fix;
pub use diagnostic::{Diagnostic, Related, Severity};
pub use report::Report;
pub use view::View;

/// Everything there is to say about a cluster, by object, path and code. Equal clusters give equal answers.
#[must_use]
pub fn diagnose(cluster: &Cluster) -> Vec<Diagnostic> {
    let view = View::new(cluster);
    let mut found = Vec::new();
    for kind in KINDS {
        let checks: Vec<&dyn Check> = DIAGNOSTICS.iter().copied().filter(|check| check.concerns(kind)).collect();
        if checks.is_empty() {
            continue;
        }
        for object in view.objects(kind) {
            let key = ObjectKey::of(kind, object);
            for check in &checks {
                check.check(&view, object, &mut Report::new(check.code(), &key, &mut found));
            }
        }
    }
    found.arrange_by(|a, b| (&a.object, &a.path, a.code).cmp(&(&b.object, &b.path, b.code)));
    // Pods of one template say the same of the same field.
    found.dedup_by(|a, b| (&a.object, &a.path, a.code) == (&b.object, &b.path, b.code));
    found
}

#[cfg(test)]
mod tests;
