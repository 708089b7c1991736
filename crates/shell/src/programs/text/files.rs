//! `cat`, `tee`, `ls` and what moves files about.

use super::reader::Reader;
use crate::files::absolute;
use crate::programs::options::Spec;
use crate::sys::{Host, Sys};

const CAT: Spec = Spec { short: "nbeEtTAvsu", long: &[("number", 'n', false)] };

/// Runs `cat`.
pub(in crate::programs) async fn cat(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match super::parse(&sys, "cat", &CAT, &argv) {
        Ok(given) => given,
        Err(status) => return status,
    };
    let mut reader = Reader::new(&sys, "cat", &given.operands);
    let mut number = 0;
    while let Some(line) = reader.line().await {
        number += 1;
        let end = if given.has('E') || given.has('e') || given.has('A') { "$" } else { "" };
        let line = if end.is_empty() { line } else { line.replace('\n', "$\n") };
        sys.out.write(if given.has('n') { format!("{number:>6}\t{line}") } else { line });
    }
    i32::from(reader.failed)
}

const TEE: Spec = Spec { short: "ai", long: &[("append", 'a', false)] };

/// Runs `tee`.
pub(in crate::programs) async fn tee(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match super::parse(&sys, "tee", &TEE, &argv) {
        Ok(given) => given,
        Err(status) => return status,
    };
    let mut sinks = Vec::new();
    let mut status = 0;
    for name in &given.operands {
        let path = absolute(&sys.folder, name);
        let opened =
            sys.files(|files| if given.has('a') && files.is_file(&path) { Ok(()) } else { files.write(&path, "") });
        match opened {
            Ok(()) => sinks.push(crate::stream::Sink::file(&sys.systems, &sys.vantage, &path)),
            Err(error) => {
                sys.err.line(format!("tee: {name}: {error}"));
                status = 1;
            }
        }
    }
    loop {
        let line = sys.read_line().await;
        if line.is_empty() {
            return status;
        }
        sys.out.write(&*line);
        sinks.iter().for_each(|sink| sink.write(&*line));
    }
}

const LS: Spec = Spec { short: "1alAhtrRFd", long: &[("all", 'a', false)] };

/// Runs `ls`.
pub(in crate::programs) async fn ls(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match super::parse(&sys, "ls", &LS, &argv) {
        Ok(given) => given,
        Err(status) => return status,
    };
    let here = [".".to_owned()];
    let places: &[String] = if given.operands.is_empty() { &here } else { &given.operands };
    let mut status = 0;
    let mut names: Vec<String> = Vec::new();
    let mut folders = Vec::new();
    for place in places {
        let path = absolute(&sys.folder, place);
        let (file, folder) = sys.files(|files| (files.is_file(&path), files.is_folder(&path)));
        match (file, folder) {
            (false, true) if !given.has('d') => folders.push((place.clone(), path)),
            (false, false) => {
                sys.err.line(match sys.host {
                    Host::Busybox => format!("ls: {place}: No such file or directory"),
                    _ => format!("ls: cannot access '{place}': No such file or directory"),
                });
                status = if sys.host == Host::Busybox { 1 } else { 2 };
            }
            _ => names.push(place.clone()),
        }
    }
    let hidden = given.has('a') || given.has('A');
    list(&sys, "", names, given.has('l'), given.has('1'));
    for (index, (place, path)) in folders.iter().enumerate() {
        if places.len() > 1 {
            sys.out.line(format!("{}{place}:", if index > 0 { "\n" } else { "" }));
        }
        let inside: Vec<String> = sys.files(|files| {
            files.names(path).filter(|name| hidden || !name.starts_with('.')).map(str::to_owned).collect()
        });
        list(&sys, path, inside, given.has('l'), given.has('1'));
    }
    status
}

/// Prints names: long, one a line, or side by side on a terminal.
fn list(sys: &Sys, folder: &str, names: Vec<String>, long: bool, single: bool) {
    if long {
        let owner = if matches!(sys.host, Host::Laptop) { "student student" } else { "root root" };
        for name in names {
            let path = absolute(&absolute(&sys.folder, folder), &name);
            let size = sys.files(|files| files.read(&path).ok().map(str::len));
            let (kind, size) = match size {
                Some(size) => ("-rw-r--r-- 1", size),
                None => ("drwxr-xr-x 2", 4096),
            };
            let date = api::time::format_rfc3339(cluster::EPOCH);
            sys.out.line(format!("{kind} {owner} {size:>5} {} {name}", &date[..10]));
        }
    } else if sys.stdout_is_terminal && !single {
        columns(sys, &names);
    } else {
        names.iter().for_each(|name| sys.out.line(name));
    }
}

/// Names in columns of a terminal that is 80 wide, sorted downwards.
fn columns(sys: &Sys, names: &[String]) {
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0) + 2;
    let across = (80 / width.max(1)).max(1);
    if names.iter().map(|name| name.chars().count() + 2).sum::<usize>() <= 80 {
        if !names.is_empty() {
            sys.out.line(names.join("  "));
        }
        return;
    }
    let rows = names.len().div_ceil(across);
    for row in 0..rows {
        let line: String = names.iter().skip(row).step_by(rows).map(|name| format!("{name:<width$}")).collect();
        sys.out.line(line.trim_end());
    }
}

const CHANGE: Spec = Spec {
    short: "rfpvRia",
    long: &[("recursive", 'r', false), ("force", 'f', false), ("parents", 'p', false), ("verbose", 'v', false)],
};

/// Runs `rm`, `mkdir`, `touch`, `chmod`, `cp`, `mv`: `program` says which.
pub(in crate::programs) async fn change(sys: Sys, program: &'static str, argv: Vec<String>) -> i32 {
    let argv: Vec<String> = if program == "chmod" { argv.into_iter().skip(1).collect() } else { argv };
    let given = match super::parse(&sys, program, &CHANGE, &argv) {
        Ok(given) => given,
        Err(status) => return status,
    };
    if given.operands.is_empty() {
        sys.err.line(format!("{program}: missing operand"));
        return 1;
    }
    if matches!(program, "cp" | "mv") {
        return copy(&sys, program, &given.operands);
    }
    let mut status = 0;
    for name in &given.operands {
        let path = absolute(&sys.folder, name);
        let done = sys.files(|files| match program {
            "rm" if files.is_folder(&path) && (given.has('r') || given.has('R')) => {
                files.remove_folder(&path);
                Ok(())
            }
            "rm" => files.remove(&path).or_else(|error| {
                let gone = error == crate::files::FileError::NotFound && given.has('f');
                if gone { Ok(()) } else { Err(error.to_string()) }
            }),
            "mkdir" if files.is_folder(&path) && !given.has('p') => Err("File exists".to_owned()),
            "mkdir" => {
                files.make_folder(&path);
                Ok(())
            }
            "touch" if files.is_file(&path) || files.is_folder(&path) => Ok(()),
            "touch" => files.write(&path, "").map_err(|error| error.to_string()),
            _ if files.is_file(&path) || files.is_folder(&path) => Ok(()),
            _ => Err("No such file or directory".to_owned()),
        });
        if let Err(why) = done {
            let what = match (sys.host, program) {
                (Host::Busybox, "rm") => format!("can't remove '{name}'"),
                (Host::Busybox, "mkdir") => format!("can't create directory '{name}'"),
                (Host::Busybox, _) => name.clone(),
                (_, "rm") => format!("cannot remove '{name}'"),
                (_, "mkdir") => format!("cannot create directory '{name}'"),
                (_, "touch") => format!("cannot touch '{name}'"),
                _ => format!("cannot access '{name}'"),
            };
            sys.err.line(format!("{program}: {what}: {why}"));
            status = 1;
        }
    }
    status
}

fn copy(sys: &Sys, program: &str, names: &[String]) -> i32 {
    let [sources @ .., target] = names else { return 1 };
    if sources.is_empty() {
        sys.err.line(format!("{program}: missing destination file operand after '{target}'"));
        return 1;
    }
    let mut status = 0;
    for source in sources {
        let from = absolute(&sys.folder, source);
        let mut to = absolute(&sys.folder, target);
        let done = sys.files(|files| {
            let text = files.read(&from)?.to_owned();
            if files.is_folder(&to) {
                to = format!("{}/{}", to.trim_end_matches('/'), from.rsplit('/').next().unwrap_or_default());
            }
            files.write(&to, text)?;
            if program == "mv" && from != to { files.remove(&from) } else { Ok(()) }
        });
        if let Err(error) = done {
            sys.err.line(match sys.host {
                Host::Busybox => format!("{program}: can't stat '{source}': {error}"),
                _ => format!("{program}: cannot stat '{source}': {error}"),
            });
            status = 1;
        }
    }
    status
}
