//! `kubectl version`. Models `pkg/cmd/version`.

use api::schema::schema;
use api::{Value, json};

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;

static FLAGS: &[Flag] = &[
    Flag::bool("client", "false", "If true, shows client version only (no server required)."),
    Flag::text("output", "", "One of 'yaml' or 'json'.").short('o'),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "version",
    usage: "version [flags]",
    short: "Print the client and server version information",
    long: "Print the client and server version information for the current context.",
    examples: "# Print the client and server versions for the current context\nkubectl version",
    flags: &[FLAGS],
    run: Some(|call| -> Running<'_> { Box::pin(async { run(call) }) }),
    ..Verb::EMPTY
};

const CLIENT: &str = "v1.36.4";
const KUSTOMIZE: &str = "v5.8.1";
const SERVER: &str = "v1.36.2";

fn run(call: &Call) -> Outcome {
    if !call.args.is_empty() {
        return Err(Failure::Text(format!("extra arguments: [{}]", call.args.join(" "))));
    }
    let both = !call.flags.bool("client");
    let mut versions = json!({"clientVersion": client(), "kustomizeVersion": KUSTOMIZE});
    if both {
        versions["serverVersion"] = server();
    }
    match call.flags.text("output") {
        "" => {
            call.sys.out.line(format!("Client Version: {CLIENT}\nKustomize Version: {KUSTOMIZE}"));
            if both {
                call.sys.out.line(format!("Server Version: {SERVER}"));
            }
        }
        "yaml" => call.sys.out.line(manifest::to_yaml(&versions)),
        "json" => call.sys.out.line(go_json(&versions, "version.Versions")),
        _ => return Err(Failure::text("--output must be 'yaml' or 'json'")),
    }
    Ok(())
}

fn client() -> Value {
    json!({
        "buildDate": "2026-09-29T20:03:31Z", "compiler": "gc",
        "gitCommit": "bb826b1d48562f110659e64e8ec444327433db95", "gitTreeState": "clean", "gitVersion": CLIENT,
        "goVersion": "go1.27.1", "major": "1", "minor": "36", "platform": "linux/amd64",
    })
}

/// The server's `/version` as it answers: in the order of Go's struct, indented by two.
pub(super) fn server_json() -> String {
    go_json(&server(), "version.Info")
}

/// A struct of the schema as Go prints it, indented by two, without a line break at the end.
fn go_json(value: &Value, of: &str) -> String {
    manifest::to_go_json(value, schema().get(of)).trim_end().replace("    ", "  ")
}

/// What the server says of itself.
fn server() -> Value {
    json!({
        "buildDate": "2026-06-09T00:00:00Z", "compiler": "gc", "emulationMajor": "1", "emulationMinor": "36",
        "gitCommit": "98b35193b2ac7a23a673325f5e9b830ecd5ba406", "gitTreeState": "clean", "gitVersion": SERVER,
        "goVersion": "go1.26.3", "major": "1", "minCompatibilityMajor": "1", "minCompatibilityMinor": "35", "minor": "36",
        "platform": "linux/amd64",
    })
}
