//! `kubectl create namespace`, `configmap` and `serviceaccount`.

use api::{Map, Value, json};

use super::super::super::command::{Call, Running, Verb};
use super::super::super::errors::Outcome;
use super::super::super::flags::Flag;
use super::super::common;
use super::super::create::{MANAGER, submit};
use super::data::{self, Problem};

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
    Flag::bool("append-hash", "false", "Append a hash of the configmap to its name."),
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
    long: "Create a config map based on a file, directory, or specified literal value.\n\n A single config map may package one or more key/value pairs.\n\n When creating a config map based on a file, the key will default to the basename of the file, and the value will default to the file content.  If the basename is an invalid key, you may specify an alternate key.\n\n When creating a config map based on a directory, each file whose basename is a valid key in the directory will be packaged into the config map.  Any directory entries except regular files are ignored (e.g. subdirectories, symlinks, devices, pipes, etc).",
    examples: "# Create a new config map named my-config based on folder bar\nkubectl create configmap my-config --from-file=path/to/bar\n\n# Create a new config map named my-config with specified keys instead of file basenames on disk\nkubectl create configmap my-config --from-file=key1=/path/to/bar/file1.txt --from-file=key2=/path/to/bar/file2.txt\n\n# Create a new config map named my-config with key1=config1 and key2=config2\nkubectl create configmap my-config --from-literal=key1=config1 --from-literal=key2=config2\n\n# Create a new config map named my-config with key=value pairs from an env file\nkubectl create configmap my-config --from-env-file=path/to/bar.env",
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
    submit(call, object, "failed to create serviceaccount:")
}

fn config_map(call: &Call) -> Outcome {
    let name = call.one_name()?;
    let mut object = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}});
    let pairs = data::pairs(call, "config", |key, problem| {
        let quoted = api::field::go_quote(key);
        match problem {
            Problem::Invalid(wrong) => {
                format!("{quoted} is not a valid key name for a ConfigMap: {}", wrong.join(","))
            }
            Problem::Taken => format!(
                "cannot add key {quoted}, another key by that name already exists in Data for ConfigMap \"{name}\""
            ),
        }
    })?;
    let data: Map<String, Value> = pairs.into_iter().map(|(key, value)| (key, value.into())).collect();
    if !data.is_empty() {
        object["data"] = data.into();
    }
    submit(call, object, "failed to create configmap:")
}
