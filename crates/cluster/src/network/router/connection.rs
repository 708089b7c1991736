//! Connections that stay open: what is sent over one goes where it went when it was opened, whatever the rules say since.

use std::sync::Arc;

use api::ObjectKey;

use super::{LOCAL, Way};
use crate::network::{Action, HttpRequest, Outcome, Packet, Payload, Place, Refusal, Reply, Trace, TraceId, Traffic};
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
                Place::Outside => self.at_outside_host(),
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
