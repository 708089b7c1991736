//! `request`: what comes of asking an address from a place.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::traffic::{Seen, fetch};
use super::{Check, Evidence, Judge, Verdict};
use crate::limits;
use crate::read::Node;
use crate::reference::{Sender, fill, is_like};

pub(super) static CHECK: Check =
    Check { name: "request", fields: &["from", "to", "host", "is", "says", "pods", "times"], read };

/// How often it asks when the goal is about which pods answer.
const OFTEN: u64 = 20;

/// Percent by which a share may differ: chance falls as it does.
const TOLERANCE: f64 = 20.0;

fn read(node: &Node<'_>) -> Arc<dyn Judge> {
    let pods = node.get("pods").map(|pods| shares(&pods)).unwrap_or_default();
    let often = if pods.is_empty() { 1 } else { OFTEN };
    Arc::new(Request {
        from: node.need("from").map_or(Sender::Laptop, |from| Sender::read(&from)),
        to: node.need_text("to", limits::TITLE),
        host: node.get_text("host", limits::TITLE),
        is: node.get("is").map_or(Expected::Answered, |is| expected(&is)),
        says: node.get_text("says", limits::TEXT),
        times: node.get_number("times", 1, limits::TIMES, often),
        pods,
    })
}

/// What must come of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Expected {
    Answered,
    Status(u16),
    Refused,
    Timeout,
    Unresolved,
    /// Refused or lost, whichever way.
    Unreachable,
}

fn expected(node: &Node<'_>) -> Expected {
    if node.value.is_number() {
        let status = u16::try_from(node.number(100, 599)).unwrap_or_default();
        return Expected::Status(status);
    }
    let words = [
        ("answered", Expected::Answered),
        ("refused", Expected::Refused),
        ("timeout", Expected::Timeout),
        ("unresolved", Expected::Unresolved),
        ("unreachable", Expected::Unreachable),
    ];
    node.choice(&words).unwrap_or(Expected::Answered)
}

/// Names of pods, each with the percentage of answers it must give if that matters.
fn shares(node: &Node<'_>) -> Vec<(String, Option<u64>)> {
    if node.value.is_object() {
        let entries = node.entries(limits::LIST);
        return entries.into_iter().map(|(name, share)| (name, Some(share.number(0, 100)))).collect();
    }
    node.items(limits::LIST).iter().map(|name| (name.text(limits::TITLE), None)).collect()
}

#[derive(Debug)]
struct Request {
    from: Sender,
    to: String,
    host: Option<String>,
    is: Expected,
    says: Option<String>,
    pods: Vec<(String, Option<u64>)>,
    times: u64,
}

impl Request {
    /// Whether one attempt is what is wanted.
    fn fits(&self, seen: &Seen) -> bool {
        match (self.is, seen) {
            (Expected::Answered, Seen::Answer { status, body, .. }) => {
                status.is_none_or(|status| status < 400) && self.says.as_ref().is_none_or(|says| body.contains(says))
            }
            (Expected::Status(wanted), Seen::Answer { status, body, .. }) => {
                *status == Some(wanted) && self.says.as_ref().is_none_or(|says| body.contains(says))
            }
            (Expected::Refused, Seen::Refused(_))
            | (Expected::Timeout, Seen::Timeout)
            | (Expected::Unresolved, Seen::Unresolved)
            | (Expected::Unreachable, Seen::Refused(_) | Seen::Timeout) => true,
            _ => false,
        }
    }

    /// What is wrong with who answered how often; `None` when nothing is.
    fn wrong_shares(&self, answers: &BTreeMap<String, u64>) -> Option<String> {
        if let Some(stranger) = answers.keys().find(|pod| !self.pods.iter().any(|(wanted, _)| is_like(wanted, pod))) {
            return Some(format!("pod {stranger} answers too"));
        }
        for (wanted, share) in &self.pods {
            let count: u64 = answers.iter().filter(|(pod, _)| is_like(wanted, pod)).map(|(_, count)| count).sum();
            let percent = count as f64 * 100.0 / self.times as f64;
            match share {
                None if count == 0 => return Some(format!("{wanted} never answers")),
                Some(share) if (percent - *share as f64).abs() > TOLERANCE || (*share == 0) != (count == 0) => {
                    return Some(format!("{wanted} gives {percent:.0} % of the answers, not {share} %"));
                }
                _ => {}
            }
        }
        None
    }
}

impl Judge for Request {
    fn judge(&self, evidence: &Evidence<'_>) -> Verdict {
        let mut fork = evidence.cluster.clone();
        let asked = fill(&self.to, &fork).and_then(|url| Ok((url, self.from.enter(&mut fork)?)));
        let (url, vantage) = match asked {
            Ok(asked) => asked,
            Err(words) => return Verdict::of(false, words),
        };
        let mut answers: BTreeMap<String, u64> = BTreeMap::new();
        let mut words = String::new();
        for _ in 0..self.times {
            let seen = fetch(&mut fork, &vantage, &url, self.host.as_deref());
            words = format!("{url} from {}: {}", self.from, seen.words());
            if !self.fits(&seen) {
                return Verdict::of(false, words);
            }
            if let Seen::Answer { pod: Some(pod), .. } = seen {
                *answers.entry(pod).or_default() += 1;
            }
        }
        if self.pods.is_empty() {
            return Verdict::of(true, words);
        }
        match self.wrong_shares(&answers) {
            Some(wrong) => Verdict::of(false, format!("{url} from {}: {wrong}", self.from)),
            None => Verdict::of(true, format!("{url} from {}: answered by {}", self.from, names(&answers))),
        }
    }
}

fn names(answers: &BTreeMap<String, u64>) -> String {
    answers.keys().cloned().collect::<Vec<_>>().join(", ")
}
