//! What a real kubectl printed must survive reading and writing.
//!
//! The recordings lie outside of the repository, in `../shared/oracle/recorded`; without them the tests say so
//! and pass.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking and says when it skips")]

use std::path::PathBuf;

use api::Value;

/// Commands with their output, from every recorded case.
fn recorded() -> Vec<Value> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let folder = root.join("shared/oracle/recorded");
    let Ok(files) = std::fs::read_dir(&folder) else {
        println!("skipped: no recordings in ../shared/oracle/recorded");
        return Vec::new();
    };
    let mut steps = Vec::new();
    for file in files {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let topic: Value = serde_json::from_str(&text).unwrap();
        for case in topic["cases"].as_array().unwrap() {
            steps.extend(case["steps"].as_array().unwrap().iter().filter(|step| step["cmd"].is_string()).cloned());
        }
    }
    steps
}

/// Whether the command prints one whole object in this format, and nothing else.
fn prints(step: &Value, format: &str) -> bool {
    let command = step["cmd"].as_str().unwrap();
    let flags = [format!("-o {format}"), format!("-o{format}"), format!("--output={format}")];
    // `kubectl version` ends its output with a line break of its own.
    let is_whole = !command.contains(['|', ';', '>']) && !command.contains("&&") && !command.contains(" version ");
    let is_whole = is_whole && step["exit"] == 0;
    is_whole && flags.iter().any(|flag| command.ends_with(flag) || command.contains(&format!("{flag} ")))
}

fn check(format: &str, at_least: usize, print: fn(&Value) -> String) {
    let steps = recorded();
    let found = !steps.is_empty();
    let mut checked = 0;
    for step in steps.iter().filter(|step| prints(step, format)) {
        // `kubectl run --expose` separates its two objects twice.
        let text = step["stdout"].as_str().unwrap().replace("---\n---\n", "---\n");
        let stream = manifest::parse(&text);
        let values: Vec<&Value> = stream.documents.iter().filter_map(manifest::Document::value).collect();
        let printed: Vec<String> = values.iter().map(|value| print(value)).collect();
        let separator = if format == "yaml" { "---\n" } else { "" };
        assert_eq!(printed.join(separator), text, "{}", step["cmd"]);
        checked += 1;
    }
    assert!(!found || checked >= at_least, "only {checked} outputs in {format} were found");
}

#[test]
fn yaml_outputs_come_back_unchanged() {
    check("yaml", 50, manifest::to_yaml);
}

#[test]
fn json_outputs_come_back_unchanged() {
    check("json", 1, manifest::to_json);
}

/// Each manifest is read, or refused in the recorded words.
#[test]
fn manifests_are_refused_as_recorded() {
    for step in recorded() {
        let (Some(stdin), Some(stderr)) = (step["stdin"].as_str(), step["stderr"].as_str()) else { continue };
        let command = step["cmd"].as_str().unwrap();
        if !command.starts_with("kubectl apply -f -") && !command.starts_with("kubectl create -f -") {
            continue;
        }
        let stream = manifest::parse(stdin);
        let ours = stream.errors().next().map(|error| format!("error: error parsing STDIN: {error}"));
        let theirs = stderr.lines().find(|line| line.starts_with("error: error parsing STDIN: ")).map(str::to_owned);
        assert_eq!(ours, theirs, "{stdin}");
    }
}
