//! `playground shell`: the page's terminal in a real one.
//!
//! Virtual time follows real time; a line is read whole, as the terminal hands it over. Ctrl-C ends the program.

use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use ::shell::Terminal;
use ::shell::stream::Channel;
use ::shell::sys::FrontEnd;
use cluster::{Cluster, Instant};

/// How long at most it sleeps before it looks again, so that the clock keeps up.
const LONGEST_WAIT: Duration = Duration::from_millis(250);

/// What came from the keyboard.
enum Key {
    Line(String),
    End,
}

/// Talks until the shell is left; the exit code.
#[allow(clippy::print_stdout)]
pub(crate) fn run() -> std::io::Result<u8> {
    let echo = !std::io::stdin().is_terminal();
    let keys = keyboard();
    let mut cluster = Cluster::default();
    let mut terminal = Terminal::new();
    for file in std::fs::read_dir(Path::new("."))?.flatten() {
        put_manifest(&mut terminal, &file.path());
    }
    let begun = now();
    let offset = cluster.now();
    let mut asked = false;
    loop {
        // Read from a pipe, lines follow each other at once, so time passes as fast as programs need it.
        let time =
            if echo { cluster.now() } else { offset + (now() - begun).as_micros().try_into().unwrap_or(u64::MAX) };
        cluster.poll(time);
        let output = terminal.poll(&mut cluster);
        asked &= output.chunks.is_empty();
        for chunk in &output.chunks {
            show(chunk.channel, &chunk.text, echo)?;
        }
        for request in output.requests {
            answer(&mut terminal, request)?;
        }
        if let Some(code) = output.ended {
            return Ok(u8::try_from(code).unwrap_or(1));
        }
        if !terminal.is_busy() && !asked && !echo {
            print!("{}", terminal.prompt());
            std::io::stdout().flush()?;
            asked = true;
        }
        let due = [terminal.poll_at(), cluster.poll_at()].into_iter().flatten().min();
        if let (true, Some(due)) = (echo && terminal.is_busy(), due) {
            cluster.poll(due.max(cluster.now()));
            continue;
        }
        match next_key(&keys, due, cluster.now()) {
            Some(Key::Line(line)) => {
                terminal.submit(&line);
                asked = false;
            }
            Some(Key::End) => {
                terminal.end_of_input();
                asked = false;
            }
            None => {}
        }
    }
}

/// The real time since some moment.
#[expect(clippy::disallowed_methods, reason = "this is the outside that time comes in from")]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}

/// Lines of standard input, read on a thread of their own.
fn keyboard() -> Receiver<Key> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let Ok(line) = line else { break };
            if sender.send(Key::Line(line)).is_err() {
                return;
            }
        }
        // A receiver that is gone has left the shell already.
        drop(sender.send(Key::End));
    });
    receiver
}

fn next_key(keys: &Receiver<Key>, due: Option<Instant>, now: Instant) -> Option<Key> {
    let wait = due.map_or(LONGEST_WAIT, |due| Duration::from_micros(due - now).min(LONGEST_WAIT));
    match keys.recv_timeout(wait) {
        Ok(key) => Some(key),
        Err(RecvTimeoutError::Timeout) => None,
        Err(RecvTimeoutError::Disconnected) => {
            std::thread::sleep(wait);
            None
        }
    }
}

/// Puts a manifest of the real folder into the learner's.
fn put_manifest(terminal: &mut Terminal, path: &Path) {
    let known = path.extension().is_some_and(|end| ["yaml", "yml", "json"].iter().any(|known| end == *known));
    let name = path.file_name().and_then(|name| name.to_str());
    if let (true, Some(name), Ok(text)) = (known, name, std::fs::read_to_string(path)) {
        // A name without a folder can always be written.
        let _ = terminal.set_file(name, &text);
    }
}

#[allow(clippy::print_stdout, clippy::print_stderr)]
fn show(channel: Channel, text: &str, echo: bool) -> std::io::Result<()> {
    match channel {
        Channel::Err => {
            eprint!("{text}");
            Ok(())
        }
        Channel::Echo if !echo => Ok(()),
        Channel::Echo | Channel::Out => {
            print!("{text}");
            std::io::stdout().flush()
        }
    }
}

/// Does what a program asks of its front end: an editor, a clear screen.
#[allow(clippy::print_stdout)]
fn answer(terminal: &mut Terminal, request: FrontEnd) -> std::io::Result<()> {
    match request {
        FrontEnd::Clear => {
            print!("\x1b[H\x1b[2J");
            std::io::stdout().flush()
        }
        FrontEnd::Edit { name, text } => {
            let edited = edit(&name, &text)?;
            terminal.edited(&name, edited.filter(|edited| *edited != text));
            Ok(())
        }
        // Native builds carry the library.
        FrontEnd::Load(document) => {
            terminal.loaded(document, None);
            Ok(())
        }
    }
}

/// Has `$EDITOR` change a text; `None` when it fails.
fn edit(name: &str, text: &str) -> std::io::Result<Option<String>> {
    let path = std::env::temp_dir().join(format!("playground-{}-{name}", std::process::id()));
    std::fs::write(&path, text)?;
    let editor = std::env::var("EDITOR").unwrap_or_else(|_| "vi".to_owned());
    let done = std::process::Command::new(editor).arg(&path).status()?.success();
    let edited = std::fs::read_to_string(&path)?;
    std::fs::remove_file(&path)?;
    Ok(done.then_some(edited))
}
