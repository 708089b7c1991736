//! What a half-typed command line of kubectl could go on with, from the same tables that parse it.
//! Models `pkg/util/completion` and cobra's completions.

use api::schema::{Shape, schema};
use api::{Kind, Object, Value};
use cluster::Cluster;

use super::ROOT;
use super::command::{self, Verb, all_flags};
use super::flags::Flag;

/// What stands before the word that is to be completed.
struct Typed<'a> {
    verb: &'static Verb,
    /// The words of the verb that are no flags.
    args: Vec<&'a str>,
    /// The namespace that the line names.
    namespace: &'a str,
    after_dashes: bool,
}

/// What could stand where `word` begins, after `words` (without `kubectl` itself); `None` where a file could.
/// `namespace` and `contexts` are those of the kubeconfig.
#[must_use]
pub fn choices(
    cluster: &Cluster,
    (namespace, contexts): (&str, &[String]),
    words: &[&str],
    word: &str,
) -> Option<Vec<String>> {
    let owned: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let (verb, _, _) = command::find(&ROOT, &owned);
    let flags = all_flags(verb);
    let awaited = words.last().and_then(|last| awaiting(&flags, last));
    let typed = read(verb, &flags, words, namespace);
    if let Some(flag) = awaited {
        return values(cluster, contexts, flag, &typed);
    }
    if word.starts_with('-') && !typed.after_dashes {
        let shown = flags.iter().filter(|flag| !flag.hidden).map(|flag| format!("--{}", flag.name));
        return Some(shown.chain(["--help".to_owned()]).collect());
    }
    if typed.after_dashes {
        return None;
    }
    if !verb.verbs.is_empty() && typed.args.is_empty() {
        let below = verb.verbs.iter().filter(|verb| verb.name != "options").map(|verb| verb.name.to_owned());
        let group = verb.run.is_none() || verb.flags.is_empty();
        return (group || !word.is_empty()).then(|| below.collect());
    }
    arguments(cluster, contexts, &typed, word)
}

/// The flag whose value comes next: `-o`, `--output`, or `--output=` when the word begins after that.
fn awaiting(flags: &[&'static Flag], last: &str) -> Option<&'static Flag> {
    let takes_value = |flag: &&&'static Flag| flag.bare.is_empty();
    if let Some(long) = last.strip_prefix("--") {
        let (name, given) = long.strip_suffix('=').map_or((long, false), |name| (name, true));
        return flags.iter().find(|flag| flag.name == name).filter(|flag| given || takes_value(flag)).copied();
    }
    let letters = last.strip_prefix('-').filter(|letters| !letters.is_empty())?;
    let letter = letters.trim_end_matches('=').chars().next_back();
    flags.iter().find(|flag| flag.short == letter).filter(takes_value).copied()
}

fn read<'a>(verb: &'static Verb, flags: &[&'static Flag], words: &[&'a str], namespace: &'a str) -> Typed<'a> {
    let mut typed = Typed { verb, args: Vec::new(), namespace, after_dashes: false };
    let mut at = 0;
    while let Some(word) = words.get(at).copied() {
        at += 1;
        if word == "--" {
            typed.after_dashes = true;
        } else if word.starts_with('-') && word.len() > 1 {
            let value = match word.split_once('=') {
                Some((_, value)) => Some(value),
                None if awaiting(flags, word).is_some() => {
                    at += 1;
                    words.get(at - 1).copied()
                }
                None => None,
            };
            if let Some(value) = value.filter(|_| word.starts_with("-n") || word.starts_with("--namespace")) {
                typed.namespace = value;
            }
        } else {
            typed.args.push(word);
        }
    }
    // The path of the verb stands among the words.
    let mut path: Option<&'static Verb> = Some(&ROOT);
    typed.args.retain(|word| {
        path = path.and_then(|verb| verb.find(word));
        path.is_none()
    });
    typed
}

/// What a flag could be.
fn values(cluster: &Cluster, contexts: &[String], flag: &Flag, typed: &Typed<'_>) -> Option<Vec<String>> {
    let words = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect());
    match flag.name {
        "namespace" => Some(names(cluster, &api::namespace::KIND, "")),
        "context" | "cluster" | "user" => Some(contexts.to_vec()),
        "filename" | "kustomize" | "patch-file" | "from-file" | "from-env-file" | "kubeconfig" => None,
        "dry-run" => words(&["none", "server", "client"]),
        "container" => containers(cluster, typed),
        "output" => Some(listed(flag.help)),
        "protocol" => words(&["TCP", "UDP", "SCTP"]),
        "restart" => words(&["Always", "OnFailure", "Never"]),
        "image-pull-policy" => words(&["Always", "IfNotPresent", "Never"]),
        "cascade" => words(&["background", "orphan", "foreground"]),
        "validate" => words(&["strict", "warn", "ignore"]),
        "type" if typed.verb.name == "expose" => words(&["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"]),
        "type" if typed.verb.name == "patch" => words(&["json", "merge", "strategic"]),
        "sort-by" if typed.verb.name == "api-resources" => words(&["name", "kind"]),
        "types" => words(&["Normal", "Warning"]),
        "session-affinity" => words(&["None", "ClientIP"]),
        "subresource" => words(&["status", "scale", "resize"]),
        "for" if typed.verb.name == "events" => Some(types().collect()),
        _ => Some(Vec::new()),
    }
}

/// The formats that the help of a flag lists: `One of: (json, yaml)`.
fn listed(help: &str) -> Vec<String> {
    let inside = help.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(inside, _)| inside);
    inside.split([',', ' ']).filter(|word| !word.is_empty() && *word != "or").map(str::to_owned).collect()
}

/// What the words of a verb could be.
fn arguments(cluster: &Cluster, contexts: &[String], typed: &Typed<'_>, word: &str) -> Option<Vec<String>> {
    let path = typed.verb.name;
    match path {
        "explain" => return Some(fields(word)),
        "use-context" | "rename-context" | "delete-context" | "set-context" | "get-contexts" => {
            return Some(contexts.to_vec());
        }
        "cordon" | "uncordon" | "drain" => return Some(names(cluster, &api::node::KIND, "")),
        "completion" => return Some(["bash", "fish", "powershell", "zsh"].map(str::to_owned).to_vec()),
        "help" => return Some(ROOT.verbs.iter().map(|verb| verb.name.to_owned()).collect()),
        "apply" | "create" | "replace" | "diff" => return None,
        "exec" | "logs" | "attach" | "port-forward" | "cp" | "debug" if !word.contains('/') => {
            return match (path, typed.args.as_slice()) {
                (_, []) => Some(names(cluster, &api::pod::KIND, typed.namespace)),
                ("logs", [_]) => containers(cluster, typed),
                ("port-forward", [target, ..]) => Some(ports(cluster, typed.namespace, target)),
                _ => Some(Vec::new()),
            };
        }
        _ => {}
    }
    if let Some((kind, _)) = word.split_once('/') {
        let found = Kind::of_word(kind).map(|known| names(cluster, known, typed.namespace)).unwrap_or_default();
        return Some(found.into_iter().map(|name| format!("{kind}/{name}")).collect());
    }
    match typed.args.first() {
        None => {
            // `get svc,po`: what follows the last comma.
            let before = word.rfind(',').map_or("", |at| &word[..=at]);
            Some(types().map(|name| format!("{before}{name}")).collect())
        }
        Some(first) if first.contains('/') => Some(types().map(|name| format!("{name}/")).collect()),
        Some(first) => {
            let kind = Kind::of_word(first)?;
            let mut found = names(cluster, kind, typed.namespace);
            found.retain(|name| !typed.args.contains(&name.as_str()));
            Some(found)
        }
    }
}

/// The types that one could ask for, as kubectl offers them.
fn types() -> impl Iterator<Item = String> {
    let all = api::discovery::resources().filter(|kind| api::discovery::verbs(kind).contains(&"get"));
    all.map(|kind| match kind.group {
        // What is only in one group is offered without it.
        "" | "apps" | "batch" | "autoscaling" | "discovery.k8s.io" | "networking.k8s.io" => kind.plural.to_owned(),
        _ => kind.group_resource(),
    })
}

fn names(cluster: &Cluster, kind: &'static Kind, namespace: &str) -> Vec<String> {
    cluster.list(kind, kind.namespaced.then_some(namespace)).map(|object| object.name().to_owned()).collect()
}

/// The containers of the pod that the words name.
fn containers(cluster: &Cluster, typed: &Typed<'_>) -> Option<Vec<String>> {
    let target = typed.args.first()?;
    let name = target.strip_prefix("pod/").or_else(|| target.strip_prefix("pods/")).unwrap_or(target);
    let pod = cluster.get(&api::pod::KIND, typed.namespace, name).ok();
    let of = |list: &str| named(pod.as_deref(), list);
    Some([of("initContainers"), of("containers")].concat())
}

fn named(pod: Option<&Object>, list: &str) -> Vec<String> {
    let all = pod.map(|pod| pod.list(&["spec", list])).unwrap_or_default();
    all.iter().filter_map(|container| container.get("name")?.as_str().map(str::to_owned)).collect()
}

/// The ports of a pod or a Service.
fn ports(cluster: &Cluster, namespace: &str, target: &str) -> Vec<String> {
    let (kind, name) =
        target.split_once('/').map_or((Some(&api::pod::KIND), target), |(word, name)| (Kind::of_word(word), name));
    let Some(object) = kind.and_then(|kind| cluster.get(kind, namespace, name).ok()) else { return Vec::new() };
    let own = object.list(&["spec", "ports"]).iter().filter_map(|port| port.get("port"));
    let of_containers =
        object.list(&["spec", "containers"]).iter().filter_map(|container| container.get("ports")?.as_array());
    let theirs = of_containers.flatten().filter_map(|port| port.get("containerPort"));
    own.chain(theirs).map(Value::to_string).collect()
}

/// `svc.spec.` and every field there.
fn fields(word: &str) -> Vec<String> {
    let Some((known, _)) = word.rsplit_once('.') else { return types().collect() };
    let mut steps = known.split('.');
    let root = steps.next().and_then(Kind::of_word).and_then(|kind| schema().of_kind(kind));
    let found = steps.try_fold(root, |of, step| {
        let field = of?.field(step)?;
        let mut ty = &field.ty;
        loop {
            match schema().shape(ty) {
                Shape::Struct(of) => return Some(Some(of)),
                Shape::List(of) | Shape::Map(of) => ty = of,
                Shape::Scalar(_) => return None,
            }
        }
    });
    let below = found.flatten().map(|of| of.fields.iter()).into_iter().flatten();
    below.map(|field| format!("{known}.{}", field.name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complete(line: &str) -> Option<Vec<String>> {
        let cluster = Cluster::default();
        let mut words: Vec<&str> = line.split(' ').collect();
        let word = words.pop().unwrap_or_default();
        let contexts = ["minikube".to_owned()];
        let found = choices(&cluster, ("default", &contexts), &words, word)?;
        Some(found.into_iter().filter(|choice| choice.starts_with(word)).collect())
    }

    #[test]
    fn lines_go_on_from_the_tables() {
        for (line, want) in [
            ("expl", "explain"),
            ("get ser", "serviceaccounts services servicecidrs"),
            ("get svc,end", ""),
            ("get svc ku", "kubernetes"),
            ("get svc/ku", "svc/kubernetes"),
            ("-n kube-system get deploy c", "coredns"),
            ("get deploy -n kube-system c", "coredns"),
            ("get -n kube-p", "kube-public"),
            ("get svc -o ya", "yaml"),
            ("get svc --output= js", "json jsonpath jsonpath-as-json jsonpath-file"),
            ("get --sort", "--sort-by"),
            ("create service no", "nodeport"),
            ("config use-context m", "minikube"),
            ("explain svc.spec.sess", "svc.spec.sessionAffinity svc.spec.sessionAffinityConfig"),
            ("explain pod.spec.containers.liv", "pod.spec.containers.livenessProbe"),
            ("expose deploy x --type N", "NodePort"),
        ] {
            let mut found = complete(line).unwrap_or_default();
            found.sort();
            let want = if line == "get svc,end" { "svc,endpoints svc,endpointslices" } else { want };
            let mut want: Vec<&str> = want.split(' ').collect();
            want.sort_unstable();
            assert_eq!(found, want, "{line}");
        }
        assert_eq!(complete("apply -f x"), None, "a file");
    }

    #[test]
    fn every_verb_completes_something() {
        let cluster = Cluster::default();
        for verb in ROOT.verbs {
            let flags = choices(&cluster, ("default", &[]), &[verb.name], "--");
            assert!(flags.is_some_and(|flags| flags.contains(&"--namespace".to_owned())), "{verb:?}");
        }
    }
}
