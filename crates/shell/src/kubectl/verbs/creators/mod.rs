//! The verbs below `kubectl create`.

pub(super) mod access;
mod data;
mod ingress;
mod plain;
mod policy;
mod secret;
mod service;
mod token;
mod workloads;

use super::super::command::Verb;

/// Every creator; add a line to add one.
pub(super) static ALL: &[&Verb] = &[
    &plain::NAMESPACE,
    &policy::QUOTA,
    &secret::VERB,
    &plain::CONFIG_MAP,
    &plain::SERVICE_ACCOUNT,
    &service::VERB,
    &workloads::DEPLOYMENT,
    &access::CLUSTER_ROLE,
    &access::CLUSTER_ROLE_BINDING,
    &access::ROLE,
    &access::ROLE_BINDING,
    &policy::BUDGET,
    &policy::PRIORITY_CLASS,
    &workloads::JOB,
    &workloads::CRON_JOB,
    &ingress::VERB,
    &token::TOKEN,
];
