//! What must hold whatever people do to a cluster.

#![allow(clippy::unwrap_used)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use api::{Object, ObjectKey, Value, json};
use cluster::kubelet::Fault;
use cluster::{Cluster, DeleteOptions, Patch, Request, Rng, Settings, WriteOptions, apiserver::Subresource};
use common::SECOND;

const NODES: [&str; 3] = ["minikube", "minikube-m02", "minikube-m03"];
const APPS: [&str; 3] = ["web", "api", "db"];

fn submit(cluster: &mut Cluster, request: Request) {
    // What is refused changes nothing: that is one of the things that must hold.
    drop(cluster.submit(request));
}

fn create(cluster: &mut Cluster, kind: &'static api::Kind, object: Value) {
    let options = WriteOptions::by("test");
    submit(cluster, Request::Create { kind, namespace: "default".into(), object, options });
}

fn patch(cluster: &mut Cluster, kind: &'static api::Kind, name: &str, change: Value) {
    let (namespace, name, options) = ("default".into(), name.into(), WriteOptions::by("test"));
    let (patch, subresource) = (Patch::Merge(change), Subresource::Main);
    submit(cluster, Request::Patch { kind, namespace, name, patch, subresource, options });
}

/// One thing that somebody does.
fn act(cluster: &mut Cluster, rng: &mut Rng) {
    let app = rng.pick(&APPS).copied().unwrap();
    let label = rng.pick(&APPS).copied().unwrap();
    let target = if rng.below(4) == 0 { "other" } else { "http" };
    let port = json!([{"name": "http", "port": 80, "targetPort": target}]);
    match rng.below(12) {
        0 | 1 => {
            let container = json!({"name": "c", "image": rng.pick(&["nginx", "nginx", "ngnix"]),
                "ports": [{"name": "http", "containerPort": 80}], "readinessProbe": {"httpGet": {"port": 80}}});
            let template = json!({"metadata": {"labels": {"app": app}}, "spec": {"containers": [container]}});
            let selector = json!({"matchLabels": {"app": app}});
            let spec = json!({"replicas": rng.below(5), "selector": selector, "template": template});
            create(cluster, &api::deployment::KIND, json!({"metadata": {"name": app}, "spec": spec}));
        }
        2 | 3 => {
            let mut spec = json!({"selector": {"app": label}, "ports": port});
            if rng.below(3) == 0 {
                spec["clusterIP"] = "None".into();
            }
            if rng.below(4) == 0 {
                spec["publishNotReadyAddresses"] = true.into();
            }
            create(cluster, &api::service::KIND, json!({"metadata": {"name": app}, "spec": spec}));
        }
        4 => patch(cluster, &api::deployment::KIND, app, json!({"spec": {"replicas": rng.below(6)}})),
        5 => patch(cluster, &api::service::KIND, app, json!({"spec": {"selector": {"app": label}}})),
        6 => patch(cluster, &api::service::KIND, app, json!({"spec": {"ports": port}})),
        7 => {
            let kind = [&api::deployment::KIND, &api::service::KIND][usize::from(rng.below(2) == 0)];
            let (name, options) = (app.into(), DeleteOptions::by("test"));
            submit(cluster, Request::Delete { kind, namespace: "default".into(), name, options });
        }
        8 | 9 => {
            let pods: Vec<String> = common::pods(cluster).iter().map(|pod| pod.name().to_owned()).collect();
            let Some(pod) = rng.pick(&pods) else { return };
            let key = ObjectKey::new(&api::pod::KIND, "default", pod);
            match rng.below(4) {
                0 => patch(cluster, &api::pod::KIND, pod, json!({"metadata": {"labels": {"app": label}}})),
                1 => {
                    let (kind, name, options) = (&api::pod::KIND, pod.as_str().into(), DeleteOptions::by("test"));
                    submit(cluster, Request::Delete { kind, namespace: "default".into(), name, options });
                }
                2 => cluster.set_fault(&key, Fault::NotReady, rng.below(2) == 0),
                _ => cluster.set_fault(&key, Fault::Crash, rng.below(3) == 0),
            }
        }
        10 => cluster.set_node_down(rng.pick(&NODES).copied().unwrap(), rng.below(3) == 0),
        _ => patch(
            cluster,
            &api::node::KIND,
            rng.pick(&NODES).copied().unwrap(),
            json!({"spec": {"unschedulable": rng.below(2) == 0}}),
        ),
    }
}

/// Does so many things, with some time after each.
fn lived(seed: u64, acts: usize) -> Cluster {
    let mut cluster = Cluster::new(Settings { seed, ..Settings::default() });
    let mut rng = Rng::new(seed ^ 0x5eed);
    for _ in 0..acts {
        act(&mut cluster, &mut rng);
        let until = cluster.now() + rng.below(20) * SECOND;
        cluster.poll(until);
    }
    cluster
}

/// No two pods that are there share an address, and no two Services.
fn addresses_are_unique(cluster: &Cluster) {
    let mut seen = BTreeSet::new();
    let ended = |pod: &Object| matches!(pod.str(&["status", "phase"]), "Succeeded" | "Failed");
    for pod in cluster.list(&api::pod::KIND, None).filter(|pod| !pod.bool(&["spec", "hostNetwork"]) && !ended(pod)) {
        let ip = pod.str(&["status", "podIP"]).to_owned();
        assert!(ip.is_empty() || seen.insert(ip.clone()), "{ip} of {} is another's too", pod.name());
    }
    for service in cluster.list(&api::service::KIND, None) {
        let ip = service.str(&["spec", "clusterIP"]).to_owned();
        assert!(ip.is_empty() || ip == "None" || seen.insert(ip.clone()), "{ip} of {}", service.name());
    }
}

/// Once nothing is left to do, the endpoints of a Service are the pods that it selects, in the state they are in.
fn endpoints_are_the_pods(cluster: &Cluster) {
    for service in cluster.list(&api::service::KIND, Some("default")).filter(|s| s.name() != "kubernetes") {
        let publish = service.bool(&["spec", "publishNotReadyAddresses"]);
        let selector = service.map(&["spec", "selector"]).unwrap();
        let ended = |pod: &Object| matches!(pod.str(&["status", "phase"]), "Succeeded" | "Failed");
        let wanted: BTreeMap<String, bool> = common::pods(cluster)
            .iter()
            .filter(|pod| api::labels::matches_equality(selector, pod.labels()))
            .filter(|pod| !pod.str(&["status", "podIP"]).is_empty() && !ended(pod))
            .map(|pod| (pod.name().to_owned(), publish || (api::pod::is_ready(pod) && !pod.is_terminating())))
            .collect();
        let key = ObjectKey::of(&api::service::KIND, service);
        let found: BTreeMap<String, bool> = cluster
            .store()
            .slices_of(&key)
            .flat_map(|slice| slice.list(&["endpoints"]))
            .map(|endpoint| {
                let name = endpoint["targetRef"]["name"].as_str().unwrap().to_owned();
                (name, endpoint["conditions"]["ready"] == true)
            })
            .collect();
        assert_eq!(found, wanted, "the slices of {}", service.name());
        let named = service.list(&["spec", "ports"])[0]["targetPort"] == "other";
        let ready = wanted.values().filter(|ready| **ready).count();
        let expected = if named { 0 } else { ready };
        assert_eq!(common::ready_addresses(cluster, service.name()), expected, "the Endpoints of {}", service.name());
    }
}

#[test]
fn whatever_is_done_addresses_are_unique_and_endpoints_are_the_pods() {
    for seed in 0..12 {
        let mut cluster = lived(seed, 40);
        addresses_are_unique(&cluster);
        for node in NODES {
            cluster.set_node_down(node, false);
        }
        // Crashing pods never come to rest, but between two crashes all that is due is done.
        let until = cluster.now() + 30 * SECOND;
        cluster.poll(until);
        while cluster.poll_at().is_some_and(|due| due < cluster.now() + SECOND) {
            let due = cluster.poll_at().unwrap();
            cluster.poll(due);
        }
        addresses_are_unique(&cluster);
        endpoints_are_the_pods(&cluster);
    }
}

/// The log as one can compare it: who did what to what, and how it looked then.
fn story(cluster: &Cluster) -> Vec<String> {
    let line = |event: &cluster::store::WatchEvent| {
        format!("{:?} {} {:?} {:?} {}", event.at, event.actor, event.change, event.key, event.object.to_value())
    };
    cluster.store().log().iter().map(line).collect()
}

#[test]
fn the_same_seed_and_the_same_deeds_give_the_same_log() {
    for seed in 0..4 {
        let (one, other) = (story(&lived(seed, 30)), story(&lived(seed, 30)));
        let differs = one.iter().zip(&other).find(|(a, b)| a != b);
        assert_eq!((one.len(), differs), (other.len(), None));
    }
}

#[test]
fn a_fork_disturbs_nothing() {
    for seed in 0..4 {
        let mut cluster = lived(seed, 15);
        let before = story(&cluster);
        let mut fork = cluster.clone();
        let mut rng = Rng::new(seed);
        for _ in 0..15 {
            act(&mut fork, &mut rng);
            let until = fork.now() + 5 * SECOND;
            fork.poll(until);
        }
        assert_eq!(story(&cluster), before, "the original has not moved");
        // And it goes on as one that was never forked.
        let mut twin = lived(seed, 15);
        for cluster in [&mut cluster, &mut twin] {
            let mut rng = Rng::new(seed + 1);
            for _ in 0..10 {
                act(cluster, &mut rng);
                let until = cluster.now() + 5 * SECOND;
                cluster.poll(until);
            }
        }
        assert_eq!(story(&cluster), story(&twin));
    }
}
