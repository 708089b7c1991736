//! What NGINX Gateway Fabric makes of Gateways and HTTPRoutes.

use api::{Value, json};
use cluster::Settings;
use cluster::network::{HttpRequest, Outcome, Payload, Protocol, Reply, TraceId};

use crate::stage::Stage;

fn stage() -> Stage {
    let mut stage = Stage::new(Settings::default());
    let container = json!([{
        "name": "nginx", "image": "ghcr.io/nginx/nginx-gateway-fabric/nginx:2.2.0", "ports": [{"containerPort": 80, "hostPort": 80}],
    }]);
    stage.pod_with("data-plane", "gateway", 0, json!({"containers": container}));
    stage.pod("web-0", "web", 1).pod("api-0", "api", 2);
    stage.service("web", json!({})).service("api", json!({})).service("none", json!({}));
    stage.create(
        &api::gateway_class::KIND,
        json!({"metadata": {"name": "nginx"}, "spec": {"controllerName": "gateway.nginx.org/nginx-gateway-controller"}}),
    );
    stage.create(
        &api::gateway::KIND,
        json!({"metadata": {"name": "gw"}, "spec": {"gatewayClassName": "nginx", "listeners": [
            {"name": "http", "port": 80, "protocol": "HTTP"},
        ]}}),
    );
    stage
}

fn route(stage: &mut Stage, name: &str, hostnames: Value, rules: Value) {
    let spec = json!({"parentRefs": [{"name": "gw"}], "hostnames": hostnames, "rules": rules});
    stage.create(&api::http_route::KIND, json!({"metadata": {"name": name}, "spec": spec}));
}

fn ask(stage: &mut Stage, host: &str, path: &str, header: Option<(&str, &str)>) -> TraceId {
    let mut request = HttpRequest::get(host, path);
    if let Some((name, value)) = header {
        request.set_header(name, value);
    }
    stage.send("laptop", Protocol::Tcp, "minikube:80", Payload::Http(request))
}

fn to(name: &str) -> Value {
    json!([{"name": name, "port": 80}])
}

#[test]
fn hosts_paths_and_headers_find_their_service() {
    let mut stage = stage();
    route(
        &mut stage,
        "shop",
        json!(["shop.example"]),
        json!([
            {"matches": [{"path": {"type": "PathPrefix", "value": "/"}}], "backendRefs": to("web")},
            {"matches": [{"path": {"type": "PathPrefix", "value": "/host"}}], "backendRefs": to("none")},
            {"matches": [{"path": {"type": "Exact", "value": "/hostname"}}], "backendRefs": to("api")},
            {"matches": [{"headers": [{"name": "canary", "value": "yes"}]}], "backendRefs": to("api")},
            {"matches": [{"path": {"type": "PathPrefix", "value": "/ghost"}}], "backendRefs": to("nosuch")},
            {"matches": [{"path": {"type": "PathPrefix", "value": "/none"}}], "backendRefs": to("none")},
        ]),
    );
    route(&mut stage, "wild", json!(["*.example"]), json!([{"backendRefs": to("api")}]));
    stage.settle(30);
    for (host, path, header, answer) in [
        ("shop.example", "/hostName", None, "web-0"),
        ("shop.example", "/hostname", None, "api-0"),
        ("shop.example", "/hostName", Some(("canary", "yes")), "api-0"),
        ("shop.example", "/none", None, "503 Service Temporarily Unavailable"),
        ("shop.example", "/ghost", None, "500 Internal Server Error"),
        ("a.b.example", "/hostname", None, "api-0"),
        ("192.168.64.2", "/", None, "404 Not Found"),
    ] {
        let id = ask(&mut stage, host, path, header);
        assert_eq!(stage.end(id), answer, "{host}{path}: {}", stage.story(id));
    }
}

#[test]
fn weights_and_filters() {
    let mut stage = stage();
    let split = json!([{"name": "web", "port": 80, "weight": 9}, {"name": "api", "port": 80, "weight": 1}]);
    let prefix = |new: &str| json!({"type": "ReplacePrefixMatch", "replacePrefixMatch": new});
    route(
        &mut stage,
        "all",
        json!([]),
        json!([
            {"matches": [{"path": {"type": "PathPrefix", "value": "/"}}], "backendRefs": split},
            {
                "matches": [{"path": {"type": "PathPrefix", "value": "/old"}}],
                "filters": [{"type": "RequestRedirect", "requestRedirect": {"scheme": "https", "hostname": "new.example", "statusCode": 301}}],
            },
            {
                "matches": [{"path": {"type": "PathPrefix", "value": "/v1"}}],
                "filters": [
                    {"type": "URLRewrite", "urlRewrite": {"path": prefix("/")}},
                    {"type": "ResponseHeaderModifier", "responseHeaderModifier": {"set": [{"name": "X-Env", "value": "test"}]}},
                ],
                "backendRefs": to("api"),
            },
        ]),
    );
    stage.settle(30);
    let mut counts = [0, 0];
    for _ in 0..200 {
        let id = ask(&mut stage, "any", "/hostname", None);
        counts[usize::from(stage.end(id) == "api-0")] += 1;
    }
    assert!((5..=40).contains(&counts[1]), "{counts:?}");
    let response = |stage: &mut Stage, path: &str| {
        let id = ask(stage, "any", path, None);
        let Outcome::Answered(Reply::Http(response)) = &stage.trace(id).outcome else { panic!() };
        response.clone()
    };
    let moved = response(&mut stage, "/old/x");
    assert_eq!((moved.status, moved.header("Location")), (301, Some("https://new.example/old/x")));
    let rewritten = response(&mut stage, "/v1/hostname");
    assert_eq!((rewritten.body.as_slice(), rewritten.header("x-env")), (&b"api-0"[..], Some("test")));
}

#[test]
fn a_route_of_another_namespace_or_gateway_is_not_served() {
    let mut stage = stage();
    stage.create(&api::namespace::KIND, json!({"metadata": {"name": "shop", "namespace": ""}}));
    for (name, parent) in [("far", json!({"name": "gw", "namespace": "default"})), ("lost", json!({"name": "nosuch"}))]
    {
        let spec = json!({"parentRefs": [parent], "rules": [{"backendRefs": to("web")}]});
        stage.create(&api::http_route::KIND, json!({"metadata": {"name": name, "namespace": "shop"}, "spec": spec}));
    }
    stage.settle(30);
    let id = ask(&mut stage, "any", "/", None);
    assert_eq!(stage.end(id), "404 Not Found");
}

#[test]
fn the_controller_as_it_installs_itself_gives_each_gateway_its_own_nginx() {
    use cluster::addons::{GatewayController, LoadBalancerProvider};
    let mut stage = Stage::new(Settings {
        gateway_controller: GatewayController::NginxFabric,
        load_balancer: LoadBalancerProvider::Cloud,
        ..Settings::default()
    });
    stage.pod("web-0", "web", 1).service("web", json!({}));
    stage.create(
        &api::gateway::KIND,
        json!({"metadata": {"name": "gw"}, "spec": {"gatewayClassName": "nginx", "listeners": [
            {"name": "http", "port": 80, "protocol": "HTTP"},
        ]}}),
    );
    route(&mut stage, "shop", json!(["shop.example"]), json!([{"backendRefs": to("web")}]));
    stage.settle(90);
    let service = stage.cluster.get(&api::service::KIND, "default", "gw-nginx").unwrap();
    let ip = service.list(&["status", "loadBalancer", "ingress"])[0]["ip"].as_str().unwrap().to_owned();
    let request = Payload::Http(HttpRequest::get("shop.example", "/hostname"));
    let id = stage.send("internet", Protocol::Tcp, &format!("{ip}:80"), request);
    assert_eq!(stage.end(id), "web-0", "{}", stage.story(id));
}
