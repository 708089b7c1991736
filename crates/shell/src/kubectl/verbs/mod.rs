//! The verbs: one file each.

mod absent;
mod apply;
mod attach;
mod autoscale;
mod cluster_info;
mod common;
mod config;
mod create;
mod creators;
mod delete;
mod describe;
mod diff;
mod edit;
mod events;
mod exec;
mod expose;
mod get;
mod logs;
mod marks;
mod nodes;
mod overrides;
mod pairs;
mod patch;
mod prune;
mod raw;
mod replace;
mod rollout;
mod run;
mod scale;
mod set;
mod taint;
mod version;
mod wait;
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
    &edit::VERB,
    &delete::VERB,
    &rollout::VERB,
    &scale::VERB,
    &autoscale::VERB,
    &absent::CERTIFICATE,
    &cluster_info::VERB,
    &absent::TOP,
    &nodes::CORDON,
    &nodes::UNCORDON,
    &nodes::DRAIN,
    &taint::VERB,
    &describe::VERB,
    &logs::VERB,
    &attach::VERB,
    &exec::VERB,
    &absent::PORT_FORWARD,
    &absent::PROXY,
    &absent::CP,
    &absent::AUTH,
    &absent::DEBUG,
    &events::VERB,
    &diff::VERB,
    &apply::VERB,
    &patch::VERB,
    &replace::VERB,
    &wait::VERB,
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
