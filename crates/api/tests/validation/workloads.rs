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
