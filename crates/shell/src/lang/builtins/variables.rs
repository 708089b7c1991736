//! Builtins about variables: `export`, `declare`, `local`, `read` and their like.

use super::super::shell::{Flow, Io, Shell};
use super::super::{Dialect, parse};
use super::{Done, quoted};

pub(super) fn export(shell: &mut Shell, arguments: &[String], io: &Io) -> Done {
    let named: Vec<&String> = arguments.iter().filter(|argument| *argument != "-p").collect();
    if named.is_empty() {
        for name in &shell.exported {
            let value = shell.variables.get(name).map(String::as_str).unwrap_or_default();
            match shell.dialect {
                Dialect::Bash => io.out.line(format!("declare -x {name}=\"{}\"", value.replace('"', "\\\""))),
                _ => io.out.line(format!("export {name}={}", quoted(value))),
            }
        }
    }
    for argument in named {
        let (name, value) = argument.split_once('=').map_or((argument.as_str(), None), |(n, v)| (n, Some(v)));
        if !parse::is_name(name) {
            match shell.dialect {
                Dialect::Bash => shell.complain_of(io, "export", &format!("`{argument}': not a valid identifier")),
                _ => shell.complain_of(io, "export", &format!("{name}: bad variable name")),
            }
            return Ok(if shell.dialect == Dialect::Bash { 1 } else { 2 });
        }
        if let Some(value) = value {
            shell.set(name, value);
        }
        shell.export(name);
    }
    Ok(0)
}

pub(super) fn local(shell: &mut Shell, arguments: &[String], io: &Io) -> Done {
    if shell.locals.is_empty() {
        if shell.dialect == Dialect::Bash {
            shell.complain_of(io, "local", "can only be used in a function");
            return Ok(1);
        }
        shell.complain_of(io, "local", "not in a function");
        return Err(Flow::Fault(2));
    }
    declare(shell, arguments, true);
    Ok(0)
}

/// Makes variables with options; `here`: for the function under way only, if there is one.
pub(super) fn declare(shell: &mut Shell, arguments: &[String], here: bool) {
    let option = |letter: char| arguments.iter().any(|argument| argument.starts_with('-') && argument.contains(letter));
    for argument in arguments.iter().filter(|argument| !argument.starts_with('-')) {
        let (name, value) = argument.split_once('=').map_or((argument.as_str(), None), |(n, v)| (n, Some(v)));
        let before = shell.get(name);
        if let Some(locals) = shell.locals.last_mut().filter(|_| here)
            && !locals.iter().any(|(known, _)| known == name)
        {
            locals.push((name.to_owned(), before));
            shell.forget(name);
        }
        if option('a') || option('A') {
            shell.declare_list(name, option('A'));
        }
        if let Some(value) = value {
            shell.set(name, value);
        }
        if option('x') {
            shell.export(name);
        }
    }
}

/// `declare -p`, `-f` and `-F`: what is there. `None` when something is to be made.
pub(super) fn describe_variables(shell: &Shell, arguments: &[String], io: &Io) -> Option<i32> {
    let option = arguments.first().map(String::as_str)?;
    let names = arguments.get(1..).unwrap_or_default();
    let mut status = 0;
    match option {
        "-f" | "-F" => {
            for name in names {
                if shell.functions.contains_key(name) {
                    io.out.line(name);
                } else {
                    status = 1;
                }
            }
            if names.is_empty() {
                shell.functions.keys().for_each(|name| io.out.line(format!("declare -f {name}")));
            }
        }
        "-p" => {
            for name in names {
                let quoted = |value: &str| format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""));
                if let Some(by_text) = shell.lists.get(name) {
                    let keys = shell.keys(name).into_iter();
                    let element = |key: String| {
                        let value = shell.get(&format!("{name}[{key}]")).unwrap_or_default();
                        format!("[{key}]={}", quoted(&value))
                    };
                    let all: Vec<String> = keys.map(element).collect();
                    io.out.line(format!("declare -{} {name}=({})", if *by_text { 'A' } else { 'a' }, all.join(" ")));
                } else if let Some(value) = shell.variables.get(name) {
                    let kind = if shell.exported.contains(name) { "-x" } else { "--" };
                    io.out.line(format!("declare {kind} {name}={}", quoted(value)));
                } else {
                    shell.complain_of(io, "declare", &format!("{name}: not found"));
                    status = 1;
                }
            }
        }
        _ => return None,
    }
    Some(status)
}

/// `mapfile -t name`: the lines of standard input as a list.
pub(super) async fn map_file(shell: &mut Shell, arguments: &[String], io: &Io) -> Done {
    let name = arguments.iter().find(|argument| !argument.starts_with('-')).map_or("MAPFILE", String::as_str);
    let text = shell.process(io).read_all().await;
    let strip = arguments.iter().any(|argument| argument == "-t");
    let lines = text.split_inclusive('\n').map(|line| if strip { line.trim_end_matches('\n') } else { line });
    shell.set_list(name, lines.map(str::to_owned));
    Ok(0)
}

pub(super) fn unset(shell: &mut Shell, arguments: &[String], _io: &Io) -> Done {
    for name in arguments.iter().filter(|name| !name.starts_with('-')) {
        shell.forget(name);
        shell.exported.remove(name);
        if arguments.iter().any(|argument| argument == "-f") {
            shell.functions.remove(name);
        }
    }
    Ok(0)
}

pub(super) async fn read(shell: &mut Shell, arguments: &[String], io: &Io) -> Done {
    let (mut raw, mut names, mut list, mut words) = (false, Vec::new(), None, arguments.iter());
    while let Some(word) = words.next() {
        match word.as_str() {
            "-r" => raw = true,
            "-a" => list = words.next().cloned(),
            "-d" | "-i" | "-n" | "-N" | "-t" | "-u" => drop(words.next()),
            option if option.starts_with('-') && option.contains('p') => {
                if io.stdin_is_terminal {
                    io.err.write(words.next().map(String::as_str).unwrap_or_default());
                }
                raw |= option.contains('r');
            }
            option if option.starts_with('-') => {
                raw |= option.contains('r');
                if option.ends_with('a') {
                    list = words.next().cloned();
                }
            }
            name => names.push(name.to_owned()),
        }
    }
    let mut line = shell.process(io).read_line().await;
    let ended = !line.ends_with('\n');
    while !raw && line.ends_with("\\\n") {
        line.truncate(line.len() - 2);
        line.push_str(&shell.process(io).read_line().await);
    }
    let line = line.trim_end_matches('\n');
    let separators = shell.get("IFS").unwrap_or_else(|| " \t\n".to_owned());
    if let Some(list) = list {
        let fields = line.split(|char| separators.contains(char)).filter(|field| !field.is_empty());
        shell.set_list(&list, fields.map(str::to_owned));
        return Ok(i32::from(ended));
    }
    if names.is_empty() {
        shell.set("REPLY", line);
    }
    let mut rest = line.trim_matches(|char: char| char.is_whitespace() && separators.contains(char));
    for (index, name) in names.iter().enumerate() {
        let (value, left) = match rest.find(|char| separators.contains(char)) {
            Some(at) if index + 1 < names.len() => {
                let after = rest[at..].chars().next().map_or(1, char::len_utf8);
                (&rest[..at], rest[at + after..].trim_start_matches([' ', '\t']))
            }
            _ => (rest, ""),
        };
        shell.set(name, value);
        rest = left;
    }
    Ok(i32::from(ended))
}
