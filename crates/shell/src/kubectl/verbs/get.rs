//! `kubectl get`. Models `pkg/cmd/get`.

use api::Kind;

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::objects::Info;
use super::super::printers::table::{self, Layout};
use super::super::printers::{self, Printer, sort};
use super::super::resolve::{self, Found, Query};
use super::common;
use super::watch;

static FLAGS: &[Flag] = &[
    common::ALL_NAMESPACES,
    Flag::bool("allow-missing-template-keys", "true", "If true, ignore any errors in templates when a field or map key is missing in the template. Only applies to golang and jsonpath output formats."),
    Flag::int("chunk-size", "500", "Return large lists in chunks rather than all at once. Pass 0 to disable."),
    common::FIELD_SELECTOR,
    Flag::list("filename", "Filename, directory, or URL to files identifying the resource to get from a server.").short('f'),
    Flag::bool("ignore-not-found", "false", "If set to true, suppresses NotFound error for specific objects that do not exist. Using this flag with commands that query for collections of resources has no effect when no resources are found."),
    common::KUSTOMIZE,
    Flag::list("label-columns", "Accepts a comma separated list of labels that are going to be presented as columns. Names are case-sensitive. You can also use multiple flag options like -L label1 -L label2...").short('L'),
    Flag::bool("no-headers", "false", "When using the default or custom-column output format, don't print headers (default print headers)."),
    Flag::text("output", "", "Output format. One of: (json, yaml, kyaml, name, go-template, go-template-file, template, templatefile, jsonpath, jsonpath-as-json, jsonpath-file, custom-columns, custom-columns-file, wide). See custom columns [https://kubernetes.io/docs/reference/kubectl/#custom-columns], golang template [http://golang.org/pkg/text/template/#pkg-overview] and jsonpath template [https://kubernetes.io/docs/reference/kubectl/jsonpath/].").short('o'),
    Flag::bool("output-watch-events", "false", "Output watch event objects when --watch or --watch-only is used. Existing objects are output as initial ADDED events."),
    Flag::text("raw", "", "Raw URI to request from the server.  Uses the transport specified by the kubeconfig file."),
    common::RECURSIVE,
    common::SELECTOR,
    Flag::bool("server-print", "true", "If true, have the server return the appropriate table output. Supports extension APIs and CRDs."),
    Flag::bool("show-kind", "false", "If present, list the resource type for the requested object(s)."),
    Flag::bool("show-labels", "false", "When printing, show all labels as the last column (default hide labels column)"),
    Flag::bool("show-managed-fields", "false", "If true, keep the managedFields when printing objects in JSON or YAML format."),
    Flag::text("sort-by", "", "If non-empty, sort list types using this field specification.  The field specification is expressed as a JSONPath expression (e.g. '{.metadata.name}'). The field in the API resource specified by this JSONPath expression must be an integer or a string."),
    Flag::text("subresource", "", "If specified, gets the subresource of the requested object."),
    Flag::text("template", "", "Template string or path to template file to use when -o=go-template, -o=go-template-file. The template format is golang templates [http://golang.org/pkg/text/template/#pkg-overview]."),
    Flag::bool("watch", "false", "After listing/getting the requested object, watch for changes.").short('w'),
    Flag::bool("watch-only", "false", "Watch for changes to the requested object(s), without listing/getting first."),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "get",
    suggest_for: &["list", "ls"],
    usage: "get [(-o|--output=)json|yaml|kyaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file|custom-columns|custom-columns-file|wide] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]",
    short: "Display one or many resources",
    long: "Display one or many resources.\n\n Prints a table of the most important information about the specified resources. You can filter the list using a label selector and the --selector flag. If the desired resource type is namespaced you will only see results in the current namespace if you don't specify any namespace.\n\n By specifying the output as 'template' and providing a Go template as the value of the --template flag, you can filter the attributes of the fetched resources.\n\nUse \"kubectl api-resources\" for a complete list of supported resources.",
    examples: "# List all pods in ps output format\nkubectl get pods\n\n# List all pods in ps output format with more information (such as node name)\nkubectl get pods -o wide\n\n# List a single replication controller with specified NAME in ps output format\nkubectl get replicationcontroller web\n\n# List deployments in JSON output format, in the \"v1\" version of the \"apps\" API group\nkubectl get deployments.v1.apps -o json\n\n# List a single pod in JSON output format\nkubectl get -o json pod web-pod-13je7\n\n# List a pod identified by type and name specified in \"pod.yaml\" in JSON output format\nkubectl get -f pod.yaml -o json\n\n# List resources from a directory with kustomization.yaml - e.g. dir/kustomization.yaml\nkubectl get -k dir/\n\n# Return only the phase value of the specified pod\nkubectl get -o template pod/web-pod-13je7 --template={{.status.phase}}\n\n# List resource information in custom columns\nkubectl get pod test-pod -o custom-columns=CONTAINER:.spec.containers[0].name,IMAGE:.spec.containers[0].image\n\n# List all replication controllers and services together in ps output format\nkubectl get rc,services\n\n# List one or more resources by their type and names\nkubectl get rc/web service/frontend pods/web-pod-13je7\n\n# List the 'status' subresource for a single pod\nkubectl get pod web-pod-13je7 --subresource status\n\n# List all deployments in namespace 'backend'\nkubectl get deployments.apps --namespace backend\n\n# List all pods existing in all namespaces\nkubectl get pods --all-namespaces",
    flags: &[FLAGS],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

async fn run(call: &Call) -> Outcome {
    let flags = &call.flags;
    let watching = flags.bool("watch") || flags.bool("watch-only");
    let nothing = call.args.is_empty() && flags.all("filename").is_empty() && flags.text("raw").is_empty();
    if nothing && !watching {
        call.sys.err.write("You must specify the type of resource to get. Use \"kubectl api-resources\" for a complete list of supported resources.\n\n");
        return Err(call.usage_error(
            "Required resource not specified.\nUse \"kubectl explain <resource>\" for a detailed description of that resource (e.g. kubectl explain pods).",
        ));
    }
    let output = flags.text("output");
    if flags.bool("show-labels") && !output.is_empty() && output != "wide" {
        return Err(Failure::Text(format!("--show-labels option cannot be used with {output} printer")));
    }
    if flags.changed("label-columns") && output.starts_with("custom-columns") {
        return Err(Failure::Text(format!("--label-columns option cannot be used with {output} printer")));
    }
    if !flags.text("raw").is_empty() {
        return super::raw::get(call, flags.text("raw"));
    }
    let query = Query { type_means_all: true, latest: true, ..Query::of(call) };
    if watching {
        return watch::watch(call, &query).await;
    }
    let mut found = resolve::resolve(call, &query).await?;
    if flags.bool("ignore-not-found") {
        found.items.retain(|item| !matches!(item, Err(failure) if failure.is_not_found()));
    }
    let for_people = (output.is_empty() && flags.text("template").is_empty()) || output == "wide";
    if for_people { tables(call, &query, found) } else { generic(call, found) }
}

/// Models `printGeneric`.
fn generic(call: &Call, found: Found) -> Outcome {
    let single = found.single;
    let (mut infos, failures) = found.split();
    if single && !failures.is_empty() {
        return resolve::all_or(failures);
    }
    if infos.is_empty() && call.flags.bool("ignore-not-found") {
        return resolve::all_or(failures);
    }
    let sort_by = call.flags.text("sort-by");
    if !sort_by.is_empty() {
        sort::sort(&mut infos, sort_by)?;
    }
    let printer = Printer::of(call, true)?.ok_or_else(|| Failure::text("no printer"))?;
    if !single && printer.print_stored(call, &infos) {
        return resolve::all_or(failures);
    }
    let mut objects: Vec<api::Value> = infos.into_iter().map(|info| info.object.into_value()).collect();
    let whole = match objects.pop() {
        Some(only) if single && objects.is_empty() => only,
        last => {
            objects.extend(last);
            printers::list(objects)
        }
    };
    printer.print(call, &whole)?;
    resolve::all_or(failures)
}

/// One table a kind, an empty line between them.
fn tables(call: &Call, query: &Query, found: Found) -> Outcome {
    let kinds = found.kinds.clone();
    let (infos, failures) = found.split();
    let sort_by = call.flags.text("sort-by");
    let now = call.sys.now().now();
    let mut texts = Vec::new();
    for (kind, mut group) in groups(infos) {
        if !sort_by.is_empty() {
            sort::sort(&mut group, sort_by)?;
        }
        texts.push(table::print(kind, &group, &layout(call, query, kind, kinds.len() > 1), now));
    }
    let separator = if call.flags.bool("no-headers") { "" } else { "\n" };
    call.sys.out.write(texts.join(separator));
    if texts.is_empty() && failures.is_empty() && !call.flags.bool("ignore-not-found") {
        let namespaced = !query.all_namespaces && kinds.iter().all(|kind| kind.namespaced);
        call.sys.err.line(if namespaced {
            format!("No resources found in {} namespace.", query.namespace)
        } else {
            "No resources found".to_owned()
        });
    }
    resolve::all_or(failures)
}

/// Runs of objects of one kind.
fn groups(infos: Vec<Info>) -> Vec<(&'static Kind, Vec<Info>)> {
    let mut groups: Vec<(&'static Kind, Vec<Info>)> = Vec::new();
    for info in infos {
        match groups.last_mut().filter(|(kind, _)| *kind == info.kind) {
            Some((_, group)) => group.push(info),
            None => groups.push((info.kind, vec![info])),
        }
    }
    groups
}

/// How the flags want a table of a kind.
pub(super) fn layout(call: &Call, query: &Query, kind: &Kind, several: bool) -> Layout {
    let flags = &call.flags;
    Layout {
        wide: flags.text("output") == "wide",
        plain: !flags.bool("server-print"),
        event: None,
        no_headers: flags.bool("no-headers"),
        with_namespace: query.all_namespaces && kind.namespaced,
        with_kind: several || flags.bool("show-kind"),
        label_columns: flags.all("label-columns").to_vec(),
        show_labels: flags.bool("show-labels"),
    }
}
