//! The first slice, end to end below the shell: a pod, a Service, a request, and what breaks it.

#![allow(clippy::unwrap_used)]

use std::net::Ipv4Addr;

use api::{Kind, Value, json};
use cluster::network::{
    Action, HttpRequest, Outcome, Payload, Protocol, Refusal, Reply, Socket, Traffic, Vantage, Verdict,
};
use cluster::{Cluster, Patch, Request, WriteOptions, apiserver::Subresource};

fn create(cluster: &mut Cluster, kind: &'static Kind, object: Value) {
    let options = WriteOptions::by("test");
    cluster.submit(Request::Create { kind, namespace: "default".into(), object, options }).unwrap();
}

fn patch_service(cluster: &mut Cluster, patch: Value) {
    let (kind, namespace, name) = (&api::service::KIND, "default".into(), "nginx-service".into());
    let (options, subresource) = (WriteOptions::by("test"), Subresource::Main);
    cluster.submit(Request::Patch { kind, namespace, name, patch: Patch::Merge(patch), subresource, options }).unwrap();
    cluster.settle(5_000_000);
}

fn slice() -> Cluster {
    let mut cluster = Cluster::default();
    for (name, image) in [("nginx", "nginx"), ("client", "busybox")] {
        create(
            &mut cluster,
            &api::pod::KIND,
            json!({
                "metadata": {"name": name, "labels": {"app": name}},
                "spec": {"containers": [{"name": name, "image": image, "stdin": true}]},
            }),
        );
    }
    create(
        &mut cluster,
        &api::service::KIND,
        json!({
            "metadata": {"name": "nginx-service"},
            "spec": {"selector": {"app": "nginx"}, "ports": [{"port": 80}]},
        }),
    );
    cluster.settle(10_000_000);
    cluster
}

fn visit(cluster: &mut Cluster) -> (Outcome, Vec<Action>) {
    let service = cluster.get(&api::service::KIND, "default", "nginx-service").unwrap();
    let ip: Ipv4Addr = service.str(&["spec", "clusterIP"]).parse().unwrap();
    let id = cluster.send(Traffic {
        from: Vantage::Pod { namespace: "default".into(), name: "client".into() },
        protocol: Protocol::Tcp,
        to: Socket { ip, port: 80 },
        payload: Payload::Http(HttpRequest::get("nginx-service", "/")),
    });
    let trace = cluster.trace(id).unwrap();
    (trace.outcome.clone(), trace.hops.iter().map(|hop| hop.action.clone()).collect())
}

#[test]
fn a_request_reaches_the_pod_and_says_how() {
    let mut cluster = slice();
    let (outcome, actions) = visit(&mut cluster);
    let Outcome::Answered(Reply::Http(response)) = outcome else { panic!("{outcome:?}") };
    assert_eq!((response.status, response.body.len()), (200, 615));
    let translated = actions.iter().find_map(|action| match action {
        Action::Translate { candidates, .. } => Some(candidates),
        _ => None,
    });
    let candidates = translated.expect("a Service's address is translated");
    assert_eq!(candidates.iter().map(|c| c.verdict).collect::<Vec<_>>(), [Verdict::Chosen]);
}

#[test]
fn a_wrong_target_port_is_reset_by_the_pod() {
    let mut cluster = slice();
    patch_service(&mut cluster, json!({"spec": {"ports": [{"port": 80, "targetPort": 8080}]}}));
    let (outcome, actions) = visit(&mut cluster);
    assert_eq!(outcome, Outcome::Refused(Refusal::Reset));
    assert!(actions.iter().any(|action| matches!(action, Action::Translate { .. })));
}

#[test]
fn a_selector_that_meets_no_pod_is_refused_by_the_node_and_can_be_undone() {
    let mut cluster = slice();
    let before = cluster.clone();
    patch_service(&mut cluster, json!({"spec": {"selector": {"app": "ngnix"}}}));
    assert_eq!(visit(&mut cluster).0, Outcome::Refused(Refusal::NoEndpoints));
    let endpoints = cluster.get(&api::endpoints::KIND, "default", "nginx-service").unwrap();
    assert_eq!(api::endpoints::format_endpoints(&endpoints), "<none>");
    assert!(matches!(visit(&mut before.clone()).0, Outcome::Answered(_)), "the fork is as it was");
    patch_service(&mut cluster, json!({"spec": {"selector": {"app": "nginx"}}}));
    assert!(matches!(visit(&mut cluster).0, Outcome::Answered(_)));
}

#[test]
fn equal_seeds_and_inputs_give_equal_logs() {
    let (one, two) = (slice(), slice());
    assert_eq!(one.store().log(), two.store().log());
}
