//! The contexts of a kubeconfig.

use api::arrange::Arrange;
use api::json;

use super::super::super::command::{Call, Running, Verb};
use super::super::super::config::Config;
use super::super::super::errors::{Failure, Outcome};
use super::super::super::flags::Flag;
use super::super::super::tabwriter;

pub(super) static CURRENT: Verb = Verb {
    name: "current-context",
    usage: "current-context [flags]",
    short: "Display the current-context",
    long: "Display the current-context.",
    examples: "# Display the current-context\nkubectl config current-context",
    run: Some(|call| -> Running<'_> { Box::pin(async { current(call) }) }),
    ..Verb::EMPTY
};

pub(super) static GET: Verb = Verb {
    name: "get-contexts",
    usage: "get-contexts [(-o|--output=)name)]",
    short: "Describe one or many contexts",
    long: "Display one or many contexts from the kubeconfig file.",
    examples: "# List all the contexts in your kubeconfig file\nkubectl config get-contexts\n\n# Describe one context in your kubeconfig file\nkubectl config get-contexts my-context",
    flags: &[GET_FLAGS],
    run: Some(|call| -> Running<'_> { Box::pin(async { get(call) }) }),
    ..Verb::EMPTY
};

static GET_FLAGS: &[Flag] = &[
    Flag::bool(
        "no-headers",
        "false",
        "When using the default or custom-column output format, don't print headers (default print headers).",
    ),
    Flag::text("output", "", "Output format. One of: (name).").short('o'),
];

pub(super) static SET: Verb = Verb {
    name: "set-context",
    usage: "set-context [NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace]",
    short: "Set a context entry in kubeconfig",
    long: "Set a context entry in kubeconfig.\n\n Specifying a name that already exists will merge new fields on top of existing values for those fields.",
    examples: "# Set the user field on the gce context entry without touching other values\nkubectl config set-context gce --user=cluster-admin",
    flags: &[SET_FLAGS],
    run: Some(|call| -> Running<'_> { Box::pin(async { set(call) }) }),
    ..Verb::EMPTY
};

static SET_FLAGS: &[Flag] = &[
    Flag::text("cluster", "", "cluster for the context entry in kubeconfig"),
    Flag::bool("current", "false", "Modify the current context"),
    Flag::text("namespace", "", "namespace for the context entry in kubeconfig").short('n'),
    Flag::text("user", "", "user for the context entry in kubeconfig"),
];

pub(super) static USE: Verb = Verb {
    name: "use-context",
    aliases: &["use"],
    usage: "use-context CONTEXT_NAME",
    short: "Set the current-context in a kubeconfig file",
    long: "Set the current-context in a kubeconfig file.",
    examples: "# Use the context for the minikube cluster\nkubectl config use-context minikube",
    run: Some(|call| -> Running<'_> { Box::pin(async { switch(call) }) }),
    ..Verb::EMPTY
};

pub(super) static RENAME: Verb = Verb {
    name: "rename-context",
    usage: "rename-context CONTEXT_NAME NEW_NAME",
    short: "Rename a context from the kubeconfig file",
    long: "Renames a context from the kubeconfig file.\n\n CONTEXT_NAME is the context name that you want to change.\n\n NEW_NAME is the new name you want to set.\n\n Note: If the context being renamed is the 'current-context', this field will also be updated.",
    examples: "# Rename the context 'old-name' to 'new-name' in your kubeconfig file\nkubectl config rename-context old-name new-name",
    run: Some(|call| -> Running<'_> { Box::pin(async { rename(call) }) }),
    ..Verb::EMPTY
};

pub(super) static DELETE: Verb = Verb {
    name: "delete-context",
    usage: "delete-context NAME",
    short: "Delete the specified context from the kubeconfig",
    long: "Delete the specified context from the kubeconfig.",
    examples: "# Delete the context for the minikube cluster\nkubectl config delete-context minikube",
    run: Some(|call| -> Running<'_> { Box::pin(async { super::delete(call, "contexts", "context") }) }),
    ..Verb::EMPTY
};

fn current(call: &Call) -> Outcome {
    let config = Config::load(&call.sys);
    if config.current().is_empty() {
        return Err(Failure::text("current-context is not set"));
    }
    call.sys.out.line(config.current());
    Ok(())
}

/// Models `RunGetContexts`.
fn get(call: &Call) -> Outcome {
    let output = call.flags.text("output");
    if !matches!(output, "" | "name") {
        return Err(Failure::Text(format!(
            "--output {output} is not available in kubectl config get-contexts; resetting to default output format"
        )));
    }
    let config = Config::load(&call.sys);
    let mut names: Vec<&str> = config.names("contexts").collect();
    let missing = call.args.iter().filter(|arg| !names.contains(&arg.as_str()));
    let missing: Vec<Failure> = missing.map(|name| Failure::Text(format!("context {name} not found"))).collect();
    names.retain(|name| call.args.is_empty() || call.args.iter().any(|arg| arg == name));
    names.arrange();
    if output == "name" {
        names.iter().for_each(|name| call.sys.out.line(*name));
        return super::super::super::resolve::all_or(missing);
    }
    let mut text = String::new();
    if !call.flags.bool("no-headers") {
        text.push_str("CURRENT\tNAME\tCLUSTER\tAUTHINFO\tNAMESPACE\n");
    }
    for name in names {
        let word = |field: &str| config.context(name).and_then(|c| c.get(field)?.as_str()).unwrap_or_default();
        let mark = if name == config.current() { "*" } else { " " };
        text.push_str(&format!("{mark}\t{name}\t{}\t{}\t{}\n", word("cluster"), word("user"), word("namespace")));
    }
    call.sys.out.write(tabwriter::align(&text, 6, 3));
    super::super::super::resolve::all_or(missing)
}

/// Models `setContextOptions`.
fn set(call: &Call) -> Outcome {
    let mut config = Config::load(&call.sys);
    if call.args.len() > 1 {
        return Err(super::unexpected(call));
    }
    let given = call.args.first().filter(|name| !name.is_empty());
    let name = match (call.flags.bool("current"), given) {
        (true, Some(_)) => return Err(Failure::text("you cannot specify both a context name and --current")),
        (false, None) => return Err(Failure::text("you must specify a non-empty context name or --current")),
        (true, None) if config.current().is_empty() => return Err(Failure::text("no current context is set")),
        (true, None) => config.current().to_owned(),
        (false, Some(name)) => name.clone(),
    };
    let known = config.context(&name).is_some();
    let mut context = config.context(&name).cloned().unwrap_or_else(|| json!({}));
    for flag in ["cluster", "namespace", "user"] {
        if call.flags.changed(flag) {
            context[flag] = call.flags.text(flag).into();
        }
    }
    config.put("contexts", &name, context);
    config.save(&call.sys);
    call.sys.out.line(format!("Context \"{name}\" {}.", if known { "modified" } else { "created" }));
    Ok(())
}

fn switch(call: &Call) -> Outcome {
    let name = super::one_word(call)?;
    let mut config = Config::load(&call.sys);
    if name.is_empty() {
        return Err(Failure::text("empty context names are not allowed"));
    }
    if config.context(name).is_none() {
        return Err(Failure::Text(format!("no context exists with the name: {}", api::field::go_quote(name))));
    }
    config.set_current(name);
    config.save(&call.sys);
    call.sys.out.line(format!("Switched to context {}.", api::field::go_quote(name)));
    Ok(())
}

/// Models `RunRenameContext`.
fn rename(call: &Call) -> Outcome {
    let [old, new] = call.args.as_slice() else { return Err(super::unexpected(call)) };
    if new.is_empty() {
        return Err(Failure::text("You must specify a new non-empty context name"));
    }
    let mut config = Config::load(&call.sys);
    let (from, to) = (api::field::go_quote(old), api::field::go_quote(new));
    let Some(context) = config.context(old).cloned() else {
        return Err(Failure::Text(format!("cannot rename the context {from}, it's not in {}", config.file())));
    };
    if config.context(new).is_some() {
        let file = config.file();
        return Err(Failure::Text(format!(
            "cannot rename the context {from}, the context {to} already exists in {file}"
        )));
    }
    let was_current = config.current() == old;
    config.remove("contexts", old);
    config.put("contexts", new, context);
    if was_current {
        config.set_current(new);
    }
    config.save(&call.sys);
    call.sys.out.line(format!("Context {from} renamed to {to}."));
    Ok(())
}
