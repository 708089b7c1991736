//! dig. Models bin/dig/dig.c and dighost.c.

use std::net::Ipv4Addr;

use cluster::network::dns::{Answer, Data, Rcode, Record, RecordType};

use super::{Asker, Extra, Heard, authoritative, size, text, version};
use crate::network::resolver::{self, Config};
use crate::sys::Sys;

const USAGE: &str = "Usage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}
            {global-d-opt} host [@local-server] {local-d-opt}
            [ host [@local-server] {local-d-opt} [...]]

Use \"dig -h\" (or \"dig -h | more\") for complete list of options\n";

/// The switches that are known, whether they have an effect or not.
const SWITCHES: &[&str] = &[
    "aaflag",
    "aaonly",
    "additional",
    "adflag",
    "all",
    "answer",
    "authority",
    "badcookie",
    "besteffort",
    "bufsize",
    "cdflag",
    "class",
    "cl",
    "cmd",
    "comments",
    "cookie",
    "crypto",
    "defname",
    "dns64prefix",
    "dnssec",
    "do",
    "edns",
    "ednsflags",
    "ednsopt",
    "expandaaaa",
    "expire",
    "fail",
    "header-only",
    "http-plain",
    "https",
    "identify",
    "idn",
    "idnin",
    "idnout",
    "ignore",
    "keepalive",
    "keepopen",
    "mapped",
    "multiline",
    "multi",
    "ndots",
    "nsid",
    "nssearch",
    "onesoa",
    "opcode",
    "padding",
    "qid",
    "qr",
    "question",
    "raflag",
    "rdflag",
    "recurse",
    "retry",
    "rrcomments",
    "search",
    "short",
    "showbadcookie",
    "showbadvers",
    "showsearch",
    "sigchase",
    "split",
    "stats",
    "subnet",
    "svcparamkeycompat",
    "tcflag",
    "tcp",
    "time",
    "timeout",
    "tls",
    "topdown",
    "trace",
    "tries",
    "ttlid",
    "ttlunits",
    "unexpected",
    "unknownformat",
    "vc",
    "yaml",
    "zflag",
    "zoneversion",
];

/// Which parts are shown, and how one asks.
#[derive(Clone)]
struct Look {
    short: bool,
    search: bool,
    show_search: bool,
    command: bool,
    comments: bool,
    question: bool,
    answer: bool,
    authority: bool,
    additional: bool,
    stats: bool,
    edns: bool,
    cookie: bool,
    recurse: bool,
    ndots: Option<usize>,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            short: false,
            search: false,
            show_search: false,
            command: true,
            comments: true,
            question: true,
            answer: true,
            authority: true,
            additional: true,
            stats: true,
            edns: true,
            cookie: true,
            recurse: true,
            ndots: None,
        }
    }
}

/// A name to be looked up.
struct Query {
    name: String,
    record: RecordType,
}

/// What the words ask for.
struct Wanted {
    queries: Vec<Query>,
    look: Look,
    server: Option<String>,
    port: u16,
    seconds: u64,
    tries: u64,
    tcp: bool,
}

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    if argv.iter().any(|word| word == "-v") {
        sys.out.line(format!("DiG {}", version(sys.release)));
        return 0;
    }
    if argv.first().is_some_and(|word| word == "-h") {
        sys.out.write(USAGE);
        return 0;
    }
    let wanted = match read(&argv) {
        Ok(wanted) => wanted,
        Err(word) => {
            sys.err.write(format!("Invalid option: {word}\n{USAGE}"));
            return 1;
        }
    };
    let mut asker = Asker::new(&sys, wanted.tries);
    (asker.port, asker.seconds, asker.tcp) = (wanted.port, wanted.seconds, wanted.tcp);
    if let Some(name) = &wanted.server {
        asker = match asker.at(name).await {
            Some(asker) => asker,
            None => {
                sys.err.line(format!("dig: couldn't get address for '{name}': not found"));
                return 10;
            }
        };
    }
    let dig = Dig { greeting: greeting(&sys, &argv, wanted.server.is_some()), asker, look: wanted.look };
    let mut code = 0;
    for (index, query) in wanted.queries.iter().enumerate() {
        // Any and long answers are asked for by TCP.
        let tcp = dig.asker.tcp || query.record == RecordType::Any;
        let asker = Asker { tcp, ..dig.asker.clone() };
        if !dig.look_up(&asker, query, index == 0).await {
            code = 9;
        }
    }
    code
}

/// Models `parse_args`.
fn read(argv: &[String]) -> Result<Wanted, String> {
    let mut wanted =
        Wanted { queries: Vec::new(), look: Look::default(), server: None, port: 53, seconds: 5, tries: 3, tcp: false };
    let mut record = None;
    let mut words = argv.iter();
    while let Some(word) = words.next() {
        if let Some(server) = word.strip_prefix('@') {
            wanted.server = Some(server.to_owned());
        } else if let Some(option) = word.strip_prefix('+') {
            switch(&mut wanted, option).ok_or_else(|| word.clone())?;
        } else if let Some(option) = word.strip_prefix('-').filter(|option| !option.is_empty()) {
            let letter = &option[..1];
            let mut value = || if option.len() > 1 { Some(option[1..].to_owned()) } else { words.next().cloned() };
            match letter {
                "4" | "6" | "u" | "r" | "i" | "m" => {}
                "t" => record = value().and_then(|word| RecordType::of(&word)).or(record),
                "p" => wanted.port = value().and_then(|text| text.parse().ok()).unwrap_or(53),
                "q" => wanted.queries.extend(value().map(|name| Query { name, record: RecordType::A })),
                "x" => {
                    let text = value().unwrap_or_default();
                    let name =
                        text.parse::<Ipv4Addr>().map_or_else(|_| format!("{text}.in-addr.arpa"), resolver::reverse);
                    wanted.queries.push(Query { name, record: RecordType::Ptr });
                }
                "b" | "c" | "f" | "k" | "y" => drop(value()),
                _ => return Err(word.clone()),
            }
        } else if let Some(known) = RecordType::of(word) {
            match wanted.queries.last_mut() {
                Some(last) => last.record = known,
                None => record = Some(known),
            }
        } else if !matches!(word.to_ascii_uppercase().as_str(), "IN" | "CH" | "HS" | "CHAOS") {
            wanted.queries.push(Query { name: word.clone(), record: record.unwrap_or(RecordType::A) });
        }
    }
    if wanted.queries.is_empty() {
        wanted.queries.push(Query { name: ".".to_owned(), record: record.unwrap_or(RecordType::Ns) });
    }
    Ok(wanted)
}

/// A `+` option; `None` when there is none of the name. Models `plus_option`.
fn switch(wanted: &mut Wanted, option: &str) -> Option<()> {
    let (name, value) = option.split_once('=').map_or((option, None), |(name, value)| (name, Some(value)));
    let (name, on) = match name.strip_prefix("no") {
        Some(rest) if SWITCHES.iter().any(|known| known.starts_with(rest)) => (rest, false),
        _ => (name, true),
    };
    let exact = SWITCHES.iter().find(|known| **known == name);
    let known = exact.or_else(|| SWITCHES.iter().find(|known| known.starts_with(name)))?;
    let look = &mut wanted.look;
    let number = value.and_then(|text| text.parse::<u64>().ok());
    match *known {
        "all" => {
            (look.question, look.authority, look.answer, look.additional) = (on, on, on, on);
            (look.comments, look.stats, look.command) = (on, on, on);
        }
        "short" => {
            look.short = on;
            if on {
                (look.question, look.authority, look.additional) = (false, false, false);
                (look.comments, look.stats, look.command) = (false, false, false);
            }
        }
        "search" | "defname" => look.search = on,
        "showsearch" => (look.show_search, look.search) = (on, on || look.search),
        "cmd" => look.command = on,
        "comments" => look.comments = on,
        "question" => look.question = on,
        "answer" => look.answer = on,
        "authority" => look.authority = on,
        "additional" => look.additional = on,
        "stats" => look.stats = on,
        "edns" => look.edns = on,
        "cookie" => look.cookie = on,
        "recurse" | "rdflag" => look.recurse = on,
        "tcp" | "vc" => wanted.tcp = on,
        "ndots" => look.ndots = number.and_then(|number| usize::try_from(number).ok()),
        "time" | "timeout" => wanted.seconds = number.unwrap_or(5).max(1),
        "tries" => wanted.tries = number.unwrap_or(3).max(1),
        "retry" => wanted.tries = number.unwrap_or(2) + 1,
        _ => {}
    }
    Some(())
}

fn greeting(sys: &Sys, argv: &[String], server: bool) -> String {
    let words: String = argv.iter().map(|word| format!(" {word}")).collect();
    let found = if server { "; (1 server found)\n" } else { "" };
    format!("\n; <<>> DiG {} <<>>{words}\n{found};; global options: +cmd\n", version(sys.release))
}

struct Dig {
    greeting: String,
    asker: Asker,
    look: Look,
}

impl Dig {
    /// One name; says whether a server could be reached.
    async fn look_up(&self, asker: &Asker, query: &Query, first: bool) -> bool {
        let look = &self.look;
        let mut config = Config::read(&asker.sys);
        config.dots = look.ndots.unwrap_or(config.dots);
        let candidates = if look.search {
            super::candidates(&config, &query.name)
        } else {
            vec![query.name.trim_end_matches('.').to_owned()]
        };
        let mut greets = first && look.command;
        for (index, name) in candidates.iter().enumerate() {
            let heard = asker.ask(name, query.record).await;
            let Some(heard) = heard else {
                let greeting = if greets { self.greeting.as_str() } else { "" };
                asker.sys.out.write(format!("{greeting};; no servers could be reached\n"));
                return false;
            };
            let more = index + 1 < candidates.len();
            let missing = heard.answer.rcode == Rcode::NxDomain;
            if missing && more && !look.show_search {
                continue;
            }
            let mut shown = String::new();
            if greets {
                shown.push_str(&self.greeting);
                greets = look.show_search;
            }
            self.message(&mut shown, asker, name, query.record, &heard);
            // A search that ends in failure has no closing words.
            let broken = look.search && !authoritative(&heard.answer);
            if look.stats && !broken {
                self.stats(&mut shown, asker, name, &heard);
                // The search that does not take place tells of itself.
                if look.search && missing && candidates.len() == 1 && !query.name.ends_with('.') {
                    self.stats(&mut shown, asker, name, &heard);
                }
            }
            match heard.trace {
                Some(trace) => asker.sys.out.report(shown, trace),
                None => asker.sys.out.write(shown),
            }
            if !(missing && look.show_search) {
                return true;
            }
        }
        true
    }

    /// Models `printmessage`.
    fn message(&self, out: &mut String, asker: &Asker, name: &str, record: RecordType, heard: &Heard) {
        let (look, answer) = (&self.look, &heard.answer);
        if look.short {
            for record in &answer.answers {
                out.push_str(&text::data(&record.data));
                out.push('\n');
            }
            return;
        }
        let extra = Extra::of(answer, look.edns, look.cookie);
        if look.comments {
            out.push_str(";; Got answer:\n");
            if name.trim_end_matches('.').ends_with(".local") {
                out.push_str(
                    ";; WARNING: .local is reserved for Multicast DNS\n;; You are currently testing what happens when an \
                     mDNS query is leaked to DNS\n",
                );
            }
            out.push_str(&header(asker, answer, look.recurse, extra));
        }
        if look.comments && look.additional && extra != Extra::Nothing {
            out.push_str(&pseudo(asker, extra));
        }
        if look.question {
            if look.comments {
                out.push_str(";; QUESTION SECTION:\n");
            }
            out.push_str(&text::question(name, record));
            if look.comments {
                out.push('\n');
            }
        }
        let sections = [
            (look.answer, "ANSWER", &answer.answers),
            (look.authority, "AUTHORITY", &answer.authority),
            (look.additional, "ADDITIONAL", &answer.additional),
        ];
        for (shown, title, records) in sections {
            section(out, look.comments, title, if shown { records } else { &[] });
        }
    }

    fn stats(&self, out: &mut String, asker: &Asker, name: &str, heard: &Heard) {
        let (label, ip) = &asker.server;
        let extra = Extra::of(&heard.answer, self.look.edns, self.look.cookie);
        let now = asker.sys.cluster(|cluster| cluster.now().unix_seconds());
        // Mon Nov 23 03:35:06 UTC 2026, from: Mon, 23 Nov 2026 03:35:06 GMT
        let date = api::time::format_http_date(now);
        let words: Vec<&str> = date.split([' ', ',']).filter(|word| !word.is_empty()).collect();
        let when = match words.as_slice() {
            [week, day, month, year, clock, _] => format!("{week} {month} {day} {clock} UTC {year}"),
            _ => date.clone(),
        };
        out.push_str(&format!(
            ";; Query time: {} msec\n;; SERVER: {ip}#{}({label}) ({})\n;; WHEN: {when}\n;; MSG SIZE  rcvd: {}\n\n",
            heard.millis,
            asker.port,
            if asker.tcp { "TCP" } else { "UDP" },
            size(name, &heard.answer, extra),
        ));
    }
}

/// The header's lines.
fn header(asker: &Asker, answer: &Answer, recurse: bool, extra: Extra) -> String {
    let id = asker.sys.now().0 % 64_511 + 1024;
    let mut flags = "qr".to_owned();
    if authoritative(answer) {
        flags.push_str(" aa");
    }
    if recurse {
        flags.push_str(" rd");
    }
    let additional = answer.additional.len() + usize::from(extra != Extra::Nothing);
    let mut text = format!(
        ";; ->>HEADER<<- opcode: QUERY, status: {}, id: {id}\n;; flags: {flags}; QUERY: 1, ANSWER: {}, AUTHORITY: {}, \
         ADDITIONAL: {additional}\n",
        answer.rcode.as_str(),
        answer.answers.len(),
        answer.authority.len(),
    );
    if recurse {
        text.push_str(";; WARNING: recursion requested but not available\n");
    }
    text + "\n"
}

fn pseudo(asker: &Asker, extra: Extra) -> String {
    let flags = if extra == Extra::Blocked { " do" } else { "" };
    let more = match extra {
        // A client makes its cookie up; the same moment makes the same one here.
        Extra::Cookie => format!("; COOKIE: {:016x} (echoed)\n", asker.sys.now().0.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
        Extra::Blocked => "; EDE: 15 (Blocked)\n".to_owned(),
        Extra::Plain | Extra::Nothing => String::new(),
    };
    format!(";; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:{flags}; udp: 1232\n{more}")
}

fn section(out: &mut String, comments: bool, title: &str, records: &[Record]) {
    if records.is_empty() {
        return;
    }
    if comments {
        out.push_str(&format!(";; {title} SECTION:\n"));
    }
    for record in records {
        // Nobody asks for what cannot be written.
        if !matches!(record.data, Data::Txt(ref text) if text.is_empty()) {
            out.push_str(&text::record(record));
        }
    }
    if comments {
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(line: &str) -> Result<Wanted, String> {
        read(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn words_are_taken_for_what_they_are() {
        for (line, name, record) in [
            ("web", "web", RecordType::A),
            ("SRV web", "web", RecordType::Srv),
            ("web srv", "web", RecordType::Srv),
            ("-t txt web IN", "web", RecordType::Txt),
            ("-x 10.96.0.10 +short", "10.0.96.10.in-addr.arpa", RecordType::Ptr),
        ] {
            let wanted = wanted(line).unwrap();
            assert_eq!((wanted.queries[0].name.as_str(), wanted.queries[0].record), (name, record), "{line}");
        }
        let many = wanted("@10.1.2.3 -p 54 +tries=1 +time=2 +noall +answer one two").unwrap();
        assert_eq!((many.port, many.tries, many.seconds, many.queries.len()), (54, 1, 2, 2));
        assert!(many.look.answer && !many.look.stats && !many.look.command);
        assert_eq!(wanted("+nope web").err().as_deref(), Some("+nope"));
        assert_eq!(wanted("-Z web").err().as_deref(), Some("-Z"));
    }
}
