//! Programs that look at a machine from inside: its addresses, sockets, containers and services.

pub(super) mod crictl;
pub(super) mod ip;
pub(super) mod rules;
pub(super) mod sockets;
pub(super) mod systemctl;
