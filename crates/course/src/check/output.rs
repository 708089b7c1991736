//! `output`: what a command prints, run by the check itself, on its fork.

use std::sync::Arc;

use super::{Check, Evidence, Judge, Verdict};
use crate::limits;
use crate::read::Node;
use crate::start::script;

pub(super) static CHECK: Check = Check { name: "output", fields: &["of", "says", "not"], read };

fn read(node: &Node<'_>) -> Arc<dyn Judge> {
    let (says, not) = (node.get_text("says", limits::TITLE), node.get_text("not", limits::TITLE));
    if says.is_none() && not.is_none() {
        node.complain("say what the command must print (says), or must not (not)");
    }
    Arc::new(Output { of: node.need_text("of", limits::TEXT), says, not })
}

#[derive(Debug)]
struct Output {
    /// Commands of the learner's machine.
    of: String,
    says: Option<String>,
    not: Option<String>,
}

impl Judge for Output {
    fn judge(&self, evidence: &Evidence<'_>) -> Verdict {
        let mut fork = evidence.cluster.clone();
        let done = script(&mut fork, &self.of, &[]);
        let met = self.says.as_ref().is_none_or(|says| done.stdout.contains(says))
            && self.not.as_ref().is_none_or(|not| !done.stdout.contains(not));
        let words = match (&self.says, &self.not) {
            (Some(says), _) if !done.stdout.contains(says) => format!("{} does not print {says}", self.of),
            (_, Some(not)) if done.stdout.contains(not) => format!("{} prints {not}", self.of),
            _ => format!("{} prints what it must", self.of),
        };
        Verdict::of(met, words)
    }
}
