//! Workload controllers: what is applied comes alive, changes gradually, and goes with its owner.

#![allow(clippy::unwrap_used)]

mod common;

use api::{Kind, Object, Value, json};
use cluster::apiserver::Propagation;
use cluster::{Cluster, DeleteOptions, Request, WriteOptions};
use common::{create, patch};

fn delete(cluster: &mut Cluster, kind: &'static Kind, name: &str, propagation: Propagation) {
    let options = DeleteOptions { propagation, ..DeleteOptions::by("test") };
    cluster.submit(Request::Delete { kind, namespace: "default".into(), name: name.into(), options }).unwrap();
    cluster.settle(60_000_000);
}

fn deployment(replicas: u32, image: &str) -> Value {
    json!({
        "metadata": {"name": "web"},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": "web"}},
            "template": {
                "metadata": {"labels": {"app": "web"}},
                "spec": {"containers": [{"name": "nginx", "image": image}]},
            },
        },
    })
}

fn web(replicas: u32) -> Cluster {
    let mut cluster = Cluster::default();
    create(&mut cluster, &api::deployment::KIND, deployment(replicas, "nginx:1.25"));
    cluster.settle(60_000_000);
    cluster
}

fn names(cluster: &Cluster, kind: &'static Kind) -> Vec<String> {
    cluster.list(kind, Some("default")).map(|object| object.name().to_owned()).collect()
}

fn row(cluster: &Cluster, object: &Object, kind: &'static Kind) -> Vec<String> {
    let columns = kind.columns.iter().filter(|column| !column.wide && !["NAME", "AGE"].contains(&column.name));
    columns.map(|column| (column.cell)(object, cluster.now().now())).collect()
}

fn deployment_row(cluster: &Cluster) -> Vec<String> {
    let object = cluster.get(&api::deployment::KIND, "default", "web").unwrap();
    row(cluster, &object, &api::deployment::KIND)
}

fn messages(cluster: &Cluster, about: &str, reason: &str) -> Vec<String> {
    let mut events: Vec<&Object> = cluster
        .list(&api::event::KIND, Some("default"))
        .map(|event| &**event)
        .filter(|event| event.str(&["involvedObject", "name"]) == about && event.str(&["reason"]) == reason)
        .collect();
    events.sort_by_key(|event| event.resource_version());
    events.iter().map(|event| event.str(&["message"]).to_owned()).collect()
}

#[test]
fn a_deployment_comes_alive_and_says_so() {
    let cluster = web(3);
    assert_eq!(deployment_row(&cluster), ["3/3", "3", "3"]);
    let [set] = names(&cluster, &api::replica_set::KIND).try_into().unwrap();
    let hash = set.strip_prefix("web-").unwrap();
    for pod in cluster.list(&api::pod::KIND, Some("default")) {
        assert!(pod.name().starts_with(&format!("{set}-")), "{}", pod.name());
        assert_eq!(pod.str(&["metadata", "labels", "pod-template-hash"]), hash);
    }
    assert_eq!(messages(&cluster, "web", "ScalingReplicaSet"), [format!("Scaled up replica set {set} from 0 to 3")]);
    assert_eq!(messages(&cluster, &set, "SuccessfulCreate").len(), 3);
    let web = cluster.get(&api::deployment::KIND, "default", "web").unwrap();
    let reasons: Vec<&str> = web.list(&["status", "conditions"]).iter().filter_map(|c| c["reason"].as_str()).collect();
    assert_eq!(reasons, ["MinimumReplicasAvailable", "NewReplicaSetAvailable"]);
    assert_eq!(web.str(&["metadata", "annotations", "deployment.kubernetes.io/revision"]), "1");
}

#[test]
fn a_rolling_update_never_falls_below_what_it_promises() {
    let mut cluster = web(4);
    patch(
        &mut cluster,
        &api::deployment::KIND,
        "web",
        json!({"spec": {"template": {"spec": {
            "containers": [{"name": "nginx", "image": "nginx:1.26"}],
        }}}}),
    );
    let mut least = usize::MAX;
    let mut most = 0;
    while let Some(due) = cluster.poll_at().filter(|due| due.millis() < 300_000) {
        cluster.poll(due);
        let pods: Vec<_> = cluster.list(&api::pod::KIND, Some("default")).filter(|pod| !pod.is_terminating()).collect();
        least = least.min(pods.iter().filter(|pod| api::pod::is_ready(pod)).count());
        most = most.max(pods.len());
    }
    assert_eq!((least, most), (3, 5), "maxUnavailable and maxSurge are a quarter of four");
    assert_eq!(deployment_row(&cluster), ["4/4", "4", "4"]);
    let sets: Vec<i64> = cluster
        .list(&api::replica_set::KIND, Some("default"))
        .map(|set| set.int(&["spec", "replicas"]).unwrap())
        .collect();
    assert_eq!(sets.iter().sum::<i64>(), 4);
    assert_eq!(sets.len(), 2, "the old set stays for a rollback");
}

#[test]
fn recreate_stops_everything_first() {
    let mut cluster = Cluster::default();
    let mut object = deployment(2, "nginx:1.25");
    object["spec"]["strategy"] = json!({"type": "Recreate"});
    create(&mut cluster, &api::deployment::KIND, object);
    cluster.settle(60_000_000);
    patch(
        &mut cluster,
        &api::deployment::KIND,
        "web",
        json!({"spec": {"template": {"metadata": {"labels": {"v": "2"}}}}}),
    );
    let mut least = usize::MAX;
    while let Some(due) = cluster.poll_at().filter(|due| due.millis() < 300_000) {
        cluster.poll(due);
        let pods: Vec<_> = cluster.list(&api::pod::KIND, Some("default")).collect();
        least = least.min(pods.len());
        assert!(pods.len() <= 2, "old and new pods never run together");
    }
    assert_eq!(least, 0);
    assert_eq!(deployment_row(&cluster), ["2/2", "2", "2"]);
}

#[test]
fn a_rollout_that_cannot_succeed_is_stuck_with_old_pods_serving() {
    let mut cluster = web(4);
    patch(
        &mut cluster,
        &api::deployment::KIND,
        "web",
        json!({"spec": {
            "progressDeadlineSeconds": 30, "template": {"spec": {"containers": [{"name": "nginx", "image": "ngnix"}]}},
        }}),
    );
    cluster.settle(120_000_000);
    assert_eq!(deployment_row(&cluster), ["3/4", "2", "3"]);
    let web = cluster.get(&api::deployment::KIND, "default", "web").unwrap();
    let progressing = web.list(&["status", "conditions"]).iter().find(|c| c["type"] == "Progressing").unwrap().clone();
    assert_eq!(progressing["reason"], "ProgressDeadlineExceeded");
    patch(
        &mut cluster,
        &api::deployment::KIND,
        "web",
        json!({"spec": {"template": {"spec": {
            "containers": [{"name": "nginx", "image": "nginx:1.25"}],
        }}}}),
    );
    cluster.settle(120_000_000);
    assert_eq!(deployment_row(&cluster), ["4/4", "4", "4"], "rolled back");
    let web = cluster.get(&api::deployment::KIND, "default", "web").unwrap();
    assert_eq!(web.str(&["metadata", "annotations", "deployment.kubernetes.io/revision"]), "3");
}

#[test]
fn scaling_and_self_healing() {
    let mut cluster = web(2);
    patch(&mut cluster, &api::deployment::KIND, "web", json!({"spec": {"replicas": 5}}));
    cluster.settle(60_000_000);
    assert_eq!(deployment_row(&cluster), ["5/5", "5", "5"]);
    let victim = names(&cluster, &api::pod::KIND).remove(0);
    delete(&mut cluster, &api::pod::KIND, &victim, Propagation::Background);
    let pods = names(&cluster, &api::pod::KIND);
    assert!(pods.len() == 5 && !pods.contains(&victim));
    patch(&mut cluster, &api::deployment::KIND, "web", json!({"spec": {"replicas": 0}}));
    cluster.settle(60_000_000);
    assert_eq!(names(&cluster, &api::pod::KIND), [""; 0]);
}

#[test]
fn a_pod_whose_label_changes_is_released_and_replaced() {
    let mut cluster = web(2);
    let pod = names(&cluster, &api::pod::KIND).remove(0);
    patch(&mut cluster, &api::pod::KIND, &pod, json!({"metadata": {"labels": {"app": "debug"}}}));
    cluster.settle(60_000_000);
    assert_eq!(names(&cluster, &api::pod::KIND).len(), 3);
    let released = cluster.get(&api::pod::KIND, "default", &pod).unwrap();
    assert!(released.list(&["metadata", "ownerReferences"]).is_empty());
}

#[test]
fn dependants_go_with_their_owner_unless_orphaned() {
    let count =
        |cluster: &Cluster| (names(cluster, &api::replica_set::KIND).len(), names(cluster, &api::pod::KIND).len());
    for (propagation, want) in
        [(Propagation::Background, (0, 0)), (Propagation::Foreground, (0, 0)), (Propagation::Orphan, (1, 2))]
    {
        let mut cluster = web(2);
        delete(&mut cluster, &api::deployment::KIND, "web", propagation);
        assert_eq!(names(&cluster, &api::deployment::KIND), [""; 0]);
        assert_eq!(count(&cluster), want, "{propagation:?}");
    }
}

#[test]
fn a_namespace_goes_with_all_it_holds() {
    let mut cluster = Cluster::default();
    create(&mut cluster, &api::namespace::KIND, json!({"metadata": {"name": "shop"}}));
    cluster.settle(1_000_000);
    assert!(cluster.get(&api::service_account::KIND, "shop", "default").is_ok());
    let options = WriteOptions::by("test");
    let object = deployment(2, "nginx");
    cluster
        .submit(Request::Create { kind: &api::deployment::KIND, namespace: "shop".into(), object, options })
        .unwrap();
    cluster.settle(60_000_000);
    delete(&mut cluster, &api::namespace::KIND, "shop", Propagation::Background);
    assert!(cluster.get(&api::namespace::KIND, "", "shop").is_err());
    for kind in api::KINDS.iter().filter(|kind| kind.namespaced) {
        assert_eq!(cluster.list(kind, Some("shop")).count(), 0, "{kind:?}");
    }
    let options = DeleteOptions::by("test");
    let (kind, namespace, name) = (&api::namespace::KIND, "".into(), "default".into());
    let refused = cluster.submit(Request::Delete { kind, namespace, name, options }).unwrap_err();
    assert_eq!(refused.message, "namespaces \"default\" is forbidden: this namespace may not be deleted");
}

#[test]
fn a_stateful_set_is_made_in_order_and_keeps_its_names() {
    let mut cluster = Cluster::default();
    create(
        &mut cluster,
        &api::stateful_set::KIND,
        json!({
            "metadata": {"name": "db"},
            "spec": {
                "replicas": 3, "serviceName": "db", "selector": {"matchLabels": {"app": "db"}},
                "template": {
                    "metadata": {"labels": {"app": "db"}},
                    "spec": {"containers": [{"name": "redis", "image": "redis"}]},
                },
            },
        }),
    );
    cluster.settle(60_000_000);
    assert_eq!(names(&cluster, &api::pod::KIND), ["db-0", "db-1", "db-2"]);
    let made: Vec<String> =
        cluster.list(&api::pod::KIND, Some("default")).map(|pod| pod.creation_timestamp().to_owned()).collect();
    assert!(made.is_sorted() && made[0] < made[2], "each waits for the one before: {made:?}");
    delete(&mut cluster, &api::pod::KIND, "db-1", Propagation::Background);
    assert_eq!(names(&cluster, &api::pod::KIND), ["db-0", "db-1", "db-2"]);
    patch(&mut cluster, &api::stateful_set::KIND, "db", json!({"spec": {"replicas": 1}}));
    cluster.settle(60_000_000);
    assert_eq!(names(&cluster, &api::pod::KIND), ["db-0"]);
}
