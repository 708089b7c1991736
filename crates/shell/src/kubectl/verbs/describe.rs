//! `kubectl describe`. Models `pkg/cmd/describe`.

use super::super::command::{Call, Running, Verb};
use super::super::describe::{self, View};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::objects::Info;
use super::super::resolve::{self, Query};
use super::common;

static FLAGS: &[Flag] = &[
    common::ALL_NAMESPACES,
    Flag::int("chunk-size", "500", "Return large lists in chunks rather than all at once. Pass 0 to disable."),
    Flag::list("filename", "Filename, directory, or URL to files containing the resource to describe").short('f'),
    common::KUSTOMIZE,
    common::RECURSIVE,
    common::SELECTOR,
    Flag::bool(
        "show-events",
        "true",
        "If true, display events related to the described object. Defaults to true for a single object, false for multiple objects and prefix matching.",
    ),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "describe",
    suggest_for: &["inspect"],
    usage: "describe (-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)",
    short: "Show details of a specific resource or group of resources",
    long: "Show details of a specific resource or group of resources.\n\n Print a detailed description of the selected resources, including related resources such as events or controllers. You may select a single object by name, all objects of that type, provide a name prefix, or label selector. For example:\n\n        $ kubectl describe TYPE NAME_PREFIX\n        \n will first check for an exact match on TYPE and NAME_PREFIX. If no such resource exists, it will output details for every resource that has a name prefixed with NAME_PREFIX.\n\nUse \"kubectl api-resources\" for a complete list of supported resources.",
    examples: "# Describe a node\nkubectl describe nodes kubernetes-node-emt8.c.myproject.internal\n\n# Describe a pod\nkubectl describe pods/nginx\n\n# Describe a pod identified by type and name in \"pod.json\"\nkubectl describe -f pod.json\n\n# Describe all pods\nkubectl describe pods\n\n# Describe pods by label name=myLabel\nkubectl describe pods -l name=myLabel\n\n# Describe all pods managed by the 'frontend' replication controller\n# (rc-created pods get the name of the rc as a prefix in the pod name)\nkubectl describe pods frontend",
    flags: &[FLAGS],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

async fn run(call: &Call) -> Outcome {
    if call.args.is_empty() && call.flags.all("filename").is_empty() {
        return Err(Failure::text(
            "You must specify the type of resource to describe. Use \"kubectl api-resources\" for a complete list of supported resources.",
        ));
    }
    let query = Query { type_means_all: true, latest: true, ..Query::of(call) };
    let found = resolve::resolve(call, &query).await?;
    let kinds = found.kinds.clone();
    let (infos, failures) = found.split();
    let asked = call.flags.changed("show-events");
    let events = if asked { call.flags.bool("show-events") } else { failures.is_empty() && infos.len() == 1 };
    if let ([failure], [word, prefix]) = (failures.as_slice(), call.args.as_slice())
        && failure.is_not_found()
    {
        let events = asked && call.flags.bool("show-events");
        return by_prefix(call, &query, (word, prefix), events, failure.clone()).await;
    }
    let texts: Vec<String> = infos.iter().map(|info| one(call, info, events)).collect();
    call.sys.out.write(texts.join("\n\n"));
    if infos.is_empty() && failures.is_empty() {
        let namespaced = !query.all_namespaces && kinds.iter().all(|kind| kind.namespaced);
        call.sys.err.line(if namespaced {
            format!("No resources found in {} namespace.", query.namespace)
        } else {
            "No resources found".to_owned()
        });
    }
    resolve::all_or(failures)
}

/// Models `DescribeMatchingResources`: without an object of that name, those whose names begin so.
async fn by_prefix(
    call: &Call,
    query: &Query,
    (word, prefix): (&str, &str),
    events: bool,
    missing: Failure,
) -> Outcome {
    let query = Query { args: vec![word.to_owned()], ..query.clone() };
    let (infos, _) = resolve::resolve(call, &query).await?.split();
    let matching: Vec<&Info> = infos.iter().filter(|info| info.name.starts_with(prefix)).collect();
    if matching.is_empty() {
        return Err(missing);
    }
    for info in matching {
        call.sys.out.line(one(call, info, events));
    }
    Ok(())
}

fn one(call: &Call, info: &Info, events: bool) -> String {
    let object = info.object.to_object();
    call.sys.cluster(|cluster| {
        let view = View { cluster, now: cluster.now().now(), events };
        describe::describe(info.kind, &object, &view)
    })
}
