//! BusyBox wget. Models networking/wget.c.

use cluster::network::{HttpRequest, HttpResponse, Payload, Protocol, Reply, Socket, TraceId};

use super::usage;
use crate::files::absolute;
use crate::network::connect::{self, Failure, SECOND, Waiting};
use crate::network::resolver;
use crate::network::url::Url;
use crate::programs::options::{Given, Spec};
use crate::sys::Sys;

const SPEC: Spec = Spec {
    short: "cqSO:o:P:Y:U:T:t:nd",
    long: &[
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
        ("no-verbose", 'n', false),
        ("no-clobber", 'n', false),
        ("no-host-directories", 'n', false),
        ("no-parent", 'n', false),
        ("help", '?', false),
    ],
};

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

/// Redirections that it follows.
const REDIRECTIONS: usize = 5;

/// Why it ends, and the request that this is about.
struct Death(String, Option<TraceId>);

type Result<T> = std::result::Result<T, Death>;

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match SPEC.parse(&argv) {
        Ok(given) if given.has('?') => {
            sys.err.write(usage(USAGE));
            return 0;
        }
        Ok(given) if !given.operands.is_empty() => given,
        Ok(_) => {
            sys.err.write(usage(USAGE));
            return 1;
        }
        Err(fault) => {
            sys.err.write(format!("wget: {fault}\n{}", usage(USAGE)));
            return 1;
        }
    };
    let patience = match given.value('T').map(|text| text.parse::<u64>().map_err(|_| text.to_owned())) {
        None => PATIENCE,
        Some(Ok(0)) => PATIENCE,
        Some(Ok(seconds)) => seconds,
        Some(Err(text)) => {
            sys.err.line(format!("wget: invalid number '{text}'"));
            return 1;
        }
    };
    let wget = Wget { quiet: given.has('q'), patience: patience * SECOND, given, sys };
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
    patience: u64,
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

    async fn download(&self, text: &str) -> Result<()> {
        let die = |reason: String| Death(reason, None);
        let parse = |text: &str| Url::parse(text).map_err(|_| die(format!("not an http or ftp url: {text}")));
        let mut url = parse(text)?;
        let name = self.output_name(&url);
        let mut address = None;
        for _ in 0..REDIRECTIONS {
            let (to, looked_up) = match address {
                Some(to) => (to, None),
                None => self.resolve(&url).await?,
            };
            if address.is_none() {
                self.chat(&format!("Connecting to {} ({to})\n", url.authority()), looked_up);
            }
            let (response, trace) = self.request(&url, to).await?;
            let status_line = format!("HTTP/1.1 {} {}", response.status, response.reason);
            self.show(&status_line, trace);
            let redirected = (300..=303).contains(&response.status);
            if !redirected && !matches!(response.status, 100 | 200..=206) {
                return Err(Death(format!("server returned error: {status_line}"), Some(trace)));
            }
            let mut location = None;
            for (name, value) in &response.headers {
                self.show(&format!("{name}: {value}"), trace);
                if redirected && name.eq_ignore_ascii_case("location") {
                    location = Some(value.clone());
                    break;
                }
            }
            let Some(location) = location else {
                self.show("", trace);
                return self.save(&response, &name, trace);
            };
            let next = url.join(&location).map_err(|_| die(format!("not an http or ftp url: {location}")))?;
            // Another URL is looked up again, even of the same host.
            address = (!location.contains("://")).then_some(to);
            url = next;
        }
        Err(die("too many redirections".to_owned()))
    }

    /// A line of the server's answer, with `-S`.
    fn show(&self, line: &str, trace: TraceId) {
        if self.given.has('S') {
            self.tell(&format!("  {line}\n"), Some(trace));
        }
    }

    async fn resolve(&self, url: &Url) -> Result<(Socket, Option<TraceId>)> {
        let Some(port) = url.port() else {
            return Err(Death(format!("bad port '{}'", url.port_text.clone().unwrap_or_default()), None));
        };
        let lookup = resolver::addresses(&self.sys, &url.host).await;
        match lookup.result.as_deref() {
            Ok([ip, ..]) => Ok((Socket { ip: *ip, port }, lookup.trace)),
            _ => Err(Death(format!("bad address '{}'", url.host), lookup.trace)),
        }
    }

    async fn request(&self, url: &Url, to: Socket) -> Result<(HttpResponse, TraceId)> {
        let body = match (self.given.value('p'), self.given.value('f')) {
            (Some(data), _) => Some(data.to_owned()),
            (None, Some(file)) => {
                let text = self.sys.read_file(file);
                Some(text.map_err(|error| Death(format!("can't open '{file}': {error}"), None))?)
            }
            (None, None) => None,
        };
        let mut request = HttpRequest::get(&url.authority(), &url.target);
        request.tls = url.tls;
        let mut set =
            |name: &str, value: String| match request.headers.iter_mut().find(|(n, _)| n.eq_ignore_ascii_case(name)) {
                Some((_, known)) => *known = value,
                None => request.headers.push((name.to_owned(), value)),
            };
        set("User-Agent", self.given.value('U').unwrap_or("Wget").to_owned());
        set("Connection", "close".to_owned());
        if let Some(user) = &url.user {
            set("Authorization", format!("Basic {}", crate::programs::text::base64::encode(user.as_bytes())));
        }
        for header in self.given.values('h') {
            let (name, value) = header.split_once(':').unwrap_or((header, ""));
            set(name, value.trim().to_owned());
        }
        if let Some(body) = body {
            set("Content-Type", "application/x-www-form-urlencoded".to_owned());
            set("Content-Length", body.len().to_string());
            request.method = "POST".to_owned();
            request.body = body.into_bytes();
        }
        let waiting = Waiting { blocking: true, patience: Some(self.patience) };
        let exchange = connect::exchange(&self.sys, Protocol::Tcp, to, Payload::Http(request), waiting).await;
        let trace = exchange.trace;
        let unchecked = url.tls && !self.given.has('k');
        let reached = exchange.result.is_ok();
        if unchecked && reached {
            self.tell("wget: note: TLS certificate validation not implemented\n", Some(trace));
        }
        match exchange.result {
            Ok(Reply::Http(response)) => Ok((response, trace)),
            Ok(_) => Err(Death("error getting response".to_owned(), Some(trace))),
            Err(Failure::Impatient) => Err(Death("download timed out".to_owned(), Some(trace))),
            Err(failure) => Err(Death(format!("can't connect to remote host ({}): {failure}", to.ip), Some(trace))),
        }
    }

    /// The file that a URL is saved to: `-O`, or the last part of its path.
    fn output_name(&self, url: &Url) -> String {
        if let Some(name) = self.given.value('O') {
            return name.to_owned();
        }
        let last = url.target.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let last = if last.is_empty() { "index.html" } else { last };
        match self.given.value('P') {
            Some(folder) => format!("{}/{last}", folder.trim_end_matches('/')),
            None => last.to_owned(),
        }
    }

    fn save(&self, response: &HttpResponse, name: &str, trace: TraceId) -> Result<()> {
        if self.given.has('s') {
            self.chat("remote file exists\n", Some(trace));
            return Ok(());
        }
        let text = String::from_utf8_lossy(&response.body).into_owned();
        let size = response.body.len();
        let (before, after) = match name {
            "-" => ("writing to stdout".to_owned(), "written to stdout".to_owned()),
            name => (format!("saving to '{name}'"), format!("'{name}' saved")),
        };
        match name {
            "-" => {
                self.chat(&format!("{before}\n"), Some(trace));
                self.sys.out.report(text, trace);
            }
            "/dev/null" => self.chat(&format!("{before}\n"), Some(trace)),
            name => {
                self.write(name, text)?;
                self.chat(&format!("{before}\n"), Some(trace));
            }
        }
        if size > 0 {
            self.chat(&self.progress(name, size), Some(trace));
        }
        self.chat(&format!("{after}\n"), Some(trace));
        Ok(())
    }

    fn write(&self, name: &str, text: String) -> Result<()> {
        let path = absolute(&self.sys.folder, name);
        let overwrite = self.given.has('O') || self.given.has('c');
        let written = self
            .sys
            .files(|files| if files.is_file(&path) && !overwrite { None } else { Some(files.write(&path, text)) });
        let why = match written {
            Some(Ok(())) => return Ok(()),
            None => "File exists".to_owned(),
            Some(Err(error)) => error.to_string(),
        };
        Err(Death(format!("can't open '{name}': {why}"), None))
    }

    /// The meter at the end. Models libbb/progress.c for a terminal of 80 columns.
    fn progress(&self, name: &str, size: usize) -> String {
        let last = if name == "-" { name } else { name.rsplit('/').next().unwrap_or(name) };
        let last: String = last.chars().take(20).collect();
        let start = if self.sys.stdin_is_terminal || self.sys.stdout_is_terminal { "\r" } else { "" };
        let size = if size < 100_000 { format!("{size:>5} ") } else { format!("{:>5}k", size / 1024) };
        format!("{start}{last:<20} 100% |{:*<32}| {size} 0:00:00 ETA\n", "")
    }
}
