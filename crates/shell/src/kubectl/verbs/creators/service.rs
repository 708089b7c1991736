//! `kubectl create service`. Models `pkg/cmd/create/create_service.go`.

use api::{Map, Value, json};

use super::super::super::command::{Call, Running, Verb};
use super::super::super::errors::{Failure, Outcome};
use super::super::super::flags::Flag;
use super::super::common;
use super::super::create::{MANAGER, submit};

static TCP: Flag = Flag::list("tcp", "Port pairs can be specified as '<port>:<targetPort>'.");
static NODE_PORT: Flag = Flag::int("node-port", "0", "Port used to expose the service on each node in a cluster.");
static CLUSTER_IP: &[Flag] = &[
    TCP,
    Flag::text(
        "clusterip",
        "",
        "Assign your own ClusterIP or set to 'None' for a 'headless' service (no loadbalancing).",
    ),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "service",
    aliases: &["svc"],
    short: "Create a service using a specified subcommand",
    long: "Create a service using a specified subcommand.",
    verbs: &[&CLUSTER, &EXTERNAL, &BALANCED, &NODE],
    ..Verb::EMPTY
};

static CLUSTER: Verb = Verb {
    name: "clusterip",
    usage: "clusterip NAME [--tcp=<port>:<targetPort>] [--dry-run=server|client|none]",
    short: "Create a ClusterIP service",
    long: "Create a ClusterIP service with the specified name.",
    examples: "# Create a new ClusterIP service named my-cs\nkubectl create service clusterip my-cs --tcp=5678:8080\n\n# Create a new ClusterIP service named my-cs (in headless mode)\nkubectl create service clusterip my-cs --clusterip=\"None\"",
    flags: &[CLUSTER_IP, MANAGER, common::PRINT, common::DRY_RUN, common::SAVE_CONFIG, common::VALIDATE],
    run: Some(|call| -> Running<'_> { Box::pin(async { create(call, "ClusterIP") }) }),
    ..Verb::EMPTY
};

static NODE: Verb = Verb {
    name: "nodeport",
    usage: "nodeport NAME [--tcp=port:targetPort] [--dry-run=server|client|none]",
    short: "Create a NodePort service",
    long: "Create a NodePort service with the specified name.",
    examples: "# Create a new NodePort service named my-ns\nkubectl create service nodeport my-ns --tcp=5678:8080",
    flags: &[&[TCP, NODE_PORT], MANAGER, common::PRINT, common::DRY_RUN, common::SAVE_CONFIG, common::VALIDATE],
    run: Some(|call| -> Running<'_> { Box::pin(async { create(call, "NodePort") }) }),
    ..Verb::EMPTY
};

static BALANCED: Verb = Verb {
    name: "loadbalancer",
    usage: "loadbalancer NAME [--tcp=port:targetPort] [--dry-run=server|client|none]",
    short: "Create a LoadBalancer service",
    long: "Create a LoadBalancer service with the specified name.",
    examples: "# Create a new LoadBalancer service named my-lbs\nkubectl create service loadbalancer my-lbs --tcp=5678:8080",
    flags: &[&[TCP], MANAGER, common::PRINT, common::DRY_RUN, common::SAVE_CONFIG, common::VALIDATE],
    run: Some(|call| -> Running<'_> { Box::pin(async { create(call, "LoadBalancer") }) }),
    ..Verb::EMPTY
};

static EXTERNAL: Verb = Verb {
    name: "externalname",
    usage: "externalname NAME --external-name external.name [--dry-run=server|client|none]",
    short: "Create an ExternalName service",
    long: "Create an ExternalName service with the specified name.\n\n ExternalName service references to an external DNS address instead of only pods, which will allow application authors to reference services that exist off platform, on other clusters, or locally.",
    examples: "# Create a new ExternalName service named my-ns\nkubectl create service externalname my-ns --external-name bar.com",
    flags: &[
        &[TCP, Flag::text("external-name", "", "External name of service").required()],
        MANAGER,
        common::PRINT,
        common::DRY_RUN,
        common::SAVE_CONFIG,
        common::VALIDATE,
    ],
    run: Some(|call| -> Running<'_> { Box::pin(async { create(call, "ExternalName") }) }),
    ..Verb::EMPTY
};

fn create(call: &Call, kind: &str) -> Outcome {
    let name = call.one_name()?;
    let (tcp, cluster_ip) = (call.flags.all("tcp"), call.flags.text("clusterip"));
    if tcp.is_empty() && kind != "ExternalName" && !(kind == "ClusterIP" && cluster_ip == "None") {
        return Err(Failure::text("at least one tcp port specifier must be provided"));
    }
    let external = call.flags.text("external-name");
    if kind == "ExternalName" && !api::names::is_dns1123_subdomain(external).is_empty() {
        return Err(Failure::Text(format!("invalid service external name {external}")));
    }
    let ports = tcp.iter().map(|pair| port(pair, call.flags.int("node-port"))).collect::<Outcome<Vec<_>>>()?;
    let mut spec = Map::new();
    if !ports.is_empty() {
        spec.insert("ports".to_owned(), ports.into());
    }
    spec.insert("selector".to_owned(), json!({"app": name}));
    spec.insert("type".to_owned(), kind.into());
    for (field, value) in [("clusterIP", cluster_ip), ("externalName", external)] {
        if !value.is_empty() {
            spec.insert(field.to_owned(), value.into());
        }
    }
    let object = json!({
        "apiVersion": "v1", "kind": "Service", "metadata": {"labels": {"app": name}, "name": name},
        "spec": spec, "status": {"loadBalancer": {}},
    });
    submit(call, object, &format!("failed to create {kind} service:"))
}

/// Models `parsePorts` and `buildPorts`.
fn port(pair: &str, node_port: i64) -> Outcome<Value> {
    let parts: Vec<&str> = pair.split(':').collect();
    let port = number(parts[0])?;
    let target = match parts.get(1) {
        None => Value::from(port),
        // What Go's `Atoi` takes is a number.
        Some(text) if text.parse::<i64>().is_ok() => match text.parse::<u16>() {
            Ok(number) if number > 0 => number.into(),
            _ => return Err(Failure::text("must be between 1 and 65535, inclusive")),
        },
        Some(text) => {
            let wrong = api::names::is_valid_port_name(text);
            if !wrong.is_empty() {
                return Err(Failure::Text(wrong.join(",")));
            }
            Value::from(*text)
        }
    };
    let mut entry = json!({"name": pair.replace(':', "-"), "port": port, "protocol": "TCP", "targetPort": target});
    if node_port != 0 {
        entry["nodePort"] = node_port.into();
    }
    Ok(entry)
}

/// Models `strconv.ParseUint` with 16 bits.
fn number(text: &str) -> Outcome<u16> {
    let quoted = api::field::go_quote(text);
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let why = if digits { "value out of range" } else { "invalid syntax" };
    text.parse()
        .ok()
        .filter(|_| digits)
        .ok_or_else(|| Failure::Text(format!("strconv.ParseUint: parsing {quoted}: {why}")))
}
