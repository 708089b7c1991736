//! `kubectl api-resources`. Models `pkg/cmd/apiresources`.

use api::arrange::Arrange;
use api::{Kind, Value, discovery, json};

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::tabwriter;

static FLAGS: &[Flag] = &[
    Flag::text("api-group", "", "Limit to resources in the specified API group."),
    Flag::bool("cached", "false", "Use the cached list of resources if available."),
    Flag::list("categories", "Limit to resources that belong to the specified categories."),
    Flag::bool(
        "namespaced",
        "true",
        "If false, non-namespaced resources will be returned, otherwise returning namespaced resources by default.",
    ),
    Flag::bool(
        "no-headers",
        "false",
        "When using the default or custom-column output format, don't print headers (default print headers).",
    ),
    Flag::text("output", "", "Output format. One of: (json, yaml, kyaml, wide, name).").short('o'),
    Flag::bool(
        "show-managed-fields",
        "false",
        "If true, keep the managedFields when printing objects in JSON or YAML format.",
    ),
    Flag::text(
        "sort-by",
        "",
        "If non-empty, sort list of resources using specified field. The field can be either 'name' or 'kind'.",
    ),
    Flag::list("verbs", "Limit to resources that support the specified verbs."),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "api-resources",
    usage: "api-resources [flags]",
    short: "Print the supported API resources on the server",
    long: "Print the supported API resources on the server.",
    examples: "# Print the supported API resources\nkubectl api-resources\n\n# Print the supported API resources with more information\nkubectl api-resources -o wide\n\n# Print the supported API resources sorted by a column\nkubectl api-resources --sort-by=name\n\n# Print the supported namespaced resources\nkubectl api-resources --namespaced=true\n\n# Print the supported non-namespaced resources\nkubectl api-resources --namespaced=false\n\n# Print the supported API resources with a specific APIGroup\nkubectl api-resources --api-group=rbac.authorization.k8s.io",
    flags: &[FLAGS],
    run: Some(|call| -> Running<'_> { Box::pin(async { run(call) }) }),
    ..Verb::EMPTY
};

fn run(call: &Call) -> Outcome {
    if !call.args.is_empty() {
        return Err(call.usage_error(format!("unexpected arguments: [{}]", call.args.join(" "))));
    }
    let sort_by = call.flags.text("sort-by");
    if !matches!(sort_by, "" | "name" | "kind") {
        return Err(Failure::text("--sort-by accepts only name or kind"));
    }
    let gateway_api = call.sys.cluster(|cluster| cluster.settings().gateway_api);
    let served = discovery::resources().filter(|kind| gateway_api || kind.group != api::gateway::KIND.group);
    let mut kinds: Vec<&'static Kind> = served.filter(|kind| wanted(call, kind)).collect();
    kinds.arrange_by_key(|kind| {
        let first = match sort_by {
            "name" => kind.plural,
            "kind" => kind.kind,
            _ => kind.group,
        };
        (first, kind.plural)
    });
    let text = match call.flags.text("output") {
        format @ ("" | "wide") => table(&kinds, format == "wide", !call.flags.bool("no-headers")),
        "name" => kinds.iter().map(|kind| kind.group_resource() + "\n").collect(),
        "json" => manifest::to_json(&list(&kinds)),
        "yaml" => manifest::to_yaml(&list(&kinds)),
        "kyaml" => manifest::to_kyaml(&list(&kinds)),
        other => {
            let quoted = api::field::go_quote(other);
            return Err(Failure::Text(format!(
                "unable to match a printer suitable for the output format {quoted}, allowed formats are: json,kyaml,name,wide,yaml"
            )));
        }
    };
    call.sys.out.write(text);
    Ok(())
}

fn wanted(call: &Call, kind: &Kind) -> bool {
    let flags = &call.flags;
    let all_of = |flag: &str, known: &[&str]| flags.all(flag).iter().all(|word| known.contains(&word.as_str()));
    (!flags.changed("api-group") || flags.text("api-group") == kind.group)
        && (!flags.changed("namespaced") || flags.bool("namespaced") == kind.namespaced)
        && all_of("verbs", discovery::verbs(kind))
        && all_of("categories", kind.categories)
}

fn table(kinds: &[&Kind], wide: bool, headers: bool) -> String {
    let mut text = String::new();
    if headers {
        text.push_str("NAME\tSHORTNAMES\tAPIVERSION\tNAMESPACED\tKIND");
        text.push_str(if wide { "\tVERBS\tCATEGORIES\n" } else { "\n" });
    }
    for kind in kinds {
        let (short_names, version) = (kind.short_names.join(","), kind.api_version());
        text.push_str(&[kind.plural, &short_names, &version, &kind.namespaced.to_string(), kind.kind].join("\t"));
        if wide {
            text.push_str(&format!("\t{}\t{}", discovery::verbs(kind).join(","), kind.categories.join(",")));
        }
        text.push('\n');
    }
    tabwriter::align(&text, 6, 3)
}

/// The resources as the `APIResourceList` they came from.
fn list(kinds: &[&Kind]) -> Value {
    let resources = kinds.iter().map(|kind| {
        let mut resource = json!({
            "kind": kind.kind, "name": kind.plural, "namespaced": kind.namespaced, "singularName": kind.singular,
            "verbs": discovery::verbs(kind), "version": kind.version,
        });
        for (field, words) in [("categories", kind.categories), ("shortNames", kind.short_names)] {
            if !words.is_empty() {
                resource[field] = json!(words);
            }
        }
        if !kind.group.is_empty() {
            resource["group"] = kind.group.into();
        }
        resource
    });
    json!({"apiVersion": "v1", "groupVersion": "", "kind": "APIResourceList", "resources": resources.collect::<Vec<_>>()})
}
