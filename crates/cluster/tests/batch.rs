//! Daemon sets and jobs.

#![allow(clippy::unwrap_used)]

mod common;

use api::{Value, json};
use cluster::Cluster;
use common::{SECOND, delete, events, get, make, patch, pods, row, wait};

fn daemon(strategy: &Value) -> Value {
    json!({
        "selector": {"matchLabels": {"app": "agent"}}, "updateStrategy": strategy,
        "template": {"metadata": {"labels": {"app": "agent"}}, "spec": {"containers": [{"name": "c", "image": "nginx:1.25"}]}},
    })
}

#[test]
fn a_daemon_runs_on_every_node_that_takes_it() {
    let mut cluster = Cluster::default();
    let set = make(&mut cluster, &api::daemon_set::KIND, "agent", daemon(&json!({})));
    wait(&mut cluster, 20);
    let cells =
        |cluster: &Cluster| row(cluster, &api::daemon_set::KIND, &get(cluster, &api::daemon_set::KIND, "agent"));
    assert_eq!(cells(&cluster), ["3", "3", "3", "3", "3", "<none>"]);
    let mut nodes: Vec<String> = pods(&cluster).iter().map(|pod| pod.str(&["spec", "nodeName"]).to_owned()).collect();
    nodes.sort();
    assert_eq!(nodes, ["minikube", "minikube-m02", "minikube-m03"]);
    assert_eq!(events(&cluster, &set).len(), 3);
    patch(
        &mut cluster,
        &api::daemon_set::KIND,
        "agent",
        json!({"spec": {"template": {"spec": {"nodeSelector": {"disk": "ssd"}}}}}),
    );
    wait(&mut cluster, 60);
    assert_eq!(cells(&cluster), ["0", "0", "0", "0", "0", "disk=ssd"]);
    patch(&mut cluster, &api::node::KIND, "minikube-m02", json!({"metadata": {"labels": {"disk": "ssd"}}}));
    wait(&mut cluster, 60);
    assert_eq!(cells(&cluster), ["1", "1", "1", "1", "1", "disk=ssd"]);
    let [pod] = &pods(&cluster)[..] else { panic!("one pod") };
    delete(&mut cluster, &api::pod::KIND, pod.name());
    wait(&mut cluster, 60);
    assert_eq!(cells(&cluster)[2], "1", "a deleted pod is made again");
}

#[test]
fn a_daemon_is_replaced_node_by_node() {
    for (strategy, want) in [
        (json!({"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1}}), (2, 3)),
        (json!({"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}), (3, 4)),
    ] {
        let mut cluster = Cluster::default();
        make(&mut cluster, &api::daemon_set::KIND, "agent", daemon(&strategy));
        wait(&mut cluster, 30);
        let image = json!([{"name": "c", "image": "nginx:1.26"}]);
        patch(
            &mut cluster,
            &api::daemon_set::KIND,
            "agent",
            json!({"spec": {"template": {"spec": {"containers": image}}}}),
        );
        let (mut least, mut most) = (usize::MAX, 0);
        let end = cluster.now() + 300 * SECOND;
        while let Some(due) = cluster.poll_at().filter(|due| *due < end) {
            cluster.poll(due);
            let living: Vec<_> = pods(&cluster).into_iter().filter(|pod| !pod.is_terminating()).collect();
            least = least.min(living.iter().filter(|pod| api::pod::is_ready(pod)).count());
            most = most.max(living.len());
        }
        assert_eq!((least, most), want);
        assert!(pods(&cluster).iter().all(|pod| pod.list(&["spec", "containers"])[0]["image"] == "nginx:1.26"));
    }
}

fn job(cluster: &mut Cluster, spec: Value, script: &str) {
    let mut spec = spec;
    spec["template"] = json!({"spec": {
        "restartPolicy": "Never", "containers": [{"name": "c", "image": "busybox", "command": ["sh", "-c", script]}],
    }});
    make(cluster, &api::job::KIND, "work", spec);
}

#[test]
fn a_job_runs_to_its_end() {
    let mut cluster = Cluster::default();
    job(&mut cluster, json!({"completions": 3, "parallelism": 2}), "sleep 5");
    wait(&mut cluster, 4);
    let cells = |cluster: &Cluster| row(cluster, &api::job::KIND, &get(cluster, &api::job::KIND, "work"));
    assert_eq!(cells(&cluster)[..2], ["Running", "0/3"]);
    assert_eq!(pods(&cluster).len(), 2);
    wait(&mut cluster, 30);
    assert_eq!(cells(&cluster)[..2], ["Complete", "3/3"]);
    let work = get(&cluster, &api::job::KIND, "work");
    assert_eq!(events(&cluster, &work).last().unwrap(), "Completed: Job completed");
    assert_eq!(work.int(&["status", "succeeded"]), Some(3));
}

#[test]
fn a_job_that_fails_is_tried_again_ever_later_and_given_up() {
    let mut cluster = Cluster::default();
    job(&mut cluster, json!({"backoffLimit": 2, "ttlSecondsAfterFinished": 60}), "exit 1");
    wait(&mut cluster, 8);
    assert_eq!(pods(&cluster).len(), 1);
    wait(&mut cluster, 8);
    assert_eq!(pods(&cluster).len(), 2);
    wait(&mut cluster, 30);
    let work = get(&cluster, &api::job::KIND, "work");
    assert_eq!(row(&cluster, &api::job::KIND, &work)[..2], ["Failed", "0/1"]);
    assert_eq!(
        events(&cluster, &work).last().unwrap(),
        "BackoffLimitExceeded: Job has reached the specified backoff limit"
    );
    assert_eq!(work.int(&["status", "failed"]), Some(3));
    wait(&mut cluster, 70);
    assert!(cluster.get(&api::job::KIND, "default", "work").is_err(), "its time is over");
    assert!(pods(&cluster).is_empty());
}

#[test]
fn an_indexed_job_does_each_part_once() {
    let mut cluster = Cluster::default();
    job(&mut cluster, json!({"completions": 4, "parallelism": 4, "completionMode": "Indexed"}), "sleep 1");
    wait(&mut cluster, 20);
    let work = get(&cluster, &api::job::KIND, "work");
    assert_eq!(work.str(&["status", "completedIndexes"]), "0-3");
    let mut hosts: Vec<String> = pods(&cluster).iter().map(|pod| pod.str(&["spec", "hostname"]).to_owned()).collect();
    hosts.sort();
    assert_eq!(hosts, ["work-0", "work-1", "work-2", "work-3"]);
}
