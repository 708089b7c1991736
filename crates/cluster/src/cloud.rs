//! The cloud around a cluster: the load balancers it was asked for. It lies outside, so it keeps its own books.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;

use api::ObjectKey;

use crate::Instant;

/// A load balancer that somebody ordered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Balancer {
    /// Its address.
    pub(crate) ip: Ipv4Addr,
    /// When the cloud is done with the last change of it.
    pub(crate) ready: Instant,
    /// What it was last asked for.
    pub(crate) order: String,
    /// Whether it was said that this is done.
    done: bool,
}

/// What the cloud has. Cloning shares it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cloud(Arc<BTreeMap<ObjectKey, Balancer>>);

impl Cloud {
    /// The load balancer of a Service.
    pub(crate) fn get(&self, service: &ObjectKey) -> Option<&Balancer> {
        self.0.get(service)
    }

    /// Orders a load balancer, or a change of it. It keeps its address; a new one gets the first that is free.
    pub(crate) fn order(&mut self, service: &ObjectKey, order: String, ready: Instant) {
        let free = |ip: &Ipv4Addr| self.0.values().all(|known| known.ip != *ip);
        let known = self.0.get(service).map(|known| known.ip);
        let mut range = (10..=254).map(|last| Ipv4Addr::new(198, 51, 100, last));
        if let Some(ip) = known.or_else(|| range.find(free)) {
            Arc::make_mut(&mut self.0).insert(service.clone(), Balancer { ip, ready, order, done: false });
        }
    }

    /// Notes that a load balancer is as ordered; whether that is news.
    pub(crate) fn finish(&mut self, service: &ObjectKey) -> bool {
        let news = self.0.get(service).is_some_and(|balancer| !balancer.done);
        if news && let Some(balancer) = Arc::make_mut(&mut self.0).get_mut(service) {
            balancer.done = true;
        }
        news
    }

    /// Gives a load balancer back; whether there was one.
    pub(crate) fn release(&mut self, service: &ObjectKey) -> bool {
        self.0.contains_key(service) && Arc::make_mut(&mut self.0).remove(service).is_some()
    }
}
