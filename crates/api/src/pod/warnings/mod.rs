//! What is accepted of pods with a warning. Models `warningsForPodSpecAndMeta` of `pkg/api/pod/warnings.go`.

mod containers;
mod nodes;
mod volumes;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::field::go_quote;
use crate::tree::{int, items, list, some, text};
use crate::{Object, Path, ip, names};

const SECCOMP_POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";
const APP_ARMOR: &str = "container.apparmor.security.beta.kubernetes.io/";

/// Annotations without a meaning, and what to write instead.
const OLD_ANNOTATIONS: [(&str, &str); 3] = [
    (
        "scheduler.alpha.kubernetes.io/critical-pod",
        "non-functional in v1.16+; use the \"priorityClassName\" field instead",
    ),
    ("security.alpha.kubernetes.io/sysctls", "non-functional in v1.11+; use the \"sysctls\" field instead"),
    ("security.alpha.kubernetes.io/unsafe-sysctls", "non-functional in v1.11+; use the \"sysctls\" field instead"),
];

/// The warnings of a pod.
pub(crate) fn pod(pod: &Object) -> Vec<String> {
    let spec = pod.at(&["spec"]).unwrap_or(&Value::Null);
    of(spec, pod.map(&["metadata", "annotations"]), &Path::default())
}

/// The warnings of a workload whose pods take its name over, and of its template when that may have changed.
/// Models `WarningsOnCreate` and `WarningsOnUpdate` of the strategies in `pkg/registry/apps` and `pkg/registry/batch`.
pub(crate) fn workload(object: &Object, old: Option<&Object>, named: bool) -> Vec<String> {
    let mut warnings = Vec::new();
    if old.is_none() && named {
        warnings.extend(name(object.name(), "Pod names and hostnames"));
    }
    if old.is_none_or(|old| old.at(&["spec"]) != object.at(&["spec"])) {
        let spec = object.at(&["spec", "template", "spec"]).unwrap_or(&Value::Null);
        let annotations = object.map(&["spec", "template", "metadata", "annotations"]);
        warnings.extend(of(spec, annotations, &Path::new("spec.template")));
    }
    warnings
}

/// What a name that pods take over should look like; `whose` as upstream words it.
pub(crate) fn name(name: &str, whose: &str) -> Option<String> {
    let wrong = names::is_dns1123_label(name);
    (!wrong.is_empty()).then(|| {
        let wrong = wrong.join(" ");
        format!(
            "metadata.name: this is used in {whose}, which can result in surprising behavior; a DNS label is \
             recommended: [{wrong}]"
        )
    })
}

/// `path` is that of what has the metadata and the spec.
fn of(spec: &Value, annotations: Option<&Map<String, Value>>, path: &Path) -> Vec<String> {
    let spec_path = path.child("spec");
    let annotations_path = path.child("metadata").child("annotations");
    let mut warnings = nodes::labels(spec, &spec_path);
    for (key, instead) in OLD_ANNOTATIONS {
        if annotations.is_some_and(|annotations| annotations.contains_key(key)) {
            warnings.push(format!("{}: {instead}", annotations_path.key(key)));
        }
    }
    warnings.extend(volumes::volumes(spec, &spec_path));
    warnings.extend(repeated(spec, "hostAliases", "ip", &spec_path));
    warnings.extend(repeated(spec, "imagePullSecrets", "name", &spec_path));
    for (path, secret) in items(spec, "imagePullSecrets", &spec_path) {
        if text(secret, "name").is_empty() {
            warnings.push(format!("{}: invalid empty name \"\"", path.child("name")));
        }
    }
    warnings.extend(containers::fractions(spec, "overhead", &spec_path));
    warnings.extend(old_security(spec, annotations, path));
    warnings.extend(containers::containers(spec, &spec_path));
    if int(spec, "terminationGracePeriodSeconds").is_some_and(|seconds| seconds < 0) {
        let path = spec_path.child("terminationGracePeriodSeconds");
        warnings.push(format!("{path}: must be >= 0; negative values are invalid and will be treated as 1"));
    }
    warnings.extend(nodes::neighbours(spec, &spec_path));
    warnings.extend(addresses(spec, &spec_path));
    warnings
}

/// Items of one value.
fn repeated(spec: &Value, of: &str, field: &str, path: &Path) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let items = items(spec, of, path).map(|(path, item)| (path.child(field), text(item, field)));
    items
        .filter(|(_, value)| !seen.insert(*value))
        .map(|(path, value)| format!("{path}: duplicate {field} {}", go_quote(value)))
        .collect()
}

/// Profiles in annotations, where the field is not set.
fn old_security(spec: &Value, annotations: Option<&Map<String, Value>>, path: &Path) -> Vec<String> {
    let Some(annotations) = annotations else { return Vec::new() };
    let mut warnings = Vec::new();
    let has =
        |of: &Value, field: &str| some(of, "securityContext").is_some_and(|context| some(context, field).is_some());
    let mut warn = |key: &str, instead: &str| {
        if annotations.contains_key(key) {
            warnings.push(format!("{}: {instead}", path.child("metadata").child("annotations").key(key)));
        }
    };
    let seccomp = "non-functional in v1.27+; use the \"seccompProfile\" field instead";
    if !has(spec, "seccompProfile") {
        warn(SECCOMP_POD, seccomp);
    }
    let is_template = *path != Path::default();
    for lists in ["initContainers", "containers", "ephemeralContainers"] {
        for container in list(spec, lists) {
            let name = text(container, "name");
            if !has(container, "seccompProfile") {
                warn(&format!("{SECCOMP_CONTAINER}{name}"), seccomp);
            }
            if is_template && !has(spec, "appArmorProfile") && !has(container, "appArmorProfile") {
                let instead = "deprecated since v1.30; use the \"appArmorProfile\" field instead";
                warn(&format!("{APP_ARMOR}{name}"), instead);
            }
        }
    }
    warnings
}

/// Addresses in forms that are read but should be written otherwise.
fn addresses(spec: &Value, path: &Path) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Some(config) = some(spec, "dnsConfig") {
        for (path, server) in items(config, "nameservers", &path.child("dnsConfig")) {
            warnings.extend(ip::ip_warnings(&path, server.as_str().unwrap_or_default()));
        }
    }
    for (path, alias) in items(spec, "hostAliases", path) {
        warnings.extend(ip::ip_warnings(&path.child("ip"), text(alias, "ip")));
    }
    warnings
}
