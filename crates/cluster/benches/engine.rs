//! What the engine costs, natively: `name median unit`, one line each.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods, clippy::disallowed_types)]

use std::net::Ipv4Addr;
use std::time::Instant;

use api::json;
use cluster::network::{HttpRequest, Payload, Protocol, Socket, Traffic, Vantage};
use cluster::{Cluster, Request, WriteOptions};

/// So many pods behind so many Services, applied and settled.
fn settled(mut cluster: Cluster, pods: usize, services: usize) -> Cluster {
    let options = WriteOptions::by("bench");
    for index in 0..services {
        let app = format!("app-{index}");
        let namespace = "default";
        let object = json!({"metadata": {"name": app}, "spec": {"selector": {"app": app}, "ports": [{"port": 80}]}});
        let (kind, options_) = (&api::service::KIND, options.clone());
        cluster.submit(Request::Create { kind, namespace: namespace.into(), object, options: options_ }).unwrap();
        let object = json!({"metadata": {"name": app}, "spec": {
            "replicas": pods / services, "selector": {"matchLabels": {"app": app}},
            "template": {
                "metadata": {"labels": {"app": app}},
                "spec": {"containers": [{"name": "web", "image": "nginx:1.25"}]},
            },
        }});
        let (kind, options) = (&api::deployment::KIND, options.clone());
        cluster.submit(Request::Create { kind, namespace: namespace.into(), object, options }).unwrap();
    }
    cluster.settle(60_000_000);
    cluster
}

/// Microseconds of the median of some runs.
fn median(runs: usize, mut run: impl FnMut()) -> u128 {
    let mut times: Vec<u128> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_nanos()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2] / 1000
}

fn main() {
    let fresh = Cluster::default();
    for (pods, services) in [(10, 1), (100, 5), (1000, 50)] {
        let took = median(5, || drop(settled(fresh.clone(), pods, services)));
        println!("settle_{pods}_pods_{services}_services {took} us");
    }
    let mut large = settled(fresh, 1000, 50);
    let ready = large.list(&api::pod::KIND, Some("default")).filter(|pod| api::pod::is_ready(pod)).count();
    println!("ready_pods {ready} pods");
    println!("fork_1000_pods {} us", median(101, || drop(large.clone())));
    let service = large.get(&api::service::KIND, "default", "app-0").unwrap();
    let ip: Ipv4Addr = service.str(&["spec", "clusterIP"]).parse().unwrap();
    let traffic = Traffic {
        from: Vantage::Node("minikube".into()),
        protocol: Protocol::Tcp,
        to: Socket { ip, port: 80 },
        payload: Payload::Http(HttpRequest::get("app-0", "/")),
    };
    let took = median(1001, || {
        large.send(traffic.clone());
    });
    println!("traced_request {took} us");
}
