//! `kubectl expose`. Models `pkg/cmd/expose`.

use api::{Map, Value, json};

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::objects::{self, Info, Write};
use super::super::resolve::{self, Query};
use super::common::{self, DryRun, Report};
use super::{overrides, pairs};

static FLAGS: &[Flag] = &[
    Flag::text(
        "cluster-ip",
        "",
        "ClusterIP to be assigned to the service. Leave empty to auto-allocate, or set to 'None' to create a headless service.",
    ),
    Flag::text(
        "external-ip",
        "",
        "Additional external IP address (not managed by Kubernetes) to accept for the service. If this IP is routed to a node, the service can be accessed by this IP in addition to its generated service IP.",
    ),
    Flag::text("field-manager", "kubectl-expose", "Name of the manager used to track field ownership."),
    Flag::list("filename", "Filename, directory, or URL to files identifying the resource to expose a service")
        .short('f'),
    common::KUSTOMIZE,
    Flag::text("labels", "", "Labels to apply to the service created by this call.").short('l'),
    Flag::text(
        "load-balancer-ip",
        "",
        "IP to assign to the LoadBalancer. If empty, an ephemeral IP will be created and used (cloud-provider specific).",
    ),
    Flag::text("name", "", "The name for the newly created object."),
    overrides::OVERRIDE_TYPE,
    overrides::OVERRIDES,
    Flag::text(
        "port",
        "",
        "The port that the service should serve on. Copied from the resource being exposed, if unspecified",
    ),
    Flag::text("protocol", "", "The network protocol for the service to be created. Default is 'TCP'."),
    common::RECURSIVE,
    Flag::text(
        "selector",
        "",
        "A label selector to use for this service. Only equality-based selector requirements are supported. If empty (the default) infer the selector from the resource being exposed.",
    ),
    Flag::text(
        "session-affinity",
        "",
        "If non-empty, set the session affinity for the service to this; legal values: 'None', 'ClientIP'",
    ),
    Flag::text(
        "target-port",
        "",
        "Name or number for the port on the container that the service should direct traffic to. Optional.",
    ),
    Flag::text(
        "type",
        "",
        "Type for this service: ClusterIP, NodePort, LoadBalancer, or ExternalName. Default is 'ClusterIP'.",
    ),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "expose",
    usage: "expose (-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type]",
    short: "Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service",
    long: "Expose a resource as a new Kubernetes service.\n\n Looks up a deployment, service, replica set, replication controller or pod by name and uses the selector for that resource as the selector for a new service on the specified port. A deployment or replica set will be exposed as a service only if its selector is convertible to a selector that service supports, i.e. when the selector contains only the matchLabels component. Note that if no port is specified via --port and the exposed resource has multiple ports, all will be re-used by the new service. Also if no labels are specified, the new service will re-use the labels from the resource it exposes.\n\n Possible resources include (case insensitive):\n\n pod (po), service (svc), replicationcontroller (rc), deployment (deploy), replicaset (rs)",
    examples: "# Create a service for a replicated nginx, which serves on port 80 and connects to the containers on port 8000\nkubectl expose rc nginx --port=80 --target-port=8000\n\n# Create a service for a replication controller identified by type and name specified in \"nginx-controller.yaml\", which serves on port 80 and connects to the containers on port 8000\nkubectl expose -f nginx-controller.yaml --port=80 --target-port=8000\n\n# Create a service for a pod valid-pod, which serves on port 444 with the name \"frontend\"\nkubectl expose pod valid-pod --port=444 --name=frontend\n\n# Create a second service based on the above service, exposing the container port 8443 as port 443 with the name \"nginx-https\"\nkubectl expose service nginx --port=443 --target-port=8443 --name=nginx-https\n\n# Create a service for a replicated streaming application on port 4100 balancing UDP traffic and named 'video-stream'.\nkubectl expose rc streamer --port=4100 --protocol=UDP --name=video-stream\n\n# Create a service for a replicated nginx using replica set, which serves on port 80 and connects to the containers on port 8000\nkubectl expose rs nginx --port=80 --target-port=8000\n\n# Create a service for an nginx deployment, which serves on port 80 and connects to the containers on port 8000\nkubectl expose deployment nginx --port=80 --target-port=8000",
    flags: &[FLAGS, common::PRINT, common::DRY_RUN, common::SAVE_CONFIG],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

async fn run(call: &Call) -> Outcome {
    let dry_run = DryRun::of(call)?;
    let report = Report::of(call, dry_run)?;
    // What goes to the server is a tree.
    let report = if dry_run == DryRun::Client { report.typed() } else { report };
    // `--selector` is the new Service's, not one to find objects with.
    let query = Query { labels: String::new(), ..Query::of(call) };
    let (infos, mut failures) = resolve::resolve(call, &query).await?.split();
    for info in infos {
        failures.extend(one(call, &info, dry_run, &report).err());
    }
    resolve::all_or(failures)
}

fn one(call: &Call, exposed: &Info, dry_run: DryRun, report: &Report) -> Outcome {
    if !matches!(exposed.kind.kind, "Service" | "ReplicationController" | "Pod" | "Deployment" | "ReplicaSet") {
        return Err(Failure::Text(format!("cannot expose a {}", exposed.kind.qualified_kind())));
    }
    let service = overrides::apply(call, service(call, exposed)?)?;
    let mut info = Info::named(&api::service::KIND, &exposed.namespace, "");
    *info.object = service;
    if dry_run == DryRun::Client {
        if call.namespace_given() {
            api::object::set(&mut info.object, &["metadata", "namespace"], info.namespace.as_str().into());
        }
        return report.print(call, &info.object, "exposed");
    }
    if call.flags.bool("save-config") {
        *info.object = common::annotated(&info.object);
    }
    let write = Write { manager: call.flags.text("field-manager"), dry_run: dry_run == DryRun::Server };
    let object = objects::create(call, &info, &write)?;
    report.print(call, &object.to_value(), "exposed")
}

/// Models `createService`.
fn service(call: &Call, exposed: &Info) -> Outcome<Value> {
    let flags = &call.flags;
    let selector = match flags.text("selector") {
        "" => selector_of(exposed).map_err(|why| {
            Failure::Text(format!("couldn't retrieve selectors via --selector flag or introspection: {why}"))
        })?,
        text => pairs::labels(text)?,
    };
    let labels = match flags.text("labels") {
        "" => exposed.object.pointer("/metadata/labels").and_then(Value::as_object).cloned().unwrap_or_default(),
        text => pairs::labels(text)?,
    };
    let name = match flags.text("name") {
        "" => exposed.name.chars().take(63).collect(),
        name => name.to_owned(),
    };
    let mut spec = Map::new();
    let mut ports = ports(call, exposed)?;
    let target = flags.text("target-port");
    for port in &mut ports {
        port["targetPort"] = match target {
            "" => port["port"].clone(),
            text => text.parse::<i32>().map_or_else(|_| text.into(), Value::from),
        };
    }
    if !ports.is_empty() {
        spec.insert("ports".to_owned(), ports.into());
    }
    spec.insert("selector".to_owned(), selector.into());
    let mut set = |field: &str, value: Value| drop(spec.insert(field.to_owned(), value));
    for (flag, field) in [("type", "type"), ("cluster-ip", "clusterIP")] {
        if !flags.text(flag).is_empty() {
            set(field, flags.text(flag).into());
        }
    }
    if !flags.text("external-ip").is_empty() {
        set("externalIPs", json!([flags.text("external-ip")]));
    }
    if flags.text("type") == "LoadBalancer" && !flags.text("load-balancer-ip").is_empty() {
        set("loadBalancerIP", flags.text("load-balancer-ip").into());
    }
    match flags.text("session-affinity") {
        "" => {}
        affinity @ ("None" | "ClientIP") => set("sessionAffinity", affinity.into()),
        other => return Err(Failure::Text(format!("unknown session affinity: {other}"))),
    }
    let mut metadata = json!({"name": name});
    if !labels.is_empty() {
        metadata["labels"] = labels.into();
    }
    Ok(json!({
        "apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec, "status": {"loadBalancer": {}},
    }))
}

/// Models `mapBasedSelectorForObject`.
fn selector_of(exposed: &Info) -> Result<Map<String, Value>, String> {
    let at = |path: &str| exposed.object.pointer(path).and_then(Value::as_object).cloned().unwrap_or_default();
    match exposed.kind.kind {
        "Pod" => {
            let labels = at("/metadata/labels");
            if labels.is_empty() { Err("the pod has no labels and cannot be exposed".to_owned()) } else { Ok(labels) }
        }
        "Service" | "ReplicationController" => {
            let selector = at("/spec/selector");
            if selector.is_empty() && exposed.kind.kind == "Service" {
                return Err("the service has no pod selector set".to_owned());
            }
            Ok(selector)
        }
        _ => {
            let expressions = exposed.object.pointer("/spec/selector/matchExpressions").and_then(Value::as_array);
            match expressions.filter(|list| !list.is_empty()) {
                Some(list) => Err(format!(
                    "couldn't convert expressions - \"{}\" to map-based selector format",
                    go_expressions(list)
                )),
                None => Ok(at("/spec/selector/matchLabels")),
            }
        }
    }
}

fn go_expressions(list: &[Value]) -> String {
    let one = |item: &Value| {
        let text = |field: &str| item.get(field).map(api::go::format).unwrap_or_default();
        format!("{{{} {} {}}}", text("key"), text("operator"), text("values"))
    };
    format!("[{}]", list.iter().map(one).collect::<Vec<_>>().join(" "))
}

/// Numbers and protocols that the exposed object has. Models `portsForObject` and `protocolsForObject`.
fn known_ports(exposed: &Info) -> Vec<(String, String)> {
    let list = |path: &str| exposed.object.pointer(path).and_then(Value::as_array).cloned().unwrap_or_default();
    let pair = |port: &Value, field: &str| {
        let protocol = port.get("protocol").and_then(Value::as_str).unwrap_or("TCP").to_owned();
        (port.get(field).map(api::go::format).unwrap_or_default(), protocol)
    };
    if exposed.kind.kind == "Service" {
        return list("/spec/ports").iter().map(|port| pair(port, "port")).collect();
    }
    let containers = if exposed.kind.kind == "Pod" { "/spec/containers" } else { "/spec/template/spec/containers" };
    let containers = list(containers);
    let ports = containers.iter().filter_map(|container| container.get("ports")?.as_array()).flatten();
    ports.map(|port| pair(port, "containerPort")).collect()
}

fn ports(call: &Call, exposed: &Info) -> Outcome<Vec<Value>> {
    let known = known_ports(exposed);
    let mut numbers: Vec<String> =
        call.flags.text("port").split(',').filter(|p| !p.is_empty()).map(str::to_owned).collect();
    if numbers.is_empty() {
        numbers = known.iter().map(|(number, _)| number.clone()).collect();
        numbers.dedup();
        if numbers.is_empty() && call.flags.text("cluster-ip") != "None" {
            return Err(Failure::text("couldn't find port via --port flag or introspection"));
        }
    }
    let several = numbers.len() > 1;
    let mut ports = Vec::new();
    for (index, text) in numbers.iter().enumerate() {
        let number: i32 = text.parse().map_err(|_| {
            Failure::Text(format!("strconv.Atoi: parsing {}: invalid syntax", api::field::go_quote(text)))
        })?;
        let mut entry = |protocol: &str, name: String| {
            let mut port = json!({"port": number, "protocol": protocol});
            if !name.is_empty() {
                port["name"] = name.into();
            }
            ports.push(port);
        };
        let name = if several { format!("port-{}", index + 1) } else { String::new() };
        let mut protocols: Vec<&String> =
            known.iter().filter(|(n, _)| n == text).map(|(_, protocol)| protocol).collect();
        protocols.dedup();
        match (call.flags.text("protocol"), protocols.as_slice()) {
            ("", []) => entry("TCP", name),
            ("", [one]) => entry(one, name),
            ("", all) => {
                for protocol in all {
                    entry(protocol, format!("port-{}-{}", index + 1, protocol.to_lowercase()));
                }
            }
            (given, _) => entry(given, name),
        }
    }
    Ok(ports)
}
