//! The verbs: one file each.

mod api_resources;
mod api_versions;
mod apply;
mod attach;
mod auth;
mod autoscale;
mod certificate;
mod cluster_info;
mod cluster_info_dump;
mod common;
mod completion;
mod config;
mod cp;
mod create;
mod creators;
mod debug;
mod delete;
mod describe;
mod diff;
mod edit;
mod events;
mod exec;
mod explain;
mod expose;
mod get;
mod help;
mod kuberc;
mod kustomize;
mod logs;
mod marks;
mod nodes;
mod options;
mod overrides;
mod pairs;
mod patch;
mod plugin;
mod port_forward;
mod proxy;
mod prune;
mod raw;
mod replace;
mod rollout;
mod run;
mod scale;
mod set;
mod taint;
mod top;
mod version;
mod wait;
mod watch;

use super::command::Verb;

/// The titles of help above every so many of [`VERBS`], in their order; the rest are others.
pub static GROUPS: &[(&str, usize)] = &[
    ("Basic Commands (Beginner)", 4),
    ("Basic Commands (Intermediate)", 4),
    ("Deploy Commands", 3),
    ("Cluster Management Commands", 7),
    ("Troubleshooting and Debugging Commands", 10),
    ("Advanced Commands", 6),
    ("Settings Commands", 3),
    ("Subcommands provided by plugins", 0),
];

/// Every verb; add a line to add one. In the order in which kubectl suggests them.
pub static VERBS: &[&Verb] = &[
    &create::VERB,
    &expose::VERB,
    &run::VERB,
    &set::VERB,
    &explain::VERB,
    &get::VERB,
    &edit::VERB,
    &delete::VERB,
    &rollout::VERB,
    &scale::VERB,
    &autoscale::VERB,
    &certificate::VERB,
    &cluster_info::VERB,
    &top::VERB,
    &nodes::CORDON,
    &nodes::UNCORDON,
    &nodes::DRAIN,
    &taint::VERB,
    &describe::VERB,
    &logs::VERB,
    &attach::VERB,
    &exec::VERB,
    &port_forward::VERB,
    &proxy::VERB,
    &cp::VERB,
    &auth::VERB,
    &debug::VERB,
    &events::VERB,
    &diff::VERB,
    &apply::VERB,
    &patch::VERB,
    &replace::VERB,
    &wait::VERB,
    &kustomize::VERB,
    &marks::LABEL_VERB,
    &marks::ANNOTATE_VERB,
    &completion::VERB,
    &api_resources::VERB,
    &api_versions::VERB,
    &config::VERB,
    &kuberc::VERB,
    &plugin::VERB,
    &help::VERB,
    &options::VERB,
    &version::VERB,
];
