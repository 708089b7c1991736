//! GNU wget 1.21 and 1.25. Models src/main.c, src/http.c `http_loop` and `gethttp`, src/retr.c and src/connect.c.

mod http;
mod log;
mod options;
mod progress;
mod url;
mod version;

use std::collections::BTreeMap;
use std::net::IpAddr;

use cluster::network::TraceId;

use crate::network::connect::SECOND;
use crate::network::connection::Reader;
use crate::programs::options::Given;
use crate::sys::Sys;

use url::Url;

const USAGE: &str = "Usage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n";

/// Redirections that it follows.
const REDIRECTIONS: u64 = 20;

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match options::SPEC.parse(&argv) {
        Ok(given) => given,
        Err(fault) => {
            sys.err.write(format!("wget: {fault}\n{USAGE}"));
            return 2;
        }
    };
    if given.has('V') {
        sys.out.write(version::text(sys.release));
        return 0;
    }
    if given.has('h') {
        let number = if sys.release.debian < 13 { "1.21.3" } else { "1.25.0" };
        sys.out.write(format!("GNU Wget {number}, a non-interactive network retriever.\n{USAGE}"));
        return 0;
    }
    for (letter, name) in [('T', "timeout"), ('{', "connect-timeout"), ('}', "read-timeout"), ('|', "dns-timeout")] {
        if let Some(text) = given.value(letter).filter(|text| text.parse::<f64>().is_err()) {
            sys.err.line(format!("wget: --{name}: Invalid time period '{text}'"));
            return 2;
        }
    }
    if let Some(text) = given.value('t').filter(|text| text.parse::<u64>().is_err() && *text != "inf") {
        sys.err.line(format!("wget: --tries: Invalid number '{text}'."));
        return 2;
    }
    if given.operands.is_empty() {
        sys.err.write(format!("wget: missing URL\n{USAGE}"));
        return 1;
    }
    let mut wget = Wget::new(&sys, &given);
    let mut code = 0;
    for text in &given.operands {
        let this = wget.retrieve(text).await;
        // The first kind of failure decides, network before server.
        code = match (code, this) {
            (0, this) => this,
            (code, 0) => code,
            (code, this) => code.min(this),
        };
    }
    code
}

/// How loud it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Quiet,
    Terse,
    Verbose,
}

/// A connection that stays open.
struct Kept {
    host: String,
    port: u16,
    tls: bool,
    reader: Reader,
}

/// wget at work.
struct Wget<'a> {
    sys: &'a Sys,
    given: &'a Given,
    level: Level,
    spider: bool,
    tries: u64,
    /// Microseconds that it waits to look up, to connect, and to read.
    dns_patience: Option<u64>,
    patience: Option<u64>,
    read_patience: u64,
    names: BTreeMap<String, Vec<IpAddr>>,
    kept: Option<Kept>,
    trace: Option<TraceId>,
}

/// What one attempt came to.
enum Attempt {
    /// It is done, with this exit code.
    Done(i32),
    /// Another URL has what was asked for.
    Moved(String),
    /// It failed in a way that another attempt may heal.
    Again,
    /// The server cannot answer a HEAD; a GET may do.
    Get,
}

impl<'a> Wget<'a> {
    fn new(sys: &'a Sys, given: &'a Given) -> Self {
        let level = if given.has('q') {
            Level::Quiet
        } else if given.values('n').any(|what| what.contains('v')) || given.has('N') {
            Level::Terse
        } else {
            Level::Verbose
        };
        let micros = |letter: char| {
            let text = given.value(letter).or_else(|| given.value('T'))?;
            crate::programs::text::stream::duration(text).filter(|micros| *micros > 0)
        };
        let tries = match given.value('t') {
            Some("0" | "inf") => u64::MAX,
            Some(text) => text.parse().unwrap_or(20),
            None => 20,
        };
        Self {
            sys,
            given,
            level,
            spider: given.has('~'),
            tries,
            dns_patience: micros('|'),
            patience: micros('{'),
            read_patience: micros('}').unwrap_or(900 * SECOND),
            names: BTreeMap::new(),
            kept: None,
            trace: None,
        }
    }

    /// One URL of the command line, with all redirections and attempts.
    async fn retrieve(&mut self, text: &str) -> i32 {
        let mut url = match Url::parse(text) {
            Ok((url, prepended)) => {
                if prepended && self.sys.release.debian >= 13 {
                    self.say(Level::Verbose, &format!("Prepended http:// to '{text}'\n"));
                }
                url
            }
            Err(why) => {
                self.say(Level::Terse, &format!("{text}: {why}.\n"));
                return 1;
            }
        };
        let most = self.given.value('x').and_then(|text| text.parse().ok()).unwrap_or(REDIRECTIONS);
        let original = url.clone();
        for redirection in 0.. {
            match self.attempts(&url, &original).await {
                Ok(code) => return code,
                Err(location) => {
                    if redirection >= most {
                        self.say(Level::Terse, &format!("{most} redirections exceeded.\n"));
                        return 8;
                    }
                    url = match url.join(&location) {
                        Ok(next) => next,
                        Err(why) => {
                            self.say(Level::Terse, &format!("{location}: {why}.\n"));
                            return 8;
                        }
                    };
                }
            }
        }
        8
    }

    /// As many attempts as allowed; the error is where a redirection leads.
    async fn attempts(&mut self, url: &Url, original: &Url) -> Result<i32, String> {
        let mut head = self.spider;
        let mut count = 0;
        if self.spider {
            self.say(Level::Verbose, "Spider mode enabled. Check if remote file exists.\n");
        }
        loop {
            count += 1;
            if count > 1 {
                // It waits a second more after each attempt, up to ten.
                self.sys.sleep((count - 1).min(10) * SECOND).await;
            }
            let again = if count > 1 { format!("(try:{count:>2})  ") } else { String::new() };
            self.say(Level::Verbose, &format!("--{}--  {again}{}\n", self.clock(), url.text()));
            match self.attempt(url, original, head, count).await {
                Attempt::Done(code) => return Ok(code),
                Attempt::Moved(location) => return Err(location),
                Attempt::Get if count < self.tries => head = false,
                Attempt::Get => return Ok(4),
                Attempt::Again if count < self.tries => self.say(Level::Verbose, "Retrying.\n\n"),
                Attempt::Again => {
                    self.say(Level::Verbose, "Giving up.\n\n");
                    return Ok(4);
                }
            }
        }
    }
}
