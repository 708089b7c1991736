//! Who can reach what: every vantage point against every address, tried on a fork.

use crate::Cluster;
use crate::network::{HttpRequest, Outcome, Payload, Protocol, Socket, Trace, Traffic, Vantage};

/// Somewhere to be reached.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    /// What it is called, such as `web.default:80`.
    pub name: String,
    /// By which protocol.
    pub protocol: Protocol,
    /// Its address.
    pub at: Socket,
    /// What is asked there by HTTP, host and path; `None` only opens a connection.
    pub http: Option<(String, String)>,
}

/// One attempt.
#[derive(Clone, PartialEq, Debug)]
pub struct Reached {
    /// From where, by its place in what was asked.
    pub from: usize,
    /// To where, likewise.
    pub to: usize,
    /// What happened. Its number means nothing in the cluster that was asked.
    pub trace: Trace,
}

impl Reached {
    /// Whether somebody answered.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        matches!(self.trace.outcome, Outcome::Answered(_))
    }
}

/// Tries every target from everywhere, row by row, each on a cluster as it is now. Nothing of it shows in that cluster: no
/// trace, no log line, no chance that fell.
#[must_use]
pub fn reachability(cluster: &Cluster, from: &[Vantage], to: &[Target]) -> Vec<Reached> {
    let mut found = Vec::with_capacity(from.len() * to.len());
    for (row, vantage) in from.iter().enumerate() {
        for (column, target) in to.iter().enumerate() {
            let mut fork = cluster.clone();
            let payload = target
                .http
                .as_ref()
                .map_or(Payload::Connect, |(host, path)| Payload::Http(HttpRequest::get(host, path)));
            let (from, protocol) = (vantage.clone(), target.protocol);
            let id = fork.send(Traffic { from, protocol, to: target.at, payload });
            if let Some(trace) = fork.trace(id) {
                found.push(Reached { from: row, to: column, trace: (**trace).clone() });
            }
        }
    }
    found
}
