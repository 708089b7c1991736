//! What is accepted with a warning, one row each.

use api::{Object, Value, decode, deployment, ingress, json, pod, stateful_set};

fn warnings(kind: &'static api::Kind, metadata: &Value, spec: &Value) -> Vec<String> {
    let tree = json!({"metadata": metadata, "spec": spec});
    let mut object = Object::new(decode::decode_strict(kind, &tree).unwrap());
    kind.strategy.default(&mut object);
    kind.strategy.prepare_create(&mut object);
    kind.strategy.warnings(&object, None)
}

#[test]
fn of_pods() {
    let with = |extra: Value| {
        let mut spec = json!({"containers": [{"name": "a", "image": "x"}]});
        spec.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        warnings(&pod::KIND, &json!({"name": "web"}), &spec)
    };
    let rows: [(Value, &[&str]); 8] = [
        (json!({}), &[]),
        (json!({"terminationGracePeriodSeconds": -1}), &[]),
        (
            json!({"nodeSelector": {"beta.kubernetes.io/os": "linux"}}),
            &["spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use \"kubernetes.io/os\" instead"],
        ),
        (
            json!({"topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "z", "whenUnsatisfiable": "ScheduleAnyway"}]}),
            &["spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod"],
        ),
        (
            json!({"hostAliases": [{"ip": "1.2.3.4"}, {"ip": "1.2.3.4"}]}),
            &["spec.hostAliases[1].ip: duplicate ip \"1.2.3.4\""],
        ),
        (
            json!({"containers": [{"name": "a", "image": "x", "env": [{"name": "A", "value": "1"}, {"name": "A", "value": "$(A)2"}, {"name": "A", "value": "3"}]}]}),
            &["spec.containers[0].env[2]: hides previous definition of \"A\", which may be dropped when using apply"],
        ),
        (
            json!({"containers": [{"name": "a", "image": "x", "resources": {"limits": {"memory": "100m"}}}]}),
            &[
                "spec.containers[0].resources.limits[memory]: fractional byte value \"100m\" is invalid, must be an integer",
                "spec.containers[0].resources.requests[memory]: fractional byte value \"100m\" is invalid, must be an integer",
            ],
        ),
        (
            json!({"volumes": [{"name": "v", "configMap": {"name": "c", "items": [{"key": "a", "path": "p"}, {"key": "b", "path": "p/q"}]}}]}),
            &["volume \"v\" (ConfigMap \"c\"): overlapping paths: \"p/q\" with \"p\""],
        ),
    ];
    for (extra, want) in rows {
        assert_eq!(with(extra.clone()), want, "{extra}");
    }
}

#[test]
fn of_workloads() {
    let template = json!({"metadata": {"labels": {"a": "b"}}, "spec": {"terminationGracePeriodSeconds": -1, "containers": [{"name": "a", "image": "x"}]}});
    let spec = json!({"revisionHistoryLimit": -1, "selector": {"matchLabels": {"a": "b"}}, "template": template});
    let grace = "spec.template.spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1";
    let name = "metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]";
    assert_eq!(warnings(&deployment::KIND, &json!({"name": "a.b"}), &spec), [name, grace]);
    let history =
        "spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended";
    assert_eq!(warnings(&stateful_set::KIND, &json!({"name": "a"}), &spec), [grace, history]);
    let old = json!({"name": "i", "annotations": {"kubernetes.io/ingress.class": "nginx"}});
    let spec = json!({"defaultBackend": {"service": {"name": "web", "port": {"number": 80}}}});
    assert_eq!(
        warnings(&ingress::KIND, &old, &spec),
        ["annotation \"kubernetes.io/ingress.class\" is deprecated, please use 'spec.ingressClassName' instead"]
    );
}
