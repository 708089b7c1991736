//! Every first manifest of the recordings, through decoding, defaulting, preparation and validation, against what a real
//! server answered. Skipped with a message where `../shared/oracle` is absent.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test: it may fail, and says what it skips")]

use std::path::PathBuf;

use api::{Kind, Object, Status, Value, decode, json, metadata, service};

/// What the recorder's kubectl printed for one manifest.
struct Recorded {
    id: String,
    text: String,
    stderr: String,
    /// `get -o yaml` afterwards, when it was asked for and there.
    stored: Option<Value>,
}

fn recordings(topic: &str) -> Option<Vec<Recorded>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let file = root.join("shared/oracle/recorded").join(format!("{topic}.json"));
    let Ok(text) = std::fs::read_to_string(&file) else {
        println!("skipped: no recordings at ../shared/oracle");
        return None;
    };
    let recorded: Value = serde_json::from_str(&text).unwrap();
    let text_of = |step: &Value, field: &str| step[field].as_str().unwrap_or_default().to_owned();
    let cases = recorded["cases"].as_array().unwrap().iter().filter_map(|case| {
        let steps = case["steps"].as_array()?;
        let first = steps.first().filter(|step| step["cmd"] == "kubectl apply -f -")?;
        let stored = steps
            .get(1)
            .filter(|step| text_of(step, "cmd").ends_with("-o yaml"))
            .and_then(|step| manifest::parse(step["stdout"].as_str()?).documents.first()?.value().cloned());
        Some(Recorded {
            id: text_of(case, "id"),
            text: text_of(first, "stdin"),
            stderr: text_of(first, "stderr"),
            stored,
        })
    });
    Some(cases.collect())
}

/// Everything up to the store, with stand-ins for what the cluster gives out.
fn admit(kind: &'static Kind, manifest: &Value) -> Result<(Object, Vec<String>), String> {
    if let Err(error) = decode::decode_metadata_only(manifest) {
        return Err(format!("error: unable to decode \"STDIN\": {}\n", error.message));
    }
    let decoded = decode::decode_strict(kind, manifest).map_err(|errors| {
        format!("Error from server (BadRequest): error when creating \"STDIN\": {}\n", decode::message(kind, &errors))
    })?;
    let mut object = Object::new(decoded);
    if kind.namespaced && object.namespace().is_empty() {
        object.set(&["metadata", "namespace"], "default");
    }
    let strategy = kind.strategy;
    strategy.default(&mut object);
    let name = object.name().to_owned();
    if *kind == service::KIND {
        service::prepare_allocation(&mut object, None).map_err(|errors| said(&Status::invalid(kind, &name, errors)))?;
        allocate(&mut object);
    }
    strategy.prepare_create(&mut object);
    let mut errors = metadata::validate_create(kind, &object);
    errors.extend(strategy.validate_create(&object));
    if !errors.is_empty() {
        return Err(said(&Status::invalid(kind, &name, errors)));
    }
    let warnings = strategy.warnings(&object, None);
    Ok((object, warnings))
}

fn allocate(object: &mut Object) {
    if service::needs_cluster_ip(object) && object.str(&["spec", "clusterIP"]).is_empty() {
        object.set(&["spec", "clusterIP"], "10.96.99.99");
        object.set(&["spec", "clusterIPs"], json!(["10.96.99.99"]));
    }
    if service::should_allocate_node_ports(object) {
        let ports = object.field_mut("spec").and_then(|spec| spec.get_mut("ports")?.as_array_mut());
        for (index, port) in ports.into_iter().flatten().enumerate() {
            let map = port.as_object_mut().unwrap();
            map.entry("nodePort").or_insert_with(|| (32_000 + index).into());
        }
    }
    if service::needs_health_check_node_port(object) && object.int(&["spec", "healthCheckNodePort"]).is_none() {
        object.set(&["spec", "healthCheckNodePort"], 32_100);
    }
}

/// How kubectl prints an `Invalid`.
fn said(status: &Status) -> String {
    let mut texts: Vec<String> = Vec::new();
    for text in status.causes.iter().map(ToString::to_string) {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    let causes = match texts.as_slice() {
        [one] => one.clone(),
        more => more.iter().map(|text| format!("\n* {text}")).collect(),
    };
    format!("The {} \"{}\" is invalid: {causes}\n", status.subject, status.name)
}

/// kubectl drops nulls when an apply creates.
fn prune_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(prune_nulls);
        }
        Value::Array(list) => list.iter_mut().for_each(prune_nulls),
        _ => {}
    }
}

/// Takes out what the cluster, the server or kubectl adds: both sides are compared without it.
fn comparable(kind: &Kind, stored: &Value) -> Value {
    let mut object = Object::new(stored.clone());
    for field in ["annotations", "creationTimestamp", "generation", "resourceVersion", "uid", "namespace"] {
        object.remove(&["metadata", field]);
    }
    if kind.kind != "Service" {
        object.remove(&["status"]);
    }
    if kind.kind == "Ingress" {
        // The admission plugin for default classes.
        object.remove(&["spec", "ingressClassName"]);
    }
    if kind.kind == "Pod" {
        for field in ["nodeName", "serviceAccount", "serviceAccountName", "tolerations", "volumes", "priority"] {
            object.remove(&["spec", field]);
        }
        object.remove(&["spec", "preemptionPolicy"]);
    }
    for field in ["clusterIP", "clusterIPs", "healthCheckNodePort"] {
        if object.at(&["spec", field]).is_some_and(|value| *value != "None" && *value != json!(["None"])) {
            object.set(&["spec", field], "given");
        }
    }
    fn walk(value: &mut Value) {
        match value {
            Value::Object(map) => {
                map.retain(|key, _| key != "nodePort" && key != "volumeMounts");
                map.values_mut().for_each(walk);
            }
            Value::Array(list) => list.iter_mut().for_each(walk),
            _ => {}
        }
    }
    let mut tree = object.into_value();
    walk(&mut tree);
    tree
}

/// What only a cluster can answer: other objects, allocators, admission plugins.
fn beyond(stderr: &str) -> bool {
    [
        "failed to allocate",
        "provided port",
        "NotFound",
        "AlreadyExists",
        "error parsing",
        "error: ",
        "ensure CRDs",
        "forbidden",
    ]
    .iter()
    .any(|words| stderr.contains(words))
        && !stderr.contains("unable to decode")
}

fn check(topic: &str, kinds: &[&str], unmet: &[&str]) {
    let Some(recordings) = recordings(topic) else { return };
    let (mut checked, mut wrong) = (0, Vec::new());
    for recorded in recordings {
        let stream = manifest::parse(&recorded.text);
        let [document] = stream.documents.as_slice() else { continue };
        let Some(tree) = document.value().filter(|_| document.errors().is_empty() && !beyond(&recorded.stderr)) else {
            continue;
        };
        let text = |field: &str| tree[field].as_str().unwrap_or_default();
        let Some(kind) = Kind::of_manifest(text("apiVersion"), text("kind")).filter(|kind| kinds.contains(&kind.kind))
        else {
            continue;
        };
        let mut tree = tree.clone();
        prune_nulls(&mut tree);
        checked += 1;
        let (got, stored) = match admit(kind, &tree) {
            Err(refusal) => (refusal, None),
            Ok((object, warnings)) => {
                (warnings.iter().map(|warning| format!("Warning: {warning}\n")).collect(), Some(object.into_value()))
            }
        };
        // That Endpoints are deprecated is said whatever comes of the request.
        let deprecated = "Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\n";
        let (got, want) = (got.replace(deprecated, ""), recorded.stderr.replace(deprecated, ""));
        if got != want {
            wrong.push((recorded.id.clone(), format!("\n  got:  {got}\n  want: {want}")));
            continue;
        }
        if let (Some(stored), Some(want)) = (stored, recorded.stored) {
            let (stored, want) = (comparable(kind, &stored), comparable(kind, &want));
            if stored != want {
                wrong.push((recorded.id.clone(), format!("\n  stored: {stored}\n  want:   {want}")));
            }
        }
    }
    println!("{topic}: {checked} manifests, {} differ", wrong.len());
    let surprises: Vec<String> = wrong
        .iter()
        .filter(|(id, _)| !unmet.contains(&id.as_str()))
        .map(|(id, difference)| format!("{id}: {difference}"))
        .collect();
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
    let met: Vec<&&str> = unmet.iter().filter(|id| wrong.iter().all(|(wrong, _)| wrong != **id)).collect();
    assert!(met.is_empty(), "no longer unmet, take them out of the list: {met:?}");
}

#[test]
fn services() {
    check("service-validation", &["Service"], &[]);
}

#[test]
fn workloads() {
    let kinds =
        ["Pod", "Deployment", "Ingress", "NetworkPolicy", "Endpoints", "EndpointSlice", "ConfigMap", "Namespace"];
    check("workload-validation", &kinds, &[]);
}
