//! The tables of kubectl's verbs and flags are those of kubectl 1.36 (`flags.txt`), and help and completion tell all of them.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use cluster::Cluster;
use shell::kubectl::command::{Verb, all_flags};
use shell::kubectl::flags::Flag;
use shell::kubectl::{ROOT, completion, help};

/// What upstream's tables say: the flags of a verb by its path.
const UPSTREAM: &str = include_str!("flags.txt");

fn upstream() -> BTreeMap<&'static str, BTreeSet<String>> {
    let lines = UPSTREAM.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (path, flags) = line.split_once(':').unwrap();
            (path, flags.split_whitespace().map(str::to_owned).collect())
        })
        .collect()
}

/// Every verb with its path.
fn all(verb: &'static Verb, path: &str, into: &mut Vec<(String, &'static Verb)>) {
    into.push((path.to_owned(), verb));
    for below in verb.verbs.iter().filter(|below| !below.hidden) {
        all(below, &format!("{path} {}", below.name), into);
    }
}

fn verbs() -> Vec<(String, &'static Verb)> {
    let mut verbs = Vec::new();
    all(&ROOT, "kubectl", &mut verbs);
    verbs
}

/// `name/letter`
fn shown(flag: &Flag) -> String {
    flag.short.map_or_else(|| flag.name.to_owned(), |letter| format!("{}/{letter}", flag.name))
}

#[test]
fn verbs_and_flags_are_upstreams() {
    let mut wrong = Vec::new();
    let mut upstream = upstream();
    for (path, verb) in verbs() {
        // What upstream's own help leaves out of the list of commands.
        let Some(wanted) = upstream.remove(path.as_str()) else {
            if path != "kubectl options" {
                wrong.push(format!("{path} is no verb of kubectl"));
            }
            continue;
        };
        let have: BTreeSet<String> = verb.own_flags().into_iter().filter(|flag| !flag.hidden).map(shown).collect();
        wrong.extend(wanted.difference(&have).map(|flag| format!("{path} has no flag {flag}")));
        wrong.extend(have.difference(&wanted).map(|flag| format!("{path} has a flag {flag} of its own")));
    }
    wrong.extend(upstream.keys().map(|path| format!("there is no {path}")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn help_tells_every_verb_and_flag() {
    for (path, verb) in verbs() {
        let text = help::help(verb, &path);
        for flag in verb.own_flags().into_iter().filter(|flag| !flag.hidden) {
            let letter = flag.short.map_or(String::new(), |letter| format!("-{letter}, "));
            assert!(text.contains(&format!("    {letter}--{}=", flag.name)), "{path} --{}\n{text}", flag.name);
        }
        for below in verb.verbs.iter().filter(|below| !below.hidden && below.name != "options") {
            let line = |line: &str| line.starts_with(&format!("  {} ", below.name)) && line.ends_with(below.short);
            assert!(text.lines().any(line), "{path} {}\n{text}", below.name);
        }
        assert!(text.contains("Usage:\n  kubectl"), "{path}");
    }
}

#[test]
fn completion_offers_every_verb_and_flag() {
    let cluster = Cluster::default();
    let choices = |words: &[&str], word: &str| -> BTreeSet<String> {
        completion::choices(&cluster, ("default", &[]), words, word).unwrap_or_default().into_iter().collect()
    };
    for (path, verb) in verbs() {
        let words: Vec<&str> = path.split(' ').skip(1).collect();
        let offered = choices(&words, "--");
        for flag in all_flags(verb).into_iter().filter(|flag| !flag.hidden) {
            assert!(offered.contains(&format!("--{}", flag.name)), "{path} --{}", flag.name);
        }
        for below in verb.verbs.iter().filter(|below| !below.hidden && below.name != "options") {
            let begun = &below.name[..1];
            assert!(choices(&words, begun).contains(below.name), "{path} {}", below.name);
        }
    }
}
