//! Over a connection: the request, and what comes back.

use super::{Curl, Failed, Head, Kept};
use crate::files::absolute;
use crate::network::connection::{Line, Reader, Received};
use crate::programs::curl::http::{self, Request};
use crate::programs::curl::url::Url;

impl Curl<'_> {
    /// The request, the head and the body. Returns where a redirection leads, and whether the connection closes.
    pub(super) async fn talk(
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
    pub(super) fn send(&mut self, request: &Request, reader: &mut Reader, http2: bool, url: &Url) {
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
    pub(super) fn late(&self) -> Failed {
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
    pub(super) async fn telnet(&mut self, reader: &mut Reader) -> Result<(), (Failed, bool)> {
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
