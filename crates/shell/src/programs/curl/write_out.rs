//! `-w`. Models src/tool_writeout.c.

use super::report::Report;

/// The text of a format, for one transfer.
pub(super) fn render(format: &str, report: &Report) -> String {
    let mut out = String::new();
    let mut rest = format;
    while let Some(at) = rest.find(['%', '\\']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix('\\') {
            let char = after.chars().next();
            match char {
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some('t') => out.push('\t'),
                Some(other) => out.extend(['\\', other]),
                None => out.push('\\'),
            }
            rest = &after[char.map_or(0, char::len_utf8)..];
            continue;
        }
        if let Some(after) = rest.strip_prefix("%%") {
            out.push('%');
            rest = after;
            continue;
        }
        match rest.strip_prefix("%{").and_then(|after| after.split_once('}')) {
            Some((name, after)) => {
                match value(name, report) {
                    Some(value) => out.push_str(&value),
                    None => out.push_str(&format!("curl: unknown --write-out variable: '{name}'\n")),
                }
                rest = after;
            }
            None => {
                out.push('%');
                rest = &rest[1..];
            }
        }
    }
    out + rest
}

fn value(name: &str, report: &Report) -> Option<String> {
    let time = |micros: u64| format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    Some(match name {
        "http_code" | "response_code" => format!("{:03}", report.status),
        "remote_ip" => report.remote.map(|(ip, _)| ip.to_string()).unwrap_or_default(),
        "remote_port" => report.remote.map_or(0, |(_, port)| port).to_string(),
        "local_ip" => report.local.map(|ip| ip.to_string()).unwrap_or_default(),
        "local_port" => report.local_port.to_string(),
        "size_download" => report.received.to_string(),
        "size_header" => report.header_size.to_string(),
        "size_request" => report.request_size.to_string(),
        "size_upload" => report.sent.to_string(),
        "num_redirects" => report.redirects.to_string(),
        "num_connects" => report.connects.to_string(),
        "http_version" => match report.version.as_str() {
            "" => "0".to_owned(),
            version => version.to_owned(),
        },
        "url_effective" | "url" => report.url.clone(),
        "redirect_url" => report.location.clone(),
        "content_type" => report.content_type.clone(),
        "scheme" => report.scheme.clone(),
        "method" => report.method.clone(),
        "exitcode" => report.code.to_string(),
        "errormsg" => report.message.clone(),
        "ssl_verify_result" => report.verify.to_string(),
        "time_total" => time(report.took),
        "time_namelookup" => time(report.looked_up),
        "time_connect" => time(report.connected),
        "time_appconnect" => time(report.encrypted),
        "time_pretransfer" | "time_starttransfer" => time(report.answered),
        "time_redirect" => time(0),
        "speed_download" => (report.received as u64 * 1_000_000 / report.took.max(1)).to_string(),
        "filename_effective" => report.file.clone(),
        _ => return None,
    })
}
