//! host. Models bin/dig/host.c.

use std::net::Ipv4Addr;

use cluster::network::dns::{Data, Rcode, Record, RecordType};

use super::{Asker, Heard, dotted, text};
use crate::network::resolver::{self, Config};
use crate::programs::options::Spec;
use crate::sys::Sys;

const SPEC: Spec = Spec { short: "aACc:dilm:N:p:rR:st:TUvVwW:46", long: &[] };

const USAGE: &str = "Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time]
            [-R number] [-m flag] [-p port] hostname [server]
       -a is equivalent to -v -t ANY
       -A is like -a but omits RRSIG, NSEC, NSEC3
       -c specifies query class for non-IN data
       -C compares SOA records on authoritative nameservers
       -d is equivalent to -v
       -l lists all hosts in a domain, using AXFR
       -m set memory debugging flag (trace|record|usage)
       -N changes the number of dots allowed before root lookup is done
       -p specifies the port on the server to query
       -r disables recursive processing
       -R specifies number of retries for UDP packets
       -s a SERVFAIL response should stop query
       -t specifies the query type
       -T enables TCP/IP mode
       -U enables UDP mode
       -v enables verbose output
       -V print version number and exit
       -w specifies to wait forever for a reply
       -W specifies how long to wait for a reply
       -4 use IPv4 query transport only
       -6 use IPv6 query transport only\n";

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match SPEC.parse(&argv) {
        Ok(given) if !given.operands.is_empty() => given,
        Ok(_) => {
            sys.err.write(USAGE);
            return 1;
        }
        Err(fault) => {
            sys.err.write(format!("host: {fault}\n{USAGE}"));
            return 1;
        }
    };
    let name = given.operands[0].clone();
    let number = |letter| given.value(letter).and_then(|text| text.parse::<u64>().ok());
    let mut asker = Asker::new(&sys, number('R').map_or(2, |retries| retries + 1));
    asker.seconds = number('W').unwrap_or(5).max(1);
    asker.tcp = given.has('T');
    asker.port = number('p').and_then(|port| u16::try_from(port).ok()).unwrap_or(53);
    if let Some(server) = given.operands.get(1) {
        asker = match asker.at(server).await {
            Some(asker) => asker,
            None => {
                sys.err.line(format!("host: couldn't get address for '{server}': not found"));
                return 1;
            }
        };
    }
    let verbose = given.has('v') || given.has('d') || given.has('a');
    let record = if given.has('a') { Some(RecordType::Any) } else { given.value('t').and_then(RecordType::of) };
    let server = given.operands.get(1).cloned();
    let host = Host { sys: sys.clone(), asker, verbose, server, alone: record.is_some() };
    if let Some(word) = given.value('t').filter(|word| RecordType::of(word).is_none()) {
        sys.err.line(format!("host: invalid type: {word}"));
        return 2;
    }
    let mut config = Config::read(&sys);
    config.dots = number('N').and_then(|dots| usize::try_from(dots).ok()).unwrap_or(config.dots);
    match (name.parse::<Ipv4Addr>(), record) {
        (Ok(ip), None) => host.look_up(&[resolver::reverse(ip)], RecordType::Ptr, true).await.0,
        (_, Some(record)) => host.look_up(&super::candidates(&config, &name), record, false).await.0,
        (_, None) => host.usual(&super::candidates(&config, &name)).await,
    }
}

struct Host {
    sys: Sys,
    asker: Asker,
    verbose: bool,
    server: Option<String>,
    /// Whether one type was asked for: then it is told that there is none.
    alone: bool,
}

impl Host {
    /// Addresses of both kinds and mail servers. What a name stands for is asked from the second question on.
    async fn usual(&self, candidates: &[String]) -> i32 {
        let (code, found) = self.look_up(candidates, RecordType::A, false).await;
        let Some(heard) = found else { return code };
        let mut name = heard.0;
        for record in heard.1.answer.answers {
            if let Data::Cname(target) = record.data {
                name = target.to_string();
            }
        }
        let mut code = code;
        for record in [RecordType::Aaaa, RecordType::Mx] {
            code = code.max(self.look_up(std::slice::from_ref(&name), record, false).await.0);
        }
        code
    }

    /// Asks for each of these names until one is there, and tells what was found.
    async fn look_up(&self, names: &[String], record: RecordType, turned: bool) -> (i32, Option<(String, Heard)>) {
        for (index, name) in names.iter().enumerate() {
            if self.verbose {
                self.sys.out.line(format!("Trying \"{name}\""));
            }
            let Some(heard) = self.asker.ask(name, record).await else {
                self.sys.out.write(";; no servers could be reached\n");
                return (1, None);
            };
            if heard.answer.rcode == Rcode::NxDomain && index + 1 < names.len() {
                continue;
            }
            let rcode = heard.answer.rcode;
            self.greet(record);
            if rcode != Rcode::NoError {
                let number = match rcode {
                    Rcode::NxDomain => 3,
                    Rcode::Refused => 5,
                    _ => 2,
                };
                let shown = if turned { dotted(name) } else { name.clone() };
                self.tell(&format!("Host {shown} not found: {number}({})\n", rcode.as_str()), &heard);
                return (1, None);
            }
            self.show(name, record, &heard);
            return (0, Some((name.clone(), heard)));
        }
        (1, None)
    }

    /// Which server is asked, if one was given; once.
    fn greet(&self, record: RecordType) {
        let Some(name) = self.server.as_ref().filter(|_| !matches!(record, RecordType::Aaaa | RecordType::Mx)) else {
            return;
        };
        let ip = self.asker.server.1;
        let port = self.asker.port;
        self.sys.out.write(format!("Using domain server:\nName: {name}\nAddress: {ip}#{port}\nAliases: \n\n"));
    }

    fn tell(&self, text: &str, heard: &Heard) {
        match heard.trace {
            Some(trace) => self.sys.out.report(text, trace),
            None => self.sys.out.write(text),
        }
    }

    fn show(&self, name: &str, record: RecordType, heard: &Heard) {
        let answer = &heard.answer;
        if self.verbose {
            let mut out = format!(
                ";; ->>HEADER<<- opcode: QUERY, status: {}, id: {}\n;; flags: qr aa rd; QUERY: 1, ANSWER: {}, AUTHORITY: \
                 {}, ADDITIONAL: {}\n\n;; QUESTION SECTION:\n{}\n",
                answer.rcode.as_str(),
                self.sys.now().0 % 64_511 + 1024,
                answer.answers.len(),
                answer.authority.len(),
                answer.additional.len(),
                text::question(name, record),
            );
            let sections =
                [("ANSWER", &answer.answers), ("AUTHORITY", &answer.authority), ("ADDITIONAL", &answer.additional)];
            for (title, records) in sections.into_iter().filter(|(_, records)| !records.is_empty()) {
                let lines: String = records.iter().map(text::record).collect();
                out.push_str(&format!(";; {title} SECTION:\n{lines}\n"));
            }
            let bytes = super::size(name, answer, super::Extra::Nothing);
            let (ip, port) = (self.asker.server.1, self.asker.port);
            out.push_str(&format!("Received {bytes} bytes from {ip}#{port} in {} ms\n", heard.millis));
            self.tell(&out, heard);
            return;
        }
        // The second and third question show no alias again.
        let shown = |data: &Data| {
            matches!(record, RecordType::A | RecordType::Cname | RecordType::Any) || !matches!(data, Data::Cname(_))
        };
        let lines: String = answer.answers.iter().filter(|entry| shown(&entry.data)).map(line).collect();
        if answer.answers.is_empty() && self.alone {
            self.tell(&format!("{name} has no {} record\n", record.as_str()), heard);
            return;
        }
        self.tell(&lines, heard);
    }
}

/// One record in words.
fn line(record: &Record) -> String {
    let name = &record.name;
    let words = match &record.data {
        Data::A(_) => "has address",
        Data::Aaaa(_) => "has IPv6 address",
        Data::Cname(_) => "is an alias for",
        Data::Ptr(_) => "domain name pointer",
        Data::Srv { .. } => "has SRV record",
        Data::Txt(_) => "descriptive text",
        Data::Soa { .. } => "has SOA record",
    };
    format!("{name} {words} {}\n", text::data(&record.data))
}
