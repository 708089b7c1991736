//! The API server as a server and as a proxy, and the tunnel of port-forward.

use api::json;
use cluster::Settings;
use cluster::kubelet::Fault;
use cluster::network::{HttpRequest, Payload, Protocol, Vantage};

use crate::stage::{Stage, body};

#[test]
fn the_proxy_answers_in_the_words_of_upstream() {
    let mut stage = Stage::new(Settings::default());
    stage.pod("web-1", "web", 1).pod("local", "local", 1);
    stage.cluster.set_fault(&stage.pod_key("local"), Fault::LocalhostOnly, true);
    stage.service("plain", json!({"selector": {"app": "web"}}));
    let named =
        json!([{"name": "http", "port": 80, "targetPort": 8080}, {"name": "admin", "port": 9090, "targetPort": 81}]);
    stage.service("web", json!({"ports": named})).service("none", json!({})).service("local", json!({}));
    stage.service(
        "ext",
        json!({"type": "ExternalName", "externalName": "example.com", "selector": null, "ports": null}),
    );
    stage.create(
        &api::pod::KIND,
        json!({"metadata": {"name": "pending"}, "spec": {
        "nodeSelector": {"none": "such"}, "containers": [{"name": "c", "image": "nginx"}]}}),
    );
    stage.settle(30);
    let (web, local) = (stage.cluster.get(&api::pod::KIND, "default", "web-1").unwrap(), stage.ip("local"));
    let local_pod =
        stage.cluster.get(&api::pod::KIND, "default", "local").unwrap().str(&["status", "podIP"]).to_owned();
    assert_ne!(local.to_string(), local_pod);
    let web = web.str(&["status", "podIP"]);
    let cases = [
        ("services/plain/proxy/echo?msg=OK", 200, "OK".to_owned()),
        ("services/http:plain:/proxy/echo?msg=OK", 200, "OK".to_owned()),
        ("services/plain:80/proxy/echo?msg=OK", 200, "OK".to_owned()),
        ("services/web:http/proxy/echo?msg=OK", 200, "OK".to_owned()),
        ("pods/web-1/proxy/echo?msg=OK", 200, "OK".to_owned()),
        ("services/plain/proxy", 301, String::new()),
        ("services/plain/proxy/missing", 404, "404 page not found\n".to_owned()),
        ("services/web/proxy/", 503, "no endpoints available for service \"web\"".to_owned()),
        ("services/web:nope/proxy/", 503, "no endpoints available for service \"web:nope\"".to_owned()),
        ("services/plain:81/proxy/", 503, "no service port 81 found for service \"plain\"".to_owned()),
        ("services/none/proxy/", 503, "no endpoints available for service \"none\"".to_owned()),
        ("services/ext/proxy/", 404, "services \"ext\" not found".to_owned()),
        ("services/nosuch/proxy/", 404, "services \"nosuch\" not found".to_owned()),
        ("services/ftp:plain:80/proxy/", 400, "invalid service request \"ftp:plain:80\"".to_owned()),
        (
            "services/web:admin/proxy/",
            503,
            format!("error trying to reach service: dial tcp {web}:81: connect: connection refused"),
        ),
        (
            "services/local/proxy/",
            503,
            format!("error trying to reach service: dial tcp {local_pod}:8080: connect: connection refused"),
        ),
        (
            "services/https:plain:80/proxy/",
            503,
            "error trying to reach service: tls: first record does not look like a TLS handshake".to_owned(),
        ),
        ("pods/pending/proxy/", 400, "address not allowed".to_owned()),
        ("pods/nosuch/proxy/", 404, "pods \"nosuch\" not found".to_owned()),
    ];
    for (path, status, says) in cases {
        let mut request = HttpRequest::get("", &format!("/api/v1/namespaces/default/{path}"));
        request.set_header("User-Agent", "curl/8.14.1");
        let (id, response) = stage.cluster.proxy_request(Vantage::Laptop, request);
        let text = body(&response);
        let text = text
            .lines()
            .find_map(|line| line.trim().strip_prefix("\"message\": \"")?.strip_suffix("\","))
            .map_or(text.clone(), |message| message.replace("\\\"", "\""));
        assert_eq!((response.status, text), (status, says), "{path}: {}", stage.story(id));
    }
}

#[test]
fn the_proxy_is_a_place_on_the_way() {
    let mut stage = Stage::new(Settings::default());
    stage.pod("web-1", "web", 1).service("web", json!({})).settle(30);
    let pod = stage.cluster.get(&api::pod::KIND, "default", "web-1").unwrap().str(&["status", "podIP"]).to_owned();
    let request = HttpRequest::get("", "/api/v1/namespaces/default/services/web/proxy/");
    let (id, _) = stage.cluster.proxy_request(Vantage::Laptop, request);
    assert_eq!(
        stage.story(id),
        format!(
            "laptop 192.168.64.2:8443 > @minikube > (kube-apiserver) > [proxy of services web] {pod}:8080 > @minikube \
             {pod}:8080 > @minikube-m02 > web-1 > (app) > 200 OK > 200 OK"
        )
    );
}

#[test]
fn pods_reach_the_api_server_by_its_service_and_get_no_further() {
    let mut stage = Stage::new(Settings::default());
    stage.pod("client", "client", 1).settle(30);
    let mut request = HttpRequest::get("kubernetes", "/api");
    let id = stage.send("client", Protocol::Tcp, "kubernetes:443", Payload::Http(request.clone()));
    assert_eq!(stage.end(id), "400 Bad Request", "plain text on a port of TLS");
    request.tls = true;
    let id = stage.send("client", Protocol::Tcp, "kubernetes:443", Payload::Http(request));
    assert_eq!(stage.end(id), "403 Forbidden", "{}", stage.story(id));
    let id = stage.send("client", Protocol::Tcp, "kubernetes:443", Payload::Handshake("kubernetes".into()));
    assert!(stage.end(id).contains("minikubeCA"));
}

#[test]
fn a_tunnel_ends_behind_the_door() {
    let mut stage = Stage::new(Settings::default());
    stage.pod("web", "web", 1).service("web", json!({})).settle(30);
    let key = stage.pod_key("web");
    stage.cluster.set_fault(&key, Fault::LocalhostOnly, true);
    let request = Payload::Http(HttpRequest::get("localhost", "/echo?msg=OK"));
    let id = stage.cluster.port_forward(&key, 8080, request.clone());
    assert_eq!(stage.story(id), "laptop 127.0.0.1:8080 > @minikube > @minikube-m02 > web > (app) > 200 OK");
    let id = stage.cluster.port_forward(&key, 81, request);
    assert_eq!(stage.end(id), "Reset");
}
