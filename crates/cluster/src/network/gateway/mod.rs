//! What NGINX Gateway Fabric makes of Gateways and HTTPRoutes: which rule of which route a request meets, and which Service
//! that is.
//!
//! - [`attach`]: which routes belong to a listener
//! - [`matching`]: which rule a request meets
//! - [`filters`]: what a rule does to requests and answers
//! - [`answer`]: one request

mod answer;
mod attach;
mod filters;
mod matching;

pub(crate) use answer::{certificate, relay, speaks_tls};

/// The controller that GatewayClasses of NGINX Gateway Fabric name.
pub const CONTROLLER: &str = "gateway.nginx.org/nginx-gateway-controller";

/// The label of the pods that serve one Gateway only, with its name.
pub const GATEWAY_LABEL: &str = "gateway.networking.k8s.io/gateway-name";
