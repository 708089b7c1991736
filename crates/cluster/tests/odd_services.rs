//! Manifests made at random, most of them wrong somewhere: whatever is sent, the API server answers, and no two Services
//! ever share a node port or a cluster IP.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use api::{Value, json};
use cluster::apiserver::Subresource;
use cluster::{Cluster, DeleteOptions, Patch, Request, Rng, WriteOptions};

const NAMES: [&str; 6] = ["a", "b", "c", "d", "A!", ""];

/// One of the values that are good, and now and then one that is bad.
fn any(rng: &mut Rng, good: &Value, bad: &Value) -> Value {
    let values = if rng.below(15) == 0 { bad } else { good };
    rng.pick(values.as_array().unwrap()).cloned().unwrap_or_default()
}

fn port(rng: &mut Rng) -> Value {
    let mut port = json!({"port": any(rng, &json!([80, 443, 8080, 53]), &json!([0, 70000, "80", null]))});
    for (field, good, bad) in [
        ("name", json!(["http", "https", "dns", "web"]), json!(["HTTP", "", 7])),
        ("protocol", json!(["TCP", "UDP"]), json!(["tcp", null, 1])),
        ("targetPort", json!([80, "http"]), json!(["no_name", 0, -1, {}])),
        ("nodePort", json!([30000, 30001, 30002, 0]), json!([80, 40000, "30000"])),
    ] {
        if field == "name" || rng.below(2) == 0 {
            port[field] = any(rng, &good, &bad);
        }
    }
    port
}

fn spec(rng: &mut Rng) -> Value {
    let ports: Vec<Value> = (0..=rng.below(2)).map(|_| port(rng)).collect();
    let mut spec = json!({"ports": ports});
    for (field, good, bad) in [
        ("type", json!(["ClusterIP", "NodePort", "NodePort", "LoadBalancer"]), json!(["ExternalName", "Nodeport", 1])),
        ("clusterIP", json!(["10.96.0.50", "10.96.0.51", "None", ""]), json!(["10.0.0.1", "x", "10.96.0.1", null])),
        ("selector", json!([{"app": "web"}, {}]), json!([{"app": 1}, [], null])),
        ("sessionAffinity", json!(["ClientIP", "None"]), json!(["x"])),
    ] {
        if rng.below(2) == 0 {
            spec[field] = any(rng, &good, &bad);
        }
    }
    for (field, values) in [
        ("clusterIPs", json!([["10.96.0.50"], ["None"], [], ["10.96.0.52", "10.96.0.53"], "x"])),
        ("externalName", json!(["example.com", "1.2.3.4", ""])),
        ("externalTrafficPolicy", json!(["Local", "Cluster", "local"])),
        ("healthCheckNodePort", json!([30000, 30005, 0, -3])),
        ("allocateLoadBalancerNodePorts", json!([true, false, "no"])),
        ("ipFamilies", json!([["IPv4"], ["IPv6"], ["IPv4", "IPv6"], []])),
        ("externalIPs", json!([["1.2.3.4"], ["127.0.0.1"], ["x"]])),
        ("oops", json!([1])),
    ] {
        if rng.below(20) == 0 {
            spec[field] = any(rng, &values, &values);
        }
    }
    spec
}

fn act(cluster: &mut Cluster, rng: &mut Rng) {
    let (kind, namespace) = (&api::service::KIND, "default");
    let name = rng.pick(&NAMES).copied().unwrap();
    let options = WriteOptions::by("test");
    let request = match rng.below(6) {
        0..3 => {
            let object = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec(rng)});
            Request::Create { kind, namespace: namespace.into(), object, options }
        }
        3 | 4 => {
            let patch = json!({"spec": spec(rng)});
            let patch = if rng.below(2) == 0 { Patch::Merge(patch) } else { Patch::Strategic(patch) };
            let (namespace, name) = (namespace.into(), name.into());
            Request::Patch { kind, namespace, name, patch, subresource: Subresource::Main, options }
        }
        _ => {
            Request::Delete { kind, namespace: namespace.into(), name: name.into(), options: DeleteOptions::by("test") }
        }
    };
    // Most are refused, and rightly.
    let _ = cluster.submit(request);
}

/// No number is open for two Services, no number twice for one protocol, no address given twice.
fn nothing_is_given_twice(cluster: &Cluster) {
    let (mut owners, mut addresses) = (BTreeMap::new(), BTreeSet::new());
    for service in cluster.list(&api::service::KIND, None) {
        let mut own = BTreeSet::new();
        for port in api::service::ports(service).iter().filter(|port| port.node_port != 0) {
            assert!((30000..=32767).contains(&port.node_port), "{port:?}");
            assert!(own.insert((port.node_port, port.protocol.clone())), "{} has {port:?} twice", service.name());
            let owner = owners.entry(port.node_port).or_insert(service.name());
            assert_eq!(*owner, service.name(), "{port:?}");
        }
        let ip = service.str(&["spec", "clusterIP"]);
        assert!(ip.is_empty() || ip == "None" || addresses.insert(ip.to_owned()), "{ip} of {}", service.name());
    }
}

#[test]
fn whatever_is_sent_nothing_is_given_twice() {
    for seed in 0..40 {
        let (mut cluster, mut rng) = (Cluster::default(), Rng::new(seed));
        let mut most = 0;
        for _ in 0..150 {
            act(&mut cluster, &mut rng);
            nothing_is_given_twice(&cluster);
            most = most.max(cluster.list(&api::service::KIND, Some("default")).count());
        }
        assert!(most > 1, "seed {seed}: some of it is accepted");
    }
}
