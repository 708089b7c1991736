//! The verbs below `kubectl create`.

mod absent;
mod data;
mod ingress;
mod plain;
mod secret;
mod service;
mod workloads;

use super::super::command::Verb;

/// Every creator; add a line to add one.
pub(super) static ALL: &[&Verb] = &[
    &plain::NAMESPACE,
    &absent::QUOTA,
    &secret::VERB,
    &plain::CONFIG_MAP,
    &plain::SERVICE_ACCOUNT,
    &service::VERB,
    &workloads::DEPLOYMENT,
    &absent::CLUSTER_ROLE,
    &absent::CLUSTER_ROLE_BINDING,
    &absent::ROLE,
    &absent::ROLE_BINDING,
    &absent::BUDGET,
    &absent::PRIORITY_CLASS,
    &workloads::JOB,
    &absent::CRON_JOB,
    &ingress::VERB,
    &absent::TOKEN,
];
