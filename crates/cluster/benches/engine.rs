//! What the engine costs, natively: `name median unit`, one line each.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods, clippy::disallowed_types)]

mod common;

use std::net::Ipv4Addr;

use cluster::network::{HttpRequest, Payload, Protocol, Socket, Traffic, Vantage};
use common::{bench, fresh, settled};

fn main() {
    for (pods, services, runs) in [(10, 1, 11), (100, 5, 11), (1000, 50, 5), (10_000, 500, 1)] {
        let fresh = fresh(pods);
        let name = format!("settle_{pods}_pods_{services}_services");
        bench(&name, runs, || settled(fresh.clone(), pods, services));
    }
    let mut large = settled(fresh(1000), 1000, 10);
    let ready = large.list(&api::pod::KIND, Some("default")).filter(|pod| api::pod::is_ready(pod)).count();
    println!("ready_pods {ready} pods");
    bench("fork_1000_pods", 101, || large.clone());
    let service = large.get(&api::service::KIND, "default", "app-0").unwrap();
    let ip: Ipv4Addr = service.str(&["spec", "clusterIP"]).parse().unwrap();
    let traffic = Traffic {
        from: Vantage::Node("minikube".into()),
        protocol: Protocol::Tcp,
        to: Socket { ip, port: 80 },
        payload: Payload::Http(HttpRequest::get("app-0", "/")),
    };
    bench("traced_request_100_endpoints", 1001, || large.send(traffic.clone()));
}
