//! `kubectl config view`.

use api::Value;

use super::super::super::command::{Call, Running, Verb};
use super::super::super::config::Config;
use super::super::super::errors::{Failure, Outcome};
use super::super::super::flags::Flag;
use super::super::super::printers::Printer;
use super::super::common;

pub(super) static VERB: Verb = Verb {
    name: "view",
    usage: "view [flags]",
    short: "Display merged kubeconfig settings or a specified kubeconfig file",
    long: "Display merged kubeconfig settings or a specified kubeconfig file.\n\n You can use --output jsonpath={...} to extract specific values using a jsonpath expression.",
    examples: "# Show merged kubeconfig settings\nkubectl config view\n\n# Show merged kubeconfig settings, raw certificate data, and exposed secrets\nkubectl config view --raw\n\n# Get the password for the e2e user\nkubectl config view -o jsonpath='{.users[?(@.name == \"e2e\")].user.password}'",
    flags: &[FLAGS, common::PRINT_YAML],
    run: Some(|call| -> Running<'_> { Box::pin(async { view(call) }) }),
    ..Verb::EMPTY
};

static FLAGS: &[Flag] = &[
    Flag::bool(
        "flatten",
        "false",
        "Flatten the resulting kubeconfig file into self-contained output (useful for creating portable kubeconfig files)",
    ),
    Flag::bool("merge", "true", "Merge the full hierarchy of kubeconfig files"),
    Flag::bool("minify", "false", "Remove all information not used by current-context from the output"),
    Flag::bool("raw", "false", "Display raw byte data and sensitive data"),
];

/// Models `ViewOptions.Run`.
fn view(call: &Call) -> Outcome {
    if !call.args.is_empty() {
        return Err(call.usage_error(format!("unexpected arguments: [{}]", call.args.join(" "))));
    }
    if !call.flags.bool("merge") && call.flags.text("kubeconfig").is_empty() {
        return Err(Failure::text("if merge==false a precise file must be specified"));
    }
    let mut config = Config::load(&call.sys);
    if call.flags.bool("minify") {
        minify(call, &mut config)?;
    }
    if !call.flags.bool("raw") && !call.flags.bool("flatten") {
        redact(&mut config);
    }
    let shown = config.as_file();
    // There is always one: its default is YAML.
    Printer::of(call, false)?.map_or(Ok(()), |printer| printer.typed().print(call, &shown))
}

/// Keeps what the context needs. Models `MinifyConfig`.
fn minify(call: &Call, config: &mut Config) -> Outcome {
    if !call.flags.text("context").is_empty() {
        config.set_current(call.flags.text("context"));
    }
    let current = config.current().to_owned();
    if current.is_empty() {
        return Err(Failure::text("current-context must exist in order to minify"));
    }
    let Some(context) = config.context(&current).cloned() else {
        return Err(Failure::Text(format!("cannot locate context {current}")));
    };
    let word = |field: &str| context.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    for (list, kept) in [("contexts", current), ("clusters", word("cluster")), ("users", word("user"))] {
        let others: Vec<String> = config.names(list).filter(|name| *name != kept).map(str::to_owned).collect();
        others.iter().for_each(|name| config.remove(list, name));
    }
    Ok(())
}

/// Hides secrets and data. Models `RedactSecrets` and `ShortenConfig`.
fn redact(config: &mut Config) {
    for (list, field, word) in [
        ("users", "token", "REDACTED"),
        ("users", "password", "REDACTED"),
        ("users", "client-key-data", "DATA+OMITTED"),
        ("users", "client-certificate-data", "DATA+OMITTED"),
        ("clusters", "certificate-authority-data", "DATA+OMITTED"),
    ] {
        let names: Vec<String> = config.names(list).map(str::to_owned).collect();
        for name in names {
            let Some(mut entry) = config.entry(list, &name).cloned() else { continue };
            if entry.get(field).is_some_and(|value| value != "") {
                entry[field] = word.into();
                config.put(list, &name, entry);
            }
        }
    }
}
