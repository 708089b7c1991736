//! Running other programs: either in full view, or quietly with one line of progress.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use std::{env, ffi::OsStr, fs, path::Path, path::PathBuf};

use crate::failure::{Failure, Outcome};

/// How many of a quiet command's last lines a failure shows.
const TAIL: usize = 40;

/// The command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| quoted(&word.to_string_lossy())).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &str) -> String {
    if word.is_empty() || word.contains([' ', '"', '$', '*', ';', '&']) { format!("'{word}'") } else { word.to_owned() }
}

/// Runs a command in full view.
///
/// # Errors
/// When it cannot be started or does not succeed; `mend` says what to do then.
pub(crate) fn show(command: &mut Command, mend: &str) -> Outcome {
    let status = command.status().map_err(|error| not_started(command, &error, mend))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("{} failed ({status})", name(command)), mend).command(shown(command)))
}

/// Runs a command to its end and returns what it wrote to standard output, or nothing when it cannot or fails.
pub(crate) fn read(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command quietly: `doing (estimate) ... done in 12 s`, with a sign of life while it lasts.
///
/// # Errors
/// As [`show`], with the command's last lines.
pub(crate) fn quiet(doing: &str, estimate: &str, command: &mut Command, mend: &str) -> Outcome {
    let started = Instant::now();
    say(&format!("{doing} (about {estimate}) ..."));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| not_started(command, &error, mend))?;
    let tail = Arc::new(Mutex::new(VecDeque::new()));
    let readers = [
        child.stdout.take().map(|pipe| follow(pipe, Arc::clone(&tail))),
        child.stderr.take().map(|pipe| follow(pipe, Arc::clone(&tail))),
    ];
    let status = wait_with_signs_of_life(&mut child, doing, started, &tail)
        .map_err(|error| not_started(command, &error, mend))?;
    for reader in readers.into_iter().flatten() {
        // A reader that panicked has nothing more to tell.
        drop(reader.join());
    }
    if status.success() {
        end_line(&format!("{doing} ... done in {}", seconds(started.elapsed())));
        return Ok(());
    }
    end_line(&format!("{doing} ... failed after {}", seconds(started.elapsed())));
    let lines = tail.lock().unwrap_or_else(PoisonError::into_inner).make_contiguous().join("\n");
    Err(Failure::new(format!("{doing} failed ({status})"), mend).command(shown(command)).output(lines))
}

fn follow(pipe: impl Read + Send + 'static, tail: Arc<Mutex<VecDeque<String>>>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
            if tail.len() == TAIL {
                tail.pop_front();
            }
            tail.push_back(line);
        }
    })
}

/// A terminal gets one line that is kept up to date; a log gets a line every half minute.
fn wait_with_signs_of_life(
    child: &mut Child,
    doing: &str,
    started: Instant,
    tail: &Mutex<VecDeque<String>>,
) -> std::io::Result<std::process::ExitStatus> {
    let pause = Duration::from_millis(100);
    let between = if std::io::stdout().is_terminal() { Duration::from_secs(1) } else { Duration::from_secs(30) };
    let mut last = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        thread::sleep(pause);
        if last.elapsed() >= between {
            last = Instant::now();
            let line = tail.lock().unwrap_or_else(PoisonError::into_inner).back().cloned().unwrap_or_default();
            let line = line.trim().chars().take(50).collect::<String>();
            say(&format!("{doing} ... {} {line}", seconds(started.elapsed())));
        }
    }
}

/// Writes a line that the next one replaces on a terminal.
fn say(line: &str) {
    let mut out = std::io::stdout();
    // Progress that cannot be written is no reason to stop.
    drop(if out.is_terminal() { write!(out, "\r\x1b[2K{line}") } else { writeln!(out, "{line}") });
    drop(out.flush());
}

fn end_line(line: &str) {
    say(line);
    if std::io::stdout().is_terminal() {
        println!();
    }
}

/// A time as people say it: `0.4 s`, `12 s`, `2 min 5 s`.
pub(crate) fn seconds(time: Duration) -> String {
    match time.as_secs() {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        whole @ 10..120 => format!("{whole} s"),
        whole => format!("{} min {} s", whole / 60, whole % 60),
    }
}

fn name(command: &Command) -> String {
    Path::new(command.get_program()).file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn not_started(command: &Command, error: &std::io::Error, mend: &str) -> Failure {
    Failure::new(format!("{} did not run: {error}", name(command)), mend).command(shown(command))
}

/// The first of `names` that is an executable file in a folder of PATH.
pub(crate) fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    names.iter().find_map(|name| {
        let file = format!("{name}{}", env::consts::EXE_SUFFIX);
        env::split_paths(&path).map(|folder| folder.join(&file)).find(|file| is_executable(file))
    })
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(file).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|found| found.is_file())
}

/// PATH with `folders` before all others.
///
/// # Errors
/// When a folder's name holds the character that separates folders in PATH.
pub(crate) fn path_with(folders: &[PathBuf]) -> Outcome<std::ffi::OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::join_paths(folders.iter().cloned().chain(env::split_paths(&path))).map_err(|error| {
        Failure::new(format!("cannot put the tools on PATH: {error}"), "move the project to a folder without that sign")
    })
}

/// A cargo command, free of what the surrounding `cargo run` says about this program itself.
pub(crate) fn cargo(root: &Path, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root).args(args);
    for (name, _) in env::vars_os() {
        let name_text = name.to_string_lossy();
        if name_text.starts_with("CARGO_PKG_") || name_text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command
}
