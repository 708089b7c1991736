//! The walk of Kubernetes' "Debug Services" page: each step as it should be, and with the fault that the step finds.

use api::{Value, json};
use cluster::Settings;
use cluster::apiserver::Subresource;
use cluster::kubelet::Fault;
use cluster::network::dns::{self, Question, Rcode, RecordType};
use cluster::network::{Payload, Protocol, rules};

use crate::stage::Stage;

/// `hostnames`: three pods that say their name on 9376, and a Service on 80.
fn stage(service: bool) -> Stage {
    let mut stage = Stage::new(Settings::default());
    stage.pod("client", "client", 0);
    let container = json!([{
        "name": "app", "image": "registry.k8s.io/e2e-test-images/agnhost:2.47", "args": ["serve-hostname"],
        "ports": [{"name": "web", "containerPort": 9376}],
    }]);
    for (name, node) in [("h-0", 0), ("h-1", 1), ("h-2", 2)] {
        stage.pod_with(name, "hostnames", node, json!({"containers": container}));
    }
    if service {
        stage.service("hostnames", json!({"ports": [{"port": 80, "targetPort": 9376}]}));
    }
    stage.settle(30);
    stage
}

fn pod_ip(stage: &Stage, name: &str) -> String {
    stage.cluster.get(&api::pod::KIND, "default", name).unwrap().str(&["status", "podIP"]).to_owned()
}

fn ask(stage: &mut Stage, from: &str, to: &str) -> String {
    let id = stage.get(from, to, "/");
    stage.end(id)
}

fn names(stage: &Stage, name: &str) -> Rcode {
    dns::answer(&stage.cluster, &Question::new(name, RecordType::A)).rcode
}

fn patch(stage: &mut Stage, spec: Value) {
    stage.patch(&api::service::KIND, "hostnames", Subresource::Main, json!({"spec": spec}));
}

#[test]
fn step_1_pods_serve() {
    let mut stage = stage(false);
    for pod in ["h-0", "h-1", "h-2"] {
        let to = format!("{}:9376", pod_ip(&stage, pod));
        assert_eq!(ask(&mut stage, "client", &to), pod);
    }
}

#[test]
fn step_2_the_service_exists() {
    let (without, with) = (stage(false), stage(true));
    let name = "hostnames.default.svc.cluster.local";
    assert_eq!((names(&without, name), names(&with, name)), (Rcode::NxDomain, Rcode::NoError));
}

#[test]
fn step_3_no_policy_stands_between() {
    let mut stage = stage(true);
    let spec = json!({"podSelector": {"matchLabels": {"app": "hostnames"}}, "policyTypes": ["Ingress"]});
    stage.create(&api::network_policy::KIND, json!({"metadata": {"name": "shut"}, "spec": spec}));
    let id = stage.get("client", "hostnames:80", "/");
    assert_eq!(stage.end(id), "lost");
    assert!(stage.story(id).ends_with("ingress denied"), "{}", stage.story(id));
}

#[test]
fn step_4_names_work() {
    let mut stage = stage(true);
    assert_eq!(names(&stage, "kubernetes.default.svc.cluster.local"), Rcode::NoError);
    let dns = stage.cluster.get(&api::service::KIND, "kube-system", "kube-dns").unwrap();
    let at = format!("{}:53", dns.str(&["spec", "clusterIP"]));
    let question = Question::new("hostnames.default.svc.cluster.local", RecordType::A);
    for from in ["client", "@minikube"] {
        let id = stage.send(from, Protocol::Udp, &at, Payload::Dns(question.clone()));
        assert!(stage.story(id).ends_with(&stage.ip("hostnames").to_string()), "{}", stage.story(id));
    }
}

#[test]
fn step_5_the_address_works() {
    let mut stage = stage(true);
    let mut said: Vec<String> = (0..30).map(|_| ask(&mut stage, "client", "hostnames:80")).collect();
    said.sort();
    said.dedup();
    assert_eq!(said, ["h-0", "h-1", "h-2"]);
}

#[test]
fn step_6_it_is_defined_correctly() {
    for (port, end) in [
        (json!({"port": 8080, "targetPort": 9376}), "lost"),
        (json!({"port": 80, "targetPort": 80}), "Reset"),
        (json!({"port": 80, "targetPort": "nope"}), "NoEndpoints"),
        (json!({"port": 80, "targetPort": "web"}), "name"),
        (json!({"port": 80, "targetPort": 9376, "protocol": "UDP"}), "lost"),
    ] {
        let mut stage = stage(true);
        patch(&mut stage, json!({"ports": [port]}));
        let said = ask(&mut stage, "client", "hostnames:80");
        assert_eq!(if said.starts_with("h-") { "name" } else { said.as_str() }, end, "{port}");
    }
}

#[test]
fn step_7_it_has_endpoints() {
    let mut stage = stage(true);
    patch(&mut stage, json!({"selector": {"app": null, "run": "hostnames"}}));
    assert_eq!(ask(&mut stage, "client", "hostnames:80"), "NoEndpoints");
    patch(&mut stage, json!({"selector": {"run": null, "app": "hostnames"}}));
    for pod in ["h-0", "h-1", "h-2"] {
        stage.cluster.set_fault(&stage.pod_key(pod), Fault::NotReady, true);
    }
    stage.settle(30);
    assert_eq!(ask(&mut stage, "client", "hostnames:80"), "NoEndpoints");
}

#[test]
fn step_8_pods_work_at_their_own_port() {
    let mut stage = stage(true);
    stage.cluster.set_fault(&stage.pod_key("h-1"), Fault::LocalhostOnly, true);
    let ip = pod_ip(&stage, "h-1");
    assert_eq!(ask(&mut stage, "client", &format!("{ip}:80")), "Reset", "the Service's port is none of the pod's");
    assert_eq!(ask(&mut stage, "client", &format!("{ip}:9376")), "Reset");
}

#[test]
fn steps_9_to_11_the_nodes_rules() {
    let mut stage = stage(true);
    let text = rules::iptables_save(&stage.cluster, "minikube", None, false);
    let count = |needle: &str| text.lines().filter(|line| line.starts_with("-A") && line.contains(needle)).count();
    assert_eq!(count("hostnames cluster IP\" -m tcp --dport 80 -j KUBE-SVC-"), 1);
    assert_eq!(count("default/hostnames -> "), 3);
    assert_eq!(count("-m comment --comment \"default/hostnames\" -m tcp -j DNAT"), 3);
    assert!(ask(&mut stage, "@minikube", "hostnames:80").starts_with("h-"));
    // A proxy that has not heard yet: the rules are the old ones.
    patch(&mut stage, json!({"selector": {"app": "client"}}));
    assert!(rules::iptables_save(&stage.cluster, "minikube", None, false).contains("hostnames -> 10.244."));
}

#[test]
fn step_12_a_pod_reaches_itself() {
    for (hairpin, end) in [(true, "h-0"), (false, "lost")] {
        let mut stage = Stage::new(Settings { hairpin, ..Settings::default() });
        let container = json!([{
            "name": "app", "image": "registry.k8s.io/e2e-test-images/agnhost:2.47", "args": ["serve-hostname"],
        }]);
        stage.pod_with("h-0", "hostnames", 0, json!({"containers": container}));
        stage.service("hostnames", json!({"ports": [{"port": 80, "targetPort": 9376}]})).settle(30);
        assert_eq!(ask(&mut stage, "h-0", "hostnames:80"), end);
    }
}
