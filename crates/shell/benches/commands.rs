//! What manifests and commands cost, natively: `name median unit`, one line each.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods, clippy::disallowed_types)]

#[path = "../../cluster/benches/common/mod.rs"]
mod common;

use std::fmt::Write;

use api::Kind;
use cluster::{Cluster, Request, WriteOptions};
use common::{bench, fresh, settled};
use shell::terminal::run_script;

/// A stream of Deployments and Services of at least so many lines.
fn manifest(lines: usize) -> String {
    let mut text = String::new();
    let mut count = 0;
    for index in 0.. {
        let app = format!("app-{index}");
        let document = format!(
            "apiVersion: apps/v1
kind: Deployment
metadata:
  name: {app}
  labels:
    app: {app}
spec:
  replicas: 3
  selector:
    matchLabels:
      app: {app}
  template:
    metadata:
      labels:
        app: {app}
    spec:
      containers:
      - name: web
        image: nginx:1.25  # the server
        ports:
        - name: http
          containerPort: 80
        env:
        - {{name: GREETING, value: \"hello, {app}\"}}
        resources:
          requests:
            cpu: 100m
            memory: 64Mi
        readinessProbe:
          httpGet:
            path: /
            port: http
---
apiVersion: v1
kind: Service
metadata:
  name: {app}
spec:
  selector:
    app: {app}
  ports:
  - name: http
    port: 80
    targetPort: http
---
"
        );
        count += document.lines().count();
        text.write_str(&document).unwrap();
        if count >= lines {
            break;
        }
    }
    text
}

/// Reads a stream and lets the API server judge each document.
fn validate(cluster: &mut Cluster, text: &str) {
    for document in manifest::parse(text).documents {
        let object = document.value().unwrap().clone();
        if object.is_null() {
            continue;
        }
        let text = |field: &str| object[field].as_str().unwrap();
        let kind = Kind::of_manifest(text("apiVersion"), text("kind")).unwrap();
        let options = WriteOptions { dry_run: true, ..WriteOptions::by("bench") };
        cluster.submit(Request::Create { kind, namespace: "default".into(), object, options }).unwrap();
    }
}

fn main() {
    let empty = fresh(0);
    for (lines, runs) in [(300, 101), (1000, 51), (10_000, 11), (20_000, 11)] {
        let text = manifest(lines);
        bench(&format!("parse_{lines}_lines"), runs, || manifest::parse(&text));
        let mut cluster = empty.clone();
        bench(&format!("parse_and_validate_{lines}_lines"), runs, || validate(&mut cluster, &text));
    }
    let cluster = settled(fresh(1000), 1000, 50);
    let pod = cluster.list(&api::pod::KIND, Some("default")).next().unwrap().name().to_owned();
    for (name, command) in [
        ("get_pods", "kubectl get pods".to_owned()),
        ("get_pods_all_wide", "kubectl get pods -A -o wide".to_owned()),
        ("get_pods_by_label", "kubectl get pods -l app=app-0".to_owned()),
        ("get_pods_yaml", "kubectl get pods -o yaml".to_owned()),
        ("get_endpointslices", "kubectl get endpointslices".to_owned()),
        ("describe_pod", format!("kubectl describe pod {pod}")),
        ("describe_service", "kubectl describe service app-0".to_owned()),
        ("describe_deployment", "kubectl describe deployment app-0".to_owned()),
        ("describe_node", "kubectl describe node minikube".to_owned()),
        ("get_events", "kubectl get events".to_owned()),
    ] {
        let mut cluster = cluster.clone();
        bench(&format!("kubectl_{name}_of_1000_pods"), 21, || {
            let finished = run_script(&mut cluster, &command, "", &[]);
            assert_eq!(finished.exit, Some(0), "{finished:?}");
        });
    }
}
