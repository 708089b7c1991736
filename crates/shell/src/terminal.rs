//! One terminal as a front end sees it: lines go in, output comes out. The page and the native front end share it.

use std::collections::BTreeMap;

use api::arrange::Arrange;
use cluster::network::Vantage;
use cluster::{Cluster, Instant};

use crate::files::FileError;
use crate::kernel::{Kernel, Output};
use crate::kubectl::completion;
use crate::kubectl::config::{self, Config};
use crate::library::Document;
use crate::programs::{PROGRAMS, Program};
use crate::stream::{Channel, Sink, Source};
use crate::sys::{Host, Place, Release};
use crate::{lang, machine};

/// Where kubectl keeps its configuration on the learner's machine.
const KUBECONFIG: &str = "/home/student/.kube/config";

/// What a shell on the learner's machine says while it waits.
const LAPTOP_PROMPT: &str = "$ ";

/// A terminal with a shell on the learner's own machine. A session inside a pod or on a node is a program of that shell
/// that reads the same keyboard; leaving it leads back.
#[derive(Debug)]
pub struct Terminal {
    kernel: Kernel,
    keyboard: Source,
}

impl Default for Terminal {
    fn default() -> Self {
        Self::new()
    }
}

impl Terminal {
    /// A terminal whose shell waits for a first line.
    #[must_use]
    pub fn new() -> Self {
        let kernel = Kernel::default();
        let keyboard = Source::keyboard(kernel.terminal());
        machine::furnish_laptop(kernel.files());
        let mut terminal = Self { kernel, keyboard };
        terminal.start();
        terminal
    }

    fn start(&mut self) {
        let mut sys = self.kernel.sys(Vantage::Laptop, Host::Laptop, self.keyboard.clone());
        machine::enter(&mut sys);
        self.keyboard.set_prompt(Some(LAPTOP_PROMPT.to_owned()));
        self.kernel.run(Box::pin(lang::interactive(sys)));
    }

    /// What stands before the line to be typed; empty while a program runs or reads.
    #[must_use]
    pub fn prompt(&self) -> String {
        self.keyboard.prompt().unwrap_or_default()
    }

    /// Whether a program runs or reads: no shell waits for a command.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.keyboard.prompt().is_none()
    }

    /// A line was typed, here without its end. The shell or the program in the foreground reads it when it is ready;
    /// pasted text may hold many lines.
    pub fn submit(&mut self, line: &str) {
        self.keyboard.feed(&format!("{line}\n"));
    }

    /// Ctrl-D.
    pub fn end_of_input(&mut self) {
        self.keyboard.end();
    }

    /// Ctrl-C: what was typed ahead is forgotten, and the innermost shell drops what it runs.
    pub fn interrupt(&mut self) {
        self.keyboard.discard();
        let prompt = self.prompt();
        self.kernel.terminal().on(Channel::Echo).write(format!("{prompt}^C"));
        self.kernel.interrupt();
    }

    /// Lets the shell and its programs go on as far as they can, with the cluster as it is now.
    ///
    /// When the last shell ends, [`Output::ended`] says so and a new one waits.
    pub fn poll(&mut self, cluster: &mut Cluster) -> Output {
        let output = self.kernel.poll(cluster);
        if output.ended.is_some() {
            self.start();
        }
        output
    }

    /// When a sleeping program wants to be polled next; it also wants to be after every change of the cluster.
    #[must_use]
    pub fn poll_at(&self) -> Option<Instant> {
        self.kernel.poll_at()
    }

    /// The lines that were typed at a prompt, oldest first.
    #[must_use]
    pub fn history(&self) -> Vec<String> {
        self.kernel.world().borrow().history.clone()
    }

    /// Brings back the lines of an earlier visit.
    pub fn set_history(&mut self, lines: Vec<String>) {
        self.kernel.world().borrow_mut().history = lines;
    }

    /// The files in the working folder of the learner's machine, by name.
    #[must_use]
    pub fn files(&self) -> BTreeMap<String, String> {
        let systems = self.kernel.files().borrow();
        let Some(files) = systems.get(&Vantage::Laptop) else { return BTreeMap::new() };
        let text = |name: &str| files.read(&format!("{}/{name}", machine::LAPTOP_HOME)).ok().map(str::to_owned);
        files.names(machine::LAPTOP_HOME).filter_map(|name| Some((name.to_owned(), text(name)?))).collect()
    }

    /// Puts a file into the working folder of the learner's machine.
    ///
    /// # Errors
    /// When a folder has that name, or the name has a folder that is not there.
    pub fn set_file(&mut self, name: &str, text: &str) -> Result<(), FileError> {
        let path = crate::files::absolute(machine::LAPTOP_HOME, name);
        self.kernel.files().borrow_mut().entry(Vantage::Laptop).or_default().write(&path, text)
    }

    /// Removes a file from there.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn remove_file(&mut self, name: &str) -> Result<(), FileError> {
        let path = crate::files::absolute(machine::LAPTOP_HOME, name);
        self.kernel.files().borrow_mut().entry(Vantage::Laptop).or_default().remove(&path)
    }

    /// What a half-typed line could go on with, on the machine whose shell waits for it.
    #[must_use]
    pub fn complete(&self, cluster: &Cluster, line: &str, cursor: usize) -> Completion {
        let before = line.get(..cursor).unwrap_or(line);
        let start = before.rfind([' ', '\t', '|', ';', '&', '(', '<', '>', '=']).map_or(0, |at| at + 1);
        let (earlier, word) = before.split_at(start);
        let is_command = earlier.trim_end().is_empty() || earlier.trim_end().ends_with(['|', ';', '&', '(']);
        let place = self.place();
        let mut choices: Vec<String> = if self.keyboard.prompt().is_none() {
            Vec::new()
        } else if is_command && !word.contains('/') {
            let here = |program: &&Program| program.hosts.contains(&place.host) || place.tools.contains(&program.name);
            let programs = PROGRAMS.iter().filter(here).map(|program| program.name);
            let known = programs.chain(lang::builtin_names()).map(str::to_owned);
            known.chain(place.aliases.keys().cloned()).collect()
        } else {
            let of_kubectl = || self.kubectl_choices(cluster, &place, earlier, word);
            let of_kubectl = if place.host == Host::Laptop { of_kubectl() } else { None };
            of_kubectl.unwrap_or_else(|| self.file_choices(&place, word))
        };
        choices.retain(|choice| choice.starts_with(word));
        choices.arrange();
        choices.dedup();
        Completion { start, choices }
    }

    /// Where the shell is that waits for a line.
    fn place(&self) -> Place {
        self.kernel.world().borrow().place.clone().unwrap_or_else(|| Place {
            vantage: Vantage::Laptop,
            host: Host::Laptop,
            tools: &[],
            folder: machine::LAPTOP_HOME.to_owned(),
            aliases: BTreeMap::new(),
        })
    }

    /// What a word of a kubectl command could be; `None` for a file, and for other programs.
    fn kubectl_choices(&self, cluster: &Cluster, place: &Place, earlier: &str, word: &str) -> Option<Vec<String>> {
        let command = earlier.rsplit(['|', ';', '&', '(']).next().unwrap_or(earlier);
        let words: Vec<&str> = command
            .split_whitespace()
            .flat_map(|word| place.aliases.get(word).map_or(word, String::as_str).split_whitespace())
            .collect();
        let at = words.iter().position(|word| matches!(*word, "kubectl" | "k"))?;
        let systems = self.kernel.files().borrow();
        let text = systems.get(&Vantage::Laptop).and_then(|files| files.read(KUBECONFIG).ok());
        let config = text.map(Config::read);
        let contexts = config.as_ref().map_or_else(
            || vec![config::NAME.to_owned()],
            |config| config.names("contexts").map(str::to_owned).collect(),
        );
        let namespace = config.map_or_else(|| "default".to_owned(), |config| config.namespace());
        completion::choices(cluster, (&namespace, &contexts), &words[at + 1..], word)
    }

    /// The files that a word could name, with the folders typed so far.
    fn file_choices(&self, place: &Place, word: &str) -> Vec<String> {
        let folder = word.rfind('/').map_or("", |at| &word[..=at]);
        let systems = self.kernel.files().borrow();
        let Some(files) = systems.get(&place.vantage) else { return Vec::new() };
        let path = crate::files::absolute(&place.folder, folder);
        let full = |name: &str| {
            let slash = if files.is_folder(&format!("{path}/{name}")) { "/" } else { "" };
            format!("{folder}{name}{slash}")
        };
        files.names(&path).map(full).collect()
    }

    /// The answer to [`crate::sys::FrontEnd::Edit`]; `None` when editing was broken off.
    pub fn edited(&mut self, name: &str, text: Option<String>) {
        self.kernel.world().borrow_mut().edited.insert(name.to_owned(), text);
    }

    /// The answer to [`crate::sys::FrontEnd::Load`]; `None` when the text could not be had.
    pub fn loaded(&mut self, document: Document, text: Option<&str>) {
        self.kernel.world().borrow_mut().documents.insert(document, text.map(Into::into));
    }
}

/// What a half-typed line could go on with.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Completion {
    /// Where in the line the word begins that is to be replaced, in bytes.
    pub start: usize,
    /// What could stand there, in order.
    pub choices: Vec<String>,
}

/// What a command left behind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finished {
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
    /// Both as they were written, with what was typed: what a terminal shows.
    pub all: String,
    /// Its exit code; `None` when it was still running at the end of the time it was given.
    pub exit: Option<i32>,
    /// The files of its machine, by absolute path.
    pub files: Vec<(String, String)>,
}

/// Something typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Key {
    /// Text.
    Text(String),
    /// The end of input: Ctrl-D, or a pipe that closes.
    End,
    /// Ctrl-C.
    Interrupt,
}

/// How a command is run by itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Run<'a> {
    /// Where.
    pub from: Vantage,
    /// On which kind of machine.
    pub host: Host,
    /// The text of standard input.
    pub stdin: &'a str,
    /// Which releases its programs are of.
    pub release: Release,
    /// Whether it is on a terminal: then standard output and standard error are one stream, and what is typed is seen.
    pub terminal: bool,
    /// What is typed or piped later, each after so many microseconds; then standard input stays open until its end
    /// is among it.
    pub typed: &'a [(u64, Key)],
    /// Variables that are set besides those of the machine.
    pub env: &'a [(String, String)],
    /// Files of that machine, by absolute path or by name in the working folder.
    pub files: &'a [(String, String)],
    /// Microseconds of virtual time it may take.
    pub limit: u64,
    /// How many commands its shells may begin: an endless loop takes hardly any virtual time.
    pub commands: u32,
}

impl Default for Run<'_> {
    fn default() -> Self {
        Self {
            from: Vantage::Laptop,
            host: Host::Laptop,
            stdin: "",
            release: Release::default(),
            terminal: false,
            typed: &[],
            env: &[],
            files: &[],
            limit: 3_600_000_000,
            commands: u32::MAX,
        }
    }
}

/// Runs a script on the learner's machine as `bash -c` does, without a terminal. Virtual time passes until it ends.
pub fn run_script(cluster: &mut Cluster, script: &str, stdin: &str, files: &[(String, String)]) -> Finished {
    let argv = ["bash", "-c", script].map(str::to_owned).to_vec();
    run_command(cluster, argv, &Run { stdin, files, ..Run::default() })
}

/// Runs one program, given as its words. Virtual time passes until it ends.
pub fn run_command(cluster: &mut Cluster, argv: Vec<String>, run: &Run<'_>) -> Finished {
    let mut kernel = Kernel::default();
    machine::furnish_laptop(kernel.files());
    let (out, _) = Sink::pair();
    // A shell shows what is typed when it reads it, after its prompt; everything else has the terminal show it.
    let mut sys = kernel.sys(run.from.clone(), run.host, Source::default()).with_output(out.clone());
    let is_shell = argv.len() == 1 && lang::Dialect::of(&argv[0], &sys).is_some();
    let stdin = if is_shell && run.terminal { Source::keyboard(&out) } else { Source::default() };
    if run.typed.is_empty() && !run.terminal {
        stdin.feed(run.stdin);
        stdin.close();
    }
    sys.stdin = stdin.clone();
    sys.release = run.release;
    sys.err = out.on(Channel::Err);
    (sys.stdin_is_terminal, sys.stdout_is_terminal) = (run.terminal, run.terminal);
    let (files, env) = (run.files.to_vec(), run.env.to_vec());
    kernel.run(Box::pin(async move {
        machine::enter(&mut sys);
        sys.env.extend(env);
        for (name, text) in files {
            let path = crate::files::absolute(&sys.folder, &name);
            sys.files(|files| {
                files.make_folder(path.rsplit_once('/').map_or("", |(folder, _)| folder));
                // It cannot fail: the folder was made above, and nobody asks for a file named as a folder.
                let _ = files.write(&path, text);
            });
        }
        lang::command(sys, argv).await.unwrap_or(127)
    }));
    let start = cluster.now();
    let end = start + run.limit;
    let mut typed = run.typed.iter().peekable();
    let exit = loop {
        let output = kernel.poll(cluster);
        if output.ended.is_some() {
            break output.ended;
        }
        let key = typed.peek().map(|(after, _)| start + *after);
        let next = [kernel.poll_at(), cluster.poll_at(), key].into_iter().flatten().min();
        let begun = kernel.world().borrow().steps;
        let Some(next) = next.filter(|next| *next < end && begun <= run.commands) else { break None };
        let _ = cluster.poll(next.max(cluster.now()));
        while let Some((_, key)) = typed.next_if(|(after, _)| start + *after <= cluster.now()) {
            match key {
                Key::Text(text) => {
                    // A terminal makes ends of line of what Enter sends.
                    let text = if run.terminal { text.replace('\r', "\n") } else { text.clone() };
                    if run.terminal && !is_shell {
                        out.on(Channel::Echo).write(echoed(&text));
                    }
                    stdin.feed(&text);
                }
                Key::End if run.terminal => stdin.end(),
                Key::End => stdin.close(),
                Key::Interrupt => {
                    let prompt = stdin.prompt().unwrap_or_default();
                    out.on(Channel::Echo).write(format!("{prompt}^C"));
                    stdin.discard();
                    if is_shell {
                        kernel.interrupt();
                    } else {
                        let status = kernel.end(cluster);
                        return finish(&out, Some(status), &kernel, &run.from);
                    }
                }
            }
        }
    };
    finish(&out, exit, &kernel, &run.from)
}

/// What a terminal shows of typed text: control characters with a caret.
fn echoed(text: &str) -> String {
    let show = |char: char| match char {
        '\n' | '\t' => char.to_string(),
        '\0'..='\x1f' => format!("^{}", char::from(char as u8 + 64)),
        _ => char.to_string(),
    };
    text.chars().map(show).collect()
}

/// What was written, by stream.
fn finish(out: &Sink, exit: Option<i32>, kernel: &Kernel, from: &Vantage) -> Finished {
    let (mut stdout, mut stderr, mut all) = (String::new(), String::new(), String::new());
    for chunk in out.drain() {
        all.push_str(&chunk.text);
        if chunk.channel == Channel::Err { &mut stderr } else { &mut stdout }.push_str(&chunk.text);
    }
    let systems = kernel.files().borrow();
    let files = systems.get(from).map(|files| files.texts().map(|(p, t)| (p.to_owned(), t.to_owned())).collect());
    Finished { stdout, stderr, all, exit, files: files.unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_echoed_after_its_prompt_and_the_shell_waits_again() {
        let mut cluster = Cluster::default();
        let mut terminal = Terminal::new();
        assert_eq!(terminal.prompt(), "$ ");
        terminal.submit("nosuch");
        let output = terminal.poll(&mut cluster);
        let shown: Vec<_> = output.chunks.iter().map(|chunk| (chunk.channel, chunk.text.as_str())).collect();
        assert_eq!(shown, [(Channel::Echo, "$ nosuch\n"), (Channel::Err, "bash: nosuch: command not found\n")]);
        assert_eq!((terminal.prompt().as_str(), terminal.history()), ("$ ", vec!["nosuch".to_owned()]));
    }

    #[test]
    fn leaving_the_last_shell_is_said_and_a_new_one_waits() {
        let mut cluster = Cluster::default();
        let mut terminal = Terminal::new();
        terminal.end_of_input();
        assert_eq!(terminal.poll(&mut cluster).ended, Some(0));
        assert_eq!(terminal.prompt(), "$ ");
    }

    #[test]
    fn the_front_end_puts_files_into_the_working_folder() {
        let mut terminal = Terminal::new();
        terminal.set_file("service.yaml", "kind: Service\n").unwrap();
        assert_eq!(terminal.files().get("service.yaml").map(String::as_str), Some("kind: Service\n"));
        assert!(terminal.set_file("nope/x.yaml", "").is_err());
    }
}
