//! The cluster as a value: state, settings, and the loop that does what is due.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::ObjectKey;

use crate::addons::{GatewayController, IngressController, LoadBalancerProvider};
use crate::apiserver::allocate::Ranges;
use crate::cloud::Cloud;
use crate::controllers::scheduler::Memory;
use crate::controllers::{self, CONTROLLERS};
use crate::kubelet::{self, Kubelet};
use crate::network::{Connection, ConnectionId, OutsideHost, Proxy, Trace, TraceId, Traffic, proxy, router};
use crate::queue::Queue;
use crate::store::{Store, WatchEvent};
use crate::{Boot, Instant, Rng, events};

/// What a cluster is made of; fixed for its life.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// Equal seeds and equal inputs give equal clusters.
    pub seed: u64,
    /// Its machines.
    pub nodes: Vec<NodeSettings>,
    /// What it gives out.
    pub ranges: Ranges,
    /// Who runs pods.
    pub kubelet: KubeletMode,
    /// How kube-proxy programs its rules.
    pub proxy_mode: ProxyMode,
    /// Whether the network plugin enforces NetworkPolicies.
    pub network_policies: bool,
    /// Whether the learner's machine sends what is for nobody it knows to a router; otherwise that fails at once.
    pub laptop_default_route: bool,
    /// Microseconds between a change of a Service or its endpoints and a node's rules following it.
    pub proxy_delay: u64,
    /// Who gives Services of the type LoadBalancer an address.
    pub load_balancer: LoadBalancerProvider,
    /// Who serves Ingresses.
    pub ingress_controller: IngressController,
    /// Who serves Gateways.
    pub gateway_controller: GatewayController,
    /// Whether a pod can reach itself by way of a Service (the kubelet's hairpin mode).
    pub hairpin: bool,
    /// Whether the learner's machine has a route to the nodes. To those in containers of a virtual machine, as minikube's
    /// Docker driver and kind make them on macOS and Windows, it has none.
    pub nodes_reachable: bool,
    /// The machines outside of the cluster.
    pub outside: Vec<OutsideHost>,
    /// Whether the custom resources of the Gateway API are installed.
    pub gateway_api: bool,
}

/// One machine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NodeSettings {
    /// Its name.
    pub name: String,
    /// Its address in the network of the nodes.
    pub internal_ip: String,
    /// The first three numbers of its pods' addresses, such as `10.244.0`.
    pub pod_network: String,
    /// Whether it carries the control plane.
    pub control_plane: bool,
    /// How many pods its kubelet takes (`maxPods`).
    pub max_pods: u16,
}

/// What a kubelet takes that is not told otherwise.
pub const MAX_PODS: u16 = 110;

/// Who runs pods.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KubeletMode {
    /// The simulated kubelet: images are pulled, containers start, probes run.
    Simulated,
    /// Nobody: pods stay as they are until [`Cluster::report_pod`] says otherwise.
    Manual,
}

/// How kube-proxy programs its rules; it decides what becomes of ports that a Service does not have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProxyMode {
    /// Chains of iptables: the default.
    Iptables,
    /// Maps of nftables.
    Nftables,
    /// Virtual servers of IPVS, on addresses that the node really has.
    Ipvs,
}

impl Default for Settings {
    fn default() -> Self {
        let node = |name: &str, last: u8, third: u8| NodeSettings {
            name: name.to_owned(),
            internal_ip: format!("192.168.64.{last}"),
            pod_network: format!("10.244.{third}"),
            control_plane: third == 0,
            max_pods: MAX_PODS,
        };
        Self {
            seed: 1,
            nodes: vec![node("minikube", 2, 0), node("minikube-m02", 3, 1), node("minikube-m03", 4, 2)],
            ranges: Ranges::default(),
            kubelet: KubeletMode::Simulated,
            proxy_mode: ProxyMode::Iptables,
            network_policies: true,
            laptop_default_route: true,
            proxy_delay: 100_000,
            load_balancer: LoadBalancerProvider::None,
            ingress_controller: IngressController::None,
            gateway_controller: GatewayController::None,
            hairpin: true,
            nodes_reachable: true,
            outside: vec![OutsideHost::example()],
            gateway_api: true,
        }
    }
}

/// A unit of work that waits for its time.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Work {
    /// A controller (by its place in [`CONTROLLERS`]) looks at a key.
    Reconcile(usize, ObjectKey),
    /// A node's kubelet looks at a pod.
    Kubelet(ObjectKey),
    /// A node's kube-proxy programs what it has learnt.
    Proxy(Arc<str>),
}

/// A whole cluster. Cloning it makes a fork.
#[derive(Clone, Debug)]
pub struct Cluster {
    now: Instant,
    pub(crate) rng: Rng,
    pub(crate) store: Store,
    queue: Queue<Work>,
    settings: Arc<Settings>,
    pub(crate) kubelet: Kubelet,
    pub(crate) proxies: BTreeMap<Arc<str>, Proxy>,
    pub(crate) compiled: proxy::Compiled,
    pub(crate) cloud: Cloud,
    pub(crate) scheduling: Memory,
    /// When the last event was, in nanoseconds since the Unix epoch: no two are at the same moment.
    pub(crate) last_event: u64,
    pub(crate) traces: Arc<Vec<Arc<Trace>>>,
    pub(crate) connections: BTreeMap<ConnectionId, Arc<Connection>>,
}

impl Cluster {
    /// A cluster at the beginning of its time: nodes, namespaces, the `kubernetes` Service and cluster DNS.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let mut cluster = Self::off(settings);
        let mut boot = Boot::default();
        while boot.step(&mut cluster) {}
        cluster
    }

    /// The same before [`Boot`] made it run: there is nothing in it.
    #[must_use]
    pub fn off(settings: Settings) -> Self {
        Self {
            now: Instant::default(),
            rng: Rng::new(settings.seed),
            store: Store::default(),
            queue: Queue::default(),
            compiled: proxy::Compiled::default(),
            cloud: Cloud::default(),
            scheduling: Memory::default(),
            last_event: 0,
            proxies: settings.nodes.iter().map(|n| (n.name.as_str().into(), Proxy::default())).collect(),
            kubelet: Kubelet::default(),
            traces: Arc::default(),
            connections: BTreeMap::new(),
            settings: Arc::new(settings),
        }
    }

    /// An empty cluster that costs nothing: it stands in while the real one is lent to somebody.
    #[must_use]
    pub fn placeholder() -> Self {
        Self::off(Settings { nodes: Vec::new(), ..Settings::default() })
    }

    /// The virtual time.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.now
    }

    /// What the cluster is made of.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What a node's kube-proxy has programmed; `None` when there is no such node.
    #[must_use]
    pub fn proxy(&self, node: &str) -> Option<&Proxy> {
        self.proxies.get(node)
    }

    /// All objects, to read.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Does everything that is due by `now` and moves the clock there. Returns what changed meanwhile, oldest first.
    pub fn poll(&mut self, now: Instant) -> &[WatchEvent] {
        let before = self.store.log().len();
        while let Some((due, work, cause)) = self.queue.pop(now) {
            self.now = self.now.max(due);
            self.store.cause = cause;
            match work {
                Work::Reconcile(controller, key) => controllers::reconcile(self, controller, &key),
                Work::Kubelet(key) => kubelet::sync(self, &key),
                Work::Proxy(node) => proxy::sync(self, &node),
            }
        }
        self.store.cause = 0;
        self.now = self.now.max(now);
        kubelet::write_all(self);
        self.store.log().get(before..).unwrap_or_default()
    }

    /// When there is something to do next; `None` when the cluster is at rest.
    #[must_use]
    pub fn poll_at(&self) -> Option<Instant> {
        self.queue.next_due()
    }

    /// Lets time pass until nothing is left to do within `limit` microseconds from now, and returns the time spent.
    pub fn settle(&mut self, limit: u64) -> u64 {
        let (start, end) = (self.now, self.now + limit);
        while self.poll_next(end) {}
        self.now - start
    }

    /// Does what is due next, if that is not after `end`; `false` when nothing is.
    pub(crate) fn poll_next(&mut self, end: Instant) -> bool {
        let due = self.poll_at().filter(|due| *due <= end);
        if let Some(due) = due {
            self.poll(due);
        }
        due.is_some()
    }

    /// Sends traffic and returns the number of its trace.
    pub fn send(&mut self, traffic: Traffic) -> TraceId {
        self.keep_trace(|cluster, id| router::route(cluster, id, traffic))
    }

    /// Keeps the trace of something that is sent.
    pub(crate) fn keep_trace(&mut self, send: impl FnOnce(&mut Self, TraceId) -> Trace) -> TraceId {
        let id = TraceId(self.traces.len());
        let trace = send(self, id);
        Arc::make_mut(&mut self.traces).push(Arc::new(trace));
        id
    }

    /// What became of some traffic.
    #[must_use]
    pub fn trace(&self, id: TraceId) -> Option<&Arc<Trace>> {
        self.traces.get(id.0)
    }

    /// Every trace so far, oldest first.
    #[must_use]
    pub fn traces(&self) -> &[Arc<Trace>] {
        &self.traces
    }

    /// Queues work for `after` microseconds from now.
    pub(crate) fn schedule(&mut self, after: u64, work: Work) {
        self.queue.push(self.now + after, work, self.store.cause);
    }

    /// Takes queued work back.
    pub(crate) fn unschedule(&mut self, work: &Work) {
        self.queue.remove(work);
    }

    /// What waits for its time, in order.
    pub fn pending(&self) -> impl Iterator<Item = (Instant, String)> {
        self.queue.iter().map(|(due, work)| (due, format!("{work:?}")))
    }

    /// Tells everyone who watches. Nobody acts at once: what follows is work for later.
    pub(crate) fn notify(&mut self, event: &WatchEvent) {
        if events::is_event(event) {
            return;
        }
        let cause = std::mem::replace(&mut self.store.cause, event.revision);
        for (index, controller) in CONTROLLERS.iter().enumerate() {
            for key in controller.concerns(event, &self.store) {
                self.schedule(controller.delay(), Work::Reconcile(index, key));
            }
        }
        kubelet::notice(self, event);
        proxy::notice(self, event);
        self.store.cause = cause;
    }
}

impl Default for Cluster {
    fn default() -> Self {
        Self::new(Settings::default())
    }
}
