//! Proxies in pods: they take a request, open a connection of their own to an endpoint, and give back what they get.

use std::sync::Arc;

use api::ObjectKey;

use super::{LOCAL, Way};
use crate::network::relay::{Plan, Relay, Wrap};
use crate::network::{Action, HttpResponse, Outcome, Payload, Place, Protocol, Reply, Traffic, Vantage, Verdict};

/// How many endpoints a proxy tries: nginx's `proxy_next_upstream_tries` as ingress-nginx sets it.
const TRIES: usize = 3;

/// Microseconds after which a proxy gives a connection up.
const CONNECT_TIMEOUT: u64 = 5_000_000;

/// After so many proxies in a row a request has gone in a circle.
const MOST_RELAYS: usize = 8;

impl Way<'_> {
    /// Does what a proxy planned. The proxy goes to endpoints directly, past kube-proxy.
    pub(super) fn relay(&mut self, pod: &ObjectKey, relay: Relay) -> Outcome {
        let (candidates, request, wrap) = match relay.plan {
            Plan::Answer(response) => {
                let summary = format!("{} {}: {}", response.status, response.reason, relay.words);
                self.hop(LOCAL, Action::Answer { summary }, relay.because);
                return Outcome::Answered(Reply::Http(response));
            }
            Plan::Ask { candidates, request, wrap } => (candidates, request, wrap),
        };
        let mut left: Vec<usize> =
            (0..candidates.len()).filter(|&at| candidates[at].verdict == Verdict::Eligible).collect();
        if left.is_empty() || self.relays >= MOST_RELAYS {
            let summary = format!("503: {}", relay.words);
            self.hop(LOCAL, Action::Answer { summary }, relay.because);
            return Outcome::Answered(Reply::Http(wrap.page(503)));
        }
        let (place, node, packet) = (self.place.clone(), self.node.clone(), self.packet);
        let mut outcome = Outcome::Lost;
        for _ in 0..TRIES {
            let Some(chosen) = self.cluster.rng.pick(&left).copied() else { break };
            left.retain(|at| *at != chosen);
            let to = candidates[chosen].socket;
            let mut tried = candidates.clone();
            tried[chosen].verdict = Verdict::Chosen;
            self.hop(LOCAL, Action::Relay { words: relay.words.clone(), to, candidates: tried }, relay.because.clone());
            let from = Vantage::Pod { namespace: pod.namespace.clone(), name: pod.name.clone() };
            let payload = Payload::Http((*request).clone());
            outcome = self.onward(&Traffic { from, protocol: Protocol::Tcp, to, payload });
            (self.place, self.node, self.packet) = (place.clone(), node.clone(), packet);
            if matches!(outcome, Outcome::Answered(Reply::Http(_))) {
                break;
            }
        }
        let waited = if outcome == Outcome::Lost { CONNECT_TIMEOUT } else { LOCAL };
        let response = give_back(outcome, &wrap);
        self.answered(Reply::Http(response), waited)
    }

    /// Sends a request on from the node that the packet is on, and comes back to it with the outcome.
    pub(super) fn ask_from_node(&mut self, node: &Arc<str>, traffic: &Traffic) -> Outcome {
        let packet = self.packet;
        let outcome = self.onward(traffic);
        (self.place, self.node, self.packet) = (Place::Node(node.clone()), Some(node.clone()), packet);
        outcome
    }
}

/// What a proxy's client sees of what came back to the proxy.
fn give_back(outcome: Outcome, wrap: &Wrap) -> HttpResponse {
    let mut response = match outcome {
        Outcome::Answered(Reply::Http(response)) => response,
        Outcome::Lost => return wrap.page(504),
        Outcome::Answered(_) | Outcome::Refused(_) => return wrap.page(502),
    };
    // nginx writes these itself, first; what it got it passes on after them.
    let length = response.header("Content-Length").unwrap_or_default().to_owned();
    let kind = response.header("Content-Type").unwrap_or_default().to_owned();
    let skipped = ["date", "content-type", "content-length", "connection", "server"];
    let rest = response.headers.drain(..).filter(|(name, _)| !skipped.contains(&name.to_ascii_lowercase().as_str()));
    let mut headers = wrap.own_headers(&kind, &length);
    headers.extend(rest);
    for change in &wrap.headers {
        change.apply(&mut headers);
    }
    HttpResponse { headers, ..response }
}
