//! Scenarios: what is applied, what is asked from where, and every hop that must come of it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value, missing_docs)]

mod api_server;
mod chapter;
mod connections;
mod data_plane;
mod debug_walk;
mod gateway;
mod ingress;
mod mistakes;
mod names;
mod policies;
mod rules;
mod stage;
