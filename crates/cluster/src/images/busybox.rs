//! busybox: a shell and little programs. Without a terminal its shell ends at once.

use api::Value;

use super::{Image, Listener, Shell};

/// See the module.
pub(super) struct Busybox;

impl Image for Busybox {
    fn repository(&self) -> &'static str {
        "busybox"
    }

    fn listens(&self, _container: &Value) -> Vec<Listener> {
        Vec::new()
    }

    fn exits(&self, container: &Value) -> Option<i32> {
        let words = |field: &str| container.get(field).and_then(Value::as_array).into_iter().flatten();
        let first = words("command").chain(words("args")).next().and_then(Value::as_str);
        let interactive = container.get("stdin") == Some(&Value::Bool(true));
        let stays = matches!(first, Some("sleep" | "tail" | "httpd"))
            || (interactive && first.is_none_or(|first| matches!(first, "sh" | "/bin/sh" | "ash" | "/bin/ash")));
        (!stays).then_some(0)
    }

    fn shell(&self) -> Option<Shell> {
        Some(Shell::Busybox)
    }
}
