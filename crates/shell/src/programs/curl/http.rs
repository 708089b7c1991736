//! The request that curl makes of its options. Models lib/http.c `Curl_http`.

use super::options::Given;
use super::url::Url;
use crate::sys::Sys;

/// A request in lines, and its body.
pub(super) struct Request {
    pub(super) method: String,
    /// The lines without their ends, the first is the request line.
    pub(super) lines: Vec<String>,
    pub(super) body: Vec<u8>,
}

/// Builds it. `again` says that this follows a redirection, which turns a POST into a GET.
///
/// # Errors
/// The code and the words when a file cannot be read.
pub(super) fn build(sys: &Sys, given: &Given, url: &Url, again: bool, agent: &str) -> Result<Request, (i32, String)> {
    let data = if again { None } else { data(sys, given)? };
    let as_query = given.has("get");
    let upload = match given.value("upload-file").filter(|_| !again) {
        Some("-") | None => None,
        Some(file) => Some(sys.read_file(file).map_err(|_| (26, format!("Can't open '{file}'!")))?),
    };
    let json = given.value("json").is_some();
    let usual = match () {
        () if given.has("head") => "HEAD",
        () if upload.is_some() => "PUT",
        () if (data.is_some() || given.value("form").is_some()) && !as_query => "POST",
        () => "GET",
    };
    let method = given.value("request").unwrap_or(usual).to_owned();
    let mut target = url.target.clone();
    let mut body = Vec::new();
    match data {
        Some(data) if as_query => {
            target.push(if target.contains('?') { '&' } else { '?' });
            target.push_str(&data);
        }
        Some(data) => body = data.into_bytes(),
        None => {}
    }
    let custom: Vec<&str> = given.values("header").collect();
    let named = |name: &str| {
        custom
            .iter()
            .find(|line| line.split([':', ';']).next().is_some_and(|known| known.trim().eq_ignore_ascii_case(name)))
    };
    let version = if given.has("http1.0") { "1.0" } else { "1.1" };
    let mut lines = vec![format!("{method} {target} HTTP/{version}")];
    let mut put = |name: &str, value: &str| {
        if named(name).is_none() && !value.is_empty() {
            lines.push(format!("{name}: {value}"));
        }
    };
    match named("Host") {
        Some(line) if !line.ends_with(':') => put("", ""),
        Some(_) => {}
        None => put("Host", &url.authority()),
    }
    let user = given.value("user").map(str::to_owned).or_else(|| url.user.clone());
    if let Some(user) = user {
        let encoded = api::secret::base64(user.as_bytes());
        put("Authorization", &format!("Basic {encoded}"));
    }
    if let Some(range) = given.value("range") {
        put("Range", &format!("bytes={range}"));
    }
    put("User-Agent", given.value("user-agent").unwrap_or(agent));
    put("Accept", if json { "application/json" } else { "*/*" });
    if given.has("compressed") {
        put("Accept-Encoding", "deflate, gzip, br, zstd");
    }
    if let Some(referer) = given.value("referer") {
        put("Referer", referer);
    }
    if let Some(cookie) = given.value("cookie").filter(|cookie| cookie.contains('=')) {
        put("Cookie", cookie);
    }
    let mut host = named("Host").filter(|line| !line.ends_with(':')).map(|line| (*line).to_owned());
    if let Some(line) = host.take() {
        lines.insert(1, line);
    }
    for line in &custom {
        let name = line.split([':', ';']).next().unwrap_or_default();
        let value = line.split_once(':').map_or("", |(_, value)| value.trim());
        if name.eq_ignore_ascii_case("host") {
            continue;
        }
        if !value.is_empty() {
            lines.push((*line).to_owned());
        } else if let Some(name) = line.strip_suffix(';') {
            lines.push(format!("{name}:"));
        }
    }
    if let Some(text) = upload {
        body = text.into_bytes();
        lines.push(format!("Content-Length: {}", body.len()));
    } else if usual == "POST" {
        if named("Content-Length").is_none() {
            lines.push(format!("Content-Length: {}", body.len()));
        }
        if named("Content-Type").is_none() {
            let kind = if json { "application/json" } else { "application/x-www-form-urlencoded" };
            lines.push(format!("Content-Type: {kind}"));
        }
    }
    Ok(Request { method, lines, body })
}

/// What `-d` and its kin give, joined by `&`.
fn data(sys: &Sys, given: &Given) -> Result<Option<String>, (i32, String)> {
    let mut all: Option<String> = None;
    for (word, value) in given.options() {
        let glue = match word {
            "json" => "",
            "data" | "data-ascii" | "data-binary" | "data-raw" | "data-urlencode" => "&",
            _ => continue,
        };
        let text = match value.strip_prefix('@').filter(|_| word != "data-raw") {
            Some("-") => String::new(),
            Some(file) => {
                let text = sys.read_file(file).map_err(|_| (26, format!("Failed to open {file}")))?;
                if word == "data-binary" || word == "json" { text } else { text.replace(['\r', '\n'], "") }
            }
            None => value.to_owned(),
        };
        let text = if word == "data-urlencode" { encoded(&text) } else { text };
        all = Some(all.map_or_else(|| text.clone(), |before| format!("{before}{glue}{text}")));
    }
    Ok(all)
}

/// `name=content` with the content percent-encoded.
fn encoded(text: &str) -> String {
    let (name, content) = text.split_once('=').map_or(("", text), |(name, content)| (name, content));
    let mut out = if name.is_empty() { String::new() } else { format!("{name}=") };
    for byte in content.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
