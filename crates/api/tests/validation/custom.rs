//! Rules of kinds that a CustomResourceDefinition defines, and what the server writes into workloads, one row each.

use api::{Object, daemon_set, decode, gateway, gateway_class, http_route, job, json};

use super::check;

const UNCHECKED: &str = "<nil>: Invalid value: null: some validation rules were not checked because the object was \
                         invalid; correct the existing errors to complete validation";

#[test]
fn gateways() {
    let base = json!({"gatewayClassName": "eg", "listeners": [
        {"name": "http", "port": 80, "protocol": "HTTP"},
        {"name": "https", "port": 443, "protocol": "HTTPS", "tls": {"certificateRefs": [{"name": "cert"}]}},
    ]});
    check(
        &gateway::KIND,
        &base,
        &[
            ("", base.clone(), &[]),
            ("", json!({}), &["spec.gatewayClassName: Required value", "spec.listeners: Required value", UNCHECKED]),
            (
                "",
                json!([]),
                &["spec: Invalid value: \"array\": spec in body must be of type object: \"array\"", UNCHECKED],
            ),
            (
                "listeners",
                json!([]),
                &["spec.listeners: Invalid value: 0: spec.listeners in body should have at least 1 items"],
            ),
            (
                "listeners.0.port",
                json!("80"),
                &[
                    "spec.listeners[0].port: Invalid value: \"string\": spec.listeners[0].port in body must be of type \
                     integer: \"string\"",
                    UNCHECKED,
                ],
            ),
            (
                "listeners.0.port",
                json!(70000),
                &[
                    "spec.listeners[0].port: Invalid value: 70000: spec.listeners[0].port in body should be less than or \
                   equal to 65535",
                ],
            ),
            (
                "listeners.1.name",
                json!("http"),
                &[
                    "spec.listeners[1]: Duplicate value: {\"name\":\"http\"}",
                    "spec.listeners: Invalid value: Listener name must be unique within the Gateway",
                ],
            ),
            (
                "listeners.0.tls",
                json!({"mode": "Passthrough"}),
                &["spec.listeners: Invalid value: tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']"],
            ),
            (
                "listeners.1.tls",
                json!({}),
                &["spec.listeners[1].tls: Invalid value: \"object\": no such key: certificateRefs evaluating rule: \
                   certificateRefs or options must be specified when mode is Terminate"],
            ),
            (
                "listeners.1.tls.mode",
                json!("Term"),
                &[
                    "spec.listeners[1].tls.mode: Unsupported value: \"Term\": supported values: \"Terminate\", \
                     \"Passthrough\"",
                    UNCHECKED,
                ],
            ),
            (
                "listeners.0.hostname",
                json!("A_b"),
                &[
                    "spec.listeners[0].hostname: Invalid value: \"A_b\": spec.listeners[0].hostname in body should match \
                   '^(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'",
                ],
            ),
        ],
    );
}

#[test]
fn routes() {
    let base = json!({
        "parentRefs": [{"name": "web"}],
        "rules": [{"backendRefs": [{"name": "web", "port": 80}], "matches": [{"path": {"value": "/"}}]}],
    });
    check(
        &http_route::KIND,
        &base,
        &[
            ("", base.clone(), &[]),
            ("", json!({}), &[]),
            (
                "parentRefs",
                json!([{"name": "web"}, {"name": "web"}]),
                &["spec.parentRefs: Invalid value: sectionName must be unique when parentRefs includes 2 or more \
                   references to the same parent"],
            ),
            (
                "rules.0.backendRefs.0",
                json!({"name": "web"}),
                &["spec.rules[0].backendRefs[0]: Invalid value: Must have port for Service reference"],
            ),
            (
                "rules.0.matches.0.path.type",
                json!("Prefix"),
                &[
                    "spec.rules[0].matches[0].path.type: Unsupported value: \"Prefix\": supported values: \"Exact\", \
                     \"PathPrefix\", \"RegularExpression\"",
                    UNCHECKED,
                ],
            ),
            (
                "rules.0.matches.0.path.value",
                json!("api"),
                &[
                    "spec.rules[0].matches[0].path: Invalid value: value must be an absolute path and start with '/' when \
                   type one of ['Exact', 'PathPrefix']",
                ],
            ),
            (
                "rules.0.filters",
                json!([{"type": "CORS", "cors": {"allowOrigins": ["*", "a.b"], "allowMethods": ["GET", "GET"], "maxAge": 0,
                    "allowCredentials": "yes"}}]),
                &[
                    "spec.rules[0].filters[0].cors.allowCredentials: Invalid value: \"string\": \
                     spec.rules[0].filters[0].cors.allowCredentials in body must be of type boolean: \"string\"",
                    "spec.rules[0].filters[0].cors.allowOrigins[1]: Invalid value: \"a.b\": \
                     spec.rules[0].filters[0].cors.allowOrigins[1] in body should match \
                     '(^\\*$)|(^(http(s)?):\\/\\/(((\\*\\.)?([a-zA-Z0-9\\-]+\\.)*[a-zA-Z0-9-]+|\\*)(:([0-9]{1,5}))?)$)'",
                    "spec.rules[0].filters[0].cors.maxAge: Invalid value: 0: spec.rules[0].filters[0].cors.maxAge in body \
                     should be greater than or equal to 1",
                    "spec.rules[0].filters[0].cors.allowMethods[1]: Duplicate value: \"GET\"",
                    UNCHECKED,
                ],
            ),
            (
                "rules.0.filters",
                json!([{"type": "CORS", "cors": {"allowOrigins": ["*", "https://a.example"]}}]),
                &[
                    "spec.rules[0].filters[0].cors.allowOrigins: Invalid value: AllowOrigins cannot contain '*' alongside \
                   other origins",
                ],
            ),
            (
                "rules.0.filters",
                json!([{"type": "RequestRedirect", "requestRedirect": {"scheme": "https"}}]),
                &["spec.rules[0]: Invalid value: RequestRedirect filter must not be used together with backendRefs"],
            ),
            (
                "rules.0.filters",
                json!([{"type": "RequestHeaderModifier"}]),
                &["spec.rules[0].filters[0]: Invalid value: filter.requestHeaderModifier must be specified for \
                   RequestHeaderModifier filter.type"],
            ),
            (
                "rules.0.filters",
                json!([{"type": "URLRewrite", "urlRewrite": {"path": {"type": "ReplaceFullPath"}}}]),
                &[
                    "spec.rules[0].filters[0].urlRewrite.path: Invalid value: replaceFullPath must be specified when type \
                   is set to 'ReplaceFullPath'",
                ],
            ),
            (
                "rules.0.timeouts",
                json!({"request": "1s", "backendRequest": "1s500ms"}),
                &[
                    "spec.rules[0].timeouts: Invalid value: backendRequest timeout cannot be longer than request timeout",
                ],
            ),
            (
                "rules.0.timeouts",
                json!({"request": "1.5s"}),
                &[
                    "spec.rules[0].timeouts.request: Invalid value: \"1.5s\": spec.rules[0].timeouts.request in body should \
                   match '^([0-9]{1,5}(h|m|s|ms)){1,4}$'",
                ],
            ),
        ],
    );
}

#[test]
fn classes() {
    let class = |name: &str| {
        let tree = json!({"metadata": {"name": "eg"}, "spec": {"controllerName": name}});
        Object::new(decode::decode_strict(&gateway_class::KIND, &tree).unwrap())
    };
    let errors = |errors: api::ErrorList| errors.iter().map(ToString::to_string).collect::<Vec<_>>();
    let strategy = gateway_class::KIND.strategy;
    assert_eq!(errors(strategy.validate_create(&class("example.com/a"))).len(), 0);
    assert_eq!(errors(strategy.validate_create(&class("a"))).len(), 1);
    assert_eq!(
        errors(strategy.validate_update(&class("example.com/b"), &class("example.com/a"))),
        ["spec.controllerName: Invalid value: \"example.com/b\": Value is immutable"]
    );
}

#[test]
fn what_has_no_go_type_is_stored_as_it_comes() {
    let tree = json!({"metadata": {"name": "web", "labels": {}}, "spec": {"gatewayClassName": 1, "foo": 2}});
    let decoded = decode::decode(&gateway::KIND, tree.clone()).unwrap();
    assert_eq!(decoded.value, json!({"metadata": {"name": "web"}, "spec": {"gatewayClassName": 1}}));
    assert_eq!(decoded.unknown[0].message, "unknown field \"spec.foo\"");
    let labels = json!({"metadata": {"name": "web", "labels": {"a": 1}}});
    assert!(decode::decode(&gateway::KIND, labels).is_err());
}

#[test]
fn templates_of_daemon_sets_are_counted() {
    let set = |image: &str| {
        let template =
            json!({"metadata": {"labels": {"app": "d"}}, "spec": {"containers": [{"name": "c", "image": image}]}});
        Object::new(json!({"metadata": {"name": "d"}, "spec": {"template": template}}))
    };
    let number = ["metadata", "annotations", "deprecated.daemonset.template.generation"];
    let mut old = set("a");
    daemon_set::KIND.strategy.prepare_create(&mut old);
    assert_eq!(old.str(&number), "1");
    for (image, want) in [("a", "1"), ("b", "2")] {
        let mut new = set(image);
        daemon_set::KIND.strategy.prepare_update(&mut new, &old);
        assert_eq!(new.str(&number), want);
    }
}

#[test]
fn jobs_take_the_labels_of_their_pods() {
    let rows =
        [(json!({}), json!({"a": "b"}), 5), (json!({}), json!({}), 4), (json!({"own": "x"}), json!({"a": "b"}), 1)];
    for (own, of_pods, want) in rows {
        let metadata = json!({"name": "j", "uid": "1", "labels": own});
        let mut object =
            Object::new(json!({"metadata": metadata, "spec": {"template": {"metadata": {"labels": of_pods}}}}));
        job::KIND.strategy.complete(&mut object);
        assert_eq!(object.map(&["metadata", "labels"]).unwrap().len(), want);
    }
}
