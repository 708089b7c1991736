//! `kubectl create namespace`, `configmap`, `secret generic` and `serviceaccount`.

use api::{Map, Value, json};

use super::super::super::command::{Call, Running, Verb};
use super::super::super::errors::{Failure, Outcome};
use super::super::super::flags::Flag;
use super::super::common;
use super::super::create::{MANAGER, submit};

/// `create namespace`
pub(super) static NAMESPACE: Verb = Verb {
    name: "namespace",
    aliases: &["ns"],
    usage: "namespace NAME [--dry-run=server|client|none]",
    short: "Create a namespace with the specified name",
    long: "Create a namespace with the specified name.",
    examples: "# Create a new namespace named my-namespace\nkubectl create namespace my-namespace",
    flags: &[MANAGER, common::PRINT, common::DRY_RUN, common::SAVE_CONFIG, common::VALIDATE],
    run: Some(|call| -> Running<'_> { Box::pin(async { namespace(call) }) }),
    ..Verb::EMPTY
};

/// `create serviceaccount`
pub(super) static SERVICE_ACCOUNT: Verb = Verb {
    name: "serviceaccount",
    aliases: &["sa"],
    usage: "serviceaccount NAME [--dry-run=server|client|none]",
    short: "Create a service account with the specified name",
    long: "Create a service account with the specified name.",
    examples: "# Create a new service account named my-service-account\nkubectl create serviceaccount my-service-account",
    flags: &[MANAGER, common::PRINT, common::DRY_RUN, common::SAVE_CONFIG, common::VALIDATE],
    run: Some(|call| -> Running<'_> { Box::pin(async { service_account(call) }) }),
    ..Verb::EMPTY
};

static SOURCES: &[Flag] = &[
    Flag::list("from-env-file", "Specify the path to a file to read lines of key=val pairs to create a configmap."),
    Flag::list(
        "from-file",
        "Key file can be specified using its file path, in which case file basename will be used as configmap key, or optionally with a key and file path, in which case the given key will be used.  Specifying a directory will iterate each named file in the directory whose basename is a valid configmap key.",
    ),
    Flag::array("from-literal", "Specify a key and literal value to insert in configmap (i.e. mykey=somevalue)"),
];

/// `create configmap`
pub(super) static CONFIG_MAP: Verb = Verb {
    name: "configmap",
    aliases: &["cm"],
    usage: "configmap NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]",
    short: "Create a config map from a local file, directory or literal value",
    long: "Create a config map based on a file, directory, or specified literal value.",
    examples: "# Create a new config map named my-config with key1=config1 and key2=config2\nkubectl create configmap my-config --from-literal=key1=config1 --from-literal=key2=config2",
    flags: &[SOURCES, MANAGER, common::PRINT, common::DRY_RUN, common::SAVE_CONFIG, common::VALIDATE],
    run: Some(|call| -> Running<'_> { Box::pin(async { config_map(call) }) }),
    ..Verb::EMPTY
};

fn namespace(call: &Call) -> Outcome {
    let name = call.one_name()?;
    let object = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}, "spec": {}, "status": {}});
    submit(call, object, "")
}

fn service_account(call: &Call) -> Outcome {
    let name = call.one_name()?;
    let object = json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}});
    submit(call, object, "serviceaccount")
}

fn config_map(call: &Call) -> Outcome {
    let name = call.one_name()?;
    let mut object = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}});
    let data = data(call)?;
    if !data.is_empty() {
        object["data"] = data.into();
    }
    submit(call, object, "configmap")
}

/// The pairs that files and literals give. Models `handleConfigMapFromLiteralSources` and its siblings.
fn data(call: &Call) -> Outcome<Map<String, Value>> {
    let mut data = Map::new();
    let mut add = |key: &str, value: String| {
        if data.insert(key.to_owned(), value.into()).is_some() {
            return Err(Failure::Text(format!(
                "cannot add key \"{key}\", another key by that name already exists in Data for ConfigMap \"{}\"",
                call.args[0]
            )));
        }
        Ok(())
    };
    for literal in call.flags.all("from-literal") {
        let pair = literal.split_once('=').filter(|(key, _)| !key.is_empty());
        let (key, value) =
            pair.ok_or_else(|| Failure::Text(format!("invalid literal source {literal}, expected key=value")))?;
        add(key, value.trim_matches(['\'', '"']).to_owned())?;
    }
    for source in call.flags.all("from-file") {
        let base = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        let (key, path) =
            source.split_once('=').map_or_else(|| (base(source), source.as_str()), |(k, p)| (k.to_owned(), p));
        let text = call
            .sys
            .read_file(path)
            .map_err(|_| Failure::Text(format!("error reading {path}: no such file or directory")))?;
        add(&key, text)?;
    }
    for path in call.flags.all("from-env-file") {
        let text = call
            .sys
            .read_file(path)
            .map_err(|_| Failure::Text(format!("error reading {path}: no such file or directory")))?;
        for line in text.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (key, value) = line.split_once('=').unwrap_or((line, ""));
            add(key, value.to_owned())?;
        }
    }
    Ok(data)
}
