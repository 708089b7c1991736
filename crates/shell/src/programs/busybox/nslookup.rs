//! BusyBox nslookup. Models networking/nslookup.c (the big one): every question goes out at once; here they are
//! answered in the order of asking.

use std::net::Ipv4Addr;

use cluster::network::TraceId;
use cluster::network::dns::{Answer, Data, Question, Rcode, RecordType};

use super::usage;
use crate::network::resolver::{self, Config, Said};
use crate::sys::Sys;

const USAGE: &str = "nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]

Query DNS about HOST

QUERY_TYPE: soa,ns,a,aaaa,cname,mx,txt,ptr,srv,any";

/// Seconds until it gives up.
const PATIENCE: u64 = 5;

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let mut types = Vec::new();
    let mut operands = Vec::new();
    for word in &argv {
        let option = word.strip_prefix('-');
        let wanted = option.and_then(|option| option.split_once('=')).filter(|(name, _)| "querytype".ends_with(name));
        match (wanted, option) {
            (Some((_, name)), _) => match RecordType::of(name) {
                Some(record) => types.push(record),
                None => {
                    sys.err.line(format!("nslookup: invalid query type \"{name}\""));
                    return 1;
                }
            },
            (None, Some("debug")) => {}
            (None, Some(_)) => {
                sys.err.write(usage(USAGE));
                return i32::from(word != "--help");
            }
            (None, None) => operands.push(word.as_str()),
        }
    }
    let (host, server) = match operands.as_slice() {
        [host] => (*host, None),
        [host, server] => (*host, Some(*server)),
        _ => {
            sys.err.write(usage(USAGE));
            return 1;
        }
    };
    let (label, ip) = match server {
        None => {
            let ip = Config::read(&sys).servers[0];
            (ip.to_string(), ip)
        }
        Some(name) => {
            let lookup = resolver::addresses(&sys, name).await;
            match lookup.result.as_deref() {
                Ok([ip, ..]) => (name.to_owned(), *ip),
                _ => {
                    sys.err.line(format!("nslookup: bad address '{name}'"));
                    return 1;
                }
            }
        }
    };
    let search = if server.is_none() { Config::read(&sys).search } else { Vec::new() };
    ask_all(&sys, &label, ip, &questions(host, &types, &search)).await
}

/// What is asked: a name as it is and its type. An address is turned round; a name without dots is searched.
fn questions(host: &str, types: &[RecordType], search: &[String]) -> Vec<(String, RecordType)> {
    if types.is_empty()
        && let Ok(ip) = host.parse::<Ipv4Addr>()
    {
        let [a, b, c, d] = ip.octets();
        return vec![(format!("{d}.{c}.{b}.{a}.in-addr.arpa"), RecordType::Ptr)];
    }
    let types = if types.is_empty() { &[RecordType::A, RecordType::Aaaa] } else { types };
    let names: Vec<String> = if host.contains('.') || search.is_empty() {
        vec![host.trim_end_matches('.').to_owned()]
    } else {
        search.iter().map(|domain| format!("{host}.{domain}")).collect()
    };
    names.iter().flat_map(|name| types.iter().map(|record| (name.clone(), *record))).collect()
}

async fn ask_all(sys: &Sys, label: &str, server: Ipv4Addr, questions: &[(String, RecordType)]) -> i32 {
    let mut status = 0;
    let mut greeted = false;
    for (name, record) in questions {
        let (said, trace) = resolver::ask(sys, server, Question::new(name, *record), PATIENCE).await;
        let print = |text: String| match trace {
            Some(trace) => sys.out.report(text, trace),
            None => sys.out.write(text),
        };
        match said {
            Said::Answer(answer) => {
                if !greeted {
                    print(format!("Server:\t\t{label}\nAddress:\t{server}:53\n\n"));
                    greeted = true;
                }
                let (text, failed) = show(name, &answer);
                print(text);
                status |= i32::from(failed);
            }
            Said::Refused => {
                say_refused(sys, server, trace);
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

/// One answer as text, and whether it is a failure.
fn show(name: &str, answer: &Answer) -> (String, bool) {
    if answer.rcode != Rcode::NoError {
        return (format!("** server can't find {name}: {}\n\n", answer.rcode.as_str()), true);
    }
    let mut text = String::new();
    for record in &answer.answers {
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
