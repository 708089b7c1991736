//! `--help` as kubectl's templater lays it out. Models `pkg/util/templates`.

use super::command::Verb;
use super::flags::{Flag, Type};

/// The help of a verb.
#[must_use]
pub fn help(verb: &'static Verb, path: &str) -> String {
    let mut sections = vec![verb.long.trim().to_owned()];
    if !verb.aliases.is_empty() {
        let names: Vec<&str> = std::iter::once(verb.name).chain(verb.aliases.iter().copied()).collect();
        sections.push(format!("Aliases:\n{}", names.join(", ")));
    }
    if !verb.examples.is_empty() {
        sections.push(format!("Examples:\n{}", indent(verb.examples.trim())));
    }
    sections.extend(commands(verb));
    let flags: Vec<String> = verb.own_flags().into_iter().filter(|flag| !flag.hidden).map(option).collect();
    if !flags.is_empty() {
        sections.push(format!("Options:\n{}", flags.join("\n\n")));
    }
    let parent = path.rsplit_once(' ').map_or(String::new(), |(parent, _)| format!("{parent} "));
    sections.push(format!("Usage:\n  {parent}{}", usage(verb)));
    let mut text = sections.join("\n\n") + "\n\n";
    if !verb.verbs.is_empty() {
        text.push_str(&format!("Use \"{path} <command> --help\" for more information about a given command.\n"));
    }
    text.push_str("Use \"kubectl options\" for a list of global command-line options (applies to all commands).\n");
    text
}

/// The line below `Usage:`.
fn usage(verb: &Verb) -> String {
    let flags = if verb.verbs.is_empty() { "" } else { " [flags]" };
    let words = if verb.usage.is_empty() { format!("{}{flags}", verb.name) } else { verb.usage.to_owned() };
    if words.contains("[options]") { words } else { format!("{words} [options]") }
}

fn commands(verb: &Verb) -> Option<String> {
    let mut below: Vec<&Verb> = verb.verbs.to_vec();
    below.sort_by_key(|verb| verb.name);
    let width = below.iter().map(|verb| verb.name.len()).max()?.max(11);
    let lines: Vec<String> = below.iter().map(|verb| format!("  {:width$}   {}", verb.name, verb.short)).collect();
    Some(format!("Available Commands:\n{}", lines.join("\n")))
}

/// One flag as help prints it. Models `flagUsages`.
#[must_use]
pub fn option(flag: &Flag) -> String {
    let short = flag.short.map_or(String::new(), |letter| format!("-{letter}, "));
    let default = match flag.kind {
        Type::Text => format!("'{}'", flag.default),
        _ => flag.default.to_owned(),
    };
    format!("    {short}--{}={default}:\n\t{}", flag.name, flag.help)
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}
