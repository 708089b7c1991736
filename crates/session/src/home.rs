//! The scene taken home: one script that makes it on a real cluster and compares each answer with the playground's.

use std::collections::BTreeSet;

use api::{Object, Value, object::lookup};
use cluster::apiserver::{Request, WriteOptions};
use cluster::network::{Outcome, Payload, Protocol, Socket, Traffic, Vantage};
use cluster::{Cluster, Settings};
use serde_json::json;

use crate::bring::{containers, objects};

/// The pod that asks.
const PROBE: &str = "playground-probe";
/// Virtual microseconds that the probe has to start.
const PATIENCE: u64 = 30_000_000;

/// What stands before the scene: how to use the script.
const HEAD: &str = r#"#!/usr/bin/env bash
# A scene of the Services Playground, for a real cluster on your own machine.
#
#   bash scene.sh             makes a cluster with kind, applies the scene, compares every answer
#   bash scene.sh minikube    the same with minikube
#   bash scene.sh here        uses the cluster that kubectl speaks to now, in the namespaces of the scene
#   bash scene.sh clean       removes what kind or minikube made
#
# It needs kubectl, and Docker with kind or minikube.
set -u
name=services-playground
case ${1:-kind} in
  kind) kind create cluster --name "$name" --wait 2m || exit ;;
  minikube) minikube start --profile "$name" || exit ;;
  here) ;;
  clean) kind delete cluster --name "$name" 2>/dev/null; minikube delete --profile "$name" 2>/dev/null; exit ;;
  *) sed -n '2,9p' "$0"; exit 2 ;;
esac

"#;

/// How the real cluster is asked: one word for what became of an attempt, as the playground has it.
const ASK: &str = r#"
passed=0 failed=0
# NAMESPACE ADDRESS PORT EXPECTED
check() {
  said=$(kubectl exec -n "$1" playground-probe -- wget -q -O /dev/null -T 3 "http://$2:$3/" 2>&1)
  case $said in
    *refused*) got=refused ;;
    *"bad address"*) got="no such name" ;;
    *"timed out"* | *unreachable* | *"No route"*) got="no answer" ;;
    # A page, an error page, or something that is no HTTP: somebody listens.
    *) got=reached ;;
  esac
  if [ "$got" = "$4" ]; then passed=$((passed + 1)); mark=ok; else failed=$((failed + 1)); mark=DIFFERS; fi
  printf '%-8s %-40s %s (playground: %s)\n' "$mark" "$2:$3 from namespace $1" "$got" "$4"
}

"#;

impl crate::Model {
    /// The script for what the learner's files declare.
    #[must_use]
    pub fn take_home(&self) -> String {
        let streams: Vec<_> = self.editor.texts().iter().map(|(_, text)| manifest::parse(text)).collect();
        script(&self.cluster, streams.iter().flat_map(objects))
    }
}

fn script<'a>(cluster: &Cluster, declared: impl Iterator<Item = &'a Value>) -> String {
    let mut objects = String::new();
    let mut namespaces = BTreeSet::from(["default".to_owned()]);
    let mut remarks = remarks(cluster.settings());
    for value in declared {
        let mut value = value.clone();
        if let Some(namespace) = lookup(&value, &["metadata", "namespace"]).and_then(Value::as_str) {
            namespaces.insert(namespace.to_owned());
        }
        real_image(&mut value, &mut remarks);
        objects.push_str("---\n");
        objects.push_str(&manifest::to_yaml(&value));
    }
    namespaces.retain(|name| cluster.list(&api::namespace::KIND, None).any(|namespace| namespace.name() == name));
    let mut text = HEAD.to_owned();
    for remark in remarks {
        text.push_str(&format!("# {remark}\n"));
    }
    // Quoted, so that the shell changes nothing in it; a line that is the end mark cannot stand in YAML that was printed.
    text.push_str(&format!("kubectl apply -f - <<'END_OF_SCENE'\n{objects}END_OF_SCENE\n"));
    for namespace in &namespaces {
        text.push_str(&format!(
            "kubectl run {PROBE} -n {namespace} --image=busybox:1.37 --restart=Never -- sleep 86400\n\
             kubectl wait -n {namespace} --for=condition=Ready pod/{PROBE} --timeout=120s\n"
        ));
    }
    text.push_str(
        "# Pods that are to become ready have done so by now; those that never do are part of the scene.\nsleep 20\n",
    );
    text.push_str(ASK);
    for check in checks(cluster, &namespaces) {
        text.push_str(&check);
    }
    text.push_str("\necho \"$passed as in the playground, $failed different\"\n[ \"$failed\" = 0 ]\n");
    text
}

/// What the real cluster does not have as the playground does.
fn remarks(settings: &Settings) -> Vec<String> {
    let mut found = Vec::new();
    if settings.load_balancer != cluster::addons::LoadBalancerProvider::None {
        found.push(
            "The playground's cluster gives load balancers an address; kind needs cloud-provider-kind for it."
                .to_owned(),
        );
    }
    if settings.ingress_controller != cluster::addons::IngressController::None {
        found
            .push("The playground's cluster runs ingress-nginx: install it for the Ingresses of the scene.".to_owned());
    }
    if settings.gateway_controller != cluster::addons::GatewayController::None {
        found.push(
            "The playground's cluster runs NGINX Gateway Fabric: install it for the Gateways of the scene.".to_owned(),
        );
    }
    found
}

/// The image that exists in the playground only becomes one that answers on the same port.
fn real_image(value: &mut Value, remarks: &mut Vec<String>) {
    let name = lookup(value, &["metadata", "name"]).and_then(Value::as_str).unwrap_or_default().to_owned();
    for container in containers(value) {
        let image = container.get("image").and_then(Value::as_str).unwrap_or_default();
        if cluster::images::repository(image) != "playground/app" {
            continue;
        }
        let variable = |name: &str| {
            let env = container.get("env")?.as_array()?;
            env.iter().find(|variable| variable.get("name").is_some_and(|n| n == name))?.get("value")?.as_str()
        };
        let port = variable("PORT").unwrap_or("8080").to_owned();
        if let Some(container) = container.as_object_mut() {
            container.insert("image".to_owned(), "registry.k8s.io/e2e-test-images/agnhost:2.53".into());
            container.insert("args".to_owned(), json!(["netexec", format!("--http-port={port}")]));
        }
        remarks
            .push(format!("{name}: playground/app is the playground's own; agnhost stands in for it on port {port}."));
    }
}

/// A line for each port of each Service of the learner's, with what the playground's cluster answers to a new pod.
fn checks(cluster: &Cluster, namespaces: &BTreeSet<String>) -> Vec<String> {
    let mut fork = cluster.clone();
    for namespace in namespaces {
        let object = json!({
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": PROBE, "labels": {"run": PROBE}},
            "spec": {"restartPolicy": "Never", "containers": [
                {"name": PROBE, "image": "busybox:1.37", "command": ["sleep", "86400"]}]}
        });
        let (kind, namespace) = (&api::pod::KIND, namespace.as_str().into());
        // Where it is refused (a pod of this name is there), that one asks.
        drop(fork.submit(Request::Create { kind, namespace, object, options: WriteOptions::by("playground") }));
    }
    let until = fork.now() + PATIENCE;
    fork.poll(until);
    let services: Vec<_> = fork.list(&api::service::KIND, None).filter(|service| is_asked(service)).cloned().collect();
    let mut lines = Vec::new();
    for service in &services {
        for port in api::service::ports(service).into_iter().filter(|port| port.protocol.as_str() == "TCP") {
            let Ok(ip) = service.str(&["spec", "clusterIP"]).parse() else { continue };
            for namespace in namespaces {
                let mut asked = fork.clone();
                let from = Vantage::Pod { namespace: namespace.as_str().into(), name: PROBE.into() };
                let to = Socket { ip, port: port.port };
                let id = asked.send(Traffic { from, protocol: Protocol::Tcp, to, payload: Payload::Connect });
                let Some(trace) = asked.trace(id) else { continue };
                let expected = match trace.outcome {
                    Outcome::Answered(_) => "reached",
                    Outcome::Refused(_) => "refused",
                    Outcome::Lost => "no answer",
                };
                lines.push(format!(
                    "check {namespace} {}.{} {} \"{expected}\"\n",
                    service.name(),
                    service.namespace(),
                    port.port
                ));
            }
        }
    }
    lines
}

/// A Service of the learner's with an address of its own.
fn is_asked(service: &Object) -> bool {
    !service.namespace().starts_with("kube-")
        && service.name() != "kubernetes"
        && !service.str(&["spec", "clusterIP"]).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCENE: &str = "\
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: lost}
spec: {selector: {app: nobody}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {containers: [{name: web, image: 'playground/app:1', env: [{name: PORT, value: '8080'}]}]}
";

    #[test]
    fn the_script_knows_what_the_playground_answers() {
        let mut cluster = Cluster::new(Settings::default());
        let values: Vec<Value> =
            manifest::parse(SCENE).documents.iter().filter_map(|document| document.value().cloned()).collect();
        for value in &values {
            let kind = api::Kind::of_manifest("v1", value["kind"].as_str().unwrap()).unwrap();
            let (namespace, object) = ("default".into(), value.clone());
            cluster.submit(Request::Create { kind, namespace, object, options: WriteOptions::by("test") }).unwrap();
        }
        cluster.settle(60_000_000);
        let before = cluster.store().revision();
        let script = script(&cluster, values.iter());
        assert_eq!(cluster.store().revision(), before, "asking must not disturb the learner's cluster");
        for part in [
            "check default web.default 80 \"reached\"\n",
            "check default lost.default 80 \"refused\"\n",
            "image: registry.k8s.io/e2e-test-images/agnhost:2.53\n",
            "- --http-port=8080\n",
            "# web: playground/app is the playground's own",
            "kubectl run playground-probe -n default ",
        ] {
            assert!(script.contains(part), "{part:?} is not in:\n{script}");
        }
        assert!(!script.contains("kubernetes.default"), "{script}");
    }
}
