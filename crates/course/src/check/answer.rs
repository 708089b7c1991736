//! `answer`: a question with options, to predict or to diagnose.

use std::sync::Arc;

use super::{Check, Evidence, Judge, Question, QuestionOption, Verdict};
use crate::limits;
use crate::read::Node;

pub(super) static CHECK: Check = Check { name: "answer", fields: &["asks", "options"], read };

const OPTION: &[&str] = &["says", "right", "because"];

fn read(node: &Node<'_>) -> Arc<dyn Judge> {
    let asks = node.need_text("asks", limits::TEXT);
    let items = node.list("options", limits::LIST);
    let options: Vec<QuestionOption> = items
        .iter()
        .map(|item| {
            item.fields(OPTION);
            QuestionOption {
                says: item.need_text("says", limits::TEXT),
                right: item.get("right").is_some_and(|right| right.flag()),
                because: item.need_text("because", limits::TEXT),
            }
        })
        .collect();
    if options.len() < 2 || options.iter().filter(|option| option.right).count() != 1 {
        node.complain("a question needs two options or more, and exactly one with right: true");
    }
    Arc::new(Answer(Question { asks, options }))
}

#[derive(Debug)]
struct Answer(Question);

impl Judge for Answer {
    fn judge(&self, evidence: &Evidence<'_>) -> Verdict {
        match evidence.chosen.and_then(|chosen| self.0.options.get(chosen)) {
            None => Verdict::of(false, "not answered yet"),
            Some(option) => Verdict::of(option.right, option.because.clone()),
        }
    }

    fn question(&self) -> Option<&Question> {
        Some(&self.0)
    }
}
