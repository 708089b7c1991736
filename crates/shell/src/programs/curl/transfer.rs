//! One transfer: look up, connect, ask, read. Models lib/multi.c, lib/connect.c and lib/http.c as far as one sees them.

use std::future::Future;
use std::pin::pin;
use std::task::Poll;

use cluster::Instant;
use cluster::network::TraceId;

use super::meter::Meter;
use super::options::Given;
use super::report::Report;
use super::url::{Rejected, Url};
use crate::network::connection::Reader;
use crate::sys::Sys;

mod connect;
mod talk;

/// Redirections that it follows.
const REDIRECTIONS: usize = 50;

/// Why a transfer ended badly.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Failed {
    pub(super) code: i32,
    pub(super) message: String,
    /// Whether the message is told with `-v` too.
    told: bool,
    /// Whether the meter ends its line.
    metered: bool,
}

impl Failed {
    pub(super) fn new(code: i32, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), told: true, metered: true }
    }
}

/// A connection that stays open after a transfer.
struct Kept {
    host: String,
    port: u16,
    tls: bool,
    http2: bool,
    number: usize,
    reader: Reader,
}

/// curl at work.
pub(super) struct Curl<'a> {
    pub(super) sys: &'a Sys,
    pub(super) given: &'a Given,
    /// Whether it is release 8.
    pub(super) new: bool,
    verbose: bool,
    kept: Vec<Kept>,
    opened: usize,
    meter: Meter,
    deadline: Option<Instant>,
    started: Instant,
    /// Whether the body goes to the terminal.
    shown: bool,
    /// Whether the last thing told was that there was data.
    traced: bool,
    trace: Option<TraceId>,
    report: Report,
    file: Option<String>,
    /// Whether the file was made.
    created: bool,
}

/// What an answer's head says of its body.
struct Head {
    length: Option<usize>,
    chunked: bool,
    close: bool,
    empty: bool,
    location: Option<String>,
}

impl<'a> Curl<'a> {
    pub(super) fn new(sys: &'a Sys, given: &'a Given) -> Self {
        let now = sys.now();
        Self {
            sys,
            given,
            new: sys.release.debian >= 13,
            verbose: given.has("verbose"),
            kept: Vec::new(),
            opened: 0,
            meter: Meter::new(None, false, false, now),
            deadline: None,
            started: now,
            shown: false,
            traced: false,
            trace: None,
            report: Report::default(),
            file: None,
            created: false,
        }
    }

    /// Tells something with `-v`.
    pub(super) fn info(&mut self, text: &str) {
        self.traced = false;
        self.tell(&format!("* {text}\n"));
    }

    fn tell(&self, text: &str) {
        if !self.verbose {
            return;
        }
        match self.trace {
            Some(trace) => self.sys.err.report(text, trace),
            None => self.sys.err.write(text),
        }
    }

    /// Tells with `-v` that there was data which is not shown, once.
    pub(super) fn data(&mut self, incoming: bool, bytes: usize) {
        self.data_again(incoming, bytes, true);
    }

    pub(super) fn data_again(&mut self, incoming: bool, bytes: usize, again: bool) {
        if !self.shown && !self.traced && again {
            self.tell(&format!("{} [{bytes} bytes data]\n", if incoming { '{' } else { '}' }));
            self.traced = true;
        }
    }

    /// Milliseconds since the transfer began.
    fn elapsed(&self) -> u64 {
        (self.sys.now() - self.started) / 1000
    }

    /// Waits for something while the meter goes on; `None` when the time for the transfer is over.
    async fn wait<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        loop {
            let now = self.sys.now();
            if self.deadline.is_some_and(|deadline| now >= deadline) {
                return None;
            }
            let next = [self.meter.next(now), self.deadline].into_iter().flatten().min();
            let Some(next) = next else { return Some(work.await) };
            let mut tick = pin!(self.sys.wait(Some(next), |_| None::<()>));
            let done = std::future::poll_fn(|context| {
                if let Poll::Ready(value) = work.as_mut().poll(context) {
                    return Poll::Ready(Some(value));
                }
                if tick.as_mut().poll(context).is_ready() { Poll::Ready(None) } else { Poll::Pending }
            });
            if let Some(value) = done.await {
                return Some(value);
            }
            if self.deadline.is_none_or(|deadline| self.sys.now() < deadline) {
                self.meter.show(self.sys.now());
            }
        }
    }

    /// Does one transfer and tells of it.
    pub(super) async fn perform(&mut self, text: &str, output: Option<&str>) -> Report {
        self.started = self.sys.now();
        self.deadline = self.given.micros("max-time").map(|micros| self.started + micros);
        self.report = Report { url: text.to_owned(), ..Report::default() };
        (self.file, self.created) = (None, false);
        let given = self.given;
        self.shown = self.sys.stdout_is_terminal && output.is_none();
        let meter = !given.has("silent") && !given.has("no-progress-meter") && !self.shown;
        let sink = meter.then(|| self.sys.err.clone());
        let terminal = self.sys.stdout_is_terminal;
        self.meter = Meter::new(sink, given.has("progress-bar"), terminal, self.started);
        let result = self.all(text, output).await;
        self.report.took = self.sys.now() - self.started;
        self.report.received = self.meter.received;
        self.report.sent = self.meter.sent;
        self.report.trace = self.trace;
        if let Err(failed) = result {
            self.report.code = failed.code;
            self.report.message = failed.message;
        }
        self.report.clone()
    }

    async fn all(&mut self, text: &str, output: Option<&str>) -> Result<(), Failed> {
        let mut url = match Url::parse(text) {
            Ok(url) => url,
            Err(rejected) => return Err(self.rejected(rejected, None)),
        };
        self.place(&url, output);
        for entry in self.given.values("resolve") {
            if entry.split(':').count() < 3 {
                let text = format!("Couldn't parse CURLOPT_RESOLVE entry '{entry}'");
                return Err(Failed { told: false, ..Failed::new(49, text) });
            }
            let (place, addresses) = entry.rsplit_once(':').unwrap_or((entry, ""));
            self.info(&format!("Added {place}:{addresses} to DNS cache"));
        }
        let follow = self.given.has("location") || self.given.has("location-trusted");
        let most = self.given.value("max-redirs").and_then(|text| text.parse().ok()).unwrap_or(REDIRECTIONS);
        loop {
            self.report.url = url.text();
            self.report.scheme = if self.new { url.scheme.clone() } else { url.scheme.to_ascii_uppercase() };
            let location = self.exchange(&url, self.report.redirects > 0, follow).await?;
            let Some(location) = location else { return Ok(()) };
            let next = match url.join(&location) {
                Ok(next) => next,
                Err(rejected) => return Err(self.rejected(rejected, None)),
            };
            self.report.location = next.text();
            if !follow {
                return Ok(());
            }
            if self.report.redirects >= most {
                let text = format!("Maximum ({most}) redirects followed");
                self.info(&text.clone());
                return Err(Failed::new(47, text));
            }
            self.report.redirects += 1;
            self.info(&format!("Issue another request to this URL: '{}'", next.text()));
            url = next;
        }
    }

    /// Where the body goes.
    fn place(&mut self, url: &Url, output: Option<&str>) {
        self.file = match output {
            None | Some("-") => None,
            Some("") => Some(match url.file_name() {
                Some(name) => name.to_owned(),
                None => {
                    if !self.given.has("silent") {
                        self.sys.err.write("Warning: No remote file name, uses \"curl_response\"\n");
                    }
                    "curl_response".to_owned()
                }
            }),
            Some(name) => Some(name.to_owned()),
        };
        if let (Some(folder), Some(file)) = (self.given.value("output-dir"), &self.file) {
            self.file = Some(format!("{}/{file}", folder.trim_end_matches('/')));
        }
        self.report.file = self.file.clone().unwrap_or_default();
    }

    /// Tells the end of a transfer that no connection was made for.
    fn rejected(&mut self, rejected: Rejected, number: Option<usize>) -> Failed {
        let failed = match rejected {
            Rejected::Malformed(why) if self.new => Failed::new(3, format!("URL rejected: {why}")),
            Rejected::Malformed(_) => {
                Failed { told: false, ..Failed::new(3, "URL using bad/illegal format or missing URL") }
            }
            Rejected::Protocol(scheme) if self.new => Failed::new(1, format!("Protocol \"{scheme}\" not supported")),
            Rejected::Protocol(scheme) => {
                Failed::new(1, format!("Protocol \"{scheme}\" not supported or disabled in libcurl"))
            }
        };
        let failed = Failed { metered: false, ..failed };
        self.fail(&failed, number, true);
        failed
    }

    /// What `-v` tells of a failure, and of the connection's end.
    fn fail(&mut self, failed: &Failed, number: Option<usize>, abrupt: bool) {
        if failed.told {
            self.info(&failed.message);
        }
        if failed.metered {
            self.meter.done(self.sys.now());
        }
        self.close(number, abrupt);
    }

    fn close(&mut self, number: Option<usize>, abrupt: bool) {
        let number = number.map_or("-1".to_owned(), |number| number.to_string());
        self.info(&match (self.new, abrupt) {
            (false, _) => format!("Closing connection {number}"),
            (true, true) => format!("closing connection #{number}"),
            (true, false) => format!("shutting down connection #{number}"),
        });
    }

    /// One request and its answer; returns where a redirection leads.
    async fn exchange(&mut self, url: &Url, again: bool, follow: bool) -> Result<Option<String>, Failed> {
        let (mut kept, number) = match self.reuse(url) {
            Some(kept) => {
                let number = kept.number;
                (kept, number)
            }
            None => {
                let number = self.opened;
                match self.connect(url, number).await {
                    Ok(kept) => (kept, number),
                    Err((failed, abrupt)) => {
                        self.fail(&failed, Some(number), abrupt);
                        self.opened += 1;
                        return Err(failed);
                    }
                }
            }
        };
        self.opened = self.opened.max(number + 1);
        let result = match url.scheme.as_str() {
            "telnet" => self.telnet(&mut kept.reader).await.map(|()| (None, true)),
            _ => self.talk(url, again, follow, &mut kept).await,
        };
        match result {
            Ok((location, close)) => {
                self.meter.done(self.sys.now());
                if close {
                    self.close(Some(number), false);
                } else {
                    self.info(&format!("Connection #{number} to host {} left intact", url.host));
                    self.kept.push(kept);
                }
                Ok(location)
            }
            Err((failed, abrupt)) => {
                self.fail(&failed, Some(number), abrupt);
                Err(failed)
            }
        }
    }

    /// A connection of before to the same place.
    fn reuse(&mut self, url: &Url) -> Option<Kept> {
        let fits = |kept: &Kept| kept.host == url.host && kept.port == url.port() && kept.tls == url.tls();
        let at = self.kept.iter().position(fits)?;
        let kept = self.kept.remove(at);
        if self.new {
            let scheme = &url.scheme;
            self.info(&format!("Re-using existing {scheme}: connection with host {}", url.host));
        } else {
            self.info("Found bundle for host: 0x558591c11440 [serially]");
            self.info("Can not multiplex, even if we wanted to");
            self.info(&format!("Re-using existing connection #{} with host {}", kept.number, url.host));
        }
        self.meter.begin(self.sys.now());
        Some(kept)
    }
}
