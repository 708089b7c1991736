//! Who gives load balancers an address, and who serves Ingresses and Gateways.

#![allow(clippy::unwrap_used)]

mod common;

use std::net::Ipv4Addr;

use api::{Kind, json};
use cluster::Cluster;
use cluster::addons::{GatewayController, IngressController, LoadBalancerProvider};
use common::{SECOND, create, delete, events, get, make, patch, row, wait, web, with};

fn balanced(cluster: &mut Cluster, name: &str) {
    let spec = json!({"type": "LoadBalancer", "selector": {"app": "web"}, "ports": [{"port": 80}]});
    make(cluster, &api::service::KIND, name, spec);
}

fn external(cluster: &Cluster, name: &str) -> String {
    row(cluster, &api::service::KIND, &get(cluster, &api::service::KIND, name))[2].clone()
}

#[test]
fn on_bare_metal_an_address_stays_pending() {
    let mut cluster = Cluster::default();
    balanced(&mut cluster, "web");
    wait(&mut cluster, 3600);
    assert_eq!(external(&cluster, "web"), "<pending>");
    assert!(events(&cluster, &get(&cluster, &api::service::KIND, "web")).is_empty());
}

#[test]
fn a_cloud_takes_its_time_and_gives_back() {
    let mut cluster = with(|settings| settings.load_balancer = LoadBalancerProvider::Cloud);
    balanced(&mut cluster, "web");
    wait(&mut cluster, 5);
    assert_eq!(external(&cluster, "web"), "<pending>");
    wait(&mut cluster, 5);
    assert_eq!(external(&cluster, "web"), "198.51.100.10");
    let web = get(&cluster, &api::service::KIND, "web");
    assert_eq!(web.list(&["status", "loadBalancer", "ingress"])[0]["ipMode"], "VIP");
    assert_eq!(web.list(&["metadata", "finalizers"])[0], "service.kubernetes.io/load-balancer-cleanup");
    balanced(&mut cluster, "other");
    wait(&mut cluster, 10);
    assert_eq!(external(&cluster, "other"), "198.51.100.11");
    patch(&mut cluster, &api::service::KIND, "web", json!({"spec": {"type": "ClusterIP"}}));
    wait(&mut cluster, 10);
    assert_eq!(external(&cluster, "web"), "<none>");
    assert_eq!(
        events(&cluster, &web),
        [
            "EnsuringLoadBalancer: Ensuring load balancer",
            "EnsuredLoadBalancer: Ensured load balancer",
            "DeletingLoadBalancer: Deleting load balancer",
            "DeletedLoadBalancer: Deleted load balancer",
        ]
    );
    assert!(get(&cluster, &api::service::KIND, "web").list(&["metadata", "finalizers"]).is_empty());
    delete(&mut cluster, &api::service::KIND, "other");
    wait(&mut cluster, 10);
    assert!(cluster.get(&api::service::KIND, "default", "other").is_err(), "its finalizer is taken away");
    balanced(&mut cluster, "third");
    wait(&mut cluster, 10);
    assert_eq!(external(&cluster, "third"), "198.51.100.10", "addresses are used again");
}

#[test]
fn another_class_is_left_to_others() {
    let mut cluster = with(|settings| settings.load_balancer = LoadBalancerProvider::Cloud);
    let spec = json!({"type": "LoadBalancer", "loadBalancerClass": "example.com/other", "ports": [{"port": 80}]});
    make(&mut cluster, &api::service::KIND, "web", spec);
    wait(&mut cluster, 60);
    assert_eq!(external(&cluster, "web"), "<pending>");
}

#[test]
fn a_pool_runs_out_and_fills_again() {
    let (first, last) = (Ipv4Addr::new(192, 168, 64, 100), Ipv4Addr::new(192, 168, 64, 101));
    let mut cluster = with(|settings| settings.load_balancer = LoadBalancerProvider::Pool { first, last });
    for name in ["a", "b", "c"] {
        balanced(&mut cluster, name);
        wait(&mut cluster, 1);
    }
    let all = |cluster: &Cluster| ["a", "b", "c"].map(|name| external(cluster, name));
    assert_eq!(all(&cluster), ["192.168.64.100", "192.168.64.101", "<pending>"]);
    let said = events(&cluster, &get(&cluster, &api::service::KIND, "a"));
    assert_eq!(said[0], "IPAllocated: Assigned IP [\"192.168.64.100\"]");
    assert!(said[1].starts_with("nodeAssigned: announcing from node \"minikube"), "{said:?}");
    let said = events(&cluster, &get(&cluster, &api::service::KIND, "c"));
    assert_eq!(said, ["AllocationFailed: Failed to allocate IP for \"default/c\": no available IPs"]);
    patch(&mut cluster, &api::service::KIND, "a", json!({"spec": {"type": "NodePort"}}));
    wait(&mut cluster, 1);
    assert_eq!(all(&cluster), ["<none>", "192.168.64.101", "192.168.64.100"]);
}

fn ingress(cluster: &mut Cluster, name: &str, class: &str) {
    let backend = json!({"service": {"name": "web", "port": {"number": 80}}});
    let rule = json!({"http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}});
    make(cluster, &api::ingress::KIND, name, json!({"ingressClassName": class, "rules": [rule]}));
}

#[test]
fn an_ingress_controller_claims_its_class() {
    let mut cluster = with(|settings| settings.ingress_controller = IngressController::Nginx);
    let pods: Vec<_> =
        cluster.list(&api::pod::KIND, Some("ingress-nginx")).filter(|pod| api::pod::is_ready(pod)).collect();
    assert_eq!(pods.len(), 1);
    web(&mut cluster, 1);
    ingress(&mut cluster, "web", "nginx");
    ingress(&mut cluster, "other", "traefik");
    wait(&mut cluster, 70);
    let address = |cluster: &Cluster, name: &str| {
        row(cluster, &api::ingress::KIND, &get(cluster, &api::ingress::KIND, name))[2].clone()
    };
    assert_eq!([address(&cluster, "web"), address(&cluster, "other")], ["192.168.64.2", ""]);
    assert_eq!(events(&cluster, &get(&cluster, &api::ingress::KIND, "web")), ["Sync: Scheduled for sync"]);
    assert!(events(&cluster, &get(&cluster, &api::ingress::KIND, "other")).is_empty());
    let rest = cluster.settle(600 * SECOND);
    assert!(rest < 600 * SECOND, "it comes to rest");
}

#[test]
fn without_a_controller_nothing_happens_to_an_ingress() {
    let mut cluster = Cluster::default();
    ingress(&mut cluster, "web", "nginx");
    wait(&mut cluster, 120);
    let web = get(&cluster, &api::ingress::KIND, "web");
    assert!(web.list(&["status", "loadBalancer", "ingress"]).is_empty() && events(&cluster, &web).is_empty());
}

/// `Type Status Reason` of the conditions at a path.
fn conditions(cluster: &Cluster, kind: &'static Kind, name: &str, path: &str) -> Vec<String> {
    let object = get(cluster, kind, name);
    let list = object.to_value().pointer(path).and_then(api::Value::as_array).cloned().unwrap_or_default();
    let text = |c: &api::Value, field: &str| c[field].as_str().unwrap_or_default().to_owned();
    list.iter().map(|c| format!("{} {} {}", text(c, "type"), text(c, "status"), text(c, "reason"))).collect()
}

#[test]
fn a_gateway_is_programmed_and_routes_say_what_is_missing() {
    let mut cluster = with(|settings| {
        settings.gateway_controller = GatewayController::NginxFabric;
        settings.load_balancer = LoadBalancerProvider::Cloud;
    });
    web(&mut cluster, 1);
    let listener = json!({"name": "http", "port": 80, "protocol": "HTTP", "hostname": "*.example.com"});
    make(
        &mut cluster,
        &api::gateway::KIND,
        "gw",
        json!({"gatewayClassName": "nginx", "listeners": [listener.clone()]}),
    );
    let route = |cluster: &mut Cluster, name: &str, host: &str, service: &str| {
        let spec = json!({
            "parentRefs": [{"name": "gw"}], "hostnames": [host],
            "rules": [{"backendRefs": [{"name": service, "port": 80}]}],
        });
        make(cluster, &api::http_route::KIND, name, spec);
    };
    route(&mut cluster, "good", "web.example.com", "web");
    route(&mut cluster, "nobody", "web.example.com", "nope");
    route(&mut cluster, "stranger", "web.example.org", "web");
    wait(&mut cluster, 40);
    let gateway = &api::gateway::KIND;
    assert_eq!(
        conditions(&cluster, gateway, "gw", "/status/conditions"),
        ["Accepted True Accepted", "Programmed True Programmed"]
    );
    let gw = get(&cluster, gateway, "gw");
    assert_eq!(row(&cluster, gateway, &gw), ["nginx", "198.51.100.10", "True"]);
    assert_eq!(gw.list(&["status", "listeners"])[0]["attachedRoutes"], 2);
    let of = |name: &str| conditions(&cluster, &api::http_route::KIND, name, "/status/parents/0/conditions");
    assert_eq!(of("good"), ["Accepted True Accepted", "ResolvedRefs True ResolvedRefs"]);
    assert_eq!(of("nobody"), ["Accepted True Accepted", "ResolvedRefs False BackendNotFound"]);
    assert_eq!(of("stranger"), ["Accepted False NoMatchingListenerHostname", "ResolvedRefs True ResolvedRefs"]);
    let class = json!({"metadata": {"name": "other"}, "spec": {"controllerName": "example.com/none"}});
    create(&mut cluster, &api::gateway_class::KIND, class);
    make(&mut cluster, gateway, "lost", json!({"gatewayClassName": "other", "listeners": [listener]}));
    wait(&mut cluster, 10);
    assert_eq!(conditions(&cluster, gateway, "lost", "/status/conditions")[0], "Accepted Unknown Pending");
}
