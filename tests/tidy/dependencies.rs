//! What the page is made of: small, deterministic, and each piece for a stated reason.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::{assert_none, manifest, root, shown};

/// What must not get into the page, and what to take instead.
const FORBIDDEN: &[(&str, &str)] = &[
    ("anyhow", "errors are data: an enum of the operation"),
    ("chrono", "cluster::Instant; dates are written by hand"),
    ("clap", "the flag table of a verb"),
    ("getrandom", "the cluster's one seeded generator"),
    ("jsonpath-rust", "kubectl's own dialect is in shell"),
    ("k8s-openapi", "api's own kinds: its structs weigh hundreds of kilobytes"),
    ("rand", "the cluster's one seeded generator"),
    ("regex", "regex-lite, or a hand-written match"),
    ("serde_yaml", "manifest, the sole owner of the YAML parser"),
    ("serde_derive", "one tree (serde_json::Value): each derive is code in the page"),
    ("time", "cluster::Instant"),
    ("uuid", "names and UIDs come from the cluster's seeded generator"),
];

/// The UI framework brings some of them along for its server side. What is unused is not linked; the size budget holds it to
/// that.
const NOT_OURS: &[&str] = &["leptos"];

#[test]
fn nothing_forbidden_is_in_the_page() {
    let tree = Tree::of_the_page();
    let mut complaints = Vec::new();
    for (name, instead) in FORBIDDEN {
        if let Some(path) = tree.path_to(name) {
            complaints.push(format!("{name}, by way of {path}. Instead: {instead}"));
        }
    }
    assert_none("Some crates must not get into the page.", &complaints);
    assert!(tree.path_to("session").is_some(), "the page is not made of the session: this test has lost its subject");
}

/// What the page links, by name.
struct Tree {
    uses: BTreeMap<String, BTreeSet<String>>,
}

impl Tree {
    fn of_the_page() -> Self {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .current_dir(root())
            .args(["metadata", "--format-version=1", "--locked", "--filter-platform=wasm32-unknown-unknown"])
            .output()
            .expect("cargo runs this test, so it runs");
        assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
        let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata writes JSON");
        let mut names = BTreeMap::new();
        let mut proc_macros = BTreeSet::new();
        for package in list(&metadata["packages"]) {
            names.insert(text(&package["id"]), text(&package["name"]));
            if list(&package["targets"]).iter().any(|target| list(&target["kind"]).contains(&"proc-macro".into())) {
                proc_macros.insert(text(&package["id"]));
            }
        }
        let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for node in list(&metadata["resolve"]["nodes"]) {
            let used = uses.entry(names[&text(&node["id"])].clone()).or_default();
            for dependency in list(&node["deps"]) {
                // A null kind is a normal dependency: not one of tests, not one of build scripts.
                let linked = list(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"].is_null());
                let id = text(&dependency["pkg"]);
                if linked && !proc_macros.contains(&id) {
                    used.insert(names[&id].clone());
                }
            }
        }
        Self { uses }
    }

    /// How the page comes to use `name`, as `services-playground > session > ...`; the shortest way.
    fn path_to(&self, name: &str) -> Option<String> {
        let mut seen = BTreeSet::new();
        let mut paths = vec![vec!["services-playground".to_owned()]];
        while !paths.is_empty() {
            let mut longer = Vec::new();
            for path in paths {
                let last = path.last().cloned().unwrap_or_default();
                if last == name {
                    return Some(path.join(" > "));
                }
                for next in self.uses.get(&last).into_iter().flatten() {
                    if !NOT_OURS.contains(&next.as_str()) && seen.insert(next.clone()) {
                        longer.push(path.iter().chain([next]).cloned().collect());
                    }
                }
            }
            paths = longer;
        }
        None
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[test]
fn every_dependency_says_why() {
    let ours = ["api", "manifest", "cluster", "diagnostics", "shell", "scene", "course", "session"];
    let mut complaints = Vec::new();
    for path in manifest::all() {
        for dependency in manifest::dependencies(&path) {
            if !dependency.has_reason && !dependency.from_workspace && !ours.contains(&dependency.name.as_str()) {
                complaints.push(format!(
                    "{}:{}: say above {} what it is for and why it is the best choice",
                    shown(&path),
                    dependency.line,
                    dependency.name
                ));
            }
        }
    }
    assert_none("Every dependency carries a comment with its reason, where its version stands.", &complaints);
}
