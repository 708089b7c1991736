//! The cluster as it was: a fork at an earlier moment, which can be watched as it goes on to the present.

use cluster::history::History;
use cluster::{Cluster, Instant};

/// An earlier moment.
#[derive(Clone, Debug)]
pub struct Past {
    pub(crate) at: Instant,
    pub(crate) cluster: Cluster,
    /// Whether it goes by.
    pub(crate) watching: bool,
}

/// So many clusters are kept at most, and fewer of those that have a long story: each keeps its own.
const MOST_KEPT: usize = 64;
const MOST_CHANGES: usize = 300_000;

/// What is kept of a cluster's past.
#[derive(Clone, Debug)]
pub struct Kept {
    history: History,
}

/// What tells that somebody did something to a cluster: its revision, and how many requests went through it.
pub(crate) fn mark(cluster: &Cluster) -> (u64, usize) {
    (cluster.store().revision(), cluster.traces().len())
}

impl Kept {
    /// A past that begins with this cluster.
    pub(crate) fn new(cluster: &Cluster) -> Self {
        let mut history = History::new(MOST_KEPT);
        history.keep(cluster);
        Self { history }
    }

    /// Somebody did something: what follows from it can be gone back to.
    pub(crate) fn keep(&mut self, cluster: &Cluster) {
        let most = MOST_CHANGES / cluster.store().log().len().max(1);
        if self.history.moments().count() > most.clamp(4, MOST_KEPT) {
            self.history.thin();
        }
        self.history.keep(cluster);
    }

    /// The cluster as it was then; the oldest that is kept, for a moment before that.
    pub(crate) fn at(&self, moment: Instant) -> Option<Past> {
        let oldest = self.history.moments().next()?;
        let at = moment.max(oldest);
        Some(Past { at, cluster: self.history.at(at)?, watching: false })
    }
}
