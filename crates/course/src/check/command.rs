//! `command`: a line was run that has these words. Where one looked matters for a diagnosis; how one mends something never
//! does.

use std::sync::Arc;

use super::{Check, Evidence, Judge, Verdict};
use crate::limits;
use crate::read::Node;

pub(super) static CHECK: Check = Check { name: "command", fields: &["words"], read };

fn read(node: &Node<'_>) -> Arc<dyn Judge> {
    let words = node.texts("words", limits::TITLE);
    if words.is_empty() {
        node.complain(
            "words is missing here: the words that one line must have, each with alternatives such as get|describe or web-*",
        );
    }
    Arc::new(Command(words.iter().map(|word| word.split('|').map(str::to_owned).collect()).collect()))
}

/// Alternatives for each word.
#[derive(Debug)]
struct Command(Vec<Vec<String>>);

impl Command {
    fn is_met_by(&self, line: &str) -> bool {
        let words: Vec<&str> = line.split([' ', '\t', '/', '=', ',', ';', '|', '"', '\'']).collect();
        let special = |word: &str| word.contains(['/', ':', '=']) && line.contains(word);
        let has = |word: &str| match word.strip_suffix('*') {
            Some(start) => words.iter().any(|word| word.starts_with(start)) || special(start),
            None => words.contains(&word) || special(word),
        };
        self.0.iter().all(|alternatives| alternatives.iter().any(|word| has(word)))
    }
}

impl Judge for Command {
    fn judge(&self, evidence: &Evidence<'_>) -> Verdict {
        match evidence.commands.iter().find(|line| self.is_met_by(line)) {
            Some(line) => Verdict::of(true, format!("you ran {}", line.trim())),
            None => Verdict::of(false, "no command of yours has done this yet"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_may_be_known_by_its_beginning() {
        let command = Command(vec![vec!["wget".to_owned()], vec!["10.*".to_owned(), "web-*".to_owned()]]);
        for line in ["wget -O- http://10.244.1.2:80", "wget 10.96.0.1", "kubectl exec web-1 -- wget x"] {
            assert!(command.is_met_by(line), "{line}");
        }
        for line in ["wget http://web", "curl 10.96.0.1", "wget http://110.1.1.1"] {
            assert!(!command.is_met_by(line), "{line}");
        }
    }

    #[test]
    fn a_line_has_every_word_in_some_form() {
        let words = [vec!["kubectl"], vec!["get", "describe"], vec!["svc", "service", "services"], vec!["web"]];
        let command = Command(words.map(|word| word.into_iter().map(str::to_owned).collect()).to_vec());
        for line in
            ["kubectl get svc web", "kubectl describe service/web -n default", "  kubectl -n default get svc web|cat"]
        {
            assert!(command.is_met_by(line), "{line}");
        }
        for line in ["kubectl get svc", "kubectl get pods web", "kubectl get svc webs", ""] {
            assert!(!command.is_met_by(line), "{line}");
        }
    }
}
