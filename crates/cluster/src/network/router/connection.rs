//! Connections that stay open: what is sent over one goes where it went when it was opened, whatever the rules say since.

use std::sync::Arc;

use api::ObjectKey;

use super::{LOCAL, Way};
use crate::network::{
    Action, Hop, HttpRequest, Outcome, Packet, Payload, Place, Refusal, Reply, Trace, TraceId, Traffic,
};
use crate::{Cluster, Instant};

/// The number of a connection within its cluster: that of the trace of its opening.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ConnectionId(pub TraceId);

/// An open connection.
#[derive(Clone, PartialEq, Debug)]
pub struct Connection {
    /// Who opened it, to where.
    pub traffic: Traffic,
    /// When.
    pub opened: Instant,
    /// The addresses on its packets where they arrive.
    pub arrives: Packet,
    /// The pod at its other end, with the container's start that took it; `None` when the other end is no pod.
    pub pod: Option<(ObjectKey, String, Instant)>,
    /// How its packets go, from the opening.
    trace: Arc<Trace>,
}

impl Cluster {
    /// Opens a connection: like [`Cluster::send`] with [`Payload::Connect`], and keeps it open. Returns the trace of the
    /// opening, and the connection if somebody accepted it. Whoever opens one closes it.
    pub fn connect(&mut self, traffic: Traffic) -> (TraceId, Option<ConnectionId>) {
        let traffic = Traffic { payload: Payload::Connect, ..traffic };
        let id = self.send(traffic.clone());
        let connection = self.opened(id, traffic);
        (id, connection)
    }

    /// Opens a connection to a port of a pod through the tunnel of `kubectl port-forward`.
    pub fn connect_forwarded(&mut self, pod: &ObjectKey, port: u16) -> (TraceId, Option<ConnectionId>) {
        let id = self.port_forward(pod, port, Payload::Connect);
        let traffic = self.trace(id).map(|trace| trace.traffic.clone());
        (id, traffic.and_then(|traffic| self.opened(id, traffic)))
    }

    fn opened(&mut self, id: TraceId, traffic: Traffic) -> Option<ConnectionId> {
        let trace = self.trace(id)?.clone();
        let last = trace.hops.last().filter(|_| trace.outcome == Outcome::Answered(Reply::Connected))?;
        let container = trace.hops.iter().rev().find_map(|hop| match &hop.action {
            Action::Deliver { container } => Some(container.clone()),
            _ => None,
        });
        let pod = match (&last.place, container) {
            (Place::Pod(pod), Some(container)) => {
                let since = self.running_since(pod, &container)?;
                Some((pod.clone(), container, since))
            }
            _ => None,
        };
        let arrives = last.packet;
        let connection = Connection { traffic, opened: trace.at, arrives, pod, trace: trace.clone() };
        self.connections.insert(ConnectionId(id), Arc::new(connection));
        Some(ConnectionId(id))
    }

    /// Sends something over an open connection, such as one more [`HttpRequest`]. The outcome is [`Refusal::Closed`] when
    /// the other end is gone or the connection is not open.
    pub fn send_over(&mut self, id: ConnectionId, payload: Payload) -> TraceId {
        let connection = self.connections.get(&id).cloned();
        let traffic = connection.as_ref().map(|c| c.traffic.clone());
        let nobody = || Traffic {
            from: crate::network::Vantage::Laptop,
            protocol: crate::network::Protocol::Tcp,
            to: crate::network::Socket { ip: std::net::Ipv4Addr::UNSPECIFIED, port: 0 },
            payload: Payload::Connect,
        };
        let traffic = Traffic { payload, ..traffic.unwrap_or_else(nobody) };
        self.keep_trace(|cluster, trace| {
            let at = cluster.now();
            let mut way = Way::start(cluster, &traffic);
            let outcome = match &connection {
                Some(connection) => way.again(connection),
                None => way.refused(Refusal::Closed, None),
            };
            let hops = way.hops;
            let closed = outcome == Outcome::Refused(Refusal::Closed)
                || matches!(&outcome, Outcome::Answered(Reply::Http(response)) if !response.keeps_alive());
            if closed {
                cluster.connections.remove(&id);
            }
            Trace { id: trace, at, hops, outcome, traffic: traffic.clone() }
        })
    }

    /// One more HTTP request over an open connection.
    pub fn request_over(&mut self, id: ConnectionId, request: HttpRequest) -> TraceId {
        self.send_over(id, Payload::Http(request))
    }

    /// Whether a connection is open, as its opener knows it.
    #[must_use]
    pub fn connection(&self, id: ConnectionId) -> Option<&Connection> {
        self.connections.get(&id).map(|connection| &**connection)
    }

    /// Closes a connection; nothing happens when it is closed already.
    pub fn close(&mut self, id: ConnectionId) {
        self.connections.remove(&id);
    }

    /// Every open connection.
    pub fn connections(&self) -> impl Iterator<Item = (ConnectionId, &Connection)> {
        self.connections.iter().map(|(id, connection)| (*id, &**connection))
    }
}

/// What came of something that was sent over the connection of a trace.
pub(crate) struct Continued {
    /// Who is at the other end.
    pub(crate) place: Place,
    /// The container there.
    pub(crate) container: Option<String>,
    /// The addresses on packets where they arrive.
    pub(crate) packet: Packet,
    /// What came back.
    pub(crate) outcome: Outcome,
    /// After how many microseconds.
    pub(crate) took: u64,
}

impl Cluster {
    /// Sends something over the connection that a trace opened. With `tell` the trace becomes the story of it: an exchange
    /// takes the place of "connection accepted".
    pub(crate) fn go_on(&mut self, id: TraceId, payload: Payload, tell: bool) -> Option<Continued> {
        let trace = self.traces.get(id.0)?.clone();
        let at_other_end = |hop: &Hop| match &hop.action {
            Action::Deliver { .. } => true,
            Action::Answer { .. } => hop.place == Place::Outside,
            _ => false,
        };
        let end = trace.hops.iter().position(at_other_end)?;
        let node = trace.hops[..=end].iter().rev().find_map(|hop| match &hop.place {
            Place::Node(node) => Some(node.clone()),
            _ => None,
        });
        let first = trace.traffic.payload == Payload::Connect;
        let mut hops = trace.hops.clone();
        hops.truncate(if first { end } else { hops.len() });
        let arrived = &trace.hops[end];
        let container = match &arrived.action {
            Action::Deliver { container } => Some(container.clone()),
            _ => None,
        };
        let (place, packet, at) = (arrived.place.clone(), arrived.packet, self.now());
        let traffic = Traffic { payload, ..trace.traffic.clone() };
        let mut way = Way {
            cluster: self,
            traffic: &traffic,
            place: place.clone(),
            node,
            packet,
            unmasked: None,
            left: true,
            relays: 0,
            at,
            hops,
        };
        let outcome = match &place {
            Place::Pod(pod) => way.arrive(pod, packet.destination.ip.is_loopback()),
            Place::Outside => Ok(way.ask_outside()),
            _ => way.at_node(),
        };
        let (Ok(outcome) | Err(outcome)) = outcome;
        let (took, hops) = (way.at - at, way.hops);
        if tell && let Some(slot) = Arc::make_mut(&mut self.traces).get_mut(id.0) {
            let trace = Arc::make_mut(slot);
            (trace.hops, trace.traffic, trace.outcome) = (hops, traffic, outcome.clone());
        }
        Some(Continued { place, container, packet, outcome, took })
    }
}

impl Way<'_> {
    /// Goes the way of an open connection once more. No rule is asked: each node keeps what it did.
    fn again(&mut self, connection: &Connection) -> Outcome {
        for hop in &connection.trace.hops {
            self.packet = hop.packet;
            match &hop.action {
                Action::Send => self.hop(LOCAL, Action::Send, None),
                Action::Translate { from, to, .. } | Action::Track { from, to } => {
                    self.hop(LOCAL, Action::Track { from: *from, to: *to }, hop.because.clone());
                }
                Action::Masquerade { .. } => self.hop(LOCAL, hop.action.clone(), hop.because.clone()),
                Action::Forward { to } => {
                    if let Place::Node(node) = to
                        && self.cluster.kubelet.is_down(node)
                    {
                        return self.lost("the node is down: nothing comes back any more", None);
                    }
                    self.go(to.clone(), hop.took);
                }
                _ => {}
            }
        }
        self.packet = connection.arrives;
        let Some((pod, container, since)) = &connection.pod else {
            return match self.place {
                Place::Outside => self.ask_outside(),
                _ => match self.at_node() {
                    Ok(outcome) | Err(outcome) => outcome,
                },
            };
        };
        if self.cluster.running_since(pod, container) != Some(*since) {
            return self.refused(Refusal::Closed, None);
        }
        let by_loopback = self.packet.destination.ip.is_loopback();
        match self.arrive(pod, by_loopback) {
            Ok(outcome) | Err(outcome) => outcome,
        }
    }
}
