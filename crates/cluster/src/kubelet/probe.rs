//! Startup, liveness and readiness probes. Models `pkg/kubelet/prober`.
//!
//! A probe that succeeds for good is not asked again until something changes that it could notice: the outcome would be
//! the same, and a cluster at rest stays at rest.

use api::object::lookup;
use api::{Object, ObjectKey, Value};

use super::runtime::{Life, field_path, spec_of};
use super::{Fault, stop, view};
use crate::events::Note;
use crate::{Cluster, Instant};

/// The three probes, in the order in which they matter.
const PROBES: [(&str, &str, &str); 3] = [
    ("startupProbe", "Startup", "startup"),
    ("livenessProbe", "Liveness", "liveness"),
    ("readinessProbe", "Readiness", "readiness"),
];
const STARTUP: usize = 0;
const READINESS: usize = 2;

/// Microseconds until a kubelet notices that a container runs.
const RELIST: u64 = 1_000_000;

/// What the probes of a container say.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Health {
    pub(super) started: bool,
    pub(super) ready: bool,
    next: [Option<Instant>; 3],
    successes: [i64; 3],
    failures: [i64; 3],
}

impl Health {
    /// A container that has just been started.
    pub(super) fn begin(spec: &Value, now: Instant) -> Self {
        let has = |index: usize| spec.get(PROBES[index].0).is_some();
        let started = !has(STARTUP);
        let next = std::array::from_fn(|index| {
            has(index).then(|| tick(spec, index, now, now)).filter(|_| started || index == STARTUP)
        });
        Self { started, ready: started && !has(READINESS), next, successes: [0; 3], failures: [0; 3] }
    }

    /// A container whose process ended.
    pub(super) fn stop(&mut self) {
        *self = Self::default();
    }

    /// What somebody else says of it.
    pub(super) fn report(&mut self, ready: bool) {
        *self = Self { started: true, ready, ..Self::default() };
    }

    /// Something changed: every probe looks again soon.
    pub(super) fn wake(&mut self, now: Instant) {
        for index in 0..3 {
            if self.successes[index] > 0 && self.next[index].is_none() {
                self.next[index] = Some(now + 1);
            }
        }
    }

    pub(super) fn next_due(&self) -> Option<Instant> {
        self.next.iter().flatten().min().copied()
    }
}

fn seconds(spec: &Value, index: usize, field: &str, absent: u64) -> u64 {
    lookup(spec, &[PROBES[index].0, field]).and_then(Value::as_u64).filter(|n| *n > 0).unwrap_or(absent) * 1_000_000
}

/// The first tick of a probe from a moment on: one a period since the start, none before the initial delay is over.
fn tick(spec: &Value, index: usize, since: Instant, from: Instant) -> Instant {
    let period = seconds(spec, index, "periodSeconds", 10).max(1);
    let delay = seconds(spec, index, "initialDelaySeconds", 0);
    let earliest = delay.max(from - since).saturating_sub(RELIST);
    since + RELIST + earliest.div_ceil(period) * period
}

/// Runs those probes of a container that are due.
pub(super) fn run(cluster: &mut Cluster, key: &ObjectKey, pod: &Object, index: usize) {
    for probe in 0..3 {
        let now = cluster.now();
        let Some(container) = cluster.kubelet.pods.get(key).and_then(|r| r.containers.get(index)) else { return };
        let due = container.health.next[probe].is_some_and(|due| due <= now);
        let (Life::Running { since, .. }, true) = (container.life.clone(), due) else { continue };
        let name = container.name.clone();
        let Some(spec) = spec_of(pod, &name) else { return };
        let outcome = if probe == READINESS && cluster.has_fault(key, Fault::NotReady) {
            Err("HTTP probe failed with statuscode: 503".to_owned())
        } else {
            view::ask(cluster, key, pod, &name, &spec[PROBES[probe].0])
        };
        let words = PROBES[probe];
        if let Err(message) = &outcome {
            let text = format!("{} probe failed: {message}", words.1);
            let note = Note::warning("kubelet", "Unhealthy", text);
            cluster.record(pod, &note.on(pod.str(&["spec", "nodeName"]), field_path(pod, &name)));
        }
        let number =
            |field: &str, absent: u64| i64::try_from(seconds(spec, probe, field, absent) / 1_000_000).unwrap_or(1);
        let (needed, allowed) = (number("successThreshold", 1), number("failureThreshold", 3));
        let changes = view::next_change(cluster, key, &name);
        let Some(container) = cluster.kubelet.runtime_mut(key).and_then(|r| r.containers.get_mut(index)) else {
            return;
        };
        let health = &mut container.health;
        match outcome {
            Ok(()) => (health.successes[probe], health.failures[probe]) = (health.successes[probe] + 1, 0),
            Err(_) => (health.successes[probe], health.failures[probe]) = (0, health.failures[probe] + 1),
        }
        let good = health.successes[probe] >= needed;
        let bad = health.failures[probe] >= allowed;
        health.next[probe] = if good {
            changes.map(|change| tick(spec, probe, since, change.max(now + 1)))
        } else {
            Some(tick(spec, probe, since, now + 1))
        };
        match (probe, good, bad) {
            (STARTUP, true, _) => {
                health.started = true;
                health.next[STARTUP] = None;
                health.successes[STARTUP] = 0;
                for (next, words) in health.next.iter_mut().zip(PROBES).skip(STARTUP + 1) {
                    *next = spec.get(words.0).map(|_| now);
                }
                health.ready = spec.get(PROBES[READINESS].0).is_none();
            }
            (READINESS, true, _) => health.ready = true,
            (READINESS, _, true) => health.ready = false,
            (_, _, true) => {
                health.next = [None; 3];
                let text = format!("Container {name} failed {} probe, will be restarted", words.2);
                let note = Note::normal("kubelet", "Killing", text);
                cluster.record(pod, &note.on(pod.str(&["spec", "nodeName"]), field_path(pod, &name)));
                stop::restart(cluster, key, pod, index);
                return;
            }
            _ => {}
        }
    }
}
