//! Rules of validation, one row each: what a manifest is refused with after decoding and defaulting.
#![expect(clippy::unwrap_used, reason = "a test")]

mod custom;
mod networking;
mod pods;
mod warnings;
mod workloads;

use api::{Kind, Object, Path, Value, decode, deployment, ingress, json, metadata, network_policy, pod, service};

/// The errors of a new object whose spec is `base` with the value at `path` replaced.
fn errors(kind: &'static Kind, base: &Value, path: &str, value: &Value) -> Vec<String> {
    let mut tree = json!({"apiVersion": kind.api_version(), "kind": kind.kind,
        "metadata": {"name": "web", "namespace": "default"}, "spec": base});
    let mut node = &mut tree["spec"];
    for step in path.split('.').filter(|step| !step.is_empty()) {
        node = match step.parse::<usize>() {
            Ok(index) => &mut node[index],
            Err(_) => &mut node[step],
        };
    }
    *node = value.clone();
    let mut object = Object::new(decode::decode_strict(kind, &tree).unwrap());
    kind.strategy.default(&mut object);
    if *kind == service::KIND
        && let Err(errors) = service::prepare_allocation(&mut object, None)
    {
        return errors.iter().map(ToString::to_string).collect();
    }
    let mut errors = metadata::validate_create(kind, &object);
    errors.extend(kind.strategy.validate_create(&object));
    errors.iter().map(ToString::to_string).collect()
}

fn check(kind: &'static Kind, base: &Value, rows: &[(&str, Value, &[&str])]) {
    for (path, value, want) in rows {
        assert_eq!(errors(kind, base, path, value), *want, "{path}: {value}");
    }
}

#[test]
fn services() {
    let base = json!({"type": "LoadBalancer", "selector": {"app": "web"}, "ports": [{"name": "http", "port": 80}]});
    check(
        &service::KIND,
        &base,
        &[
            ("ports.0.appProtocol", json!("kubernetes.io/h2c"), &[]),
            ("ports", json!([{"port": 80}, {"name": "b", "port": 81}]), &["spec.ports[0].name: Required value"]),
            (
                "ports",
                json!([{"name": "a", "port": 80, "nodePort": 30001}, {"name": "a", "port": 81, "nodePort": 30001}]),
                &["spec.ports[1].name: Duplicate value: \"a\"", "spec.ports[1].nodePort: Duplicate value: 30001"],
            ),
            (
                "ports.0.port",
                json!(70000),
                &[
                    "spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive",
                    "spec.ports[0].targetPort: Invalid value: 70000: must be between 1 and 65535, inclusive",
                ],
            ),
            (
                "clusterIP",
                json!("None"),
                &["spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for LoadBalancer services"],
            ),
            (
                "externalIPs",
                json!(["127.0.0.1"]),
                &[
                    "spec.externalIPs[0]: Invalid value: \"127.0.0.1\": may not be in the loopback range (127.0.0.0/8, ::1/128)",
                ],
            ),
            (
                "loadBalancerSourceRanges",
                json!([" 10.0.0.1/8"]),
                &[
                    "spec.LoadBalancerSourceRanges[0]: Invalid value: \"10.0.0.1/8\": must not have bits set beyond the prefix length",
                ],
            ),
            (
                "externalTrafficPolicy",
                json!("local"),
                &["spec.externalTrafficPolicy: Unsupported value: \"local\": supported values: \"Cluster\", \"Local\""],
            ),
            ("externalTrafficPolicy", json!("Local"), &["spec.healthCheckNodePort: Required value"]),
            (
                "ipFamilyPolicy",
                json!("RequireDualStack"),
                &[
                    "spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": this cluster is not configured for dual-stack services",
                ],
            ),
            (
                "clusterIP",
                json!("2001:db8::1"),
                &["spec.clusterIPs[0]: Invalid value: [\"2001:db8::1\"]: IPv6 is not configured on this cluster"],
            ),
        ],
    );
}

#[test]
fn what_may_not_change_in_a_service() {
    let service = |spec: Value| {
        let tree = json!({"metadata": {"name": "web"}, "spec": spec});
        let mut object = Object::new(decode::decode_strict(&service::KIND, &tree).unwrap());
        service::KIND.strategy.default(&mut object);
        object
    };
    let of = |ip: &str, class: &str| {
        json!({"type": "LoadBalancer", "clusterIP": ip, "clusterIPs": [ip], "ipFamilies": ["IPv4"],
            "ipFamilyPolicy": "SingleStack", "loadBalancerClass": class, "ports": [{"port": 80}]})
    };
    let (old, new) = (service(of("10.96.0.5", "a.b/c")), service(of("10.96.0.6", "a.b/d")));
    let texts: Vec<String> =
        service::KIND.strategy.validate_update(&new, &old).iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "spec.clusterIPs[0]: Invalid value: [\"10.96.0.6\"]: may not change once set",
            "spec.loadBalancerClass: Invalid value: \"a.b/d\": may not change once set",
        ]
    );
    assert!(service::KIND.strategy.validate_update(&old, &old).is_empty());
}

#[test]
fn pods() {
    let base = json!({"containers": [{"name": "a", "image": "nginx", "ports": [{"containerPort": 80}]}]});
    check(
        &pod::KIND,
        &base,
        &[
            ("", base.clone(), &[]),
            ("containers", json!([]), &["spec.containers: Required value"]),
            ("containers.0.image", json!(""), &["spec.containers[0].image: Required value"]),
            (
                "containers.0.env",
                json!([{"name": "A", "value": "1", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}}]),
                &[
                    "spec.containers[0].env[0].valueFrom: Invalid value: \"\": may not be specified when `value` is not empty",
                ],
            ),
            (
                "containers.0.volumeMounts",
                json!([{"name": "x", "mountPath": "/x"}]),
                &["spec.containers[0].volumeMounts[0].name: Not found: \"x\""],
            ),
            (
                "containers.0.resources.limits",
                json!({"gpu": 1}),
                &[
                    "spec.containers[0].resources.limits[gpu]: Invalid value: \"gpu\": must be a standard resource type or fully qualified",
                    "spec.containers[0].resources.limits[gpu]: Invalid value: \"gpu\": must be a standard resource for containers",
                    // A limit is the default of its request.
                    "spec.containers[0].resources.requests[gpu]: Invalid value: \"gpu\": must be a standard resource type or fully qualified",
                    "spec.containers[0].resources.requests[gpu]: Invalid value: \"gpu\": must be a standard resource for containers",
                ],
            ),
            (
                "containers.0.livenessProbe",
                json!({"tcpSocket": {"port": "web_port"}}),
                &[
                    "spec.containers[0].livenessProbe.tcpSocket.port: Invalid value: \"web_port\": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)",
                ],
            ),
            (
                "restartPolicy",
                json!("Sometimes"),
                &[
                    "spec.restartPolicy: Unsupported value: \"Sometimes\": supported values: \"Always\", \"OnFailure\", \"Never\"",
                ],
            ),
        ],
    );
}

#[test]
fn workloads_and_networking() {
    let template =
        json!({"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "a", "image": "nginx"}]}});
    let base = json!({"selector": {"matchLabels": {"app": "web"}}, "template": template});
    check(
        &deployment::KIND,
        &base,
        &[
            ("", base.clone(), &[]),
            ("selector", json!({}), &["spec.selector: Invalid value: {}: empty selector is invalid for deployment"]),
            (
                "template.spec.restartPolicy",
                json!("Never"),
                &["spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: \"Always\""],
            ),
        ],
    );
    let backend = json!({"service": {"name": "web", "port": {"number": 80}}});
    let base = json!({"rules": [{"host": "a.b", "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}]});
    check(
        &ingress::KIND,
        &base,
        &[
            ("", base.clone(), &[]),
            (
                "rules.0.http.paths.0.path",
                json!("/a/../b"),
                &["spec.rules[0].http.paths[0].path: Invalid value: \"/a/../b\": must not contain '/../'"],
            ),
        ],
    );
    let base = json!({"podSelector": {}, "ingress": [{"from": [{"podSelector": {}}]}]});
    check(
        &network_policy::KIND,
        &base,
        &[
            ("", base.clone(), &[]),
            ("ingress.0.from", json!([{}]), &["spec.ingress[0].from[0]: Required value: must specify a peer"]),
            (
                "policyTypes",
                json!(["ingress"]),
                &["spec.policyTypes[0]: Unsupported value: \"ingress\": supported values: \"Ingress\", \"Egress\""],
            ),
        ],
    );
}

#[test]
fn errors_lead_to_their_place() {
    let tree = json!({"metadata": {"name": "web"}, "spec": {"ports": [{"port": 80, "nam": "x"}]}});
    let errors = decode::decode_strict(&service::KIND, &tree).unwrap_err();
    assert_eq!(errors[0].path, Path::new("spec").child("ports").index(0).child("nam"));
}
