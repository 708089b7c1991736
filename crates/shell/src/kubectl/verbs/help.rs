//! `kubectl help`. Models `pkg/cmd/help`.

use super::super::command::{self, Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::{ROOT, help, suggest};
use api::arrange::Arrange;

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "help",
    usage: "help [command] | STRING_TO_SEARCH",
    short: "Help about any command",
    long: "Help provides help for any command in the application. Simply type kubectl help [path to command] for full details.",
    hidden: true,
    run: Some(|call| -> Running<'_> { Box::pin(async { run(call) }) }),
    ..Verb::EMPTY
};

fn run(call: &Call) -> Outcome {
    if call.args.is_empty() {
        call.sys.out.write(help::help(call.verb, &call.path));
        return Ok(());
    }
    let (verb, path, rest) = command::find(&ROOT, &call.args);
    match rest.first() {
        Some(word) if verb.name == ROOT.name => {
            search(call, word);
            Ok(())
        }
        _ if !verb.simulated => Err(Failure::Text(format!("{path} is not simulated by this playground"))),
        _ => {
            call.sys.out.write(help::help(verb, &path));
            Ok(())
        }
    }
}

/// No command has that name: those whose description has the words, or everything there is.
fn search(call: &Call, word: &str) {
    let err = &call.sys.err;
    err.line(suggest::unknown_command(&ROOT, word));
    let words = call.args.join(" ");
    let mut found: Vec<&Verb> = ROOT.verbs.iter().copied().filter(|verb| verb.short.contains(&words)).collect();
    found.arrange_by_key(|verb| verb.name);
    if found.is_empty() {
        err.write(format!("\n\n{}", help::usage_text(&ROOT, ROOT.name)));
        return;
    }
    err.line(format!("Matchers of string '{words}' in short descriptions of commands: "));
    for verb in found {
        err.line(format!("  {:14} {}", verb.name, verb.short));
    }
}
