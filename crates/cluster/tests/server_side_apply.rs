//! Server-side apply through the API server: owners, conflicts, taking over, and what goes when it is no longer applied.
#![allow(clippy::unwrap_used)]

use api::{Reason, Status, Value, json};
use cluster::{Cluster, Patch, Request, Response, WriteOptions, apiserver::Subresource};

fn apply(cluster: &mut Cluster, manager: &str, object: Value, force: bool) -> Result<Response, Status> {
    cluster.submit(Request::Patch {
        kind: &api::service::KIND,
        namespace: "default".into(),
        name: "web".into(),
        patch: Patch::Apply { object, force },
        subresource: Subresource::Main,
        options: WriteOptions::by(manager),
    })
}

fn web(selector: &str, ports: &Value) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"},
        "spec": {"selector": {"app": selector}, "ports": ports},
    })
}

#[test]
fn managers_own_conflict_and_take_over() {
    let mut cluster = Cluster::default();
    let both = json!([{"name": "t", "port": 53}, {"name": "u", "port": 53, "protocol": "UDP"}]);
    let made = apply(&mut cluster, "one", web("dns", &both), false).unwrap();
    assert_eq!(made.object.list(&["spec", "ports"]).len(), 2, "TCP and UDP of one number are two");

    let refused = apply(&mut cluster, "two", web("other", &json!([{"name": "t", "port": 53}])), false).unwrap_err();
    assert_eq!(refused.reason, Reason::Conflict);
    assert_eq!(refused.message, "Apply failed with 1 conflict: conflict with \"one\": .spec.selector");

    let taken = apply(&mut cluster, "two", web("other", &json!([{"name": "t", "port": 53}])), true).unwrap();
    assert_eq!(taken.object.str(&["spec", "selector", "app"]), "other");

    let only = json!([{"name": "u", "port": 53, "protocol": "UDP"}]);
    let less = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {"ports": only}});
    let less = apply(&mut cluster, "one", less, false).unwrap();
    assert_eq!(less.object.list(&["spec", "ports"]).len(), 2, "the other manager still wants the TCP port");
    assert_eq!(less.object.str(&["spec", "selector", "app"]), "other");
    let again = less.object.at(&["spec", "ports"]).cloned().unwrap();
    assert_eq!(again.as_array().map(Vec::len), Some(2));
}

#[test]
fn a_new_owner_is_a_change_once() {
    let mut cluster = Cluster::default();
    let ports = json!([{"port": 53}]);
    apply(&mut cluster, "one", web("dns", &ports), false).unwrap();
    let owned = apply(&mut cluster, "two", web("dns", &ports), false).unwrap();
    let again = apply(&mut cluster, "two", web("dns", &ports), false).unwrap();
    assert_eq!((owned.changed, again.changed), (true, false));
    assert_eq!(owned.object.resource_version(), again.object.resource_version());
    let refused = apply(&mut cluster, "three", web("other", &ports), false).unwrap_err();
    let want = "Apply failed with 2 conflicts: conflicts with \"one\":\n- .spec.selector\nconflicts with \"two\":\n- .spec.selector";
    assert_eq!(refused.message, want);
}
