//! The registry of kinds: what Kubernetes knows about each, in one place.

mod plain;

use std::cmp::Ordering;
use std::fmt;

use serde_json::Value;

use crate::{ErrorList, Object};

pub(crate) use plain::Plain;

/// Every kind the API server serves, in the order of `kubectl api-resources`.
pub static KINDS: &[&Kind] = &[
    &crate::config_map::KIND,
    &crate::endpoints::KIND,
    &crate::event::KIND,
    &crate::namespace::KIND,
    &crate::node::KIND,
    &crate::pod::KIND,
    &crate::secret::KIND,
    &crate::service_account::KIND,
    &crate::service::KIND,
    &crate::daemon_set::KIND,
    &crate::deployment::KIND,
    &crate::replica_set::KIND,
    &crate::stateful_set::KIND,
    &crate::horizontal_pod_autoscaler::KIND,
    &crate::job::KIND,
    &crate::endpoint_slice::KIND,
    &crate::gateway_class::KIND,
    &crate::gateway::KIND,
    &crate::http_route::KIND,
    &crate::ingress_class::KIND,
    &crate::ingress::KIND,
    &crate::network_policy::KIND,
];

/// What is known about one kind of object.
pub struct Kind {
    /// API group; empty for the core group.
    pub group: &'static str,
    /// API version within the group, such as `v1`.
    pub version: &'static str,
    /// The name in manifests, such as `Service`.
    pub kind: &'static str,
    /// The resource's plural name, such as `services`.
    pub plural: &'static str,
    /// The resource's singular name, such as `service`.
    pub singular: &'static str,
    /// Abbreviations that kubectl takes, such as `svc`.
    pub short_names: &'static [&'static str],
    /// Groups of resources it is listed under, such as `all`.
    pub categories: &'static [&'static str],
    /// Whether its objects live in a namespace.
    pub namespaced: bool,
    /// Its rules.
    pub strategy: &'static dyn Strategy,
    /// The columns of `kubectl get`, without the namespace.
    pub columns: &'static [Column],
}

impl Kind {
    /// `apiVersion` as manifests have it: `v1`, `apps/v1`.
    #[must_use]
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.to_owned() } else { format!("{}/{}", self.group, self.version) }
    }

    /// Whether this is the `apiVersion` of the kind.
    #[must_use]
    pub fn has_api_version(&self, api_version: &str) -> bool {
        match api_version.split_once('/') {
            Some((group, version)) => group == self.group && version == self.version,
            None => self.group.is_empty() && api_version == self.version,
        }
    }

    /// The resource with its group, as messages have it: `services`, `deployments.apps`.
    #[must_use]
    pub fn group_resource(&self) -> String {
        self.qualify(self.plural)
    }

    /// The singular with its group, as kubectl's results have it: `service`, `deployment.apps`.
    #[must_use]
    pub fn qualified_singular(&self) -> String {
        self.qualify(self.singular)
    }

    /// The kind with its group, as messages have it: `Service`, `Deployment.apps`.
    #[must_use]
    pub fn qualified_kind(&self) -> String {
        self.qualify(self.kind)
    }

    /// Whether a CustomResourceDefinition defines it rather than Go types.
    #[must_use]
    pub fn is_custom(&self) -> bool {
        self.group == "gateway.networking.k8s.io"
    }

    fn qualify(&self, word: &str) -> String {
        if self.group.is_empty() { word.to_owned() } else { format!("{word}.{}", self.group) }
    }

    /// The kind that a manifest's `apiVersion` and `kind` name; upper and lower case matter, as upstream.
    #[must_use]
    pub fn of_manifest(api_version: &str, kind: &str) -> Option<&'static Kind> {
        KINDS.iter().copied().find(|k| k.kind == kind && k.has_api_version(api_version))
    }

    /// The kind that a word on kubectl's command line means: plural, singular, short name or kind, in any case,
    /// alone or followed by its group (`deployments.apps`) or its version and group (`deployments.v1.apps`).
    #[must_use]
    pub fn of_word(word: &str) -> Option<&'static Kind> {
        let word = word.to_ascii_lowercase();
        let (name, rest) = word.split_once('.').map_or((word.as_str(), None), |(n, r)| (n, Some(r)));
        crate::discovery::resources().find(|k| {
            let named = k.plural == name
                || k.singular == name
                || k.short_names.contains(&name)
                || k.kind.eq_ignore_ascii_case(name);
            let in_group = rest.is_none_or(|rest| {
                rest == k.group || rest.strip_prefix(k.version).is_some_and(|r| r.trim_start_matches('.') == k.group)
            });
            named && in_group
        })
    }
}

/// Each kind stands once in memory: it is a `static`.
impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Kind {}

impl Ord for Kind {
    fn cmp(&self, other: &Self) -> Ordering {
        if std::ptr::eq(self, other) {
            return Ordering::Equal;
        }
        (self.group, self.plural).cmp(&(other.group, other.plural))
    }
}

impl PartialOrd for Kind {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl std::hash::Hash for Kind {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.group, self.plural).hash(state);
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.group_resource())
    }
}

/// The rules of one kind. Models upstream's `rest.RESTCreateStrategy` and `RESTUpdateStrategy`: one admission
/// path calls them in this order: `default`, `prepare_*`, `validate_*`, allocation, `warnings`.
pub trait Strategy: Sync {
    /// Fills in what the manifest leaves out. Models `SetDefaults_*` of the versioned API.
    fn default(&self, object: &mut Object);

    /// Drops what a creator may not set (status) and sets what creation decides.
    fn prepare_create(&self, object: &mut Object) {
        object.remove(&["status"]);
    }

    /// Keeps what an updater may not set. The main resource never changes status.
    fn prepare_update(&self, object: &mut Object, old: &Object) {
        object.keep(old, "status");
    }

    /// Sets what depends on the new object's uid, after it has got one.
    fn complete(&self, _object: &mut Object) {}

    /// What is wrong with a new object, its metadata aside.
    fn validate_create(&self, object: &Object) -> ErrorList;

    /// What is wrong with a changed object, its metadata aside.
    fn validate_update(&self, object: &Object, _old: &Object) -> ErrorList {
        self.validate_create(object)
    }

    /// What is wrong with the name; `None` when it is good. Most names are DNS-1123 subdomains.
    fn validate_name(&self, name: &str) -> Vec<String> {
        crate::names::is_dns1123_subdomain(name)
    }

    /// Whether a change raises `metadata.generation`: by default, a change of `spec`.
    fn changes_generation(&self, object: &Object, old: &Object) -> bool {
        !object.same(old, &["spec"])
    }

    /// Warnings that accompany the answer (`Warning: ...` on kubectl's stderr).
    fn warnings(&self, _object: &Object, _old: Option<&Object>) -> Vec<String> {
        Vec::new()
    }

    /// Whether an update of an object that is not there creates it. Models `AllowCreateOnUpdate`.
    fn allow_create_on_update(&self) -> bool {
        false
    }

    /// The warning that accompanies the answer to every request for a kind that is to go, reads too.
    fn deprecation(&self) -> Option<&'static str> {
        None
    }
}

/// One column of `kubectl get`. Models the printer columns of upstream `pkg/printers/internalversion`.
pub struct Column {
    /// The heading, in capitals.
    pub name: &'static str,
    /// Shown with `-o wide` only.
    pub wide: bool,
    /// The cell of one object.
    pub cell: fn(&Object, Now) -> String,
}

/// The moment of printing, in whole seconds since the Unix epoch: ages count from it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Now(pub i64);

/// The `NAME` column.
pub const NAME: Column = Column { name: "NAME", wide: false, cell: |object, _| object.name().to_owned() };

/// The `AGE` column.
pub const AGE: Column = Column { name: "AGE", wide: false, cell: |object, now| age(object.creation_timestamp(), now) };

/// The age since an RFC 3339 time, as kubectl prints it; `<unknown>` when there is none.
#[must_use]
pub fn age(timestamp: &str, now: Now) -> String {
    crate::time::parse_rfc3339(timestamp)
        .map_or_else(|| "<unknown>".to_owned(), |then| crate::time::human_duration(now.0 - then))
}

/// A node of the tree as a table cell prints it: strings bare, nothing as the empty string.
#[must_use]
pub fn cell_text(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
