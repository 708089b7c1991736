//! `kubectl label` and `kubectl annotate`: one program over two maps. Models `pkg/cmd/label` and `pkg/cmd/annotate`.

use std::collections::BTreeMap;

use api::{Map, Value, json, names};
use cluster::{Patch, apiserver::Subresource};

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::objects::{self, Info, Write};
use super::super::resolve::{self, Query};
use super::common::{self, DryRun, Report};

static FLAGS: &[Flag] = &[
    Flag::bool("all-namespaces", "false", "If true, check the specified action in all namespaces.").short('A'),
    common::FIELD_SELECTOR,
    common::KUSTOMIZE,
    common::RECURSIVE,
    common::SELECTOR,
];

static LABEL: &[Flag] = &[
    Flag::bool("all", "false", "Select all resources, in the namespace of the specified resource types"),
    Flag::text("field-manager", "kubectl-label", "Name of the manager used to track field ownership."),
    Flag::list("filename", "Filename, directory, or URL to files identifying the resource to update the labels")
        .short('f'),
    Flag::bool("list", "false", "If true, display the labels for a given resource."),
    Flag::bool("local", "false", "If true, label will NOT contact api-server but run locally."),
    Flag::bool(
        "overwrite",
        "false",
        "If true, allow labels to be overwritten, otherwise reject label updates that overwrite existing labels.",
    ),
    Flag::text(
        "resource-version",
        "",
        "If non-empty, the labels update will only succeed if this is the current resource-version for the object. Only valid when specifying a single resource.",
    ),
];

static ANNOTATE: &[Flag] = &[
    Flag::bool("all", "false", "Select all resources, in the namespace of the specified resource types."),
    Flag::text("field-manager", "kubectl-annotate", "Name of the manager used to track field ownership."),
    Flag::list("filename", "Filename, directory, or URL to files identifying the resource to update the annotation")
        .short('f'),
    Flag::bool("list", "false", "If true, display the annotations for a given resource."),
    Flag::bool("local", "false", "If true, annotation will NOT contact api-server but run locally."),
    Flag::bool(
        "overwrite",
        "false",
        "If true, allow annotations to be overwritten, otherwise reject annotation updates that overwrite existing annotations.",
    ),
    Flag::text(
        "resource-version",
        "",
        "If non-empty, the annotation update will only succeed if this is the current resource-version for the object. Only valid when specifying a single resource.",
    ),
];

/// `label`
pub(super) static LABEL_VERB: Verb = Verb {
    name: "label",
    usage: "label [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]",
    short: "Update the labels on a resource",
    long: "Update the labels on a resource.\n\n  *  A label key and value must begin with a letter or number, and may contain letters, numbers, hyphens, dots, and underscores, up to 63 characters each.\n  *  Optionally, the key can begin with a DNS subdomain prefix and a single '/', like example.com/my-app.\n  *  If --overwrite is true, then existing labels can be overwritten, otherwise attempting to overwrite a label will result in an error.\n  *  If --resource-version is specified, then updates will use this resource version, otherwise the existing resource-version will be used.",
    examples: "# Update pod 'foo' with the label 'unhealthy' and the value 'true'\nkubectl label pods foo unhealthy=true\n\n# Update pod 'foo' with the label 'status' and the value 'unhealthy', overwriting any existing value\nkubectl label --overwrite pods foo status=unhealthy\n\n# Update all pods in the namespace\nkubectl label pods --all status=unhealthy\n\n# Update a pod identified by the type and name in \"pod.json\"\nkubectl label -f pod.json status=unhealthy\n\n# Update pod 'foo' only if the resource is unchanged from version 1\nkubectl label pods foo status=unhealthy --resource-version=1\n\n# Update pod 'foo' by removing a label named 'bar' if it exists\n# Does not require the --overwrite flag\nkubectl label pods foo bar-",
    flags: &[FLAGS, LABEL, common::PRINT, common::DRY_RUN],
    run: Some(|call| -> Running<'_> { Box::pin(run(call, &LABELS)) }),
    ..Verb::EMPTY
};

/// `annotate`
pub(super) static ANNOTATE_VERB: Verb = Verb {
    name: "annotate",
    usage: "annotate [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]",
    short: "Update the annotations on a resource",
    long: "Update the annotations on one or more resources.\n\n All Kubernetes objects support the ability to store additional data with the object as annotations. Annotations are key/value pairs that can be larger than labels and include arbitrary string values such as structured JSON. Tools and system extensions may use annotations to store their own data.\n\n Attempting to set an annotation that already exists will fail unless --overwrite is set. If --resource-version is specified and does not match the current resource version on the server the command will fail.\n\nUse \"kubectl api-resources\" for a complete list of supported resources.",
    examples: "# Update pod 'foo' with the annotation 'description' and the value 'my frontend'\n# If the same annotation is set multiple times, only the last value will be applied\nkubectl annotate pods foo description='my frontend'\n\n# Update a pod identified by type and name in \"pod.json\"\nkubectl annotate -f pod.json description='my frontend'\n\n# Update pod 'foo' with the annotation 'description' and the value 'my frontend running nginx', overwriting any existing value\nkubectl annotate --overwrite pods foo description='my frontend running nginx'\n\n# Update all pods in the namespace\nkubectl annotate pods --all description='my frontend running nginx'\n\n# Update pod 'foo' only if the resource is unchanged from version 1\nkubectl annotate pods foo description='my frontend running nginx' --resource-version=1\n\n# Update pod 'foo' by removing an annotation named 'description' if it exists\n# Does not require the --overwrite flag\nkubectl annotate pods foo description-",
    flags: &[FLAGS, ANNOTATE, common::PRINT, common::DRY_RUN],
    run: Some(|call| -> Running<'_> { Box::pin(run(call, &ANNOTATIONS)) }),
    ..Verb::EMPTY
};

/// What is marked.
struct Marks {
    /// The map in `metadata`.
    field: &'static str,
    /// One of them, as messages have it.
    word: &'static str,
    done: &'static str,
    undone: &'static str,
}

static LABELS: Marks = Marks { field: "labels", word: "label", done: "labeled", undone: "unlabeled" };
static ANNOTATIONS: Marks = Marks { field: "annotations", word: "annotation", done: "annotated", undone: "annotated" };

/// The changes that a command line asks for.
#[derive(Default)]
struct Changes {
    set: BTreeMap<String, String>,
    remove: Vec<String>,
}

async fn run(call: &Call, marks: &Marks) -> Outcome {
    let flags = &call.flags;
    let is_pair =
        |word: &String| (word.contains('=') && !word.starts_with('=')) || (word.ends_with('-') && word.len() > 1);
    // Resources come first; a word that is no pair ends the pairs. Models `GetResourcesAndPairs`.
    let first_pair = call.args.iter().position(is_pair).unwrap_or(call.args.len());
    let (resources, pairs) = call.args.split_at(first_pair);
    if let Some(word) = pairs.iter().find(|word| !is_pair(word)) {
        return Err(Failure::Text(format!("all resources must be specified before {} changes: {word}", marks.word)));
    }
    let changes = read(pairs, marks)?;
    let dry_run = DryRun::of(call)?;
    check(call, resources, dry_run, marks)?;
    if changes.set.is_empty() && changes.remove.is_empty() && !flags.bool("list") {
        return Err(Failure::Text(format!("at least one {} update is required", marks.word)));
    }
    changes.check(marks)?;
    let report = Report::of(call, dry_run)?;
    let query = Query { args: resources.to_vec(), latest: !flags.bool("local"), ..Query::of(call) };
    let found = resolve::resolve(call, &query).await?;
    let several = !found.single;
    if several && !flags.text("resource-version").is_empty() {
        return Err(Failure::text("--resource-version may only be used with a single resource"));
    }
    let (infos, mut failures) = found.split();
    for info in infos {
        failures.extend(one(call, info, marks, &changes, (dry_run, several), &report).err());
    }
    resolve::all_or(failures)
}

/// Models `LabelOptions.Validate` and `AnnotateFlags.ToOptions`.
fn check(call: &Call, resources: &[String], dry_run: DryRun, marks: &Marks) -> Outcome {
    let flags = &call.flags;
    let (all, local) = (flags.bool("all"), flags.bool("local"));
    let has_files = !flags.all("filename").is_empty() || !flags.text("kustomize").is_empty();
    let file = if marks.field == "labels" { "pod" } else { "rsrc" };
    let wrong = if flags.bool("list") && !flags.text("output").is_empty() {
        "--list and --output may not be specified together".to_owned()
    } else if all && !flags.text("selector").is_empty() {
        "cannot set --all and --selector at the same time".to_owned()
    } else if all && !flags.text("field-selector").is_empty() {
        "cannot set --all and --field-selector at the same time".to_owned()
    } else if local && dry_run == DryRun::Server {
        "cannot specify --local and --dry-run=server - did you mean --dry-run=client?".to_owned()
    } else if local && !resources.is_empty() {
        format!("can only use local files by -f {file}.yaml or --filename={file}.json when --local=true is set")
    } else if local && !has_files {
        format!("one or more files must be specified as -f {file}.yaml or --filename={file}.json")
    } else if !local && resources.is_empty() && !has_files {
        "one or more resources must be specified as <resource> <name> or <resource>/<name>".to_owned()
    } else {
        return Ok(());
    };
    Err(Failure::Text(wrong))
}

impl Changes {
    /// Whether nothing is both set and removed.
    ///
    /// # Errors
    /// When something is.
    fn check(&self, marks: &Marks) -> Outcome {
        let both: Vec<&str> =
            self.remove.iter().map(String::as_str).filter(|key| self.set.contains_key(*key)).collect();
        if both.is_empty() {
            return Ok(());
        }
        Err(Failure::Text(if marks.field == "labels" {
            "can not both modify and remove a label in the same command".to_owned()
        } else {
            let both = both.join(", ");
            format!("can not both modify and remove the following annotation(s) in the same command: {both}")
        }))
    }
}

/// Models `parseLabels` and `parseAnnotations`.
fn read(pairs: &[String], marks: &Marks) -> Outcome<Changes> {
    let mut changes = Changes::default();
    for pair in pairs {
        match pair.split_once('=') {
            Some((key, value)) => {
                let is_label = marks.field == "labels";
                if is_label && value.contains('=') {
                    return Err(Failure::Text(format!("invalid label spec: {pair}")));
                }
                let wrong = if is_label { names::is_label_value(value) } else { Vec::new() };
                if !wrong.is_empty() {
                    let quoted = api::field::go_quote(pair);
                    return Err(Failure::Text(format!("invalid label value: {quoted}: {}", wrong.join(";"))));
                }
                changes.set.insert(key.to_owned(), value.to_owned());
            }
            None => changes.remove.push(pair.strip_suffix('-').unwrap_or(pair).to_owned()),
        }
    }
    if marks.field == "labels" {
        changes.check(marks)?;
    }
    Ok(changes)
}

fn one(
    call: &Call,
    mut info: Info,
    marks: &Marks,
    changes: &Changes,
    (dry_run, several): (DryRun, bool),
    report: &Report,
) -> Outcome {
    let old = info
        .object
        .pointer(&format!("/metadata/{}", marks.field))
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    if !call.flags.bool("overwrite") {
        taken(&old, changes, marks)?;
    }
    let listed = call.flags.bool("list");
    if marks.field == "labels" && !listed && dry_run != DryRun::Client && !call.flags.bool("local") {
        for key in changes.remove.iter().filter(|key| !old.contains_key(*key)) {
            call.sys.out.line(format!("label \"{key}\" not found."));
        }
    }
    let mut new = old.clone();
    for (key, value) in &changes.set {
        new.insert(key.clone(), value.as_str().into());
    }
    for key in &changes.remove {
        new.remove(key);
    }
    if listed {
        list(call, &info, &new, several.then_some(marks.field));
        return Ok(());
    }
    let word = outcome(&old, changes, marks);
    let version = call.flags.text("resource-version");
    if dry_run == DryRun::Client || call.flags.bool("local") {
        let metadata = &mut info.object["metadata"];
        match new.is_empty() {
            true => drop(metadata.as_object_mut().and_then(|m| m.remove(marks.field))),
            false => metadata[marks.field] = new.into(),
        }
    } else {
        let mut change: Map<String, Value> = changes.set.iter().map(|(k, v)| (k.clone(), v.as_str().into())).collect();
        change.extend(changes.remove.iter().map(|key| (key.clone(), Value::Null)));
        let mut metadata = json!({marks.field: change});
        if !version.is_empty() {
            metadata["resourceVersion"] = version.into();
        }
        let write = Write { manager: call.flags.text("field-manager"), dry_run: dry_run == DryRun::Server };
        let (object, _) =
            objects::patch(call, &info, Patch::Merge(json!({"metadata": metadata})), Subresource::Main, &write)?;
        info.refresh(&object);
    }
    report.print(call, &info.object, word)
}

/// Models `validateNoOverwrites` and `validateNoAnnotationOverwrites`.
fn taken(old: &Map<String, Value>, changes: &Changes, marks: &Marks) -> Outcome {
    let known = |key: &String| old.get(key).and_then(Value::as_str);
    // Why something changed can always be said anew.
    let free = |key: &str| marks.field == "annotations" && key == "kubernetes.io/change-cause";
    let other =
        changes.set.iter().filter(|(key, value)| !free(key) && known(key).is_some_and(|known| known != value.as_str()));
    let texts: Vec<String> =
        other.map(|(key, _)| format!("'{key}' already has a value ({})", known(key).unwrap_or_default())).collect();
    if texts.is_empty() {
        return Ok(());
    }
    if marks.field == "labels" {
        let each = |text: String| Failure::Text(format!("{text}, and --overwrite is false"));
        return Err(Failure::Many(texts.into_iter().map(each).collect()));
    }
    let all = texts.join("; ");
    Err(Failure::Text(format!("--overwrite is false but found the following declared annotation(s): {all}")))
}

/// The word for what happened. Models `updateDataChangeMsg`.
fn outcome(old: &Map<String, Value>, changes: &Changes, marks: &Marks) -> &'static str {
    if marks.field == "annotations" {
        return marks.done;
    }
    let removed = changes.remove.iter().any(|key| old.contains_key(key));
    let set = changes.set.iter().any(|(key, value)| old.get(key).and_then(Value::as_str) != Some(value));
    match (set, removed) {
        (true, true) => "modified",
        (true, false) => marks.done,
        (false, true) => marks.undone,
        (false, false) => "not labeled",
    }
}

fn list(call: &Call, info: &Info, marks: &Map<String, Value>, of_several: Option<&str>) {
    if let Some(field) = of_several {
        call.sys.out.line(format!("Listing {field} for {}.{}/{}:", info.kind.kind, info.kind.group, info.name));
    }
    let indent = if of_several.is_some() { " " } else { "" };
    for (key, value) in marks {
        call.sys.out.line(format!("{indent}{key}={}", value.as_str().unwrap_or_default()));
    }
}

#[cfg(test)]
mod tests {
    use cluster::Cluster;

    use crate::terminal::run_script;

    #[test]
    fn marks_are_set_taken_away_and_listed() {
        let mut cluster = Cluster::default();
        run_script(&mut cluster, "kubectl run a --image=nginx -l app=x; kubectl run b --image=nginx -l app=y", "", &[]);
        for (words, out, err) in [
            ("label pod a --list", "app=x\n", ""),
            ("label pods --all --list", "Listing labels for Pod./a:\n app=x\nListing labels for Pod./b:\n app=y\n", ""),
            ("label pod a app=z", "", "error: 'app' already has a value (x), and --overwrite is false\n"),
            ("label pod a b=1 c", "", "error: all resources must be specified before label changes: c\n"),
            ("label pod a b=1 b-", "", "error: can not both modify and remove a label in the same command\n"),
            ("label pods --all -l app=x b=1", "", "error: cannot set --all and --selector at the same time\n"),
            (
                "label pods --all b=1 --resource-version=1",
                "",
                "error: --resource-version may only be used with a single resource\n",
            ),
            (
                "label pod a b=1 --local",
                "",
                "error: can only use local files by -f pod.yaml or --filename=pod.json when --local=true is set\n",
            ),
            (
                "annotate pod a b=1 b-",
                "",
                "error: can not both modify and remove the following annotation(s) in the same command: b\n",
            ),
            ("annotate pod a kubernetes.io/change-cause=one", "pod/a annotated\n", ""),
            ("annotate pod a kubernetes.io/change-cause=two", "pod/a annotated\n", ""),
            ("annotate pod a --list -o yaml", "", "error: --list and --output may not be specified together\n"),
        ] {
            let done = run_script(&mut cluster, &format!("kubectl {words}"), "", &[]);
            assert_eq!((done.stdout.as_str(), done.stderr.as_str()), (out, err), "{words}");
        }
    }
}
