//! Names to addresses, as glibc does it: literals, `/etc/hosts`, then DNS with the search list of `/etc/resolv.conf`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use api::arrange::Arrange;
use cluster::network::dns::{self, Answer, Question, Rcode, RecordType};
use cluster::network::{Payload, Protocol, Reply, Socket, TraceId, Vantage};

use super::connect::{self, Failure, SECOND, Waiting};
use crate::sys::Sys;

/// The name server of the network that the nodes are in. It knows the world's names and no Service's.
pub(crate) const OUTSIDE_SERVER: Ipv4Addr = Ipv4Addr::new(192, 168, 64, 1);

/// Microseconds until it answers.
const OUTSIDE_DELAY: u64 = 2000;

/// What `/etc/resolv.conf` says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// The name servers, at most three.
    pub servers: Vec<Ipv4Addr>,
    /// The domains that names are tried in.
    pub(crate) search: Vec<String>,
    /// From how many dots on a name is first tried as it is.
    pub(crate) dots: usize,
    /// Seconds to wait for an answer, and how often.
    pub(crate) timeout: u64,
    pub(crate) attempts: usize,
}

impl Config {
    /// Reads the file of this machine.
    pub(crate) fn read(sys: &Sys) -> Self {
        Self::parse(&sys.read_file("/etc/resolv.conf").unwrap_or_default())
    }

    /// Reads the text of such a file.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut config = Self { servers: Vec::new(), search: Vec::new(), dots: 1, timeout: 5, attempts: 2 };
        for line in text.lines() {
            let mut words = line.split_whitespace();
            match words.next() {
                Some("nameserver") if config.servers.len() < 3 => {
                    config.servers.extend(words.next().and_then(|ip| ip.parse::<Ipv4Addr>().ok()));
                }
                Some("search" | "domain") => config.search = words.map(str::to_owned).collect(),
                Some("options") => {
                    for option in words {
                        match option.split_once(':') {
                            Some(("ndots", value)) => config.dots = value.parse().unwrap_or(1).min(15),
                            Some(("timeout", value)) => config.timeout = value.parse().unwrap_or(5).clamp(1, 30),
                            Some(("attempts", value)) => config.attempts = value.parse().unwrap_or(2).clamp(1, 5),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        if config.servers.is_empty() {
            config.servers.push(Ipv4Addr::LOCALHOST);
        }
        config
    }

    /// The full names that a name is tried as, in order.
    #[must_use]
    pub fn candidates(&self, name: &str) -> Vec<String> {
        if let Some(absolute) = name.strip_suffix('.') {
            return vec![absolute.to_owned()];
        }
        let searched = self.search.iter().map(|domain| format!("{name}.{}", domain.trim_end_matches('.')));
        let as_it_is = [name.to_owned()].into_iter();
        if name.matches('.').count() >= self.dots {
            as_it_is.chain(searched).collect()
        } else {
            searched.chain(as_it_is).collect()
        }
    }
}

/// Why a name has no address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unknown {
    /// The servers say that it is not there (`EAI_NONAME`, `EAI_NODATA`).
    NoSuchName,
    /// No server could say (`EAI_AGAIN`).
    TryAgain,
}

/// What a look-up came to, and the last question it asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Lookup {
    /// The addresses, best first.
    pub(crate) result: Result<Vec<IpAddr>, Unknown>,
    /// The name they belong to (`AI_CANONNAME`).
    pub(crate) canonical: String,
    pub(crate) trace: Option<TraceId>,
}

impl Lookup {
    fn found(name: &str, addresses: Vec<IpAddr>) -> Self {
        Self { result: Ok(addresses), canonical: name.to_owned(), trace: None }
    }

    /// The first address, an IPv4 one if there is one.
    pub(crate) fn first(&self) -> Option<IpAddr> {
        let found = self.result.as_ref().ok()?;
        found.iter().find(|ip| ip.is_ipv4()).or_else(|| found.first()).copied()
    }
}

/// What one question to one server came to.
pub(crate) enum Said {
    /// The server's answer.
    Answer(Answer),
    /// The question was refused: nobody takes it there.
    Refused,
    /// Nobody answered in time.
    Silence,
}

/// Asks one server one question, once, and waits so many seconds for the answer.
pub(crate) async fn ask(sys: &Sys, server: Ipv4Addr, question: Question, seconds: u64) -> (Said, Option<TraceId>) {
    ask_at(sys, Socket { ip: server, port: 53 }, Protocol::Udp, question, seconds).await
}

/// The same at any port.
pub(crate) async fn ask_at(
    sys: &Sys,
    to: Socket,
    protocol: Protocol,
    question: Question,
    seconds: u64,
) -> (Said, Option<TraceId>) {
    if to.ip == OUTSIDE_SERVER && to.port == 53 {
        sys.sleep(OUTSIDE_DELAY).await;
        let answer = sys.cluster(|cluster| dns::answer_outside(cluster, &question));
        return (Said::Answer(answer), None);
    }
    let waiting = Waiting { blocking: false, patience: Some(seconds * SECOND) };
    let exchange = connect::exchange(sys, protocol, to, Payload::Dns(question), waiting).await;
    let said = match exchange.result {
        Ok(Reply::Dns(answer)) => Said::Answer(answer),
        Err(Failure::Refused) => Said::Refused,
        // Whatever else comes is no answer to the question, and is thrown away.
        Ok(_) => {
            sys.sleep(seconds * SECOND).await;
            Said::Silence
        }
        Err(_) => Said::Silence,
    };
    (said, Some(exchange.trace))
}

/// The addresses of a name. Models glibc's `getaddrinfo` with `res_search`; the question for IPv6 addresses that goes
/// out beside each of its questions is left out, for the cluster has none.
pub(crate) async fn addresses(sys: &Sys, name: &str) -> Lookup {
    addresses_by(sys, &Config::read(sys), name).await
}

/// The same with another configuration than the machine's.
pub(crate) async fn addresses_by(sys: &Sys, config: &Config, name: &str) -> Lookup {
    if let Some(ip) = literal(name) {
        return Lookup::found(name, vec![IpAddr::V4(ip)]);
    }
    if let Ok(ip) = name.parse::<Ipv6Addr>() {
        return Lookup::found(name, vec![IpAddr::V6(ip)]);
    }
    if let Some((canonical, mut known)) = from_hosts(sys, name) {
        known.arrange_by_key(IpAddr::is_ipv4);
        return Lookup::found(&canonical, known);
    }
    let unknown = |why, trace| Lookup { result: Err(why), canonical: String::new(), trace };
    let well_formed = |label: &str| !label.is_empty() && label.len() < 64 && !label.contains([' ', '\'', '"', '\\']);
    if name.is_empty() || !name.strip_suffix('.').unwrap_or(name).split('.').all(well_formed) {
        return unknown(Unknown::NoSuchName, None);
    }
    let candidates = config.candidates(name);
    let mut why = Unknown::NoSuchName;
    let mut trace = None;
    let mut silent = false;
    for candidate in &candidates {
        // After a silence only the name as it is gets a last chance.
        if silent && candidate != name.trim_end_matches('.') {
            continue;
        }
        let (said, id) = ask_all(sys, config, &Question::new(candidate, RecordType::A)).await;
        trace = id;
        match said {
            Said::Answer(answer) => {
                let found = answer.addresses();
                if !found.is_empty() {
                    let canonical = canonical(&answer, candidate);
                    return Lookup { result: Ok(sorted(sys, found)), canonical, trace };
                }
                if matches!(answer.rcode, Rcode::ServFail | Rcode::Refused) {
                    why = Unknown::TryAgain;
                }
            }
            Said::Refused => return unknown(Unknown::TryAgain, trace),
            Said::Silence => {
                silent = true;
                why = Unknown::TryAgain;
            }
        }
    }
    unknown(why, trace)
}

/// The name at the end of an answer's chain of other names.
fn canonical(answer: &Answer, asked: &str) -> String {
    let owner = answer.answers.iter().find(|record| matches!(record.data, dns::Data::A(_)));
    owner.map_or_else(|| asked.to_owned(), |record| record.name.to_string())
}

/// Addresses of the machine's own network first. Models rule 9 of glibc's `rfc3484_sort`.
fn sorted(sys: &Sys, mut found: Vec<Ipv4Addr>) -> Vec<IpAddr> {
    let own = own_address(sys).map(|ip| ip.octets());
    let far = |ip: &Ipv4Addr| own.is_none_or(|own| own[..3] != ip.octets()[..3]);
    found.arrange_by_key(far);
    found.into_iter().map(IpAddr::V4).collect()
}

/// The address of this machine.
pub(crate) fn own_address(sys: &Sys) -> Option<Ipv4Addr> {
    match &sys.vantage {
        Vantage::Pod { namespace, name } => sys.cluster(|cluster| {
            let pod = cluster.store().find(&api::pod::KIND, namespace, name)?;
            pod.str(&["status", "podIP"]).parse().ok()
        }),
        Vantage::Node(name) => sys.cluster(|cluster| {
            let node = cluster.settings().nodes.iter().find(|node| node.name == **name)?;
            node.internal_ip.parse().ok()
        }),
        Vantage::Laptop | Vantage::Internet => Some(OUTSIDE_SERVER),
    }
}

/// The name of an address, as `getnameinfo` finds it.
pub(crate) async fn name_of(sys: &Sys, ip: IpAddr) -> Option<String> {
    name_by(sys, &Config::read(sys), ip).await
}

/// The same with another configuration than the machine's.
pub(crate) async fn name_by(sys: &Sys, config: &Config, ip: IpAddr) -> Option<String> {
    let text = sys.read_file("/etc/hosts").unwrap_or_default();
    let known = text.lines().find_map(|line| {
        let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
        (words.next()?.parse() == Ok(ip)).then(|| words.next().map(str::to_owned))?
    });
    if known.is_some() {
        return known;
    }
    let IpAddr::V4(ip) = ip else { return None };
    let (said, _) = ask_all(sys, config, &Question::new(&reverse(ip), RecordType::Ptr)).await;
    let Said::Answer(answer) = said else { return None };
    answer.answers.iter().find_map(|record| match &record.data {
        dns::Data::Ptr(name) => Some(name.to_string()),
        _ => None,
    })
}

/// The name that stands for an address in questions for its name.
pub(crate) fn reverse(ip: Ipv4Addr) -> String {
    let [a, b, c, d] = ip.octets();
    format!("{d}.{c}.{b}.{a}.in-addr.arpa")
}

/// Asks every server in turn, as often as configured.
async fn ask_all(sys: &Sys, config: &Config, question: &Question) -> (Said, Option<TraceId>) {
    let mut last = None;
    for _ in 0..config.attempts {
        for server in &config.servers {
            let (said, trace) = ask(sys, *server, question.clone(), config.timeout).await;
            let final_word = match &said {
                Said::Answer(answer) => matches!(answer.rcode, Rcode::NoError | Rcode::NxDomain),
                Said::Refused | Said::Silence => false,
            };
            if final_word {
                return (said, trace);
            }
            last = Some((said, trace));
        }
        // Only silence is worth a second attempt.
        if !matches!(last, Some((Said::Silence, _))) {
            break;
        }
    }
    last.unwrap_or((Said::Silence, None))
}

/// The addresses that `/etc/hosts` has for a name, and the first name beside them.
fn from_hosts(sys: &Sys, name: &str) -> Option<(String, Vec<IpAddr>)> {
    let text = sys.read_file("/etc/hosts").unwrap_or_default();
    let line = |line: &str| {
        let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
        let ip: IpAddr = words.next()?.parse().ok()?;
        let names: Vec<&str> = words.collect();
        let fits = names.iter().any(|known| known.eq_ignore_ascii_case(name.trim_end_matches('.')));
        fits.then(|| (names[0].to_owned(), ip))
    };
    let found: Vec<(String, IpAddr)> = text.lines().filter_map(line).collect();
    let canonical = found.first()?.0.clone();
    Some((canonical, found.into_iter().map(|(_, ip)| ip).collect()))
}

/// An address written as numbers: one to four parts, the last of which fills what is left. Models `inet_aton`.
pub(crate) fn literal(text: &str) -> Option<Ipv4Addr> {
    let parts: Vec<&str> = text.split('.').collect();
    if parts.len() > 4 {
        return None;
    }
    let number = |text: &str| match text.strip_prefix("0x") {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None if text.starts_with('+') => None,
        None if text.len() > 1 && text.starts_with('0') => u32::from_str_radix(text, 8).ok(),
        None => text.parse().ok(),
    };
    let (last, leading) = parts.split_last()?;
    let mut value = 0u32;
    for (index, part) in leading.iter().enumerate() {
        let byte = number(part).filter(|byte| *byte < 256)?;
        value |= byte << (24 - 8 * index);
    }
    let rest = number(last)?;
    let bits = 32 - 8 * leading.len();
    (bits == 32 || rest < (1 << bits)).then(|| Ipv4Addr::from(value | rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_addresses() {
        for (text, want) in [
            ("10.96.0.10", Some("10.96.0.10")),
            ("10.96.100", Some("10.96.0.100")),
            ("10.1", Some("10.0.0.1")),
            ("2130706433", Some("127.0.0.1")),
            ("10.96.100.300", None),
            ("web", None),
            ("", None),
            ("1.2.3.4.5", None),
        ] {
            assert_eq!(literal(text).map(|ip| ip.to_string()).as_deref(), want, "{text}");
        }
    }

    #[test]
    fn names_are_tried_in_the_order_of_their_dots() {
        let search = vec!["default.svc.cluster.local".to_owned(), "svc.cluster.local".to_owned()];
        let config = Config { servers: Vec::new(), search, dots: 5, timeout: 5, attempts: 2 };
        assert_eq!(config.candidates("web"), ["web.default.svc.cluster.local", "web.svc.cluster.local", "web"]);
        assert_eq!(config.candidates("web."), ["web"]);
        assert_eq!(config.candidates("a.b.c.d.e.f")[0], "a.b.c.d.e.f");
    }
}
