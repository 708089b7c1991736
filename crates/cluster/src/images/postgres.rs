//! postgres: a database on port 5432. Without a password it refuses to start.

use super::{Exit, Image, Listener, Run, Shell};

/// See the module.
pub(super) struct Postgres;

fn has_password(run: &Run<'_>) -> bool {
    let trusted = run.var("POSTGRES_HOST_AUTH_METHOD") == Some("trust");
    trusted
        || ["POSTGRES_PASSWORD", "POSTGRES_PASSWORD_FILE"]
            .iter()
            .any(|name| run.var(name).is_some_and(|v| !v.is_empty()))
}

impl Image for Postgres {
    fn repository(&self) -> &'static str {
        "postgres"
    }

    fn listens(&self, _run: &Run<'_>) -> Vec<Listener> {
        vec![Listener::tcp(5432)]
    }

    fn startup(&self, _run: &Run<'_>) -> u64 {
        3_000_000
    }

    fn exits(&self, run: &Run<'_>) -> Option<Exit> {
        (!has_password(run)).then_some(Exit { after: 200_000, code: 1 })
    }

    fn first_lines(&self, run: &Run<'_>) -> Vec<String> {
        if has_password(run) {
            return vec!["LOG:  database system is ready to accept connections".to_owned()];
        }
        [
            "Error: Database is uninitialized and superuser password is not specified.",
            "       You must specify POSTGRES_PASSWORD to a non-empty value for the",
            "       superuser. For example, \"-e POSTGRES_PASSWORD=password\" on \"docker run\".",
        ]
        .map(str::to_owned)
        .to_vec()
    }

    fn shell(&self) -> Option<Shell> {
        Some(Shell::Debian)
    }
}
