//! BusyBox nslookup. Models networking/nslookup.c: the big one, whose questions all go out at once, and the small one
//! of releases up to 1.28, which asks the C library.

use std::net::{IpAddr, Ipv4Addr};

use cluster::network::TraceId;
use cluster::network::dns::{Answer, Data, Question, Rcode, RecordType};

use super::{dotted, usage};
use crate::network::resolver::{self, Config, Said};
use crate::sys::Sys;

mod small;

const USAGE: &str = "nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]

Query DNS about HOST

QUERY_TYPE: soa,ns,a,aaaa,cname,mx,txt,ptr,srv,any";

/// Seconds until it gives up.
const PATIENCE: u64 = 5;

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    if sys.release.busybox <= 28 {
        return small::run(sys, argv).await;
    }
    if argv.first().is_some_and(|word| word == "--help") {
        sys.err.write(usage(&sys, USAGE));
        return 0;
    }
    let mut seconds = PATIENCE;
    let mut types = Vec::new();
    let mut words = argv.iter().peekable();
    while let Some(word) = words.next_if(|word| word.starts_with('-')) {
        let option = &word[1..];
        // Any beginning of an option will do.
        let (name, value) = option.split_once('=').map_or((option, None), |(name, value)| (name, Some(value)));
        let is = |full: &str| !name.is_empty() && full.starts_with(name);
        match value {
            Some(value) if is("type") || is("querytype") => match record(value) {
                Some(record) => types.push(record),
                None => {
                    sys.err.line(format!("nslookup: invalid query type \"{value}\""));
                    return 1;
                }
            },
            Some(value) if is("timeout") => seconds = value.parse().unwrap_or(PATIENCE),
            Some(_) if is("port") || is("retry") => {}
            None if is("debug") => {}
            _ => {
                sys.err.write(usage(&sys, USAGE));
                return 1;
            }
        }
    }
    let operands: Vec<&str> = words.map(String::as_str).collect();
    let (host, server) = match operands.as_slice() {
        [host] => (*host, None),
        [host, server] => (*host, Some(*server)),
        _ => {
            sys.err.write(usage(&sys, USAGE));
            return 1;
        }
    };
    let servers = match server {
        None => Config::read(&sys).servers.iter().map(|ip| (ip.to_string(), *ip)).collect(),
        Some(name) => {
            let (name, port) = name.rsplit_once(':').map_or((name, None), |(name, port)| (name, Some(port)));
            let lookup = resolver::addresses(&sys, name).await;
            match lookup.first() {
                Some(IpAddr::V4(ip)) if port.is_none_or(|port| port.parse::<u16>().is_ok()) => {
                    vec![(name.to_owned(), ip)]
                }
                _ => {
                    sys.err.line(format!("nslookup: bad address '{name}'"));
                    return 1;
                }
            }
        }
    };
    // Who names a server has no search list.
    let search = if server.is_none() { Config::read(&sys).search } else { Vec::new() };
    let asked = questions(host, &types, &search);
    ask_all(&sys, &servers, &asked, seconds).await
}

/// A type by its name; they are written in lower case.
fn record(word: &str) -> Option<RecordType> {
    let known = ["soa", "ns", "a", "aaaa", "cname", "mx", "txt", "ptr", "srv", "any"];
    known.iter().find(|name| name.eq_ignore_ascii_case(word)).and_then(|name| RecordType::of(name))
}

/// What is asked: a name as it is and its type. An address is turned round; a name without dots is searched.
fn questions(host: &str, types: &[RecordType], search: &[String]) -> Vec<(String, RecordType)> {
    if types.is_empty()
        && let Ok(ip) = host.parse::<Ipv4Addr>()
    {
        return vec![(resolver::reverse(ip), RecordType::Ptr)];
    }
    let types = if types.is_empty() { &[RecordType::A, RecordType::Aaaa] } else { types };
    let names: Vec<String> = if host.contains('.') || search.is_empty() {
        vec![host.to_owned()]
    } else {
        search.iter().map(|domain| format!("{host}.{domain}")).collect()
    };
    types.iter().flat_map(|record| names.iter().map(|name| (name.clone(), *record))).collect()
}

async fn ask_all(sys: &Sys, servers: &[(String, Ipv4Addr)], questions: &[(String, RecordType)], seconds: u64) -> i32 {
    let Some((label, server)) = servers.first() else { return 1 };
    let mut status = 0;
    let mut greeted = false;
    for (name, record) in questions {
        let (said, trace) = resolver::ask(sys, *server, Question::new(name, *record), seconds).await;
        let print = |text: String| match trace {
            Some(trace) => sys.out.report(text, trace),
            None => sys.out.write(text),
        };
        match said {
            Said::Answer(answer) => {
                if !greeted {
                    let ip = IpAddr::V4(*server);
                    print(format!("Server:\t\t{label}\nAddress:\t{}\n\n", dotted(ip, 53)));
                    greeted = true;
                }
                let (text, failed) = show(name, &answer);
                print(text);
                status |= i32::from(failed);
            }
            Said::Refused => {
                say_refused(sys, *server, trace);
                print(";; connection timed out; no servers could be reached\n\n".to_owned());
                return 1;
            }
            Said::Silence => {
                print(";; connection timed out; no servers could be reached\n\n".to_owned());
                return 1;
            }
        }
    }
    status
}

fn say_refused(sys: &Sys, server: Ipv4Addr, trace: Option<TraceId>) {
    let text = format!("nslookup: write to '{server}': Connection refused\n");
    match trace {
        Some(trace) => sys.err.report(text, trace),
        None => sys.err.write(text),
    }
}

/// One answer as text, and whether it is a failure. Models `parse_reply`.
fn show(name: &str, answer: &Answer) -> (String, bool) {
    if answer.rcode != Rcode::NoError {
        return (format!("** server can't find {name}: {}\n\n", answer.rcode.as_str()), true);
    }
    let records = answer.answers.iter();
    // A SOA in answer to another question stands in the authority section, which is not shown.
    let mut text = String::new();
    for record in records {
        let owner = &record.name;
        text.push_str(&match &record.data {
            Data::A(ip) => format!("Name:\t{owner}\nAddress: {ip}\n"),
            Data::Aaaa(ip) => format!("Name:\t{owner}\nAddress: {ip}\n"),
            Data::Cname(target) => format!("{owner}\tcanonical name = {target}\n"),
            Data::Ptr(target) => format!("{owner}\tname = {target}\n"),
            Data::Srv { priority, weight, port, target } => {
                format!("{owner}\tservice = {priority} {weight} {port} {target}\n")
            }
            Data::Txt(value) => format!("{owner}\ttext = \"{value}\"\n"),
            Data::Soa { server, mailbox, serial, times: [refresh, retry, expire, minimum] } => format!(
                "{owner}\n\torigin = {server}\n\tmail addr = {mailbox}\n\tserial = {serial}\n\trefresh = {refresh}\n\
                 \tretry = {retry}\n\texpire = {expire}\n\tminimum = {minimum}\n"
            ),
        });
    }
    (text + "\n", false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_without_dots_are_searched() {
        let search = ["default.svc.cluster.local".to_owned(), "svc.cluster.local".to_owned()];
        let names = |host: &str, types: &[RecordType]| {
            let asked = questions(host, types, &search);
            asked.into_iter().map(|(name, record)| format!("{name} {}", record.as_str())).collect::<Vec<_>>()
        };
        assert_eq!(names("web", &[RecordType::A]), ["web.default.svc.cluster.local A", "web.svc.cluster.local A"]);
        assert_eq!(names("web.default", &[]), ["web.default A", "web.default AAAA"]);
        assert_eq!(names("10.1.2.3", &[]), ["3.2.1.10.in-addr.arpa PTR"]);
    }
}
