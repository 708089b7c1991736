//! What every namespace has: the account `default` and the certificate of the API server.
//! Models `pkg/controller/serviceaccount` and `pkg/controller/certificates/rootcacertpublisher`.

use api::{Kind, ObjectKey, Value, json};

use super::{Controller, write};
use crate::Cluster;
use crate::store::{Change, Store, WatchEvent};

/// See the module.
pub(super) struct ServiceAccountController;

const NAME: &str = "service-account-controller";
const ROOT_CA: &str = "kube-root-ca.crt";

impl Controller for ServiceAccountController {
    fn name(&self) -> &'static str {
        NAME
    }

    fn delay(&self) -> u64 {
        1_000
    }

    fn concerns(&self, event: &WatchEvent, _store: &Store) -> Vec<ObjectKey> {
        let is = |kind: &Kind, name: &str| *event.key.kind == *kind && &*event.key.name == name;
        let lost = event.change == Change::Deleted
            && (is(&api::service_account::KIND, "default") || is(&api::config_map::KIND, ROOT_CA));
        if lost {
            return vec![ObjectKey::new(&api::namespace::KIND, "", &event.key.namespace)];
        }
        let new = event.change == Change::Added && *event.key.kind == api::namespace::KIND;
        if new { vec![event.key.clone()] } else { Vec::new() }
    }

    fn reconcile(&self, cluster: &mut Cluster, key: &ObjectKey) {
        if cluster.store().get(key).is_none_or(|namespace| namespace.is_terminating()) {
            return;
        }
        ensure(cluster, &api::service_account::KIND, &key.name, json!({"metadata": {"name": "default"}}));
        let about = "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such \
                     as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across \
                     distributions of Kubernetes clusters.";
        let certificate = "-----BEGIN CERTIFICATE-----\nsimulated\n-----END CERTIFICATE-----\n";
        let object = json!({
            "metadata": {"name": ROOT_CA, "annotations": {"kubernetes.io/description": about}},
            "data": {"ca.crt": certificate},
        });
        ensure(cluster, &api::config_map::KIND, &key.name, object);
    }
}

/// Creates an object unless it is there.
fn ensure(cluster: &mut Cluster, kind: &'static Kind, namespace: &str, object: Value) {
    // Refused when it is there, which is as wanted, or when the namespace goes.
    drop(write::create(cluster, NAME, kind, namespace, object));
}
