//! The verbs below `kubectl create`.

mod ingress;
mod plain;
mod service;
mod workloads;

use super::super::command::Verb;

/// Every creator; add a line to add one.
pub(super) static ALL: &[&Verb] = &[
    &plain::CONFIG_MAP,
    &workloads::DEPLOYMENT,
    &ingress::VERB,
    &workloads::JOB,
    &plain::NAMESPACE,
    &service::VERB,
    &plain::SERVICE_ACCOUNT,
];
