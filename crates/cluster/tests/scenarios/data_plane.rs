//! What each mode of kube-proxy does with each kind of address, and whom the app sees.

use api::json;
use cluster::Settings;
use cluster::apiserver::Subresource;
use cluster::cluster::ProxyMode;
use cluster::network::{OutsideHost, OutsideListener, Payload, Protocol, Speaks};

use crate::stage::Stage;

/// Clients on the first and second node; `web` with a pod on each of these; `one` with a pod on the second node only;
/// `none` without pods; `local` as `one` with the Local policies.
fn stage(mode: ProxyMode) -> Stage {
    let mut stage = Stage::new(Settings { proxy_mode: mode, ..Settings::default() });
    stage.pod("client", "client", 0).pod("client-2", "client", 1);
    stage.pod("web-0", "web", 0).pod("web-1", "web", 1).pod("one", "one", 1).pod("local", "local", 1);
    let node_port =
        |port: u16| json!({"type": "NodePort", "ports": [{"port": 80, "targetPort": 8080, "nodePort": port}]});
    stage.service("web", node_port(30080)).service("one", node_port(30081)).service("none", node_port(30082));
    let mut local = node_port(30083);
    local["externalTrafficPolicy"] = "Local".into();
    stage.service("local", local);
    stage.service("inner", json!({"selector": {"app": "local"}, "internalTrafficPolicy": "Local"}));
    stage.settle(30);
    stage
}

#[test]
fn the_app_sees_who_asked_or_the_node_that_hid_them() {
    let mut stage = stage(ProxyMode::Iptables);
    let (client, client_2) = (stage.ip("client").to_string(), stage.ip("client-2").to_string());
    // `one` runs on the second node, whose own address in the network of its pods is 10.244.1.1.
    let cases = [
        ("client", "one:80", client.as_str()),
        ("client-2", "one:80", &client_2),
        ("@minikube", "one:80", "192.168.64.2"),
        ("@minikube-m02", "one:80", "10.244.1.1"),
        ("laptop", "minikube:30081", "192.168.64.2"),
        ("laptop", "minikube-m02:30081", "10.244.1.1"),
        ("client", "minikube:30081", "192.168.64.2"),
        ("client", "minikube-m02:30081", "10.244.1.1"),
        ("laptop", "minikube-m02:30083", "192.168.64.1"),
        ("client", "minikube:30083", &client),
        ("@minikube", "minikube:30083", "192.168.64.2"),
        ("@minikube", "127.0.0.1:30081", "192.168.64.2"),
        ("one", "one:80", "10.244.1.1"),
        ("one", "127.0.0.1:8080", "127.0.0.1"),
    ];
    for (from, to, sees) in cases {
        assert_eq!(stage.sees(from, to), sees, "{from} to {to}");
    }
}

#[test]
fn refused_dropped_or_nobody_there_by_mode() {
    let all = [ProxyMode::Iptables, ProxyMode::Nftables, ProxyMode::Ipvs];
    let cases = [
        ("client", "none:80", ["NoEndpoints"; 3]),
        ("@minikube", "none:80", ["NoEndpoints"; 3]),
        ("laptop", "minikube:30082", ["NoEndpoints"; 3]),
        ("laptop", "minikube:30083", ["lost", "lost", "NoEndpoints"]),
        ("client-2", "minikube:30083", ["lost", "lost", "NoEndpoints"]),
        ("client", "inner:80", ["lost", "lost", "NoEndpoints"]),
        ("client", "web:81", ["lost", "NoSuchPort", "Reset"]),
        ("@minikube", "web:8080", ["lost", "NoSuchPort", "Reset"]),
        ("client", "10.96.200.1:80", ["lost"; 3]),
        ("client", "10.244.1.99:80", ["lost"; 3]),
        ("client", "192.168.64.99:80", ["HostUnreachable"; 3]),
        ("client", "198.51.100.7:80", ["lost"; 3]),
        ("client", "web-0:80", ["Reset"; 3]),
        ("client", "127.0.0.1:80", ["Reset"; 3]),
        ("laptop", "minikube:30999", ["Reset"; 3]),
        ("@minikube", "127.0.0.1:30080", ["OK", "Reset", "Reset"]),
        ("laptop", "web:80", ["lost"; 3]),
        ("laptop", "web-0:8080", ["lost"; 3]),
        ("@minikube", "10.244.0.1:30080", ["OK", "Reset", "OK"]),
        ("internet", "minikube:30080", ["lost"; 3]),
    ];
    for (index, mode) in all.into_iter().enumerate() {
        let mut stage = stage(mode);
        for (from, to, ends) in &cases {
            let id = stage.get(from, to, "/echo?msg=OK");
            assert_eq!(stage.end(id), ends[index], "{from} to {to}, {mode:?}: {}", stage.story(id));
        }
        for (to, ends) in [
            ("web:0", ["lost", "NoSuchPort", "pong 64"]),
            ("minikube-m02:0", ["pong 63"; 3]),
            ("web-0:0", ["pong 63"; 3]),
            ("web-1:0", ["pong 62"; 3]),
            ("127.0.0.1:0", ["pong 64"; 3]),
        ] {
            let id = stage.send("client", Protocol::Icmp, to, Payload::Ping);
            assert_eq!(stage.end(id), ends[index], "ping of {to}, {mode:?}");
        }
    }
}

#[test]
fn hops_tell_the_whole_way() {
    let mut stage = stage(ProxyMode::Iptables);
    let one = stage.ip("one");
    let pod = stage.cluster.get(&api::pod::KIND, "default", "one").unwrap().str(&["status", "podIP"]).to_owned();
    for (from, to, story) in [
        (
            "client",
            "one:80",
            format!("client {one}:80 > @minikube > dnat {pod}:8080 (1/1) > @minikube-m02 > one > (app) > 200 OK"),
        ),
        (
            "laptop",
            "minikube:30081",
            format!(
                "laptop 192.168.64.2:30081 > @minikube > dnat {pod}:8080 (1/1) > masq 192.168.64.2 > @minikube-m02 > one > \
                 (app) > 200 OK"
            ),
        ),
        (
            "client",
            "minikube-m02:30081",
            format!(
                "client 192.168.64.3:30081 > @minikube > masq 192.168.64.2 > @minikube-m02 > dnat {pod}:8080 (1/1) > masq \
                 10.244.1.1 > one > (app) > 200 OK"
            ),
        ),
    ] {
        let id = stage.get(from, to, "/");
        assert_eq!(stage.story(id), story);
    }
}

#[test]
fn nodes_in_a_virtual_machine_are_out_of_the_laptops_reach() {
    let mut stage = Stage::new(Settings { nodes_reachable: false, ..Settings::default() });
    stage.pod("web", "web", 0).service("web", json!({"type": "NodePort"})).settle(30);
    assert_eq!(stage.sees("laptop", "minikube:30080"), "lost");
}

#[test]
fn a_pod_without_hairpin_cannot_reach_itself() {
    for (hairpin, end) in [(true, "OK"), (false, "lost")] {
        let mut stage = Stage::new(Settings { hairpin, ..Settings::default() });
        stage.pod("web", "web", 0).service("web", json!({})).settle(30);
        let id = stage.get("web", "web:80", "/echo?msg=OK");
        assert_eq!(stage.end(id), end);
    }
}

#[test]
fn an_affine_client_stays_and_ipvs_goes_round() {
    let mut stage = stage(ProxyMode::Iptables);
    stage.service("sticky", json!({"selector": {"app": "web"}, "sessionAffinity": "ClientIP"})).settle(5);
    let ask = |stage: &mut Stage, to: &str| {
        let id = stage.get("client", to, "/hostname");
        stage.end(id)
    };
    let first = ask(&mut stage, "sticky:80");
    assert!((0..20).all(|_| ask(&mut stage, "sticky:80") == first));
    let all: Vec<String> = (0..20).map(|_| ask(&mut stage, "web:80")).collect();
    assert!(all.contains(&"web-0".to_owned()) && all.contains(&"web-1".to_owned()), "chance finds both");
    stage.delete(&api::pod::KIND, &first).settle(60);
    assert_ne!(ask(&mut stage, "sticky:80"), first, "an endpoint that is gone is forgotten");
    let mut stage = self::stage(ProxyMode::Ipvs);
    let turns: Vec<String> = (0..4).map(|_| ask(&mut stage, "web:80")).collect();
    assert!(turns[0] != turns[1] && turns[..2] == turns[2..], "{turns:?}");
}

#[test]
fn load_balancers_ask_for_health_and_keep_strangers_out() {
    use cluster::addons::LoadBalancerProvider;
    let mut stage = Stage::new(Settings { load_balancer: LoadBalancerProvider::Cloud, ..Settings::default() });
    stage.pod("client", "client", 0).pod("web", "web", 1);
    let local = json!({"type": "LoadBalancer", "externalTrafficPolicy": "Local"});
    stage.service("web", local).settle(30);
    let address = json!({"status": {"loadBalancer": {"ingress": [{"ip": "198.51.100.10", "ipMode": "VIP"}]}}});
    stage.patch(&api::service::KIND, "web", Subresource::Status, address);
    assert_eq!(stage.sees("internet", "198.51.100.10:80"), "203.0.113.7", "the source survives the Local policy");
    assert_eq!(stage.sees("client", "198.51.100.10:80"), stage.ip("client").to_string());
    let service = stage.cluster.get(&api::service::KIND, "default", "web").unwrap();
    let port = service.int(&["spec", "healthCheckNodePort"]).unwrap();
    for (node, end) in [("minikube", "503 Service Unavailable"), ("minikube-m02", "{")] {
        let id = stage.get("laptop", &format!("{node}:{port}"), "/healthz");
        assert!(stage.end(id).starts_with(end), "{node}: {}", stage.end(id));
    }
    let ranges = json!({"spec": {"loadBalancerSourceRanges": ["192.0.2.0/24"]}});
    stage.patch(&api::service::KIND, "web", Subresource::Main, ranges);
    assert_eq!(stage.sees("internet", "198.51.100.10:80"), "lost");
}

#[test]
fn machines_outside_are_reached_under_the_nodes_address() {
    let database = OutsideHost {
        names: vec!["db.example.com".to_owned()],
        ip: "192.168.64.50".parse().unwrap(),
        listeners: vec![OutsideListener { protocol: Protocol::Tcp, port: 5432, speaks: Speaks::Other }],
    };
    let outside = vec![OutsideHost::example(), database];
    let mut stage = Stage::new(Settings { outside, ..Settings::default() });
    stage.pod("client", "client", 0).settle(30);
    stage.create(&api::service::KIND, json!({"metadata": {"name": "db"}, "spec": {"ports": [{"port": 5432}]}}));
    stage.create(
        &api::endpoint_slice::KIND,
        json!({
            "metadata": {"name": "db-1", "labels": {"kubernetes.io/service-name": "db"}}, "addressType": "IPv4",
            "endpoints": [{"addresses": ["192.168.64.50"]}], "ports": [{"port": 5432}],
        }),
    );
    stage.settle(5);
    let db = stage.ip("db");
    let id = stage.send("client", Protocol::Tcp, "db:5432", Payload::Connect);
    assert_eq!(
        stage.story(id),
        format!(
            "client {db}:5432 > @minikube > dnat 192.168.64.50:5432 (1/1) > masq 192.168.64.2 > outside > connection accepted"
        )
    );
    let id = stage.get("client", "192.0.2.80:80", "/");
    assert_eq!(stage.end(id), "example.com: you sent Host: 192.0.2.80\n");
    let id = stage.get("laptop", "192.168.64.50:80", "/");
    assert_eq!(stage.end(id), "Reset");
}

#[test]
fn ports_of_nodes_lead_to_pods_of_the_host_and_to_components() {
    let mut stage = Stage::new(Settings::default());
    let container = json!([{
        "name": "app", "image": "registry.k8s.io/e2e-test-images/agnhost:2.47", "args": ["netexec", "--http-port=8088"],
    }]);
    stage.pod_with("host", "host", 1, json!({"hostNetwork": true, "containers": container}));
    let mapped = json!([{
        "name": "app", "image": "registry.k8s.io/e2e-test-images/agnhost:2.47", "args": ["netexec"],
        "ports": [{"containerPort": 8080, "hostPort": 8000}],
    }]);
    stage.pod_with("mapped", "mapped", 2, json!({"containers": mapped})).pod("client", "client", 0);
    stage.service("host", json!({"ports": [{"port": 80, "targetPort": 8088}]})).settle(30);
    assert_eq!(stage.sees("laptop", "minikube-m02:8088"), "192.168.64.1");
    assert_eq!(
        stage.sees("client", "host:80"),
        "192.168.64.2",
        "the network plugin hides pods from the nodes' network"
    );
    assert_eq!(stage.sees("laptop", "minikube-m03:8000"), "192.168.64.1");
    for (to, end) in [("minikube-m02:10256", "{\"status\":\"ok\"}"), ("minikube:8443", "400 Bad Request")] {
        let id = stage.get("laptop", to, "/healthz");
        assert_eq!(stage.end(id), end);
    }
    stage.cluster.set_node_down("minikube-m03", true);
    let id = stage.get("laptop", "minikube-m03:8000", "/");
    assert_eq!(stage.end(id), "HostUnreachable");
}

#[test]
fn tls_in_a_pod_is_spoken_on_its_port_only() {
    let mut stage = Stage::new(Settings::default());
    let container = json!([{
        "name": "app", "image": "playground/app", "env": [
            {"name": "PORT", "value": "8443"}, {"name": "TLS", "value": "secure"}, {"name": "TEXT", "value": "sealed"},
        ],
    }]);
    stage.pod("client", "client", 0).pod_with("secure", "secure", 1, json!({"containers": container}));
    stage.service("secure", json!({"ports": [{"port": 443, "targetPort": 8443}]})).settle(30);
    let id = stage.get("client", "secure:443", "/");
    assert_eq!(stage.end(id), "400 Bad Request", "plain text on a port of TLS");
    let mut request = cluster::network::HttpRequest::get("secure", "/");
    request.tls = true;
    let id = stage.send("client", Protocol::Tcp, "secure:443", Payload::Http(request.clone()));
    assert_eq!(stage.end(id), "sealed\n");
    let id = stage.send("client", Protocol::Tcp, "client:8080", Payload::Http(request));
    assert_eq!(stage.end(id), "Garbage", "TLS on a port of plain text");
    let id = stage.send("client", Protocol::Tcp, "secure:443", Payload::Handshake("secure".into()));
    assert!(stage.end(id).contains("CN=secure"));
}

#[test]
fn a_draining_pod_serves_when_nobody_else_does() {
    let mut stage = Stage::new(Settings::default());
    let slow = json!([{
        "name": "app", "image": "playground/app", "env": [
            {"name": "PORT", "value": "8080"}, {"name": "STOP_AFTER", "value": "20"}, {"name": "TEXT", "value": "old"},
        ],
    }]);
    stage.pod("client", "client", 0).pod_with("old", "web", 1, json!({"containers": slow}));
    stage.service("web", json!({})).settle(30).delete(&api::pod::KIND, "old").settle(5);
    let id = stage.get("client", "web:80", "/");
    assert_eq!(stage.end(id), "old\n", "{}", stage.story(id));
    stage.settle(60);
    let id = stage.get("client", "web:80", "/");
    assert_eq!(stage.end(id), "NoEndpoints");
}

#[test]
fn a_port_given_back_by_one_service_is_the_next_ones() {
    let mut stage = stage(ProxyMode::Iptables);
    let port = |port: u16| json!([{"port": 80, "targetPort": 8080, "nodePort": port}]);
    // Both changes reach the nodes at once, and `one` comes before `web`.
    for (name, number) in [("web", 30090), ("one", 30080)] {
        stage.patch(&api::service::KIND, name, Subresource::Main, json!({"spec": {"ports": port(number)}}));
    }
    stage.settle(30);
    for to in ["minikube:30080", "minikube:30090"] {
        let id = stage.get("laptop", to, "/echo?msg=OK");
        assert_eq!(stage.end(id), "OK", "{to}: {}", stage.story(id));
    }
}
