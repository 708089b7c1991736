//! Transcripts of what a learner does at the terminal: each of the mistakes that are made in practice with its symptom,
//! what an expert asks, and the mend; the walk of the "Debug Services" page; the chapter's sections. What the chapter's list
//! of troubleshooting has beside them are mistakes too: 37 (ping), 16 (readiness), 50 (endpoints), 2 (target port), 1 (the
//! pod itself) and 19 (localhost).
//!
//! A transcript has parts:
//!
//! ```text
//! # 12 the selector is mistyped        a new cluster with what base.yaml has; the number and what it is about
//! @ mode=nftables                      settings of that cluster
//! $ kubectl get svc nope               a command (further lines of it after "> ")
//! Error from server (NotFound): …      all that it shows: `*` for anything in a line, `...` for any lines
//! + 30                                 seconds that pass
//! ```

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::sync::{LazyLock, Mutex};

use cluster::addons::{IngressController, LoadBalancerProvider};
use cluster::cluster::ProxyMode;
use cluster::{Cluster, Settings};
use shell::terminal::run_script;

/// One part of a transcript.
struct Part<'a> {
    /// Its number and words.
    name: &'a str,
    settings: Vec<&'a str>,
    steps: Vec<Step<'a>>,
}

enum Step<'a> {
    Command { script: String, shows: Vec<&'a str> },
    Pass { seconds: u64 },
}

fn text(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("# ") {
            parts.push(Part { name, settings: Vec::new(), steps: Vec::new() });
            continue;
        }
        let part = parts.last_mut().unwrap();
        if let Some(setting) = line.strip_prefix("@ ") {
            part.settings.push(setting);
        } else if let Some(script) = line.strip_prefix("$ ") {
            part.steps.push(Step::Command { script: script.to_owned(), shows: Vec::new() });
        } else if let Some(seconds) = line.strip_prefix("+ ") {
            part.steps.push(Step::Pass { seconds: seconds.parse().unwrap() });
        } else if let Some(Step::Command { script, shows }) = part.steps.last_mut() {
            match line.strip_prefix("> ").filter(|_| shows.is_empty()) {
                Some(more) => write!(script, "\n{more}").unwrap(),
                None => shows.push(line),
            }
        }
    }
    // An empty line stands between parts, for the eye.
    for part in &mut parts {
        if let Some(Step::Command { shows, .. }) = part.steps.last_mut()
            && shows.last() == Some(&"")
        {
            shows.pop();
        }
    }
    parts
}

/// A cluster with what base.yaml has, settled; made once for the same settings.
fn cluster(words: &[&str]) -> Cluster {
    static MADE: LazyLock<Mutex<BTreeMap<String, Cluster>>> = LazyLock::new(Mutex::default);
    let mut made = MADE.lock().unwrap();
    let make = || {
        let mut settings = Settings::default();
        for word in words {
            match *word {
                "mode=nftables" => settings.proxy_mode = ProxyMode::Nftables,
                "mode=ipvs" => settings.proxy_mode = ProxyMode::Ipvs,
                "hairpin=off" => settings.hairpin = false,
                "policies=off" => settings.network_policies = false,
                "nodes=hidden" => settings.nodes_reachable = false,
                "load-balancer=cloud" => settings.load_balancer = LoadBalancerProvider::Cloud,
                "ingress=nginx" => settings.ingress_controller = IngressController::Nginx,
                word => panic!("no setting {word}"),
            }
        }
        let mut cluster = Cluster::new(settings);
        let done =
            run_script(&mut cluster, "kubectl apply -f base.yaml", "", &[("base.yaml".into(), text("base.yaml"))]);
        assert_eq!(done.exit, Some(0), "{}", done.all);
        pass(&mut cluster, 60);
        cluster
    };
    made.entry(words.join(" ")).or_insert_with(make).clone()
}

fn pass(cluster: &mut Cluster, seconds: u64) {
    let until = cluster.now() + seconds * 1_000_000;
    cluster.poll(until);
}

/// Whether a line is as said: `*` stands for anything.
fn is_like(line: &str, said: &str) -> bool {
    let Some((start, rest)) = said.split_once('*') else { return line == said };
    let Some(line) = line.strip_prefix(start) else { return false };
    let ends = line.char_indices().map(|(at, _)| at).chain([line.len()]);
    ends.into_iter().any(|at| is_like(&line[at..], rest))
}

/// Whether lines are as said: `...` stands for any of them.
fn are_like(lines: &[&str], said: &[&str]) -> bool {
    match said.split_first() {
        None => lines.is_empty(),
        Some((&"...", rest)) => (0..=lines.len()).any(|skipped| are_like(&lines[skipped..], rest)),
        Some((first, rest)) => {
            lines.split_first().is_some_and(|(line, lines)| is_like(line, first) && are_like(lines, rest))
        }
    }
}

/// Plays every part; panics with what was shown where something else was said.
fn play(name: &str) {
    let text = text(name);
    let mut wrong = String::new();
    for part in parts(&text) {
        let mut cluster = cluster(&part.settings);
        let mut files = Vec::new();
        for step in part.steps {
            match step {
                Step::Pass { seconds } => pass(&mut cluster, seconds),
                Step::Command { script, shows } => {
                    let done = run_script(&mut cluster, &script, "", &files);
                    files = done.files;
                    let lines: Vec<&str> = done.all.lines().collect();
                    if !are_like(&lines, &shows) {
                        write!(
                            wrong,
                            "# {}\n$ {script}\n{}\n  instead of\n{}\n\n",
                            part.name,
                            done.all,
                            shows.join("\n")
                        )
                        .unwrap();
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{name}\n{wrong}");
}

/// The transcripts of mistakes, in the groups of the list.
const MISTAKES: [&str; 6] = ["ports.txt", "selection.txt", "names.txt", "special.txt", "balancing.txt", "ingress.txt"];

#[test]
fn ports() {
    play(MISTAKES[0]);
}

#[test]
fn selection_and_readiness() {
    play(MISTAKES[1]);
}

#[test]
fn names() {
    play(MISTAKES[2]);
}

#[test]
fn special_services() {
    play(MISTAKES[3]);
}

#[test]
fn balancing_and_tools() {
    play(MISTAKES[4]);
}

#[test]
fn ingress_and_policies() {
    play(MISTAKES[5]);
}

#[test]
fn the_walk_of_debug_services() {
    play("walk.txt");
}

#[test]
fn client_programs() {
    play("clients.txt");
}

#[test]
fn what_people_paste() {
    play("paste.txt");
}

#[test]
fn the_chapter() {
    play("chapter.txt");
}

#[test]
fn each_of_the_fifty_mistakes_is_shown() {
    let texts = MISTAKES.map(text);
    let number = |part: Part<'_>| part.name.split(' ').next()?.parse::<u8>().ok();
    let mut shown: Vec<u8> = texts.iter().flat_map(|text| parts(text)).filter_map(number).collect();
    shown.dedup();
    assert_eq!(shown, (1..=50).collect::<Vec<u8>>());
}
