//! The chapter, section by section: what it says comes true, or is said better.

use api::{Value, json};
use cluster::Settings;
use cluster::addons::LoadBalancerProvider;
use cluster::apiserver::Subresource;
use cluster::kubelet::Fault;
use cluster::network::dns::{self, Question, RecordType};
use cluster::network::{HttpRequest, Payload, Protocol, Vantage};

use crate::stage::{Stage, body};

/// One pod `web-0` behind `web`, a client beside it, and the label that makes it so.
fn stage() -> Stage {
    let mut stage = Stage::new(Settings::default());
    stage.pod("client", "client", 0).pod("web-0", "web", 1).service("web", json!({})).settle(30);
    stage
}

fn pod_ip(stage: &Stage, name: &str) -> String {
    stage.cluster.get(&api::pod::KIND, "default", name).unwrap().str(&["status", "podIP"]).to_owned()
}

fn get(stage: &mut Stage, from: &str, to: &str) -> String {
    let id = stage.get(from, to, "/echo?msg=OK");
    stage.end(id)
}

/// The endpoints of a Service in short: address, and whether ready.
fn endpoints(stage: &Stage, service: &str) -> Vec<(String, bool)> {
    let of = |slice: &&std::sync::Arc<api::Object>| {
        slice.str(&["metadata", "labels", "kubernetes.io/service-name"]) == service
    };
    let slices = stage.cluster.list(&api::endpoint_slice::KIND, Some("default")).filter(of);
    let all = slices.flat_map(|slice| slice.list(&["endpoints"]).to_vec());
    all.map(|e| {
        let ready = e["conditions"]["ready"].as_bool().unwrap_or(false);
        (e["addresses"][0].as_str().unwrap_or_default().to_owned(), ready)
    })
    .collect()
}

#[test]
fn understanding_services() {
    let mut stage = stage();
    // The address stays while pods come and go.
    let before = (stage.ip("web"), pod_ip(&stage, "web-0"));
    stage.delete(&api::pod::KIND, "web-0").settle(60).pod("web-0", "web", 1).settle(30);
    assert_eq!(stage.ip("web"), before.0);
    assert_ne!(pod_ip(&stage, "web-0"), before.1);
    assert_eq!(get(&mut stage, "client", "web:80"), "OK");
}

#[test]
fn several_ports_of_one_service() {
    let mut stage = stage();
    let ports = json!([
        {"name": "http", "port": 80, "targetPort": "web"}, {"name": "wrong", "port": 81, "targetPort": 9},
        {"name": "udp", "port": 80, "targetPort": 8081, "protocol": "UDP"},
    ]);
    stage.service("many", json!({"selector": {"app": "web"}, "ports": ports})).settle(5);
    assert_eq!(get(&mut stage, "client", "many:80"), "OK");
    assert_eq!(get(&mut stage, "client", "many:81"), "Reset");
    let id = stage.send("client", Protocol::Udp, "many:80", Payload::Connect);
    assert_eq!(stage.end(id), "Connected");
}

#[test]
fn port_mapping() {
    let mut stage = stage();
    let ip = pod_ip(&stage, "web-0");
    stage
        .service("mapped", json!({"selector": {"app": "web"}, "ports": [{"port": 3000, "targetPort": 8080}]}))
        .settle(5);
    let id = stage.get("client", "mapped:3000", "/");
    let address = stage.ip("mapped");
    assert_eq!(
        stage.story(id),
        format!("client {address}:3000 > @minikube > dnat {ip}:8080 (1/1) > @minikube-m02 > web-0 > (app) > 200 OK")
    );
}

#[test]
fn discovering_services() {
    let mut stage = stage();
    stage.pod("later", "later", 0).settle(30);
    let key = |name: &str| api::ObjectKey::new(&api::pod::KIND, "default", name);
    let env = |stage: &Stage, pod: &str| {
        stage.cluster.container_env(&key(pod), "app").unwrap().get("WEB_SERVICE_HOST").map(str::to_owned)
    };
    assert_eq!(env(&stage, "later"), Some(stage.ip("web").to_string()));
    let answer = dns::answer(&stage.cluster, &Question::new("web.default.svc.cluster.local", RecordType::A));
    assert_eq!(answer.addresses(), [stage.ip("web")]);
    let conf = stage.cluster.resolv_conf(&key("client")).unwrap();
    assert!(conf.contains("search default.svc.cluster.local svc.cluster.local cluster.local"), "{conf}");
}

#[test]
fn clusterip_is_for_the_cluster_and_the_proxy_for_the_laptop() {
    let mut stage = stage();
    assert_eq!(get(&mut stage, "client", "web:80"), "OK");
    assert_eq!(get(&mut stage, "@minikube", "web:80"), "OK");
    assert_eq!(get(&mut stage, "laptop", "web:80"), "lost");
    let request = HttpRequest::get("", "/api/v1/namespaces/default/services/web/proxy/echo?msg=OK");
    let (_, response) = stage.cluster.proxy_request(Vantage::Laptop, request);
    assert_eq!((response.status, body(&response).as_str()), (200, "OK"));
}

#[test]
fn nodeport_is_on_every_node() {
    let mut stage = stage();
    let ports = json!([{"port": 80, "targetPort": 8080, "nodePort": 30080}]);
    stage.patch(&api::service::KIND, "web", Subresource::Main, json!({"spec": {"type": "NodePort", "ports": ports}}));
    for node in crate::stage::NODES {
        assert_eq!(get(&mut stage, "laptop", &format!("{node}:30080")), "OK");
    }
    assert_eq!(get(&mut stage, "laptop", "minikube:80"), "Reset", "the Service's port is no port of the node");
    assert_eq!(get(&mut stage, "client", "web:30080"), "lost", "and the node's port none of the Service");
    assert_eq!(get(&mut stage, "client", "web:80"), "OK", "the ClusterIP is still there");
}

#[test]
fn a_load_balancer_needs_somebody_who_provides_it() {
    for (provider, address) in [(LoadBalancerProvider::None, None), (LoadBalancerProvider::Cloud, Some("198.51.100.9"))]
    {
        let mut stage = Stage::new(Settings { load_balancer: provider, ..Settings::default() });
        stage.pod("web-0", "web", 1).service("web", json!({"type": "LoadBalancer"})).settle(60);
        let given = |stage: &Stage| {
            let service = stage.cluster.get(&api::service::KIND, "default", "web").unwrap();
            let ingress = service.list(&["status", "loadBalancer", "ingress"]).first().cloned();
            ingress.and_then(|entry| entry.get("ip")?.as_str().map(str::to_owned))
        };
        if let (Some(ip), None) = (address, given(&stage)) {
            let ingress = json!([{"ip": ip, "ipMode": "VIP"}]);
            let status = json!({"status": {"loadBalancer": {"ingress": ingress}}});
            stage.patch(&api::service::KIND, "web", Subresource::Status, status);
        }
        assert_eq!(given(&stage).is_some(), address.is_some(), "without a provider it is pending for ever");
        if let Some(ip) = given(&stage) {
            assert_eq!(get(&mut stage, "internet", &format!("{ip}:80")), "OK");
        }
        let service = stage.cluster.get(&api::service::KIND, "default", "web").unwrap();
        let node_port = service.list(&["spec", "ports"])[0]["nodePort"].as_u64().unwrap();
        assert_eq!(get(&mut stage, "laptop", &format!("minikube:{node_port}")), "OK", "its node port works without");
    }
}

#[test]
fn services_outside_the_cluster() {
    let mut stage = stage();
    stage.service("ext", json!({"selector": null, "ports": [{"port": 80}]})).settle(5);
    assert_eq!(get(&mut stage, "client", "ext:80"), "NoEndpoints");
    stage.create(
        &api::endpoint_slice::KIND,
        json!({
            "metadata": {"name": "ext-1", "labels": {"kubernetes.io/service-name": "ext"}}, "addressType": "IPv4",
            "endpoints": [{"addresses": ["192.0.2.80"]}], "ports": [{"port": 80}],
        }),
    );
    stage.settle(5);
    assert_eq!(get(&mut stage, "client", "ext:80"), "example.com: you sent Host: ext\n");
    stage.service(
        "named",
        json!({"type": "ExternalName", "externalName": "example.com", "selector": null, "ports": null}),
    );
    let answer = dns::answer(&stage.cluster, &Question::new("named.default.svc.cluster.local", RecordType::A));
    assert_eq!(answer.addresses().len(), 1);
}

#[test]
fn readiness_decides_who_is_asked() {
    let mut stage = stage();
    stage.pod("web-1", "web", 2).settle(30);
    let key = stage.pod_key("web-0");
    stage.cluster.set_fault(&key, Fault::NotReady, true);
    stage.settle(30);
    assert_eq!(endpoints(&stage, "web").iter().filter(|(_, ready)| *ready).count(), 1);
    assert_eq!(endpoints(&stage, "web").len(), 2, "one that is not ready stays in the slice");
    for _ in 0..10 {
        let id = stage.get("client", "web:80", "/hostname");
        assert_eq!(stage.end(id), "web-1");
    }
    stage.cluster.set_fault(&stage.pod_key("web-1"), Fault::NotReady, true);
    stage.settle(30);
    assert_eq!(get(&mut stage, "client", "web:80"), "NoEndpoints");
}

#[test]
fn headless_gives_the_pods_themselves() {
    let mut stage = stage();
    stage.pod("web-1", "web", 2).service("all", json!({"selector": {"app": "web"}, "clusterIP": "None"})).settle(30);
    let answer = dns::answer(&stage.cluster, &Question::new("all.default.svc.cluster.local", RecordType::A));
    let mut found: Vec<String> = answer.addresses().iter().map(ToString::to_string).collect();
    let mut pods = vec![pod_ip(&stage, "web-0"), pod_ip(&stage, "web-1")];
    found.sort();
    pods.sort();
    assert_eq!(found, pods);
    // Nothing maps ports: the pod's own is the one.
    assert_eq!(get(&mut stage, "client", &format!("{}:80", pods[0])), "Reset");
    assert_eq!(get(&mut stage, "client", &format!("{}:8080", pods[0])), "OK");
}

#[test]
fn each_item_of_the_troubleshooting_list() {
    let mut stage = stage();
    let ip = pod_ip(&stage, "web-0");
    let service = |stage: &mut Stage, patch: Value| {
        stage.patch(&api::service::KIND, "web", Subresource::Main, json!({"spec": patch}));
    };
    assert_eq!(get(&mut stage, "laptop", "web:80"), "lost", "1: from outside");
    let id = stage.send("client", Protocol::Icmp, "web:0", Payload::Ping);
    assert_eq!(stage.end(id), "lost", "2: pinging the address");
    let key = stage.pod_key("web-0");
    stage.cluster.set_fault(&key, Fault::NotReady, true);
    stage.settle(30);
    assert_eq!(get(&mut stage, "client", "web:80"), "NoEndpoints", "3: a readiness probe that fails");
    assert_eq!(endpoints(&stage, "web"), [(ip.clone(), false)], "4: what the endpoints say");
    stage.cluster.set_fault(&key, Fault::NotReady, false);
    stage.settle(30);
    let answer = dns::answer(&stage.cluster, &Question::new("wbe.default.svc.cluster.local", RecordType::A));
    assert!(answer.is_empty() && get(&mut stage, "client", "web:80") == "OK", "5: a name that is not there");
    assert_eq!(get(&mut stage, "client", "web:8080"), "lost", "6: the target port in place of the port");
    assert_eq!(get(&mut stage, "client", &format!("{ip}:8080")), "OK", "7: the pod itself");
    service(&mut stage, json!({"ports": [{"port": 80, "targetPort": 80}]}));
    assert_eq!(get(&mut stage, "client", "web:80"), "Reset", "7: and a port that it does not have");
    service(&mut stage, json!({"ports": [{"port": 80, "targetPort": 8080}]}));
    stage.cluster.set_fault(&key, Fault::LocalhostOnly, true);
    stage.settle(5);
    assert_eq!(get(&mut stage, "client", &format!("{ip}:8080")), "Reset", "8: bound to localhost");
    let tunnel = stage.cluster.port_forward(&key, 8080, Payload::Http(HttpRequest::get("localhost", "/echo?msg=OK")));
    assert_eq!(stage.end(tunnel), "OK", "8: where port-forward still works");
}
