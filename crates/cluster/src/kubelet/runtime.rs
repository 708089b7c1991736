//! What a kubelet knows of a pod and its containers.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::sync::Arc;

use api::{Object, Value};

use super::environment::Environment;
use super::probe::Health;
use crate::Instant;

/// One pod on its node.
#[derive(Clone, Debug)]
pub(super) struct Runtime {
    pub(super) uid: Arc<str>,
    pub(super) since: Instant,
    pub(super) ip: Option<Ipv4Addr>,
    /// Whether its processes were told to end.
    pub(super) stopping: bool,
    /// Init containers first, in the order of the spec.
    pub(super) containers: Vec<Container>,
}

/// What a container is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    /// Runs to its end before others start.
    Init,
    /// An init container that stays.
    Sidecar,
    /// What the pod is for.
    Main,
}

/// One container.
#[derive(Clone, Debug)]
pub(super) struct Container {
    pub(super) name: Arc<str>,
    pub(super) role: Role,
    pub(super) life: Life,
    /// How it ended the last time.
    pub(super) last: Option<Ended>,
    pub(super) restarts: u32,
    /// Restarts in a row that had to wait; ten minutes of running make it 0.
    pub(super) crashes: u32,
    /// Pulls in a row that failed.
    pub(super) failed_pulls: u32,
    pub(super) health: Health,
    /// When its `postStart` hook will be over; `None` while there is none under way.
    pub(super) hook: Option<Instant>,
    pub(super) env: Arc<Environment>,
    pub(super) files: BTreeSet<String>,
    pub(super) script: Option<super::script::Running>,
    pub(super) log: Arc<Vec<LogLine>>,
    /// What it wrote since the last end of a line: the runtime reads lines.
    pub(super) held: String,
    pub(super) previous_log: Arc<Vec<LogLine>>,
}

/// What a container is doing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Life {
    /// It has not been looked at.
    New,
    /// Its image is on its way until then.
    Pulling(Instant),
    /// It waits until then, for a reason and with a message.
    Waiting { reason: &'static str, message: String, until: Instant },
    /// Its process runs.
    Running {
        since: Instant,
        /// When it will end, and its exit code; `None` while it runs for ever.
        exit: Option<(Instant, i32)>,
    },
    /// Its process ended.
    Ended(Ended),
}

/// How a process ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Ended {
    pub(super) code: i32,
    pub(super) started: Instant,
    pub(super) finished: Instant,
}

/// A line that a process wrote.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogLine {
    /// When.
    pub at: Instant,
    /// What, without the line's end.
    pub text: String,
    /// Whether the process ended within the line.
    pub open: bool,
}

impl Runtime {
    /// A pod that nothing has been done for yet.
    pub(super) fn new(pod: &Object, now: Instant) -> Self {
        let init = pod.list(&["spec", "initContainers"]).iter().map(|container| {
            let role = if api::pod::is_restartable(container) { Role::Sidecar } else { Role::Init };
            Container::new(container, role)
        });
        let main = pod.list(&["spec", "containers"]).iter().map(|container| Container::new(container, Role::Main));
        let containers = init.chain(main).collect();
        Self { uid: pod.uid().into(), since: now, ip: None, stopping: false, containers }
    }
}

impl Container {
    fn new(spec: &Value, role: Role) -> Self {
        let name = spec.get("name").and_then(Value::as_str).unwrap_or_default().into();
        Self {
            name,
            role,
            life: Life::New,
            last: None,
            restarts: 0,
            crashes: 0,
            failed_pulls: 0,
            health: Health::default(),
            hook: None,
            env: Arc::default(),
            files: BTreeSet::new(),
            script: None,
            log: Arc::default(),
            held: String::new(),
            previous_log: Arc::default(),
        }
    }

    pub(super) fn is_running(&self) -> bool {
        matches!(self.life, Life::Running { .. })
    }

    pub(super) fn running_since(&self) -> Option<Instant> {
        match self.life {
            Life::Running { since, .. } => Some(since),
            _ => None,
        }
    }

    /// As the API is told of it: while its hook runs, the kubelet does not look at it and says that it is being created.
    pub(super) fn told(&self) -> Self {
        match self.hook {
            Some(until) if self.is_running() => Self { life: Life::Pulling(until), ..self.clone() },
            _ => self.clone(),
        }
    }

    /// Whether what comes after it in the spec may start.
    pub(super) fn lets_others_start(&self) -> bool {
        match (self.role, &self.life) {
            (Role::Init, Life::Ended(ended)) => ended.code == 0,
            (Role::Sidecar, Life::Running { .. }) => self.health.started,
            _ => false,
        }
    }

    /// Writes a line, or the end of one.
    pub(super) fn write(&mut self, at: Instant, text: String) {
        let text = if self.held.is_empty() { text } else { std::mem::take(&mut self.held) + &text };
        Arc::make_mut(&mut self.log).push(LogLine { at, text, open: false });
    }

    /// Writes what may end within a line: that is in the log once the line or the process has ended.
    /// Models containerd's `redirectLogs`.
    pub(super) fn print(&mut self, at: Instant, text: &str) {
        for part in text.split_inclusive('\n') {
            match part.strip_suffix('\n') {
                Some(line) => self.write(at, line.to_owned()),
                None => self.held.push_str(part),
            }
        }
    }

    /// The process has ended: what is held is all there is of the line.
    pub(super) fn close_log(&mut self, at: Instant) {
        if !self.held.is_empty() {
            let text = std::mem::take(&mut self.held);
            Arc::make_mut(&mut self.log).push(LogLine { at, text, open: true });
        }
    }
}

/// The container's part of the pod's spec.
pub(super) fn spec_of<'a>(pod: &'a Object, name: &str) -> Option<&'a Value> {
    let lists = [pod.list(&["spec", "initContainers"]), pod.list(&["spec", "containers"])];
    lists.into_iter().flatten().find(|container| container.get("name").is_some_and(|known| known == name))
}

/// How events name a container.
pub(super) fn field_path(pod: &Object, name: &str) -> String {
    let init = pod.list(&["spec", "initContainers"]).iter().any(|c| c.get("name").is_some_and(|known| known == name));
    format!("spec.{}{{{name}}}", if init { "initContainers" } else { "containers" })
}
