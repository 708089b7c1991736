//! NetworkPolicies as a truth table: who may reach whom on which port.

use api::{Value, json};
use cluster::Settings;
use cluster::network::{Payload, Protocol};

use crate::stage::{NODES, Stage};

/// `front` and `back` in `default`, `front` in `shop` (labelled `team: shop`); a policy on `back`.
fn stage(enforced: bool, spec: Value) -> Stage {
    let mut stage = Stage::new(Settings { network_policies: enforced, ..Settings::default() });
    stage.create(
        &api::namespace::KIND,
        json!({"metadata": {"name": "shop", "namespace": "", "labels": {"team": "shop"}}}),
    );
    stage.pod("front", "front", 0).pod("other", "other", 0).pod("back", "back", 1);
    let container = json!([{"name": "c", "image": "busybox", "args": ["sleep", "1d"]}]);
    let far = json!({"metadata": {"name": "far", "namespace": "shop", "labels": {"app": "front"}},
        "spec": {"nodeName": NODES[2], "containers": container}});
    stage.create(&api::pod::KIND, far);
    stage.service("back", json!({"ports": [{"port": 80, "targetPort": 8080}]}));
    if !spec.is_null() {
        stage.create(&api::network_policy::KIND, json!({"metadata": {"name": "p"}, "spec": spec}));
    }
    stage.settle(30);
    stage
}

fn passes(stage: &mut Stage, from: &str, to: &str, protocol: Protocol) -> bool {
    let id = stage.send(from, protocol, to, Payload::Connect);
    stage.end(id) == "Connected"
}

/// From `front`, `other`, `shop/far` and the node of `back`, by the Service.
fn row(stage: &mut Stage) -> [bool; 4] {
    let far = cluster::network::Vantage::Pod { namespace: "shop".into(), name: "far".into() };
    let to = stage.socket("back:80");
    let traffic = cluster::network::Traffic { from: far, protocol: Protocol::Tcp, to, payload: Payload::Connect };
    let id = stage.cluster.send(traffic);
    let far = stage.end(id) == "Connected";
    [
        passes(stage, "front", "back:80", Protocol::Tcp),
        passes(stage, "other", "back:80", Protocol::Tcp),
        far,
        passes(stage, "@minikube-m02", "back:80", Protocol::Tcp),
    ]
}

#[test]
fn peers_and_ports() {
    let back = || json!({"matchLabels": {"app": "back"}});
    let front = || json!({"podSelector": {"matchLabels": {"app": "front"}}});
    let team = || json!({"namespaceSelector": {"matchLabels": {"team": "shop"}}});
    let both = || {
        json!({
            "namespaceSelector": {"matchLabels": {"team": "shop"}}, "podSelector": {"matchLabels": {"app": "front"}},
        })
    };
    let from =
        |peers: Value, ports: Value| json!({"podSelector": back(), "ingress": [{"from": peers, "ports": ports}]});
    let tcp = |port: Value| json!([{"protocol": "TCP", "port": port}]);
    let block = |cidr: &str, except: Value| json!([{"ipBlock": {"cidr": cidr, "except": except}}]);
    let all = [true; 4];
    // A node always reaches its own pods.
    let none = [false, false, false, true];
    let cases = [
        ("no policy", Value::Null, all),
        ("deny all", json!({"podSelector": {}, "policyTypes": ["Ingress"]}), none),
        ("allow all", json!({"podSelector": {}, "ingress": [{}]}), all),
        (
            "another pod's policy",
            json!({"podSelector": {"matchLabels": {"app": "x"}}, "policyTypes": ["Ingress"]}),
            all,
        ),
        ("a pod selector means this namespace", from(json!([front()]), json!(null)), [true, false, false, true]),
        ("a namespace selector means all its pods", from(json!([team()]), json!(null)), [false, false, true, true]),
        ("one item with both: AND", from(json!([both()]), json!(null)), [false, false, true, true]),
        ("two items: OR", from(json!([front(), team()]), json!(null)), [true, false, true, true]),
        ("every namespace", from(json!([{"namespaceSelector": {}}]), json!(null)), all),
        ("a block", from(block("10.244.0.0/24", json!(null)), json!(null)), [true, true, false, true]),
        (
            "a block with a hole",
            from(block("10.244.0.0/16", json!(["10.244.0.0/24"])), json!(null)),
            [false, false, true, true],
        ),
        ("the pod's port", from(json!([front()]), tcp(8080.into())), [true, false, false, true]),
        ("not the Service's port", from(json!([front()]), tcp(80.into())), none),
        ("a named port", from(json!([front()]), tcp("web".into())), [true, false, false, true]),
        ("a port that nobody named", from(json!([front()]), tcp("nope".into())), none),
        ("a range", from(json!([front()]), json!([{"port": 8000, "endPort": 8100}])), [true, false, false, true]),
        ("a range beside it", from(json!([front()]), json!([{"port": 80, "endPort": 8079}])), none),
        ("another protocol", from(json!([front()]), json!([{"protocol": "UDP", "port": 8080}])), none),
        ("an empty list of rules", json!({"podSelector": back(), "ingress": []}), none),
    ];
    for (name, spec, allowed) in cases {
        assert_eq!(row(&mut stage(true, spec.clone())), allowed, "{name}");
        assert_eq!(row(&mut stage(false, spec)), all, "{name}, and nobody enforces it");
    }
}

#[test]
fn both_ends_must_allow_and_dns_needs_its_own_rule() {
    let deny = json!({"podSelector": {"matchLabels": {"app": "front"}}, "policyTypes": ["Egress"]});
    let mut stage = stage(true, deny);
    let dns = stage.cluster.get(&api::service::KIND, "kube-system", "kube-dns").unwrap();
    let dns = format!("{}:53", dns.str(&["spec", "clusterIP"]));
    assert!(!passes(&mut stage, "front", &dns, Protocol::Udp), "default deny of egress takes DNS away as well");
    let egress = json!([
        {"to": [{"podSelector": {"matchLabels": {"app": "back"}}}]},
        {"to": [{"namespaceSelector": {}}], "ports": [{"protocol": "UDP", "port": 53}]},
    ]);
    let spec = json!({"podSelector": {"matchLabels": {"app": "front"}}, "policyTypes": ["Egress"], "egress": egress});
    stage.create(&api::network_policy::KIND, json!({"metadata": {"name": "more"}, "spec": spec}));
    assert!(passes(&mut stage, "front", &dns, Protocol::Udp));
    assert!(passes(&mut stage, "front", "back:80", Protocol::Tcp));
    assert!(!passes(&mut stage, "front", "kubernetes:443", Protocol::Tcp));
    let deny = json!({"podSelector": {"matchLabels": {"app": "back"}}, "policyTypes": ["Ingress"]});
    stage.create(&api::network_policy::KIND, json!({"metadata": {"name": "shut"}, "spec": deny}));
    let id = stage.get("front", "back:80", "/");
    assert!(stage.story(id).ends_with("egress allowed > @minikube-m02 > ingress denied"), "{}", stage.story(id));
    let id = stage.get("back", "127.0.0.1:8080", "/clientip");
    assert_ne!(stage.end(id), "lost", "nobody stands between a pod and itself");
}
