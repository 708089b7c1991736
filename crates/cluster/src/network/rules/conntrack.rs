//! The connections that a node remembers: what was rewritten, and what its answers look like.

use std::fmt;

use crate::Cluster;
use crate::network::{Action, ConnectionId, Outcome, Place, Protocol, Socket, Trace};

/// Seconds that the kernel remembers each state, as kube-proxy sets them where it does.
const ESTABLISHED: u64 = 86_400;
const TIME_WAIT: u64 = 120;
const SYN_SENT: u64 = 120;
const CLOSE: u64 = 10;
const DATAGRAM: u64 = 30;

/// How a connection is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// It is open.
    Established,
    /// It was opened, used and closed.
    TimeWait,
    /// Nobody has answered.
    SynSent,
    /// It was reset.
    Close,
    /// Of a protocol without connections; whether somebody answered.
    Datagram(bool),
}

/// An entry of a node's connection table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tracked {
    /// Its protocol.
    pub protocol: Protocol,
    /// How it is.
    pub state: State,
    /// Seconds until it is forgotten.
    pub seconds: u64,
    /// From and to as the node saw the packet first.
    pub original: (Socket, Socket),
    /// From and to of an answer, before the node turns it back.
    pub reply: (Socket, Socket),
}

/// What a node remembers now: connections whose destination it rewrote, oldest first.
#[must_use]
pub fn conntrack(cluster: &Cluster, node: &str) -> Vec<Tracked> {
    let now = cluster.now();
    let young = |trace: &Trace| now - trace.at <= ESTABLISHED * 1_000_000;
    let recent = cluster.traces().iter().rev().take_while(|trace| young(trace));
    let mut found: Vec<Tracked> = recent.flat_map(|trace| of_trace(cluster, trace, node).into_iter().rev()).collect();
    found.reverse();
    found
}

fn of_trace(cluster: &Cluster, trace: &Trace, node: &str) -> Vec<Tracked> {
    let here = |place: &Place| matches!(place, Place::Node(name) if **name == *node);
    let mut found = Vec::new();
    for (at, hop) in trace.hops.iter().enumerate().filter(|(_, hop)| here(&hop.place)) {
        let Action::Translate { from, to, .. } = &hop.action else { continue };
        let masked = trace.hops.get(at + 1).filter(|next| here(&next.place));
        let masked =
            masked.filter(|next| matches!(next.action, Action::Masquerade { .. })).map(|next| next.packet.source);
        let source = hop.packet.source;
        let (state, lasts) = state(cluster, trace, hop.packet.protocol);
        let age = (cluster.now() - trace.at) / 1_000_000;
        if let Some(seconds) = lasts.checked_sub(age).filter(|seconds| *seconds > 0) {
            let (original, reply) = ((source, *from), (*to, masked.unwrap_or(source)));
            found.push(Tracked { protocol: hop.packet.protocol, state, seconds, original, reply });
        }
    }
    found
}

fn state(cluster: &Cluster, trace: &Trace, protocol: Protocol) -> (State, u64) {
    let answered = matches!(trace.outcome, Outcome::Answered(_));
    match (protocol, &trace.outcome) {
        (Protocol::Udp | Protocol::Icmp, _) => (State::Datagram(answered), DATAGRAM),
        _ if cluster.connection(ConnectionId(trace.id)).is_some() => (State::Established, ESTABLISHED),
        (_, Outcome::Answered(_)) => (State::TimeWait, TIME_WAIT),
        (_, Outcome::Refused(_)) => (State::Close, CLOSE),
        (_, Outcome::Lost) => (State::SynSent, SYN_SENT),
    }
}

impl fmt::Display for Tracked {
    /// As `conntrack -L` prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, number) = match self.protocol {
            Protocol::Tcp => ("tcp", 6),
            Protocol::Udp => ("udp", 17),
            Protocol::Sctp => ("sctp", 132),
            Protocol::Icmp => ("icmp", 1),
        };
        let (state, silent) = match self.state {
            State::Established => ("ESTABLISHED ", false),
            State::TimeWait => ("TIME_WAIT ", false),
            State::SynSent => ("SYN_SENT ", true),
            State::Close => ("CLOSE ", false),
            State::Datagram(answered) => ("", !answered),
        };
        let way = |(from, to): (Socket, Socket)| {
            format!("src={} dst={} sport={} dport={}", from.ip, to.ip, from.port, to.port)
        };
        let (original, reply) = (way(self.original), way(self.reply));
        let (unreplied, assured) = if silent { ("[UNREPLIED] ", "") } else { ("", "[ASSURED] ") };
        write!(f, "{name:<8} {number} {} {state}{original} {unreplied}{reply} {assured}mark=0 use=1", self.seconds)
    }
}
