//! The data plane: who sends what to whom, what each node rewrites, and the trace that says why.
//!
//! - [`packet`]: addresses and what is carried
//! - [`trace`]: what happened, as a value
//! - [`proxy`]: one node's kube-proxy and its memory of Services and endpoints
//! - [`policy`] judges what NetworkPolicies let pass
//! - [`rules`]: what a node's kube-proxy wrote into the kernel, as its tools print it
//! - [`router`]: the way of one connection; the only code that makes traces
//! - `converse`: what goes on over a connection that was opened
//! - [`stream`]: bytes of a connection in time, and HTTP among them
//! - [`node_listeners`]: who listens on the nodes themselves
//! - [`backends`]: endpoints as proxies in pods have them
//! - [`ingress`]: what ingress-nginx makes of Ingresses
//! - [`gateway`]: what NGINX Gateway Fabric makes of Gateways
//! - [`relay`]: what a proxy that reads HTTP makes of a request
//! - [`dns`]: what CoreDNS answers
//! - [`outside`]: machines that are not of the cluster
//! - [`tls`]: whose certificate a server shows
//!
//! A Service is not a place: packets are at a pod, a node or outside; a Service is the reason a node rewrote one.

pub(crate) mod backends;
mod converse;
pub mod dns;
pub mod gateway;
pub mod http;
pub mod ingress;
pub(crate) mod node_listeners;
pub mod outside;
pub mod packet;
pub mod policy;
pub mod proxy;
pub mod relay;
pub(crate) mod router;
pub mod rules;
pub mod stream;
pub mod tls;
pub mod trace;

pub use http::{HttpRequest, HttpResponse};
pub use outside::{OutsideHost, OutsideListener, Speaks};
pub use packet::{Packet, Payload, Protocol, Socket, Traffic, Vantage};
pub use proxy::Proxy;
pub use router::connection::{Connection, ConnectionId};
pub use router::is_passed_on;
pub use stream::{End, Part, Stream};
pub use tls::Certificate;
pub use trace::{Action, Because, Candidate, Hop, Outcome, Place, Refusal, Reply, Trace, TraceId, Verdict};
