//! Nodes: what happens when one falls silent, is cordoned, tainted or deleted.

#![allow(clippy::unwrap_used)]

mod common;

use api::json;
use cluster::Cluster;
use cluster::cluster::Settings;
use common::{SECOND, create, delete, events, make, patch, pods, ready_addresses, row, wait, web};

const LOST: &str = "minikube-m03";

fn node(cluster: &Cluster, name: &str) -> std::sync::Arc<api::Object> {
    cluster.get(&api::node::KIND, "", name).unwrap()
}

fn on(cluster: &Cluster, name: &str) -> usize {
    pods(cluster).iter().filter(|pod| pod.str(&["spec", "nodeName"]) == name && !pod.is_terminating()).count()
}

#[test]
fn a_silent_node_loses_its_endpoints_then_its_pods_and_comes_back() {
    let mut cluster = Cluster::default();
    web(&mut cluster, 6);
    assert_eq!((on(&cluster, LOST), ready_addresses(&cluster, "web")), (2, 6), "pods lie evenly");
    cluster.set_node_down(LOST, true);
    wait(&mut cluster, 49);
    assert_eq!(row(&cluster, &api::node::KIND, &node(&cluster, LOST))[0], "Ready", "nobody has noticed yet");
    wait(&mut cluster, 3);
    assert_eq!(row(&cluster, &api::node::KIND, &node(&cluster, LOST))[0], "NotReady");
    assert_eq!(ready_addresses(&cluster, "web"), 4);
    let taints = node(&cluster, LOST);
    let taints: Vec<&str> = taints.list(&["spec", "taints"]).iter().filter_map(|t| t["effect"].as_str()).collect();
    assert_eq!(taints, ["NoSchedule", "NoExecute"]);
    let said = events(&cluster, &node(&cluster, LOST));
    assert_eq!(said, [format!("NodeNotReady: Node {LOST} status is now: NodeNotReady")]);
    wait(&mut cluster, 280);
    assert_eq!(on(&cluster, LOST), 2, "pods tolerate it for five minutes");
    wait(&mut cluster, 60);
    assert_eq!((on(&cluster, LOST), ready_addresses(&cluster, "web")), (0, 6), "others took their places");
    assert_eq!(pods(&cluster).iter().filter(|pod| pod.is_terminating()).count(), 2, "nobody can end them");
    cluster.set_node_down(LOST, false);
    wait(&mut cluster, 40);
    assert_eq!(row(&cluster, &api::node::KIND, &node(&cluster, LOST))[0], "Ready");
    assert_eq!(node(&cluster, LOST).at(&["spec", "taints"]), None);
    assert_eq!(pods(&cluster).len(), 6, "its kubelet ended what was to go");
}

#[test]
fn a_short_silence_leaves_pods_where_they_are() {
    let mut cluster = Cluster::default();
    web(&mut cluster, 3);
    cluster.set_node_down(LOST, true);
    wait(&mut cluster, 100);
    assert_eq!(ready_addresses(&cluster, "web"), 2);
    cluster.set_node_down(LOST, false);
    cluster.settle(400 * SECOND);
    assert_eq!((on(&cluster, LOST), ready_addresses(&cluster, "web")), (1, 3));
}

#[test]
fn a_cordoned_node_takes_no_new_pods() {
    let mut cluster = Cluster::default();
    patch(&mut cluster, &api::node::KIND, LOST, json!({"spec": {"unschedulable": true}}));
    web(&mut cluster, 6);
    assert_eq!((on(&cluster, LOST), ready_addresses(&cluster, "web")), (0, 6));
    assert_eq!(node(&cluster, LOST).list(&["spec", "taints"])[0]["key"], "node.kubernetes.io/unschedulable");
    patch(&mut cluster, &api::node::KIND, LOST, json!({"spec": {"unschedulable": null}}));
    wait(&mut cluster, 1);
    assert_eq!(node(&cluster, LOST).at(&["spec", "taints"]), None);
}

#[test]
fn a_tainted_node_loses_pods_that_do_not_tolerate_it() {
    let mut cluster = Cluster::default();
    web(&mut cluster, 3);
    let taint = json!({"spec": {"taints": [{"key": "gpu", "value": "no", "effect": "NoExecute"}]}});
    patch(&mut cluster, &api::node::KIND, LOST, taint);
    wait(&mut cluster, 60);
    assert_eq!((on(&cluster, LOST), ready_addresses(&cluster, "web")), (0, 3));
}

#[test]
fn pods_of_a_deleted_node_are_replaced() {
    let mut cluster = Cluster::default();
    web(&mut cluster, 3);
    delete(&mut cluster, &api::node::KIND, LOST);
    wait(&mut cluster, 60);
    assert_eq!((on(&cluster, LOST), ready_addresses(&cluster, "web")), (0, 3));
}

/// Why the scheduler finds no node for a pod.
fn failure(cluster: &mut Cluster, spec: &api::Value) -> String {
    let pod = create(
        cluster,
        &api::pod::KIND,
        json!({"metadata": {"name": "stuck", "labels": {"app": "web"}}, "spec": spec}),
    );
    wait(cluster, 2);
    let said = events(cluster, &pod);
    delete(cluster, &api::pod::KIND, "stuck");
    said.into_iter().find_map(|event| event.strip_prefix("FailedScheduling: ").map(str::to_owned)).unwrap_or_default()
}

#[test]
fn a_node_takes_so_many_pods_and_no_more() {
    let mut settings = Settings::default();
    settings.nodes.truncate(1);
    let mut empty = Cluster::new(settings.clone());
    wait(&mut empty, 60);
    let there = empty.store().on_node("minikube").count();
    settings.nodes[0].max_pods = u16::try_from(there + 2).unwrap();
    let mut cluster = Cluster::new(settings);
    let spec =
        json!({"containers": [{"name": "c", "image": "busybox", "command": ["true"]}], "restartPolicy": "Never"});
    make(&mut cluster, &api::pod::KIND, "ended", spec);
    wait(&mut cluster, 10);
    web(&mut cluster, 3);
    let running = |cluster: &Cluster| {
        let pods = cluster.list(&api::pod::KIND, Some("default"));
        pods.filter(|pod| pod.str(&["status", "phase"]) == "Running").count()
    };
    assert_eq!(running(&cluster), 2, "one that has ended takes no place");
    let want = "0/1 nodes are available: 1 Too many pods. no new claims to deallocate, preemption: 0/1 nodes are available: \
                1 No preemption victims found for incoming pod.";
    assert_eq!(failure(&mut cluster, &json!({"containers": [{"name": "c", "image": "nginx"}]})), want);
    patch(&mut cluster, &api::deployment::KIND, "web", json!({"spec": {"replicas": 0}}));
    wait(&mut cluster, 60);
    patch(&mut cluster, &api::deployment::KIND, "web", json!({"spec": {"replicas": 2}}));
    wait(&mut cluster, 60);
    assert_eq!(running(&cluster), 2);
}

#[test]
fn the_scheduler_says_why_no_node_takes_a_pod() {
    let mut cluster = Cluster::default();
    web(&mut cluster, 3);
    patch(&mut cluster, &api::node::KIND, "minikube", json!({"spec": {"unschedulable": true}}));
    let taint = json!({"spec": {"taints": [{"key": "gpu", "effect": "NoSchedule"}]}});
    patch(&mut cluster, &api::node::KIND, "minikube-m02", taint);
    let containers = json!([{"name": "c", "image": "nginx"}]);
    let greedy =
        json!([{"name": "c", "image": "nginx", "resources": {"requests": {"cpu": "1500m", "memory": "64Gi"}}}]);
    let hungry = json!([{"name": "c", "image": "nginx", "resources": {"requests": {"cpu": "16"}}}]);
    let anti = json!({"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [
        {"labelSelector": {"matchLabels": {"app": "web"}}, "topologyKey": "kubernetes.io/hostname"},
    ]}});
    let near = json!({"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [
        {"labelSelector": {"matchLabels": {"app": "none"}}, "topologyKey": "kubernetes.io/hostname"},
    ]}});
    let head = "0/3 nodes are available: 1 ";
    let tail = "1 node(s) had untolerated taint(s), 1 node(s) were unschedulable. no new claims to deallocate, preemption: \
                0/3 nodes are available: ";
    let hopeless = "3 Preemption is not helpful for scheduling.";
    let hopeful = "1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.";
    for (spec, want) in [
        (json!({"containers": greedy}), format!("{head}Insufficient memory, {tail}{hopeless}")),
        (json!({"containers": hungry}), format!("{head}Insufficient cpu, {tail}{hopeless}")),
        (
            json!({"containers": containers, "nodeSelector": {"disk": "ssd"}}),
            format!("{head}node(s) didn't match Pod's node affinity/selector, {tail}{hopeless}"),
        ),
        (
            json!({"containers": containers, "affinity": anti}),
            format!("{head}node(s) didn't match pod anti-affinity rules, {tail}{hopeful}"),
        ),
        (
            json!({"containers": containers, "affinity": near}),
            format!("{head}node(s) didn't match pod affinity rules, {tail}{hopeless}"),
        ),
    ] {
        assert_eq!(failure(&mut cluster, &spec), want);
    }
    let pod =
        make(&mut cluster, &api::pod::KIND, "late", json!({"containers": containers, "nodeSelector": {"disk": "ssd"}}));
    wait(&mut cluster, 1);
    patch(&mut cluster, &api::node::KIND, LOST, json!({"metadata": {"labels": {"disk": "ssd"}}}));
    wait(&mut cluster, 1);
    let pod = cluster.get(&api::pod::KIND, "default", pod.name()).unwrap();
    assert_eq!(pod.str(&["spec", "nodeName"]), LOST, "a node that changes may take it");
}

#[test]
fn pods_spread_as_their_constraint_says() {
    let mut cluster = Cluster::default();
    let constraint = json!([{
        "maxSkew": 1, "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "DoNotSchedule",
        "labelSelector": {"matchLabels": {"app": "web"}},
    }]);
    patch(&mut cluster, &api::node::KIND, LOST, json!({"spec": {"unschedulable": true}}));
    let containers = json!([{"name": "c", "image": "nginx"}]);
    for index in 0..3 {
        let metadata = json!({"name": format!("web-{index}"), "labels": {"app": "web"}});
        let spec = json!({"containers": containers, "topologySpreadConstraints": constraint});
        create(&mut cluster, &api::pod::KIND, json!({"metadata": metadata, "spec": spec}));
        wait(&mut cluster, 2);
    }
    let waiting = pods(&cluster).into_iter().find(|pod| pod.str(&["spec", "nodeName"]).is_empty()).unwrap();
    let said = events(&cluster, &waiting).remove(0);
    assert!(
        said.contains("2 node(s) didn't match pod topology spread constraints, 1")
            || said.contains("1 node(s) were unschedulable, 2 node(s) didn't match pod topology spread constraints."),
        "{said}"
    );
}
