//! The verbs: one file each.

mod absent;
mod apply;
mod cluster_info;
mod common;
mod config;
mod create;
mod creators;
mod delete;
mod describe;
mod events;
mod exec;
mod expose;
mod get;
mod marks;
mod overrides;
mod pairs;
mod patch;
mod raw;
mod replace;
mod run;
mod scale;
mod set;
mod version;
mod watch;

use super::command::Verb;

/// Every verb; add a line to add one. In the order in which kubectl suggests them.
pub static VERBS: &[&Verb] = &[
    &create::VERB,
    &expose::VERB,
    &run::VERB,
    &set::VERB,
    &absent::EXPLAIN,
    &get::VERB,
    &absent::EDIT,
    &delete::VERB,
    &absent::ROLLOUT,
    &scale::VERB,
    &absent::AUTOSCALE,
    &absent::CERTIFICATE,
    &cluster_info::VERB,
    &absent::TOP,
    &absent::CORDON,
    &absent::UNCORDON,
    &absent::DRAIN,
    &absent::TAINT,
    &describe::VERB,
    &absent::LOGS,
    &absent::ATTACH,
    &exec::VERB,
    &absent::PORT_FORWARD,
    &absent::PROXY,
    &absent::CP,
    &absent::AUTH,
    &absent::DEBUG,
    &events::VERB,
    &absent::DIFF,
    &apply::VERB,
    &patch::VERB,
    &replace::VERB,
    &absent::WAIT,
    &absent::KUSTOMIZE,
    &marks::LABEL_VERB,
    &marks::ANNOTATE_VERB,
    &absent::COMPLETION,
    &absent::API_RESOURCES,
    &absent::API_VERSIONS,
    &config::VERB,
    &absent::PLUGIN,
    &version::VERB,
];
