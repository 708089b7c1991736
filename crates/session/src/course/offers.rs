//! Goals that what is on the screen suggests: what calls came to, where Services lead, what an object is like, which commands
//! were run, how long it took, and what is to stay as it is.

mod calls;

use std::sync::Arc;

use api::{Object, Value};
use cluster::Cluster;

use super::draft::DraftGoal;
use crate::model::Model;
use crate::panel::Panel;

/// So many of a kind are offered.
const MOST: usize = 12;

/// What an offer is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Topic {
    /// What a call came to.
    Calls,
    /// Where a Service leads, and of which type it is.
    Services,
    /// What the object in the inspector is like.
    Inspected,
    /// How many pods are ready.
    Pods,
    /// A command was run.
    Commands,
    /// Something is as it was in the beginning.
    Stays,
    /// It is done in so much time.
    Time,
}

/// A goal that can be taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offer {
    /// What it is about.
    pub topic: Topic,
    /// The goal.
    pub goal: DraftGoal,
}

/// Everything that can be taken from what is on the screen. `commands` are the lines run lately, and `since` is when the
/// start was taken, in seconds.
pub(super) fn offers(model: &Model, commands: &[String], since: u64) -> Vec<Offer> {
    let cluster = &model.cluster;
    let mut offers = Vec::new();
    let mut add = |topic, goals: Vec<DraftGoal>| {
        offers.extend(goals.into_iter().map(|goal| Offer { topic, goal }));
    };
    add(Topic::Calls, calls::calls(cluster, commands));
    add(Topic::Services, own(cluster, &api::service::KIND).take(MOST).flat_map(|of| service(cluster, of)).collect());
    if let Some(Panel::Object(key)) = model.panel() {
        add(Topic::Inspected, cluster.store().get(&key).map(inspected).unwrap_or_default());
    }
    add(Topic::Pods, own(cluster, &api::deployment::KIND).take(MOST).filter_map(|of| pods(cluster, of)).collect());
    add(Topic::Commands, self::commands(commands));
    add(Topic::Stays, stays(cluster));
    add(Topic::Time, vec![within(cluster, since)]);
    offers
}

/// The learner's objects of a kind.
fn own<'a>(cluster: &'a Cluster, kind: &'static api::Kind) -> impl Iterator<Item = &'a Arc<Object>> {
    let is_own = |object: &&Arc<Object>| {
        let namespace = object.namespace();
        !namespace.starts_with("kube-")
            && !["ingress-nginx", "nginx-gateway", "metallb-system"].contains(&namespace)
            && object.name() != "kubernetes"
    };
    cluster.list(kind, None).filter(is_own)
}

/// An object as goals name it: `service/web`, or `service/shop/web` in another namespace than `default`.
fn reference(object: &Object) -> String {
    let (kind, namespace, name) = (object.kind().to_lowercase(), object.namespace(), object.name());
    if namespace.is_empty() || namespace == "default" {
        format!("{kind}/{name}")
    } else {
        format!("{kind}/{namespace}/{name}")
    }
}

/// What a pod is called whatever its hash is: `web-*` for the pods of a Deployment.
fn pattern(pod: &Object) -> String {
    let hash = pod.labels().and_then(|labels| labels.get("pod-template-hash")?.as_str());
    let before = hash.and_then(|hash| pod.name().rsplit_once(&format!("-{hash}-")));
    before.map_or_else(|| pod.name().to_owned(), |(workload, _)| format!("{workload}-*"))
}

/// A text as YAML has it in quotes, whatever is in it.
fn quoted(text: &str) -> String {
    manifest::to_json_compact(&Value::String(text.to_owned()))
}

fn service(cluster: &Cluster, service: &Arc<Object>) -> Vec<DraftGoal> {
    let (name, of) = (service.name(), reference(service));
    let kind = service.str(&["spec", "type"]);
    let mut goals = vec![DraftGoal::of(
        format!("The Service {name} is of the type {kind}"),
        format!("object: {{of: {of}, field: spec.type, is: {kind}}}"),
    )];
    let Some(port) = api::service::ports(service).into_iter().next() else { return goals };
    let backends = cluster::explain::backends(cluster, service, &port);
    let ready = backends.iter().filter(|backend| backend.state == cluster::explain::State::Ready).count();
    let s = if ready == 1 { "" } else { "s" };
    goals.insert(
        0,
        DraftGoal::of(
            format!("The Service {name} leads to {ready} ready endpoint{s}"),
            format!("endpoints: {{of: {of}, ready: {ready}}}"),
        ),
    );
    goals
}

/// What can be said of an object: that it is there, and each plain field that people write.
fn inspected(object: &Arc<Object>) -> Vec<DraftGoal> {
    let of = reference(object);
    let (kind, name) = (object.kind(), object.name());
    let mut goals = vec![DraftGoal::of(format!("There is a {kind} {name}"), format!("object: {{of: {of}}}"))];
    let mut fields = Vec::new();
    for part in [&["metadata", "labels"][..], &["spec"], &["data"]] {
        if let Some(value) = object.at(part) {
            plain_fields(&part.join("."), value, &mut fields);
        }
    }
    goals.extend(fields.into_iter().take(2 * MOST).map(|(path, value)| {
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let is = manifest::to_json_compact(&value);
        DraftGoal::of(
            format!("{path} of the {kind} {name} is {shown}"),
            format!("object: {{of: {of}, field: {}, is: {is}}}", quoted(&path)),
        )
    }));
    goals
}

fn plain_fields(path: &str, value: &Value, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric());
                let step = if plain { format!("{path}.{key}") } else { format!("{path}[{key}]") };
                plain_fields(&step, value, found);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                plain_fields(&format!("{path}[{at}]"), item, found);
            }
        }
        Value::Null => {}
        _ => found.push((path.to_owned(), value.clone())),
    }
}

/// How many of a Deployment's pods are ready.
fn pods(cluster: &Cluster, deployment: &Arc<Object>) -> Option<DraftGoal> {
    let labels = deployment.map(&["spec", "selector", "matchLabels"])?;
    let pairs: Vec<String> =
        labels.iter().filter_map(|(key, value)| Some(format!("{key}={}", value.as_str()?))).collect();
    let (selector, namespace) = (pairs.join(","), deployment.namespace());
    let has = |pod: &&Arc<Object>| {
        let of_pod = pod.labels();
        labels.iter().all(|(key, value)| of_pod.and_then(|labels| labels.get(key)) == Some(value))
    };
    let ready =
        cluster.list(&api::pod::KIND, Some(namespace)).filter(has).filter(|pod| api::pod::is_ready(pod)).count();
    let elsewhere = if namespace == "default" { String::new() } else { format!(", namespace: {namespace}") };
    Some(DraftGoal::of(
        format!("{ready} pods with {selector} are ready"),
        format!("objects: {{kind: pods{elsewhere}, selector: {}, ready: true, count: {ready}}}", quoted(&selector)),
    ))
}

/// The commands run last, each by the words that matter: what something is called may be written in several ways.
fn commands(lines: &[String]) -> Vec<DraftGoal> {
    let mut goals: Vec<DraftGoal> = Vec::new();
    for line in lines.iter().rev() {
        let plain = |word: &&str| !word.starts_with('-') && !word.contains(['"', '\'', '$', '|', '<', '>', '{', '\\']);
        let words: Vec<String> = line.split_whitespace().filter(plain).take(6).map(alternatives).collect();
        let goal = DraftGoal::of(
            format!("You have run {}", line.trim()),
            format!("command: {{words: [{}]}}", words.join(", ")),
        );
        if !words.is_empty() && goals.len() < MOST && goals.iter().all(|other| other.check != goal.check) {
            goals.push(goal);
        }
    }
    goals
}

fn alternatives(word: &str) -> String {
    let kind = api::Kind::of_word(word)
        .filter(|kind| word == kind.singular || word == kind.plural || kind.short_names.contains(&word));
    let Some(kind) = kind else { return quoted(word) };
    quoted(
        &[kind.singular, kind.plural].into_iter().chain(kind.short_names.iter().copied()).collect::<Vec<_>>().join("|"),
    )
}

/// What the learner is to leave alone.
fn stays(cluster: &Cluster) -> Vec<DraftGoal> {
    let made = |object: &&Arc<Object>| object.at(&["metadata", "ownerReferences"]).is_none();
    let kinds = [
        &api::service::KIND,
        &api::deployment::KIND,
        &api::pod::KIND,
        &api::network_policy::KIND,
        &api::ingress::KIND,
        &api::config_map::KIND,
    ];
    let all = kinds.into_iter().flat_map(|kind| own(cluster, kind).filter(made));
    let goal = |object: &Arc<Object>| {
        DraftGoal::of(
            format!("The {} {} stays as it is", object.kind(), object.name()),
            format!("unchanged: {{objects: [{}]}}", reference(object)),
        )
    };
    all.filter(|object| object.name() != "kube-root-ca.crt").take(2 * MOST).map(goal).collect()
}

/// Twice the time that it took the teacher, in whole minutes.
fn within(cluster: &Cluster, since: u64) -> DraftGoal {
    let spent = (cluster.now().0 / 1_000_000).saturating_sub(since);
    let minutes = (2 * spent).div_ceil(60).clamp(1, 60);
    let s = if minutes == 1 { "" } else { "s" };
    DraftGoal::of(format!("It is done within {minutes} minute{s}"), format!("within: {{seconds: {}}}", minutes * 60))
}
