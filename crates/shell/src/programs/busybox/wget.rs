//! BusyBox wget. Models networking/wget.c.

use std::net::IpAddr;

use cluster::Instant;
use cluster::network::TraceId;

use super::meter::Meter;
use super::{address, cannot_connect, dotted, usage};
use crate::files::absolute;
use crate::network::connect::{Failure, SECOND, Waiting};
use crate::network::connection::{self, Handshake, Line, Reader, Received};
use crate::network::resolver;
use crate::programs::options::{Given, Spec};
use crate::sys::{Release, Sys};

mod url;

use url::Url;

const LONG: &[(&str, char, bool)] = &[
    ("continue", 'c', false),
    ("quiet", 'q', false),
    ("server-response", 'S', false),
    ("output-document", 'O', true),
    ("output-file", 'o', true),
    ("directory-prefix", 'P', true),
    ("proxy", 'Y', true),
    ("user-agent", 'U', true),
    ("timeout", 'T', true),
    ("tries", 't', true),
    ("header", 'h', true),
    ("post-data", 'p', true),
    ("post-file", 'f', true),
    ("spider", 's', false),
    ("no-check-certificate", 'k', false),
    ("passive-ftp", 'n', false),
    ("no-cache", 'n', false),
    ("no-verbose", 'n', false),
    ("no-clobber", 'n', false),
    ("no-host-directories", 'n', false),
    ("no-parent", 'n', false),
    ("help", '?', false),
];

/// The options without the one that waits, as Debian built 1.35.
const LONG_35: &[(&str, char, bool)] = &[
    ("continue", 'c', false),
    ("quiet", 'q', false),
    ("server-response", 'S', false),
    ("output-document", 'O', true),
    ("output-file", 'o', true),
    ("directory-prefix", 'P', true),
    ("proxy", 'Y', true),
    ("user-agent", 'U', true),
    ("tries", 't', true),
    ("header", 'h', true),
    ("post-data", 'p', true),
    ("post-file", 'f', true),
    ("spider", 's', false),
    ("no-check-certificate", 'k', false),
    ("passive-ftp", 'n', false),
    ("no-cache", 'n', false),
    ("no-verbose", 'n', false),
    ("no-clobber", 'n', false),
    ("no-host-directories", 'n', false),
    ("no-parent", 'n', false),
    ("help", '?', false),
];

const USAGE_28: &str = "wget [-c|--continue] [--spider] [-q|--quiet] [-O|--output-document FILE]
\t[--header 'header: value'] [-Y|--proxy on/off] [-P DIR]
\t[-S|--server-response] [-U|--user-agent AGENT] [-T SEC] URL...

Retrieve files via HTTP or FTP

\t--spider\tOnly check URL existence: $? is 0 if exists
\t-c\t\tContinue retrieval of aborted transfer
\t-q\t\tQuiet
\t-P DIR\t\tSave to DIR (default .)
\t-S    \t\tShow server response
\t-T SEC\t\tNetwork read timeout is SEC seconds
\t-O FILE\t\tSave to FILE ('-' for stdout)
\t-U STR\t\tUse STR for User-Agent header
\t-Y on/off\tUse proxy";

const USAGE: &str = "wget [-cqS] [--spider] [-O FILE] [-o LOGFILE] [--header STR]
\t[--post-data STR | --post-file FILE] [-Y on/off]
\t[--no-check-certificate] [-P DIR] [-U AGENT] [-T SEC] URL...

Retrieve files via HTTP or FTP

\t--spider\tOnly check URL existence: $? is 0 if exists
\t--header STR\tAdd STR (of form 'header: value') to headers
\t--post-data STR\tSend STR using POST method
\t--post-file FILE\tSend FILE using POST method
\t--no-check-certificate\tDon't validate the server's certificate
\t-c\t\tContinue retrieval of aborted transfer
\t-q\t\tQuiet
\t-P DIR\t\tSave to DIR (default .)
\t-S    \t\tShow server response
\t-T SEC\t\tNetwork read timeout is SEC seconds
\t-O FILE\t\tSave to FILE ('-' for stdout)
\t-o LOGFILE\tLog messages to FILE
\t-U STR\t\tUse STR for User-Agent header
\t-Y on/off\tUse proxy";

/// Seconds that it waits for others by default.
const PATIENCE: u64 = 900;

/// Whether this build has no `-T`.
fn without_timeout(release: Release) -> bool {
    release.busybox == 35 && release.packaged
}

/// The usage of a release.
fn usage_of(sys: &Sys) -> String {
    match sys.release {
        release if without_timeout(release) => {
            let text = USAGE.replace(" [-T SEC]", "").replace("\t-T SEC\t\tNetwork read timeout is SEC seconds\n", "");
            usage(sys, &text)
        }
        Release { busybox: 28, .. } => usage(sys, USAGE_28),
        _ => usage(sys, USAGE),
    }
}

/// Why it ends, and the request that this is about.
struct Death(String, Option<TraceId>);

type Result<T> = std::result::Result<T, Death>;

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let long = if without_timeout(sys.release) { LONG_35 } else { LONG };
    let spec = Spec { short: "cqSO:o:P:Y:U:T:t:n::", long };
    let given = match spec.parse(&argv) {
        Ok(given) if given.has('?') => {
            sys.err.write(usage_of(&sys));
            return 0;
        }
        Ok(given) if !given.operands.is_empty() => given,
        Ok(_) => {
            sys.err.write(usage_of(&sys));
            return 1;
        }
        Err(fault) => {
            sys.err.write(format!("wget: {fault}\n{}", usage_of(&sys)));
            return 1;
        }
    };
    let patience = match given.value('T').map(|text| text.parse::<u64>().map_err(|_| text.to_owned())) {
        None => PATIENCE,
        Some(Ok(seconds)) => seconds,
        Some(Err(text)) => {
            sys.err.line(format!("wget: invalid number '{text}'"));
            return 1;
        }
    };
    let warned = std::cell::Cell::new(given.has('k') || sys.release.busybox <= 28);
    let wget = Wget { quiet: given.has('q'), patience, given, sys, warned };
    for text in &wget.given.operands {
        if let Err(Death(reason, trace)) = wget.download(text).await {
            wget.tell(&format!("wget: {reason}\n"), trace);
            return 1;
        }
    }
    0
}

struct Wget {
    sys: Sys,
    given: Given,
    quiet: bool,
    /// Seconds; 0 waits for ever.
    patience: u64,
    /// Whether it has said that it checks no certificates, or need not.
    warned: std::cell::Cell<bool>,
}

/// What came before the body.
struct Head {
    length: Option<usize>,
    chunked: bool,
    location: Option<String>,
}

impl Wget {
    fn tell(&self, text: &str, trace: Option<TraceId>) {
        match trace {
            Some(trace) => self.sys.err.report(text, trace),
            None => self.sys.err.write(text),
        }
    }

    /// Says something unless it is to be quiet.
    fn chat(&self, text: &str, trace: Option<TraceId>) {
        if !self.quiet {
            self.tell(text, trace);
        }
    }

    /// When it gives up if nothing comes from now on.
    fn alarm(&self) -> Option<Instant> {
        (self.patience > 0).then(|| self.sys.now() + self.patience * SECOND)
    }

    async fn download(&self, text: &str) -> Result<()> {
        let die = |reason: String| Death(reason, None);
        let parse = |text: &str| Url::parse(text).map_err(|()| die(format!("not an http or ftp url: {text}")));
        let mut url = parse(text)?;
        let name = self.output_name(&url);
        let mut left = if self.sys.release.busybox <= 28 { 5 } else { 16 };
        let mut known = None;
        loop {
            let (ip, port) = match known {
                Some(place) => place,
                None => self.resolve(&url).await?,
            };
            let (mut reader, alarm) = self.open(&url, ip, port).await?;
            let head = self.response(&mut reader).await?;
            let Some(location) = head.location else { return self.save(reader, alarm, &head, &name).await };
            left -= 1;
            if left == 0 {
                return Err(Death("too many redirections".to_owned(), Some(reader.connection.trace)));
            }
            // Another URL is looked up again, even of the same host.
            known = location.starts_with('/').then_some((ip, port));
            url = match location.strip_prefix('/') {
                Some(path) => Url { path: path.to_owned(), ..url },
                None => parse(&location)?,
            };
        }
    }

    /// Address and port of the server. Models `xhost2sockaddr`.
    async fn resolve(&self, url: &Url) -> Result<(IpAddr, u16)> {
        let old = self.sys.release.busybox <= 28;
        let (name, port) = url.place().map_err(|text| {
            let reason = if old { format!("bad port spec '{}'", url.host) } else { format!("bad port '{text}'") };
            Death(reason, None)
        })?;
        let lookup = resolver::addresses(&self.sys, name).await;
        let Some(ip) = address(&self.sys, &lookup) else {
            return Err(Death(format!("bad address '{}'", url.host), lookup.trace));
        };
        self.chat(&format!("Connecting to {} ({})\n", url.host, dotted(ip, port)), lookup.trace);
        Ok((ip, port))
    }

    /// Opens the connection and sends the request.
    async fn open(&self, url: &Url, ip: IpAddr, port: u16) -> Result<(Reader, Option<Instant>)> {
        let alarm = self.alarm();
        let waiting = Waiting { blocking: true, patience: (self.patience > 0).then_some(self.patience * SECOND) };
        let mut connection = match connection::open(&self.sys, ip, port, waiting).await {
            Ok(connection) => connection,
            Err((Failure::Impatient, trace)) => return Err(Death("download timed out".to_owned(), trace)),
            Err((failure, trace)) => return Err(Death(cannot_connect(ip, failure), trace)),
        };
        if url.tls {
            self.encrypt(&url.host, &mut connection).await?;
        }
        let request = self.request(url)?;
        connection.send(&request);
        Ok((Reader::new(connection), alarm))
    }

    /// The TLS helper of its own. Models networking/tls.c.
    async fn encrypt(&self, host: &str, connection: &mut connection::Connection) -> Result<()> {
        let trace = Some(connection.trace);
        if !self.warned.replace(true) {
            self.tell("wget: note: TLS certificate validation not implemented\n", trace);
        }
        let broken = || Death("error getting response: Connection reset by peer".to_owned(), trace);
        match connection.handshake(host, self.alarm()).await {
            // What it offered before 1.36 no server of today takes.
            Handshake::Done(_) if self.sys.release.busybox <= 35 => {
                self.tell("wget: TLS error from peer (alert code 40): handshake failure\n", trace);
                Err(broken())
            }
            Handshake::Done(_) => Ok(()),
            Handshake::Plain(bytes) => {
                let shown = bytes.iter().take(98).map(|byte| format!(" {byte:02x}"));
                let text = format!(
                    "wget: got bad TLS record (len:{}) while expecting handshake record\n{}\n",
                    bytes.len(),
                    shown.collect::<String>()
                );
                self.tell(&text, trace);
                Err(broken())
            }
            Handshake::Closed => Err(broken()),
            Handshake::Nothing => Err(Death("download timed out".to_owned(), trace)),
        }
    }

    /// The bytes of the request.
    fn request(&self, url: &Url) -> Result<Vec<u8>> {
        let body = match (self.given.value('p'), self.given.value('f')) {
            (Some(data), _) => Some(data.to_owned()),
            (None, Some(file)) => {
                let text = self.sys.read_file(file);
                Some(text.map_err(|error| Death(format!("can't open '{file}': {error}"), None))?)
            }
            (None, None) => None,
        };
        let has = |name: &str| self.given.values('h').any(|header| header.starts_with(name));
        let method = if body.is_some() { "POST" } else { "GET" };
        let mut text = format!("{method} /{} HTTP/1.1\r\n", url.path);
        if !has("Host:") {
            text.push_str(&format!("Host: {}\r\n", url.host));
        }
        if !has("User-Agent:") {
            text.push_str(&format!("User-Agent: {}\r\n", self.given.value('U').unwrap_or("Wget")));
        }
        text.push_str("Connection: close\r\n");
        if let Some(user) = url.user.as_ref().filter(|_| !has("Authorization:")) {
            let encoded = api::secret::base64(user.as_bytes());
            text.push_str(&format!("Authorization: Basic {encoded}\r\n"));
        }
        for header in self.given.values('h') {
            text.push_str(&format!("{header}\r\n"));
        }
        match body {
            Some(body) => {
                if !has("Content-Type:") {
                    text.push_str("Content-Type: application/x-www-form-urlencoded\r\n");
                }
                text.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
            }
            None => text.push_str("\r\n"),
        }
        Ok(text.into_bytes())
    }

    /// A line of the answer, shown with `-S`. Models `fgets_trim_sanitize`.
    async fn line(&self, reader: &mut Reader, show: bool) -> Result<String> {
        let trace = reader.connection.trace;
        let death = |reason: &str| Death(reason.to_owned(), Some(trace));
        match reader.line(self.alarm()).await {
            Line::Text(line) => {
                let end = line.find(|c: char| c < ' ' && c != '\t').unwrap_or(line.len());
                let line = line[..end].replace('\t', " ");
                if show && self.given.has('S') {
                    self.tell(&format!("  {line}\n"), Some(trace));
                }
                Ok(line)
            }
            Line::Ended(Received::Nothing) => Err(death("download timed out")),
            Line::Ended(Received::Reset) => Err(death("error getting response: Connection reset by peer")),
            Line::Ended(_) => Err(death("error getting response")),
        }
    }

    /// A field of the answer, its name in lower case; `None` at the empty line. Models `get_sanitized_hdr`.
    async fn field(&self, reader: &mut Reader) -> Result<Option<(String, String)>> {
        let line = self.line(reader, true).await?;
        if line.is_empty() {
            return Ok(None);
        }
        let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '.')).unwrap_or(line.len());
        let name = line[..end].to_ascii_lowercase();
        match line[end..].strip_prefix(':') {
            Some(value) => Ok(Some((name, value.trim().to_owned()))),
            None => Err(Death(format!("bad header line: {name}{}", &line[end..]), Some(reader.connection.trace))),
        }
    }

    /// Status line and fields.
    async fn response(&self, reader: &mut Reader) -> Result<Head> {
        let trace = reader.connection.trace;
        let redirected = loop {
            let line = self.line(reader, true).await?;
            let after = line.split_once(' ').map_or("", |(_, rest)| rest.trim_start());
            let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
            match after[..digits].parse().unwrap_or(0) {
                0 | 100 => while self.field(reader).await?.is_some() {},
                200..=204 | 206 => break false,
                300..=303 => break true,
                307 | 308 if self.sys.release.busybox > 28 => break true,
                _ => return Err(Death(format!("server returned error: {line}"), Some(trace))),
            }
        };
        let mut head = Head { length: None, chunked: false, location: None };
        while let Some((name, value)) = self.field(reader).await? {
            match name.as_str() {
                "content-length" => {
                    let length = value.parse();
                    let garbage = || Death(format!("content-length {value} is garbage"), Some(trace));
                    head.length = Some(length.map_err(|_| garbage())?);
                }
                "transfer-encoding" if value.eq_ignore_ascii_case("chunked") => head.chunked = true,
                "transfer-encoding" => {
                    let text = value.to_ascii_lowercase();
                    return Err(Death(format!("transfer encoding '{text}' is not supported"), Some(trace)));
                }
                "location" if redirected => {
                    head.location = Some(value);
                    break;
                }
                _ => {}
            }
        }
        Ok(head)
    }

    /// The file that a URL is saved to: `-O`, or the last part of its path.
    fn output_name(&self, url: &Url) -> String {
        if let Some(name) = self.given.value('O') {
            return name.to_owned();
        }
        let last = url.path.rsplit('/').next().unwrap_or_default();
        let last = if last.is_empty() { "index.html" } else { last };
        match self.given.value('P') {
            Some(folder) => format!("{}/{last}", folder.trim_end_matches('/')),
            None => last.to_owned(),
        }
    }

    /// Models `retrieve_file_data`.
    async fn save(&self, mut reader: Reader, alarm: Option<Instant>, head: &Head, name: &str) -> Result<()> {
        let trace = reader.connection.trace;
        if self.given.has('s') {
            if self.sys.release.busybox > 28 {
                self.chat("remote file exists\n", Some(trace));
            }
            return Ok(());
        }
        self.create(name, trace)?;
        let old = self.sys.release.busybox <= 28;
        let said = |stdout: &str, file: String| if name == "-" { stdout.to_owned() } else { file };
        if !old {
            self.chat(&said("writing to stdout\n", format!("saving to '{name}'\n")), Some(trace));
        }
        let last = if name == "-" { name } else { name.rsplit('/').next().unwrap_or(name) };
        let mut body = Body {
            wget: self,
            meter: Meter::new(&self.sys, last),
            name,
            trace,
            alarm,
            length: head.length,
            left: head.length,
            chunked: head.chunked,
            transferred: 0,
        };
        body.read(&mut reader).await?;
        if !old {
            self.chat(&said("written to stdout\n", format!("'{name}' saved\n")), Some(trace));
        }
        Ok(())
    }

    /// Makes the file, or says why not.
    fn create(&self, name: &str, trace: TraceId) -> Result<()> {
        if matches!(name, "-" | "/dev/null") {
            return Ok(());
        }
        let path = absolute(&self.sys.folder, name);
        let overwrite = self.given.has('O') || self.given.has('c');
        let written = self.sys.files(|files| {
            if files.is_file(&path) && !overwrite { None } else { Some(files.write(&path, String::new())) }
        });
        let why = match written {
            Some(Ok(())) => return Ok(()),
            None => "File exists".to_owned(),
            Some(Err(error)) => error.to_string(),
        };
        Err(Death(format!("can't open '{name}': {why}"), Some(trace)))
    }

    fn write(&self, name: &str, bytes: &[u8], trace: TraceId) {
        let text = String::from_utf8_lossy(bytes).into_owned();
        match name {
            "-" => self.sys.out.report(text, trace),
            "/dev/null" => {}
            name => {
                let path = absolute(&self.sys.folder, name);
                self.sys.files(|files| files.append(&path, &text));
            }
        }
    }
}

/// A body on its way into a file.
struct Body<'a> {
    wget: &'a Wget,
    meter: Meter,
    name: &'a str,
    trace: TraceId,
    /// When the alarm of the last line rings; it breaks into the wait of that second, which then begins anew.
    alarm: Option<Instant>,
    length: Option<usize>,
    left: Option<usize>,
    chunked: bool,
    transferred: usize,
}

impl Body<'_> {
    fn total(&self) -> usize {
        if self.chunked { 0 } else { self.length.map_or(0, |_| self.transferred + self.left.unwrap_or(0)) }
    }

    fn show(&mut self) -> Option<bool> {
        if self.wget.quiet {
            return Some(false);
        }
        let total = self.total();
        self.meter.update(&self.wget.sys, self.transferred, total)
    }

    /// The last time the bar is shown.
    fn finish(&mut self) {
        let shown = self.show();
        if !self.wget.quiet && (self.wget.sys.release.busybox <= 28 || shown == Some(true)) {
            self.wget.tell("\n", Some(self.trace));
        }
    }

    async fn read(&mut self, reader: &mut Reader) -> Result<()> {
        loop {
            if self.chunked {
                let line = self.wget.line(reader, false).await?;
                let size = usize::from_str_radix(line.split(';').next().unwrap_or_default().trim(), 16).unwrap_or(0);
                (self.length, self.left) = (Some(size), Some(size));
                if size == 0 {
                    break;
                }
            }
            self.data(reader).await?;
            if !self.chunked {
                break;
            }
            self.wget.line(reader, false).await?;
        }
        self.chunked = false;
        self.length = Some(0);
        let left = self.left.take().unwrap_or(0);
        self.left = Some(left);
        self.finish();
        if left != 0 && self.wget.sys.release.busybox > 28 {
            return Err(Death("connection closed prematurely".to_owned(), Some(self.trace)));
        }
        Ok(())
    }

    /// Reads until the length is reached or the connection ends.
    async fn data(&mut self, reader: &mut Reader) -> Result<()> {
        let sys = &self.wget.sys;
        let mut seconds = self.wget.patience;
        while self.left != Some(0) {
            let bytes = reader.take(self.left.unwrap_or(usize::MAX));
            if !bytes.is_empty() {
                self.wget.write(self.name, &bytes, self.trace);
                self.transferred += bytes.len();
                self.left = self.left.map(|left| left - bytes.len());
                seconds = self.wget.patience;
                if self.left != Some(0) {
                    self.show();
                }
                continue;
            }
            let mut until = sys.now() + SECOND;
            if let Some(alarm) = self.alarm.filter(|alarm| *alarm <= until) {
                until = alarm + SECOND;
                self.alarm = None;
            }
            match reader.more(Some(until)).await {
                Received::Bytes(_) => {}
                Received::Closed => return Ok(()),
                Received::Reset => {
                    self.finish();
                    return Err(Death("read error: Connection reset by peer".to_owned(), Some(self.trace)));
                }
                Received::Nothing => {
                    if self.wget.patience > 0 {
                        seconds -= 1;
                        if seconds == 0 {
                            self.finish();
                            return Err(Death("download timed out".to_owned(), Some(self.trace)));
                        }
                    }
                    self.show();
                }
            }
        }
        Ok(())
    }
}
