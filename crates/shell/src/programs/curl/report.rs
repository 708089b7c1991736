//! What a transfer came to.

use std::net::IpAddr;

use cluster::network::TraceId;

/// What is known of a transfer when it has ended; `-w` shows parts of it. Times are microseconds since its beginning.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Report {
    pub(super) code: i32,
    pub(super) message: String,
    pub(super) trace: Option<TraceId>,
    pub(super) status: u16,
    pub(super) remote: Option<(IpAddr, u16)>,
    pub(super) local: Option<IpAddr>,
    pub(super) local_port: u16,
    pub(super) received: usize,
    pub(super) sent: usize,
    pub(super) header_size: usize,
    pub(super) request_size: usize,
    pub(super) redirects: usize,
    pub(super) connects: usize,
    pub(super) version: String,
    pub(super) url: String,
    pub(super) location: String,
    pub(super) content_type: String,
    pub(super) scheme: String,
    pub(super) method: String,
    pub(super) file: String,
    pub(super) verify: i32,
    pub(super) took: u64,
    pub(super) looked_up: u64,
    pub(super) connected: u64,
    pub(super) encrypted: u64,
    pub(super) answered: u64,
}
