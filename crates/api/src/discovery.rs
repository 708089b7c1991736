//! What the API server says it serves: every resource of Kubernetes 1.36, also those that nothing here works with.
//! Objects of those cannot be made, so a list of them is empty.

use crate::Kind;
use crate::arrange::Arrange;
use crate::kind::{AGE, KINDS, NAME, Plain};

/// Served, and no more than that, in the order of `kubectl api-resources`.
static OTHERS: &[Kind] = &[
    of("", "v1", "Binding", ("bindings", "binding", &[]), true),
    of("", "v1", "ComponentStatus", ("componentstatuses", "componentstatus", &["cs"]), false),
    of("", "v1", "LimitRange", ("limitranges", "limitrange", &["limits"]), true),
    of("", "v1", "PersistentVolumeClaim", ("persistentvolumeclaims", "persistentvolumeclaim", &["pvc"]), true),
    of("", "v1", "PersistentVolume", ("persistentvolumes", "persistentvolume", &["pv"]), false),
    of("", "v1", "PodTemplate", ("podtemplates", "podtemplate", &[]), true),
    in_all(&of("", "v1", "ReplicationController", ("replicationcontrollers", "replicationcontroller", &["rc"]), true)),
    of("", "v1", "ResourceQuota", ("resourcequotas", "resourcequota", &["quota"]), true),
    extension(&admission("MutatingAdmissionPolicy", ("mutatingadmissionpolicies", "mutatingadmissionpolicy", &[]))),
    extension(&admission(
        "MutatingAdmissionPolicyBinding",
        ("mutatingadmissionpolicybindings", "mutatingadmissionpolicybinding", &[]),
    )),
    extension(&admission(
        "MutatingWebhookConfiguration",
        ("mutatingwebhookconfigurations", "mutatingwebhookconfiguration", &[]),
    )),
    extension(&admission(
        "ValidatingAdmissionPolicy",
        ("validatingadmissionpolicies", "validatingadmissionpolicy", &[]),
    )),
    extension(&admission(
        "ValidatingAdmissionPolicyBinding",
        ("validatingadmissionpolicybindings", "validatingadmissionpolicybinding", &[]),
    )),
    extension(&admission(
        "ValidatingWebhookConfiguration",
        ("validatingwebhookconfigurations", "validatingwebhookconfiguration", &[]),
    )),
    extension(&of(
        "apiextensions.k8s.io",
        "v1",
        "CustomResourceDefinition",
        ("customresourcedefinitions", "customresourcedefinition", &["crd", "crds"]),
        false,
    )),
    extension(&of("apiregistration.k8s.io", "v1", "APIService", ("apiservices", "apiservice", &[]), false)),
    of("apps", "v1", "ControllerRevision", ("controllerrevisions", "controllerrevision", &[]), true),
    of("authentication.k8s.io", "v1", "SelfSubjectReview", ("selfsubjectreviews", "selfsubjectreview", &[]), false),
    of("authentication.k8s.io", "v1", "TokenReview", ("tokenreviews", "tokenreview", &[]), false),
    authorization("LocalSubjectAccessReview", ("localsubjectaccessreviews", "localsubjectaccessreview", &[]), true),
    authorization("SelfSubjectAccessReview", ("selfsubjectaccessreviews", "selfsubjectaccessreview", &[]), false),
    authorization("SelfSubjectRulesReview", ("selfsubjectrulesreviews", "selfsubjectrulesreview", &[]), false),
    authorization("SubjectAccessReview", ("subjectaccessreviews", "subjectaccessreview", &[]), false),
    in_all(&of("batch", "v1", "CronJob", ("cronjobs", "cronjob", &["cj"]), true)),
    of(
        "certificates.k8s.io",
        "v1",
        "CertificateSigningRequest",
        ("certificatesigningrequests", "certificatesigningrequest", &["csr"]),
        false,
    ),
    of("coordination.k8s.io", "v1", "Lease", ("leases", "lease", &[]), true),
    of("events.k8s.io", "v1", "Event", ("events", "event", &["ev"]), true),
    of("flowcontrol.apiserver.k8s.io", "v1", "FlowSchema", ("flowschemas", "flowschema", &[]), false),
    of(
        "flowcontrol.apiserver.k8s.io",
        "v1",
        "PriorityLevelConfiguration",
        ("prioritylevelconfigurations", "prioritylevelconfiguration", &[]),
        false,
    ),
    of("networking.k8s.io", "v1", "IPAddress", ("ipaddresses", "ipaddress", &["ip"]), false),
    of("networking.k8s.io", "v1", "ServiceCIDR", ("servicecidrs", "servicecidr", &[]), false),
    of("node.k8s.io", "v1", "RuntimeClass", ("runtimeclasses", "runtimeclass", &[]), false),
    of("policy", "v1", "PodDisruptionBudget", ("poddisruptionbudgets", "poddisruptionbudget", &["pdb"]), true),
    rbac("ClusterRoleBinding", ("clusterrolebindings", "clusterrolebinding", &[]), false),
    rbac("ClusterRole", ("clusterroles", "clusterrole", &[]), false),
    rbac("RoleBinding", ("rolebindings", "rolebinding", &[]), true),
    rbac("Role", ("roles", "role", &[]), true),
    of("resource.k8s.io", "v1", "DeviceClass", ("deviceclasses", "deviceclass", &[]), false),
    of("resource.k8s.io", "v1", "ResourceClaim", ("resourceclaims", "resourceclaim", &[]), true),
    of(
        "resource.k8s.io",
        "v1",
        "ResourceClaimTemplate",
        ("resourceclaimtemplates", "resourceclaimtemplate", &[]),
        true,
    ),
    of("resource.k8s.io", "v1", "ResourceSlice", ("resourceslices", "resourceslice", &[]), false),
    of("scheduling.k8s.io", "v1", "PriorityClass", ("priorityclasses", "priorityclass", &["pc"]), false),
    of("storage.k8s.io", "v1", "CSIDriver", ("csidrivers", "csidriver", &[]), false),
    of("storage.k8s.io", "v1", "CSINode", ("csinodes", "csinode", &[]), false),
    of("storage.k8s.io", "v1", "CSIStorageCapacity", ("csistoragecapacities", "csistoragecapacity", &[]), true),
    of("storage.k8s.io", "v1", "StorageClass", ("storageclasses", "storageclass", &["sc"]), false),
    of("storage.k8s.io", "v1", "VolumeAttachment", ("volumeattachments", "volumeattachment", &[]), false),
    of(
        "storage.k8s.io",
        "v1",
        "VolumeAttributesClass",
        ("volumeattributesclasses", "volumeattributesclass", &["vac"]),
        false,
    ),
];

/// Plural, singular, short names.
type Names = (&'static str, &'static str, &'static [&'static str]);

const fn of(
    group: &'static str,
    version: &'static str,
    kind: &'static str,
    (plural, singular, short_names): Names,
    namespaced: bool,
) -> Kind {
    let (categories, strategy, columns): (&[&str], _, &[_]) = (&[], &Plain::DATA, &[NAME, AGE]);
    Kind { group, version, kind, plural, singular, short_names, categories, namespaced, strategy, columns }
}

const fn admission(kind: &'static str, names: Names) -> Kind {
    of("admissionregistration.k8s.io", "v1", kind, names, false)
}

const fn authorization(kind: &'static str, names: Names, namespaced: bool) -> Kind {
    of("authorization.k8s.io", "v1", kind, names, namespaced)
}

const fn rbac(kind: &'static str, names: Names, namespaced: bool) -> Kind {
    of("rbac.authorization.k8s.io", "v1", kind, names, namespaced)
}

const fn in_all(kind: &Kind) -> Kind {
    listed(kind, &["all"])
}

const fn extension(kind: &Kind) -> Kind {
    listed(kind, &["api-extensions"])
}

const fn listed(kind: &Kind, categories: &'static [&'static str]) -> Kind {
    Kind {
        group: kind.group,
        version: kind.version,
        kind: kind.kind,
        plural: kind.plural,
        singular: kind.singular,
        short_names: kind.short_names,
        categories,
        namespaced: kind.namespaced,
        strategy: kind.strategy,
        columns: kind.columns,
    }
}

/// Every resource of the server, the built-in ones that this playground works with first.
pub fn resources() -> impl Iterator<Item = &'static Kind> {
    KINDS.iter().copied().chain(OTHERS)
}

/// What can be done with the objects of a resource, in order.
#[must_use]
pub fn verbs(kind: &Kind) -> &'static [&'static str] {
    match kind.plural {
        "bindings" => &["create"],
        _ if kind.plural.ends_with("reviews") => &["create"],
        "componentstatuses" => &["get", "list"],
        "namespaces" => &["create", "delete", "get", "list", "patch", "update", "watch"],
        _ => &["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
    }
}

/// Every group and version, as `kubectl api-versions` has them.
#[must_use]
pub fn versions() -> Vec<String> {
    let mut all: Vec<String> = resources().map(Kind::api_version).collect();
    // A second version of what is served as `autoscaling/v2`.
    all.push("autoscaling/v1".to_owned());
    all.arrange();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_mean_one_resource_each() {
        for (word, want) in [
            ("rc", "replicationcontrollers"),
            ("ev", "events"),
            ("events.events.k8s.io", "events.events.k8s.io"),
            ("ip", "ipaddresses.networking.k8s.io"),
            ("CronJob", "cronjobs.batch"),
        ] {
            assert_eq!(Kind::of_word(word).map(Kind::group_resource).as_deref(), Some(want), "{word}");
        }
        assert!(OTHERS.iter().all(|kind| !KINDS.contains(&kind)));
    }
}
