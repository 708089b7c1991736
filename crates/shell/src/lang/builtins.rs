//! What the shell does by itself.

mod trap;
mod variables;

use super::Dialect;
use super::execute::Outcome;
use super::shell::{Flow, Io, Shell};
use crate::files::absolute;
use crate::programs::{self, text::print};
use trap::trap;
use variables::{declare, describe_variables, export, local, map_file, read, unset};

/// A command of the shell itself.
pub(super) struct Builtin {
    pub(super) name: &'static str,
    pub(super) run: for<'a> fn(&'a mut Shell, &'a [String], &'a Io) -> Outcome<'a>,
}

macro_rules! builtin {
    ($name:literal, $run:expr) => {
        Builtin { name: $name, run: |shell, arguments, io| Box::pin(async move { $run(shell, arguments, io) }) }
    };
    ($name:literal, await $run:expr) => {
        Builtin { name: $name, run: |shell, arguments, io| Box::pin($run(shell, arguments, io)) }
    };
}

/// Every builtin; add a line to add one.
static BUILTINS: &[Builtin] = &[
    builtin!(".", await source),
    builtin!(":", |_, _, _| Ok(0)),
    builtin!("[", bracket),
    builtin!("alias", alias),
    builtin!("bg", |_, _, _| Ok(0)),
    builtin!("break", |shell: &mut Shell, arguments, _| leave_loop(shell, arguments, Flow::Break)),
    builtin!("builtin", await command),
    builtin!("cd", change_folder),
    builtin!("command", await command),
    // Completion is the terminal's own.
    builtin!("complete", |_, _, _| Ok(0)),
    builtin!("continue", |shell: &mut Shell, arguments, _| leave_loop(shell, arguments, Flow::Continue)),
    builtin!("echo", |shell: &mut Shell, arguments: &[String], io: &Io| {
        io.out.write(print::echo_text(arguments, shell.dialect));
        Ok(0)
    }),
    builtin!("eval", await eval),
    builtin!("exec", await exec),
    builtin!("exit", exit),
    builtin!("export", export),
    builtin!("false", |_, _, _| Ok(1)),
    builtin!("fg", await foreground),
    builtin!("history", history),
    builtin!("jobs", |shell: &mut Shell, _, io| {
        shell.list_jobs(io);
        Ok(0)
    }),
    builtin!("kill", kill),
    builtin!("let", calculate),
    builtin!("local", local),
    builtin!("mapfile", await map_file),
    builtin!("pwd", |shell: &mut Shell, _, io: &Io| {
        io.out.line(&shell.sys.folder);
        Ok(0)
    }),
    builtin!("read", await read),
    builtin!("readarray", await map_file),
    builtin!("readonly", |shell: &mut Shell, arguments: &[String], _| {
        declare(shell, arguments, false);
        Ok(0)
    }),
    builtin!("return", |shell: &mut Shell, arguments: &[String], _| Err(Flow::Return(code(shell, arguments)))),
    builtin!("set", set),
    builtin!("shift", shift),
    builtin!("shopt", |_, _, _| Ok(0)),
    builtin!("source", await source),
    builtin!("test", |shell, arguments, io| test(shell, "test", arguments, io)),
    builtin!("trap", trap),
    builtin!("true", |_, _, _| Ok(0)),
    builtin!("type", kind_of),
    builtin!("umask", |_, _, io: &Io| {
        io.out.line("0022");
        Ok(0)
    }),
    builtin!("unalias", unalias),
    builtin!("unset", unset),
    builtin!("wait", await wait),
];

/// `declare`, which is `local` in a function.
static DECLARE: Builtin = builtin!("declare", |shell: &mut Shell, arguments: &[String], io| {
    describe_variables(shell, arguments, io).map_or_else(
        || {
            let here = !arguments.iter().any(|argument| argument.starts_with('-') && argument.contains('g'));
            declare(shell, arguments, here);
            Ok(0)
        },
        Ok,
    )
});

/// bash's own names; the others do not know them.
const ONLY_BASH: &[&str] = &["builtin", "complete", "declare", "mapfile", "readarray", "shopt", "typeset"];
/// What dash does not have.
const NOT_DASH: &[&str] = &["let", "source", "history"];

/// The builtin of a name.
pub(super) fn find(name: &str, dialect: Dialect) -> Option<&'static Builtin> {
    let known = match dialect {
        Dialect::Bash => true,
        Dialect::Ash => !ONLY_BASH.contains(&name),
        Dialect::Dash => !ONLY_BASH.contains(&name) && !NOT_DASH.contains(&name),
    };
    if known && matches!(name, "declare" | "typeset") {
        return Some(&DECLARE);
    }
    BUILTINS.iter().find(|builtin| known && builtin.name == name)
}

/// The names of all builtins, for completion.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    BUILTINS.iter().map(|builtin| builtin.name)
}

type Done = Result<i32, Flow>;

fn code(shell: &Shell, arguments: &[String]) -> i32 {
    arguments.first().and_then(|text| text.parse::<i32>().ok()).map_or(shell.status, |code| code & 255)
}

fn leave_loop(shell: &Shell, arguments: &[String], flow: fn(usize) -> Flow) -> Done {
    if shell.loops == 0 {
        return Ok(0);
    }
    let levels = arguments.first().and_then(|text| text.parse::<usize>().ok()).unwrap_or(1);
    Err(flow(levels.clamp(1, shell.loops)))
}

fn exit(shell: &mut Shell, arguments: &[String], io: &Io) -> Done {
    if let Some(text) = arguments.first()
        && text.parse::<i32>().is_err()
    {
        match shell.dialect {
            Dialect::Bash => shell.complain_of(io, "exit", &format!("{text}: numeric argument required")),
            _ => shell.complain_of(io, "exit", &format!("Illegal number: {text}")),
        }
        return Err(Flow::Exit(2));
    }
    if shell.interactive && shell.dialect == Dialect::Bash && shell.sys.stdin_is_terminal {
        io.err.line(if shell.sys.host == crate::Host::Node { "logout" } else { "exit" });
    }
    Err(Flow::Exit(code(shell, arguments)))
}

fn change_folder(shell: &mut Shell, arguments: &[String], io: &Io) -> Done {
    let home = shell.get("HOME").unwrap_or_else(|| "/".to_owned());
    let wanted = match arguments.first().map(String::as_str) {
        None => home,
        Some("-") => shell.get("OLDPWD").unwrap_or_else(|| shell.sys.folder.clone()),
        Some(path) => path.to_owned(),
    };
    let path = absolute(&shell.sys.folder, &wanted);
    let (folder, file) = shell.sys.files(|files| (files.is_folder(&path), files.is_file(&path)));
    if !folder {
        let why = if file { "Not a directory" } else { "No such file or directory" };
        match shell.dialect {
            Dialect::Bash => shell.complain_of(io, "cd", &format!("{wanted}: {why}")),
            Dialect::Dash => shell.complain_of(io, "cd", &format!("can't cd to {wanted}")),
            Dialect::Ash => shell.complain_of(io, "cd", &format!("can't cd to {wanted}: {why}")),
        }
        return Ok(if shell.dialect == Dialect::Bash { 1 } else { 2 });
    }
    if arguments.first().is_some_and(|argument| argument == "-") {
        io.out.line(&path);
    }
    let before = std::mem::replace(&mut shell.sys.folder, path.clone());
    shell.set("OLDPWD", &before);
    shell.set("PWD", &path);
    Ok(0)
}

fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', "'\\''"))
}

fn set(shell: &mut Shell, arguments: &[String], io: &Io) -> Done {
    if arguments.is_empty() {
        for (name, value) in &shell.variables {
            let plain = value.chars().all(|char| char.is_ascii_alphanumeric() || "-_./:@,+".contains(char));
            let bare = plain && shell.dialect == Dialect::Bash;
            io.out.line(if bare { format!("{name}={value}") } else { format!("{name}={}", quoted(value)) });
        }
        return Ok(0);
    }
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let on = argument.starts_with('-');
        if argument == "--" || !(on || argument.starts_with('+')) {
            let first = (argument != "--").then(|| argument.clone());
            shell.arguments = first.into_iter().chain(rest.cloned()).collect();
            return Ok(0);
        }
        for letter in argument[1..].chars() {
            match letter {
                'e' => shell.options.errexit = on,
                'u' => shell.options.nounset = on,
                'x' => shell.options.xtrace = on,
                'f' => shell.options.noglob = on,
                'o' => match rest.next().map(String::as_str) {
                    Some("pipefail") => shell.options.pipefail = on,
                    Some("errexit") => shell.options.errexit = on,
                    Some("nounset") => shell.options.nounset = on,
                    Some("xtrace") => shell.options.xtrace = on,
                    _ => {}
                },
                _ => {}
            }
        }
    }
    Ok(0)
}

fn shift(shell: &mut Shell, arguments: &[String], _io: &Io) -> Done {
    let count = arguments.first().and_then(|text| text.parse::<usize>().ok()).unwrap_or(1);
    if count > shell.arguments.len() {
        return Ok(1);
    }
    shell.arguments.drain(..count);
    Ok(0)
}

fn alias(shell: &mut Shell, arguments: &[String], io: &Io) -> Done {
    let bash = shell.dialect == Dialect::Bash;
    let shown = |name: &str, value: &str| format!("{}{name}={}", if bash { "alias " } else { "" }, quoted(value));
    if arguments.is_empty() {
        for (name, value) in &shell.aliases {
            io.out.line(shown(name, value));
        }
    }
    let mut status = 0;
    for argument in arguments {
        match argument.split_once('=') {
            Some((name, value)) => drop(shell.aliases.insert(name.to_owned(), value.to_owned())),
            None => match shell.aliases.get(argument) {
                Some(value) => io.out.line(shown(argument, value)),
                None => {
                    shell.complain_of(io, "alias", &format!("{argument}: not found"));
                    status = 1;
                }
            },
        }
    }
    Ok(status)
}

fn unalias(shell: &mut Shell, arguments: &[String], io: &Io) -> Done {
    let mut status = 0;
    for name in arguments {
        if name == "-a" {
            shell.aliases.clear();
        } else if shell.aliases.remove(name).is_none() {
            shell.complain_of(io, "unalias", &format!("{name}: not found"));
            status = 1;
        }
    }
    Ok(status)
}

fn bracket(shell: &mut Shell, arguments: &[String], io: &Io) -> Done {
    match arguments.split_last() {
        Some((last, inner)) if last == "]" => test(shell, "[", inner, io),
        _ => {
            match shell.dialect {
                Dialect::Bash => shell.complain(io, "[: missing `]'"),
                _ => shell.complain(io, "[: missing ]"),
            }
            Ok(2)
        }
    }
}

fn test(shell: &mut Shell, name: &str, arguments: &[String], io: &Io) -> Done {
    match shell.test(arguments) {
        Ok(value) => Ok(i32::from(!value)),
        Err(fault) => {
            let fault = match (shell.dialect, fault.strip_suffix(": integer expression expected")) {
                (Dialect::Ash, Some(word)) => format!("{word}: bad number"),
                (Dialect::Dash, Some(word)) => format!("Illegal number: {word}"),
                _ => fault,
            };
            shell.complain(io, &format!("{name}: {fault}"));
            Ok(2)
        }
    }
}

fn calculate(shell: &mut Shell, arguments: &[String], io: &Io) -> Done {
    let mut value = 0;
    for argument in arguments {
        value = shell.compute(argument, io)?;
    }
    Ok(i32::from(value == 0))
}

fn history(shell: &mut Shell, _arguments: &[String], io: &Io) -> Done {
    for (index, line) in shell.sys.world.borrow().history.iter().enumerate() {
        io.out.line(format!("{:5}  {line}", index + 1));
    }
    Ok(0)
}

fn kind_of(shell: &mut Shell, arguments: &[String], io: &Io) -> Done {
    let mut status = 0;
    if shell.dialect == Dialect::Bash && arguments.first().is_some_and(|first| first == "-t") {
        for name in &arguments[1..] {
            let kind = match () {
                () if shell.aliases.contains_key(name) => "alias",
                () if KEYWORDS.contains(&name.as_str()) => "keyword",
                () if shell.functions.contains_key(name) => "function",
                () if find(name, shell.dialect).is_some() => "builtin",
                () if programs::path_of(name, &shell.sys).is_some() => "file",
                () => {
                    status = 1;
                    continue;
                }
            };
            io.out.line(kind);
        }
        return Ok(status);
    }
    for name in arguments.iter().filter(|name| !(shell.dialect == Dialect::Bash && name.starts_with('-'))) {
        if let Some(text) = describe(shell, name) {
            io.out.line(format!("{name} is {text}"));
        } else {
            match shell.dialect {
                Dialect::Bash => shell.complain_of(io, "type", &format!("{name}: not found")),
                _ => io.out.line(format!("{name}: not found")),
            }
            status = if shell.dialect == Dialect::Bash { 1 } else { 127 };
        }
    }
    Ok(status)
}

/// Words of the language, for `type`.
const KEYWORDS: &[&str] = &[
    "if", "then", "else", "elif", "fi", "case", "esac", "for", "select", "while", "until", "do", "done", "in",
    "function", "time", "{", "}", "!", "[[", "]]", "coproc",
];

fn describe(shell: &Shell, name: &str) -> Option<String> {
    let bash = shell.dialect == Dialect::Bash;
    if let Some(value) = shell.aliases.get(name) {
        return Some(if bash { format!("aliased to `{value}'") } else { format!("an alias for {value}") });
    }
    if shell.functions.contains_key(name) {
        return Some("a function".to_owned());
    }
    if KEYWORDS.contains(&name) {
        return Some("a shell keyword".to_owned());
    }
    if find(name, shell.dialect).is_some() {
        return Some("a shell builtin".to_owned());
    }
    programs::path_of(name, &shell.sys)
}

/// `command name ...`: not a function; `command -v name` says what it is.
async fn command(shell: &mut Shell, arguments: &[String], io: &Io) -> Done {
    match arguments {
        [] => Ok(0),
        [option, names @ ..] if option == "-v" || option == "-V" => {
            let mut status = 0;
            for name in names {
                let builtin = find(name, shell.dialect).is_some() || shell.functions.contains_key(name);
                let alias = shell.aliases.get(name).map(|value| format!("alias {name}={}", quoted(value)));
                let plain =
                    alias.or_else(|| if builtin { Some(name.clone()) } else { programs::path_of(name, &shell.sys) });
                match plain {
                    Some(text) => io.out.line(text),
                    None => status = if shell.dialect == Dialect::Bash { 1 } else { 127 },
                }
            }
            Ok(status)
        }
        [name, rest @ ..] => match find(name, shell.dialect) {
            Some(builtin) => (builtin.run)(shell, rest, io).await,
            None => shell.program(name, rest, io).await,
        },
    }
}

async fn eval(shell: &mut Shell, arguments: &[String], io: &Io) -> Done {
    let text = arguments.join(" ");
    match shell.parse(&text) {
        Ok(script) => shell.script(&script, io).await,
        Err(error) => {
            shell.complain_of_syntax(io, &error, &text, Some("eval"));
            Ok(2)
        }
    }
}

/// Where the script of `kubectl completion bash` ends: the terminal completes kubectl by itself, so there is nothing to do.
const COMPLETION: &str = "complete -o default -F __start_kubectl kubectl";

async fn source(shell: &mut Shell, arguments: &[String], io: &Io) -> Done {
    let Some(name) = arguments.first() else {
        shell.complain_of(io, ".", "filename argument required");
        return Ok(2);
    };
    let text = match shell.sys.read_file(name) {
        Ok(text) => text,
        Err(error) => {
            shell.complain(io, &format!("{name}: {error}"));
            return Ok(1);
        }
    };
    if text.contains(COMPLETION) {
        return Ok(0);
    }
    match shell.parse(&text) {
        Ok(script) => match shell.script(&script, io).await {
            Err(Flow::Return(status)) => Ok(status),
            result => result,
        },
        Err(error) => {
            shell.complain_of_syntax(io, &error, &text, None);
            Ok(2)
        }
    }
}

async fn exec(shell: &mut Shell, arguments: &[String], io: &Io) -> Done {
    let Some((name, rest)) = arguments.split_first() else { return Ok(0) };
    let status = shell.program(name, rest, io).await?;
    Err(Flow::Exit(status))
}

async fn foreground(shell: &mut Shell, arguments: &[String], io: &Io) -> Done {
    let Some(job) = shell.job(arguments.first().map(String::as_str)) else {
        shell.complain_of(io, "fg", "current: no such job");
        return Ok(1);
    };
    io.out.line(&job.text);
    let status = shell.wait_for(&job).await;
    shell.jobs.retain(|other| other.pid != job.pid);
    Ok(status)
}

async fn wait(shell: &mut Shell, arguments: &[String], _io: &Io) -> Done {
    if arguments.is_empty() {
        for job in shell.jobs.clone() {
            shell.wait_for(&job).await;
        }
        return Ok(0);
    }
    let mut status = 127;
    for name in arguments {
        if let Some(job) = shell.job(Some(name)) {
            status = shell.wait_for(&job).await;
        }
    }
    Ok(status)
}

fn kill(shell: &mut Shell, arguments: &[String], io: &Io) -> Done {
    let mut status = 0;
    for name in arguments.iter().filter(|name| !name.starts_with('-')) {
        match shell.job(Some(name)) {
            Some(job) => job.killed.set(true),
            None => {
                let why = if name.starts_with('%') { "no such job" } else { "No such process" };
                match shell.dialect {
                    Dialect::Bash if name.starts_with('%') => shell.complain_of(io, "kill", &format!("{name}: {why}")),
                    Dialect::Bash => shell.complain_of(io, "kill", &format!("({name}) - {why}")),
                    _ => shell.complain(io, &format!("can't kill pid {name}: {why}")),
                }
                status = 1;
            }
        }
    }
    Ok(status)
}
