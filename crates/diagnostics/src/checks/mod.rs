//! The checks: a module each, with its words and its tests.

mod external_name;
mod headless_ignored;
mod headless_ports;
mod load_balancer_pending;
mod named_port;
mod no_pod_selected;
mod nobody_listens;
mod selectorless;
mod set_based_selector;
mod two_workloads;

use api::{Kind, Object};

use crate::{Report, View};

/// Every check; add a line to add one.
pub static DIAGNOSTICS: &[&dyn Check] = &[
    &external_name::ExternalName,
    &headless_ignored::HeadlessIgnored,
    &headless_ports::HeadlessPorts,
    &load_balancer_pending::LoadBalancerPending,
    &named_port::NamedPort,
    &no_pod_selected::NoPodSelected,
    &nobody_listens::NobodyListens,
    &selectorless::Selectorless,
    &set_based_selector::SetBasedSelector,
    &two_workloads::TwoWorkloads,
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
