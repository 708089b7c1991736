//! Pods. Models `describePod` and what it calls.

use api::{Object, Value};

use super::{Text, View, or_none};

pub(super) fn describe(pod: &Object, view: &View<'_>) -> Text {
    let mut text = Text::default();
    text.head(pod);
    if let Some(priority) = pod.int(&["spec", "priority"]) {
        text.field(0, "Priority", priority.to_string());
    }
    text.field_if(0, "Service Account", pod.str(&["spec", "serviceAccountName"]));
    let node = pod.str(&["spec", "nodeName"]);
    let host = pod.str(&["status", "hostIP"]);
    text.field(0, "Node", if node.is_empty() { "<none>".to_owned() } else { format!("{node}/{host}") });
    if let Some(start) = pod.at(&["status", "startTime"]) {
        text.field(0, "Start Time", time(Some(start)));
    }
    text.labels("Labels", pod.labels());
    text.annotations(pod);
    status(&mut text, pod, view);
    text.field(0, "IP", pod.str(&["status", "podIP"]));
    let ips = pod.list(&["status", "podIPs"]);
    if ips.is_empty() {
        text.field(0, "IPs", "<none>");
    } else {
        text.line(0, "IPs:");
        ips.iter().for_each(|ip| text.field(1, "IP", word(ip, "ip")));
    }
    if let Some(owner) = pod.controller() {
        text.field(0, "Controlled By", format!("{}/{}", word(owner, "kind"), word(owner, "name")));
    }
    if !pod.list(&["spec", "initContainers"]).is_empty() {
        containers(&mut text, "Init Containers", pod, "initContainers", "initContainerStatuses");
    }
    containers(&mut text, "Containers", pod, "containers", "containerStatuses");
    let conditions = pod.list(&["status", "conditions"]);
    if !conditions.is_empty() {
        text.line(0, "Conditions:");
        text.line(1, "Type\tStatus");
        conditions.iter().for_each(|c| text.line(1, format!("{} \t{} ", word(c, "type"), word(c, "status"))));
    }
    volumes(&mut text, pod.list(&["spec", "volumes"]));
    text.field(0, "QoS Class", pod.str(&["status", "qosClass"]));
    text.labels("Node-Selectors", pod.map(&["spec", "nodeSelector"]));
    let tolerations: Vec<String> = pod.list(&["spec", "tolerations"]).iter().map(toleration).collect();
    text.many("Tolerations", &tolerations);
    text.events(pod, view);
    text
}

fn word(value: &Value, field: &str) -> String {
    value.get(field).map(api::go::format).unwrap_or_default()
}

fn strings(value: &Value, field: &str) -> Vec<String> {
    value.get(field).and_then(Value::as_array).into_iter().flatten().map(api::go::format).collect()
}

/// A time as Go prints it by RFC 1123 with a numeric zone.
fn time(value: Option<&Value>) -> String {
    let seconds = value.and_then(Value::as_str).and_then(api::time::parse_rfc3339);
    seconds.map_or_else(|| "Mon, 01 Jan 0001 00:00:00 +0000".to_owned(), api::time::format_rfc1123z)
}

fn status(text: &mut Text, pod: &Object, view: &View<'_>) {
    let phase = pod.str(&["status", "phase"]);
    if pod.is_terminating() && !matches!(phase, "Failed" | "Succeeded") {
        let since = api::kind::age(pod.str(&["metadata", "deletionTimestamp"]), view.now);
        text.field(0, "Status", format!("Terminating (lasts {since})"));
        let grace = pod.int(&["metadata", "deletionGracePeriodSeconds"]).unwrap_or(0);
        text.field(0, "Termination Grace Period", format!("{grace}s"));
    } else {
        text.field(0, "Status", phase);
    }
    text.field_if(0, "Reason", pod.str(&["status", "reason"]));
    text.field_if(0, "Message", pod.str(&["status", "message"]));
}

pub(super) fn containers(text: &mut Text, title: &str, pod: &Object, list: &str, statuses: &str) {
    let statuses = pod.list(&["status", statuses]);
    text.line(0, format!("{title}:"));
    for container in pod.list(&["spec", list]) {
        let name = word(container, "name");
        let status = statuses.iter().find(|status| word(status, "name") == name);
        text.line(1, format!("{name}:"));
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
        resources(text, container);
        for (title, field) in
            [("Liveness", "livenessProbe"), ("Readiness", "readinessProbe"), ("Startup", "startupProbe")]
        {
            if let Some(probe) = container.get(field) {
                text.field(2, title, self::probe(probe));
            }
        }
        environment(text, container, pod);
        mounts(text, container);
    }
}

fn basics(text: &mut Text, container: &Value, status: Option<&Value>) {
    if let Some(status) = status {
        text.field(2, "Container ID", word(status, "containerID"));
    }
    text.field(2, "Image", word(container, "image"));
    if let Some(status) = status {
        text.field(2, "Image ID", word(status, "imageID"));
    }
    let ports = container.get("ports").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
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

fn state(text: &mut Text, title: &str, state: &Value) {
    if let Some(running) = state.get("running") {
        text.field(2, title, "Running");
        text.field(3, "Started", time(running.get("startedAt")));
    } else if let Some(ended) = state.get("terminated") {
        text.field(2, title, "Terminated");
        text.field_if(3, "Reason", &word(ended, "reason"));
        text.field_if(3, "Message", &word(ended, "message"));
        text.field(3, "Exit Code", word(ended, "exitCode"));
        text.field(3, "Started", time(ended.get("startedAt")));
        text.field(3, "Finished", time(ended.get("finishedAt")));
    } else {
        text.field(2, title, "Waiting");
        text.field_if(3, "Reason", &state.get("waiting").map(|waiting| word(waiting, "reason")).unwrap_or_default());
    }
}

fn resources(text: &mut Text, container: &Value) {
    for (title, field) in [("Limits", "limits"), ("Requests", "requests")] {
        let map = container.get("resources").and_then(|all| all.get(field)?.as_object());
        if let Some(map) = map.filter(|map| !map.is_empty()) {
            text.line(2, format!("{title}:"));
            map.iter().for_each(|(name, amount)| text.field(3, name, api::go::format(amount)));
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
        format!("http-get {scheme}://{}:{}{}", word(http, "host"), word(http, "port"), word(http, "path"))
    } else if let Some(tcp) = probe.get("tcpSocket") {
        format!("tcp-socket {}:{}", word(tcp, "host"), word(tcp, "port"))
    } else if let Some(grpc) = probe.get("grpc") {
        format!("grpc <pod>:{} {}", word(grpc, "port"), word(grpc, "service"))
    } else {
        "unknown".to_owned()
    };
    format!("{action} {attributes}")
}

fn environment(text: &mut Text, container: &Value, pod: &Object) {
    let all = container.get("env").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    text.line(2, if all.is_empty() { "Environment:\t<none>" } else { "Environment:" });
    for variable in all {
        let name = word(variable, "name");
        let from = |path: &str| variable.pointer(path).map(api::go::format).unwrap_or_default();
        let value = if variable.pointer("/valueFrom/fieldRef").is_some() {
            let path = from("/valueFrom/fieldRef/fieldPath");
            let value = pod.str(&path.split('.').collect::<Vec<_>>()).to_owned();
            format!("{value} ({}:{path})", from("/valueFrom/fieldRef/apiVersion"))
        } else if variable.pointer("/valueFrom/secretKeyRef").is_some() {
            let (key, secret) = (from("/valueFrom/secretKeyRef/key"), from("/valueFrom/secretKeyRef/name"));
            format!("<set to the key '{key}' in secret '{secret}'>\tOptional: false")
        } else if variable.pointer("/valueFrom/configMapKeyRef").is_some() {
            let (key, map) = (from("/valueFrom/configMapKeyRef/key"), from("/valueFrom/configMapKeyRef/name"));
            format!("<set to the key '{key}' of config map '{map}'>\tOptional: false")
        } else {
            word(variable, "value").replace('\n', "\n      \t")
        };
        text.field(3, &name, value);
    }
}

fn mounts(text: &mut Text, container: &Value) {
    let mut all = container.get("volumeMounts").and_then(Value::as_array).cloned().unwrap_or_default();
    all.sort_by_key(|mount| word(mount, "mountPath"));
    text.line(2, if all.is_empty() { "Mounts:\t<none>" } else { "Mounts:" });
    for mount in all {
        let mode = if mount.get("readOnly") == Some(&Value::Bool(true)) { "ro" } else { "rw" };
        let sub = word(&mount, "subPath");
        let sub = if sub.is_empty() { sub } else { format!(",path={}", api::field::go_quote(&sub)) };
        text.line(3, format!("{} from {} ({mode}{sub})", word(&mount, "mountPath"), word(&mount, "name")));
    }
}

/// Models `describeVolumes` for the sources that are simulated.
pub(super) fn volumes(text: &mut Text, volumes: &[Value]) {
    if volumes.is_empty() {
        text.field(0, "Volumes", "<none>");
        return;
    }
    text.line(0, "Volumes:");
    for volume in volumes {
        text.line(1, format!("{}:", word(volume, "name")));
        if let Some(projected) = volume.get("projected") {
            text.field(2, "Type", "Projected (a volume that contains injected data from multiple sources)");
            for source in projected.get("sources").and_then(Value::as_array).into_iter().flatten() {
                if let Some(token) = source.get("serviceAccountToken") {
                    text.field(2, "TokenExpirationSeconds", word(token, "expirationSeconds"));
                } else if let Some(map) = source.get("configMap") {
                    text.field(2, "ConfigMapName", word(map, "name"));
                    text.field(2, "Optional", "false");
                } else if source.get("downwardAPI").is_some() {
                    text.field(2, "DownwardAPI", "true");
                } else if let Some(secret) = source.get("secret") {
                    text.field(2, "SecretName", word(secret, "name"));
                    text.field(2, "Optional", "false");
                }
            }
        } else if let Some(map) = volume.get("configMap") {
            text.field(2, "Type", "ConfigMap (a volume populated by a ConfigMap)");
            text.field(2, "Name", word(map, "name"));
            text.field(2, "Optional", "false");
        } else if let Some(secret) = volume.get("secret") {
            text.field(2, "Type", "Secret (a volume populated by a Secret)");
            text.field(2, "SecretName", word(secret, "secretName"));
            text.field(2, "Optional", "false");
        } else if let Some(empty) = volume.get("emptyDir") {
            text.field(2, "Type", "EmptyDir (a temporary directory that shares a pod's lifetime)");
            text.field(2, "Medium", word(empty, "medium"));
            let limit = word(empty, "sizeLimit");
            text.field(2, "SizeLimit", if limit.is_empty() { "<unset>" } else { &limit });
        } else {
            text.field(2, "Type", "<unknown>");
        }
    }
}

/// Models `printTolerationsMultilineWithIndent`.
pub(super) fn toleration(toleration: &Value) -> String {
    let (key, value, effect) = (word(toleration, "key"), word(toleration, "value"), word(toleration, "effect"));
    let operator = word(toleration, "operator");
    let mut line = key.clone();
    if !value.is_empty() {
        line.push_str(&format!("={value}"));
    }
    if !effect.is_empty() {
        line.push_str(&format!(":{effect}"));
    }
    if operator == "Exists" && value.is_empty() {
        line.push_str(if key.is_empty() && effect.is_empty() { "op=Exists" } else { " op=Exists" });
    }
    match toleration.get("tolerationSeconds").and_then(Value::as_i64) {
        Some(seconds) => format!("{line} for {seconds}s"),
        None => line,
    }
}
