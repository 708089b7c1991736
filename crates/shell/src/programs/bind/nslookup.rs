//! nslookup. Models bin/dig/nslookup.c.

use std::net::Ipv4Addr;

use cluster::network::dns::{Data, Rcode, Record, RecordType};

use super::{Asker, Heard, dotted, is_outside};
use crate::network::resolver::{self, Config};
use crate::sys::Sys;

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let mut nslookup = Nslookup { asker: Asker::new(&sys, 3), sys, types: None, debug: false, given: false };
    let mut operands = Vec::new();
    for word in &argv {
        match word.strip_prefix('-').filter(|option| !option.is_empty()) {
            Some(option) => nslookup.set(option),
            None => operands.push(word.as_str()),
        }
    }
    if let Some(server) = operands.get(1)
        && !nslookup.take_server(server).await
    {
        nslookup.sys.err.line(format!("nslookup: couldn't get address for '{server}': not found"));
        return 1;
    }
    match operands.first() {
        Some(name) => nslookup.look_up(name).await,
        None if argv.is_empty() => nslookup.talk().await,
        None => {
            nslookup.sys.out.write("\n");
            1
        }
    }
}

struct Nslookup {
    sys: Sys,
    asker: Asker,
    /// The type that was asked for; addresses of both kinds otherwise.
    types: Option<RecordType>,
    debug: bool,
    /// Whether a server was named: then nobody minds that it does not recurse.
    given: bool,
}

impl Nslookup {
    /// Models `setoption`.
    fn set(&mut self, option: &str) {
        let (name, value) = option.split_once('=').map_or((option, ""), |(name, value)| (name, value));
        match name {
            "type" | "ty" | "querytype" | "query" | "qu" | "q" => match RecordType::of(value) {
                Some(record) => self.types = Some(record),
                None => self.sys.out.line(format!("unknown query type: {value}")),
            },
            "timeout" | "ti" => self.asker.seconds = value.parse().unwrap_or(5).max(1),
            "retry" | "ret" => self.asker.tries = value.parse::<u64>().unwrap_or(2) + 1,
            "port" | "po" => self.asker.port = value.parse().unwrap_or(53),
            "debug" | "deb" => self.debug = true,
            "nodebug" | "nodeb" => self.debug = false,
            "vc" => self.asker.tcp = true,
            "novc" => self.asker.tcp = false,
            "recurse" | "norecurse" | "search" | "nosearch" | "all" | "class" | "d2" | "nod2" | "domain" | "fail"
            | "nofail" | "ndots" => {}
            _ => self.sys.out.line(format!("*** Invalid option: {option}")),
        }
    }

    async fn take_server(&mut self, name: &str) -> bool {
        match self.asker.clone().at(name).await {
            Some(asker) => {
                self.asker = asker;
                self.given = true;
                true
            }
            None => false,
        }
    }

    /// Names from a keyboard or a pipe. Models `get_next_command`.
    async fn talk(&mut self) -> i32 {
        let terminal = self.sys.stdin_is_terminal;
        let mut code = 0;
        loop {
            if terminal {
                self.sys.out.write("> ");
            }
            let line = self.sys.read_line().await;
            if line.is_empty() {
                break;
            }
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                [] => {}
                ["exit", ..] => break,
                ["set", options @ ..] => options.iter().for_each(|option| self.set(option)),
                ["server" | "lserver", name] => {
                    if self.take_server(name).await {
                        let (label, ip) = &self.asker.server;
                        let port = self.asker.port;
                        self.sys.out.write(format!("Default server: {label}\nAddress: {ip}#{port}\n"));
                    }
                }
                [name, ..] => code = self.ask(name).await,
            }
        }
        self.sys.out.write("\n");
        if code == 0 { 0 } else { 1 }
    }

    /// A name of the command line.
    async fn look_up(&self, name: &str) -> i32 {
        let code = self.ask(name).await;
        self.sys.out.write("\n");
        code
    }

    async fn ask(&self, name: &str) -> i32 {
        if let (Ok(ip), None) = (name.parse::<Ipv4Addr>(), self.types) {
            return self.search(&[resolver::reverse(ip)], RecordType::Ptr, Shown::Bare).await.0;
        }
        let candidates = super::candidates(&Config::read(&self.sys), name);
        if let Some(record) = self.types {
            return self.search(&candidates, record, Shown::Alone).await.0;
        }
        let (code, found) = self.search(&candidates, RecordType::A, Shown::First).await;
        let Some((found, heard)) = found else { return code };
        let target = heard.answer.answers.iter().rev().find_map(|record| match &record.data {
            Data::Cname(target) => Some(target.to_string()),
            _ => None,
        });
        let addresses = !heard.answer.addresses().is_empty();
        let shown = if addresses { Shown::Second } else { Shown::Only };
        let name = target.unwrap_or(found);
        code.max(self.search(&[name], RecordType::Aaaa, shown).await.0)
    }

    /// Asks for each of these names until one is there, and tells what was found.
    async fn search(&self, names: &[String], record: RecordType, shown: Shown) -> (i32, Option<(String, Heard)>) {
        let mut code = 0;
        for (index, name) in names.iter().enumerate() {
            let Some(heard) = self.asker.ask(name, record).await else {
                self.sys.out.write(";; no servers could be reached\n");
                return (1, None);
            };
            let rcode = heard.answer.rcode;
            let ip = self.asker.server.1;
            let mut out = String::new();
            if rcode == Rcode::ServFail {
                out.push_str(&format!(";; Got SERVFAIL reply from {ip}\n"));
            } else if !self.given && !is_outside(ip) {
                out.push_str(&format!(";; Got recursion not available from {ip}\n"));
            }
            let more = index + 1 < names.len() && rcode == Rcode::NxDomain;
            if more && !self.debug {
                self.tell(&out, &heard);
                continue;
            }
            if matches!(shown, Shown::First | Shown::Alone) {
                let label = &self.asker.server.0;
                out.push_str(&format!("Server:\t\t{label}\nAddress:\t{ip}#{}\n\n", self.asker.port));
            }
            if self.debug {
                out.push_str(&details(name, record, &heard));
            }
            if rcode == Rcode::NoError {
                out.push_str(&found(name, &heard, shown));
                self.tell(&out, &heard);
                return (code, Some((name.clone(), heard)));
            }
            out.push_str(&format!("** server can't find {}: {}\n", name.trim_end_matches('.'), rcode.as_str()));
            self.tell(&out, &heard);
            if !more {
                return (1, None);
            }
            code = 1;
        }
        (1, None)
    }

    fn tell(&self, text: &str, heard: &Heard) {
        match heard.trace {
            Some(trace) => self.sys.out.report(text, trace),
            None => self.sys.out.write(text),
        }
    }
}

/// Which question this is, and so what is told of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// For the name of an address.
    Bare,
    /// For the one type that was wanted.
    Alone,
    /// For addresses; another follows.
    First,
    /// For more addresses, where there are some.
    Second,
    /// For more addresses, where there are none yet.
    Only,
}

/// What was found.
fn found(name: &str, heard: &Heard, shown: Shown) -> String {
    let records = &heard.answer.answers;
    if records.is_empty() && matches!(shown, Shown::Alone | Shown::Only) {
        return format!("*** Can't find {name}: No answer\n");
    }
    let told = |record: &&Record| shown != Shown::Second || !matches!(record.data, Data::Cname(_));
    records.iter().filter(told).map(line).collect()
}

fn line(record: &Record) -> String {
    let name = &record.name;
    match &record.data {
        Data::A(ip) => format!("Name:\t{name}\nAddress: {ip}\n"),
        Data::Aaaa(ip) => format!("Name:\t{name}\nAddress: {ip}\n"),
        Data::Cname(target) => format!("{name}\tcanonical name = {}\n", dotted(target)),
        Data::Ptr(target) => format!("{name}\tname = {}\n", dotted(target)),
        Data::Srv { priority, weight, port, target } => {
            format!("{name}\tservice = {priority} {weight} {port} {}\n", dotted(target))
        }
        Data::Txt(text) => format!("{name}\ttext = \"{text}\"\n"),
        Data::Soa { .. } => format!("{name}\n{}", soa(record)),
    }
}

fn soa(record: &Record) -> String {
    let Data::Soa { server, mailbox, serial, times: [refresh, retry, expire, minimum] } = &record.data else {
        return String::new();
    };
    format!(
        "\torigin = {server}\n\tmail addr = {mailbox}\n\tserial = {serial}\n\trefresh = {refresh}\n\tretry = {retry}\n\
         \texpire = {expire}\n\tminimum = {minimum}\n"
    )
}

/// What `-debug` shows. Models `detailsection`.
fn details(name: &str, record: RecordType, heard: &Heard) -> String {
    let mut out = format!("------------\n    QUESTIONS:\n\t{name}, type = {}, class = IN\n", record.as_str());
    let answer = &heard.answer;
    let sections = [
        ("ANSWERS", &answer.answers),
        ("AUTHORITY RECORDS", &answer.authority),
        ("ADDITIONAL RECORDS", &answer.additional),
    ];
    for (title, records) in sections {
        out.push_str(&format!("    {title}:\n"));
        for record in records {
            let data = match &record.data {
                Data::A(ip) => format!("\tinternet address = {ip}\n"),
                Data::Aaaa(ip) => format!("\thas AAAA address {ip}\n"),
                Data::Soa { .. } => soa(record),
                other => format!("\t{} = {}\n", word(other), super::text::data(other)),
            };
            out.push_str(&format!("    ->  {}\n{data}\tttl = {}\n", record.name, record.ttl));
        }
    }
    out + "------------\n"
}

fn word(data: &Data) -> &'static str {
    match data {
        Data::Cname(_) => "canonical name",
        Data::Ptr(_) => "name",
        Data::Srv { .. } => "service",
        _ => "text",
    }
}
