//! `kubectl taint`. Models `pkg/cmd/taint`.

use api::{Value, json, names};
use cluster::{Patch, apiserver::Subresource};

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::objects::{self, Info, Write};
use super::super::resolve::{self, Query};
use super::common::{self, DryRun, Report};

static FLAGS: &[Flag] = &[
    Flag::bool("all", "false", "Select all nodes in the cluster"),
    Flag::text("field-manager", "kubectl-taint", "Name of the manager used to track field ownership."),
    Flag::bool(
        "overwrite",
        "false",
        "If true, allow taints to be overwritten, otherwise reject taint updates that overwrite existing taints.",
    ),
    common::SELECTOR,
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "taint",
    usage: "taint NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N",
    short: "Update the taints on one or more nodes",
    long: "Update the taints on one or more nodes.\n\n  *  A taint consists of a key, value, and effect. As an argument here, it is expressed as key=value:effect.\n  *  The key must begin with a letter or number, and may contain letters, numbers, hyphens, dots, and underscores, up to 253 characters.\n  *  Optionally, the key can begin with a DNS subdomain prefix and a single '/', like example.com/my-app.\n  *  The value is optional. If given, it must begin with a letter or number, and may contain letters, numbers, hyphens, dots, and underscores, up to 63 characters.\n  *  The effect must be NoSchedule, PreferNoSchedule or NoExecute.\n  *  Currently taint can only apply to node.",
    examples: "# Update node 'foo' with a taint with key 'dedicated' and value 'special-user' and effect 'NoSchedule'\n# If a taint with that key and effect already exists, its value is replaced as specified\nkubectl taint nodes foo dedicated=special-user:NoSchedule\n\n# Remove from node 'foo' the taint with key 'dedicated' and effect 'NoSchedule' if one exists\nkubectl taint nodes foo dedicated:NoSchedule-\n\n# Remove from node 'foo' all the taints with key 'dedicated'\nkubectl taint nodes foo dedicated-\n\n# Add a taint with key 'dedicated' on nodes having label myLabel=X\nkubectl taint node -l myLabel=X  dedicated=foo:PreferNoSchedule\n\n# Add to node 'foo' a taint with key 'bar' and no value\nkubectl taint nodes foo bar:NoSchedule",
    flags: &[FLAGS, common::PRINT, common::DRY_RUN, common::VALIDATE],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

/// `key=value:effect`, of which a removal may leave out all but the key.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Taint {
    key: String,
    value: String,
    effect: String,
}

impl Taint {
    /// Models `parseTaint`.
    fn parse(text: &str) -> Result<Self, String> {
        let invalid = |why: &[String]| match why {
            [] => format!("invalid taint spec: {text}"),
            why => format!("invalid taint spec: {text}, {}", why.join("; ")),
        };
        let parts: Vec<&str> = text.split(':').collect();
        let (pair, effect) = match parts.as_slice() {
            [key] => (vec![*key], ""),
            [pair, effect] => (pair.split('=').collect(), *effect),
            _ => return Err(invalid(&[])),
        };
        if parts.len() == 2 && !matches!(effect, "NoSchedule" | "PreferNoSchedule" | "NoExecute") {
            return Err(format!("invalid taint effect: {effect}, unsupported taint effect"));
        }
        if pair.len() > 2 {
            return Err(invalid(&[]));
        }
        let value = pair.get(1).copied().unwrap_or_default();
        for wrong in [names::is_label_value(value), names::is_qualified_name(pair[0])] {
            if !wrong.is_empty() {
                return Err(invalid(&wrong));
            }
        }
        Ok(Self { key: pair[0].to_owned(), value: value.to_owned(), effect: effect.to_owned() })
    }

    fn of(value: &Value) -> Self {
        let text = |field: &str| value.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        Self { key: text("key"), value: text("value"), effect: text("effect") }
    }

    /// Whether key and effect are the same. Models `Taint.MatchTaint`.
    fn matches(&self, other: &Self) -> bool {
        self.key == other.key && self.effect == other.effect
    }
}

/// The taints to add and those to remove. Models `parseTaints`.
fn parse(words: &[String]) -> Result<(Vec<Taint>, Vec<Taint>), String> {
    let (mut add, mut remove): (Vec<Taint>, Vec<Taint>) = (Vec::new(), Vec::new());
    for word in words {
        if let Some(word) = word.strip_suffix('-') {
            remove.push(Taint::parse(word)?);
            continue;
        }
        let new = Taint::parse(word)?;
        if new.effect.is_empty() {
            return Err(format!("invalid taint spec: {word}"));
        }
        if add.iter().any(|known| known.matches(&new)) {
            let Taint { key, value, effect } = &new;
            return Err(format!("duplicated taints with the same key and effect: {{{key} {value} {effect} <nil>}}"));
        }
        add.push(new);
    }
    Ok((add, remove))
}

async fn run(call: &Call) -> Outcome {
    let dry_run = DryRun::of(call)?;
    let is_taint = |word: &String| word.contains(['=', ':']) || word.ends_with('-');
    let first = call.args.iter().position(is_taint).unwrap_or(call.args.len());
    let (resources, taints) = call.args.split_at(first);
    if let Some(word) = taints.iter().find(|word| !is_taint(word)) {
        return Err(Failure::Text(format!("all resources must be specified before taint changes: {word}")));
    }
    let [kind, names @ ..] = resources else {
        return Err(Failure::text("one or more resources must be specified as <resource> <name>"));
    };
    if taints.is_empty() {
        return Err(Failure::text("at least one taint update is required"));
    }
    let (add, remove) = parse(taints).map_err(|why| call.usage_error(why))?;
    check(call, kind, names, &add, &remove)?;
    let report = Report::of(call, dry_run)?.typed();
    let mut args = vec!["node".to_owned()];
    args.extend(names.iter().filter(|_| !call.flags.bool("all") && call.flags.text("selector").is_empty()).cloned());
    let query = Query { args, ..Query::of(call) };
    let (infos, mut failures) = resolve::resolve(call, &query).await?.split();
    for info in infos {
        failures.extend(one(call, info, &add, &remove, dry_run, &report).err());
    }
    resolve::all_or(failures)
}

/// Models `TaintOptions.Validate`.
fn check(call: &Call, kind: &str, names: &[String], add: &[Taint], remove: &[Taint]) -> Outcome {
    let word = kind.to_lowercase();
    if resolve::kind(&word)?.kind != "Node" {
        return Err(Failure::Text(format!("invalid resource type {word}, only node types are supported")));
    }
    let clashes = |new: &Taint, old: &Taint| new.key == old.key && (old.effect.is_empty() || new.effect == old.effect);
    let both: Vec<String> = add
        .iter()
        .flat_map(|new| remove.iter().filter(move |old| clashes(new, old)))
        .map(|old| format!("{}={}", old.key, old.effect))
        .collect();
    if !both.is_empty() {
        let both = both.join(", ");
        let text = format!("can not both modify and remove the following taint(s) in the same command: {both}");
        return Err(Failure::Text(text));
    }
    match (call.flags.bool("all"), call.flags.text("selector").is_empty()) {
        (true, false) => Err(Failure::text("setting 'all' parameter with a non empty selector is prohibited")),
        (false, true) if names.is_empty() => {
            Err(Failure::text("at least one resource name must be specified since 'all' parameter is not set"))
        }
        _ => Ok(()),
    }
}

fn one(call: &Call, mut info: Info, add: &[Taint], remove: &[Taint], dry_run: DryRun, report: &Report) -> Outcome {
    let old: Vec<Value> = info.object.pointer("/spec/taints").and_then(Value::as_array).cloned().unwrap_or_default();
    let overwrite = call.flags.bool("overwrite");
    let taken = add.iter().filter(|new| old.iter().any(|old| Taint::of(old).matches(new)));
    let taken: Vec<&str> = taken.map(|taint| taint.key.as_str()).collect();
    if !overwrite && !taken.is_empty() {
        return Err(Failure::Text(format!(
            "node {} already has {} taint(s) with same effect(s) and --overwrite is false",
            info.name,
            taken.join(",")
        )));
    }
    let (taints, word) = reorganize(&old, add, remove, overwrite)?;
    let list = if taints.is_empty() { Value::Null } else { taints.into() };
    if dry_run == DryRun::Client {
        match list {
            Value::Null => drop(info.object["spec"].as_object_mut().and_then(|spec| spec.remove("taints"))),
            list => info.object["spec"]["taints"] = list,
        }
    } else {
        let write = Write { manager: call.flags.text("field-manager"), dry_run: dry_run == DryRun::Server };
        let patch = Patch::Merge(json!({"spec": {"taints": list}}));
        let (object, _) = objects::patch(call, &info, patch, Subresource::Main, &write)?;
        info.refresh(&object);
    }
    report.print(call, &info.object, word)
}

/// The new list, and the word for what happened. Models `reorganizeTaints`.
fn reorganize(old: &[Value], add: &[Taint], remove: &[Taint], overwrite: bool) -> Outcome<(Vec<Value>, &'static str)> {
    let value = |taint: &Taint| match taint.value.as_str() {
        "" => json!({"effect": taint.effect, "key": taint.key}),
        value => json!({"effect": taint.effect, "key": taint.key, "value": value}),
    };
    let mut new: Vec<Value> = add.iter().map(value).collect();
    let others = old.iter().filter(|old| !add.iter().any(|new| new.matches(&Taint::of(old))));
    new.extend(others.cloned());
    let added = new.len() != old.len();
    let (mut removed, mut failures) = (false, Vec::new());
    for taint in remove {
        let before = new.len();
        new.retain(|known| {
            let known = Taint::of(known);
            if taint.effect.is_empty() { known.key != taint.key } else { !known.matches(taint) }
        });
        removed = new.len() != before;
        if !removed {
            let shown =
                if taint.effect.is_empty() { taint.key.clone() } else { format!("{}:{}", taint.key, taint.effect) };
            failures.push(Failure::Text(format!("taint {} not found", api::field::go_quote(&shown))));
        }
    }
    resolve::all_or(failures)?;
    Ok((
        new,
        if (added && removed) || overwrite {
            "modified"
        } else if added {
            "tainted"
        } else {
            "untainted"
        },
    ))
}

#[cfg(test)]
mod tests {
    use cluster::Cluster;

    use crate::terminal::run_script;

    #[test]
    fn taints_come_and_go() {
        let mut cluster = Cluster::default();
        for (words, out, err) in [
            ("nodes minikube a=b:NoSchedule", "node/minikube tainted\n", ""),
            (
                "nodes minikube a=c:NoSchedule",
                "",
                "error: node minikube already has a taint(s) with same effect(s) and --overwrite is false\n",
            ),
            ("nodes minikube a=c:NoSchedule --overwrite", "node/minikube modified\n", ""),
            ("nodes minikube a-", "node/minikube untainted\n", ""),
            ("nodes minikube a-", "", "error: taint \"a\" not found\n"),
            ("nodes minikube", "", "error: at least one taint update is required\n"),
            ("pods x a=b:NoSchedule", "", "error: invalid resource type pods, only node types are supported\n"),
            (
                "nodes minikube a=b:Never",
                "",
                "error: invalid taint effect: Never, unsupported taint effect\nSee 'kubectl taint -h' for help and examples\n",
            ),
        ] {
            let done = run_script(&mut cluster, &format!("kubectl taint {words}"), "", &[]);
            assert_eq!((done.stdout.as_str(), done.stderr.as_str()), (out, err), "{words}");
        }
    }
}
