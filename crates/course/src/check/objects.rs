//! `objects`: how many objects of a kind have these labels.

use std::sync::Arc;

use api::Kind;

use super::{Check, Evidence, Judge, Verdict};
use crate::limits;
use crate::read::Node;

pub(super) static CHECK: Check =
    Check { name: "objects", fields: &["kind", "namespace", "selector", "ready", "count"], read };

fn read(node: &Node<'_>) -> Arc<dyn Judge> {
    let word = node.need_text("kind", limits::TITLE);
    let kind = Kind::of_word(&word);
    if kind.is_none() && !word.is_empty() {
        node.complain(format!("there is no kind {word}"));
    }
    let selector = node.get_text("selector", limits::TITLE).unwrap_or_default();
    let parsed = api::labels::parse::parse(&selector);
    if let Err(message) = &parsed {
        node.complain(message.clone());
    }
    Arc::new(Objects {
        kind,
        namespace: node.get_text("namespace", limits::TITLE).unwrap_or_else(|| "default".to_owned()),
        words: selector,
        selector: parsed.ok(),
        ready: node.get("ready").is_some_and(|ready| ready.flag()),
        count: node.need("count").map_or(0, |count| count.number(0, 1000)),
    })
}

#[derive(Debug)]
struct Objects {
    kind: Option<&'static Kind>,
    namespace: String,
    words: String,
    selector: Option<api::labels::Selector>,
    /// Only pods that are ready count.
    ready: bool,
    count: u64,
}

impl Judge for Objects {
    fn judge(&self, evidence: &Evidence<'_>) -> Verdict {
        let (Some(kind), Some(selector)) = (self.kind, &self.selector) else { return Verdict::default() };
        let namespace = kind.namespaced.then_some(self.namespace.as_str());
        let found = evidence.cluster.list(kind, namespace).filter(|object| {
            selector.matches(object.labels()) && !object.is_terminating() && (!self.ready || api::pod::is_ready(object))
        });
        let count = found.count() as u64;
        let with = if self.words.is_empty() { String::new() } else { format!(" with {}", self.words) };
        let ready = if self.ready { "ready " } else { "" };
        let (are, what) = if count == 1 { ("is", kind.singular) } else { ("are", kind.plural) };
        Verdict::of(count == self.count, format!("there {are} {count} {ready}{what}{with}"))
    }
}
