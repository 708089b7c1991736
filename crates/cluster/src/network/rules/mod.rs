//! What a node's kube-proxy wrote into the kernel, as the tools of each mode print it: rules as data first, each with the
//! object behind it and how often it was met, and text made of them.
//!
//! - [`hash`]: the names of chains
//! - [`plan`]: which endpoints and chains a port of a Service has on a node
//! - [`line`](mod@line): one rule of iptables
//! - [`iptables`]: all of them; [`save`] prints them
//! - [`hits`]: how often each was met
//! - [`nftables`]: the same of the nftables mode
//! - [`ipvs`]: virtual servers
//! - [`conntrack`](mod@conntrack): the connections that a node remembers

mod conntrack;
mod hash;
mod hits;
mod iptables;
mod ipvs;
mod line;
mod nftables;
mod plan;
mod save;

pub use conntrack::{State, Tracked, conntrack};
pub use iptables::iptables;
pub use ipvs::{VirtualServer, ipvsadm, virtual_servers};
pub use line::{Line, Match, Table, Target};
pub use nftables::{NftLine, nft_list, nftables};
pub use save::iptables_save;
