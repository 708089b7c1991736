//! A Kubernetes cluster as one synchronous, deterministic value.
//!
//! # The control plane
//! [`Cluster::submit`] is the API server: the one path by which anything is written, whoever writes it. It decodes,
//! defaults, validates, allocates and stores; every change becomes a [`store::WatchEvent`]. [`controllers`] turn watch
//! events into work for later, and propose changes through the same path. [`kubelet`] runs what is scheduled to a node.
//!
//! # The data plane
//! Every node's kube-proxy ([`network::proxy`]) learns of Services and endpoints from watch events after a delay, so its
//! rules can be stale. [`Cluster::send`] routes a connection and returns a [`network::Trace`]: what happened, hop by hop,
//! and which object, field and revision is the reason.
//!
//! # Time and chance
//! Both come in from outside: [`Cluster::poll`] moves the virtual [`Instant`] forward, [`Rng`] is seeded. Work is done in
//! order of (due, sequence). The same seed and the same inputs give the same log, byte for byte. `Cluster: Clone`, and a
//! clone is a fork: what happens to it never shows in the original.
#![forbid(unsafe_code)]

pub mod addons;
pub mod apiserver;
mod bootstrap;
mod clock;
mod cloud;
pub mod cluster;
pub mod controllers;
mod events;
pub mod explain;
pub mod history;
pub mod images;
pub mod kubelet;
pub mod network;
mod queue;
mod rng;
pub mod store;

pub use apiserver::{DeleteOptions, Patch, Request, Response, WriteOptions};
pub use bootstrap::Boot;
pub use clock::{EPOCH, Instant};
pub use cluster::{Cluster, Settings};
pub use history::History;
pub use rng::Rng;
