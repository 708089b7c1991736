//! The log of changes with causes: what led to a change, and what came of it.

use crate::Cluster;
use crate::store::WatchEvent;

/// The changes that led to the one of a revision, from it back to the one that came from outside. Empty when there is no
/// such change.
#[must_use]
pub fn causes(cluster: &Cluster, revision: u64) -> Vec<&WatchEvent> {
    let mut chain = Vec::new();
    let mut next = Some(revision);
    while let Some(event) = next.and_then(|revision| find(cluster, revision)) {
        chain.push(event);
        // A cause is older than what comes of it, so this ends.
        next = event.cause.filter(|cause| *cause < event.revision);
    }
    chain
}

/// The changes that somebody made because of the one of a revision, oldest first.
#[must_use]
pub fn consequences(cluster: &Cluster, revision: u64) -> Vec<&WatchEvent> {
    cluster.store().log().iter().filter(|event| event.cause == Some(revision)).collect()
}

fn find(cluster: &Cluster, revision: u64) -> Option<&WatchEvent> {
    let log = cluster.store().log();
    log.binary_search_by_key(&revision, |event| event.revision).ok().map(|at| &log[at])
}
