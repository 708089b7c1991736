//! What goes wrong in practice, each with its symptom on the wire and what explains it: a row a mistake. Mistakes of which
//! nothing is seen on the wire (names refused, variables, tables) are held by the tests of the API and the shell.

use api::{Value, json};
use cluster::explain;
use cluster::network::{Action, HttpRequest, Outcome, Payload, Protocol, Reply};
use cluster::{Cluster, Settings};

use crate::stage::Stage;

struct Case {
    /// Its number in the list of mistakes, and what it is.
    name: &'static str,
    /// The Service's spec, beside `selector: app=web` and port 80 to 8080.
    service: Value,
    /// From where, to where.
    ask: (&'static str, &'static str),
    /// The end on the wire.
    end: &'static str,
    /// The field of the last hop that says why; empty for none.
    because: &'static str,
}

fn case(
    name: &'static str,
    service: Value,
    ask: (&'static str, &'static str),
    end: &'static str,
    because: &'static str,
) -> Case {
    Case { name, service, ask, end, because }
}

fn stage(service: Value) -> Stage {
    let mut stage = Stage::new(Settings::default());
    stage.pod("client", "client", 0).pod("web-0", "web", 1).service("web", service).settle(30);
    stage
}

fn last_reason(cluster: &Cluster, id: cluster::network::TraceId) -> String {
    let trace = cluster.trace(id).unwrap();
    trace.hops.last().and_then(|hop| hop.because.as_ref()).map_or_else(String::new, |because| because.path.to_string())
}

#[test]
fn each_mistake_has_its_symptom_and_its_reason() {
    let ports = |port: Value| json!({"ports": [port]});
    let selector = |selector: Value| json!({"selector": selector});
    let node_port = || json!({"type": "NodePort", "ports": [{"port": 80, "targetPort": 8080, "nodePort": 30080}]});
    let local = || {
        let mut spec = node_port();
        spec["externalTrafficPolicy"] = "Local".into();
        spec
    };
    let cases = [
        case(
            "1 port and targetPort swapped",
            ports(json!({"port": 8080, "targetPort": 80})),
            ("client", "web:8080"),
            "Reset",
            "spec.containers",
        ),
        case("2 calling the targetPort", json!({}), ("client", "web:8080"), "lost", "spec.ports"),
        case(
            "3 containerPort opens nothing",
            ports(json!({"port": 80, "targetPort": 8081, "protocol": "UDP"})),
            ("client", "web:80"),
            "lost",
            "spec.ports",
        ),
        case(
            "4 a named port that no pod has",
            ports(json!({"port": 80, "targetPort": "http"})),
            ("client", "web:80"),
            "NoEndpoints",
            "spec.selector",
        ),
        case(
            "5 the name, but of another protocol",
            ports(json!({"port": 80, "targetPort": "web", "protocol": "UDP"})),
            ("client", "web:80"),
            "lost",
            "spec.ports",
        ),
        case("9 nodePort at the ClusterIP", node_port(), ("client", "web:30080"), "lost", "spec.ports"),
        case("9 port at the node", node_port(), ("laptop", "minikube:80"), "Reset", ""),
        case("11 TCP by default", json!({}), ("udp", "web:80"), "lost", "spec.ports"),
        case(
            "12 a selector mistyped",
            selector(json!({"app": "wbe"})),
            ("client", "web:80"),
            "NoEndpoints",
            "spec.selector",
        ),
        case(
            "13 the Deployment's label",
            selector(json!({"app": "web", "tier": "x"})),
            ("client", "web:80"),
            "NoEndpoints",
            "spec.selector",
        ),
        case("14 too broad a selector", selector(json!({"app": "client"})), ("client", "web:80"), "OK", ""),
        case(
            "32 no load balancer, its node port works",
            json!({"type": "LoadBalancer", "ports": [{"port": 80, "targetPort": 8080, "nodePort": 30080}]}),
            ("laptop", "minikube:30080"),
            "OK",
            "",
        ),
        case(
            "34 Local without an endpoint here",
            local(),
            ("laptop", "minikube:30080"),
            "lost",
            "spec.externalTrafficPolicy",
        ),
        case("34 Local with one", local(), ("laptop", "minikube-m02:30080"), "OK", ""),
        case("37 pinging it", json!({}), ("ping", "web:0"), "lost", "spec.ports"),
    ];
    for Case { name, service, ask: (from, to), end, because } in cases {
        let mut stage = stage(service);
        let id = match from {
            "udp" => stage.send("client", Protocol::Udp, to, Payload::Connect),
            "ping" => stage.send("client", Protocol::Icmp, to, Payload::Ping),
            from => stage.get(from, to, "/echo?msg=OK"),
        };
        assert_eq!((stage.end(id).as_str(), last_reason(&stage.cluster, id).as_str()), (end, because), "{name}");
    }
}

#[test]
fn the_nearest_miss_names_the_smallest_fix() {
    for (service, words, fix) in [
        (json!({"selector": {"app": "wbe"}}), "the pod has app=web, not app=wbe", Some(json!("web"))),
        (json!({"selector": {"app": "web", "tier": "x"}}), "the pod has no label tier, wanted tier=x", None),
        (json!({"ports": [{"port": 80, "targetPort": "http"}]}), "the pod has no TCP port named http", None),
        (json!({"ports": [{"port": 80, "targetPort": 80}]}), "nothing in the pod listens on 80", Some(json!(8080))),
        (json!({"selector": null}), "the Service has no selector", None),
    ] {
        let stage = stage(service);
        let object = |kind, name| stage.cluster.get(kind, "default", name).unwrap();
        let reasons =
            explain::why_not(&stage.cluster, &object(&api::pod::KIND, "web-0"), &object(&api::service::KIND, "web"));
        assert_eq!(reasons.len(), 1, "{words}: {reasons:?}");
        assert_eq!((reasons[0].words.as_str(), reasons[0].fix.clone().and_then(|fix| fix.value)), (words, fix));
    }
}

#[test]
fn mistakes_of_a_second_pod_show_now_and_then() {
    // 14: two programs share a label; 48: a pod asks its own Service without hairpin.
    let mut stage = Stage::new(Settings { hairpin: false, ..Settings::default() });
    stage.pod("client", "client", 0).pod("web-0", "web", 1).pod("stray", "web", 2);
    let wrong = json!([{"name": "c", "image": "redis", "ports": [{"containerPort": 8080}]}]);
    stage.pod_with("cache", "web", 2, json!({"containers": wrong}));
    stage.service("web", json!({})).settle(60);
    let mut ends: Vec<String> = (0..40)
        .map(|_| {
            let id = stage.get("client", "web:80", "/hostname");
            stage.end(id)
        })
        .collect();
    ends.sort();
    ends.dedup();
    assert_eq!(ends, ["Reset", "stray", "web-0"]);
    let mut ends: Vec<String> = (0..40)
        .map(|_| {
            let id = stage.get("web-0", "web:80", "/hostname");
            stage.end(id)
        })
        .collect();
    ends.sort();
    ends.dedup();
    assert_eq!(ends, ["Reset", "lost", "stray"]);
}

#[test]
fn a_rollout_without_patience_loses_some() {
    // 49: the pod ends before every node has heard of it.
    let mut stage = stage(json!({}));
    stage.pod("web-1", "web", 2).settle(30);
    stage.delete(&api::pod::KIND, "web-0");
    let mut ends = Vec::new();
    for _ in 0..40 {
        let next = stage.cluster.now() + 20_000;
        stage.cluster.poll(next);
        let id = stage.get("client", "web:80", "/hostname");
        ends.push(stage.end(id));
    }
    assert!(ends.iter().any(|end| end != "web-1" && end != "web-0"), "{ends:?}");
    assert!(ends[30..].iter().all(|end| end == "web-1"), "{ends:?}");
}

#[test]
fn external_names_keep_the_host_that_was_asked() {
    // 30: the certificate and the Host are of other names.
    let mut stage = stage(json!({}));
    let id = stage.get("client", "192.0.2.80:80", "/");
    assert!(stage.end(id).starts_with("example.com"));
    let id = stage.send("client", Protocol::Tcp, "192.0.2.80:443", Payload::Handshake("ext".into()));
    let Outcome::Answered(Reply::Certificate(certificate)) = &stage.trace(id).outcome else { panic!() };
    assert!(certificate.trusted && certificate.covers("example.com") && !certificate.covers("ext"));
}

#[test]
fn reachability_tells_all_at_once_and_disturbs_nothing() {
    let stage = stage(json!({"type": "NodePort", "ports": [{"port": 80, "targetPort": 8080, "nodePort": 30080}]}));
    let before = stage.cluster.clone();
    let target = |name: &str| explain::Target {
        name: name.to_owned(),
        protocol: Protocol::Tcp,
        at: stage.socket(name),
        http: Some(("web".to_owned(), "/".to_owned())),
    };
    let from = ["client", "@minikube", "laptop", "internet"].map(crate::stage::vantage);
    let to = ["web:80", "minikube:30080", "web-0:8080"].map(target);
    let matrix = explain::reachability(&stage.cluster, &from, &to);
    let answered: Vec<bool> = matrix.iter().map(explain::Reached::is_answered).collect();
    // `web-0` is the pod's own address; the last target is a Service of no such port for none of them.
    assert_eq!(answered, [true, true, true, true, true, true, false, true, false, false, false, false]);
    assert_eq!(stage.cluster.store().log(), before.store().log());
    assert_eq!(stage.cluster.traces().len(), before.traces().len());
    assert!(matrix[0].trace.hops.iter().any(|hop| matches!(hop.action, Action::Translate { .. })));
    let _ = HttpRequest::get("web", "/");
}
