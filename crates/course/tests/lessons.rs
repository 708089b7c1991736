//! All lessons that are shipped keep what they promise.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use course::{Attempt, Entry, Files, Finding, Index, Lesson, verify};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../public/lessons")
}

fn read(id: &str) -> Lesson {
    let text = |name: &str| std::fs::read_to_string(folder().join(id).join(name)).unwrap_or_default();
    let (lesson, start, text) = (text("lesson.yaml"), text("start.yaml"), text("text.md"));
    Lesson::read(id, &Files { lesson: &lesson, start: &start, text: &text }).unwrap_or_else(|problems| {
        panic!("{id}: {}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

#[test]
fn every_lesson_keeps_what_it_promises() {
    let text = std::fs::read_to_string(folder().join("index.yaml")).unwrap();
    let index = Index::read(&text).unwrap();
    // Each lesson is a cluster of its own.
    let ids: Vec<&Entry> = index.lessons().collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let complaints: Vec<String> = std::thread::scope(|scope| {
        let shares = (0..threads).map(|thread| {
            let ids = ids.iter().skip(thread).step_by(threads);
            scope.spawn(move || ids.flat_map(|entry| complaints(entry)).collect::<Vec<_>>())
        });
        let running: Vec<_> = shares.collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

fn complaints(entry: &Entry) -> Vec<String> {
    let lesson = Arc::new(read(&entry.id));
    assert_eq!(*entry, Entry::of(&lesson), "index.yaml");
    verify(&lesson).iter().map(|finding| format!("{}: {finding}", entry.id)).collect()
}

/// Each language has the same steps, and the map calls a lesson what the lesson calls itself.
#[test]
fn every_lesson_is_whole_in_each_of_its_languages() {
    let index = Index::read(&file("index.yaml")).unwrap();
    let told = index.in_language("tr", &file("index.tr.yaml")).unwrap();
    let mut done = 0;
    for (entry, in_turkish) in index.lessons().zip(told.lessons()) {
        let lesson = read(&entry.id);
        let text = |name: &str| file(&format!("{}/{name}", entry.id));
        let has_text = folder().join(&entry.id).join("text.tr.md").is_file();
        assert_eq!(lesson.languages.contains(&"tr".to_owned()), has_text, "{}: languages", entry.id);
        let title = if has_text {
            done += 1;
            let told = lesson.in_language("tr", &text("lesson.tr.yaml"), &text("text.tr.md"));
            told.unwrap_or_else(|problems| panic!("{}: {problems:?}", entry.id)).title
        } else {
            entry.title.clone()
        };
        assert_eq!(in_turkish.title, title, "index.tr.yaml: {}", entry.id);
    }
    assert!(done >= 6, "{done} lessons in Turkish");
}

fn file(name: &str) -> String {
    std::fs::read_to_string(folder().join(name)).unwrap()
}

const START: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {containers: [{name: web, image: nginx}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: wbe}, ports: [{port: 80}]}
";

/// What is wrong with a lesson of one step about the Service above.
fn findings(step: &str, more: &str) -> Vec<Finding> {
    let lesson = format!(
        "title: T\nkind: fix\nsteps:\n- goals:\n  - goal: It answers.\n    request: {{from: node/minikube, to: 'http://{{service/web spec.clusterIP}}'}}\n{step}{more}"
    );
    let files = Files { lesson: &lesson, start: START, text: "Text." };
    verify(&Arc::new(Lesson::read("t", &files).unwrap()))
}

const SOLUTION: &str = "  solution: kubectl set selector service web app=web\n";
const ALLOWS: &str = "allows: [relabel-pods, point-at-pods]\n";

#[test]
fn a_lesson_that_does_not_keep_its_promise_is_found_out() {
    assert_eq!(findings(SOLUTION, ALLOWS), []);
    let unsolved = findings("  solution: kubectl get pods\n", ALLOWS);
    assert!(matches!(&unsolved[..], [Finding::Unsolved { step: 1, .. }]), "{unsolved:?}");
    let failing = findings("  solution: kubectl set selector service web app=web; kubectl nope\n", ALLOWS);
    assert!(matches!(&failing[..], [Finding::Command { step: 1, .. }]), "{failing:?}");
    let bypassed = findings(SOLUTION, "");
    assert_eq!(bypassed.len(), 2, "{bypassed:?}");
    let mistake = |commands: &str, selector: &str| {
        format!(
            "{SOLUTION}  wrong:\n  - commands: {commands}\n    when: [{{object: {{of: service/web, field: 'spec.selector.app', \
             is: {selector}}}}}]\n    feedback: No.\n"
        )
    };
    assert_eq!(findings(&mistake("kubectl set selector service web app=web2", "web2"), ALLOWS), []);
    let told = findings(&mistake("kubectl set selector service web app=web2", "web3"), ALLOWS);
    assert!(matches!(&told[..], [Finding::WrongFeedback { told: None, .. }]), "{told:?}");
    let passes = findings(&mistake("kubectl set selector service web app=web", "web"), ALLOWS);
    assert!(matches!(&passes[..], [Finding::WrongPasses { .. }]), "{passes:?}");
    let refused = Lesson::read(
        "t",
        &Files {
            lesson: "title: T\nkind: fix\nsteps: [{goals: [{goal: x, within: {seconds: 9}}]}]\n",
            start: "kind: Nope\n",
            text: "",
        },
    );
    let broken = verify(&Arc::new(refused.unwrap()));
    assert!(matches!(&broken[..], [Finding::Start(_)]), "{broken:?}");
}

#[test]
fn what_is_wrong_with_the_files_is_said_with_its_place() {
    let said = |lesson: &str, text: &str| {
        let files = Files { lesson, start: "spec:\n  replicas: 9999\n", text };
        Lesson::read("t", &files).unwrap_err().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let lesson =
        "title: 3\nkind: fixx\nstep: []\nsteps:\n- goals:\n  - request: {to: x, is: 99}\n  - goal: x\n  hints: ['']\n";
    assert_eq!(
        said(lesson, "## A\n## B\n"),
        [
            "lesson.yaml:1:1: here must stand a text; put quotes around it if it looks like a number",
            "lesson.yaml:1:1: text.md has 2 parts headed ## for 1 steps",
            "lesson.yaml:2:1: here must stand one of: lesson, build, fix, diagnose, predict",
            "lesson.yaml:3:1: there is no field step; did you mean steps?",
            "lesson.yaml:6:5: from is missing here",
            "lesson.yaml:6:5: goal is missing here",
            "lesson.yaml:6:22: here must stand a whole number from 100 to 599",
            "lesson.yaml:7:5: a goal has exactly one of: answer, command, endpoints, lookup, object, objects, output, request, unchanged, within",
            "lesson.yaml:8:11: this text is empty",
            "start.yaml:2:3: a workload begins with at most 20 replicas",
        ]
    );
    assert_eq!(said("a: 1\n---\nb: 2\n", ""), ["lesson.yaml:1:1: this file must hold one document"]);
    assert_eq!(said("a: [\n", "").len(), 1);
    assert_eq!(
        said(&format!("a: {}\n", "x".repeat(70_000)), ""),
        ["lesson.yaml:1:1: this file is larger than 65536 bytes"]
    );
}

#[test]
fn a_later_step_begins_where_the_ones_before_it_end() {
    let lesson = Arc::new(read("troubleshooting"));
    let (attempt, cluster) = Attempt::begin_at(Arc::clone(&lesson), 3).unwrap();
    assert_eq!(attempt.step(), 3);
    assert!(!attempt.judge(&cluster, &[]).is_passed());
    let mut mended = cluster.clone();
    shell::terminal::run_script(&mut mended, &lesson.steps[3].solution, "", &[]);
    mended.settle(10_000_000);
    let traces = mended.traces().len();
    assert!(attempt.judge(&mended, &[]).is_passed());
    assert_eq!(mended.traces().len(), traces, "judging shows in the cluster");
    let (over, _) = Attempt::begin_at(lesson, 99).unwrap();
    assert!(over.is_finished() && over.current().is_none());
}

#[test]
fn hints_come_one_by_one_and_answers_say_why() {
    let mut attempt = Attempt::begin(Arc::new(read("ghost-service"))).unwrap();
    assert_eq!(attempt.hints(), [] as [String; 0]);
    assert!(attempt.hint() && attempt.hint() && !attempt.hint());
    assert_eq!(attempt.hints().len(), 2);
    let cluster = attempt.cluster();
    assert!(attempt.choose(0, 0).unwrap().starts_with("The name is known"));
    assert!(!attempt.advance(&cluster, &[]).is_passed());
    assert_eq!((attempt.choose(0, 9), attempt.choose(7, 0)), (None, None));
    attempt.choose(0, 1);
    assert!(attempt.advance(&cluster, &[]).is_passed());
    assert_eq!((attempt.step(), attempt.chosen(0), attempt.hints().len()), (1, None, 0));
}
