//! `while`, `until` and `for`: what is done again and again, and what is waited for.

use crate::kubelet::Environment;

use super::words::Command;
use super::{Flow, Lines, Script};

/// What a loop waits for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Goal {
    /// A name that resolves.
    Name(String),
    /// A port of a host that takes connections.
    Port(String, u16),
}

/// A loop that ends when something outside is there, and what follows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Wait {
    /// When it begins, in microseconds after the start of the script.
    pub(crate) start: u64,
    /// Microseconds from one look to the next.
    pub(crate) period: u64,
    /// What it writes each time in vain.
    pub(super) lines: Lines,
    /// What it looks for.
    pub(crate) goal: Goal,
    /// What follows.
    pub(crate) rest: Script,
}

/// The least time that one look takes, in microseconds.
const LOOK: u64 = 100_000;

fn is_loop(word: Option<&String>) -> bool {
    word.is_some_and(|word| matches!(word.as_str(), "while" | "until" | "for"))
}

/// The place of the `done` that ends the loop at a place; the last command where there is none.
pub(super) fn end_of(list: &[Command], start: usize) -> usize {
    let mut depth = 0;
    for (index, (_, words)) in list.iter().enumerate().skip(start) {
        let inner = words.first().is_some_and(|word| word == "do") && is_loop(words.get(1));
        depth += usize::from(is_loop(words.first()) || inner);
        if words.first().is_some_and(|word| word == "done") {
            depth -= 1;
            if depth == 0 {
                return index;
            }
        }
    }
    list.len().saturating_sub(1)
}

/// The commands between `do` and `done`.
fn body(list: &[Command], start: usize, end: usize) -> Vec<Command> {
    let inner = list.get(start + 1..end).unwrap_or_default().iter();
    let mut body: Vec<Command> = inner.cloned().collect();
    if let Some((_, words)) = body.first_mut().filter(|(_, words)| words.first().is_some_and(|word| word == "do")) {
        words.remove(0);
    }
    body.retain(|(_, words)| !words.is_empty());
    body
}

impl Script {
    /// The loop from one place to another of a list of commands.
    pub(super) fn repeat(
        &mut self,
        list: &[Command],
        start: usize,
        end: usize,
        env: &Environment,
        at: &mut u64,
    ) -> Flow {
        let head: Vec<&str> = list[start].1.iter().map(String::as_str).collect();
        let body = body(list, start, end);
        if head.first() == Some(&"for") {
            let (again, after) = (list.get(start + 1..=end), list.get(end + 1..));
            return self.each(&head, &body, (again.unwrap_or_default(), after.unwrap_or_default()), env, at);
        }
        let (negated, condition) = match &head[1..] {
            ["!", condition @ ..] => (true, condition),
            condition => (false, condition),
        };
        let mut once = Self::default();
        let mut took = 0;
        once.run(&body, 0, env, &mut took);
        let until = (head.first() == Some(&"until")) != negated;
        match (until, condition) {
            (false, ["true" | ":" | "[" | "sleep", ..]) if self.repeat_fetch(&mut once, &list[start..], *at) => {}
            (false, ["true" | ":" | "[" | "sleep", ..]) => {
                if let ["sleep", time, ..] = condition {
                    took += super::effect::seconds(time);
                }
                self.cycle = Some((*at, took, once.lines));
            }
            (true, _) => {
                if let Some(goal) = goal(condition, env) {
                    let mut rest = Self::default();
                    let mut after = 0;
                    let flow = rest.run(list.get(end + 1..).unwrap_or_default(), 0, env, &mut after);
                    rest.end(flow, after);
                    let period = took.max(LOOK);
                    self.wait = Some(Box::new(Wait { start: *at, period, lines: once.lines, goal, rest }));
                }
            }
            _ => {}
        }
        Flow::Never
    }

    /// `for NAME in WORDS`; `again` is what stands there from `do` to `done`, and `after` what follows.
    fn each(
        &mut self,
        head: &[&str],
        body: &[Command],
        (again, after): (&[Command], &[Command]),
        env: &Environment,
        at: &mut u64,
    ) -> Flow {
        let ["for", name, "in", values @ ..] = head else { return Flow::Never };
        let mut env = env.clone();
        let mut flow = Flow::On(0);
        let mut values = values.iter().flat_map(|word| values_of(word)).take(1000);
        while let Some(value) = values.next() {
            env.base(name, &value);
            flow = self.run(body, 0, &env, at);
            if let Some(pending) = &mut self.fetch {
                let rounds: Vec<String> = ["for", name, "in"].into_iter().map(str::to_owned).chain(values).collect();
                if rounds.len() > 3 {
                    pending.rest.push((";", rounds));
                    pending.rest.extend_from_slice(again);
                }
                pending.rest.extend_from_slice(after);
                break;
            }
            if !matches!(flow, Flow::On(_)) {
                break;
            }
        }
        flow
    }
}

/// The values that a word of a `for` stands for: itself, or the numbers of `$(seq 1 3)`.
fn values_of(word: &str) -> Vec<String> {
    let inner = word
        .strip_prefix("$(")
        .and_then(|word| word.strip_suffix(')'))
        .or_else(|| word.strip_prefix('`')?.strip_suffix('`'));
    let Some(numbers) = inner.and_then(|inner| inner.strip_prefix("seq ")) else { return vec![word.to_owned()] };
    let numbers: Vec<u64> = numbers.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    match numbers.as_slice() {
        [last] => (1..=*last).map(|number| number.to_string()).collect(),
        [first, last] => (*first..=*last).map(|number| number.to_string()).collect(),
        _ => Vec::new(),
    }
}

/// What a condition looks for.
fn goal(condition: &[&str], env: &Environment) -> Option<Goal> {
    let (program, arguments) = condition.split_first()?;
    let expanded = |word: &str| super::expand(word, env);
    let plain = || {
        let end = arguments.iter().position(|word| word.starts_with('>')).unwrap_or(arguments.len());
        arguments[..end].iter().filter(|word| !word.starts_with('-')).map(|word| expanded(word))
    };
    match *program {
        "nslookup" | "host" | "dig" | "getent" => plain().find(|word| word != "hosts").map(Goal::Name),
        "nc" => {
            let words: Vec<String> = plain().collect();
            let [.., host, port] = words.as_slice() else { return None };
            Some(Goal::Port(host.clone(), port.parse().ok()?))
        }
        "wget" | "curl" => {
            let url = plain().next_back()?;
            let rest = url.strip_prefix("http://").unwrap_or(&url);
            let authority = rest.split('/').next()?;
            let (host, port) = authority.split_once(':').unwrap_or((authority, "80"));
            Some(Goal::Port(host.to_owned(), port.parse().ok()?))
        }
        _ => None,
    }
}
