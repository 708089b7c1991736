//! `kubectl set env`. Models `pkg/cmd/set/set_env.go`.

use api::{Value, json};

use super::super::super::command::{Call, Running, Verb};
use super::super::super::errors::{Failure, Outcome};
use super::super::super::flags::Flag;
use super::super::super::objects::Info;
use super::super::super::resolve::{self, Query};
use super::super::common;
use super::update::{Update, containers, variable_name};

static FLAGS: &[Flag] = &[
    Flag::bool("all", "false", "If true, select all resources in the namespace of the specified resource types"),
    Flag::text(
        "containers",
        "*",
        "The names of containers in the selected pod templates to change - may use wildcards",
    )
    .short('c'),
    Flag::array("env", "Specify a key-value pair for an environment variable to set into each container.").short('e'),
    Flag::text("field-manager", "kubectl-set", "Name of the manager used to track field ownership."),
    Flag::list("filename", "Filename, directory, or URL to files the resource to update the env").short('f'),
    Flag::text("from", "", "The name of a resource from which to inject environment variables"),
    Flag::list("keys", "Comma-separated list of keys to import from specified resource"),
    common::KUSTOMIZE,
    Flag::bool(
        "list",
        "false",
        "If true, display the environment and any changes in the standard format. this flag will removed when we have kubectl view env.",
    ),
    Flag::bool("local", "false", "If true, set env will NOT contact api-server but run locally."),
    Flag::bool(
        "overwrite",
        "true",
        "If true, allow environment to be overwritten, otherwise reject updates that overwrite existing environment.",
    ),
    Flag::text("prefix", "", "Prefix to append to variable names"),
    common::RECURSIVE,
    Flag::bool("resolve", "false", "If true, show secret or configmap references when listing variables"),
    common::SELECTOR,
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "env",
    usage: "env RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N",
    short: "Update environment variables on a pod template",
    long: "Update environment variables on a pod template.\n\n List environment variable definitions in one or more pods, pod templates. Add, update, or remove container environment variable definitions in one or more pod templates (within replication controllers or deployment configurations). View or modify the environment variable definitions on all containers in the specified pods or pod templates, or just those that match a wildcard.\n\n If \"--env -\" is passed, environment variables can be read from STDIN using the standard env syntax.\n\n Possible resources include (case insensitive):\n\n        pod (po), replicationcontroller (rc), deployment (deploy), daemonset (ds), statefulset (sts), cronjob (cj), replicaset (rs)",
    examples: "# Update deployment 'registry' with a new environment variable\nkubectl set env deployment/registry STORAGE_DIR=/local\n\n# List the environment variables defined on a deployments 'sample-build'\nkubectl set env deployment/sample-build --list\n\n# List the environment variables defined on all pods\nkubectl set env pods --all --list\n\n# Output modified deployment in YAML, and does not alter the object on the server\nkubectl set env deployment/sample-build STORAGE_DIR=/data -o yaml\n\n# Update all containers in all replication controllers in the project to have ENV=prod\nkubectl set env rc --all ENV=prod\n\n# Import environment from a secret\nkubectl set env --from=secret/mysecret deployment/myapp\n\n# Import environment from a config map with a prefix\nkubectl set env --from=configmap/myconfigmap --prefix=MYSQL_ deployment/myapp\n\n# Import specific keys from a config map\nkubectl set env --keys=my-example-key --from=configmap/myconfigmap deployment/myapp\n\n# Remove the environment variable ENV from container 'c1' in all deployment configs\nkubectl set env deployments --all --containers=\"c1\" ENV-\n\n# Remove the environment variable ENV from a deployment definition on disk and\n# update the deployment config on the server\nkubectl set env -f deploy.json ENV-\n\n# Set some of the local shell environment into a deployment config on the server\nenv | grep RAILS_ | kubectl set env -e - deployment/registry",
    flags: &[FLAGS, common::PRINT, common::DRY_RUN],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

/// What is to become of variables.
#[derive(Default)]
struct Changes {
    set: Vec<Value>,
    remove: Vec<String>,
}

async fn run(call: &Call) -> Outcome {
    let flags = &call.flags;
    if flags.bool("all") && !flags.text("selector").is_empty() {
        return Err(Failure::text("cannot set --all and --selector at the same time"));
    }
    let is_change = |word: &String| word.find('=').is_some_and(|at| at > 0) || word.ends_with('-');
    let first = call.args.iter().position(is_change).unwrap_or(call.args.len());
    let (resources, words) = call.args.split_at(first);
    if !words.iter().all(is_change) {
        let all = call.args.join(" ");
        return Err(Failure::Text(format!("all resources must be specified before environment changes: {all}")));
    }
    let update = Update::of(call, "failed to patch env update to pod template:", "env updated")?;
    update.check_local()?;
    if flags.all("filename").is_empty() && resources.is_empty() {
        return Err(Failure::text("one or more resources must be specified as <resource> <name> or <resource>/<name>"));
    }
    if flags.bool("list") && !flags.text("output").is_empty() {
        return Err(Failure::text("--list and --output may not be specified together"));
    }
    if !flags.all("keys").is_empty() && flags.text("from").is_empty() {
        return Err(Failure::text("when specifying --keys, a configmap or secret must be provided with --from"));
    }
    let mut changes = read(call, words).await?;
    if !flags.text("from").is_empty() {
        changes.set.extend(from(call).await?);
    }
    for variable in &mut changes.set {
        let name = variable.get("name").and_then(Value::as_str).unwrap_or_default();
        variable["name"] = format!("{}{name}", flags.text("prefix")).into();
    }
    let infos = update.objects(resources).await?;
    let listed = flags.bool("list");
    let change = |spec: &mut Value, info: &Info| apply(call, spec, info, &changes);
    if listed {
        for mut info in infos {
            let copy = info.clone();
            let path = if info.kind.kind == "Pod" { "/spec" } else { "/spec/template/spec" };
            if let Some(spec) = info.object.pointer_mut(path) {
                change(spec, &copy)?;
            }
        }
        return Ok(());
    }
    update.run(infos, change)
}

/// Models `envutil.ParseEnv`.
async fn read(call: &Call, words: &[String]) -> Outcome<Changes> {
    let mut changes = Changes::default();
    for word in call.flags.all("env").iter().chain(words) {
        match word.split_once('=') {
            None if word == "-" => {
                let text = call.sys.read_all().await;
                let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default());
                changes.set.extend(lines.filter_map(|line| line.split_once('=')).map(|(k, v)| variable(k, v)));
            }
            Some((name, value)) => changes.set.push(variable(variable_name(name)?, value)),
            None => match word.strip_suffix('-') {
                Some(name) => changes.remove.push(name.to_owned()),
                None => return Err(Failure::Text(format!("unknown environment variable: {word}"))),
            },
        }
    }
    let is_set = |name: &String| changes.set.iter().any(|variable| variable["name"] == **name);
    if changes.remove.iter().any(is_set) {
        let text = "can not both modify and remove the same environment variable in the same command";
        return Err(Failure::text(text));
    }
    Ok(changes)
}

fn variable(name: &str, value: &str) -> Value {
    if value.is_empty() { json!({"name": name}) } else { json!({"name": name, "value": value}) }
}

/// The variables that `--from` gives: references to the keys of a config map or a secret.
async fn from(call: &Call) -> Outcome<Vec<Value>> {
    let query = Query {
        namespace: call.namespace(),
        args: vec![call.flags.text("from").to_owned()],
        latest: true,
        fetch: true,
        ..Query::default()
    };
    let infos = resolve::resolve(call, &query).await?.items.into_iter().collect::<Outcome<Vec<Info>>>()?;
    let keys = call.flags.all("keys");
    let mut found = Vec::new();
    for info in infos {
        let source = match info.kind.kind {
            "Secret" => "secretKeyRef",
            "ConfigMap" => "configMapKeyRef",
            _ => return Err(Failure::text("unsupported resource specified in --from")),
        };
        let data = info.object.get("data").and_then(Value::as_object).cloned().unwrap_or_default();
        for key in data.keys().filter(|key| keys.is_empty() || keys.contains(key)) {
            let word = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
            let name: String = key.chars().map(word).collect();
            if name != *key {
                call.warn(&format!("key {key} transferred to {name}"));
            }
            found.push(json!({"name": name, "valueFrom": {source: {"key": key, "name": info.name}}}));
        }
    }
    Ok(found)
}

/// Changes the variables of the containers, or shows them.
fn apply(call: &Call, spec: &mut Value, info: &Info, changes: &Changes) -> Outcome {
    let pattern = call.flags.text("containers");
    let found = containers(spec, pattern);
    if found.is_empty() {
        let quoted = api::field::go_quote(pattern);
        call.warn(&format!("{}/{} does not have any containers matching {quoted}", info.kind.kind, info.name));
    }
    for container in found {
        let old = container.get("env").and_then(Value::as_array).cloned().unwrap_or_default();
        if !call.flags.bool("overwrite") {
            taken(info, &old, changes)?;
        }
        let new = updated(&old, changes);
        if call.flags.bool("list") {
            list(call, info, container, &new);
        } else if new.is_empty() {
            drop(container.as_object_mut().and_then(|container| container.remove("env")));
        } else {
            container["env"] = new.into();
        }
    }
    Ok(())
}

/// Models `validateNoOverwrites`.
fn taken(info: &Info, old: &[Value], changes: &Changes) -> Outcome {
    for new in &changes.set {
        let text = |variable: &Value| variable.get("value").and_then(Value::as_str).unwrap_or_default().to_owned();
        if let Some(known) = old.iter().find(|known| known["name"] == new["name"] && text(known) != text(new)) {
            let (name, value) = (known["name"].as_str().unwrap_or_default(), text(known));
            return Err(Failure::Text(format!(
                "error: {}/{} '{name}' already has a value ({value}), and --overwrite is false",
                info.kind.plural, info.name
            )));
        }
    }
    Ok(())
}

/// Models `updateEnv`: what is changed keeps its place, what is new comes last.
fn updated(old: &[Value], changes: &Changes) -> Vec<Value> {
    let mut covered: Vec<&Value> = Vec::new();
    let mut all = Vec::new();
    let removed = |variable: &Value| changes.remove.iter().any(|name| variable["name"] == **name);
    for known in old.iter().filter(|known| !removed(known)) {
        if covered.contains(&&known["name"]) {
            continue;
        }
        match changes.set.iter().find(|new| new["name"] == known["name"]) {
            Some(new) => {
                covered.push(&new["name"]);
                all.push(new.clone());
            }
            None => all.push(known.clone()),
        }
    }
    for new in changes.set.iter().filter(|new| !removed(new)) {
        if !covered.contains(&&new["name"]) {
            covered.push(&new["name"]);
            all.push(new.clone());
        }
    }
    all
}

fn list(call: &Call, info: &Info, container: &Value, variables: &[Value]) {
    let text = |value: &Value, field: &str| value.get(field).map(api::go::format).unwrap_or_default();
    call.sys.out.line(format!("# {} {}, container {}", info.kind.kind, info.name, text(container, "name")));
    for variable in variables {
        let name = text(variable, "name");
        call.sys.out.line(match variable.get("valueFrom") {
            None => format!("{name}={}", text(variable, "value")),
            Some(source) => format!("# {name} from {}", reference(source)),
        });
    }
}

/// Models `GetEnvVarRefString`.
fn reference(source: &Value) -> String {
    let text = |path: &str| source.pointer(path).map(api::go::format).unwrap_or_default();
    if source.get("configMapKeyRef").is_some() {
        return format!("configmap {}, key {}", text("/configMapKeyRef/name"), text("/configMapKeyRef/key"));
    }
    if source.get("secretKeyRef").is_some() {
        return format!("secret {}, key {}", text("/secretKeyRef/name"), text("/secretKeyRef/key"));
    }
    if source.get("fieldRef").is_some() {
        return format!("field path {}", text("/fieldRef/fieldPath"));
    }
    if source.get("resourceFieldRef").is_some() {
        let container = text("/resourceFieldRef/containerName");
        let container = if container.is_empty() { container } else { format!("{container}/") };
        return format!("resource field {container}{}", text("/resourceFieldRef/resource"));
    }
    "invalid valueFrom".to_owned()
}

#[cfg(test)]
mod tests {
    use cluster::Cluster;

    use crate::terminal::run_script;

    #[test]
    fn templates_are_changed_and_shown() {
        let mut cluster = Cluster::default();
        run_script(
            &mut cluster,
            "kubectl create deploy web --image=nginx; kubectl create cm c --from-literal=a-b=1",
            "",
            &[],
        );
        for (words, out, err) in [
            ("env deploy/web A=1 B=2", "deployment.apps/web env updated\n", ""),
            ("env deploy/web A=1", "", ""),
            ("env deploy/web A- C=3", "deployment.apps/web env updated\n", ""),
            ("env deploy/web --list", "# Deployment web, container nginx\nB=2\nC=3\n", ""),
            (
                "env deploy/web --from=cm/c",
                "deployment.apps/web env updated\n",
                "Warning: key a-b transferred to A_B\n",
            ),
            (
                "env deploy/web B=9 --overwrite=false",
                "",
                "error: deployments/web 'B' already has a value (2), and --overwrite is false\n",
            ),
            (
                "env deploy/web A=1 web",
                "",
                "error: all resources must be specified before environment changes: deploy/web A=1 web\n",
            ),
            (
                "env svc/kubernetes A=1",
                "",
                "error: services/kubernetes the object is not a pod or does not have a pod template: *v1.Service\n",
            ),
            ("resources deploy/web --limits=cpu=1", "deployment.apps/web resource requirements updated\n", ""),
            (
                "resources deploy/web",
                "",
                "error: you must specify an update to requests or limits (in the form of --requests/--limits)\n",
            ),
            (
                "resources deploy/web --limits=cpu",
                "",
                "error: Invalid argument syntax cpu, expected <resource>=<value>\n",
            ),
            ("sa deploy/web robot", "deployment.apps/web serviceaccount updated\n", ""),
            (
                "image deploy/web nginx=nginx:1 x=y",
                "deployment.apps/web image updated\n",
                "error: unable to find container named \"x\"\n",
            ),
        ] {
            let done = run_script(&mut cluster, &format!("kubectl set {words}"), "", &[]);
            assert_eq!((done.stdout.as_str(), done.stderr.as_str()), (out, err), "{words}");
        }
    }
}
