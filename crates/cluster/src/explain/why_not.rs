//! Every reason why a pod is not behind a Service, or answers nothing there.

use api::service::{ServicePort, TargetPort};
use api::{Object, ObjectKey, Path};

use super::{Fix, lacks, target_port};
use crate::Cluster;
use crate::network::Protocol;

/// One reason, and the smallest change that takes it away.
#[derive(Clone, PartialEq, Debug)]
pub struct Reason {
    /// The object whose field it is about.
    pub object: ObjectKey,
    /// The field.
    pub path: Path,
    /// What is so, in one sentence without a full stop.
    pub words: String,
    /// What mends it; `None` when only time or the program in the pod can.
    pub fix: Option<Fix>,
}

/// Why a pod gets no traffic of a Service: empty when it does. What stands first hides what follows it.
#[must_use]
pub fn why_not(cluster: &Cluster, pod: &Object, service: &Object) -> Vec<Reason> {
    let why = Why {
        cluster,
        pod,
        service,
        pod_key: ObjectKey::of(&api::pod::KIND, pod),
        service_key: ObjectKey::of(&api::service::KIND, service),
    };
    let mut reasons = why.selection();
    if reasons.is_empty() {
        reasons.extend(why.state());
        reasons.extend(api::service::ports(service).iter().enumerate().filter_map(|(at, port)| why.port(at, port)));
    }
    reasons
}

struct Why<'a> {
    cluster: &'a Cluster,
    pod: &'a Object,
    service: &'a Object,
    pod_key: ObjectKey,
    service_key: ObjectKey,
}

impl Why<'_> {
    fn of_service(&self, path: Path, words: String, fix: Option<(String, api::Value)>) -> Reason {
        let object = self.service_key.clone();
        let fix =
            fix.map(|(title, value)| Fix { title, object: object.clone(), path: path.clone(), value: Some(value) });
        Reason { object, path, words, fix }
    }

    fn selection(&self) -> Vec<Reason> {
        let selector = Path::new("spec.selector");
        if self.service.str(&["spec", "type"]) == "ExternalName" {
            let words = "the Service is another name for a host and leads to no pod".to_owned();
            return vec![self.of_service(Path::new("spec.type"), words, None)];
        }
        if self.pod.namespace() != self.service.namespace() {
            let words =
                format!("a Service selects in its own namespace only, and the pod is in {}", self.pod.namespace());
            return vec![self.of_service(Path::new("metadata.namespace"), words, None)];
        }
        if self.service.map(&["spec", "selector"]).is_none_or(api::Map::is_empty) {
            return vec![self.of_service(selector, "the Service has no selector".to_owned(), None)];
        }
        let lacks = lacks(self.service, self.pod).into_iter();
        lacks
            .map(|lack| {
                let words = format!("the pod has {}", lack.words());
                let title = format!("Set {} to {}", lack.key, lack.has.as_deref().unwrap_or_default());
                let fix = lack.has.clone().map(|has| (title, has.into()));
                self.of_service(selector.key(&lack.key), words, fix)
            })
            .collect()
    }

    fn state(&self) -> Option<Reason> {
        let (field, words) = match self.pod.str(&["status", "phase"]) {
            "Succeeded" | "Failed" => ("phase", "the pod has ended"),
            _ if self.pod.is_terminating() => ("phase", "the pod is going away"),
            _ if self.pod.str(&["status", "podIP"]).is_empty() => ("podIP", "the pod has no address yet"),
            _ if self.service.bool(&["spec", "publishNotReadyAddresses"]) => return None,
            _ if !api::pod::is_ready(self.pod) => ("conditions", "the pod is not ready"),
            _ => return None,
        };
        let path = Path::new("status").child(field);
        Some(Reason { object: self.pod_key.clone(), path, words: words.to_owned(), fix: None })
    }

    fn port(&self, at: usize, port: &ServicePort) -> Option<Reason> {
        let path = Path::new("spec.ports").index(at).child("targetPort");
        let Some(number) = target_port(self.pod, port) else {
            let TargetPort::Name(name) = &port.target_port else { return None };
            let words = format!("the pod has no {} port named {name}", port.protocol);
            return Some(self.of_service(path, words, None));
        };
        let listeners = self.cluster.listeners(&self.pod_key);
        let protocol = Protocol::of(&port.protocol)?;
        if !self.cluster.kubelet.is_running(&self.pod_key) || self.cluster.hears(&self.pod_key, protocol, number) {
            return None;
        }
        let local = listeners.iter().any(|l| l.protocol == protocol && l.port == number);
        if local {
            let words = format!("the process listens on {number} of 127.0.0.1 only");
            return Some(Reason { object: self.pod_key.clone(), path: Path::new("spec.containers"), words, fix: None });
        }
        let open: Vec<u16> =
            listeners.iter().filter(|l| l.protocol == protocol && !l.localhost_only).map(|l| l.port).collect();
        let fix = match open[..] {
            [only] => Some((format!("Set targetPort to {only}"), only.into())),
            _ => None,
        };
        Some(self.of_service(path, format!("nothing in the pod listens on {number}"), fix))
    }
}

#[cfg(test)]
mod tests {
    use api::{Value, json};

    use super::*;
    use crate::{Request, WriteOptions};

    fn reasons(labels: &Value, spec: &Value) -> Vec<(String, Option<Value>)> {
        let mut cluster = Cluster::default();
        let containers = json!([{"name": "c", "image": "nginx"}]);
        for (kind, object) in [
            (
                &api::pod::KIND,
                json!({"metadata": {"name": "web", "labels": labels}, "spec": {"containers": containers}}),
            ),
            (&api::service::KIND, json!({"metadata": {"name": "web"}, "spec": spec})),
        ] {
            let options = WriteOptions::by("test");
            cluster.submit(Request::Create { kind, namespace: "default".into(), object, options }).unwrap();
        }
        cluster.settle(30_000_000);
        let pod = cluster.get(&api::pod::KIND, "default", "web").unwrap();
        let service = cluster.get(&api::service::KIND, "default", "web").unwrap();
        let reasons = why_not(&cluster, &pod, &service).into_iter();
        reasons.map(|reason| (reason.words, reason.fix.and_then(|fix| fix.value))).collect()
    }

    #[test]
    fn every_reason_names_its_smallest_fix() {
        let app = || json!({"app": "web"});
        let one = |words: &str, fix: Option<Value>| vec![(words.to_owned(), fix)];
        let spec = |port: Value| json!({"selector": app(), "ports": [port]});
        assert_eq!(reasons(&app(), &spec(json!({"port": 80}))), []);
        assert_eq!(
            reasons(&json!({"app": "wbe"}), &spec(json!({"port": 80}))),
            one("the pod has app=wbe, not app=web", Some("wbe".into()))
        );
        assert_eq!(
            reasons(&app(), &spec(json!({"port": 81}))),
            one("nothing in the pod listens on 81", Some(80.into()))
        );
        assert_eq!(
            reasons(&app(), &spec(json!({"port": 80, "targetPort": "http"}))),
            one("the pod has no TCP port named http", None)
        );
        assert_eq!(reasons(&app(), &json!({"ports": [{"port": 80}]})), one("the Service has no selector", None));
    }
}
