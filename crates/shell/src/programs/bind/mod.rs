//! BIND's dig, host and nslookup, 9.18 and 9.20, as Debian 12 and 13 have them: what they share.

pub(super) mod dig;
pub(super) mod host;
pub(super) mod nslookup;
mod text;

use std::net::{IpAddr, Ipv4Addr};

use cluster::network::dns::{Answer, Data, Question, Rcode, Record, RecordType};
use cluster::network::{Protocol, Socket, TraceId};

use crate::network::resolver::{self, Config, OUTSIDE_SERVER, Said};
use crate::sys::{Release, Sys};

/// The version that dig names.
fn version(release: Release) -> &'static str {
    if release.debian < 13 { "9.18.49-1~deb12u3-Debian" } else { "9.20.26-1~deb13u1-Debian" }
}

/// Whom to ask, and how patiently.
#[derive(Clone)]
struct Asker {
    sys: Sys,
    /// The name as given, and the address.
    server: (String, Ipv4Addr),
    port: u16,
    seconds: u64,
    tries: u64,
    tcp: bool,
}

/// An answer and how it came.
struct Heard {
    answer: Answer,
    trace: Option<TraceId>,
    millis: u64,
}

impl Asker {
    /// The first server of the machine's configuration.
    fn new(sys: &Sys, tries: u64) -> Self {
        let server = Config::read(sys).servers.first().copied().unwrap_or(Ipv4Addr::LOCALHOST);
        Self { sys: sys.clone(), server: (server.to_string(), server), port: 53, seconds: 5, tries, tcp: false }
    }

    /// Takes a server by name or address; `None` when it is not known.
    async fn at(self, name: &str) -> Option<Self> {
        let lookup = resolver::addresses(&self.sys, name).await;
        match lookup.first()? {
            IpAddr::V4(ip) => Some(Self { server: (name.to_owned(), ip), ..self }),
            IpAddr::V6(_) => None,
        }
    }

    /// Asks a question as often as it takes, and tells of each failure. Models lib/dns and dighost.c `recv_done`.
    async fn ask(&self, name: &str, record: RecordType) -> Option<Heard> {
        let protocol = if self.tcp { Protocol::Tcp } else { Protocol::Udp };
        let to = Socket { ip: self.server.1, port: self.port };
        for _ in 0..self.tries {
            let start = self.sys.now();
            let question = Question::new(name, record);
            let (said, trace) = resolver::ask_at(&self.sys, to, protocol, question, self.seconds).await;
            let why = match said {
                Said::Answer(answer) => {
                    return Some(Heard { answer, trace, millis: (self.sys.now() - start) / 1000 });
                }
                Said::Refused => "connection refused",
                Said::Silence => "timed out",
            };
            let text = format!(";; communications error to {}#{}: {why}\n", to.ip, to.port);
            match trace {
                Some(trace) => self.sys.out.report(text, trace),
                None => self.sys.out.write(text),
            }
        }
        None
    }
}

/// The names that a name is tried as. Models dighost.c: one with enough dots is tried as it is and no further.
fn candidates(config: &Config, name: &str) -> Vec<String> {
    let dots = name.matches('.').count();
    if name.ends_with('.') || dots >= config.dots {
        return vec![name.trim_end_matches('.').to_owned()];
    }
    config.candidates(name)
}

/// The length of a name in a message that compresses nothing.
fn length(name: &str) -> usize {
    let name = name.trim_end_matches('.');
    if name.is_empty() { 1 } else { name.len() + 2 }
}

/// The length of a record.
fn record_length(record: &Record) -> usize {
    let data = match &record.data {
        Data::A(_) => 4,
        Data::Aaaa(_) => 16,
        Data::Cname(name) | Data::Ptr(name) => length(name),
        Data::Srv { target, .. } => 6 + length(target),
        Data::Txt(text) => 1 + text.len(),
        Data::Soa { server, mailbox, .. } => length(server) + length(mailbox) + 20,
    };
    length(&record.name) + 10 + data
}

/// What the server says besides: CoreDNS sends a cookie back, but where it blocks it gives the reason instead.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extra {
    Nothing,
    Plain,
    Cookie,
    Blocked,
}

impl Extra {
    fn of(answer: &Answer, edns: bool, cookie: bool) -> Self {
        match (edns, answer.rcode == Rcode::Refused, cookie) {
            (false, ..) => Self::Nothing,
            (_, true, _) => Self::Blocked,
            (_, _, true) => Self::Cookie,
            _ => Self::Plain,
        }
    }

    fn length(self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::Plain => 11,
            Self::Cookie => 23,
            Self::Blocked => 17,
        }
    }
}

/// The size of a message: CoreDNS compresses none that fits.
fn size(question: &str, answer: &Answer, extra: Extra) -> usize {
    let records = answer.answers.iter().chain(&answer.authority).chain(&answer.additional);
    12 + length(question) + 4 + records.map(record_length).sum::<usize>() + extra.length()
}

/// Whether a server answers with authority; one that fails or refuses does not.
fn authoritative(answer: &Answer) -> bool {
    matches!(answer.rcode, Rcode::NoError | Rcode::NxDomain)
}

/// A name as it is written, with its last dot.
fn dotted(name: &str) -> String {
    format!("{}.", name.trim_end_matches('.'))
}

/// Whether this is the server outside, whose answers are not of the cluster.
fn is_outside(ip: Ipv4Addr) -> bool {
    ip == OUTSIDE_SERVER
}
