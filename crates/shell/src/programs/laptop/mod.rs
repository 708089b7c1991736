//! Programs of the learner's own machine that lead to the cluster's machines.

pub(super) mod minikube;
mod service;
pub(super) mod ssh;
mod table;
