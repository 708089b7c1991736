//! Rules of pods, one row each.

use api::{json, pod};

use super::check;

#[test]
fn containers() {
    let base = json!({"containers": [{"name": "a", "image": "nginx"}]});
    check(
        &pod::KIND,
        &base,
        &[
            (
                "containers.0.image",
                json!(" nginx"),
                &["spec.containers[0].image: Invalid value: \" nginx\": must not have leading or trailing whitespace"],
            ),
            (
                "containers.0.terminationMessagePolicy",
                json!("Log"),
                &[
                    "spec.containers[0].terminationMessagePolicy: Unsupported value: \"Log\": supported values: \"File\", \"FallbackToLogsOnError\"",
                ],
            ),
            ("containers.0.restartPolicy", json!("OnFailure"), &[]),
            (
                "containers.0.restartPolicy",
                json!("Often"),
                &[
                    "spec.containers[0].restartPolicy: Unsupported value: \"Often\": supported values: \"Always\", \"Never\", \"OnFailure\"",
                ],
            ),
            (
                "containers.0.lifecycle",
                json!({"preStop": {"sleep": {"seconds": 31}}}),
                &[
                    "spec.containers[0].lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)",
                ],
            ),
            (
                "initContainers",
                json!([
                    {"name": "b", "image": "x", "ports": [{"containerPort": 1, "hostPort": 1}, {"containerPort": 2, "hostPort": 1}]},
                    {"name": "c", "image": "x", "ports": [{"containerPort": 1, "hostPort": 1}]}
                ]),
                &["spec.initContainers[0].ports[1].hostPort: Duplicate value: \"TCP//1\""],
            ),
            (
                "ephemeralContainers",
                json!([{"name": "a", "image": "x"}]),
                &[
                    "spec.ephemeralContainers[0].name: Duplicate value: \"a\"",
                    "spec.ephemeralContainers: Forbidden: cannot be set on create",
                ],
            ),
            (
                "containers.0.env",
                json!([
                    {"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "status.phase"}}},
                    {"name": "B", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['x']"}}},
                    {"name": "C", "valueFrom": {"fieldRef": {"fieldPath": "spec.foo"}}},
                    {"name": "D", "valueFrom": {"configMapKeyRef": {"key": "k"}}},
                    {"name": "E", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu", "divisor": "2"}}},
                    {"name": "F=", "value": ""}
                ]),
                &[
                    "spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Unsupported value: \"status.phase\": supported values: \"metadata.name\", \"metadata.namespace\", \"metadata.uid\", \"spec.nodeName\", \"spec.serviceAccountName\", \"status.hostIP\", \"status.hostIPs\", \"status.podIP\", \"status.podIPs\"",
                    "spec.containers[0].env[2].valueFrom.fieldRef.fieldPath: Invalid value: \"spec.foo\": error converting fieldPath: field label not supported: spec.foo",
                    "spec.containers[0].env[3].valueFrom.configMapKeyRef.name: Invalid value: \"\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
                    "spec.containers[0].env[4].valueFrom.resourceFieldRef.divisor: Invalid value: \"limits.cpu\": only divisor's values 1m and 1 are supported with the cpu resource",
                    "spec.containers[0].env[5].name: Invalid value: \"F=\": a valid environment variable name must consist only of printable ASCII characters other than '='",
                ],
            ),
            (
                "containers.0.envFrom",
                json!([{"prefix": "A_"}]),
                &[
                    "spec.containers[0].envFrom: Invalid value: \"\": must specify one of: `configMapRef` or `secretRef`",
                ],
            ),
            (
                "containers.0.resources",
                json!({"requests": {"example.com/gpu": "1"}}),
                &[
                    "spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources",
                ],
            ),
            (
                "containers.0.resources",
                json!({"limits": {"example.com/gpu": "500m"}}),
                &[
                    "spec.containers[0].resources.limits[example.com/gpu]: Invalid value: \"500m\": must be an integer",
                    "spec.containers[0].resources.requests[example.com/gpu]: Invalid value: \"500m\": must be an integer",
                ],
            ),
            (
                "containers.0.resources",
                json!({"limits": {"hugepages-2Mi": "3Mi"}}),
                &[
                    "spec.containers[0].resources.limits[hugepages-2Mi]: Invalid value: \"3Mi\": 3Mi is not positive integer multiple of hugepages-2Mi",
                    "spec.containers[0].resources.requests[hugepages-2Mi]: Invalid value: \"3Mi\": 3Mi is not positive integer multiple of hugepages-2Mi",
                    "spec.containers[0].resources: Forbidden: HugePages require cpu or memory",
                ],
            ),
            (
                "containers.0.securityContext",
                json!({"runAsUser": -1}),
                &[
                    "spec.containers[0].securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive",
                ],
            ),
            (
                "containers.0.securityContext",
                json!({"privileged": true, "allowPrivilegeEscalation": false}),
                &[
                    "spec.containers[0].securityContext: Invalid value: {\"Capabilities\":null,\"Privileged\":true,\"SELinuxOptions\":null,\"WindowsOptions\":null,\"RunAsUser\":null,\"RunAsGroup\":null,\"RunAsNonRoot\":null,\"ReadOnlyRootFilesystem\":null,\"AllowPrivilegeEscalation\":false,\"ProcMount\":null,\"SeccompProfile\":null,\"AppArmorProfile\":null}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true",
                ],
            ),
        ],
    );
}

#[test]
fn volumes() {
    let base = json!({"containers": [{"name": "a", "image": "nginx"}], "volumes": [{"name": "v"}]});
    check(
        &pod::KIND,
        &base,
        &[
            ("", base.clone(), &[]),
            (
                "volumes.0",
                json!({"name": "v", "emptyDir": {}, "configMap": {"name": "c"}}),
                &["spec.volumes[0].configMap: Forbidden: may not specify more than 1 volume type"],
            ),
            (
                "volumes.0",
                json!({"name": "V", "hostPath": {"path": "/a/../b", "type": "Dir"}}),
                &[
                    "spec.volumes[0].hostPath.path: Invalid value: \"/a/../b\": must not contain '..'",
                    "spec.volumes[0].hostPath.type: Unsupported value: \"Dir\": supported values: \"\", \"BlockDevice\", \"CharDevice\", \"Directory\", \"DirectoryOrCreate\", \"File\", \"FileOrCreate\", \"Socket\"",
                    "spec.volumes[0].name: Invalid value: \"V\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
                ],
            ),
            (
                "volumes.0",
                json!({"name": "v", "secret": {"secretName": "s", "defaultMode": 1000, "items": [{"key": "k", "path": "/x"}]}}),
                &[
                    "spec.volumes[0].secret.defaultMode: Invalid value: 1000: must be a number between 0 and 0777 (octal), both inclusive",
                    "spec.volumes[0].secret.items[0].path: Invalid value: \"/x\": must be a relative path",
                ],
            ),
            (
                "volumes.0",
                json!({"name": "v", "downwardAPI": {"items": [{"path": "p", "fieldRef": {"fieldPath": "status.podIP"}}]}}),
                &[
                    "spec.volumes[0].downwardAPI.fieldRef.fieldPath: Unsupported value: \"status.podIP\": supported values: \"metadata.annotations\", \"metadata.labels\", \"metadata.name\", \"metadata.namespace\", \"metadata.uid\"",
                ],
            ),
            (
                "containers.0.volumeMounts",
                json!([{"name": "v", "mountPath": "/a", "subPath": "/b"}, {"name": "w", "mountPath": "/a"}]),
                &[
                    "spec.containers[0].volumeMounts.subPath: Invalid value: \"/b\": must be a relative path",
                    "spec.containers[0].volumeMounts[1].name: Not found: \"w\"",
                    "spec.containers[0].volumeMounts[1].mountPath: Invalid value: \"/a\": must be unique",
                ],
            ),
        ],
    );
}

#[test]
fn placement() {
    let base = json!({"containers": [{"name": "a", "image": "nginx"}]});
    let required = "requiredDuringSchedulingIgnoredDuringExecution";
    check(
        &pod::KIND,
        &base,
        &[
            (
                "affinity",
                json!({"nodeAffinity": {required: {"nodeSelectorTerms": []}}}),
                &[
                    "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term",
                ],
            ),
            (
                "affinity",
                json!({"nodeAffinity": {required: {"nodeSelectorTerms": [{"matchExpressions": [{"key": "a", "operator": "Is"}]}]}}}),
                &[
                    "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].operator: Invalid value: \"Is\": not a valid selector operator",
                ],
            ),
            (
                "affinity",
                json!({"podAntiAffinity": {required: [{"labelSelector": {"matchLabels": {"a": "b"}}}]}}),
                &[
                    "spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Required value: can not be empty",
                    "spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: \"\": name part must be non-empty",
                    "spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
                ],
            ),
            (
                "affinity",
                json!({"podAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 0, "podAffinityTerm": {"topologyKey": "z"}}]}}),
                &[
                    "spec.affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 0: must be in the range 1-100",
                ],
            ),
            (
                "topologySpreadConstraints",
                json!([{"maxSkew": 0, "whenUnsatisfiable": "Never", "minDomains": 2}]),
                &[
                    "spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero",
                    "spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty",
                    "spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: \"Never\": supported values: \"DoNotSchedule\", \"ScheduleAnyway\"",
                    "spec.topologySpreadConstraints[0].minDomains: Invalid value: 2: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not Never",
                ],
            ),
            (
                "tolerations",
                json!([{"operator": "Equal", "value": "x"}]),
                &[
                    "spec.tolerations[0].operator: Invalid value: \"Equal\": operator must be Exists when `key` is empty, which means \"match all values and all keys\"",
                ],
            ),
            (
                "hostAliases",
                json!([{"ip": "300.1.1.1", "hostnames": ["A"]}]),
                &[
                    "spec.hostAliases[0].ip: Invalid value: \"300.1.1.1\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
                    "spec.hostAliases[0].hostnames[0]: Invalid value: \"A\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
                ],
            ),
            ("hostNetwork", json!(true), &[]),
            (
                "schedulingGates",
                json!([{"name": "a/b"}, {"name": "a/b"}]),
                &["spec.schedulingGates[1]: Duplicate value: \"a/b\""],
            ),
            (
                "os",
                json!({"name": "mac"}),
                &["spec.os: Unsupported value: \"mac\": supported values: \"linux\", \"windows\""],
            ),
            (
                "securityContext",
                json!({"fsGroup": -1, "seccompProfile": {"type": "Localhost"}}),
                &[
                    "spec.securityContext.fsGroup: Invalid value: -1: must be between 0 and 2147483647, inclusive",
                    "spec.securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost",
                ],
            ),
        ],
    );
}

#[test]
fn what_may_not_change_in_a_pod() {
    let object = |spec: api::Value| {
        let tree = json!({"metadata": {"name": "web"}, "spec": spec});
        let mut object = api::Object::new(api::decode::decode_strict(&pod::KIND, &tree).unwrap());
        pod::KIND.strategy.default(&mut object);
        object
    };
    let of = |image: &str, port: i64, tolerations: api::Value| {
        object(
            json!({"nodeName": "n", "containers": [{"name": "a", "image": image, "ports": [{"containerPort": port}]}],
            "tolerations": tolerations}),
        )
    };
    let old = of("nginx", 80, json!([{"key": "a", "operator": "Exists"}]));
    let refusal = "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`";
    for (new, want) in [
        (of("httpd", 80, json!([{"key": "a", "operator": "Exists"}, {"operator": "Exists"}])), ""),
        (of("nginx", 81, json!([{"key": "a", "operator": "Exists"}])), refusal),
        (
            of("nginx", 80, json!([])),
            "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds",
        ),
    ] {
        let errors = pod::KIND.strategy.validate_update(&new, &old);
        assert_eq!(errors.len(), usize::from(!want.is_empty()), "{errors:?}");
        assert!(errors.iter().all(|error| error.to_string().starts_with(want)), "{errors:?}");
    }
    let errors = pod::KIND.strategy.validate_update(&of("httpd", 81, json!([])), &of("nginx", 80, json!([])));
    let difference = errors[0].detail.split_once('\n').unwrap().1;
    let want = [
        "@@ -12,7 +12,7 @@",
        "     {",
        "      \"Name\": \"\",",
        "      \"HostPort\": 0,",
        "-     \"ContainerPort\": 80,",
        "+     \"ContainerPort\": 81,",
        "      \"Protocol\": \"TCP\",",
        "      \"HostIP\": \"\"",
        "     }",
    ];
    assert_eq!(difference.lines().collect::<Vec<_>>(), want);
}

#[test]
fn the_nodes_of_a_gated_pod_may_only_become_fewer() {
    let of = |gated: bool, affinity: api::Value| {
        let gates = if gated { json!([{"name": "a/b"}]) } else { json!([]) };
        let mut object = api::Object::new(json!({
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "default"},
            "spec": {"containers": [{"name": "a", "image": "nginx"}], "schedulingGates": gates},
        }));
        if !affinity.is_null() {
            object.set(&["spec", "affinity"], affinity);
        }
        pod::KIND.strategy.default(&mut object);
        object
    };
    let need = |keys: &[&str]| {
        let terms: Vec<api::Value> =
            keys.iter().map(|key| json!({"matchExpressions": key.split(' ').map(|key| json!({"key": key, "operator": "Exists"})).collect::<Vec<_>>()})).collect();
        json!({"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}})
    };
    let path = "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
    for (gated, old, new, want) in [
        (true, json!(null), need(&["a"]), String::new()),
        (true, need(&["a"]), need(&["a b"]), String::new()),
        (true, need(&["a b"]), need(&["a"]), format!("{path}[0]: Invalid value: {{\"MatchExpressions\":")),
        (true, need(&["a"]), need(&["a", "b"]), format!("{path}: Invalid value: [{{")),
        (true, need(&["a"]), json!(null), format!("{path}: Invalid value: []: no additions/deletions")),
        (false, need(&["a"]), need(&["a b"]), "spec: Forbidden: pod updates may not change".to_owned()),
    ] {
        let errors = pod::KIND.strategy.validate_update(&of(gated, new), &of(gated, old));
        assert_eq!(errors.len(), usize::from(!want.is_empty()), "{errors:?}");
        assert!(errors.iter().all(|error| error.to_string().starts_with(&want)), "{errors:?}");
    }
}
