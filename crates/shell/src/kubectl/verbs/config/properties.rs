//! Single values of a kubeconfig by their path. Models `newNavigationSteps` and `modifyConfig`.

use api::{Value, json};

use super::super::super::command::{Call, Running, Verb};
use super::super::super::config::Config;
use super::super::super::errors::{Failure, Outcome};
use super::super::super::flags::Flag;

pub(super) static SET: Verb = Verb {
    name: "set",
    usage: "set PROPERTY_NAME PROPERTY_VALUE",
    short: "Set an individual value in a kubeconfig file",
    long: "Set an individual value in a kubeconfig file.\n\n PROPERTY_NAME is a dot delimited name where each token represents either an attribute name or a map key.  Map keys may not contain dots.\n\n PROPERTY_VALUE is the new value you want to set. Binary fields such as 'certificate-authority-data' expect a base64 encoded string unless the --set-raw-bytes flag is used.\n\n Specifying an attribute name that already exists will merge new fields on top of existing values.",
    examples: "# Set the server field on the my-cluster cluster to https://1.2.3.4\nkubectl config set clusters.my-cluster.server https://1.2.3.4\n\n# Set the certificate-authority-data field on the my-cluster cluster\nkubectl config set clusters.my-cluster.certificate-authority-data $(echo \"cert_data_here\" | base64 -i -)\n\n# Set the cluster field in the my-context context to my-cluster\nkubectl config set contexts.my-context.cluster my-cluster\n\n# Set the client-key-data field in the cluster-admin user using --set-raw-bytes option\nkubectl config set users.cluster-admin.client-key-data cert_data_here --set-raw-bytes=true",
    flags: &[SET_FLAGS],
    run: Some(|call| -> Running<'_> { Box::pin(async { set(call) }) }),
    ..Verb::EMPTY
};

static SET_FLAGS: &[Flag] = &[Flag::bool(
    "set-raw-bytes",
    "false",
    "When writing a []byte PROPERTY_VALUE, write the given string directly without base64 decoding.",
)];

pub(super) static UNSET: Verb = Verb {
    name: "unset",
    usage: "unset PROPERTY_NAME",
    short: "Unset an individual value in a kubeconfig file",
    long: "Unset an individual value in a kubeconfig file.\n\n PROPERTY_NAME is a dot delimited name where each token represents either an attribute name or a map key.  Map keys may not contain dots.",
    examples: "# Unset the current-context\nkubectl config unset current-context\n\n# Unset namespace in foo context\nkubectl config unset contexts.foo.namespace",
    run: Some(|call| -> Running<'_> { Box::pin(async { unset(call) }) }),
    ..Verb::EMPTY
};

/// The lists of a kubeconfig, what an entry is in, and the fields it can have.
const LISTS: [(&str, &str, &[&str]); 3] = [
    (
        "clusters",
        "cluster",
        &[
            "server",
            "tls-server-name",
            "insecure-skip-tls-verify",
            "certificate-authority",
            "certificate-authority-data",
            "proxy-url",
            "disable-compression",
        ],
    ),
    ("contexts", "context", &["cluster", "user", "namespace"]),
    (
        "users",
        "user",
        &[
            "client-certificate",
            "client-certificate-data",
            "client-key",
            "client-key-data",
            "token",
            "tokenFile",
            "username",
            "password",
        ],
    ),
];

/// What a path leads to.
enum Place {
    Current,
    List(&'static str),
    Entry(&'static str, String),
    Field(&'static str, String, String),
}

fn place(path: &str) -> Outcome<Place> {
    let wrong = || Failure::Text(format!("unable to parse {path} after [] at api.Config"));
    if path == "current-context" {
        return Ok(Place::Current);
    }
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let (list, _, fields) = LISTS.iter().find(|(list, ..)| *list == first).ok_or_else(wrong)?;
    let Some(rest) = rest else { return Ok(Place::List(list)) };
    // A name may hold dots: it ends where a field begins.
    let parts: Vec<&str> = rest.split('.').collect();
    match parts.iter().skip(1).position(|part| fields.contains(part)).map(|at| at + 1) {
        Some(at) if at + 1 == parts.len() => Ok(Place::Field(list, parts[..at].join("."), parts[at].to_owned())),
        Some(_) => Err(Failure::Text(format!("unable to parse one or more field values of {path}"))),
        None => Ok(Place::Entry(list, rest.to_owned())),
    }
}

fn set(call: &Call) -> Outcome {
    let [path, value] = call.args.as_slice() else { return Err(super::unexpected(call)) };
    if value.is_empty() {
        return Err(Failure::text("you cannot use set to unset a property"));
    }
    if path.is_empty() {
        return Err(Failure::text("you must specify a property"));
    }
    let mut config = Config::load(&call.sys);
    match place(path)? {
        Place::Current => config.set_current(value),
        Place::List(_) => return Err(Failure::text("can't set a map to a value: map[]")),
        Place::Entry(..) => return Err(Failure::text("can't set a map to a value: map[]")),
        Place::Field(list, name, field) => {
            let mut entry = config.entry(list, &name).cloned().unwrap_or_else(|| json!({}));
            let truth = matches!(field.as_str(), "insecure-skip-tls-verify" | "disable-compression");
            entry[field.as_str()] = if truth { truth_of(value)?.into() } else { value.as_str().into() };
            config.put(list, &name, entry);
        }
    }
    config.save(&call.sys);
    call.sys.out.line(format!("Property {} set.", api::field::go_quote(path)));
    Ok(())
}

fn truth_of(value: &str) -> Outcome<bool> {
    super::super::super::flags::parse_bool(value).ok_or_else(|| {
        let quoted = api::field::go_quote(value);
        Failure::Text(format!("strconv.ParseBool: parsing {quoted}: invalid syntax"))
    })
}

fn unset(call: &Call) -> Outcome {
    let path = super::one_word(call)?;
    if path.is_empty() {
        return Err(Failure::text("you must specify a property"));
    }
    let mut config = Config::load(&call.sys);
    match place(path)? {
        Place::Current => config.set_current(""),
        Place::List(list) => config.clear(list),
        Place::Entry(list, name) => config.remove(list, &name),
        Place::Field(list, name, field) => {
            let Some(mut entry) = config.entry(list, &name).cloned() else {
                return Err(Failure::Text(format!("current map key `{name}` is invalid")));
            };
            entry[field.as_str()] = Value::Null;
            config.put(list, &name, entry);
        }
    }
    config.save(&call.sys);
    call.sys.out.line(format!("Property {} unset.", api::field::go_quote(path)));
    Ok(())
}
