//! What a goal can ask for: a module each. Checks judge outcomes, on forks of the cluster, never by which way one came
//! there.

mod answer;
mod command;
mod endpoints;
mod lookup;
mod object;
mod objects;
mod output;
mod request;
mod traffic;
mod unchanged;
mod within;

use std::fmt;
use std::sync::Arc;

use cluster::Cluster;

use crate::read::Node;

/// A kind of check.
pub(crate) struct Check {
    /// The field of a goal that asks for it.
    pub(crate) name: &'static str,
    /// The fields below it, as `public/lessons/schema.json` has them too.
    pub(crate) fields: &'static [&'static str],
    /// Reads them.
    pub(crate) read: fn(&Node<'_>) -> Arc<dyn Judge>,
}

/// Every check; add a line to add one.
pub(crate) static CHECKS: &[&Check] = &[
    &answer::CHECK,
    &command::CHECK,
    &endpoints::CHECK,
    &lookup::CHECK,
    &object::CHECK,
    &objects::CHECK,
    &output::CHECK,
    &request::CHECK,
    &unchanged::CHECK,
    &within::CHECK,
];

/// The names of all checks.
#[must_use]
pub fn check_names() -> Vec<&'static str> {
    CHECKS.iter().map(|check| check.name).collect()
}

/// What there is to judge by.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// The learner's cluster.
    pub cluster: &'a Cluster,
    /// What it was when the lesson began.
    pub start: &'a Cluster,
    /// The lines that the learner ran since the step began, oldest first.
    pub commands: &'a [String],
    /// The option that the learner chose, where the goal is a question.
    pub chosen: Option<usize>,
}

/// A goal as it was read.
pub trait Judge: fmt::Debug + Send + Sync {
    /// Whether it is reached. Nothing of the judging shows in the cluster.
    fn judge(&self, evidence: &Evidence<'_>) -> Verdict;

    /// The question that it asks, if it is one.
    fn question(&self) -> Option<&Question> {
        None
    }
}

/// What became of a goal.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Verdict {
    /// Whether it is reached.
    pub met: bool,
    /// What was found, in one sentence without a full stop.
    pub words: String,
}

impl Verdict {
    pub(crate) fn of(met: bool, words: impl Into<String>) -> Self {
        Self { met, words: words.into() }
    }
}

/// A question with options.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// What is asked.
    pub asks: String,
    /// What one can answer, in the order of the author.
    pub options: Vec<QuestionOption>,
}

/// One answer to a question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QuestionOption {
    /// The answer.
    pub says: String,
    /// Whether it is right.
    pub right: bool,
    /// What is said to somebody who chose it.
    pub because: String,
}

#[cfg(test)]
mod tests {
    use api::Value;

    use super::*;

    /// The schema for editors and the checks name the same fields.
    #[test]
    fn the_schema_knows_every_check() {
        let text = include_str!("../../../../public/lessons/schema.json");
        let schema = manifest::parse(text).documents.remove(0);
        let schema = schema.value().unwrap();
        let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        let mut goal = keys(&schema["$defs"]["goal"]["properties"]);
        goal.retain(|field| field != "goal");
        assert_eq!(goal, check_names(), "the fields of a goal");
        for check in CHECKS {
            let mut fields = check.fields.to_vec();
            fields.sort_unstable();
            assert_eq!(keys(&schema["$defs"][check.name]["properties"]), fields, "{}", check.name);
        }
    }
}
