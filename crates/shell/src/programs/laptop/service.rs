//! `minikube service`: where a Service is reached from outside. Models pkg/minikube/service/service.go.

use api::service::{self, ServicePort};
use cluster::addons::LoadBalancerProvider;

use super::minikube::{address, exit, styled};
use super::table::table;
use crate::programs::options::Given;
use crate::sys::Sys;

const HEADERS: [&str; 4] = ["NAMESPACE", "NAME", "TARGET PORT", "URL"];

/// The places of a Service outside: its ports, named as they are shown, with an URL where there is a node port.
fn places(sys: &Sys, ports: &[ServicePort], https: bool) -> Vec<(String, String)> {
    let ip = address(sys, None).unwrap_or_default();
    let scheme = if https { "https" } else { "http" };
    let reached = ports.iter().filter(|port| port.node_port > 0);
    let name = |port: &ServicePort| match port.name.as_str() {
        "" => port.port.to_string(),
        name => format!("{name}/{}", port.port),
    };
    reached.map(|port| (name(port), format!("{scheme}://{ip}:{}", port.node_port))).collect()
}

fn row(namespace: &str, name: &str, places: &[(String, String)]) -> Vec<String> {
    let lines = |part: fn(&(String, String)) -> &str| places.iter().map(part).collect::<Vec<_>>().join("\n");
    let urls = if places.is_empty() { "No node port".to_owned() } else { lines(|place| &place.1) };
    vec![namespace.to_owned(), name.to_owned(), lines(|place| &place.0), urls]
}

/// Runs `minikube service`.
pub(super) async fn run(sys: &Sys, given: &Given) -> i32 {
    let namespace = given.value('n').unwrap_or("default");
    if given.operands.first().is_some_and(|word| word == "list") {
        return list(sys, given.value('n'));
    }
    let [name] = given.operands.as_slice() else {
        return exit(sys, "MK_USAGE", "You must specify service name(s) or --all", 14);
    };
    let ports =
        || sys.cluster(|cluster| Some(service::ports(cluster.store().find(&service::KIND, namespace, name)?)));
    let mut found = ports();
    if found.is_none() {
        // It is waited for a little.
        sys.sleep(2_000_000).await;
        found = ports();
    }
    let Some(found) = found else {
        let text = format!(
            "Service '{name}' was not found in '{namespace}' namespace.\nYou may select another namespace by using \
             'minikube service {name} -n <namespace>'. Or list out all the services using 'minikube service list'"
        );
        return exit(sys, "SVC_NOT_FOUND", &text, 115);
    };
    let places = places(sys, &found, given.has('s'));
    if !given.has('u') {
        sys.out.write(table(&HEADERS, &[row(namespace, name, &places)]));
    }
    if places.is_empty() {
        sys.out.line(styled(sys, "😿", &format!("service {namespace}/{name} has no node port")));
        return 0;
    }
    for (_, url) in &places {
        if given.has('u') {
            sys.out.line(url);
        } else {
            let text = format!("Opening service {namespace}/{name} in default browser...");
            sys.out.line(styled(sys, "🎉", &text));
            sys.err.line(format!("(This playground opens nothing: try 'curl {url}'.)"));
        }
    }
    0
}

fn list(sys: &Sys, namespace: Option<&str>) -> i32 {
    let all: Vec<_> = sys.cluster(|cluster| cluster.store().list(&service::KIND, namespace).cloned().collect());
    let rows: Vec<Vec<String>> =
        all.iter().map(|one| row(one.namespace(), one.name(), &places(sys, &service::ports(one), false))).collect();
    sys.out.write(table(&HEADERS, &rows));
    0
}

/// Runs `minikube tunnel`, which gives load balancers addresses for as long as it runs.
pub(super) async fn tunnel(sys: &Sys) -> i32 {
    let provider = sys.cluster(|cluster| cluster.settings().load_balancer);
    if provider == LoadBalancerProvider::None {
        sys.err.line(
            "minikube tunnel is not simulated by this playground: who gives load balancers their addresses is chosen \
             when its cluster begins",
        );
        return 1;
    }
    sys.out.line(styled(sys, "✅", "Tunnel successfully started"));
    sys.out.line("");
    let note =
        "NOTE: Please do not close this terminal as this process must stay alive for the tunnel to be accessible ...";
    sys.out.line(styled(sys, "📌", note));
    sys.wait(None, |_| None::<()>).await;
    0
}
