//! The examples in kubectl's help: every one is taken by the verb that shows it.

use cluster::Cluster;
use shell::kubectl::ROOT;
use shell::kubectl::command::Verb;
use shell::terminal::{Run, run_command};

/// Words that say that a command line was not even read.
const NOT_READ: &[&str] = &[
    "unknown flag",
    "unknown shorthand flag",
    "unknown command",
    "flag needs an argument",
    "invalid argument",
    "bad flag syntax",
    "syntax error",
    "command not found",
];

fn all(verb: &'static Verb, path: &str, into: &mut Vec<(String, &'static Verb)>) {
    into.push((path.to_owned(), verb));
    verb.verbs.iter().for_each(|below| all(below, &format!("{path} {}", below.name), into));
}

/// The command lines of examples, continued lines joined.
fn lines(examples: &str) -> Vec<String> {
    let joined = examples.replace("\\\n", " ");
    joined.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
}

#[test]
fn every_example_is_read() {
    let mut verbs = Vec::new();
    all(&ROOT, "kubectl", &mut verbs);
    let mut cluster = Cluster::default();
    let mut count = 0;
    for (path, verb) in verbs.iter().filter(|(_, verb)| verb.simulated) {
        // What stands in angle brackets is to be filled in, and plugins of shells are no commands of ours.
        let own = lines(verb.examples).into_iter().filter(|line| line.contains("kubectl") && !line.contains('<'));
        for line in own.filter(|_| verb.name != "completion") {
            count += 1;
            let run = Run { limit: 3_000_000, ..Run::default() };
            let argv = ["bash", "-c", &line].map(str::to_owned).to_vec();
            let done = run_command(&mut cluster, argv, &run);
            let wrong = NOT_READ.iter().find(|words| done.stderr.contains(*words));
            assert!(wrong.is_none(), "{path}: {line}\n{}", done.stderr);
        }
    }
    assert!(count > 150, "only {count} examples were found");
}
