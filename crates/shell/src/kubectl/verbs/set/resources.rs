//! `kubectl set resources`. Models `pkg/cmd/set/set_resources.go`.

use api::quantity::Quantity;
use api::{Map, Value, json};

use super::super::super::command::{Call, Running, Verb};
use super::super::super::errors::{Failure, Outcome};
use super::super::super::flags::Flag;
use super::super::common;
use super::update::{Update, containers};

static FLAGS: &[Flag] = &[
    Flag::bool("all", "false", "Select all resources, in the namespace of the specified resource types"),
    Flag::text("containers", "*", "The names of containers in the selected pod templates to change, all containers are selected by default - may use wildcards").short('c'),
    Flag::text("field-manager", "kubectl-set", "Name of the manager used to track field ownership."),
    Flag::list("filename", "Filename, directory, or URL to files identifying the resource to get from a server.").short('f'),
    common::KUSTOMIZE,
    Flag::text("limits", "", "The resource requirement requests for this container.  For example, 'cpu=100m,memory=256Mi'.  Note that server side components may assign requests depending on the server configuration, such as limit ranges."),
    Flag::bool("local", "false", "If true, set resources will NOT contact api-server but run locally."),
    common::RECURSIVE,
    Flag::text("requests", "", "The resource requirement requests for this container.  For example, 'cpu=100m,memory=256Mi'.  Note that server side components may assign requests depending on the server configuration, such as limit ranges."),
    common::SELECTOR,
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "resources",
    usage: "resources (-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]",
    short: "Update resource requests/limits on objects with pod templates",
    long: "Specify compute resource requirements (CPU, memory) for any resource that defines a pod template.  If a pod is successfully scheduled, it is guaranteed the amount of resource requested, but may burst up to its specified limits.\n\n For each compute resource, if a limit is specified and a request is omitted, the request will default to the limit.\n\n Possible resources include (case insensitive): Use \"kubectl api-resources\" for a complete list of supported resources..",
    examples: "# Set a deployments nginx container cpu limits to \"200m\" and memory to \"512Mi\"\nkubectl set resources deployment nginx -c=nginx --limits=cpu=200m,memory=512Mi\n\n# Set the resource request and limits for all containers in nginx\nkubectl set resources deployment nginx --limits=cpu=200m,memory=512Mi --requests=cpu=100m,memory=256Mi\n\n# Remove the resource requests for resources on containers in nginx\nkubectl set resources deployment nginx --limits=cpu=0,memory=0 --requests=cpu=0,memory=0\n\n# Print the result (in yaml format) of updating nginx container limits from a local, without hitting the server\nkubectl set resources -f path/to/file.yaml --limits=cpu=200m,memory=512Mi --local -o yaml",
    flags: &[FLAGS, common::PRINT, common::DRY_RUN],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

async fn run(call: &Call) -> Outcome {
    let update = Update::of(call, "failed to patch resources update to pod template", "resource requirements updated")?;
    let infos = update.objects(&call.args).await?;
    update.check_local()?;
    let flags = &call.flags;
    if flags.bool("all") && !flags.text("selector").is_empty() {
        return Err(Failure::text("cannot set --all and --selector at the same time"));
    }
    if flags.text("limits").is_empty() && flags.text("requests").is_empty() {
        return Err(Failure::text(
            "you must specify an update to requests or limits (in the form of --requests/--limits)",
        ));
    }
    let amounts = [("limits", amounts(flags.text("limits"))?), ("requests", amounts(flags.text("requests"))?)];
    let pattern = flags.text("containers");
    update.run(infos, |spec, _| {
        let found = containers(spec, pattern);
        if found.is_empty() {
            return Err(Failure::Text(format!("error: unable to find container named {pattern}")));
        }
        for container in found {
            for (field, amounts) in amounts.iter().filter(|(_, amounts)| !amounts.is_empty()) {
                for (resource, amount) in amounts {
                    api::object::set(container, &["resources", field, resource], amount.clone());
                }
            }
        }
        Ok(())
    })
}

/// `cpu=100m,memory=256Mi`. Models `populateResourceListV1`.
fn amounts(text: &str) -> Outcome<Map<String, Value>> {
    let mut all = Map::new();
    for statement in text.split(',').filter(|_| !text.is_empty()) {
        let parts: Vec<&str> = statement.split('=').collect();
        let [name, amount] = parts.as_slice() else {
            return Err(Failure::Text(format!("Invalid argument syntax {statement}, expected <resource>=<value>")));
        };
        Quantity::parse(amount).map_err(|error| Failure::Text(error.to_string()))?;
        all.insert((*name).to_owned(), json!(amount));
    }
    Ok(all)
}
