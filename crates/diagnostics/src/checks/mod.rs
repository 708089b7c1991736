//! The checks: a module each, with its words and its tests.

mod deprecated;
mod endpoints_by_hand;
mod external_name;
mod headless_ignored;
mod headless_ports;
mod ingress_backend;
mod ingress_class;
mod load_balancer_pending;
mod local_traffic;
mod lost_port;
mod named_port;
mod no_pod_selected;
mod nobody_listens;
mod node_port_out_of_reach;
mod policy_dash;
mod policy_dns;
mod policy_not_enforced;
mod policy_service_port;
mod probe;
mod selectorless;
mod set_based_selector;
mod two_workloads;
mod unsimulated;

use api::{Kind, Object};

use crate::{Report, View};

/// Every check; add a line to add one.
pub static DIAGNOSTICS: &[&dyn Check] = &[
    &deprecated::Deprecated,
    &endpoints_by_hand::EndpointsByHand,
    &external_name::ExternalName,
    &headless_ignored::HeadlessIgnored,
    &headless_ports::HeadlessPorts,
    &ingress_backend::IngressBackend,
    &ingress_class::IngressClass,
    &load_balancer_pending::LoadBalancerPending,
    &local_traffic::LocalTraffic,
    &lost_port::LostPort,
    &named_port::NamedPort,
    &no_pod_selected::NoPodSelected,
    &node_port_out_of_reach::NodePortOutOfReach,
    &nobody_listens::NobodyListens,
    &policy_dash::PolicyDash,
    &policy_dns::PolicyDns,
    &policy_not_enforced::PolicyNotEnforced,
    &policy_service_port::PolicyServicePort,
    &probe::Probe,
    &selectorless::Selectorless,
    &set_based_selector::SetBasedSelector,
    &two_workloads::TwoWorkloads,
    &unsimulated::Unsimulated,
];

/// Kinds whose objects are pods or make pods.
const HAS_PODS: [&Kind; 6] = [
    &api::pod::KIND,
    &api::deployment::KIND,
    &api::stateful_set::KIND,
    &api::daemon_set::KIND,
    &api::replica_set::KIND,
    &api::job::KIND,
];

/// One thing that is accepted but surely not meant.
pub trait Check: Sync {
    /// Its name, stable and in kebab case.
    fn code(&self) -> &'static str;

    /// Whether it looks at objects of a kind.
    fn concerns(&self, kind: &Kind) -> bool;

    /// Looks at one object.
    fn check(&self, view: &View<'_>, object: &Object, report: &mut Report<'_>);
}
