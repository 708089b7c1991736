//! `kubectl api-versions`. Models `pkg/cmd/apiresources/apiversions.go`.

use super::super::command::{Call, Running, Verb};
use super::super::errors::Outcome;

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "api-versions",
    usage: "api-versions",
    short: "Print the supported API versions on the server, in the form of \"group/version\"",
    long: "Print the supported API versions on the server, in the form of \"group/version\".",
    examples: "# Print the supported API versions\nkubectl api-versions",
    run: Some(|call| -> Running<'_> { Box::pin(async { run(call) }) }),
    ..Verb::EMPTY
};

fn run(call: &Call) -> Outcome {
    if !call.args.is_empty() {
        return Err(call.usage_error(format!("unexpected arguments: [{}]", call.args.join(" "))));
    }
    let gateway_api = call.sys.cluster(|cluster| cluster.settings().gateway_api);
    let gateways = api::gateway::KIND.api_version();
    for version in api::discovery::versions() {
        if gateway_api || version != gateways {
            call.sys.out.line(version);
        }
    }
    Ok(())
}
