//! One echo request and its reply.

use std::net::IpAddr;

use cluster::network::{Outcome, Payload, Protocol, Refusal, Reply, Socket, TraceId};

use super::connect::{self, Failure, Waiting};
use crate::sys::Sys;

/// Why no reply came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum EchoError {
    /// There is no way there.
    Unreachable,
    /// Somebody said that the port, or the host, is not to be reached.
    Refused(Failure, TraceId),
    /// Nothing came in time.
    Silence(TraceId),
}

/// Microseconds from a machine to itself.
const SELF: u64 = 50;

/// Sends one, and waits at most so many microseconds. Returns the time to live of the reply.
pub(crate) async fn echo(sys: &Sys, ip: IpAddr, patience: u64) -> Result<(u8, Option<TraceId>), EchoError> {
    let IpAddr::V4(ip) = ip else {
        if ip.is_loopback() {
            sys.sleep(SELF).await;
            return Ok((64, None));
        }
        return Err(EchoError::Unreachable);
    };
    if ip.is_loopback() {
        sys.sleep(SELF).await;
        return Ok((64, None));
    }
    let waiting = Waiting { blocking: false, patience: Some(patience) };
    let to = Socket { ip, port: 0 };
    let exchange = connect::exchange(sys, Protocol::Icmp, to, Payload::Ping, waiting).await;
    let trace = exchange.trace;
    let outcome = sys.cluster(|cluster| cluster.trace(trace).map(|trace| trace.outcome.clone()));
    match outcome {
        // The kernel says so after a while; what a router far away says does not come back to whoever pings.
        Some(Outcome::Refused(Refusal::HostUnreachable)) => return Err(EchoError::Refused(Failure::NoRoute, trace)),
        Some(Outcome::Refused(Refusal::NoRoute)) => return Err(EchoError::Silence(trace)),
        _ => {}
    }
    match exchange.result {
        Ok(Reply::Pong { ttl }) => Ok((ttl, Some(trace))),
        Err(Failure::NoNetwork) => Err(EchoError::Unreachable),
        Err(failure @ (Failure::Refused | Failure::NoRoute)) => Err(EchoError::Refused(failure, trace)),
        _ => Err(EchoError::Silence(trace)),
    }
}
