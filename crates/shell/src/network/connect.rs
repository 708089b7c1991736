//! One exchange with another machine, as a program's system calls see it: what came back, or which error, and when.

use api::ObjectKey;
use cluster::Cluster;
use cluster::network::{Outcome, Payload, Protocol, Refusal, Reply, Socket, TraceId, Traffic, Vantage};

use super::listen::{self, Served};
use crate::sys::Sys;

/// Microseconds in a second.
pub(crate) const SECOND: u64 = 1_000_000;

/// How long Linux sends SYNs to nobody before `connect` fails (6 retries).
const SYN_TIMEOUT: u64 = 135 * SECOND;

/// How long the kernel asks for a neighbour's address that nobody has.
const NO_NEIGHBOUR: u64 = 3 * SECOND;

/// A blocking `connect` holds its socket while the ICMP message comes in, so the kernel takes note of the second one
/// only, which answers the SYN that is sent again after a second.
const ICMP_SEEN_BY_BLOCKING: u64 = SECOND;

/// Why nothing came back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Failure {
    /// `ECONNREFUSED`
    Refused,
    /// `EHOSTUNREACH`
    NoRoute,
    /// `ENETUNREACH`
    NoNetwork,
    /// `ETIMEDOUT`: the kernel gave up.
    TimedOut,
    /// The program's own patience ended.
    Impatient,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Refused => "Connection refused",
            Self::NoRoute => "No route to host",
            Self::NoNetwork => "Network is unreachable",
            Self::TimedOut | Self::Impatient => "Connection timed out",
        })
    }
}

/// How a program waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Waiting {
    /// Whether its `connect` blocks.
    pub(crate) blocking: bool,
    /// After how many microseconds it gives up by itself.
    pub(crate) patience: Option<u64>,
}

/// What an exchange came to.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Exchange {
    /// Its trace: what is printed because of it names it.
    pub(crate) trace: TraceId,
    pub(crate) result: Result<Reply, Failure>,
}

/// Sends: the way, what came of it, and how many microseconds one way took.
pub(crate) fn send(sys: &Sys, traffic: Traffic) -> (TraceId, Outcome, u64) {
    sys.cluster(|cluster| {
        let id = cluster.send(traffic);
        came_to(cluster, id)
    })
}

/// Sends through the tunnel of `kubectl port-forward` to a port of a pod; what comes back is as of [`send`].
pub(crate) fn forward(sys: &Sys, pod: &ObjectKey, port: u16, payload: Payload) -> (TraceId, Outcome, u64) {
    sys.cluster(|cluster| {
        let id = cluster.port_forward(pod, port, payload);
        came_to(cluster, id)
    })
}

fn came_to(cluster: &Cluster, id: TraceId) -> (TraceId, Outcome, u64) {
    cluster.trace(id).map_or((id, Outcome::Lost, 0), |trace| (id, trace.outcome.clone(), trace.took()))
}

/// Sends, and waits as long as the program would wait.
pub(crate) async fn exchange(
    sys: &Sys,
    protocol: Protocol,
    to: Socket,
    payload: Payload,
    waiting: Waiting,
) -> Exchange {
    if let Some((_, serve)) = listen::find(sys, protocol, to) {
        let Served { reply, trace, took } = serve(sys, payload);
        sys.sleep(took).await;
        return Exchange { trace, result: Ok(reply) };
    }
    let traffic = Traffic { from: sys.vantage.clone(), protocol, to, payload };
    let (trace, outcome, took) = send(sys, traffic);
    // Nobody listens there on this machine, and its own kernel says so at once.
    let own = matches!(sys.vantage, Vantage::Laptop | Vantage::Internet) && to.ip.is_loopback();
    let outcome = if own { Outcome::Refused(Refusal::Reset) } else { outcome };
    let (result, after) = match outcome {
        // There and back.
        Outcome::Answered(reply) => (Ok(reply), 2 * took),
        Outcome::Refused(Refusal::Reset | Refusal::Closed) => (Err(Failure::Refused), 2 * took),
        Outcome::Refused(Refusal::NoEndpoints | Refusal::NoSuchPort) => {
            let seen = if waiting.blocking && protocol == Protocol::Tcp { ICMP_SEEN_BY_BLOCKING } else { 0 };
            (Err(Failure::Refused), 2 * took + seen)
        }
        Outcome::Refused(Refusal::HostUnreachable) => (Err(Failure::NoRoute), NO_NEIGHBOUR),
        // A blocking connect does not end for it: the SYNs are sent again until the kernel gives up.
        Outcome::Refused(Refusal::NoRoute) if waiting.blocking => (Err(Failure::NoRoute), SYN_TIMEOUT),
        Outcome::Refused(Refusal::NoRoute) => (Err(Failure::NoRoute), 2 * took),
        Outcome::Refused(Refusal::NetworkUnreachable) => (Err(Failure::NoNetwork), 0),
        Outcome::Lost => (Err(Failure::TimedOut), SYN_TIMEOUT),
    };
    match waiting.patience.filter(|patience| *patience < after) {
        Some(patience) => {
            sys.sleep(patience).await;
            Exchange { trace, result: Err(Failure::Impatient) }
        }
        None => {
            sys.sleep(after).await;
            Exchange { trace, result }
        }
    }
}
