//! What happened to one request: the return value of routing.
//!
//! Terminal text, the moving dot, the "why?" panel and an exercise's check are renderings of this value.

use std::net::Ipv4Addr;
use std::sync::Arc;

use api::{ObjectKey, Path};

use super::dns::Answer;
use super::policy::Direction;
use super::{Certificate, HttpResponse, Packet, Socket, Stream, Traffic};
use crate::Instant;

/// The number of a trace within its cluster.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TraceId(pub usize);

/// The whole story of one request.
#[derive(Clone, PartialEq, Debug)]
pub struct Trace {
    /// Its number.
    pub id: TraceId,
    /// When it was sent.
    pub at: Instant,
    /// What was sent.
    pub traffic: Traffic,
    /// Step by step.
    pub hops: Vec<Hop>,
    /// How it ended.
    pub outcome: Outcome,
}

impl Trace {
    /// Microseconds from sending to the end; a lost packet has no end, so only the way there counts.
    #[must_use]
    pub fn took(&self) -> u64 {
        self.hops.iter().map(|hop| hop.took).sum()
    }
}

/// One step.
#[derive(Clone, PartialEq, Debug)]
pub struct Hop {
    /// When it began.
    pub at: Instant,
    /// How long it took, in microseconds.
    pub took: u64,
    /// Where the packet is.
    pub place: Place,
    /// Its addresses after the step.
    pub packet: Packet,
    /// What was done.
    pub action: Action,
    /// Which object, field and revision made it so.
    pub because: Option<Because>,
}

/// Where a packet can be. A Service is no place.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Place {
    /// In a pod's network namespace.
    Pod(ObjectKey),
    /// On a node, outside of any pod.
    Node(Arc<str>),
    /// At the load balancer of a Service, outside of the nodes.
    LoadBalancer(ObjectKey),
    /// On the learner's machine.
    Laptop,
    /// Somewhere that is not the cluster.
    Outside,
}

/// What a step did.
#[derive(Clone, PartialEq, Debug)]
pub enum Action {
    /// The sender opened a connection or sent a datagram.
    Send,
    /// A node's rules rewrote the destination: from a Service's address to one endpoint.
    Translate {
        /// The address that was rewritten.
        from: Socket,
        /// The address it became.
        to: Socket,
        /// All endpoints with the reason each was left out or could be taken.
        candidates: Vec<Candidate>,
    },
    /// A node rewrote the destination as it did when the connection was opened: what it keeps of connections says so, not
    /// its rules.
    Track {
        /// The address that was rewritten.
        from: Socket,
        /// The address it became.
        to: Socket,
    },
    /// A proxy that reads HTTP took the request and opened a connection of its own to one endpoint.
    Relay {
        /// What it found, such as `Ingress shop: shop.example.com/ to web:80`.
        words: String,
        /// The endpoint.
        to: Socket,
        /// All endpoints with the reason each was left out or could be taken.
        candidates: Vec<Candidate>,
    },
    /// A node replaced the sender's address by its own.
    Masquerade {
        /// The sender's address before.
        from: Ipv4Addr,
    },
    /// NetworkPolicies that select a pod were asked.
    Filter {
        /// Which way.
        direction: Direction,
        /// Whether one of them allows it; otherwise the packet is dropped.
        allowed: bool,
        /// Every policy that selects the pod.
        policies: Vec<ObjectKey>,
    },
    /// The packet went on to another place.
    Forward {
        /// Where to.
        to: Place,
    },
    /// A process in the pod took it.
    Deliver {
        /// The container whose process listens.
        container: String,
    },
    /// The process answered.
    Answer {
        /// In a few words, such as `200 OK`.
        summary: String,
    },
    /// Somebody said no.
    Refuse(Refusal),
    /// Nobody answered.
    Drop {
        /// Why, in the viewer's words.
        reason: String,
    },
}

/// One endpoint that a translation looked at.
#[derive(Clone, PartialEq, Debug)]
pub struct Candidate {
    /// Its address and port.
    pub socket: Socket,
    /// Its pod, if it has one.
    pub pod: Option<ObjectKey>,
    /// What became of it.
    pub verdict: Verdict,
}

/// What became of a candidate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Chance fell on it.
    Chosen,
    /// It could have been taken.
    Eligible,
    /// Its pod is not ready.
    NotReady,
    /// Its pod is going away.
    Terminating,
    /// It is on another node and the traffic policy is Local.
    NotLocal,
    /// It is meant for clients elsewhere (`trafficDistribution`).
    NotHinted,
}

/// Who said no, and how.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// A host answered with a TCP reset: nobody listens on the port.
    Reset,
    /// A node's rules answered with ICMP port unreachable: the Service has no endpoint.
    NoEndpoints,
    /// A node's rules answered with ICMP port unreachable: the Service has no such port (nftables mode).
    NoSuchPort,
    /// Nobody in the network has the address: the sender's own node finds out and says so (ICMP host unreachable).
    HostUnreachable,
    /// The other side has closed the connection.
    Closed,
    /// A router far away says that nobody has the address (ICMP host unreachable).
    NoRoute,
    /// This machine has no route there.
    NetworkUnreachable,
}

/// The reason for a step: a field of an object at a revision. From here a hop links to a box and to a line.
#[derive(Clone, PartialEq, Debug)]
pub struct Because {
    /// Which object.
    pub object: ObjectKey,
    /// Which field of it; empty for the object as a whole.
    pub path: Path,
    /// Its `resourceVersion` as the actor knew it.
    pub revision: u64,
}

/// How a request ended.
#[derive(Clone, PartialEq, Debug)]
pub enum Outcome {
    /// There was an answer.
    Answered(Reply),
    /// Somebody said no.
    Refused(Refusal),
    /// Nothing ever came back: the client waits until it gives up.
    Lost,
}

/// What came back.
#[derive(Clone, PartialEq, Debug)]
pub enum Reply {
    /// The connection was accepted.
    Connected,
    /// An HTTP response.
    Http(HttpResponse),
    /// Bytes in time.
    Stream(Stream),
    /// The certificate of a server that speaks TLS.
    Certificate(Certificate),
    /// A name server's answer.
    Dns(Answer),
    /// An echo reply, with its remaining time to live.
    Pong {
        /// Hops left.
        ttl: u8,
    },
    /// The server speaks another protocol than the client and closed the connection.
    Garbage,
}
