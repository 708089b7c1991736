//! Containers, of pods and of pod templates. Models `describeContainers` and what it calls.

use api::arrange::Arrange;
use api::{Map, Object, Value};

use super::{Text, list, or_none, strings, time, word};

/// The containers of one list, with their states when there is a pod. `space`: what a template is set in by.
pub(super) fn describe(text: &mut Text, title: &str, containers: &[Value], pod: Option<(&Object, &str)>, space: &str) {
    text.line(0, format!("{space}{title}:{}", if containers.is_empty() { " <none>" } else { "" }));
    let statuses = pod.map(|(pod, field)| pod.list(&["status", field])).unwrap_or_default();
    for container in containers {
        let name = word(container, "name");
        let status = statuses.iter().find(|status| word(status, "name") == name);
        text.line(1, format!("{}{name}:", if space.is_empty() { "" } else { " " }));
        basics(text, container, status);
        for (title, field) in [("Command", "command"), ("Args", "args")] {
            let words = strings(container, field);
            if !words.is_empty() {
                text.line(2, format!("{title}:"));
                words.iter().flat_map(|word| word.split('\n')).for_each(|line| text.line(3, line));
            }
        }
        if let Some(status) = status {
            states(text, status);
        }
        resources(text, container.get("resources"), 2);
        for (title, field) in
            [("Liveness", "livenessProbe"), ("Readiness", "readinessProbe"), ("Startup", "startupProbe")]
        {
            if let Some(probe) = container.get(field) {
                text.field(2, title, self::probe(probe));
            }
        }
        sources(text, container);
        environment(text, container, pod.map(|(pod, _)| pod));
        mounts(text, container);
    }
}

/// Models `describeContainerBasicInfo`.
fn basics(text: &mut Text, container: &Value, status: Option<&Value>) {
    if let Some(status) = status {
        text.field(2, "Container ID", word(status, "containerID"));
    }
    text.field(2, "Image", word(container, "image"));
    if let Some(status) = status {
        text.field(2, "Image ID", word(status, "imageID"));
    }
    let ports = list(container, "ports");
    for (title, field) in [("Port", "containerPort"), ("Host Port", "hostPort")] {
        let one = |port: &Value| {
            let number = port.get(field).and_then(Value::as_i64).unwrap_or(0);
            let name = word(port, "name");
            let name = if name.is_empty() { name } else { format!(" ({name})") };
            format!("{number}/{}{name}", word(port, "protocol"))
        };
        let all = ports.iter().map(one).collect::<Vec<_>>().join(", ");
        let plural = if ports.len() > 1 { "s" } else { "" };
        text.field(2, &format!("{title}{plural}"), or_none(&all));
    }
    seccomp(text, container.get("securityContext"), 2);
}

/// The seccomp profile of a security context.
pub(super) fn seccomp(text: &mut Text, context: Option<&Value>, level: usize) {
    if let Some(profile) = context.and_then(|context| context.get("seccompProfile")) {
        text.field(level, "SeccompProfile", word(profile, "type"));
        text.field_if(if level == 0 { 0 } else { level + 1 }, "LocalhostProfile", &word(profile, "localhostProfile"));
    }
}

/// Models `describeContainerState`.
fn states(text: &mut Text, status: &Value) {
    let empty = Value::Null;
    state(text, "State", status.get("state").unwrap_or(&empty));
    if let Some(last) = status.get("lastState").filter(|last| last.get("terminated").is_some()) {
        state(text, "Last State", last);
    }
    let ready = status.get("ready") == Some(&Value::Bool(true));
    text.field(2, "Ready", if ready { "True" } else { "False" });
    text.field(2, "Restart Count", word(status, "restartCount"));
}

/// Models `describeStatus`.
fn state(text: &mut Text, title: &str, state: &Value) {
    if let Some(running) = state.get("running") {
        text.field(2, title, "Running");
        text.field(3, "Started", time(running.get("startedAt")));
    } else if let Some(ended) = state.get("terminated") {
        text.field(2, title, "Terminated");
        text.field_if(3, "Reason", &word(ended, "reason"));
        text.field_if(3, "Message", &word(ended, "message"));
        text.field(3, "Exit Code", word(ended, "exitCode"));
        text.field_if(3, "Signal", &word(ended, "signal"));
        text.field(3, "Started", time(ended.get("startedAt")));
        text.field(3, "Finished", time(ended.get("finishedAt")));
    } else {
        text.field(2, title, "Waiting");
        text.field_if(3, "Reason", &state.get("waiting").map(|waiting| word(waiting, "reason")).unwrap_or_default());
    }
}

/// Models `describeResources`.
pub(super) fn resources(text: &mut Text, resources: Option<&Value>, level: usize) {
    for (title, field) in [("Limits", "limits"), ("Requests", "requests")] {
        let map = resources.and_then(|all| all.get(field)?.as_object());
        if let Some(map) = map.filter(|map| !map.is_empty()) {
            text.line(level, format!("{title}:"));
            map.iter().for_each(|(name, amount)| text.field(level + 1, name, api::go::format(amount)));
        }
    }
}

/// Models `DescribeProbe`.
fn probe(probe: &Value) -> String {
    let number = |field: &str| probe.get(field).and_then(Value::as_i64).unwrap_or(0);
    let attributes = format!(
        "delay={}s timeout={}s period={}s #success={} #failure={}",
        number("initialDelaySeconds"),
        number("timeoutSeconds"),
        number("periodSeconds"),
        number("successThreshold"),
        number("failureThreshold")
    );
    let action = if let Some(exec) = probe.get("exec") {
        format!("exec [{}]", strings(exec, "command").join(" "))
    } else if let Some(http) = probe.get("httpGet") {
        let scheme = word(http, "scheme").to_lowercase();
        let host = word(http, "host");
        let host = if host.contains(':') { format!("[{host}]") } else { host };
        format!("http-get {scheme}://{host}:{}{}", word(http, "port"), word(http, "path"))
    } else if let Some(tcp) = probe.get("tcpSocket") {
        format!("tcp-socket {}:{}", word(tcp, "host"), word(tcp, "port"))
    } else if let Some(grpc) = probe.get("grpc") {
        format!("grpc <pod>:{} {}", word(grpc, "port"), word(grpc, "service"))
    } else {
        "unknown".to_owned()
    };
    format!("{action} {attributes}")
}

fn optional(reference: &Value) -> bool {
    reference.get("optional") == Some(&Value::Bool(true))
}

/// Models `describeContainerEnvFrom`.
fn sources(text: &mut Text, container: &Value) {
    let all = list(container, "envFrom");
    if all.is_empty() {
        return;
    }
    text.line(2, "Environment Variables from:");
    for source in all {
        let kinds = [("ConfigMap", "configMapRef"), ("Secret", "secretRef")];
        let found = kinds.iter().find_map(|(kind, field)| Some((*kind, source.get(*field)?)));
        let Some((kind, reference)) = found else { continue };
        let prefix = word(source, "prefix");
        let with = if prefix.is_empty() { prefix } else { format!(" with prefix '{prefix}'") };
        text.line(3, format!("{}\t{kind}{with}\tOptional: {}", word(reference, "name"), optional(reference)));
    }
}

/// Models `describeContainerEnvVars`; without a pod the fields it refers to have no value.
fn environment(text: &mut Text, container: &Value, pod: Option<&Object>) {
    let all = list(container, "env");
    text.line(2, if all.is_empty() { "Environment:\t<none>" } else { "Environment:" });
    for variable in all {
        let name = word(variable, "name");
        let Some(from) = variable.get("valueFrom") else {
            let value = word(variable, "value");
            for (at, line) in value.split('\n').enumerate() {
                text.line(3, if at == 0 { format!("{name}:\t{line}") } else { format!("\t{line}") });
            }
            continue;
        };
        let value = if let Some(field) = from.get("fieldRef") {
            let path = word(field, "fieldPath");
            let value = pod.map(|pod| field_of(pod, &path)).unwrap_or_default();
            format!("{value} ({}:{path})", word(field, "apiVersion"))
        } else if let Some(field) = from.get("resourceFieldRef") {
            let resource = word(field, "resource");
            let amount =
                resource.split_once('.').and_then(|(list, name)| container.get("resources")?.get(list)?.get(name));
            let value = amount.map(api::go::format).unwrap_or_else(|| match resource.as_str() {
                "limits.cpu" | "limits.memory" => "node allocatable".to_owned(),
                _ => "0".to_owned(),
            });
            format!("{value} ({resource})")
        } else if let Some(key) = from.get("secretKeyRef") {
            let (name, secret) = (word(key, "key"), word(key, "name"));
            format!("<set to the key '{name}' in secret '{secret}'>\tOptional: {}", optional(key))
        } else if let Some(key) = from.get("configMapKeyRef") {
            let (name, map) = (word(key, "key"), word(key, "name"));
            format!("<set to the key '{name}' of config map '{map}'>\tOptional: {}", optional(key))
        } else {
            continue;
        };
        text.field(3, &name, value);
    }
}

/// Models `ExtractFieldPathAsString`: a field of the pod, or one of its labels or annotations.
fn field_of(pod: &Object, path: &str) -> String {
    if let Some((map, key)) = path.strip_suffix("']").and_then(|path| path.split_once("['")) {
        let map: Vec<&str> = map.split('.').collect();
        return pod.map(&map).and_then(|map| map.get(key)?.as_str()).unwrap_or_default().to_owned();
    }
    let steps: Vec<&str> = path.split('.').collect();
    match pod.at(&steps) {
        Some(Value::Object(map)) => pairs(map),
        Some(value) => api::go::format(value),
        None => String::new(),
    }
}

/// A map as `key="value"` lines.
fn pairs(map: &Map<String, Value>) -> String {
    let lines: Vec<String> = map.iter().map(|(key, value)| format!("{key}={value}")).collect();
    lines.join("\n")
}

/// Models `describeContainerVolumes`.
fn mounts(text: &mut Text, container: &Value) {
    let mut all = list(container, "volumeMounts").to_vec();
    all.arrange_by_key(|mount| word(mount, "mountPath"));
    text.line(2, if all.is_empty() { "Mounts:\t<none>" } else { "Mounts:" });
    for mount in all {
        let mode = if mount.get("readOnly") == Some(&Value::Bool(true)) { "ro" } else { "rw" };
        let sub = word(&mount, "subPath");
        let sub = if sub.is_empty() { sub } else { format!(",path={}", api::field::go_quote(&sub)) };
        text.line(3, format!("{} from {} ({mode}{sub})", word(&mount, "mountPath"), word(&mount, "name")));
    }
}
