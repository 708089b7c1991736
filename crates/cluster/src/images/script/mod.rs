//! Command lines of containers, as far as a kubelet can notice them: how long they run, how they end, which files they
//! make, and what they write. A shell script is read command by command; what it does not know takes no time and succeeds.
//!
//! - [`words`]: a text as commands
//! - [`effect`]: what a command does
//! - [`loops`]: `while`, `until` and `for`
//! - [`fetch`]: `wget` and `curl`
//! - [`probe`]: commands that probes run

mod effect;
mod fetch;
mod loops;
mod probe;
mod words;

use super::Run;
use crate::kubelet::Environment;

pub(crate) use effect::DATE;
use effect::{Effect, effect, expand};
pub(crate) use fetch::{Client, Fetch, Pending};
pub(crate) use loops::{Goal, Wait};
pub(crate) use probe::run_command;

/// Lines with their time in microseconds.
type Lines = Vec<(u64, String)>;

/// A command line, read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Script {
    /// Files made (with their content) or removed (`None`), with the time in microseconds after the start.
    files: Vec<(u64, String, Option<String>)>,
    /// Lines written, with their time.
    lines: Lines,
    /// When and how it ends; `None` when it runs for ever, or nobody knows yet.
    exit: Option<(u64, i32)>,
    /// What it does again and again in the end: since when, how long once takes, and what that writes.
    cycle: Option<(u64, u64, Lines)>,
    /// What it waits for before it goes on.
    wait: Option<Box<Wait>>,
    /// The request that it makes before it goes on.
    fetch: Option<Box<Pending>>,
}

/// How a part of a script ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    /// With this code, and the next command follows.
    On(i32),
    /// The whole script ends with this code.
    Exit(i32),
    /// Never, or at a time that nobody knows yet.
    Never,
}

impl Script {
    /// Reads a command line. `None` when the first word is no program this knows.
    pub(crate) fn of_command(words: &[&str]) -> Option<Self> {
        Self::with(words, &Environment::default())
    }

    /// The program of a container. Where somebody sits at its standard input, requests are made by them.
    pub(crate) fn of_run(run: &Run<'_>) -> Option<Self> {
        let interactive = run.container.get("stdin") == Some(&api::Value::Bool(true));
        let mut words = run.line();
        // The entry point of curl's own image hands options and URLs to it.
        let image = run.container.get("image").and_then(api::Value::as_str).unwrap_or_default();
        let bare = |word: &&str| word.starts_with('-') || word.starts_with("http");
        if image.contains("curlimages/curl") && words.first().is_some_and(bare) {
            words.insert(0, "curl");
        }
        Self::with(&words, run.env).filter(|script| !interactive || script.fetch.is_none())
    }

    /// The same with the variables of a container.
    pub(crate) fn with(words: &[&str], env: &Environment) -> Option<Self> {
        let program = words.first()?.rsplit('/').next()?;
        let mut script = Self::default();
        let mut at = 0;
        let (known, flow) = match (program, words.get(1), words.get(2)) {
            ("sh" | "ash" | "bash", Some(flag), Some(text)) if flag.starts_with('-') && flag.ends_with('c') => {
                (true, script.run(&words::commands(text), 0, env, &mut at))
            }
            _ => {
                let list = [(";", words.iter().map(|word| (*word).to_owned()).collect())];
                (effect(words).is_some() || Fetch::read(words, env).is_some(), script.run(&list, 0, env, &mut at))
            }
        };
        script.end(flow, at);
        known.then_some(script)
    }

    fn end(&mut self, flow: Flow, at: u64) {
        self.exit = match flow {
            Flow::On(code) | Flow::Exit(code) => Some((at, code)),
            Flow::Never => None,
        };
    }

    /// When (in microseconds after the start) and with what code it ends; `None` when it runs for ever.
    pub(crate) fn exit(&self) -> Option<(u64, i32)> {
        self.exit
    }

    /// How long it runs, in microseconds, if every request is answered at once; `None` for ever, or longer than anybody
    /// would wait.
    pub(crate) fn lasts(&self) -> Option<u64> {
        const MOST_REQUESTS: usize = 100;
        let (mut script, mut at) = (self.clone(), 0);
        for _ in 0..MOST_REQUESTS {
            let Some(pending) = script.fetch.take() else { return script.exit.map(|(end, _)| at + end) };
            at += pending.start;
            script = pending.resume(0);
        }
        None
    }

    /// What it waits for before it goes on.
    pub(crate) fn wait(&self) -> Option<&Wait> {
        self.wait.as_deref()
    }

    /// The request that it makes before it goes on.
    pub(crate) fn fetch(&self) -> Option<&Pending> {
        self.fetch.as_deref()
    }

    /// When somebody has to look for it, in microseconds after the start, so that it goes on.
    pub(crate) fn pause(&self) -> Option<u64> {
        let waits = self.wait.as_ref().map(|wait| wait.start);
        waits.or_else(|| self.fetch.as_ref().map(|pending| pending.start))
    }

    /// What a file holds so many microseconds after the start; `None` when it is not there.
    pub(crate) fn file(&self, path: &str, up: u64) -> Option<&str> {
        let mut changes = self.files.iter().filter(|(at, known, _)| known == path && *at <= up);
        changes.next_back().and_then(|(_, _, content)| content.as_deref())
    }

    /// The next time at which files change.
    pub(crate) fn next_change(&self, up: u64) -> Option<u64> {
        self.files.iter().map(|(at, ..)| *at).find(|at| *at > up)
    }

    /// Whether it ever writes something after its start.
    pub(crate) fn writes_later(&self) -> bool {
        self.cycle.is_some() || self.pause().is_some() || self.lines.iter().any(|(at, _)| *at > 0)
    }

    /// The lines it writes from one time on and before another, the newest `most` of them.
    pub(crate) fn lines_between(&self, from: u64, to: u64, most: usize) -> Lines {
        let within = |at: u64| (from..to).contains(&at);
        let mut lines: Lines = self.lines.iter().filter(|(at, _)| within(*at)).cloned().collect();
        let waiting = self.wait.as_ref().map(|wait| (wait.start, wait.period, &wait.lines));
        let cycle = self.cycle.as_ref().map(|(start, period, lines)| (*start, *period, lines)).or(waiting);
        let Some((start, period, once)) = cycle.filter(|(_, period, once)| *period > 0 && !once.is_empty()) else {
            return lines;
        };
        let rounds = u64::try_from(most / once.len() + 1).unwrap_or(1);
        let last = to.saturating_sub(start) / period;
        let first = (from.saturating_sub(start) / period).max(last.saturating_sub(rounds));
        for round in first..=last {
            let shifted = once.iter().map(|(at, line)| (start + round * period + at, line.clone()));
            lines.extend(shifted.filter(|(at, _)| within(*at)));
        }
        let extra = lines.len().saturating_sub(most);
        lines.split_off(extra)
    }

    /// Runs commands that follow one which ended with a code.
    fn run(&mut self, list: &[words::Command], mut code: i32, env: &Environment, at: &mut u64) -> Flow {
        let mut index = 0;
        let mut skipped = false;
        while let Some((joint, line)) = list.get(index) {
            let words: Vec<&str> = line.iter().map(String::as_str).collect();
            skipped = match *joint {
                "&&" => code != 0,
                "||" => code == 0,
                "|" => skipped,
                _ => false,
            };
            if !skipped && let Some(pending) = Pending::read(list, index, env, *at) {
                self.fetch = Some(Box::new(pending));
                return Flow::Never;
            }
            let (flow, next) = match words.first().copied() {
                Some("while" | "until" | "for") => {
                    let end = loops::end_of(list, index);
                    if skipped { (Flow::On(code), end + 1) } else { (self.repeat(list, index, end, env, at), end + 1) }
                }
                _ if skipped => (Flow::On(code), index + 1),
                Some("exit") => {
                    return Flow::Exit(words.get(1).and_then(|code| code.parse().ok()).unwrap_or(code));
                }
                _ => (self.command(&words, env, at), index + 1),
            };
            match flow {
                Flow::On(new) => code = new,
                other => return other,
            }
            index = next;
        }
        Flow::On(code)
    }

    /// One command.
    fn command(&mut self, words: &[&str], env: &Environment, at: &mut u64) -> Flow {
        let words = if words.first() == Some(&"exec") { &words[1..] } else { words };
        match effect(words) {
            None => {}
            Some(Effect::Forever) => return Flow::Never,
            Some(Effect::Sleep(micros)) => *at += micros,
            Some(Effect::Ends(code)) => return Flow::On(code),
            Some(Effect::Touch(paths)) => {
                self.files.extend(paths.iter().map(|path| (*at, (*path).to_owned(), Some(String::new()))));
            }
            Some(Effect::Remove(paths)) => {
                self.files.extend(paths.iter().map(|path| (*at, (*path).to_owned(), None)));
            }
            Some(Effect::Echo(text, path)) => {
                let text = expand(&text, env);
                match path {
                    Some(path) => self.files.push((*at, path.to_owned(), Some(text + "\n"))),
                    None => self.lines.push((*at, text)),
                }
            }
        }
        Flow::On(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000;

    #[test]
    fn scripts_make_files_and_end() {
        let text = "touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600";
        let script = Script::of_command(&["/bin/sh", "-c", text]).unwrap();
        assert_eq!(script.exit(), Some((630 * SECOND, 0)));
        assert!(script.file("/tmp/healthy", 29 * SECOND).is_some());
        assert!(script.file("/tmp/healthy", 31 * SECOND).is_none());
        assert_eq!(script.next_change(SECOND), Some(30 * SECOND));
        for (words, exit) in [
            (&["sleep", "1h"][..], Some((3600 * SECOND, 0))),
            (&["sh", "-c", "echo hi && exit 3"], Some((0, 3))),
            (&["sh", "-c", "while true; do sleep 1; done"], None),
            (&["sh", "-c", "false || exit 2"], Some((0, 2))),
            (&["sleep", "infinity"], None),
        ] {
            assert_eq!(Script::of_command(words).unwrap().exit(), exit, "{words:?}");
        }
        assert_eq!(Script::of_command(&["unknown"]), None);
        let mut env = Environment::default();
        env.base("HOSTNAME", "web-1");
        let words =
            ["sh", "-c", "echo \"I am $(hostname)\" > /usr/share/nginx/html/index.html && nginx -g 'daemon off;'"];
        let script = Script::with(&words, &env).unwrap();
        assert_eq!(script.file("/usr/share/nginx/html/index.html", 0), Some("I am web-1\n"));
        assert_eq!(script.exit(), None);
    }

    #[test]
    fn probes_look_for_files() {
        let exists = |path: &str| path == "/ready";
        for (words, want) in [
            (&["cat", "/ready"][..], 0),
            (&["cat", "/nope"], 1),
            (&["test", "-f", "/ready"], 0),
            (&["sh", "-c", "[ -f /nope ] || exit 4"], 4),
            (&["false"], 1),
            (&["redis-cli", "ping"], 0),
        ] {
            assert_eq!(run_command(words, &exists).0, want, "{words:?}");
        }
    }

    #[test]
    fn loops_write_and_wait() {
        let read = |text: &str| Script::of_command(&["sh", "-c", text]).unwrap();
        let lines = |script: &Script, from: u64, to: u64| -> Vec<String> {
            script.lines_between(from * SECOND, to * SECOND, 5).into_iter().map(|(_, line)| line).collect()
        };
        let ticks = read("echo start; while true; do echo tick; sleep 10; done");
        assert_eq!(
            (ticks.exit(), lines(&ticks, 0, 21)),
            (None, vec!["start".into(), "tick".into(), "tick".into(), "tick".into()])
        );
        assert_eq!(lines(&ticks, 0, 100_000).len(), 5, "the newest are enough");
        let counted = read("for i in 1 2 3; do echo $i; sleep 1; done; exit 4");
        assert_eq!((counted.exit(), lines(&counted, 1, 3)), (Some((3 * SECOND, 4)), vec!["2".into(), "3".into()]));
        assert_eq!(lines(&read("for i in $(seq 2 4); do echo n$i; done"), 0, 1), ["n2", "n3", "n4"]);
        let waits = read("until nslookup db; do echo waiting for db; sleep 2; done; echo there; sleep 1");
        let wait = waits.wait().unwrap();
        assert_eq!((waits.exit(), &wait.goal, wait.period), (None, &Goal::Name("db".into()), 2 * SECOND));
        assert_eq!((lines(&waits, 0, 5).len(), wait.rest.exit()), (3, Some((SECOND, 0))));
        let waits = read("while ! nc -z db 5432; do sleep 1; done");
        assert_eq!(waits.wait().unwrap().goal, Goal::Port("db".into(), 5432));
        assert_eq!(read("while true; do while true; do sleep 1; done; done").exit(), None);
    }
}
