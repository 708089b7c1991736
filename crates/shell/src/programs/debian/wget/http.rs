//! One attempt by HTTP. Models src/http.c `gethttp`.

use std::net::IpAddr;

use super::log::{rate, readable};
use super::progress::Progress;
use super::url::Url;
use super::{Attempt, Kept, Level, Wget};
use crate::files::absolute;
use crate::network::connect::{Failure, Waiting};
use crate::network::connection::{self, Connection, Handshake, Line, Reader, Received};
use crate::network::resolver;
use crate::programs::debian::{is_address, unknown};

/// The head of an answer.
#[derive(Default)]
struct Head {
    status: u16,
    reason: String,
    lines: Vec<String>,
}

impl Head {
    fn field(&self, wanted: &str) -> Option<&str> {
        self.lines.iter().skip(1).find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case(wanted).then(|| value.trim())
        })
    }
}

impl Wget<'_> {
    pub(super) async fn attempt(&mut self, url: &Url, original: &Url, head_only: bool, count: u64) -> Attempt {
        let mut reader = match self.connection(url).await {
            Ok(reader) => reader,
            Err(attempt) => return attempt,
        };
        let request = match self.request(url, head_only) {
            Ok(request) => request,
            Err(code) => return Attempt::Done(code),
        };
        reader.connection.send(&request);
        self.say(Level::Verbose, "HTTP request sent, awaiting response... ");
        let head = match self.head(&mut reader).await {
            Ok(head) => head,
            Err(attempt) => return attempt,
        };
        self.tell(&head);
        let keep = head.field("Connection").is_some_and(|value| value.eq_ignore_ascii_case("keep-alive"));
        if head.status == 401 {
            self.say(Level::Terse, "\nUsername/Password Authentication Failed.\n");
            return Attempt::Done(6);
        }
        if matches!(head.status, 301 | 302 | 303 | 307 | 308)
            && let Some(location) = head.field("Location")
        {
            self.say(Level::Verbose, &format!("Location: {location} [following]\n"));
            let length = head.field("Content-Length").and_then(|text| text.parse::<usize>().ok());
            if keep && !head_only && self.drain(&mut reader, length).await {
                self.kept = Some(Kept { host: url.host.clone(), port: url.port, tls: url.tls, reader });
            }
            return Attempt::Moved(location.to_owned());
        }
        if head.status == 504 {
            return Attempt::Again;
        }
        if head.status == 416 {
            self.say(Level::Verbose, "\n    The file is already fully retrieved; nothing to do.\n\n");
            return Attempt::Done(0);
        }
        let good = (200..300).contains(&head.status);
        if self.spider {
            return self.exists(&head, good, head_only, url);
        }
        if !good {
            if self.given.has('%') {
                let name = self.given.value('O').unwrap_or("-").to_owned();
                let length = head.field("Content-Length").and_then(|text| text.parse().ok());
                self.copy(&mut reader, &name, length, false).await;
            }
            if self.level == Level::Terse {
                self.say(Level::Terse, &format!("{}:\n", url.text()));
            }
            self.say(Level::Terse, &format!("{} ERROR {}: {}.\n", self.clock(), head.status, head.reason));
            self.say(Level::Verbose, "\n");
            return Attempt::Done(8);
        }
        self.save(url, original, &head, reader, keep, count).await
    }

    /// A connection of before, or a new one.
    async fn connection(&mut self, url: &Url) -> Result<Reader, Attempt> {
        if let Some(kept) = self.kept.take()
            && kept.host == url.host
            && kept.port == url.port
            && kept.tls == url.tls
        {
            self.say(Level::Verbose, &format!("Reusing existing connection to {}:{}.\n", url.host, url.port));
            return Ok(kept.reader);
        }
        let found = self.look_up(&url.host).await?;
        let mut last = None;
        for ip in found {
            let place = match ip {
                _ if !is_address(&url.host) => format!("{0} ({0})|{ip}|:{1}", url.host, url.port),
                IpAddr::V6(ip) => format!("[{ip}]:{}", url.port),
                IpAddr::V4(ip) => format!("{ip}:{}", url.port),
            };
            self.say(Level::Verbose, &format!("Connecting to {place}... "));
            let waiting = Waiting { blocking: true, patience: self.patience };
            match connection::open(self.sys, ip, url.port, waiting).await {
                Ok(connection) => {
                    self.trace = Some(connection.trace);
                    self.say(Level::Verbose, "connected.\n");
                    return self.encrypt(url, connection).await;
                }
                Err((failure, trace)) => {
                    self.trace = trace.or(self.trace);
                    self.say(Level::Verbose, &format!("failed: {failure}.\n"));
                    last = Some(failure);
                }
            }
        }
        match last {
            Some(Failure::TimedOut | Failure::Impatient) => Err(Attempt::Again),
            _ if self.given.has('+') => Err(Attempt::Again),
            _ => Err(Attempt::Done(4)),
        }
    }

    async fn look_up(&mut self, host: &str) -> Result<Vec<IpAddr>, Attempt> {
        if let Ok(ip) = host.parse() {
            return Ok(vec![ip]);
        }
        if let Some(known) = self.names.get(host) {
            return Ok(known.clone());
        }
        self.say(Level::Verbose, &format!("Resolving {host} ({host})... "));
        let lookup = match self.dns_patience {
            Some(patience) => {
                let end = self.sys.now() + patience;
                connection::before(self.sys, end, resolver::addresses(self.sys, host)).await
            }
            None => Some(resolver::addresses(self.sys, host).await),
        };
        let why = match lookup {
            None => "Connection timed out",
            Some(lookup) => {
                self.trace = lookup.trace.or(self.trace);
                match lookup.result {
                    Ok(mut found) => {
                        // IPv4 is preferred only where both are as good.
                        let wanted = |ip: &IpAddr| match ip {
                            IpAddr::V4(_) => !self.given.has('6'),
                            IpAddr::V6(_) => !self.given.has('4'),
                        };
                        found.retain(wanted);
                        let shown: Vec<String> = found.iter().take(3).map(ToString::to_string).collect();
                        let more = if found.len() > 3 { ", ..." } else { "" };
                        self.say(Level::Verbose, &format!("{}{more}\n", shown.join(", ")));
                        self.names.insert(host.to_owned(), found.clone());
                        return Ok(found);
                    }
                    Err(why) => unknown(why),
                }
            }
        };
        self.say(Level::Verbose, &format!("failed: {why}.\n"));
        self.say(Level::Terse, &format!("wget: unable to resolve host address '{host}'\n"));
        Err(Attempt::Done(4))
    }

    /// Models src/gnutls.c.
    async fn encrypt(&mut self, url: &Url, mut connection: Connection) -> Result<Reader, Attempt> {
        if !url.tls {
            return Ok(Reader::new(connection));
        }
        let until = self.sys.now() + self.read_patience;
        match connection.handshake(&url.host, Some(until)).await {
            Handshake::Done(certificate) => {
                let kind = if self.given.has(')') { "WARNING" } else { "ERROR" };
                let host = &url.host;
                let signed = certificate.subject != certificate.issuer;
                let trusted = certificate.trusted || (self.given.has('$') && signed);
                if !trusted {
                    let text = format!(
                        "{kind}: The certificate of '{host}' is not trusted.\n{kind}: The certificate of '{host}' doesn't \
                         have a known issuer.\n"
                    );
                    self.say(Level::Terse, &text);
                }
                let named = certificate.names.iter().any(|name| name.eq_ignore_ascii_case(host));
                if trusted && !named {
                    self.say(Level::Terse, &format!("The certificate's owner does not match hostname '{host}'\n"));
                }
                let accepted = trusted && named || self.given.has(')');
                if !accepted {
                    return Err(Attempt::Done(5));
                }
                Ok(Reader::new(connection))
            }
            Handshake::Plain(_) => {
                let text = "GnuTLS: An unexpected TLS packet was received.\nUnable to establish SSL connection.\n";
                self.say(Level::Terse, text);
                Err(Attempt::Done(4))
            }
            Handshake::Closed | Handshake::Nothing => {
                self.say(
                    Level::Terse,
                    "GnuTLS: The TLS connection was non-properly terminated.\nUnable to establish SSL connection.\n",
                );
                Err(Attempt::Done(4))
            }
        }
    }

    fn request(&self, url: &Url, head_only: bool) -> Result<Vec<u8>, i32> {
        let body = match (self.given.value('-').or_else(|| self.given.value('@')), self.given.value('_')) {
            (Some(data), _) => Some(data.to_owned()),
            (None, Some(file)) => match self.sys.read_file(file) {
                Ok(text) => Some(text),
                Err(error) => {
                    self.say(Level::Terse, &format!("POST data file '{file}' missing: {error}\n"));
                    return Err(3);
                }
            },
            (None, None) => None,
        };
        let usual = if head_only {
            "HEAD"
        } else if body.is_some() {
            "POST"
        } else {
            "GET"
        };
        let method = self.given.value('(').unwrap_or(usual);
        let agent = if self.sys.release.debian < 13 { "Wget/1.21.3" } else { "Wget/1.25.0" };
        let mut fields: Vec<(String, String)> = vec![
            ("Host".to_owned(), url.authority()),
            ("User-Agent".to_owned(), self.given.value('U').unwrap_or(agent).to_owned()),
            ("Accept".to_owned(), "*/*".to_owned()),
            ("Accept-Encoding".to_owned(), "identity".to_owned()),
            ("Connection".to_owned(), "Keep-Alive".to_owned()),
        ];
        let user = match (self.given.value('*'), self.given.value('&')) {
            (Some(user), password) => Some(format!("{user}:{}", password.unwrap_or_default())),
            _ => url.user.clone(),
        };
        let mut set =
            |name: &str, value: String| match fields.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
                Some((_, known)) => *known = value,
                None => fields.push((name.to_owned(), value)),
            };
        if let Some(user) = user {
            set("Authorization", format!("Basic {}", api::secret::base64(user.as_bytes())));
        }
        if let Some(body) = &body {
            set("Content-Type", "application/x-www-form-urlencoded".to_owned());
            set("Content-Length", body.len().to_string());
        }
        for header in self.given.values('^') {
            if let Some((name, value)) = header.split_once(':') {
                set(name.trim(), value.trim().to_owned());
            }
        }
        let mut text = format!("{method} {} HTTP/1.1\r\n", url.target);
        // The order is that of the release: Host came last before 1.21.
        for (name, value) in &fields {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        Ok((text + "\r\n" + &body.unwrap_or_default()).into_bytes())
    }

    async fn head(&mut self, reader: &mut Reader) -> Result<Head, Attempt> {
        let until = Some(self.sys.now() + self.read_patience);
        let mut head = Head::default();
        loop {
            match reader.line(until).await {
                Line::Text(line) => {
                    if head.lines.is_empty() && !line.starts_with("HTTP/") {
                        // Whatever this is, it is the body.
                        reader.put_back(&line);
                        (head.status, head.reason) = (200, "No headers, assuming HTTP/0.9".to_owned());
                        return Ok(head);
                    }
                    if line.is_empty() {
                        break;
                    }
                    head.lines.push(line);
                }
                Line::Ended(received) => {
                    let text = match received {
                        Received::Nothing => "Read error (Connection timed out) in headers.\n",
                        Received::Reset => "Read error (Connection reset by peer) in headers.\n",
                        _ => "No data received.\n",
                    };
                    self.say(Level::Verbose, text);
                    return Err(Attempt::Again);
                }
            }
        }
        let mut words = head.lines[0].splitn(3, ' ').skip(1);
        head.status = words.next().and_then(|text| text.parse().ok()).unwrap_or(0);
        head.reason = words.next().unwrap_or("(no description)").to_owned();
        Ok(head)
    }

    /// The status, or all fields with `-S`.
    fn tell(&self, head: &Head) {
        if self.given.has('S') {
            self.say(Level::Verbose, "\n");
            let text: String = head.lines.iter().map(|line| format!("  {line}\n")).collect();
            match self.trace {
                Some(trace) => self.sys.err.report(text, trace),
                None => self.sys.err.write(text),
            }
            return;
        }
        self.say(Level::Verbose, &format!("{} {}\n", head.status, head.reason));
    }

    /// Reads a body that nobody wants; says whether the connection is as new then.
    async fn drain(&self, reader: &mut Reader, length: Option<usize>) -> bool {
        let Some(mut left) = length else { return false };
        let until = Some(self.sys.now() + self.read_patience);
        while left > 0 {
            left -= reader.take(left).len();
            if left > 0 && !matches!(reader.more(until).await, Received::Bytes(_)) {
                return false;
            }
        }
        true
    }

    /// What a spider says.
    fn exists(&self, head: &Head, good: bool, head_only: bool, url: &Url) -> Attempt {
        if !good {
            if head_only && matches!(head.status, 405 | 500 | 501) {
                return Attempt::Get;
            }
            if self.level == Level::Terse {
                self.say(Level::Terse, &format!("{}:\n", url.text()));
            }
            self.say(Level::Terse, "Remote file does not exist -- broken link!!!\n");
            self.say(Level::Verbose, "\n");
            return Attempt::Done(8);
        }
        self.say(Level::Verbose, &described(head));
        let html = head.field("Content-Type").is_some_and(|kind| kind.starts_with("text/html"));
        if self.level == Level::Terse {
            self.say(Level::Terse, &format!("{} URL: {} {} {}\n", self.clock(), url.text(), head.status, head.reason));
        }
        self.say(
            Level::Verbose,
            if html {
                "Remote file exists and could contain further links,\nbut recursion is disabled -- not retrieving.\n\n"
            } else {
                "Remote file exists.\n\n"
            },
        );
        Attempt::Done(0)
    }

    /// Saves the body of a good answer.
    async fn save(
        &mut self,
        url: &Url,
        original: &Url,
        head: &Head,
        mut reader: Reader,
        keep: bool,
        count: u64,
    ) -> Attempt {
        let length = head.field("Content-Length").and_then(|text| text.parse::<usize>().ok());
        let chunked = head.field("Transfer-Encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked"));
        let length = if head.status == 204 { Some(0) } else { length };
        if head.status == 204 {
            self.say(Level::Verbose, "\n");
            return Attempt::Done(0);
        }
        let name = match self.given.value('O') {
            Some(name) => name.to_owned(),
            None => self.free_name(original.file_name()),
        };
        let stdout = name == "-";
        let path = absolute(&self.sys.folder, &name);
        if !stdout && name != "/dev/null" && self.sys.files(|files| files.write(&path, String::new())).is_err() {
            self.say(Level::Terse, &format!("{name}: No such file or directory\n"));
            return Attempt::Done(1);
        }
        self.say(Level::Verbose, &described(head));
        self.say(Level::Verbose, &format!("Saving to: '{}'\n", if stdout { "STDOUT" } else { &name }));
        let progress = (self.level == Level::Verbose).then(|| {
            if self.sys.stdout_is_terminal || self.sys.stdin_is_terminal {
                self.say(Level::Verbose, "\n");
            }
            let last = name.rsplit('/').next().filter(|_| !stdout).unwrap_or(&name);
            Progress::begin(self.sys, last, length)
        });
        let start = self.sys.now();
        let (received, end) = self.copy(&mut reader, &name, length, chunked).await;
        let micros = (self.sys.now() - start).min(5);
        if let Some(progress) = &progress {
            progress.finish(received, micros);
        }
        let speed = rate(received, micros);
        let clock = self.clock();
        let wanted = length.map(|length| format!("/{length}")).unwrap_or_default();
        let whole = length.is_none_or(|length| received == length);
        match end {
            Received::Closed | Received::Bytes(_) if whole => {
                let saved = if stdout { "written to stdout".to_owned() } else { format!("'{name}' saved") };
                self.say(Level::Verbose, &format!("\n{clock} ({speed}) - {saved} [{received}{wanted}]\n\n"));
                if self.level == Level::Terse {
                    self.say(
                        Level::Terse,
                        &format!("{clock} URL:{} [{received}{wanted}] -> \"{name}\" [{count}]\n", url.text()),
                    );
                }
                if keep && length.is_some() {
                    self.kept = Some(Kept { host: url.host.clone(), port: url.port, tls: url.tls, reader });
                }
                Attempt::Done(0)
            }
            Received::Closed | Received::Bytes(_) => {
                self.say(Level::Verbose, &format!("\n{clock} ({speed}) - Connection closed at byte {received}. "));
                Attempt::Again
            }
            broken => {
                let why = if broken == Received::Reset { "Connection reset by peer" } else { "Connection timed out" };
                let gap = if length.is_some() { " " } else { "" };
                self.say(
                    Level::Verbose,
                    &format!("\n{clock} ({speed}) - Read error at byte {received}{wanted} ({why}).{gap}"),
                );
                Attempt::Again
            }
        }
    }

    /// A name that no file has: `x`, `x.1`, `x.2`.
    fn free_name(&self, name: &str) -> String {
        let folder = self.given.value('P').map(|folder| format!("{}/", folder.trim_end_matches('/')));
        let name = format!("{}{name}", folder.unwrap_or_default());
        let taken = |name: &str| self.sys.files(|files| files.is_file(&absolute(&self.sys.folder, name)));
        if !taken(&name) || self.given.has('c') {
            return name;
        }
        (1..10_000).map(|number| format!("{name}.{number}")).find(|name| !taken(name)).unwrap_or(name)
    }

    /// Copies the body to a file; how many bytes came, and how it ended.
    async fn copy(&self, reader: &mut Reader, name: &str, length: Option<usize>, chunked: bool) -> (usize, Received) {
        let (mut received, mut chunk) = (0, 0usize);
        loop {
            if length.is_some_and(|length| received >= length) && !chunked {
                return (received, Received::Bytes(Vec::new()));
            }
            let until = Some(self.sys.now() + self.read_patience);
            if chunked && chunk == 0 {
                match reader.line(until).await {
                    Line::Text(line) => {
                        chunk =
                            usize::from_str_radix(line.split(';').next().unwrap_or_default().trim(), 16).unwrap_or(0);
                    }
                    Line::Ended(end) => return (received, end),
                }
                if chunk == 0 {
                    return (received, Received::Closed);
                }
            }
            if !reader.has_more() {
                match reader.more(until).await {
                    Received::Bytes(_) => {}
                    end => return (received, end),
                }
            }
            let left = length.map_or(usize::MAX, |length| length - received);
            let bytes = reader.take(if chunked { chunk } else { left });
            received += bytes.len();
            self.write(name, &bytes);
            if chunked {
                chunk -= bytes.len();
                if chunk == 0 {
                    reader.line(until).await;
                }
            }
        }
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes).into_owned();
        match (name, self.trace) {
            ("-", Some(trace)) => self.sys.out.report(text, trace),
            ("-", None) => self.sys.out.write(text),
            ("/dev/null", _) => {}
            _ => {
                let path = absolute(&self.sys.folder, name);
                self.sys.files(|files| files.append(&path, &text));
            }
        }
    }
}

/// How long the document is, and of which type.
fn described(head: &Head) -> String {
    let length = head.field("Content-Length").and_then(|text| text.parse::<usize>().ok());
    let size = match length {
        None => "unspecified".to_owned(),
        Some(length) if length >= 1024 => format!("{length} ({})", readable(length)),
        Some(length) => length.to_string(),
    };
    let kind =
        head.field("Content-Type").map(|kind| format!(" [{}]", kind.split(';').next().unwrap_or_default().trim()));
    format!("Length: {size}{}\n", kind.unwrap_or_default())
}
