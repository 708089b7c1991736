//! `wget` and `curl` in scripts, in the forms whose output is the answer and no more: asked when their time comes.

use crate::kubelet::Environment;

use super::Script;
use super::effect::{expand, seconds};
use super::words::Command;

/// Which program asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Client {
    /// BusyBox `wget`.
    Wget,
    /// `curl`.
    Curl,
}

/// A request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Fetch {
    /// By which program.
    pub(crate) client: Client,
    /// The host of its URL.
    pub(crate) host: String,
    /// The port of its URL.
    pub(crate) port: u16,
    /// The path of its URL.
    pub(crate) path: String,
    /// Microseconds after which it gives up; `None` for as long as a connection may take.
    pub(crate) patience: Option<u64>,
    /// Whether it says what went wrong.
    pub(crate) complains: bool,
}

/// A request that a script has come to, and what follows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Pending {
    /// When, in microseconds after the start of the script.
    pub(crate) start: u64,
    /// What is asked.
    pub(crate) fetch: Fetch,
    /// Whether another program gets the answer.
    pub(crate) piped: bool,
    /// The commands that follow.
    pub(super) rest: Vec<Command>,
    env: Environment,
}

impl Pending {
    /// A command of a list, if it is a request.
    pub(super) fn read(list: &[Command], index: usize, env: &Environment, start: u64) -> Option<Self> {
        let words: Vec<&str> = list[index].1.iter().map(String::as_str).collect();
        let fetch = Fetch::read(&words, env)?;
        let rest = list.get(index + 1..).unwrap_or_default().to_vec();
        let piped = rest.first().is_some_and(|(joint, _)| *joint == "|");
        Some(Self { start, fetch, piped, rest, env: env.clone() })
    }

    /// How the script goes on once the request has ended with a code.
    pub(crate) fn resume(&self, code: i32) -> Script {
        let mut script = Script::default();
        let mut at = 0;
        let flow = script.run(&self.rest, if self.piped { 0 } else { code }, &self.env, &mut at);
        script.end(flow, at);
        script
    }
}

impl Fetch {
    /// Reads a command; `None` when it is no request, or one that writes more than its answer.
    pub(super) fn read(words: &[&str], env: &Environment) -> Option<Self> {
        let (program, arguments) = words.split_first()?;
        let client = match program.rsplit('/').next()? {
            "wget" => Client::Wget,
            "curl" => Client::Curl,
            _ => return None,
        };
        let (mut url, mut patience, mut quiet, mut complains) = (None, None, false, client == Client::Wget);
        let mut to_stdout = client == Client::Curl;
        let mut rest = arguments.iter().copied();
        while let Some(word) = rest.next() {
            match (client, word) {
                (Client::Wget, "-q") | (Client::Curl, "-s" | "--silent") => quiet = true,
                (Client::Wget, "-O-" | "-O") => to_stdout = word == "-O-" || rest.next() == Some("-"),
                (Client::Wget, "-qO-" | "-qO") => {
                    (quiet, to_stdout) = (true, word == "-qO-" || rest.next() == Some("-"));
                }
                (Client::Curl, "-sS" | "-Ss") => (quiet, complains) = (true, true),
                (Client::Curl, "-S" | "--show-error") => complains = true,
                (Client::Wget, "-T") | (Client::Curl, "-m" | "--max-time" | "--connect-timeout") => {
                    patience = Some(seconds(rest.next()?));
                }
                _ if word.starts_with('-') || word == ">" || url.is_some() => return None,
                _ => url = Some(expand(word, env)),
            }
        }
        let url = url.filter(|_| quiet && to_stdout)?;
        let plain = url.strip_prefix("http://").unwrap_or(&url);
        let (authority, path) = plain.find('/').map_or((plain, "/"), |at| plain.split_at(at));
        let (host, port) = authority.split_once(':').unwrap_or((authority, "80"));
        let whole = !host.is_empty() && !url.starts_with("https://");
        let (host, path) = (host.to_owned(), path.to_owned());
        whole.then_some(Self { client, host, port: port.parse().ok()?, path, patience, complains })
    }
}

impl Script {
    /// A loop without end that makes a request in every round: after the request comes the rest of the round, and then
    /// the loop again. Whether it is one.
    pub(super) fn repeat_fetch(&mut self, once: &mut Self, again: &[Command], at: u64) -> bool {
        let Some(mut pending) = once.fetch.take() else { return false };
        pending.start += at;
        pending.rest.extend_from_slice(again);
        self.lines.extend(once.lines.drain(..).map(|(after, line)| (at + after, line)));
        self.files.extend(once.files.drain(..).map(|(after, path, content)| (at + after, path, content)));
        self.fetch = Some(pending);
        true
    }
}
