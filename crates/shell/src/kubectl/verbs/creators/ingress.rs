//! `kubectl create ingress`. Models `pkg/cmd/create/create_ingress.go`.

use api::{Map, Value, json};

use super::super::super::command::{Call, Running, Verb};
use super::super::super::errors::{Failure, Outcome};
use super::super::super::flags::Flag;
use super::super::common;
use super::super::create::{MANAGER, submit};

static FLAGS: &[Flag] = &[
    Flag::array("annotation", "Annotation to insert in the ingress object, in the format annotation=value"),
    Flag::text("class", "", "Ingress Class to be used"),
    Flag::text("default-backend", "", "Default service for backend, in format of svcname:port"),
    Flag::array(
        "rule",
        "Rule in format host/path=service:port[,tls=secretname]. Paths containing the leading character '*' are considered pathType=Prefix. tls argument is optional.",
    ),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "ingress",
    aliases: &["ing"],
    usage: "ingress NAME --rule=host/path=service:port[,tls[=secret]] ",
    short: "Create an ingress with the specified name",
    long: "Create an ingress with the specified name.",
    examples: "# Create a single ingress called 'simple' that directs requests to foo.com/bar to svc\n# svc1:8080 with a TLS secret \"my-cert\"\nkubectl create ingress simple --rule=\"foo.com/bar=svc1:8080,tls=my-cert\"\n\n# Create a catch all ingress of \"/path\" pointing to service svc:port and Ingress Class as \"otheringress\"\nkubectl create ingress catch-all --class=otheringress --rule=\"/path=svc:port\"\n\n# Create an ingress with two annotations: ingress.annotation1 and ingress.annotations2\nkubectl create ingress annotated --class=default --rule=\"foo.com/bar=svc:port\" \\\n--annotation ingress.annotation1=foo \\\n--annotation ingress.annotation2=bla\n\n# Create an ingress with the same host and multiple paths\nkubectl create ingress multipath --class=default \\\n--rule=\"foo.com/=svc:port\" \\\n--rule=\"foo.com/admin/=svcadmin:portadmin\"\n\n# Create an ingress with multiple hosts and the pathType as Prefix\nkubectl create ingress ingress1 --class=default \\\n--rule=\"foo.com/path*=svc:8080\" \\\n--rule=\"bar.com/admin*=svc2:http\"\n\n# Create an ingress with TLS enabled using the default ingress certificate and different path types\nkubectl create ingress ingtls --class=default \\\n--rule=\"foo.com/=svc:https,tls\" \\\n--rule=\"foo.com/path/subpath*=othersvc:8080\"\n\n# Create an ingress with TLS enabled using a specific secret and pathType as Prefix\nkubectl create ingress ingsecret --class=default \\\n--rule=\"foo.com/*=svc:8080,tls=secret1\"\n\n# Create an ingress with a default backend\nkubectl create ingress ingdefault --class=default \\\n--default-backend=defaultsvc:http \\\n--rule=\"foo.com/*=svc:8080,tls=secret1\"",
    flags: &[FLAGS, MANAGER, common::PRINT, common::DRY_RUN, common::SAVE_CONFIG, common::VALIDATE],
    run: Some(|call| -> Running<'_> { Box::pin(async { create(call) }) }),
    ..Verb::EMPTY
};

/// `host/path=service:port[,tls[=secret]]`, read.
struct Rule<'a> {
    host: &'a str,
    path: &'a str,
    backend: &'a str,
    tls: Option<&'a str>,
}

fn create(call: &Call) -> Outcome {
    let name = call.one_name()?;
    let flags = &call.flags;
    let (rules, default) = (flags.all("rule"), flags.text("default-backend"));
    if rules.is_empty() && default.is_empty() {
        return Err(Failure::text(
            "not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)",
        ));
    }
    let rules = rules
        .iter()
        .map(|text| {
            let wrong = || {
                Failure::Text(format!(
                    "rule {text} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]"
                ))
            };
            read(text).ok_or_else(wrong)
        })
        .collect::<Outcome<Vec<_>>>()?;
    let mut annotations = Map::new();
    for text in flags.all("annotation") {
        let wrong = || Failure::Text(format!("annotation {text} is invalid and should be in format key=[value]"));
        let (key, value) = text.split_once('=').ok_or_else(wrong)?;
        annotations.insert(key.to_owned(), value.into());
    }
    if !default.is_empty() && default.split(':').count() != 2 {
        return Err(Failure::text("default-backend should be in format servicename:serviceport"));
    }
    let mut spec = Map::new();
    if !flags.text("class").is_empty() {
        spec.insert("ingressClassName".to_owned(), flags.text("class").into());
    }
    if !default.is_empty() {
        spec.insert("defaultBackend".to_owned(), backend(default));
    }
    for (field, list) in [("rules", hosts(&rules)), ("tls", tls(&rules))] {
        if !list.is_empty() {
            spec.insert(field.to_owned(), list.into());
        }
    }
    let mut object = json!({
        "apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": name}, "spec": spec,
        "status": {"loadBalancer": {}},
    });
    if !annotations.is_empty() {
        object["metadata"]["annotations"] = annotations.into();
    }
    submit(call, object, "failed to create ingress:")
}

/// Models the expression that rules must match.
fn read(text: &str) -> Option<Rule<'_>> {
    let (route, tls) = text.split_once(',').map_or((text, None), |(route, tls)| (route, Some(tls)));
    let tls = match tls {
        None => None,
        Some("tls") => Some(""),
        Some(other) => Some(other.strip_prefix("tls=")?),
    };
    let (host, rest) = route.split_once('/')?;
    let (path, backend) = rest.split_once('=')?;
    let (service, port) = backend.split_once(':')?;
    let word = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'))
    };
    (word(service) && word(port) && !host.contains('=')).then_some(Rule { host, path, backend, tls })
}

fn backend(text: &str) -> Value {
    let (name, port) = text.split_once(':').unwrap_or((text, ""));
    let port = port.parse::<i32>().map_or_else(|_| json!({"name": port}), |number| json!({"number": number}));
    json!({"service": {"name": name, "port": port}})
}

/// Rules of one host become one.
fn hosts(rules: &[Rule<'_>]) -> Vec<Value> {
    let mut all: Vec<(&str, Vec<Value>)> = Vec::new();
    for rule in rules {
        let path = format!("/{}", rule.path);
        let (path, kind) = path.strip_suffix('*').map_or((path.as_str(), "Exact"), |path| (path, "Prefix"));
        let entry = json!({"backend": backend(rule.backend), "path": path, "pathType": kind});
        match all.iter_mut().find(|(host, _)| *host == rule.host) {
            Some((_, paths)) => paths.push(entry),
            None => all.push((rule.host, vec![entry])),
        }
    }
    let rule = |(host, paths): (&str, Vec<Value>)| match host {
        "" => json!({"http": {"paths": paths}}),
        host => json!({"host": host, "http": {"paths": paths}}),
    };
    all.into_iter().map(rule).collect()
}

/// Hosts by secret, each host once.
fn tls(rules: &[Rule<'_>]) -> Vec<Value> {
    let mut all: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for rule in rules {
        let Some(secret) = rule.tls else { continue };
        if seen.contains(&rule.host) {
            continue;
        }
        seen.push(rule.host);
        match all.iter_mut().find(|(known, _)| *known == secret) {
            Some((_, hosts)) => hosts.push(rule.host),
            None => all.push((secret, Vec::from_iter(Some(rule.host).filter(|host| !host.is_empty())))),
        }
    }
    let entry = |(secret, hosts): (&str, Vec<&str>)| {
        let mut entry = Map::new();
        if !hosts.is_empty() {
            entry.insert("hosts".to_owned(), json!(hosts));
        }
        if !secret.is_empty() {
            entry.insert("secretName".to_owned(), secret.into());
        }
        Value::Object(entry)
    };
    all.into_iter().map(entry).collect()
}
