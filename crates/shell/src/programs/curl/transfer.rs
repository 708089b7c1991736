//! One transfer: look up, connect, ask, read. Models lib/multi.c, lib/connect.c and lib/http.c as far as one sees them.

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::task::Poll;

use cluster::Instant;
use cluster::network::TraceId;

use super::http::{self, Request};
use super::meter::Meter;
use super::options::Given;
use super::report::Report;
use super::url::{Rejected, Url};
use crate::files::absolute;
use crate::network::connect::{Failure, Waiting};
use crate::network::connection::{self, Handshake, Line, Reader, Received};
use crate::network::resolver::{self, Lookup};
use crate::sys::Sys;

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

    /// Looks up, connects and encrypts. The error says whether the connection ends abruptly.
    async fn connect(&mut self, url: &Url, number: usize) -> Result<Kept, (Failed, bool)> {
        let found = self.look_up(url).await?;
        self.report.looked_up = self.sys.now() - self.started;
        let mut port = url.port();
        for entry in self.given.values("connect-to") {
            let parts: Vec<&str> = entry.split(':').collect();
            if let [host, from, _, to] = parts.as_slice()
                && (host.is_empty() || *host == url.host)
                && (from.is_empty() || from.parse() == Ok(url.port()))
            {
                port = to.parse().unwrap_or(port);
            }
        }
        let (mut connection, ip) = self.open(url, &found, port).await.map_err(|failed| (failed, true))?;
        self.report.remote = Some((ip, port));
        self.report.local = resolver::own_address(self.sys).map(IpAddr::V4);
        self.report.local_port = self.local_port(connection.trace);
        self.report.connects += 1;
        self.report.connected = self.sys.now() - self.started;
        let connected = format!("Connected to {} ({ip}) port {port}", url.host);
        if !self.new {
            self.info(&format!("{connected} (#{number})"));
        }
        let mut http2 = false;
        if url.tls() {
            self.tell_hello(url);
            if let Some(file) = self.given.value("cacert")
                && self.sys.read_file(file).is_err()
            {
                return Err((Failed::new(77, format!("error setting certificate file: {file}")), true));
            }
            let handshake = self.wait(connection.handshake(&url.host, None)).await;
            match handshake {
                Some(Handshake::Done(certificate)) => {
                    self.check(url, &certificate).map_err(|failed| (failed, true))?;
                    http2 = certificate.http2 && !self.given.has("http1.1");
                }
                Some(Handshake::Plain(_)) if self.new => {
                    let text = "TLS connect error: error:0A00010B:SSL routines::wrong version number";
                    return Err((Failed::new(35, text), true));
                }
                Some(Handshake::Plain(_)) => {
                    let text = "error:0A00010B:SSL routines::wrong version number";
                    return Err((Failed::new(35, text), true));
                }
                Some(Handshake::Closed) => {
                    let text =
                        format!("OpenSSL SSL_connect: Connection reset by peer in connection to {}:{port} ", url.host);
                    return Err((Failed::new(35, text), true));
                }
                Some(Handshake::Nothing) | None => {
                    let text = format!("SSL connection timeout after {} milliseconds", self.elapsed());
                    return Err((Failed::new(28, text), true));
                }
            }
            self.report.encrypted = self.sys.now() - self.started;
        }
        if self.new {
            self.info(&connected);
        }
        match (url.scheme.as_str(), http2) {
            ("telnet", _) => {}
            (_, true) => self.info("using HTTP/2"),
            _ if self.new => self.info("using HTTP/1.x"),
            _ if url.tls() => self.info("using HTTP/1.1"),
            _ => {}
        }
        let reader = Reader::new(connection);
        Ok(Kept { host: url.host.clone(), port: url.port(), tls: url.tls(), http2, number, reader })
    }

    /// The port that the connection of a trace comes from.
    fn local_port(&self, trace: TraceId) -> u16 {
        let port = self.sys.cluster(|cluster| {
            let trace = cluster.trace(trace)?;
            trace.hops.first().map(|hop| hop.packet.source.port)
        });
        port.unwrap_or(0)
    }

    /// The addresses of the host, IPv6 first. Models lib/hostip.c.
    async fn look_up(&mut self, url: &Url) -> Result<Vec<IpAddr>, (Failed, bool)> {
        let mut host = url.host.clone();
        for entry in self.given.values("connect-to") {
            let parts: Vec<&str> = entry.split(':').collect();
            if let [from, port, to, _] = parts.as_slice()
                && (from.is_empty() || *from == host)
                && (port.is_empty() || port.parse() == Ok(url.port()))
                && !to.is_empty()
            {
                host = (*to).to_owned();
                self.info(&format!("Connecting to hostname: {to}"));
            }
        }
        let wanted = format!("{}:{}:", url.host, url.port());
        let given = self.given.values("resolve").find_map(|entry| entry.trim_start_matches('+').strip_prefix(&wanted));
        if let Some(addresses) = given {
            let found: Vec<IpAddr> = addresses.split(',').filter_map(|text| text.parse().ok()).collect();
            self.info(&format!("Hostname {} was found in DNS cache", url.host));
            self.meter.begin(self.sys.now());
            return Ok(found);
        }
        if let Ok(ip) = host.parse::<IpAddr>() {
            self.meter.begin(self.sys.now());
            return Ok(vec![ip]);
        }
        let known = host == "localhost" || host.ends_with(".localhost");
        if !known {
            self.meter.begin(self.sys.now());
        }
        let sys = self.sys;
        let Some(Lookup { result, trace, .. }) = self.wait(resolver::addresses(sys, &host)).await else {
            let text = format!("Resolving timed out after {} milliseconds", self.elapsed());
            return Err((Failed::new(28, text), true));
        };
        self.trace = trace;
        let only = |ip: &IpAddr| match ip {
            IpAddr::V4(_) => !self.given.has("ipv6"),
            IpAddr::V6(_) => !self.given.has("ipv4"),
        };
        let found: Vec<IpAddr> = result.map(|found| found.into_iter().filter(only).collect()).map_err(|_| {
            let text = format!("Could not resolve host: {host}");
            (Failed { metered: false, ..Failed::new(6, text) }, false)
        })?;
        if found.is_empty() && self.new {
            let text = format!("Could not resolve host: {host}");
            return Err((Failed { metered: false, ..Failed::new(6, text) }, false));
        }
        if self.new {
            let list = |v4: bool| {
                let fitting: Vec<String> =
                    found.iter().filter(|ip| ip.is_ipv4() == v4).map(ToString::to_string).collect();
                if fitting.is_empty() { "(none)".to_owned() } else { fitting.join(", ") }
            };
            let (six, four) = (list(false), list(true));
            self.info(&format!("Host {host}:{} was resolved.", url.port()));
            self.info(&format!("IPv6: {six}"));
            self.info(&format!("IPv4: {four}"));
        }
        self.meter.begin(self.sys.now());
        if found.is_empty() {
            return Err((Failed { told: false, ..Failed::new(7, "Couldn't connect to server") }, true));
        }
        Ok(found)
    }

    /// Tries every address. Models lib/connect.c.
    async fn open(
        &mut self,
        url: &Url,
        found: &[IpAddr],
        port: u16,
    ) -> Result<(connection::Connection, IpAddr), Failed> {
        let begun = self.sys.now();
        let patience = self.given.micros("connect-timeout");
        let mut last = Failure::Refused;
        for ip in found {
            let place = SocketAddr::new(*ip, port);
            self.info(&format!("  Trying {place}..."));
            let spent = self.sys.now() - begun;
            let waiting =
                Waiting { blocking: false, patience: patience.map(|patience| patience.saturating_sub(spent)) };
            let sys = self.sys;
            let Some(result) = self.wait(connection::open(sys, *ip, port, waiting)).await else {
                let text = format!("Connection timed out after {} milliseconds", self.elapsed());
                return Err(Failed::new(28, text));
            };
            match result {
                Ok(connection) => {
                    self.trace = Some(connection.trace);
                    return Ok((connection, *ip));
                }
                Err((failure, trace)) => {
                    self.trace = trace.or(self.trace);
                    last = failure;
                    match failure {
                        Failure::Impatient => break,
                        Failure::NoNetwork => self.info(&format!("Immediate connect fail for {ip}: {failure}")),
                        _ if self.new => {
                            let own = match ip {
                                IpAddr::V6(_) => ip.to_string(),
                                IpAddr::V4(ip) if ip.is_loopback() => ip.to_string(),
                                IpAddr::V4(_) => {
                                    resolver::own_address(self.sys).map(|ip| ip.to_string()).unwrap_or_default()
                                }
                            };
                            let from = trace.map_or(41_000, |trace| self.local_port(trace));
                            self.info(&format!("connect to {ip} port {port} from {own} port {from} failed: {failure}"));
                        }
                        _ => self.info(&format!("connect to {ip} port {port} failed: {failure}")),
                    }
                }
            }
        }
        let millis = (self.sys.now() - begun) / 1000;
        if last == Failure::Impatient && self.new {
            return Err(Failed::new(28, format!("Connection timed out after {millis} milliseconds")));
        }
        let (code, why) = match last {
            Failure::Impatient => (28, "Timeout was reached"),
            Failure::TimedOut if self.new => (28, "Could not connect to server"),
            Failure::TimedOut => (28, "Couldn't connect to server"),
            _ if self.new => (7, "Could not connect to server"),
            _ => (7, "Couldn't connect to server"),
        };
        Err(Failed::new(code, format!("Failed to connect to {} port {port} after {millis} ms: {why}", url.host)))
    }

    /// The request, the head and the body. Returns where a redirection leads, and whether the connection closes.
    async fn talk(
        &mut self,
        url: &Url,
        again: bool,
        follow: bool,
        kept: &mut Kept,
    ) -> Result<(Option<String>, bool), (Failed, bool)> {
        let reader = &mut kept.reader;
        let agent = if self.new { "curl/8.14.1" } else { "curl/7.88.1" };
        let request = http::build(self.sys, self.given, url, again, agent)
            .map_err(|(code, text)| (Failed::new(code, text), true))?;
        self.report.method.clone_from(&request.method);
        self.send(&request, reader, kept.http2, url);
        let head = loop {
            let head = self.head(reader, &request, kept.http2, url).await?;
            if let Some(head) = head {
                break head;
            }
        };
        let refused = self.given.has("fail") && self.report.status >= 400;
        let failed = Failed::new(22, format!("The requested URL returned error: {}", self.report.status));
        if refused {
            self.meter.total = head.length.filter(|_| !self.new);
            return Err((failed, true));
        }
        if head.location.is_some() && follow {
            self.info("Ignoring the response-body");
        }
        let keep = self.body(reader, &head, head.location.is_some() && follow).await?;
        if self.given.has("fail-with-body") && self.report.status >= 400 {
            return Err((failed, head.close));
        }
        Ok((head.location, head.close || !keep))
    }

    /// Sends the request and tells it.
    fn send(&mut self, request: &Request, reader: &mut Reader, http2: bool, url: &Url) {
        let mut text = String::new();
        for line in &request.lines {
            text.push_str(line);
            text.push_str("\r\n");
        }
        text.push_str("\r\n");
        self.report.request_size += text.len();
        if http2 {
            self.tell_streams(request, url);
        }
        if url.tls() {
            self.data(false, 5);
        }
        for (index, line) in request.lines.iter().enumerate() {
            let line = match (http2, index) {
                (true, 0) => line.replace(" HTTP/1.1", " HTTP/2"),
                (true, 1) => line.clone(),
                (true, _) => {
                    let (name, value) = line.split_once(':').unwrap_or((line, ""));
                    format!("{}:{value}", name.to_ascii_lowercase())
                }
                _ => line.clone(),
            };
            self.tell(&format!("> {line}\r\n"));
        }
        self.tell("> \r\n");
        self.traced = false;
        let mut bytes = text.into_bytes();
        if !request.body.is_empty() {
            bytes.extend_from_slice(&request.body);
            self.meter.sent = request.body.len();
            if !self.new {
                self.data(false, request.body.len());
            }
        }
        reader.connection.send(&bytes);
        if self.new && request.body.is_empty() {
            if !(http2 && url.tls()) {
                self.info("Request completely sent off");
            }
        } else if self.new {
            self.data(false, request.body.len());
            self.info(&format!("upload completely sent off: {} bytes", request.body.len()));
        }
    }

    /// What is told of an HTTP/2 request.
    fn tell_streams(&mut self, request: &Request, url: &Url) {
        let method = &request.method;
        let fields = request.lines.iter().skip(2).filter_map(|line| line.split_once(": "));
        let fields: Vec<String> =
            fields.map(|(name, value)| format!("[{}: {value}]", name.to_ascii_lowercase())).collect();
        let (authority, path) = (url.authority(), url.target.clone());
        if self.new {
            self.info(&format!("[HTTP/2] [1] OPENED stream for {}", url.text()));
            for text in [
                format!("[:method: {method}]"),
                format!("[:scheme: {}]", url.scheme),
                format!("[:authority: {authority}]"),
                format!("[:path: {path}]"),
            ]
            .iter()
            .chain(&fields)
            {
                self.info(&format!("[HTTP/2] [1] {text}"));
            }
            return;
        }
        self.data(false, 5);
        for text in [
            format!("[:method: {method}]"),
            format!("[:path: {path}]"),
            format!("[:scheme: {}]", url.scheme),
            format!("[:authority: {authority}]"),
        ]
        .iter()
        .chain(&fields)
        {
            self.info(&format!("h2h3 {text}"));
        }
        self.info("Using Stream ID: 1 (easy handle 0x55e3bae9e7a0)");
    }

    /// The time for the transfer is over.
    fn late(&self) -> Failed {
        let (millis, received) = (self.elapsed(), self.meter.received);
        let of = self.meter.total.map(|total| format!(" out of {total}")).unwrap_or_default();
        Failed::new(28, format!("Operation timed out after {millis} milliseconds with {received}{of} bytes received"))
    }

    /// Status line and fields; `None` after an informational answer.
    async fn head(
        &mut self,
        reader: &mut Reader,
        request: &Request,
        http2: bool,
        url: &Url,
    ) -> Result<Option<Head>, (Failed, bool)> {
        let mut lines = Vec::new();
        loop {
            let line = match self.wait(reader.line(None)).await {
                None | Some(Line::Ended(Received::Nothing)) => return Err((self.late(), true)),
                Some(Line::Text(line)) => line,
                Some(Line::Ended(Received::Reset)) => {
                    return Err((Failed::new(56, "Recv failure: Connection reset by peer"), true));
                }
                Some(Line::Ended(_)) if lines.is_empty() => {
                    return Err((Failed::new(52, "Empty reply from server"), false));
                }
                Some(Line::Ended(_)) => break,
            };
            if lines.is_empty() && !line.starts_with("HTTP/") {
                return Err((Failed::new(1, "Received HTTP/0.9 when not allowed"), true));
            }
            let ended = line.is_empty();
            lines.push(line);
            if ended {
                break;
            }
        }
        if http2 {
            framed(&mut lines);
        }
        self.report.answered = self.sys.now() - self.started;
        self.show_head(&lines, http2, url);
        let (head, status) = read_head(&lines, request);
        if (100..200).contains(&status) {
            return Ok(None);
        }
        self.report.status = status;
        let version = lines[0].split(['/', ' ']).nth(1).unwrap_or_default();
        version.clone_into(&mut self.report.version);
        let kind = lines.iter().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-type").then(|| value.trim().to_owned())
        });
        self.report.content_type = kind.unwrap_or_default();
        Ok(Some(head))
    }

    /// Tells the head with `-v` and shows it with `-i`.
    fn show_head(&mut self, lines: &[String], http2: bool, url: &Url) {
        if url.tls() {
            self.data(true, 5);
            if http2 {
                self.info("TLSv1.3 (IN), TLS handshake, Newsession Ticket (4):");
                self.data(true, 122);
                if self.new {
                    self.info("Request completely sent off");
                    self.data(true, 5);
                }
            }
        }
        if lines.first().is_some_and(|line| line.starts_with("HTTP/1.0")) {
            self.info("HTTP 1.0, assume close after body");
        }
        let include = self.given.has("include") || self.given.has("show-headers") || self.given.has("head");
        let mut shown = String::new();
        for line in lines {
            self.tell(&format!("< {line}\r\n"));
            self.traced = false;
            self.report.header_size += line.len() + 2;
            let bold = self.shown && include;
            match line.split_once(':') {
                Some((name, value)) if bold => shown.push_str(&format!("\u{1b}[1m{name}\u{1b}[0m:{value}\r\n")),
                _ => shown.push_str(&format!("{line}\r\n")),
            }
        }
        if include {
            self.write(shown);
        }
        if let Some(file) = self.given.value("dump-header") {
            let text: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
            if file == "-" {
                self.sys.out.write(text);
            } else {
                let path = absolute(&self.sys.folder, file);
                // Where it cannot be written, the transfer goes on without.
                let _ = self.sys.files(|files| files.write(&path, text));
            }
        }
    }

    /// Reads the body. Says whether the connection can be kept.
    async fn body(&mut self, reader: &mut Reader, head: &Head, ignore: bool) -> Result<bool, (Failed, bool)> {
        if head.empty {
            self.meter.total = head.length.filter(|_| self.given.has("head"));
            return Ok(!head.close);
        }
        let (mut left, mut chunk) = (head.length, 0usize);
        self.meter.total = head.length;
        self.meter.received = 0;
        let mut raw = true;
        loop {
            if left == Some(0) && !head.chunked {
                return Ok(!head.close);
            }
            if reader.waiting() == 0 {
                match self.wait(reader.more(None)).await {
                    None | Some(Received::Nothing) => return Err((self.late(), true)),
                    Some(Received::Bytes(_)) => {}
                    Some(Received::Reset) => {
                        return Err((Failed::new(56, "Recv failure: Connection reset by peer"), true));
                    }
                    Some(Received::Closed) => return self.ended(left, head.chunked),
                }
            }
            if std::mem::take(&mut raw) {
                self.data(true, reader.waiting());
            }
            if head.chunked && chunk == 0 {
                let line = match self.wait(reader.line(None)).await {
                    Some(Line::Text(line)) => line,
                    None | Some(Line::Ended(Received::Nothing)) => return Err((self.late(), true)),
                    Some(Line::Ended(_)) => return self.ended(Some(1), true),
                };
                chunk = usize::from_str_radix(line.split(';').next().unwrap_or_default().trim(), 16).unwrap_or(0);
                if chunk == 0 {
                    self.wait(reader.line(self.deadline)).await;
                    return Ok(!head.close);
                }
                continue;
            }
            let most = if head.chunked { chunk } else { left.unwrap_or(usize::MAX) };
            let bytes = reader.take(most);
            let before = self.meter.received;
            self.meter.received += bytes.len();
            left = left.map(|left| left - bytes.len());
            if head.chunked {
                chunk -= bytes.len();
                if chunk == 0 {
                    self.wait(reader.line(self.deadline)).await;
                }
            }
            if !ignore && !self.write(String::from_utf8_lossy(&bytes).into_owned()) {
                let text = if self.new {
                    format!("client returned ERROR on write of {} bytes", bytes.len())
                } else {
                    "Failure writing output to destination".to_owned()
                };
                if self.new {
                    self.meter.received = before;
                }
                return Err((Failed::new(23, text), true));
            }
        }
    }

    /// The server closed the connection before or at the end of the body.
    fn ended(&self, left: Option<usize>, chunked: bool) -> Result<bool, (Failed, bool)> {
        let text = match left {
            _ if chunked => "transfer closed with outstanding read data remaining".to_owned(),
            Some(left) if self.new => format!("end of response with {left} bytes missing"),
            Some(left) => format!("transfer closed with {left} bytes remaining to read"),
            None => return Ok(false),
        };
        Err((Failed::new(18, text), true))
    }

    /// Writes to where the body goes; says whether it could.
    fn write(&mut self, text: String) -> bool {
        let Some(name) = &self.file else {
            match self.trace {
                Some(trace) => self.sys.out.report(text, trace),
                None => self.sys.out.write(text),
            }
            return true;
        };
        if name == "/dev/null" {
            return true;
        }
        let path = absolute(&self.sys.folder, name);
        let first = !std::mem::replace(&mut self.created, true);
        let written = self.sys.files(|files| {
            if first {
                return files.write(&path, text.clone());
            }
            files.append(&path, &text);
            Ok(())
        });
        if let Err(error) = &written
            && (!self.given.has("silent") || self.given.has("show-error"))
        {
            self.sys.err.write(format!("Warning: Failed to open the file {name}: {error}\n"));
        }
        written.is_ok()
    }

    /// `telnet://`: shows what comes until the end of time.
    async fn telnet(&mut self, reader: &mut Reader) -> Result<(), (Failed, bool)> {
        loop {
            match self.wait(reader.more(None)).await {
                None | Some(Received::Nothing) => {
                    let late = Failed { metered: !self.new || !self.shown, ..Failed::new(28, "Time-out") };
                    return Err((Failed { told: self.new, ..late }, !self.new));
                }
                Some(Received::Bytes(_)) => {
                    let bytes = reader.take(usize::MAX);
                    self.data(true, bytes.len());
                    self.meter.received += bytes.len();
                    self.write(String::from_utf8_lossy(&bytes).into_owned());
                }
                Some(_) => return Ok(()),
            }
        }
    }
}

/// A head as it comes by HTTP/2: lower case, without what concerns the connection, the length before the date that
/// the server itself adds last.
fn framed(lines: &mut Vec<String>) {
    let last_two = lines.len().saturating_sub(3);
    if lines.get(last_two).is_some_and(|line| line.starts_with("Date:")) && last_two > 0 {
        lines.swap(last_two, last_two + 1);
    }
    lines.retain(|line| !line.to_ascii_lowercase().starts_with("connection:"));
    for (index, line) in lines.iter_mut().enumerate() {
        *line = match line.split_once(':') {
            _ if index == 0 => {
                let status = line.split(' ').nth(1).unwrap_or_default();
                format!("HTTP/2 {status} ")
            }
            Some((name, value)) => format!("{}:{value}", name.to_ascii_lowercase()),
            None => line.clone(),
        };
    }
}

/// What a head says of the body, and the status.
fn read_head(lines: &[String], request: &Request) -> (Head, u16) {
    let first = lines.first().map_or("", String::as_str);
    let status: u16 = first.split(' ').nth(1).and_then(|text| text.parse().ok()).unwrap_or(0);
    let field = |wanted: &str| {
        lines.iter().skip(1).find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case(wanted).then(|| value.trim())
        })
    };
    let connection = field("connection").unwrap_or_default();
    let old = first.starts_with("HTTP/1.0");
    let chunked = field("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked"));
    let length = field("content-length").and_then(|value| value.parse().ok());
    let empty = request.method == "HEAD" || matches!(status, 100..=199 | 204 | 304);
    let unbounded = length.is_none() && !chunked && !empty;
    let close = connection.eq_ignore_ascii_case("close")
        || (old && !connection.eq_ignore_ascii_case("keep-alive"))
        || unbounded;
    let location = field("location").filter(|_| (300..400).contains(&status)).map(str::to_owned);
    (Head { length, chunked, close, empty, location }, status)
}
