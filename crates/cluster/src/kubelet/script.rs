//! Containers whose program is a shell script: what it writes as time passes, and what it waits for.

use std::net::Ipv4Addr;
use std::sync::Arc;

use api::{Object, ObjectKey};

use super::runtime::{Container, Life};
use super::{environment, fetch};
use crate::images::script::{DATE, Goal, Pending, Script};
use crate::network::dns::{self, Question, RecordType};
use crate::network::{Outcome, Payload, Protocol, Socket, TraceId, Traffic, Vantage, router};
use crate::{Cluster, Instant};

/// Lines that are made up at once for a time that nobody looked at.
const MOST: usize = 1000;

/// A script under way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Running {
    script: Arc<Script>,
    /// When this part of it began.
    since: Instant,
    /// Up to when its lines are in the log.
    written: Instant,
    /// When it looks again for what it waits for, or asks.
    pub(super) look: Option<Instant>,
    /// What was heard and is written as this part begins.
    heard: String,
}

impl Running {
    /// A script that begins.
    pub(super) fn begin(script: Script, now: Instant) -> Self {
        // The first look is work of its own, a moment later.
        let look = script.pause().map(|start| now + start.max(1));
        Self { script: Arc::new(script), since: now, written: now, look, heard: String::new() }
    }
}

impl Container {
    /// Brings the log up to a time, that time included.
    pub(super) fn write_script(&mut self, now: Instant) {
        let Life::Running { exit, .. } = self.life else { return };
        let Some(running) = &mut self.script else { return };
        let until = exit.map_or(now, |(at, _)| at.min(now)) + 1;
        let lines = running.script.lines_between(running.written - running.since, until - running.since, MOST);
        running.written = until.max(running.since);
        let since = running.since;
        let heard = if since < until { std::mem::take(&mut running.heard) } else { String::new() };
        self.print(since, &heard);
        for (after, line) in lines {
            let at = since + after;
            self.write(at, if line.contains(DATE) { line.replace(DATE, &date(at)) } else { line });
        }
    }
}

/// The time as `date` prints it.
fn date(at: Instant) -> String {
    // `Mon, 02 Jan 2006 15:04:05 +0000`
    let text = api::time::format_rfc1123z(at.unix_seconds());
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    match words.as_slice() {
        [weekday, day, month, year, time, ..] => format!("{weekday} {month} {day:>2} {time} UTC {year}"),
        _ => text,
    }
}

/// Brings the logs of all scripts up to now.
pub(crate) fn write_all(cluster: &mut Cluster) {
    if cluster.kubelet.scripts.is_empty() {
        return;
    }
    let now = cluster.now();
    let keys: Vec<ObjectKey> = cluster.kubelet.scripts.iter().cloned().collect();
    for key in keys {
        let Some(runtime) = cluster.kubelet.runtime_mut(&key) else {
            cluster.kubelet.scripts.remove(&key);
            continue;
        };
        runtime.containers.iter_mut().for_each(|container| container.write_script(now));
        if runtime.containers.iter().all(|container| container.script.is_none()) {
            cluster.kubelet.scripts.remove(&key);
        }
    }
}

/// A script that waits looks again, and goes on when what it waits for is there.
pub(super) fn look(cluster: &mut Cluster, key: &ObjectKey, pod: &Object, index: usize) {
    let now = cluster.now();
    let Some(container) = cluster.kubelet.pods.get(key).and_then(|r| r.containers.get(index)) else { return };
    let due = container.script.as_ref().filter(|running| running.look.is_some_and(|look| look <= now)).cloned();
    let Some(running) = due.filter(|_| container.is_running()) else { return };
    if let Some(pending) = running.script.fetch() {
        ask(cluster, key, pod, index, pending);
        return;
    }
    let Some(wait) = running.script.wait() else { return };
    let found = match &wait.goal {
        Goal::Name(name) => resolve(cluster, pod, name).is_some(),
        Goal::Port(host, port) => takes_connections(cluster, key, pod, host, *port),
    };
    let Some(container) = cluster.kubelet.runtime_mut(key).and_then(|r| r.containers.get_mut(index)) else { return };
    if !found {
        if let Some(running) = &mut container.script {
            running.look = Some(now + wait.period);
        }
        return;
    }
    container.write_script(now);
    if let Life::Running { exit, .. } = &mut container.life {
        *exit = wait.rest.exit().map(|(after, code)| (now + after, code));
    }
    container.script = Some(Running::begin(wait.rest.clone(), now));
}

/// A script makes a request, and goes on when it has ended.
fn ask(cluster: &mut Cluster, key: &ObjectKey, pod: &Object, index: usize, pending: &Pending) {
    let heard = fetch::run(cluster, key, pod, &pending.fetch);
    let then = cluster.now() + heard.took;
    let next = pending.resume(heard.code);
    let Some(container) = cluster.kubelet.runtime_mut(key).and_then(|r| r.containers.get_mut(index)) else { return };
    container.write_script(then);
    if let Life::Running { exit: exit @ None, .. } = &mut container.life {
        *exit = next.exit().map(|(after, code)| (then + after, code));
    }
    let heard = if pending.piped { String::new() } else { heard.text };
    container.script = Some(Running { heard, ..Running::begin(next, then) });
}

/// The address of a name, as a resolver in a pod finds it.
pub(super) fn resolve(cluster: &Cluster, pod: &Object, name: &str) -> Option<Ipv4Addr> {
    if let Ok(ip) = name.parse() {
        return Some(ip);
    }
    let conf = environment::resolv_conf(cluster, pod);
    let searched = conf.lines().find_map(|line| line.strip_prefix("search ")).unwrap_or_default();
    let in_cluster = !searched.is_empty();
    let full = name.ends_with('.');
    let names = searched.split(' ').filter(|_| !full).map(|domain| format!("{name}.{domain}")).chain([name.to_owned()]);
    let ask = |name: String| {
        let question = Question::new(&name, RecordType::A);
        let answer = if in_cluster { dns::answer(cluster, &question) } else { dns::answer_outside(cluster, &question) };
        answer.addresses().first().copied()
    };
    names.filter(|name| !name.starts_with('.')).find_map(ask)
}

/// Whether a port of a host takes a connection from the pod.
fn takes_connections(cluster: &mut Cluster, key: &ObjectKey, pod: &Object, host: &str, port: u16) -> bool {
    let Some(ip) = resolve(cluster, pod, host) else { return false };
    let from = Vantage::Pod { namespace: key.namespace.clone(), name: key.name.clone() };
    let traffic = Traffic { from, protocol: Protocol::Tcp, to: Socket { ip, port }, payload: Payload::Connect };
    // It is no traffic that anybody asked for, so its trace is not kept.
    let trace = router::route(cluster, TraceId(usize::MAX), traffic);
    matches!(trace.outcome, Outcome::Answered(_))
}

#[cfg(test)]
mod tests {
    #[test]
    fn date_is_busyboxs() {
        assert_eq!(super::date(crate::Instant::default()), "Mon Nov 23 09:00:00 UTC 2026");
    }
}
