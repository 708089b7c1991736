//! Rules of networking kinds and of plain data, one row each.

use api::{Kind, Object, config_map, decode, endpoints, ingress_class, json, node, secret};

use super::check;

#[test]
fn ingress_classes() {
    let base = json!({"controller": "k8s.io/ingress-nginx"});
    check(
        &ingress_class::KIND,
        &base,
        &[
            (
                "",
                json!({}),
                &["metadata.namespace: Forbidden: not allowed on this type", "spec.controller: Required value"],
            ),
            (
                "controller",
                json!("nginx"),
                &[
                    "metadata.namespace: Forbidden: not allowed on this type",
                    "spec.controller: Invalid value: \"nginx\": must be a domain-prefixed path (such as \"acme.io/foo\")",
                ],
            ),
            (
                "parameters",
                json!({"kind": "P", "name": "a", "scope": "Namespace"}),
                &[
                    "metadata.namespace: Forbidden: not allowed on this type",
                    "spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'",
                ],
            ),
        ],
    );
}

fn object(kind: &'static Kind, tree: &api::Value) -> Object {
    let mut object = Object::new(decode::decode_strict(kind, tree).unwrap());
    kind.strategy.default(&mut object);
    kind.strategy.prepare_create(&mut object);
    object
}

#[test]
fn data() {
    let texts = |errors: api::ErrorList| errors.iter().map(ToString::to_string).collect::<Vec<_>>();
    let tls = object(
        &secret::KIND,
        &json!({"metadata": {"name": "s"}, "type": "kubernetes.io/tls", "data": {"tls.crt": "eA=="}}),
    );
    assert_eq!(texts(secret::KIND.strategy.validate_create(&tls)), ["data[tls.key]: Required value"]);
    let opaque = object(&secret::KIND, &json!({"metadata": {"name": "s"}, "stringData": {"a": "b"}}));
    assert_eq!(
        texts(secret::KIND.strategy.validate_update(&opaque, &tls)),
        ["type: Invalid value: \"Opaque\": field is immutable"]
    );
    let frozen = object(&config_map::KIND, &json!({"metadata": {"name": "c"}, "immutable": true, "data": {"a": "1"}}));
    let other = object(&config_map::KIND, &json!({"metadata": {"name": "c"}, "immutable": true, "data": {"a": "2"}}));
    assert_eq!(
        texts(config_map::KIND.strategy.validate_update(&other, &frozen)),
        ["data: Forbidden: field is immutable when `immutable` is set"]
    );
    let tainted = object(
        &node::KIND,
        &json!({"metadata": {"name": "n"}, "spec": {"taints": [{"key": "a", "effect": "NoRun"}, {"key": "b", "effect": "NoExecute"},
            {"key": "b", "effect": "NoExecute"}]}}),
    );
    assert_eq!(
        texts(node::KIND.strategy.validate_create(&tainted)),
        [
            "metadata.taints[0].effect: Unsupported value: \"NoRun\": supported values: \"NoSchedule\", \"PreferNoSchedule\", \"NoExecute\"",
            "metadata.taints[2]: Duplicate value: {\"Key\":\"b\",\"Value\":\"\",\"Effect\":\"NoExecute\",\"TimeAdded\":null}: taints must be unique by key and effect pair",
        ]
    );
}

#[test]
fn addresses_of_endpoints() {
    let rows: [(&str, &[&str]); 3] = [
        ("10.0.0.1", &[]),
        (
            "db.example.com",
            &[
                "subsets[0].addresses[0].ip: Invalid value: \"db.example.com\": must be a valid IP address, (e.g. 10.9.8.7 or \
                 2001:db8::ffff)",
                "subsets[0].addresses[0].ip: Invalid value: \"db.example.com\": must be a valid IP address",
            ],
        ),
        (
            "127.0.0.1",
            &[
                "subsets[0].addresses[0].ip: Invalid value: \"127.0.0.1\": may not be in the loopback range (127.0.0.0/8, \
               ::1/128)",
            ],
        ),
    ];
    for (ip, want) in rows {
        let tree =
            json!({"metadata": {"name": "e"}, "subsets": [{"addresses": [{"ip": ip}], "ports": [{"port": 80}]}]});
        let errors = endpoints::KIND.strategy.validate_create(&object(&endpoints::KIND, &tree));
        assert_eq!(errors.iter().map(ToString::to_string).collect::<Vec<_>>(), want, "{ip}");
    }
}
