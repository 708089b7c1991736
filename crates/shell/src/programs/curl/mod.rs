//! curl 7.88 and 8.14, as Debian 12 and 13 have them. Models src/tool_operate.c.

mod help;
mod http;
mod meter;
mod options;
mod report;
mod tls;
mod transfer;
mod url;
mod write_out;

use crate::network::connect::SECOND;
use crate::programs::curl::report::Report;
use crate::sys::Sys;

use options::Given;
use transfer::Curl;

const TRY: &str = "curl: try 'curl --help' or 'curl --manual' for more information\n";

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match options::parse(&argv) {
        Ok(given) => given,
        Err(why) => {
            sys.err.write(format!("curl: {why}\n{TRY}"));
            return 2;
        }
    };
    if given.has("help") {
        sys.out.write(help::help(sys.release.debian));
        return 0;
    }
    if given.has("version") {
        sys.out.write(help::version(sys.release.debian));
        return 0;
    }
    if given.urls.is_empty() {
        sys.err.write(if sys.release.debian < 13 && !argv.is_empty() {
            format!("curl: no URL specified!\n{TRY}")
        } else {
            TRY.to_owned()
        });
        return 2;
    }
    let outputs: Vec<String> = outputs(&given);
    let mut curl = Curl::new(&sys, &given);
    let mut code = 0;
    for (index, pattern) in given.urls.iter().enumerate() {
        let urls = if given.has("globoff") { Ok(vec![pattern.clone()]) } else { url::expand(pattern) };
        let urls = match urls {
            Ok(urls) => urls,
            Err((why, at)) => {
                if !given.has("silent") || given.has("show-error") {
                    let pointer = format!("{}^", " ".repeat(at.saturating_sub(1)));
                    sys.err.write(format!("curl: (3) {why} in URL position {at}:\n{pattern}\n{pointer}\n"));
                }
                return 3;
            }
        };
        for url in urls {
            code = with_retries(&mut curl, &url, outputs.get(index).map(String::as_str)).await;
            if code != 0 && given.has("fail-early") {
                return code;
            }
        }
    }
    code
}

/// Where each URL's body goes, in order: `-o FILE` or `-O`.
fn outputs(given: &Given) -> Vec<String> {
    given
        .options()
        .filter_map(|(word, value)| match word {
            "output" => Some(value.to_owned()),
            "remote-name" => Some(String::new()),
            _ => None,
        })
        .collect()
}

/// One URL, again as long as `--retry` allows. Models `retrycheck`.
async fn with_retries(curl: &mut Curl<'_>, url: &str, output: Option<&str>) -> i32 {
    let given = curl.given;
    let mut left = given.value("retry").and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
    let mut pause = given.micros("retry-delay").unwrap_or(SECOND);
    loop {
        let report = curl.perform(url, output).await;
        say(curl, &report);
        if let Some(format) = given.value("write-out") {
            let text = write_out::render(format, &report);
            match report.trace {
                Some(trace) => curl.sys.out.report(text, trace),
                None => curl.sys.out.write(text),
            }
        }
        let why = match (report.code, report.status) {
            (28 | 6, _) => Some("timeout"),
            (7, _) if given.has("retry-connrefused") => Some("connection refused"),
            (0, 408 | 429 | 500 | 502 | 503 | 504) => Some("HTTP error"),
            (code, _) if code != 0 && given.has("retry-all-errors") => Some("(retrying all errors)"),
            _ => None,
        };
        let Some(why) = why.filter(|_| left > 0) else { return report.code };
        if !given.has("silent") {
            let (seconds, parts) = (pause / SECOND, if left == 1 { "retry" } else { "retries" });
            let unit = if pause == SECOND { "second" } else { "seconds" };
            let text = if curl.new {
                format!("Warning: Problem: {why}. Will retry in {seconds} {unit}. {left} {parts} left.\n")
            } else {
                format!("Warning: Problem: {why}. Will retry in {seconds} seconds. {left} retries left.\n")
            };
            curl.sys.err.write(text);
        }
        curl.sys.sleep(pause).await;
        left -= 1;
        if given.micros("retry-delay").is_none() {
            pause = (pause * 2).min(600 * SECOND);
        }
    }
}

/// The error of a transfer, unless it is to be silent.
fn say(curl: &Curl<'_>, report: &Report) {
    let given = curl.given;
    if report.code == 0 || (given.has("silent") && !given.has("show-error")) {
        return;
    }
    let mut text = format!("curl: ({}) {}\n", report.code, report.message);
    if report.code == 60 {
        let page = if curl.new { "webpage" } else { "web page" };
        text.push_str(&format!(
            "More details here: https://curl.se/docs/sslcerts.html\n\ncurl failed to verify the legitimacy of the server \
             and therefore could not\nestablish a secure connection to it. To learn more about this situation and\nhow to \
             fix it, please visit the {page} mentioned above.\n"
        ));
    }
    match report.trace {
        Some(trace) => curl.sys.err.report(text, trace),
        None => curl.sys.err.write(text),
    }
}
