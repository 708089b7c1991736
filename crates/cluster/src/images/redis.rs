//! redis: a store of keys on port 6379.

use super::{Image, Listener, Run, Shell};

/// See the module.
pub(super) struct Redis;

impl Image for Redis {
    fn repository(&self) -> &'static str {
        "redis"
    }

    fn listens(&self, run: &Run<'_>) -> Vec<Listener> {
        vec![Listener::tcp(run.flag("port").and_then(|port| port.parse().ok()).unwrap_or(6379))]
    }

    fn first_lines(&self, _run: &Run<'_>) -> Vec<String> {
        vec!["1:M * Ready to accept connections tcp".to_owned()]
    }

    fn shell(&self) -> Option<Shell> {
        Some(Shell::Debian)
    }
}
