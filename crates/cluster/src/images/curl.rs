//! curlimages/curl: curl on Alpine. Its program is curl itself, so without a command it prints a hint and fails.

use super::busybox::shell_exit;
use super::{Exit, Image, Listener, Run, Shell, Term};

/// See the module.
pub(super) struct Curl;

impl Image for Curl {
    fn repository(&self) -> &'static str {
        "curlimages/curl"
    }

    fn listens(&self, _run: &Run<'_>) -> Vec<Listener> {
        Vec::new()
    }

    fn exits(&self, run: &Run<'_>) -> Option<Exit> {
        let first = run.line().first().copied().unwrap_or_default();
        // The image's entry point runs what is no option and no URL as a command.
        if first.is_empty() { Some(Exit { after: 0, code: 2 }) } else { shell_exit(run) }
    }

    fn on_term(&self, _run: &Run<'_>) -> Term {
        Term::Ignored
    }

    fn first_lines(&self, run: &Run<'_>) -> Vec<String> {
        if run.line().is_empty() {
            return vec!["curl: try 'curl --help' or 'curl --manual' for more information".to_owned()];
        }
        Vec::new()
    }

    fn runs_scripts(&self) -> bool {
        true
    }

    fn tools(&self) -> &'static [&'static str] {
        &["curl"]
    }

    fn shell(&self) -> Option<Shell> {
        Some(Shell::Busybox)
    }
}
