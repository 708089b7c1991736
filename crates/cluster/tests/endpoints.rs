//! What stands behind Services: Endpoints, EndpointSlices, and the mirrors of what people write by hand.

#![allow(clippy::unwrap_used, clippy::needless_pass_by_value)]

mod common;

use std::sync::Arc;

use api::{Kind, Object, Value, json};
use cluster::cluster::KubeletMode;
use cluster::kubelet::ManualKubelet;
use cluster::{Cluster, Settings};
use common::create;

/// Changes an object, and lets what follows happen.
fn patch(cluster: &mut Cluster, kind: &'static Kind, name: &str, patch: Value) {
    common::patch(cluster, kind, name, patch);
    cluster.settle(10_000_000);
}

fn web(spec: Value) -> Value {
    json!({"metadata": {"name": "web"}, "spec": spec})
}

/// A cluster whose pods run by themselves, with so many pods and then a Service `web` for them.
fn cluster(pods: usize) -> Cluster {
    let node = |index: usize| cluster::cluster::NodeSettings {
        name: format!("node-{index}"),
        internal_ip: format!("192.168.64.{}", index + 2),
        pod_network: format!("10.244.{index}"),
        control_plane: index == 0,
        max_pods: cluster::cluster::MAX_PODS,
    };
    let nodes = (0..20).map(node).collect();
    let mut cluster = Cluster::new(Settings { kubelet: KubeletMode::Manual, nodes, ..Settings::default() });
    cluster.set_manual_kubelet(ManualKubelet { runs: true, ..ManualKubelet::default() });
    for index in 0..pods {
        let metadata = json!({"name": format!("web-{index}"), "labels": {"app": "web"}});
        let spec = json!({"nodeName": format!("node-{}", index % 20), "containers": [{"name": "c", "image": "nginx"}]});
        create(&mut cluster, &api::pod::KIND, json!({"metadata": metadata, "spec": spec}));
    }
    cluster.settle(120_000_000);
    create(&mut cluster, &api::service::KIND, web(json!({"selector": {"app": "web"}, "ports": [{"port": 80}]})));
    cluster.settle(10_000_000);
    cluster
}

fn slices(cluster: &Cluster) -> Vec<Arc<Object>> {
    cluster
        .list(&api::endpoint_slice::KIND, Some("default"))
        .filter(|slice| slice.name() != "kubernetes")
        .cloned()
        .collect()
}

fn sizes(cluster: &Cluster) -> Vec<usize> {
    let mut sizes: Vec<usize> = slices(cluster).iter().map(|slice| slice.list(&["endpoints"]).len()).collect();
    sizes.sort_unstable();
    sizes
}

#[test]
fn a_slice_holds_a_hundred_and_endpoints_stay_where_they_are() {
    let mut cluster = cluster(205);
    assert_eq!(sizes(&cluster), [5, 100, 100]);
    let full = slices(&cluster).into_iter().find(|slice| slice.list(&["endpoints"]).len() == 100).unwrap();
    let gone = full.list(&["endpoints"])[7]["targetRef"]["name"].as_str().unwrap().to_owned();
    patch(&mut cluster, &api::pod::KIND, &gone, json!({"metadata": {"labels": {"app": "other"}}}));
    assert_eq!(sizes(&cluster), [5, 99, 100]);
    patch(&mut cluster, &api::pod::KIND, &gone, json!({"metadata": {"labels": {"app": "web"}}}));
    assert_eq!(sizes(&cluster), [5, 100, 100], "the fullest slice with room takes it");
}

#[test]
fn endpoints_stop_at_a_thousand_and_say_so() {
    let cluster = cluster(1003);
    let web = cluster.get(&api::endpoints::KIND, "default", "web").unwrap();
    assert_eq!(web.list(&["subsets"])[0]["addresses"].as_array().unwrap().len(), 1000);
    assert_eq!(web.annotation("endpoints.kubernetes.io/over-capacity"), Some("truncated"));
    assert_eq!(sizes(&cluster).iter().sum::<usize>(), 1003, "slices hold them all");
}

#[test]
fn endpoints_by_hand_are_mirrored_while_the_service_selects_nothing() {
    let mut cluster = cluster(0);
    patch(&mut cluster, &api::service::KIND, "web", json!({"spec": {"selector": null}}));
    let subsets = |ip: &str| json!({"subsets": [{"addresses": [{"ip": ip}], "notReadyAddresses": [{"ip": "10.0.0.9"}], "ports": [{"port": 5432}]}]});
    patch(&mut cluster, &api::endpoints::KIND, "web", subsets("10.0.0.1"));
    let mirror = |cluster: &Cluster| {
        let label = "endpointslice.kubernetes.io/managed-by";
        let ours = |slice: &Arc<Object>| {
            slice.str(&["metadata", "labels", label]) == "endpointslicemirroring-controller.k8s.io"
        };
        slices(cluster).into_iter().find(ours)
    };
    let slice = mirror(&cluster).unwrap();
    assert_eq!(
        slice.at(&["endpoints"]),
        Some(&json!([
            {"addresses": ["10.0.0.1"], "conditions": {"ready": true}},
            {"addresses": ["10.0.0.9"], "conditions": {"ready": false}},
        ]))
    );
    assert_eq!(slice.at(&["ports"]), Some(&json!([{"name": "", "port": 5432, "protocol": "TCP"}])));
    patch(&mut cluster, &api::endpoints::KIND, "web", subsets("10.0.0.2"));
    assert_eq!(mirror(&cluster).unwrap().list(&["endpoints"])[0]["addresses"][0], "10.0.0.2");
    patch(&mut cluster, &api::service::KIND, "web", json!({"spec": {"selector": {"app": "web"}}}));
    assert_eq!(mirror(&cluster), None);
}
