//! CoreDNS: cluster DNS. It has no shell.

use api::Value;

use super::{Image, Listener, Shell};
use crate::network::Protocol;

/// See the module.
pub(super) struct CoreDns;

/// The image whose process answers DNS questions.
pub(super) const REPOSITORY: &str = "coredns/coredns";

impl Image for CoreDns {
    fn repository(&self) -> &'static str {
        REPOSITORY
    }

    fn listens(&self, _container: &Value) -> Vec<Listener> {
        let udp = Listener { protocol: Protocol::Udp, ..Listener::tcp(53) };
        vec![udp, Listener::tcp(53), Listener::tcp(8080), Listener::tcp(8181), Listener::tcp(9153)]
    }

    fn shell(&self) -> Option<Shell> {
        None
    }
}
