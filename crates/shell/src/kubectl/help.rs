//! `--help` as kubectl's templater lays it out. Models `pkg/util/templates`.

use super::command::Verb;
use super::flags::{Flag, Type};
use super::{ROOT, verbs};
use api::arrange::Arrange;

/// The help of a verb. Models `MainHelpTemplate`.
#[must_use]
pub fn help(verb: &'static Verb, path: &str) -> String {
    format!("{}\n\n{}", verb.long.trim(), usage_text(verb, path))
}

/// What stands below the description. Models `MainUsageTemplate`.
#[must_use]
pub fn usage_text(verb: &'static Verb, path: &str) -> String {
    let mut sections = Vec::new();
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

/// Models `cmdGroupsString`: the root has its commands in groups, the others by name.
fn commands(verb: &Verb) -> Option<String> {
    let width = verb.verbs.iter().map(|verb| verb.name.len()).max()?.max(11);
    let line = |verb: &&'static Verb| format!("  {:width$}   {}", verb.name, verb.short);
    let group = |title: &str, verbs: &[&'static Verb]| {
        let lines = verbs.iter().filter(|verb| !verb.hidden).map(line);
        std::iter::once(format!("{title}:")).chain(lines).collect::<Vec<_>>().join("\n")
    };
    if verb.name == ROOT.name {
        let (mut rest, mut groups) = (verbs::VERBS, Vec::new());
        for (title, count) in verbs::GROUPS {
            let (these, others) = rest.split_at(rest.len().min(*count));
            groups.push(group(title, these));
            rest = others;
        }
        let mut others = rest.to_vec();
        others.arrange_by_key(|verb| verb.name);
        groups.push(group("Other Commands", &others));
        return Some(groups.join("\n\n"));
    }
    let mut below: Vec<&'static Verb> = verb.verbs.to_vec();
    below.arrange_by_key(|verb| verb.name);
    Some(group("Available Commands", &below))
}

/// One flag as help prints it. Models `HelpFlagPrinter.PrintHelpFlag`.
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
    text.lines().map(|line| format!("  {}", line.trim())).collect::<Vec<_>>().join("\n")
}
