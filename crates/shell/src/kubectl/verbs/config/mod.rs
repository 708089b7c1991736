//! `kubectl config`. Models `pkg/cmd/config`.

mod contexts;
mod entries;
mod properties;
mod view;

use super::super::command::{self, Call, Running, Verb};
use super::super::config::Config;
use super::super::errors::{Failure, Outcome};
use super::super::help;

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "config",
    usage: "config SUBCOMMAND",
    short: "Modify kubeconfig files",
    long: "Modify kubeconfig files using subcommands like \"kubectl config set current-context my-context\".\n\n The loading order follows these rules:\n\n  1.  If the --kubeconfig flag is set, then only that file is loaded. The flag may only be set once and no merging takes place.\n  2.  If $KUBECONFIG environment variable is set, then it is used as a list of paths (normal path delimiting rules for your system). These paths are merged. When a value is modified, it is modified in the file that defines the stanza. When a value is created, it is created in the first file that exists. If no files in the chain exist, then it creates the last file in the list.\n  3.  Otherwise, ${HOME}/.kube/config is used and no merging takes place.",
    verbs: &[
        &contexts::CURRENT,
        &contexts::DELETE,
        &contexts::GET,
        &contexts::RENAME,
        &contexts::SET,
        &contexts::USE,
        &entries::DELETE_CLUSTER,
        &entries::DELETE_USER,
        &entries::CLUSTERS,
        &entries::USERS,
        &entries::SET_CLUSTER,
        &entries::SET_CREDENTIALS,
        &properties::SET,
        &properties::UNSET,
        &view::VERB,
    ],
    run: Some(|call| -> Running<'_> { Box::pin(async { command::sub_command_run(call) }) }),
    ..Verb::EMPTY
};

/// A wrong number of words: the help, and what was wrong. Models `helpErrorf`.
fn unexpected(call: &Call) -> Failure {
    call.sys.out.write(help::help(call.verb, &call.path));
    Failure::Text(format!("Unexpected args: [{}]", call.args.join(" ")))
}

/// The one word; help without it.
fn one_word(call: &Call) -> Outcome<&str> {
    match call.args.as_slice() {
        [name] => Ok(name),
        _ => Err(unexpected(call)),
    }
}

/// Takes an entry out of one of the lists. Models `runDeleteContext`, `runDeleteCluster` and `DeleteUserOptions`.
fn delete(call: &Call, list: &str, what: &str) -> Outcome {
    let [name] = call.args.as_slice() else {
        call.sys.out.write(help::help(call.verb, &call.path));
        return Ok(());
    };
    let mut config = Config::load(&call.sys);
    let file = config.file().to_owned();
    if config.entry(list, name).is_none() {
        return Err(Failure::Text(format!("cannot delete {what} {name}, not in {file}")));
    }
    if list == "contexts" && config.current() == name {
        let advice = "use \"kubectl config use-context\" to select a different one";
        call.sys.err.line(format!("warning: this removed your active context, {advice}"));
    }
    config.remove(list, name);
    config.save(&call.sys);
    call.sys.out.line(format!("deleted {what} {name} from {file}"));
    Ok(())
}
