//! `kubectl config`. Models `pkg/cmd/config`.

use api::{Value, json};

use super::super::command::{self, Call, Running, Verb};
use super::super::config::Config;
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::printers::Printer;
use super::super::tabwriter;
use super::common;

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "config",
    usage: "config SUBCOMMAND",
    short: "Modify kubeconfig files",
    long: "Modify kubeconfig files using subcommands like \"kubectl config set current-context my-context\".",
    verbs: &[&CURRENT, &CLUSTERS, &CONTEXTS, &USERS, &SET_CONTEXT, &USE_CONTEXT, &VIEW],
    run: Some(|call| -> Running<'_> { Box::pin(async { command::sub_command_run(call) }) }),
    ..Verb::EMPTY
};

static CURRENT: Verb = Verb {
    name: "current-context",
    short: "Display the current-context",
    long: "Display the current-context.",
    run: Some(|call| -> Running<'_> { Box::pin(async { current(call) }) }),
    ..Verb::EMPTY
};

static CLUSTERS: Verb = Verb {
    name: "get-clusters",
    short: "Display clusters defined in the kubeconfig",
    long: "Display clusters defined in the kubeconfig.",
    run: Some(|call| -> Running<'_> { Box::pin(async { names(call, "clusters") }) }),
    ..Verb::EMPTY
};

static USERS: Verb = Verb {
    name: "get-users",
    short: "Display users defined in the kubeconfig",
    long: "Display users defined in the kubeconfig.",
    run: Some(|call| -> Running<'_> { Box::pin(async { names(call, "users") }) }),
    ..Verb::EMPTY
};

static CONTEXTS: Verb = Verb {
    name: "get-contexts",
    usage: "get-contexts [(-o|--output=)name)]",
    short: "Describe one or many contexts",
    long: "Display one or many contexts from the kubeconfig file.",
    flags: &[&[
        Flag::bool(
            "no-headers",
            "false",
            "When using the default or custom-column output format, don't print headers (default print headers).",
        ),
        Flag::text("output", "", "Output format. One of: (name).").short('o'),
    ]],
    run: Some(|call| -> Running<'_> { Box::pin(async { contexts(call) }) }),
    ..Verb::EMPTY
};

static SET_CONTEXT: Verb = Verb {
    name: "set-context",
    usage: "set-context [NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace]",
    short: "Set a context entry in kubeconfig",
    long: "Set a context entry in kubeconfig.\n\n Specifying a name that already exists will merge new fields on top of existing values for those fields.",
    flags: &[&[Flag::bool("current", "false", "Modify the current context")]],
    run: Some(|call| -> Running<'_> { Box::pin(async { set_context(call) }) }),
    ..Verb::EMPTY
};

static USE_CONTEXT: Verb = Verb {
    name: "use-context",
    aliases: &["use"],
    usage: "use-context CONTEXT_NAME",
    short: "Set the current-context in a kubeconfig file",
    long: "Set the current-context in a kubeconfig file.",
    run: Some(|call| -> Running<'_> { Box::pin(async { use_context(call) }) }),
    ..Verb::EMPTY
};

static VIEW: Verb = Verb {
    name: "view",
    short: "Display merged kubeconfig settings or a specified kubeconfig file",
    long: "Display merged kubeconfig settings or a specified kubeconfig file.",
    flags: &[
        &[
            Flag::bool(
                "flatten",
                "false",
                "Flatten the resulting kubeconfig file into self-contained output (useful for creating portable kubeconfig files)",
            ),
            Flag::bool("minify", "false", "Remove all information not used by current-context from the output"),
            Flag::bool("raw", "false", "Display raw byte data and sensitive data"),
        ],
        common::PRINT,
    ],
    run: Some(|call| -> Running<'_> { Box::pin(async { view(call) }) }),
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

fn names(call: &Call, list: &str) -> Outcome {
    call.sys.out.line("NAME");
    Config::load(&call.sys).names(list).for_each(|name| call.sys.out.line(name));
    Ok(())
}

fn contexts(call: &Call) -> Outcome {
    let config = Config::load(&call.sys);
    let wanted = |name: &&str| call.args.is_empty() || call.args.iter().any(|arg| arg == name);
    if call.flags.text("output") == "name" {
        config.names("contexts").filter(wanted).for_each(|name| call.sys.out.line(name));
        return Ok(());
    }
    let mut text = String::new();
    if !call.flags.bool("no-headers") {
        text.push_str("CURRENT\tNAME\tCLUSTER\tAUTHINFO\tNAMESPACE\n");
    }
    for name in config.names("contexts").filter(wanted) {
        let word = |field: &str| config.context(name).and_then(|c| c.get(field)?.as_str()).unwrap_or_default();
        let mark = if name == config.current() { "*" } else { "" };
        text.push_str(&format!("{mark}\t{name}\t{}\t{}\t{}\n", word("cluster"), word("user"), word("namespace")));
    }
    call.sys.out.write(tabwriter::align(&text, 6, 3));
    match call.args.iter().find(|arg| config.context(arg).is_none()) {
        Some(missing) => Err(Failure::Text(format!("context {missing} not found"))),
        None => Ok(()),
    }
}

fn set_context(call: &Call) -> Outcome {
    let mut config = Config::load(&call.sys);
    let name = match (call.flags.bool("current"), call.args.first()) {
        (true, None) => config.current().to_owned(),
        (false, Some(name)) => name.clone(),
        _ => return Err(call.usage_error("Unexpected args: one of NAME and --current is required")),
    };
    let known = config.context(&name).is_some();
    let mut context = config.context(&name).cloned().unwrap_or_else(|| json!({}));
    for flag in ["cluster", "namespace", "user"] {
        if call.flags.changed(flag) {
            context[flag] = call.flags.text(flag).into();
        }
    }
    let entry = json!({"name": name, "context": context});
    if let Some(list) = config.0.get_mut("contexts").and_then(Value::as_array_mut) {
        list.retain(|old| old.get("name").is_none_or(|n| *n != *name));
        list.push(entry);
    }
    config.save(&call.sys);
    call.sys.out.line(format!("Context \"{name}\" {}.", if known { "modified" } else { "created" }));
    Ok(())
}

fn use_context(call: &Call) -> Outcome {
    let [name] = call.args.as_slice() else {
        return Err(call.usage_error(format!("Unexpected args: [{}]", call.args.join(" "))));
    };
    let mut config = Config::load(&call.sys);
    if config.context(name).is_none() {
        return Err(Failure::Text(format!("no context exists with the name: {}", api::field::go_quote(name))));
    }
    config.0["current-context"] = name.as_str().into();
    config.save(&call.sys);
    call.sys.out.line(format!("Switched to context {}.", api::field::go_quote(name)));
    Ok(())
}

fn view(call: &Call) -> Outcome {
    let config = Config::load(&call.sys);
    match Printer::of(call, false)? {
        Some(printer) => printer.print(call, &config.0),
        None => {
            call.sys.out.write(manifest::to_yaml(&config.0));
            Ok(())
        }
    }
}
