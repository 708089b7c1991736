//! One rule of iptables as data, and as `iptables-save` writes it.

use std::fmt;

use ipnet::Ipv4Net;

use crate::network::{Because, Socket};

/// A table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Table {
    /// What may pass.
    Filter,
    /// What is rewritten.
    Nat,
}

/// A rule.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    /// Its table.
    pub table: Table,
    /// Its chain.
    pub chain: String,
    /// What a packet must be to meet it, in the order in which it is written.
    pub matches: Vec<Match>,
    /// What becomes of a packet that meets it; `None` for a rule that only counts.
    pub target: Option<Target>,
    /// The object that it is there for.
    pub because: Option<Because>,
    /// How many packets met it. Only the first of a connection comes by.
    pub packets: u64,
    /// How many bytes these had.
    pub bytes: u64,
}

/// A condition.
#[derive(Clone, PartialEq, Debug)]
pub enum Match {
    /// `-s`: the sender's address is in a network.
    Source(Ipv4Net),
    /// `! -s`
    NotSource(Ipv4Net),
    /// `-d`: the destination is in a network.
    Destination(Ipv4Net),
    /// `-p tcp`
    Protocol(String),
    /// What the rule says of itself.
    Comment(String),
    /// `-m tcp --dport 80`, or `-m tcp` alone.
    Port(String, Option<u16>),
    /// `--dst-type LOCAL`: the destination is an address of the node.
    ToNode,
    /// `--src-type LOCAL`: the sender is the node itself.
    FromNode,
    /// The packet opens a connection.
    New,
    /// Met by chance, once in so many times.
    OneIn(usize),
    /// The sender is on a list, seen at most so many seconds ago.
    SeenFor(u64, String),
    /// The sender is put on a list.
    Remember(String),
    /// Anything else, as it is written.
    Other(&'static str),
}

/// What becomes of a packet.
#[derive(Clone, PartialEq, Debug)]
pub enum Target {
    /// It goes on in a chain, and comes back if nothing there takes it.
    Jump(String),
    /// Its destination is rewritten.
    Dnat(Socket),
    /// It is refused with ICMP port unreachable.
    Reject,
    /// It is dropped.
    Drop,
    /// It passes.
    Accept,
    /// It leaves the chain.
    Return,
    /// Anything else, as it is written after `-j`.
    Other(&'static str),
}

impl Match {
    /// `-s`, `-d` and `-p` stand before everything else.
    fn is_early(&self) -> bool {
        matches!(self, Self::Source(_) | Self::NotSource(_) | Self::Destination(_) | Self::Protocol(_))
    }
}

impl fmt::Display for Match {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source(net) => write!(f, "-s {net}"),
            Self::NotSource(net) => write!(f, "! -s {net}"),
            Self::Destination(net) => write!(f, "-d {net}"),
            Self::Protocol(name) => write!(f, "-p {name}"),
            Self::Comment(text) => write!(f, "-m comment --comment \"{text}\""),
            Self::Port(protocol, None) => write!(f, "-m {protocol}"),
            Self::Port(protocol, Some(port)) => write!(f, "-m {protocol} --dport {port}"),
            Self::ToNode => f.write_str("-m addrtype --dst-type LOCAL"),
            Self::FromNode => f.write_str("-m addrtype --src-type LOCAL"),
            Self::New => f.write_str("-m conntrack --ctstate NEW"),
            Self::OneIn(count) => write!(f, "-m statistic --mode random --probability {}", probability(*count)),
            Self::SeenFor(seconds, name) => {
                write!(
                    f,
                    "-m recent --rcheck --seconds {seconds} --reap --name {name} --mask 255.255.255.255 --rsource"
                )
            }
            Self::Remember(name) => write!(f, "-m recent --set --name {name} --mask 255.255.255.255 --rsource"),
            Self::Other(text) => f.write_str(text),
        }
    }
}

/// One in so many, as kube-proxy writes it (ten decimals), the kernel keeps it (31 bits) and iptables prints it.
fn probability(count: usize) -> String {
    const DECIMALS: u128 = 10_000_000_000;
    const STEPS: u128 = 0x8000_0000;
    let count = (count as u128).max(1);
    let written = (DECIMALS + count / 2) / count;
    let kept = (written * STEPS + DECIMALS / 2) / DECIMALS;
    // Eleven decimals of kept / 2^31, rounded.
    let printed = (kept * 10 * DECIMALS + STEPS / 2) / STEPS;
    format!("{}.{:011}", printed / (10 * DECIMALS), printed % (10 * DECIMALS))
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Jump(chain) => f.write_str(chain),
            Self::Dnat(to) => write!(f, "DNAT --to-destination {to}"),
            Self::Reject => f.write_str("REJECT --reject-with icmp-port-unreachable"),
            Self::Drop => f.write_str("DROP"),
            Self::Accept => f.write_str("ACCEPT"),
            Self::Return => f.write_str("RETURN"),
            Self::Other(text) => f.write_str(text),
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "-A {}", self.chain)?;
        let (early, late): (Vec<&Match>, Vec<&Match>) = self.matches.iter().partition(|m| m.is_early());
        for one in early.into_iter().chain(late) {
            write!(f, " {one}")?;
        }
        match &self.target {
            Some(target) => write!(f, " -j {target}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn chance_is_printed_as_the_kernel_keeps_it() {
        for (count, want) in [
            (2, "0.50000000000"),
            (3, "0.33333333349"),
            (4, "0.25000000000"),
            (5, "0.20000000019"),
            (1, "1.00000000000"),
        ] {
            assert_eq!(super::probability(count), want);
        }
    }
}
