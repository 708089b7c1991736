//! `kubectl kustomize` and `-k`: bases, names, namespaces, labels, annotations, images, replicas and patches.
//!
//! Models `sigs.k8s.io/kustomize/api` `krusty` as far as that; every other field of a kustomization is refused by name.

use api::arrange::Arrange;
use api::{Kind, Map, Value, json};

use super::command::Call;
use super::errors::{Failure, Outcome};
use crate::files::absolute;

/// The names that a kustomization's file may have.
const FILES: &[&str] = &["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// Fields that mean nothing here or are carried out.
const FIELDS: &[&str] = &[
    "apiVersion",
    "kind",
    "metadata",
    "resources",
    "bases",
    "namespace",
    "namePrefix",
    "nameSuffix",
    "labels",
    "commonLabels",
    "commonAnnotations",
    "images",
    "replicas",
    "patches",
    "patchesStrategicMerge",
];

/// Fields that kustomize knows beside those.
const OTHERS: &[&str] = &[
    "buildMetadata",
    "components",
    "configMapGenerator",
    "configurations",
    "crds",
    "generatorOptions",
    "generators",
    "helmChartInflationGenerator",
    "helmCharts",
    "helmGlobals",
    "openapi",
    "patchesJson6902",
    "replacements",
    "secretGenerator",
    "sortOptions",
    "transformers",
    "validators",
    "vars",
];

/// Fields that have been replaced, and by what.
const DEPRECATED: &[(&str, &str)] =
    &[("bases", "resources"), ("commonLabels", "labels"), ("patchesStrategicMerge", "patches")];

/// Kinds that come before and after all others. Models `SortOrderTransformer`'s defaults.
const FIRST: &[&str] = &[
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
];
const LAST: &[&str] = &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/// Kustomizations deeper within each other than this are refused.
const DEEPEST: usize = 16;

/// Kinds with pod templates whose selector is of labels.
const WORKLOADS: &[&str] = &["Deployment", "ReplicaSet", "DaemonSet", "StatefulSet"];

/// An object under way.
struct Resource {
    object: Value,
    /// The names it has had.
    names: Vec<String>,
}

impl Resource {
    fn text(&self, field: &str) -> &str {
        self.object.get(field).and_then(Value::as_str).unwrap_or_default()
    }

    fn meta(&self, field: &str) -> &str {
        self.object.get("metadata").and_then(|meta| meta.get(field)?.as_str()).unwrap_or_default()
    }

    fn kind(&self) -> &str {
        self.text("kind")
    }

    fn is_namespaced(&self) -> bool {
        let known = api::discovery::resources()
            .find(|kind| kind.kind == self.kind() && kind.has_api_version(self.text("apiVersion")));
        known.is_none_or(|kind| kind.namespaced)
    }

    fn set(&mut self, path: &[&str], value: Value) {
        api::object::set(&mut self.object, path, value);
    }
}

/// The objects that the kustomization of a folder makes.
///
/// # Errors
/// What is wrong with it, or what it asks that is not done here.
pub fn build(call: &Call, folder: &str) -> Outcome<Vec<Value>> {
    let mut resources = read(call, folder, folder, 0)?;
    resources.arrange_by_cached_key(order);
    Ok(resources.into_iter().map(|resource| resource.object).collect())
}

/// Models `legacyIDSort`.
fn order(resource: &Resource) -> (isize, String) {
    let place = |list: &[&str]| list.iter().position(|kind| *kind == resource.kind());
    let signed = |at: usize| isize::try_from(at).unwrap_or(isize::MAX);
    let rank = match (place(FIRST), place(LAST)) {
        (Some(at), _) => signed(at) - signed(FIRST.len()),
        (_, Some(at)) => signed(at) + 1,
        _ => 0,
    };
    let version = resource.text("apiVersion");
    let (group, version) = version.split_once('/').unwrap_or(("~G", version));
    let (namespace, name) = (resource.meta("namespace"), resource.meta("name"));
    (rank, format!("{group}_{version}_{}|{namespace}|{name}", resource.kind()))
}

fn read(call: &Call, folder: &str, typed: &str, depth: usize) -> Outcome<Vec<Resource>> {
    let path = absolute(&call.sys.folder, folder);
    if folder.contains("://") || typed.starts_with("github.com/") {
        return Err(Failure::Text(format!("unable to read {typed}: this playground has no internet")));
    }
    if depth > DEEPEST {
        return Err(Failure::Text(format!("kustomizations are nested deeper than {DEEPEST} here")));
    }
    if call.sys.files(|files| files.is_file(&path)) {
        return Err(Failure::Text(format!("must build at directory: '{typed}': file is not directory")));
    }
    if !call.sys.files(|files| files.is_folder(&path)) {
        return Err(Failure::Text(format!(
            "must build at directory: not a valid directory: evalsymlink failure on '{typed}' : lstat {path}: no such file \
             or directory"
        )));
    }
    let found = FILES.iter().find_map(|name| call.sys.read_file(&format!("{path}/{name}")).ok());
    let text = found.ok_or_else(|| {
        Failure::Text(format!(
            "unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '{path}'"
        ))
    })?;
    let documents = manifest::parse(&text).documents;
    if let Some(error) = documents.iter().find_map(|document| document.errors().first()) {
        return Err(Failure::Text(format!("invalid Kustomization: {}", error.kubectl())));
    }
    let own = documents.iter().find_map(|document| document.value().filter(|value| !value.is_null()));
    let own = own.ok_or_else(|| Failure::text("kustomization.yaml is empty"))?;
    let fields = own.as_object().ok_or_else(|| Failure::text("invalid Kustomization"))?;
    for field in fields.keys() {
        if OTHERS.contains(&field.as_str()) {
            return Err(Failure::Text(format!("the kustomization field {field} is not simulated by this playground")));
        }
        if !FIELDS.contains(&field.as_str()) {
            return Err(Failure::Text(format!("invalid Kustomization: json: unknown field \"{field}\"")));
        }
    }
    for (field, instead) in DEPRECATED.iter().filter(|(field, _)| fields.contains_key(*field)) {
        call.sys.err.line(format!(
            "# Warning: '{field}' is deprecated. Please use '{instead}' instead. Run 'kustomize edit fix' to update your \
             Kustomization automatically."
        ));
    }
    let mut resources = Vec::new();
    for name in ["resources", "bases"].iter().flat_map(|field| texts(own, field)) {
        resources.extend(accumulate(call, &path, name, depth)?);
    }
    transform(call, &path, own, &mut resources)?;
    Ok(resources)
}

/// The texts of a list.
fn texts<'a>(value: &'a Value, field: &str) -> Vec<&'a str> {
    value.get(field).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

fn entries<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value.get(field).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn pairs(value: &Value, field: &str) -> Map<String, Value> {
    value.get(field).and_then(Value::as_object).cloned().unwrap_or_default()
}

/// A file of objects, or another kustomization. Models `accumulateResources`.
fn accumulate(call: &Call, folder: &str, name: &str, depth: usize) -> Outcome<Vec<Resource>> {
    let path = absolute(folder, name);
    let Ok(text) = call.sys.read_file(&path) else {
        let missing = format!("evalsymlink failure on '{path}' : lstat {path}: no such file or directory");
        return if name.contains("://") || call.sys.files(|files| files.is_folder(&path)) {
            read(call, &path, name, depth + 1)
        } else {
            Err(Failure::Text(format!(
                "accumulating resources: accumulation err='accumulating resources from '{name}': {missing}': must build at \
                 directory: not a valid directory: {missing}"
            )))
        };
    };
    let mut found = Vec::new();
    for document in &manifest::parse(&text).documents {
        if let Some(error) = document.errors().first() {
            return Err(Failure::Text(format!(
                "accumulating resources: accumulation err='accumulating resources from '{name}': {}'",
                error.kubectl()
            )));
        }
        let value = document.value().filter(|value| value.is_object());
        found.extend(value.map(|value| Resource { object: value.clone(), names: Vec::new() }));
    }
    Ok(found)
}

/// What a kustomization does to its objects, in kustomize's order.
fn transform(call: &Call, folder: &str, own: &Value, resources: &mut [Resource]) -> Outcome {
    for text in texts(own, "patchesStrategicMerge") {
        let text = call.sys.read_file(&absolute(folder, text)).unwrap_or_else(|_| text.to_owned());
        merge(&text, &Value::Null, resources)?;
    }
    for patch in entries(own, "patches") {
        let text = |field: &str| patch.get(field).and_then(Value::as_str);
        let of_file = || {
            let path = absolute(folder, text("path").unwrap_or_default());
            call.sys
                .read_file(&path)
                .map_err(|_| Failure::Text(format!("failed to get the patch file from path({path})")))
        };
        let patch_text = text("patch").map_or_else(of_file, |text| Ok(text.to_owned()))?;
        merge(&patch_text, patch.get("target").unwrap_or(&Value::Null), resources)?;
    }
    if let Some(namespace) = own.get("namespace").and_then(Value::as_str) {
        for resource in &mut *resources {
            if resource.kind() == "Namespace" {
                resource.set(&["metadata", "name"], namespace.into());
            } else if resource.is_namespaced() {
                resource.set(&["metadata", "namespace"], namespace.into());
            }
        }
    }
    let affix = |field: &str| own.get(field).and_then(Value::as_str).unwrap_or_default();
    rename(affix("namePrefix"), affix("nameSuffix"), resources);
    for resource in &mut *resources {
        for labels in entries(own, "labels") {
            let selectors = labels.get("includeSelectors") == Some(&true.into());
            let templates = selectors || labels.get("includeTemplates") == Some(&true.into());
            label(resource, &pairs(labels, "pairs"), selectors, templates);
        }
        label(resource, &pairs(own, "commonLabels"), true, true);
        annotate(resource, &pairs(own, "commonAnnotations"));
        for replicas in entries(own, "replicas") {
            let name = replicas.get("name").and_then(Value::as_str).unwrap_or_default();
            let scalable =
                matches!(resource.kind(), "Deployment" | "ReplicaSet" | "ReplicationController" | "StatefulSet");
            if scalable && (resource.meta("name") == name || resource.names.iter().any(|known| known == name)) {
                resource.set(&["spec", "replicas"], replicas.get("count").cloned().unwrap_or_default());
            }
        }
        for image in entries(own, "images") {
            retag(&mut resource.object, image);
        }
    }
    Ok(())
}

/// Applies a strategic merge patch to the objects that it or its target names.
fn merge(text: &str, target: &Value, resources: &mut [Resource]) -> Outcome {
    for document in &manifest::parse(text).documents {
        let Some(patch) = document.value().filter(|value| !value.is_null()) else { continue };
        if patch.is_array() {
            return Err(Failure::text("JSON patches of a kustomization are not simulated by this playground"));
        }
        let word = |value: &Value, field: &str| value.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (kind, name) = match target.is_object() {
            true => (word(target, "kind"), word(target, "name")),
            false => (word(patch, "kind"), word(&patch["metadata"], "name")),
        };
        let mut any = false;
        for resource in &mut *resources {
            let named = name.is_empty() || resource.meta("name") == name || resource.names.contains(&name);
            if !named || !(kind.is_empty() || resource.kind() == kind) {
                continue;
            }
            any = true;
            let known = Kind::of_manifest(resource.text("apiVersion"), resource.kind());
            let known = known.ok_or_else(|| {
                Failure::Text(format!("patches of {} are not simulated by this playground", resource.kind()))
            })?;
            let mut patch = patch.clone();
            if let Some(meta) = patch.get_mut("metadata").and_then(Value::as_object_mut) {
                meta.remove("name");
            }
            resource.object = api::patch::apply(known, &resource.object, &patch).map_err(Failure::Text)?;
        }
        if !any && !target.is_object() {
            return Err(Failure::Text(format!(
                "no resource matches strategic merge patch \"{kind}.{}/{name}.[noNs]\": no matches for Id \
                 {kind}.{}/{name}.[noNs]; failed to find unique target for patch {kind}.{}/{name}.[noNs]",
                group_version(patch),
                group_version(patch),
                group_version(patch)
            )));
        }
    }
    Ok(())
}

/// `v1.apps`
fn group_version(object: &Value) -> String {
    let version = object.get("apiVersion").and_then(Value::as_str).unwrap_or_default();
    version.split_once('/').map_or(format!("{version}.[noGrp]"), |(group, version)| format!("{version}.{group}"))
}

/// Puts a beginning and an end to all names, and to what refers to them. Models the prefix, suffix and name reference
/// transformers.
fn rename(prefix: &str, suffix: &str, resources: &mut [Resource]) {
    if prefix.is_empty() && suffix.is_empty() {
        return;
    }
    let mut renamed: Vec<(String, String, String)> = Vec::new();
    for resource in &mut *resources {
        if matches!(resource.kind(), "Namespace" | "CustomResourceDefinition" | "APIService") {
            continue;
        }
        let name = resource.meta("name").to_owned();
        let new = format!("{prefix}{name}{suffix}");
        resource.set(&["metadata", "name"], new.as_str().into());
        renamed.push((resource.kind().to_owned(), name.clone(), new));
        resource.names.push(name);
    }
    for resource in resources {
        refer(&mut resource.object, "", &renamed);
    }
}

/// Follows the new names in what refers to objects: `under` is the field that a value stands in.
fn refer(value: &mut Value, under: &str, renamed: &[(String, String, String)]) {
    let new = |kind: &str, name: &str| {
        renamed.iter().find(|(known, old, _)| known == kind && old == name).map(|(_, _, new)| new.clone())
    };
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| refer(item, under, renamed)),
        Value::Object(fields) => {
            let of_kind = fields.get("kind").and_then(Value::as_str).map(str::to_owned);
            for (field, value) in fields.iter_mut() {
                let kind = match (under, field.as_str()) {
                    ("configMapRef" | "configMapKeyRef" | "configMap", "name") => "ConfigMap",
                    ("secretRef" | "secretKeyRef" | "secret" | "imagePullSecrets", "name") | (_, "secretName") => {
                        "Secret"
                    }
                    ("service", "name") | (_, "serviceName") => "Service",
                    (_, "serviceAccountName") => "ServiceAccount",
                    (_, "claimName") => "PersistentVolumeClaim",
                    ("scaleTargetRef" | "roleRef" | "subjects", "name") => of_kind.as_deref().unwrap_or_default(),
                    _ => "",
                };
                match value.as_str().and_then(|name| new(kind, name)) {
                    Some(name) => *value = name.into(),
                    None => refer(value, field, renamed),
                }
            }
        }
        _ => {}
    }
}

/// Models the label transformer with its default fields.
fn label(resource: &mut Resource, labels: &Map<String, Value>, selectors: bool, templates: bool) {
    if labels.is_empty() {
        return;
    }
    let kind = resource.kind().to_owned();
    let mut put = |path: &str, create: bool| add(&mut resource.object, path, labels, create);
    put("metadata/labels", true);
    if selectors {
        match kind.as_str() {
            "Service" | "ReplicationController" => put("spec/selector", true),
            "Job" | "PodDisruptionBudget" => put("spec/selector/matchLabels", false),
            "CronJob" => put("spec/jobTemplate/spec/selector/matchLabels", false),
            "NetworkPolicy" => {
                put("spec/podSelector/matchLabels", false);
                put("spec/ingress/from/podSelector/matchLabels", false);
                put("spec/egress/to/podSelector/matchLabels", false);
            }
            kind if WORKLOADS.contains(&kind) => put("spec/selector/matchLabels", true),
            _ => {}
        }
    }
    if templates {
        match kind.as_str() {
            "CronJob" => {
                put("spec/jobTemplate/metadata/labels", true);
                put("spec/jobTemplate/spec/template/metadata/labels", true);
            }
            kind if WORKLOADS.contains(&kind) || matches!(kind, "Job" | "ReplicationController") => {
                put("spec/template/metadata/labels", true);
            }
            _ => {}
        }
    }
}

fn annotate(resource: &mut Resource, annotations: &Map<String, Value>) {
    if annotations.is_empty() {
        return;
    }
    let kind = resource.kind().to_owned();
    add(&mut resource.object, "metadata/annotations", annotations, true);
    if WORKLOADS.contains(&kind.as_str()) || matches!(kind.as_str(), "Job" | "ReplicationController") {
        add(&mut resource.object, "spec/template/metadata/annotations", annotations, true);
    }
    if kind == "CronJob" {
        add(&mut resource.object, "spec/jobTemplate/metadata/annotations", annotations, true);
        add(&mut resource.object, "spec/jobTemplate/spec/template/metadata/annotations", annotations, true);
    }
}

/// Adds pairs to the map at a path, in every element of the lists on the way.
fn add(value: &mut Value, path: &str, pairs: &Map<String, Value>, create: bool) {
    if let Value::Array(items) = value {
        return items.iter_mut().for_each(|item| add(item, path, pairs, create));
    }
    let Some(fields) = value.as_object_mut() else { return };
    let (first, rest) = path.split_once('/').map_or((path, None), |(first, rest)| (first, Some(rest)));
    if create && fields.get(first).is_none_or(Value::is_null) {
        fields.insert(first.to_owned(), json!({}));
    }
    let Some(next) = fields.get_mut(first) else { return };
    match rest {
        Some(rest) => add(next, rest, pairs, create),
        None => {
            if let Some(fields) = next.as_object_mut() {
                fields.extend(pairs.clone());
            }
        }
    }
}

/// Models the image transformer: every container's image of a name.
fn retag(value: &mut Value, image: &Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| retag(item, image)),
        Value::Object(fields) => {
            for (field, value) in fields.iter_mut() {
                if !matches!(field.as_str(), "containers" | "initContainers") {
                    retag(value, image);
                    continue;
                }
                for container in value.as_array_mut().into_iter().flatten() {
                    let old = container.get("image").and_then(Value::as_str).unwrap_or_default();
                    if let Some(new) = changed_image(old, image) {
                        container["image"] = new.into();
                    }
                }
            }
        }
        _ => {}
    }
}

fn changed_image(old: &str, image: &Value) -> Option<String> {
    let text = |field: &str| image.get(field).and_then(Value::as_str).unwrap_or_default();
    let rest = old.strip_prefix(text("name")).filter(|rest| rest.is_empty() || rest.starts_with([':', '@']))?;
    let name = if text("newName").is_empty() { text("name") } else { text("newName") };
    Some(match (text("newTag"), text("digest")) {
        ("", "") => format!("{name}{rest}"),
        (tag, "") => format!("{name}:{tag}"),
        ("", digest) => format!("{name}@{digest}"),
        (tag, digest) => format!("{name}:{tag}@{digest}"),
    })
}
