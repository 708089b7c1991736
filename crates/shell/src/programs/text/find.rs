//! `find` in its everyday forms: `-name`, `-type`, `-maxdepth`, `-exec`.

use crate::files::absolute;
use crate::lang;
use crate::sys::{Host, Sys};

/// What a file must be like.
enum Test {
    Name(String, bool),
    Path(String),
    Folder(bool),
    Not(Box<Test>),
}

#[derive(Default)]
struct Wanted {
    tests: Vec<Test>,
    deepest: Option<usize>,
    highest: usize,
    /// The words of `-exec`, with `{}` among them.
    command: Option<Vec<String>>,
    delete: bool,
}

impl Test {
    fn meets(&self, path: &str, folder: bool) -> bool {
        let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
        match self {
            Self::Name(pattern, false) => lang::glob_matches(pattern, name),
            Self::Name(pattern, true) => lang::glob_matches(&pattern.to_lowercase(), &name.to_lowercase()),
            Self::Path(pattern) => lang::glob_matches(pattern, path),
            Self::Folder(wanted) => *wanted == folder,
            Self::Not(inner) => !inner.meets(path, folder),
        }
    }
}

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let expression = argv.iter().position(|word| word.starts_with(['-', '!', '('])).unwrap_or(argv.len());
    let (places, words) = argv.split_at(expression);
    let wanted = match parse(&sys, words) {
        Ok(wanted) => wanted,
        Err(why) => {
            sys.err.line(format!("find: {why}"));
            return 1;
        }
    };
    let here = [".".to_owned()];
    let places = if places.is_empty() { &here } else { places };
    let mut status = 0;
    for place in places {
        let path = absolute(&sys.folder, place);
        let (file, folder) = sys.files(|files| (files.is_file(&path), files.is_folder(&path)));
        if !file && !folder {
            sys.err.line(match sys.host {
                Host::Busybox => format!("find: {place}: No such file or directory"),
                _ => format!("find: '{place}': No such file or directory"),
            });
            status = 1;
            continue;
        }
        let mut found = Vec::new();
        walk(&sys, place, &path, folder, 0, &wanted, &mut found);
        for name in found {
            match &wanted.command {
                Some(command) => {
                    let words: Vec<String> = command.iter().map(|word| word.replace("{}", &name)).collect();
                    let program = words.first().cloned().unwrap_or_default();
                    if lang::command(sys.clone(), words).await.is_none() {
                        sys.err.line(format!("find: '{program}': No such file or directory"));
                        status = 1;
                    }
                }
                None if wanted.delete => {
                    let path = absolute(&sys.folder, &name);
                    // What is not there any more was what was wanted.
                    let _ = sys.files(|files| files.remove(&path));
                }
                None => sys.out.line(name),
            }
        }
    }
    status
}

fn parse(sys: &Sys, words: &[String]) -> Result<Wanted, String> {
    let mut wanted = Wanted::default();
    let mut words = words.iter();
    let mut negated = false;
    while let Some(word) = words.next() {
        let mut value = || {
            words.next().cloned().ok_or_else(|| match sys.host {
                Host::Busybox => format!("{word} requires an argument"),
                _ => format!("missing argument to `{word}'"),
            })
        };
        let test = match word.as_str() {
            "!" | "-not" => {
                negated = !negated;
                continue;
            }
            "-name" => Test::Name(value()?, false),
            "-iname" => Test::Name(value()?, true),
            "-path" => Test::Path(value()?),
            "-type" => Test::Folder(value()? == "d"),
            "-maxdepth" => {
                wanted.deepest = value()?.parse().ok();
                continue;
            }
            "-mindepth" => {
                wanted.highest = value()?.parse().unwrap_or(0);
                continue;
            }
            "-exec" => {
                let mut command = Vec::new();
                loop {
                    match value()?.as_str() {
                        ";" | "+" => break,
                        word => command.push(word.to_owned()),
                    }
                }
                wanted.command = Some(command);
                continue;
            }
            "-delete" => {
                wanted.delete = true;
                continue;
            }
            "-print" | "-a" | "-and" => continue,
            other => {
                return Err(match sys.host {
                    Host::Busybox => format!("unrecognized: {other}"),
                    _ => format!("unknown predicate `{other}'"),
                });
            }
        };
        wanted.tests.push(if std::mem::take(&mut negated) { Test::Not(Box::new(test)) } else { test });
    }
    Ok(wanted)
}

fn walk(sys: &Sys, shown: &str, path: &str, folder: bool, depth: usize, wanted: &Wanted, found: &mut Vec<String>) {
    if depth >= wanted.highest && wanted.tests.iter().all(|test| test.meets(shown, folder)) {
        found.push(shown.to_owned());
    }
    if !folder || wanted.deepest.is_some_and(|deepest| depth >= deepest) {
        return;
    }
    let inside: Vec<String> = sys.files(|files| files.names(path).map(str::to_owned).collect());
    for name in inside {
        let inner = absolute(path, &name);
        let folder = sys.files(|files| files.is_folder(&inner));
        walk(sys, &format!("{}/{name}", shown.trim_end_matches('/')), &inner, folder, depth + 1, wanted, found);
    }
}
