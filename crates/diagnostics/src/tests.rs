//! The whole: scenes as a learner meets them, healthy and broken.

use std::collections::BTreeSet;

use crate::testing::{cluster, deployment, line, pod, policy, service};
use crate::{DIAGNOSTICS, diagnose};

#[test]
fn codes_are_unique_and_in_kebab_case() {
    let codes: BTreeSet<&str> = DIAGNOSTICS.iter().map(|check| check.code()).collect();
    assert_eq!(codes.len(), DIAGNOSTICS.len());
    assert!(codes.iter().all(|code| code.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
}

#[test]
fn healthy_scenes_are_left_alone() {
    let named = pod("web", "app: web", "nginx")
        .replace("image: nginx", "image: nginx, ports: [{name: http, containerPort: 80}]");
    let web = |spec: &str| service("web", &format!("selector: {{app: web}}, {spec}"));
    for (scene, yaml) in [
        ("nothing", String::new()),
        ("a pod and its Service", pod("web", "app: web", "nginx") + &web("ports: [{port: 80}]")),
        ("another port outside", pod("web", "app: web", "nginx") + &web("ports: [{port: 8080, targetPort: 80}]")),
        ("a named port", named.clone() + &web("ports: [{port: 80, targetPort: http}]")),
        (
            "two ports",
            named + &web("ports: [{name: http, port: 80, targetPort: http}, {name: alt, port: 8080, targetPort: 80}]"),
        ),
        ("headless", pod("web", "app: web", "nginx") + &web("clusterIP: None, ports: [{port: 80}]")),
        ("a node port", pod("web", "app: web", "nginx") + &web("type: NodePort, ports: [{port: 80, nodePort: 30080}]")),
        (
            "a Deployment with probes",
            deployment(
                "web",
                "app: web",
                "app: web",
                "nginx, readinessProbe: {httpGet: {path: /, port: 80}}, livenessProbe: {tcpSocket: {port: 80}}",
            ) + &web("ports: [{port: 80}]"),
        ),
        (
            "a policy",
            pod("web", "app: web", "nginx")
                + &policy("web", "podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 80}]}]"),
        ),
        ("a Deployment", deployment("web", "app: web", "app: web", "nginx") + &web("ports: [{port: 80}]")),
        ("a name for a host", service("db", "type: ExternalName, externalName: db.example.com")),
    ] {
        let said: Vec<String> = diagnose(&cluster(&yaml)).iter().map(line).collect();
        assert_eq!(said, [""; 0], "{scene}");
    }
}

#[test]
fn a_cluster_on_its_way_is_not_judged() {
    let mut cluster = cluster::Cluster::default();
    let yaml =
        deployment("web", "", "app: web", "nginx") + &service("web", "selector: {app: web}, ports: [{port: 80}]");
    crate::testing::create(&mut cluster, &yaml);
    let mut moments = 0;
    while let Some(due) = cluster.poll_at().filter(|due| due.millis() < 60_000) {
        cluster.poll(due);
        moments += 1;
        assert_eq!(diagnose(&cluster).iter().map(line).collect::<Vec<_>>(), [""; 0], "{due:?}");
    }
    assert!(moments > 5);
}
