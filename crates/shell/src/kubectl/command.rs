//! The command tree: what a verb is, how a command line finds one, and what the verb sees when it runs.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;

use super::errors::{Failure, Outcome};
use super::flags::{self, Flag, Values};
use super::{config, globals, help, suggest};
use crate::stream::Sink;
use crate::sys::Sys;
use api::arrange::Arrange;

/// A run of a verb under way.
pub type Running<'a> = Pin<Box<dyn Future<Output = Outcome> + 'a>>;

/// One verb, or a verb below a verb (`create service`).
pub struct Verb {
    /// Its name.
    pub name: &'static str,
    /// Other names.
    pub aliases: &'static [&'static str],
    /// Words for which it is suggested.
    pub suggest_for: &'static [&'static str],
    /// The usage line after the path above it.
    pub usage: &'static str,
    /// Its line in lists of commands.
    pub short: &'static str,
    /// What it does, paragraphs separated by empty lines.
    pub long: &'static str,
    /// Examples: `# what` lines and commands.
    pub examples: &'static str,
    /// Its flags, in groups that verbs share.
    pub flags: &'static [&'static [Flag]],
    /// The verbs below it.
    pub verbs: &'static [&'static Verb],
    /// Its exit code when something is wrong; not 1 where that means something else.
    pub error_code: i32,
    /// Whether lists of commands leave it out.
    pub hidden: bool,
    /// Whether it does anything here; one that does not says so.
    pub simulated: bool,
    /// What it does; `None` for one that only groups others.
    pub run: Option<for<'a> fn(&'a Call) -> Running<'a>>,
}

impl Verb {
    /// A verb to fill in with struct update syntax.
    pub const EMPTY: Self = Self {
        name: "",
        aliases: &[],
        suggest_for: &[],
        usage: "",
        short: "",
        long: "",
        examples: "",
        flags: &[],
        verbs: &[],
        error_code: 1,
        hidden: false,
        simulated: true,
        run: None,
    };

    /// Its own flags, by name.
    #[must_use]
    pub fn own_flags(&self) -> Vec<&'static Flag> {
        let mut all: Vec<&'static Flag> = self.flags.iter().flat_map(|group| group.iter()).collect();
        all.arrange_by_key(|flag| flag.name);
        all
    }

    /// The verb below it that a word names.
    #[must_use]
    pub fn find(&self, word: &str) -> Option<&'static Verb> {
        self.verbs.iter().copied().find(|verb| verb.name == word || verb.aliases.contains(&word))
    }
}

impl std::fmt::Debug for Verb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// A command line that was read, and the world to run it in.
#[derive(Debug)]
pub struct Call {
    /// The world.
    pub sys: Sys,
    /// The verb.
    pub verb: &'static Verb,
    /// Its path, such as `kubectl create service`.
    pub path: String,
    /// The flags.
    pub flags: Values,
    /// The words that are no flags.
    pub args: Vec<String>,
    /// How many words stood before `--`, if it was there.
    pub dash_at: Option<usize>,
    /// The server's warnings so far.
    pub warned: RefCell<BTreeSet<String>>,
}

impl Call {
    /// The namespace to work in: the flag's, or the context's.
    #[must_use]
    pub fn namespace(&self) -> String {
        if self.namespace_given() {
            return self.flags.text("namespace").to_owned();
        }
        config::Config::load(&self.sys).namespace()
    }

    /// Whether the command line names a namespace.
    #[must_use]
    pub fn namespace_given(&self) -> bool {
        self.flags.changed("namespace") && !self.flags.text("namespace").is_empty()
    }

    /// Writes a warning of the server, each only once. Models `rest.NewWarningWriter`.
    pub fn warn_once(&self, text: &str) {
        if self.warned.borrow_mut().insert(text.to_owned()) {
            self.warn(text);
        }
    }

    /// Writes a warning.
    pub fn warn(&self, text: &str) {
        self.sys.err.line(format!("Warning: {text}"));
    }

    /// A wrong usage. Models `UsageErrorf`.
    #[must_use]
    pub fn usage_error(&self, message: impl std::fmt::Display) -> Failure {
        Failure::Text(format!("{message}\nSee '{} -h' for help and examples", self.path))
    }

    /// The one name among the words. Models `NameFromCommandArgs`.
    ///
    /// # Errors
    /// When there is none, or more than one.
    pub fn one_name(&self) -> Outcome<&str> {
        let count = self.dash_at.unwrap_or(self.args.len());
        match self.args.first() {
            Some(name) if count == 1 => Ok(name),
            _ => Err(self.usage_error(format!("exactly one NAME is required, got {count}"))),
        }
    }
}

/// Finds the verb of a command line and runs it; returns the exit code.
pub async fn execute(sys: Sys, root: &'static Verb, words: Vec<String>) -> i32 {
    let err = sys.err.clone();
    match Box::pin(run(sys, root, words)).await {
        Ok(()) => 0,
        Err(failure) => {
            let (text, code) = failure.report();
            err.write(text);
            code
        }
    }
}

/// The verb that words name, its path, and the words that are left. Models cobra's `Command.Find`.
#[must_use]
pub fn find(root: &'static Verb, words: &[String]) -> (&'static Verb, String, Vec<String>) {
    let (mut verb, mut path, mut words) = (root, root.name.to_owned(), words.to_vec());
    while let Some((index, word)) = first_word(verb, &words) {
        let Some(next) = verb.find(&word) else { break };
        words.remove(index);
        verb = next;
        path = format!("{path} {}", verb.name);
    }
    (verb, path, words)
}

async fn run(sys: Sys, root: &'static Verb, words: Vec<String>) -> Outcome {
    let (verb, path, words) = find(root, &words);
    if !verb.simulated && verb.flags.is_empty() {
        return Err(Failure::Text(format!("{path} is not simulated by this playground")));
    }
    let all = all_flags(verb);
    // Cobra looks for an unknown command before it reads flags, at the root only.
    if verb.name == root.name
        && let Some((_, word)) = first_word(verb, &words)
    {
        return Err(Failure::text(suggest::unknown_command(root, &word)));
    }
    let parsed = flags::parse(&all, &words).map_err(|why| {
        let hint = if verb.error_code == 1 { "--help' for usage." } else { "-h' for help and examples" };
        Failure::Raw(format!("error: {why}\nSee '{path} {hint}"), verb.error_code)
    })?;
    if parsed.help || (verb.run.is_none() && verb.name == root.name) {
        sys.out.write(help::help(verb, &path));
        return Ok(());
    }
    let missing: Vec<String> = verb
        .own_flags()
        .iter()
        .filter(|flag| flag.required && !parsed.values.changed(flag.name))
        .map(|flag| format!("\"{}\"", flag.name))
        .collect();
    if !missing.is_empty() {
        return Err(Failure::text(format!("required flag(s) {} not set", missing.join(", "))));
    }
    let (args, dash_at, warned) = (parsed.args, parsed.dash_at, RefCell::default());
    let call = Call { sys, verb, path, flags: parsed.values, args, dash_at, warned };
    config::check(&call)?;
    match verb.run {
        None if !verb.simulated => Err(Failure::Text(format!("{} is not simulated by this playground", call.path))),
        Some(run) => run(&call).await,
        None => sub_command_run(&call),
    }
}

/// What a verb that only groups others does. Models `DefaultSubCommandRun`.
///
/// # Errors
/// Always: a group does nothing by itself.
pub fn sub_command_run(call: &Call) -> Outcome {
    sub_command_run_on(call, &call.sys.err)
}

/// The same with its help going elsewhere.
///
/// # Errors
/// Always: a group does nothing by itself.
pub fn sub_command_run_on(call: &Call, out: &Sink) -> Outcome {
    if !call.args.is_empty() {
        return Err(call.usage_error(format!("unknown command {}", api::field::go_quote(&call.args.join(" ")))));
    }
    out.write(help::help(call.verb, &call.path));
    Err(Failure::Exit(1))
}

/// The flags a verb takes: its own and those every command has.
#[must_use]
pub fn all_flags(verb: &'static Verb) -> Vec<&'static Flag> {
    let own = verb.own_flags();
    let globals = globals::FLAGS.iter().filter(|global| !own.iter().any(|flag| flag.name == global.name));
    let globals: Vec<&'static Flag> = globals.collect();
    own.into_iter().chain(globals).collect()
}

/// The first word that is no flag and no flag's value, and its place. Models cobra's `stripFlags`.
fn first_word(verb: &'static Verb, words: &[String]) -> Option<(usize, String)> {
    let flags = all_flags(verb);
    // One that nobody knows may take one too.
    let takes_value = |found: Option<&&'static Flag>| found.is_none_or(|flag| flag.bare.is_empty());
    let mut index = 0;
    while let Some(word) = words.get(index) {
        if word == "--" {
            return None;
        }
        if let Some(long) = word.strip_prefix("--") {
            let alone = !long.contains('=') && takes_value(flags.iter().find(|flag| flag.name == long));
            index += if alone { 2 } else { 1 };
        } else if word.starts_with('-') && word.len() > 1 {
            let mut letters = word[1..].chars();
            let letter = letters.next();
            let alone = letters.next().is_none() && takes_value(flags.iter().find(|flag| flag.short == letter));
            index += if alone { 2 } else { 1 };
        } else {
            return Some((index, word.clone()));
        }
    }
    None
}
