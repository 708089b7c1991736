//! `trap`: what runs at the end and after failures is done; what waits for signals is only kept.

use super::super::Dialect;
use super::super::shell::{Io, Shell};
use super::{Done, quoted};

/// Signals whose traps are kept; they never come.
const SIGNALS: &[(&str, &str)] =
    &[("0", "EXIT"), ("1", "SIGHUP"), ("2", "SIGINT"), ("3", "SIGQUIT"), ("15", "SIGTERM"), ("", "ERR")];

/// `trap`
pub(super) fn trap(shell: &mut Shell, arguments: &[String], io: &Io) -> Done {
    let bash = shell.dialect == Dialect::Bash;
    let arguments = if arguments.first().is_some_and(|first| first == "--") { &arguments[1..] } else { arguments };
    let signal = |word: &str| {
        let upper = word.to_ascii_uppercase();
        let named = |(number, name): &&(&str, &str)| {
            *number == word && !word.is_empty() || upper == *name || format!("SIG{upper}") == *name
        };
        SIGNALS.iter().find(named).map(|(_, name)| *name)
    };
    let (action, words) = match arguments {
        [] => {
            for (name, text) in &shell.traps {
                let name = if bash { name } else { name.trim_start_matches("SIG") };
                io.out.line(format!("trap -- {} {name}", quoted(text)));
            }
            return Ok(0);
        }
        [option] if option == "-p" => return trap(shell, &[], io),
        [word] => ("-", std::slice::from_ref(word)),
        [action, words @ ..] => (action.as_str(), words),
    };
    let mut status = 0;
    for word in words {
        match signal(word) {
            Some(name) if action == "-" => drop(shell.traps.remove(name)),
            Some(name) => drop(shell.traps.insert(name.to_owned(), action.to_owned())),
            None => {
                let dash = shell.dialect == Dialect::Dash;
                let why = if dash { "bad trap" } else { "invalid signal specification" };
                shell.complain_of(io, "trap", &format!("{word}: {why}"));
                status = 1;
            }
        }
    }
    Ok(status)
}
