//! What goes on over a connection that was opened: bytes, a TLS handshake, requests.
//!
//! The trace that opened it tells of it: it gets the request that was made, and what was answered.

use super::router::connection::Continued;
use super::stream::{self, End, Parsed, Stream};
use super::{HttpResponse, Outcome, Payload, Place, Protocol, Refusal, Reply, TraceId};
use crate::Cluster;
use crate::apiserver::front;

impl Cluster {
    /// Sends more on the connection of a trace. `None` when the server never answers, or nobody is there any more.
    /// Returns what comes back and how many microseconds the server takes to begin.
    pub fn converse(&mut self, id: TraceId, payload: &Payload) -> Option<(Reply, u64)> {
        let went = self.go_on(id, payload.clone(), false)?;
        let protocol = went.packet.protocol;
        let reply = match &went.outcome {
            Outcome::Answered(reply) => reply.clone(),
            Outcome::Refused(_) | Outcome::Lost => return None,
        };
        match (payload, reply) {
            (Payload::Bytes { data, tls }, Reply::Garbage) if protocol == Protocol::Tcp => {
                self.request(id, &went, data, *tls)
            }
            (Payload::Handshake(_), Reply::Garbage) => Some((Reply::Stream(front::plain_stream()), went.took)),
            (_, reply) => Some((reply, went.took)),
        }
    }

    /// Bytes to somebody who speaks HTTP, or nothing that is known.
    fn request(&mut self, id: TraceId, went: &Continued, data: &[u8], tls: bool) -> Option<(Reply, u64)> {
        let close = Stream { end: End::Close, ..Stream::silence() };
        let (request, simple) = match stream::parse(data, tls) {
            Parsed::Incomplete => return Some((Reply::Stream(Stream::silence()), 0)),
            Parsed::Malformed => return Some((self.malformed(went), 0)),
            Parsed::Simple(request) => (request, true),
            Parsed::Request(request) => (request, false),
        };
        let went = self.go_on(id, Payload::Http(request.clone()), true)?;
        let response: HttpResponse = match went.outcome {
            Outcome::Answered(Reply::Http(response)) => response,
            // Another protocol, or nobody any more: the server hangs up.
            Outcome::Answered(_) | Outcome::Refused(Refusal::Closed) => {
                return Some((Reply::Stream(close), went.took));
            }
            Outcome::Refused(_) | Outcome::Lost => return None,
        };
        let stream = if simple { Stream::once(response.body, End::Close) } else { stream::frame(&request, &response) };
        Some((Reply::Stream(stream), went.took))
    }

    fn malformed(&self, went: &Continued) -> Reply {
        let stream = match (&went.place, &went.container) {
            (Place::Pod(pod), Some(container)) => self.malformed_answer(pod, container, &went.packet),
            _ => None,
        };
        Reply::Stream(stream.unwrap_or_else(front::plain_stream))
    }
}
