//! Rules of workloads and of what they use, one row each.

use api::{daemon_set, deployment, horizontal_pod_autoscaler, job, json, stateful_set};

use super::check;

#[test]
fn deployments() {
    let template =
        json!({"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "a", "image": "x"}]}});
    let base = json!({"selector": {"matchLabels": {"app": "web"}}, "template": template});
    check(
        &deployment::KIND,
        &base,
        &[
            (
                "strategy",
                json!({"type": "Rolling"}),
                &[
                    "spec.strategy: Unsupported value: {\"Type\":\"Rolling\",\"RollingUpdate\":null}: supported values: \"Recreate\", \"RollingUpdate\"",
                ],
            ),
            (
                "strategy",
                json!({"type": "Recreate", "rollingUpdate": {}}),
                &["spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"],
            ),
            (
                "template.spec.activeDeadlineSeconds",
                json!(5),
                &[
                    "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported",
                ],
            ),
            (
                "selector.matchLabels",
                json!({"a b": "web"}),
                &[
                    "spec.selector.matchLabels: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
                    "spec.selector: Invalid value: {\"matchLabels\":{\"a b\":\"web\"}}: invalid label selector",
                ],
            ),
        ],
    );
}

#[test]
fn stateful_sets_and_daemon_sets() {
    let template = json!({"metadata": {"labels": {"app": "db"}}, "spec": {"containers": [{"name": "a", "image": "x",
        "volumeMounts": [{"name": "data", "mountPath": "/data"}]}]}});
    let base = json!({"serviceName": "db", "selector": {"matchLabels": {"app": "db"}}, "template": template,
        "volumeClaimTemplates": [{"metadata": {"name": "data"}}]});
    check(
        &stateful_set::KIND,
        &base,
        &[
            ("", base.clone(), &[]),
            (
                "template.spec.containers.0.ports",
                json!([{"containerPort": 0}]),
                &["spec.template.spec.containers[0].ports[0].containerPort: Required value"],
            ),
            (
                "updateStrategy",
                json!({"type": "Recreate"}),
                &[
                    "spec.updateStrategy: Invalid value: {\"Type\":\"Recreate\",\"RollingUpdate\":null}: must be 'RollingUpdate' or 'OnDelete'",
                ],
            ),
            ("selector", json!({}), &["spec.selector: Invalid value: {}: empty selector is invalid for statefulset"]),
            (
                "persistentVolumeClaimRetentionPolicy",
                json!({"whenScaled": "Keep"}),
                &[
                    "spec.persistentVolumeClaimRetentionPolicy.whenScaled: Unsupported value: \"Keep\": supported values: \"Retain\", \"Delete\"",
                ],
            ),
        ],
    );
    let template =
        json!({"metadata": {"labels": {"app": "log"}}, "spec": {"containers": [{"name": "a", "image": "x"}]}});
    let base = json!({"selector": {"matchLabels": {"app": "log"}}, "template": template});
    check(
        &daemon_set::KIND,
        &base,
        &[
            ("", base.clone(), &[]),
            (
                "selector",
                json!(null),
                &[
                    "spec.template.metadata.labels: Invalid value: {\"app\":\"log\"}: `selector` does not match template `labels`",
                ],
            ),
            (
                "updateStrategy",
                json!({"rollingUpdate": {"maxUnavailable": 1, "maxSurge": 1}}),
                &[
                    "spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero",
                ],
            ),
            (
                "updateStrategy",
                json!({"rollingUpdate": {"maxUnavailable": 0}}),
                &["spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0"],
            ),
        ],
    );
}

#[test]
fn jobs_and_autoscalers() {
    let template = json!({"metadata": {"labels": {"a": "b"}}, "spec": {"restartPolicy": "Never", "containers": [{"name": "a", "image": "x"}]}});
    let base = json!({"manualSelector": true, "selector": {"matchLabels": {"a": "b"}}, "template": template});
    check(
        &job::KIND,
        &base,
        &[
            ("", base.clone(), &[]),
            (
                "template.spec.restartPolicy",
                json!("Always"),
                &["spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\""],
            ),
            ("completionMode", json!("Indexed"), &[]),
            (
                "maxFailedIndexes",
                json!(2),
                &[
                    "spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified",
                    "spec.maxFailedIndexes: Invalid value: 2: requires indexed completion mode",
                ],
            ),
            (
                "podFailurePolicy",
                json!({"rules": [
                    {"action": "Stop", "onExitCodes": {"containerName": "b", "operator": "In", "values": [2, 0, 2]}},
                    {"action": "FailIndex", "onPodConditions": [{"type": "DisruptionTarget", "status": ""}]},
                    {"onPodConditions": []},
                ]}),
                &[
                    "spec.podFailurePolicy.rules[0].action: Unsupported value: \"Stop\": supported values: \"Count\", \
                     \"FailIndex\", \"FailJob\", \"Ignore\"",
                    "spec.podFailurePolicy.rules[0].onExitCodes.containerName: Invalid value: \"b\": must be one of the \
                     container or initContainer names in the pod template",
                    "spec.podFailurePolicy.rules[0].onExitCodes.values[1]: Invalid value: 0: must not be 0 for the In \
                     operator",
                    "spec.podFailurePolicy.rules[0].onExitCodes.values[2]: Duplicate value: 2",
                    "spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: [2,0,2]: must be ordered",
                    "spec.podFailurePolicy.rules[1].action: Invalid value: \"FailIndex\": requires the \
                     backoffLimitPerIndex to be set",
                    "spec.podFailurePolicy.rules[1].onPodConditions[0].status: Required value: valid values: [\"False\" \
                     \"True\" \"Unknown\"]",
                    "spec.podFailurePolicy.rules[2].action: Required value: valid values: [\"Count\" \"FailIndex\" \
                     \"FailJob\" \"Ignore\"]",
                    "spec.podFailurePolicy.rules[2]: Invalid value: specifying one of OnExitCodes and OnPodConditions is \
                     required",
                    "spec.podReplacementPolicy: Unsupported value: \"TerminatingOrFailed\": supported values: \"Failed\"",
                ],
            ),
            (
                "successPolicy",
                json!({"rules": [{"succeededCount": 1}]}),
                &[
                    "spec.successPolicy: Invalid value: {\"Rules\":[{\"SucceededIndexes\":null,\"SucceededCount\":1}]}: \
                   requires indexed completion mode",
                ],
            ),
            (
                "managedBy",
                json!("me"),
                &["spec.managedBy: Invalid value: \"me\": must be a domain-prefixed path (such as \"acme.io/foo\")"],
            ),
        ],
    );
    let mut indexed = base.clone();
    indexed["completionMode"] = json!("Indexed");
    indexed["completions"] = json!(3);
    check(
        &job::KIND,
        &indexed,
        &[
            ("successPolicy", json!({"rules": [{"succeededIndexes": "0-2", "succeededCount": 3}]}), &[]),
            (
                "successPolicy",
                json!({"rules": [{}, {"succeededIndexes": "0,3"}, {"succeededIndexes": "0", "succeededCount": 2}]}),
                &[
                    "spec.successPolicy.rules[0]: Required value: at least one of succeededCount or succeededIndexes must \
                     be specified",
                    "spec.successPolicy.rules[1].succeededIndexes: Invalid value: \"0,3\": error parsing \
                     succeededIndexes: too large index: \"3\"",
                    "spec.successPolicy.rules[2].succeededCount: Invalid value: 2: must be less than or equal to 1 (the \
                     number of indexes in the specified succeededIndexes field)",
                ],
            ),
            (
                "successPolicy",
                json!({"rules": []}),
                &[
                    "spec.successPolicy.rules: Required value: at least one rules must be specified when the successPolicy \
                   is specified",
                ],
            ),
        ],
    );
    let base =
        json!({"maxReplicas": 3, "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}});
    check(
        &horizontal_pod_autoscaler::KIND,
        &base,
        &[
            ("", base.clone(), &[]),
            (
                "minReplicas",
                json!(5),
                &["spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`"],
            ),
            (
                "scaleTargetRef",
                json!({"kind": "Deployment"}),
                &[
                    "spec.scaleTargetRef.name: Required value",
                    "spec.scaleTargetRef.apiVersion: Invalid value: \"\": apiVersion must specify API group",
                ],
            ),
            (
                "metrics",
                json!([{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization"}}}]),
                &[
                    "spec.metrics[0].resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization",
                ],
            ),
        ],
    );
}

#[test]
fn what_may_not_change_in_a_job() {
    let of = |image: &str, selector: &str, suspend: bool| {
        let tree = json!({"metadata": {"name": "j"}, "spec": {"manualSelector": true, "suspend": suspend,
            "selector": {"matchLabels": {"a": "b"}},
            "template": {"metadata": {"labels": {"a": "b"}}, "spec": {"restartPolicy": "Never",
                "nodeSelector": {"disk": selector}, "containers": [{"name": "a", "image": image}]}}}});
        let mut object = api::Object::new(api::decode::decode_strict(&job::KIND, &tree).unwrap());
        job::KIND.strategy.default(&mut object);
        object
    };
    let old = of("x", "ssd", true);
    assert_eq!(job::KIND.strategy.validate_update(&of("x", "hdd", false), &old), []);
    let errors = job::KIND.strategy.validate_update(&of("y", "ssd", true), &old);
    let text = errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let begin = "spec.template: Invalid value: {\"labels\":{\"a\":\"b\"},\"Spec\":{\"Volumes\":null,\
                 \"InitContainers\":null,\"Containers\":[{\"Name\":\"a\",\"Image\":\"y\",\"Command\":null,";
    assert!(text.starts_with(begin), "{text}");
    let end = ",\"SchedulingGates\":null,\"ResourceClaims\":null,\"Resources\":null,\"HostnameOverride\":null,\
               \"SchedulingGroup\":null}}: field is immutable";
    assert!(text.ends_with(end), "{text}");
    let running = of("x", "ssd", false);
    assert_eq!(job::KIND.strategy.validate_update(&of("x", "hdd", false), &running).len(), 1);
}
