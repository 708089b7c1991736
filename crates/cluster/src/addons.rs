//! What a cluster has beside Kubernetes itself: somebody who provides load balancers, Ingresses and Gateways.

use std::net::Ipv4Addr;

/// Who gives Services of the type LoadBalancer an address.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum LoadBalancerProvider {
    /// Nobody, as on bare metal: their external address stays `<pending>`.
    #[default]
    None,
    /// A cloud: some seconds later, an address of its own range.
    Cloud,
    /// MetalLB: an address of a pool of the nodes' network, first and last included, while there is one left.
    Pool {
        /// The first address.
        first: Ipv4Addr,
        /// The last address.
        last: Ipv4Addr,
    },
}

/// Who turns Ingresses into a configured proxy.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum IngressController {
    /// Nobody: Ingresses are stored and lead nowhere.
    #[default]
    None,
    /// ingress-nginx in the namespace `ingress-nginx`, as minikube's addon installs it; it serves the classes of
    /// `k8s.io/ingress-nginx`.
    Nginx,
}

/// Who turns Gateways and HTTPRoutes into a configured proxy.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum GatewayController {
    /// Nobody: Gateways are stored and wait for a controller.
    #[default]
    None,
    /// NGINX Gateway Fabric in the namespace `nginx-gateway`; it serves the classes of
    /// `gateway.nginx.org/nginx-gateway-controller`.
    NginxFabric,
}
