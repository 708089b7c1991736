//! What the benchmarks share: clusters of a size, and a clock.

use std::time::Instant;

use api::json;
use cluster::cluster::{NodeSettings, Settings};
use cluster::{Cluster, Request, WriteOptions};

/// A cluster with room for so many pods: a node has 253 addresses.
pub(crate) fn fresh(pods: usize) -> Cluster {
    let mut settings = Settings::default();
    settings.nodes.iter_mut().for_each(|node| node.max_pods = 250);
    for index in settings.nodes.len()..pods.div_ceil(200) {
        settings.nodes.push(NodeSettings {
            name: format!("worker-{index}"),
            internal_ip: format!("192.168.64.{}", index + 2),
            pod_network: format!("10.244.{index}"),
            control_plane: false,
            max_pods: 250,
        });
    }
    Cluster::new(settings)
}

/// So many pods behind so many Services, applied and settled.
pub(crate) fn settled(mut cluster: Cluster, pods: usize, services: usize) -> Cluster {
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

/// Runs something some times and prints the median in microseconds, and where Linux tells it the least time that the
/// processor was busy with it: that is nearly the same on a machine that has other work. What it returns is dropped outside
/// of the time. Words on the command line choose the benchmarks whose names hold one of them.
pub(crate) fn bench<T>(name: &str, runs: usize, mut run: impl FnMut() -> T) {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    if !words.is_empty() && !words.iter().any(|word| name.contains(word.as_str())) {
        return;
    }
    let mut least = None::<u128>;
    let mut times: Vec<u128> = (0..runs)
        .map(|_| {
            let (before, start) = (busy(), Instant::now());
            let made = run();
            let (took, after) = (start.elapsed().as_nanos(), busy());
            drop(made);
            let own = before.zip(after).map(|(before, after)| after - before);
            least = least.into_iter().chain(own).min();
            took
        })
        .collect();
    times.sort_unstable();
    let own = least.map(|nanos| format!(" (busy {} us)", nanos / 1000)).unwrap_or_default();
    println!("{name} {} us{own}", times[times.len() / 2] / 1000);
}

/// Nanoseconds that the processor has spent on this process; `None` where nobody tells.
fn busy() -> Option<u128> {
    let text = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok()
}
