//! `kubectl create token`. Models `create_token.go` up to the request: nothing here is signed or checked, so there is no
//! token to give.

use super::super::super::command::{Call, Running, Verb};
use super::super::super::errors::{Failure, Outcome};
use super::super::super::flags::Flag;
use super::super::common;

/// Microseconds in a second.
const SECOND: i64 = 1_000_000;

static FLAGS: &[Flag] = &[
    Flag::array(
        "audience",
        "Audience of the requested token. If unset, defaults to requesting a token for use with the Kubernetes API server. May be repeated to request a token valid for multiple audiences.",
    ),
    Flag::text(
        "bound-object-kind",
        "",
        "Kind of an object to bind the token to. Supported kinds are Node, Pod, Secret. If set, --bound-object-name must be provided.",
    ),
    Flag::text(
        "bound-object-name",
        "",
        "Name of an object to bind the token to. The token will expire when the object is deleted. Requires --bound-object-kind.",
    ),
    Flag::text(
        "bound-object-uid",
        "",
        "UID of an object to bind the token to. Requires --bound-object-kind and --bound-object-name. If unset, the UID of the existing object is used.",
    ),
    Flag::duration(
        "duration",
        "0s",
        "Requested lifetime of the issued token. If not set or if set to 0, the lifetime will be determined by the server automatically. The server may return a token with a longer or shorter lifetime.",
    ),
];

/// `create token`
pub(super) static TOKEN: Verb = Verb {
    name: "token",
    usage: "token SERVICE_ACCOUNT_NAME",
    short: "Request a service account token",
    long: "Request a service account token.",
    examples: "# Request a token to authenticate to the kube-apiserver as the service account \"myapp\" in the current namespace\nkubectl create token myapp\n\n# Request a token for a service account in a custom namespace\nkubectl create token myapp --namespace myns\n\n# Request a token with a custom expiration\nkubectl create token myapp --duration 10m\n\n# Request a token with a custom audience\nkubectl create token myapp --audience https://example.com\n\n# Request a token bound to an instance of a Secret object\nkubectl create token myapp --bound-object-kind Secret --bound-object-name mysecret\n\n# Request a token bound to an instance of a Secret object with a specific UID\nkubectl create token myapp --bound-object-kind Secret --bound-object-name mysecret --bound-object-uid 0d4691ed-659b-4935-a832-355f77ee47cc",
    flags: &[FLAGS, common::PRINT],
    run: Some(|call| -> Running<'_> { Box::pin(async { token(call) }) }),
    ..Verb::EMPTY
};

fn token(call: &Call) -> Outcome {
    let name = call.one_name()?;
    check(call)?;
    let namespace = call.namespace();
    let account = call.sys.cluster(|cluster| cluster.get(&api::service_account::KIND, &namespace, name));
    account.map_err(|status| Failure::Text(format!("failed to create token: {}", status.message)))?;
    Err(Failure::text("failed to create token: this playground issues none, since nothing in it asks who one is"))
}

/// Models `TokenOptions.Validate`.
fn check(call: &Call) -> Outcome {
    let flags = &call.flags;
    let (kind, name, uid) =
        (flags.text("bound-object-kind"), flags.text("bound-object-name"), flags.text("bound-object-uid"));
    let wrong = match flags.micros("duration") {
        duration if duration < 0 => "--duration must be greater than or equal to 0",
        duration if duration % SECOND != 0 => "--duration cannot be expressed in units less than seconds",
        _ if flags.all("audience").iter().any(String::is_empty) => "--audience must not be an empty string",
        _ if kind.is_empty() && !name.is_empty() => {
            "--bound-object-name can only be set if --bound-object-kind is provided"
        }
        _ if kind.is_empty() && !uid.is_empty() => {
            "--bound-object-uid can only be set if --bound-object-kind is provided"
        }
        _ if kind.is_empty() => "",
        _ if !["Node", "Pod", "Secret"].contains(&kind) => "supported --bound-object-kind values are Node, Pod, Secret",
        _ if name.is_empty() => "--bound-object-name is required if --bound-object-kind is provided",
        _ => "",
    };
    if wrong.is_empty() { Ok(()) } else { Err(Failure::text(wrong)) }
}
