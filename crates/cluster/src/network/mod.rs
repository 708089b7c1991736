//! The data plane: who sends what to whom, what each node rewrites, and the trace that says why.
//!
//! - [`packet`]: addresses and what is carried
//! - [`trace`]: what happened, as a value
//! - [`proxy`]: one node's kube-proxy and its memory of Services and endpoints
//! - [`policy`] judges what NetworkPolicies let pass
//! - [`router`]: the way of one connection; the only code that makes traces
//! - [`dns`]: what CoreDNS answers
//!
//! A Service is not a place: packets are at a pod, a node or outside; a Service is the reason a node rewrote one.

pub mod dns;
pub mod http;
pub mod packet;
pub mod policy;
pub mod proxy;
pub(crate) mod router;
pub mod trace;

pub use http::{HttpRequest, HttpResponse};
pub use packet::{Packet, Payload, Protocol, Socket, Traffic, Vantage};
pub use proxy::Proxy;
pub use trace::{Action, Because, Candidate, Hop, Outcome, Place, Refusal, Reply, Trace, TraceId, Verdict};
