//! `kubectl explain`. Models `pkg/cmd/explain`.

use api::{Kind, Value};

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::explain;
use super::super::flags::Flag;
use crate::library::Document;

static FLAGS: &[Flag] = &[
    Flag::text("api-version", "", "Get different explanations for particular API version (API group/version)"),
    Flag::text("output", "plaintext", "Format in which to render the schema (plaintext, plaintext-openapiv2)")
        .short('o'),
    Flag::bool("recursive", "false", "Print the fields of fields (Currently only 1 level deep)").short('R'),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "explain",
    usage: "explain TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2]",
    short: "Get documentation for a resource",
    long: "Describe fields and structure of various resources.\n\n This command describes the fields associated with each supported API resource. Fields are identified via a simple JSONPath identifier:\n\n        <type>.<fieldName>[.<fieldName>]\n        \n Information about each field is retrieved from the server in OpenAPI format.\n\nUse \"kubectl api-resources\" for a complete list of supported resources.",
    examples: "# Get the documentation of the resource and its fields\nkubectl explain pods\n\n# Get all the fields in the resource\nkubectl explain pods --recursive\n\n# Get the explanation for deployment in supported api versions\nkubectl explain deployments --api-version=apps/v1\n\n# Get the documentation of a specific field of a resource\nkubectl explain pods.spec.containers\n\n# Get the documentation of resources in different format\nkubectl explain deployment --output=plaintext-openapiv2",
    flags: &[FLAGS],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

async fn run(call: &Call) -> Outcome {
    let target = match call.args.as_slice() {
        [] => {
            return Err(Failure::text(
                "You must specify the type of resource to explain. Use \"kubectl api-resources\" for a complete list of supported resources.",
            ));
        }
        [one] => one,
        _ => return Err(Failure::text("We accept only this format: explain RESOURCE")),
    };
    let (kind, path) = split(target)?;
    let version = call.flags.text("api-version");
    match call.flags.text("output") {
        "plaintext" => {}
        "plaintext-openapiv2" => {
            return Err(Failure::text(
                "kubectl explain --output=plaintext-openapiv2 is not simulated by this playground",
            ));
        }
        other => return Err(Failure::Text(format!("unrecognized format: {other}"))),
    }
    if !version.is_empty() && version != kind.api_version() {
        return Err(other_version(kind, version));
    }
    let Some(docs) = call.sys.document(Document::FieldDocs).await else {
        return Err(Failure::text("the documentation could not be loaded: are you offline?"));
    };
    call.sys.out.write(explain::head(kind));
    if api::schema::schema().of_kind(kind).is_none() {
        return Err(Failure::Text(format!("{} is not documented in this playground", kind.group_resource())));
    }
    match explain::body(kind, &path, call.flags.bool("recursive"), &docs) {
        Some(text) => {
            call.sys.out.write(text);
            Ok(())
        }
        None => {
            let last = path.last().map_or("", String::as_str);
            Err(Failure::Text(format!("field \"{last}\" does not exist")))
        }
    }
}

/// The type and the fields that `pods.spec.containers` or `deployments.apps.spec` names.
/// Models `SplitAndParseResourceRequestWithMatchingPrefix`.
fn split(target: &str) -> Outcome<(&'static Kind, Vec<String>)> {
    let target = target.strip_suffix('.').unwrap_or(target);
    if target.contains(['[', '{', '*', '@', '$']) || target.contains("..") {
        return Err(Failure::text("invalid jsonpath syntax, first node must be field node"));
    }
    let (word, rest) = target.split_once('.').unwrap_or((target, ""));
    let kind = Kind::of_word(word).ok_or_else(|| {
        let quoted = api::field::go_quote(word);
        Failure::Raw(format!("the server doesn't have a resource type {quoted}"), 1)
    })?;
    let qualified = kind.group_resource();
    let suffix = target.strip_prefix(qualified.as_str()).filter(|rest| rest.is_empty() || rest.starts_with('.'));
    let fields = suffix.map_or(rest, |rest| rest.trim_start_matches('.'));
    Ok((kind, fields.split('.').filter(|field| !field.is_empty()).map(str::to_owned).collect()))
}

/// What is said of a version that the kind does not have.
fn other_version(kind: &Kind, version: &str) -> Failure {
    let resource = if version.contains('/') { version.to_owned() } else { format!("/{version}") };
    let resource = format!("{resource}, Resource={}", kind.plural);
    Failure::Text(if version.matches('/').count() > 1 {
        format!("unexpected GroupVersion string: {version}")
    } else if api::discovery::versions().iter().any(|known| known == version) {
        format!("GVR ({resource}) not found in OpenAPI schema")
    } else {
        format!("couldn't find resource for {}", Value::from(resource))
    })
}
