//! Addresses, and what travels between them.

use std::fmt;
use std::net::Ipv4Addr;
use std::sync::Arc;

use super::HttpRequest;
use super::dns::Question;

/// The protocol of a port.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Protocol {
    /// Connections.
    Tcp,
    /// Datagrams.
    Udp,
    /// Connections of streams.
    Sctp,
    /// Ping; has no ports.
    Icmp,
}

impl Protocol {
    /// The name in objects: `TCP`, `UDP`, `SCTP`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Sctp => "SCTP",
            Self::Icmp => "ICMP",
        }
    }

    /// The protocol of a name as objects have it.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        [Self::Tcp, Self::Udp, Self::Sctp].into_iter().find(|protocol| protocol.as_str() == name)
    }
}

/// An address and a port.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Socket {
    /// The address.
    pub ip: Ipv4Addr,
    /// The port; 0 where there is none (ICMP).
    pub port: u16,
}

impl fmt::Display for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.ip, self.port)
    }
}

/// The addresses on a packet at one moment of its way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Packet {
    /// Its protocol.
    pub protocol: Protocol,
    /// From where it says it comes.
    pub source: Socket,
    /// Where it wants to go.
    pub destination: Socket,
}

impl fmt::Display for Packet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} -> {}", self.protocol.as_str(), self.source, self.destination)
    }
}

/// From where something is sent.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Vantage {
    /// A container of a pod.
    Pod {
        /// Its namespace.
        namespace: Arc<str>,
        /// Its name.
        name: Arc<str>,
    },
    /// A shell on a node.
    Node(Arc<str>),
    /// The learner's own machine: it can reach the nodes, not the pods.
    Laptop,
    /// Somewhere else in the world: it can reach load balancers only.
    Internet,
}

/// What is carried.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Payload {
    /// Nothing: a connection is opened and closed again.
    Connect,
    /// An HTTP request.
    Http(HttpRequest),
    /// Bytes on an open connection, all that were not answered yet; none asks what the server says by itself.
    Bytes {
        /// The bytes.
        data: Vec<u8>,
        /// Whether they travel encrypted.
        tls: bool,
    },
    /// The beginning of TLS, for the server of this name.
    Handshake(Arc<str>),
    /// A question for a name server.
    Dns(Question),
    /// An echo request.
    Ping,
}

/// One request to be routed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Traffic {
    /// Who sends.
    pub from: Vantage,
    /// By which protocol.
    pub protocol: Protocol,
    /// To where.
    pub to: Socket,
    /// What.
    pub payload: Payload,
}
