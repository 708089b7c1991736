//! What ingress-nginx makes of Ingresses: hosts, paths, classes, TLS, and what it says when there is nothing behind.

use api::{Value, json};
use cluster::Settings;
use cluster::kubelet::Fault;
use cluster::network::{HttpRequest, Outcome, Payload, Protocol, Reply, TraceId};

use crate::stage::Stage;

/// The controller as a pod of its own on the first node, with the node's ports 80 and 443; a client, and two Services.
fn stage() -> Stage {
    let mut stage = Stage::new(Settings::default());
    let container = json!([{
        "name": "controller", "image": "registry.k8s.io/ingress-nginx/controller:v1.13.2", "ports": [
            {"containerPort": 80, "hostPort": 80}, {"containerPort": 443, "hostPort": 443},
        ],
    }]);
    stage.pod_with("nginx", "nginx", 0, json!({"containers": container})).pod("client", "client", 1);
    stage.pod("web-0", "web", 1).pod("api-0", "api", 2);
    stage.service("web", json!({})).service("api", json!({})).service("none", json!({}));
    stage
}

fn ingress(stage: &mut Stage, name: &str, annotations: Value, spec: Value) {
    stage.create(&api::ingress::KIND, json!({"metadata": {"name": name, "annotations": annotations}, "spec": spec}));
}

fn path(path: &str, kind: &str, service: &str) -> Value {
    json!({"path": path, "pathType": kind, "backend": {"service": {"name": service, "port": {"number": 80}}}})
}

fn ask(stage: &mut Stage, host: &str, path: &str, tls: bool) -> TraceId {
    let mut request = HttpRequest::get(host, path);
    request.tls = tls;
    let to = if tls { "minikube:443" } else { "minikube:80" };
    stage.send("laptop", Protocol::Tcp, to, Payload::Http(request))
}

/// The pod that answers `/hostname`-like questions, or the status.
fn answers(stage: &mut Stage, host: &str, path: &str) -> String {
    let id = ask(stage, host, path, false);
    stage.end(id)
}

#[test]
fn hosts_and_paths_find_their_service() {
    let mut stage = stage();
    let rule = |host: &str, paths: Value| json!({"host": host, "http": {"paths": paths}});
    let rules = json!([
        rule("shop.example", json!([path("/hostname", "Exact", "web"), path("/", "Prefix", "api")])),
        rule("*.wild.example", json!([path("/", "Prefix", "web")])),
        rule("x.wild.example", json!([path("/", "Prefix", "api")])),
        {"http": {"paths": [path("/hostname", "ImplementationSpecific", "web")]}},
    ]);
    ingress(&mut stage, "shop", json!({}), json!({"ingressClassName": "nginx", "rules": rules}));
    stage.settle(30);
    for (host, path, answer) in [
        ("shop.example", "/hostname", "web-0"),
        ("shop.example", "/hostname/", "404 Not Found"),
        ("SHOP.example:8080", "/hostname", "web-0"),
        ("shop.example", "/hostName", "api-0"),
        ("a.wild.example", "/hostname", "web-0"),
        ("x.wild.example", "/hostname", "api-0"),
        ("a.b.wild.example", "/nothing", "404 Not Found"),
        ("192.168.64.2", "/hostname", "web-0"),
        ("other.example", "/x", "404 Not Found"),
    ] {
        assert_eq!(answers(&mut stage, host, path), answer, "{host}{path}");
    }
}

#[test]
fn hops_show_the_controller_as_a_place() {
    let mut stage = stage();
    let rules = json!([{"host": "shop.example", "http": {"paths": [path("/", "Prefix", "web")]}}]);
    ingress(&mut stage, "shop", json!({}), json!({"rules": rules}));
    stage.settle(30);
    let ip = |stage: &Stage, pod: &str| {
        stage.cluster.get(&api::pod::KIND, "default", pod).unwrap().str(&["status", "podIP"]).to_owned()
    };
    let (nginx, web) = (ip(&stage, "nginx"), ip(&stage, "web-0"));
    let id = ask(&mut stage, "shop.example", "/", false);
    assert_eq!(
        stage.story(id),
        format!(
            "laptop 192.168.64.2:80 > @minikube > track {nginx}:80 > nginx > (controller) > [Ingress shop: shop.example/ to \
             web:80] {web}:8080 > nginx {web}:8080 > @minikube > @minikube-m02 > web-0 > (app) > 200 OK > 200 OK"
        )
    );
    let id = ask(&mut stage, "shop.example", "/clientip", false);
    assert!(stage.end(id).starts_with(&nginx), "the app sees the proxy: {}", stage.end(id));
}

#[test]
fn what_is_missing_has_its_own_answer() {
    let mut stage = stage();
    let paths = json!([
        path("/none", "Prefix", "none"),
        path("/nosuch", "Prefix", "nosuch"),
        path("/web", "Prefix", "web"),
        path("/deaf", "Prefix", "deaf"),
    ]);
    ingress(&mut stage, "shop", json!({}), json!({"rules": [{"host": "shop.example", "http": {"paths": paths}}]}));
    ingress(
        &mut stage,
        "other",
        json!({}),
        json!({
            "ingressClassName": "traefik", "rules": [{"host": "other.example", "http": {"paths": [path("/", "Prefix", "web")]}}],
        }),
    );
    stage.service("deaf", json!({"selector": {"app": "api"}, "ports": [{"port": 80, "targetPort": 81}]})).settle(30);
    for (host, path, answer) in [
        ("shop.example", "/none", "503 Service Temporarily Unavailable"),
        ("shop.example", "/nosuch", "503 Service Temporarily Unavailable"),
        ("shop.example", "/deaf", "502 Bad Gateway"),
        ("shop.example", "/else", "404 Not Found"),
        ("other.example", "/", "404 Not Found"),
    ] {
        assert_eq!(answers(&mut stage, host, path), answer, "{host}{path}");
    }
    stage.cluster.set_fault(&stage.pod_key("web-0"), Fault::Hang, true);
    assert_eq!(answers(&mut stage, "shop.example", "/web"), "504 Gateway Time-out");
    let id = ask(&mut stage, "nothing.example", "/", false);
    let Outcome::Answered(Reply::Http(response)) = &stage.trace(id).outcome else { panic!() };
    assert_eq!(response.body.len(), 146);
    let names: Vec<&str> = response.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Date", "Content-Type", "Content-Length", "Connection"]);
    // Without the controller nobody listens.
    stage.delete(&api::pod::KIND, "nginx").settle(60);
    assert_eq!(answers(&mut stage, "shop.example", "/"), "Reset");
}

#[test]
fn default_backends_rewrites_and_tls() {
    let mut stage = stage();
    ingress(
        &mut stage,
        "all",
        json!({}),
        json!({"defaultBackend": {"service": {"name": "api", "port": {"number": 80}}}}),
    );
    let annotations = json!({"nginx.ingress.kubernetes.io/rewrite-target": "/$2"});
    let rules =
        json!([{"host": "r.example", "http": {"paths": [path("/api(/|$)(.*)", "ImplementationSpecific", "web")]}}]);
    ingress(&mut stage, "rewritten", annotations, json!({"rules": rules}));
    stage.create(
        &api::secret::KIND,
        json!({"metadata": {"name": "cert"}, "type": "kubernetes.io/tls", "data": {"tls.crt": "eA==", "tls.key": "eA=="}}),
    );
    let rules = json!([{"host": "tls.example", "http": {"paths": [path("/", "Prefix", "web")]}}]);
    let tls = json!([{"hosts": ["tls.example"], "secretName": "cert"}]);
    ingress(&mut stage, "secured", json!({}), json!({"rules": rules, "tls": tls}));
    stage.settle(30);
    for (host, path, answer) in [
        ("any.example", "/hostname", "api-0"),
        ("r.example", "/api/hostname", "web-0"),
        ("r.example", "/hostname", "404 Not Found"),
        ("tls.example", "/x?y", "308 Permanent Redirect"),
    ] {
        assert_eq!(answers(&mut stage, host, path), answer, "{host}{path}");
    }
    let id = ask(&mut stage, "tls.example", "/hostname", true);
    assert_eq!(stage.end(id), "web-0");
    for (name, subject) in [
        ("tls.example", "CN=tls.example"),
        ("other.example", "O=Acme Co; CN=Kubernetes Ingress Controller Fake Certificate"),
    ] {
        let id = stage.send("laptop", Protocol::Tcp, "minikube:443", Payload::Handshake(name.into()));
        let Outcome::Answered(Reply::Certificate(certificate)) = &stage.trace(id).outcome else { panic!() };
        assert_eq!((certificate.subject.as_str(), certificate.is_self_signed()), (subject, true));
    }
}

#[test]
fn the_controller_as_minikube_installs_it_serves_the_nodes_ports() {
    let mut stage =
        Stage::new(Settings { ingress_controller: cluster::addons::IngressController::Nginx, ..Settings::default() });
    stage.pod("web-0", "web", 1).service("web", json!({}));
    let rules = json!([{"host": "shop.example", "http": {"paths": [path("/", "Prefix", "web")]}}]);
    ingress(&mut stage, "shop", json!({}), json!({"ingressClassName": "nginx", "rules": rules}));
    stage.settle(90);
    assert_eq!(answers(&mut stage, "shop.example", "/hostname"), "web-0");
    assert_eq!(answers(&mut stage, "192.168.64.2", "/hostname"), "404 Not Found");
}
