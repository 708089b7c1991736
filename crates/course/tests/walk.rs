//! The walk stops where something is wrong: shown on what the exercises begin with.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use course::{Files, Lesson, walk};
use shell::terminal::run_script;

/// The cluster that an exercise begins with.
fn start(id: &str) -> cluster::Cluster {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../public/lessons").join(id);
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
    let (lesson, start, text) = (text("lesson.yaml"), text("start.yaml"), text("text.md"));
    let lesson = Lesson::read(id, &Files { lesson: &lesson, start: &start, text: &text }).unwrap();
    lesson.start.cluster().unwrap()
}

#[test]
fn the_walk_stops_at_what_is_wrong() {
    for (exercise, namespace, service, asks, found, advice) in [
        (
            "next-door",
            "shop",
            "db",
            "Is the Service there?",
            "there is no Service db in the namespace shop",
            "There is one in the namespace data: from here, its name is db.data.",
        ),
        (
            "turned-away",
            "default",
            "web",
            "Does its selector pick pods?",
            "no pod has app=website",
            "Compare the selector with the labels of the pods: kubectl get pods --show-labels",
        ),
        (
            "two-colleagues",
            "default",
            "cache",
            "Does its selector pick pods?",
            "no pod has app=cache",
            "Nearest comes this one: pod cache has run=cache, not app=cache.",
        ),
        (
            "running-and-refused",
            "default",
            "shelf",
            "Are these pods ready?",
            "none of 2 pods is ready",
            "The events say why: kubectl describe pod",
        ),
        (
            "all-is-green",
            "default",
            "store",
            "Does each port lead somewhere?",
            "port 80 has no endpoint",
            "The pod has no TCP port named web.",
        ),
        (
            "the-address-is-there",
            "default",
            "ledger",
            "Does each port lead somewhere?",
            "port 5432 has no endpoint",
            "Without a selector, endpoints are written by hand",
        ),
        (
            "refused-at-the-door",
            "default",
            "api",
            "Do the pods answer?",
            "at port 80: refused",
            "Nothing in the pod listens on 80.",
        ),
        (
            "works-for-me",
            "default",
            "notes",
            "Do the pods answer?",
            "at port 8080: refused",
            "The process listens on 8080 of 127.0.0.1 only.",
        ),
        (
            "allowed-and-hanging",
            "default",
            "api",
            "Do the pods answer?",
            "at port 8080: no answer",
            "Network policies let it not in: api.",
        ),
        (
            "only-one-node-answers",
            "default",
            "web",
            "Does it answer from outside?",
            "from your machine: no answer",
            "externalTrafficPolicy: Local keeps calls",
        ),
        (
            "pending-for-ever",
            "default",
            "web",
            "Does it answer from outside?",
            "EXTERNAL-IP is <pending>",
            "Nobody in this cluster hands out addresses yet",
        ),
    ] {
        let cluster = start(exercise);
        let walked = walk(&cluster, None, namespace, service);
        let last = walked.last().unwrap();
        assert_eq!((last.asks, last.fine), (asks, false), "{exercise}: {walked:#?}");
        assert!(last.found.contains(found), "{exercise}: {}", last.found);
        assert!(last.advice.starts_with(advice), "{exercise}: {}", last.advice);
        assert!(walked[..walked.len() - 1].iter().all(|station| station.fine), "{exercise}");
    }
}

#[test]
fn a_healthy_service_is_walked_to_its_end() {
    let mut cluster = start("turned-away");
    run_script(&mut cluster, "kubectl set selector service web app=web", "", &[]);
    let end = cluster.now() + 10_000_000;
    cluster.poll(end);
    let traces = cluster.traces().len();
    let walked = walk(&cluster, None, "default", "web");
    assert!(walked.iter().all(|station| station.fine), "{walked:#?}");
    let asked: Vec<&str> = walked.iter().map(|station| station.asks).collect();
    assert_eq!(asked.len(), 8, "{asked:?}");
    assert_eq!(cluster.traces().len(), traces, "the walk shows in the cluster");
    // Another name for a host elsewhere has no pods to ask for.
    run_script(&mut cluster, "kubectl create service externalname far --external-name example.com", "", &[]);
    // A pod that is there asks as well as a new one.
    let client = api::ObjectKey::new(&api::pod::KIND, "default", "client");
    let from_client = walk(&cluster, Some(&client), "default", "web");
    assert!(from_client.iter().all(|station| station.fine), "{from_client:#?}");
    assert!(
        from_client[1].command.starts_with("kubectl exec client -n default -- nslookup"),
        "{}",
        from_client[1].command
    );
    let far = walk(&cluster, None, "default", "far");
    assert_eq!(far.iter().map(|station| station.fine).collect::<Vec<_>>(), [true, true], "{far:#?}");
}
