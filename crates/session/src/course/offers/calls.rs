//! What the calls made last came to, as goals: from where, to where, with which outcome, and which pods answered how often.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::ObjectKey;
use cluster::Cluster;
use cluster::network::{Action, Outcome, Payload, Place, Reply, Trace, Vantage};

use super::super::draft::DraftGoal;
use super::{pattern, quoted};

/// So many of the requests made last are looked at.
const LATELY: usize = 200;

/// So many different calls are offered.
const MOST: usize = 6;

/// Whoever gave fewer answers than this is no share yet.
const ENOUGH: u64 = 8;

/// Calls that were the same, and came to the same.
#[derive(Clone, PartialEq, Debug)]
struct Call {
    from: Caller,
    to: String,
    host: Option<String>,
    is: String,
    came: String,
    answers: BTreeMap<String, u64>,
}

/// Who called: as the format has it, and in words.
type Caller = (String, String);

/// The calls made last, the newest first.
pub(super) fn calls(cluster: &Cluster, commands: &[String]) -> Vec<DraftGoal> {
    let traces = cluster.traces();
    let mut found: Vec<Call> = Vec::new();
    for (at, trace) in traces.iter().enumerate().rev().take(LATELY) {
        let earlier = traces.get(..at).unwrap_or_default();
        let Some(call) = call(cluster, trace, earlier) else { continue };
        let is_same = |other: &Call| (&other.from, &other.to, &other.host) == (&call.from, &call.to, &call.host);
        match found.iter().position(is_same) {
            Some(at) if found[at].is == call.is => {
                for (pod, count) in call.answers {
                    *found[at].answers.entry(pod).or_default() += count;
                }
            }
            // What the same call came to before is over.
            Some(_) => {}
            None if found.len() < MOST => found.push(call),
            None => {}
        }
    }
    let unknown = unresolved(cluster, traces, commands);
    unknown.into_iter().chain(found.iter().flat_map(goals)).collect()
}

fn goals(call: &Call) -> Vec<DraftGoal> {
    let Call { from: (from, from_words), to, host, is, came, answers } = call;
    let with_host = host.as_ref().map(|host| format!(", host: {}", quoted(host))).unwrap_or_default();
    let start = format!("request: {{from: {from}, to: {}{with_host}", quoted(to));
    let named = host.as_ref().map(|host| format!(" (as {host})")).unwrap_or_default();
    let words = format!("A call of {to}{named} from {from_words}");
    let mut goals = vec![DraftGoal::of(format!("{words} {came}"), format!("{start}, is: {is}}}"))];
    if answers.is_empty() || is != "answered" {
        return goals;
    }
    let pods: Vec<&str> = answers.keys().map(String::as_str).collect();
    let list: Vec<String> = pods.iter().map(|pod| quoted(pod)).collect();
    goals.push(DraftGoal::of(
        format!("{words} is answered by {} and nobody else", pods.join(", ")),
        format!("{start}, pods: [{}]}}", list.join(", ")),
    ));
    let all: u64 = answers.values().sum();
    if answers.len() > 1 && all >= ENOUGH {
        let share = |count: u64| (count * 20 + all / 2) / all * 5;
        let shares = answers.iter().map(|(pod, count)| (pod, share(*count)));
        let words_of: Vec<String> = shares.clone().map(|(pod, share)| format!("{share} % by {pod}")).collect();
        let map: Vec<String> = shares.map(|(pod, share)| format!("{}: {share}", quoted(pod))).collect();
        goals.push(DraftGoal::of(
            format!("{words} is answered {}", words_of.join(", ")),
            format!("{start}, pods: {{{}}}, times: 100}}", map.join(", ")),
        ));
    }
    goals
}

/// What a request was as somebody called it; `None` for one that is no call, such as a question for a name server.
fn call(cluster: &Cluster, trace: &Trace, earlier: &[Arc<Trace>]) -> Option<Call> {
    if matches!(trace.traffic.payload, Payload::Dns(_) | Payload::Ping) || trace.traffic.to.port == 53 {
        return None;
    }
    let from = caller(cluster, &trace.traffic.from);
    let (ip, port) = (trace.traffic.to.ip.to_string(), trace.traffic.to.port);
    let port_words = if port == 80 { String::new() } else { format!(":{port}") };
    let by_address = address(cluster, &ip);
    let (to, host) = match &trace.traffic.payload {
        Payload::Http(request) => {
            let header = request.header("Host").unwrap_or_default();
            let name = header.split(':').next().unwrap_or_default();
            let path = if request.target == "/" { "" } else { request.target.as_str() };
            if name.is_empty() || name == ip {
                (format!("http://{by_address}{port_words}{path}"), None)
            } else if was_looked_up(name, trace, earlier) {
                (format!("http://{name}{port_words}{path}"), None)
            } else {
                (format!("http://{by_address}{port_words}{path}"), Some(name.to_owned()))
            }
        }
        _ => (format!("tcp://{by_address}:{port}"), None),
    };
    let (is, came) = match &trace.outcome {
        Outcome::Answered(Reply::Http(response)) if response.status >= 400 => {
            (response.status.to_string(), format!("is answered with {}", response.status))
        }
        Outcome::Answered(_) => ("answered".to_owned(), "is answered".to_owned()),
        Outcome::Refused(_) => ("refused".to_owned(), "is refused".to_owned()),
        Outcome::Lost => ("timeout".to_owned(), "gets no answer".to_owned()),
    };
    let answers = answered_by(cluster, trace).map(|pod| (pod, 1)).into_iter().collect();
    Some(Call { from, to, host, is, came, answers })
}

/// Whether the caller had asked for the address of this name before.
fn was_looked_up(name: &str, trace: &Trace, earlier: &[Arc<Trace>]) -> bool {
    earlier.iter().rev().take(LATELY).any(|asked| match &asked.traffic.payload {
        Payload::Dns(question) => {
            asked.traffic.from == trace.traffic.from && question.name.trim_end_matches('.').starts_with(name)
        }
        _ => false,
    })
}

/// The pod that answered.
fn answered_by(cluster: &Cluster, trace: &Trace) -> Option<String> {
    let Outcome::Answered(_) = trace.outcome else { return None };
    let delivered = trace.hops.iter().rev().find(|hop| matches!(hop.action, Action::Deliver { .. }))?;
    let Place::Pod(key) = &delivered.place else { return None };
    Some(cluster.store().get(key).map_or_else(|| key.name.to_string(), |pod| pattern(pod)))
}

/// An address by what has it, so that the goal holds whatever address that gets.
fn address(cluster: &Cluster, ip: &str) -> String {
    let service = cluster.list(&api::service::KIND, None).find(|service| service.str(&["spec", "clusterIP"]) == ip);
    if let Some(service) = service {
        return format!("{{{} spec.clusterIP}}", super::reference(service));
    }
    let own =
        |pod: &&Arc<api::Object>| pod.str(&["status", "podIP"]) == ip && pod.at(&["spec", "hostNetwork"]).is_none();
    match cluster.list(&api::pod::KIND, None).find(own) {
        Some(pod) => {
            let (namespace, name) = (pod.namespace(), pattern(pod));
            let place = if namespace == "default" { String::new() } else { format!("{namespace}/") };
            format!("{{pod/{place}{name} status.podIP}}")
        }
        None => ip.to_owned(),
    }
}

fn caller(cluster: &Cluster, from: &Vantage) -> Caller {
    match from {
        Vantage::Laptop => ("laptop".to_owned(), "your machine".to_owned()),
        Vantage::Internet => ("internet".to_owned(), "the internet".to_owned()),
        Vantage::Node(name) => (format!("node/{name}"), format!("node {name}")),
        Vantage::Pod { namespace, name } => {
            let key = ObjectKey::new(&api::pod::KIND, namespace, name);
            match cluster.store().get(&key).filter(|pod| !pod.is_terminating()) {
                Some(pod) => {
                    let name = pattern(pod);
                    let place = if &**namespace == "default" { String::new() } else { format!("{namespace}/") };
                    (format!("\"pod/{place}{name}\""), format!("the pod {name}"))
                }
                // Who called is gone; another one can call in its place.
                None => (format!("{{namespace: {namespace}}}"), "a new pod".to_owned()),
            }
        }
    }
}

/// The last call by a name that nobody knows.
fn unresolved(cluster: &Cluster, traces: &[Arc<Trace>], commands: &[String]) -> Option<DraftGoal> {
    let last = traces.last()?;
    let Payload::Dns(_) = &last.traffic.payload else { return None };
    match &last.outcome {
        Outcome::Answered(Reply::Dns(answer)) if !answer.addresses().is_empty() => return None,
        _ => {}
    }
    let line = commands.iter().rev().find(|line| line.contains("wget ") || line.contains("curl "))?;
    let words = line.split_whitespace().skip_while(|word| !word.ends_with("wget") && !word.ends_with("curl")).skip(1);
    let words: Vec<&str> = words.map(|word| word.trim_matches(['"', '\''])).collect();
    let is_url = |word: &&&str| word.starts_with("http");
    let url = words.iter().find(is_url).or_else(|| words.iter().rev().find(|word| !word.starts_with('-')))?;
    let url = if url.starts_with("http") { (*url).to_owned() } else { format!("http://{url}") };
    let (from, words) = caller(cluster, &last.traffic.from);
    Some(DraftGoal::of(
        format!("The name in {url} is unknown to {words}"),
        format!("request: {{from: {from}, to: {}, is: unresolved}}", quoted(&url)),
    ))
}
