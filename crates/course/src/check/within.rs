//! `within`: the lesson is done in so much time of the cluster.

use std::sync::Arc;

use super::{Check, Evidence, Judge, Verdict};
use crate::read::Node;

pub(super) static CHECK: Check = Check { name: "within", fields: &["seconds"], read };

fn read(node: &Node<'_>) -> Arc<dyn Judge> {
    Arc::new(Within(node.need("seconds").map_or(0, |seconds| seconds.number(1, 86_400))))
}

#[derive(Debug)]
struct Within(u64);

impl Judge for Within {
    fn judge(&self, evidence: &Evidence<'_>) -> Verdict {
        let spent = (evidence.cluster.now() - evidence.start.now()) / 1_000_000;
        Verdict::of(spent <= self.0, format!("{spent} of {} seconds are gone", self.0))
    }
}
