//! `kubectl auth`. Models `pkg/cmd/auth`: this cluster knows one user who may do everything, and others who may do
//! what everybody may.

use api::{Kind, json};

use super::super::command::{self, Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::printers::Printer;
use super::super::tabwriter;
use super::common;

static RECONCILE: Verb = Verb {
    name: "reconcile",
    usage: "reconcile -f FILENAME",
    short: "Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects",
    long: "Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects.\n\n Missing objects are created, and the containing namespace is created for namespaced objects, if required.\n\n Existing roles are updated to include the permissions in the input objects, and remove extra permissions if --remove-extra-permissions is specified.\n\n Existing bindings are updated to include the subjects in the input objects, and remove extra subjects if --remove-extra-subjects is specified.\n\n This is preferred to 'apply' for RBAC resources so that semantically-aware merging of rules and subjects is done.",
    examples: "# Reconcile RBAC resources from a file\nkubectl auth reconcile -f my-rbac-rules.yaml",
    flags: &[RECONCILE_FLAGS, common::PRINT, common::DRY_RUN],
    simulated: false,
    ..Verb::EMPTY
};

static RECONCILE_FLAGS: &[Flag] = &[
    Flag::list("filename", "Filename, directory, or URL to files identifying the resource to reconcile.").short('f'),
    common::KUSTOMIZE,
    common::RECURSIVE,
    Flag::bool("remove-extra-permissions", "false", "If true, removes extra permissions added to roles"),
    Flag::bool("remove-extra-subjects", "false", "If true, removes extra subjects added to rolebindings"),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "auth",
    usage: "auth [flags]",
    short: "Inspect authorization",
    long: "Inspect authorization.",
    verbs: &[&CAN_I, &RECONCILE, &WHO_AM_I],
    run: Some(|call| -> Running<'_> { Box::pin(async { command::sub_command_run(call) }) }),
    ..Verb::EMPTY
};

static CAN_I_FLAGS: &[Flag] = &[
    Flag::bool("all-namespaces", "false", "If true, check the specified action in all namespaces.").short('A'),
    Flag::bool("list", "false", "If true, prints all allowed actions."),
    Flag::bool("no-headers", "false", "If true, prints allowed actions without headers"),
    Flag::bool("quiet", "false", "If true, suppress output and just return the exit code.").short('q'),
    Flag::text("subresource", "", "SubResource such as pod/log or deployment/scale"),
];

static CAN_I: Verb = Verb {
    name: "can-i",
    usage: "can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL]",
    short: "Check whether an action is allowed",
    long: "Check whether an action is allowed.\n\n VERB is a logical Kubernetes API verb like 'get', 'list', 'watch', 'delete', etc. TYPE is a Kubernetes resource. Shortcuts and groups will be resolved. NONRESOURCEURL is a partial URL that starts with \"/\". NAME is the name of a particular Kubernetes resource. This command pairs nicely with impersonation. See --as global flag.",
    examples: "# Check to see if I can create pods in any namespace\nkubectl auth can-i create pods --all-namespaces\n\n# Check to see if I can list deployments in my current namespace\nkubectl auth can-i list deployments.apps\n\n# Check to see if service account \"foo\" of namespace \"dev\" can list pods in the namespace \"prod\"\n# You must be allowed to use impersonation for the global option \"--as\"\nkubectl auth can-i list pods --as=system:serviceaccount:dev:foo -n prod\n\n# Check to see if I can do everything in my current namespace (\"*\" means all)\nkubectl auth can-i '*' '*'\n\n# Check to see if I can get the job named \"bar\" in namespace \"foo\"\nkubectl auth can-i list jobs.batch/bar -n foo\n\n# Check to see if I can read pod logs\nkubectl auth can-i get pods --subresource=log\n\n# Check to see if I can access the URL /logs/\nkubectl auth can-i get /logs/\n\n# Check to see if I can approve certificates.k8s.io\nkubectl auth can-i approve certificates.k8s.io\n\n# List all allowed actions in namespace \"foo\"\nkubectl auth can-i --list --namespace=foo",
    flags: &[CAN_I_FLAGS],
    run: Some(|call| -> Running<'_> { Box::pin(async { can_i(call) }) }),
    ..Verb::EMPTY
};

static WHO_AM_I: Verb = Verb {
    name: "whoami",
    usage: "whoami",
    short: "Experimental: Check self subject attributes",
    long: "Experimental: Check who you are and your attributes (groups, extra).\n\n        This command is helpful to get yourself aware of the current user attributes,\n        especially when dynamic authentication, e.g., token webhook, auth proxy, or OIDC provider,\n        is enabled in the Kubernetes cluster.",
    examples: "# Get your subject attributes\nkubectl auth whoami\n\n# Get your subject attributes in JSON format\nkubectl auth whoami -o json",
    flags: &[common::PRINT],
    run: Some(|call| -> Running<'_> { Box::pin(async { who_am_i(call) }) }),
    ..Verb::EMPTY
};

const RESOURCE_VERBS: &[&str] = &[
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
    "use",
    "bind",
    "impersonate",
    "*",
    "approve",
    "sign",
    "escalate",
    "attest",
];

const URL_VERBS: &[&str] = &["get", "put", "post", "head", "options", "delete", "patch", "*"];

/// Reviews of oneself, which everybody may create.
const REVIEWS: &[&str] = &[
    "selfsubjectreviews.authentication.k8s.io",
    "selfsubjectaccessreviews.authorization.k8s.io",
    "selfsubjectrulesreviews.authorization.k8s.io",
];

/// Paths that everybody may read, by the roles `system:discovery` and `system:public-info-viewer`.
const PATHS: &[&str] = &[
    "/api/*",
    "/api",
    "/apis/*",
    "/apis",
    "/healthz",
    "/healthz",
    "/livez",
    "/livez",
    "/openapi/*",
    "/openapi",
    "/readyz",
    "/readyz",
    "/version/",
    "/version/",
    "/version",
    "/version",
];

/// Who asks: the user and the groups.
fn user(call: &Call) -> (String, Vec<String>) {
    let name = call.flags.text("as");
    let mut groups: Vec<String> = call.flags.all("as-group").to_vec();
    if name.is_empty() {
        groups = vec!["system:masters".to_owned()];
    }
    if let Some((namespace, _)) = name.strip_prefix("system:serviceaccount:").and_then(|rest| rest.split_once(':'))
        && groups.is_empty()
    {
        groups.extend(["system:serviceaccounts".to_owned(), format!("system:serviceaccounts:{namespace}")]);
    }
    groups.push("system:authenticated".to_owned());
    (if name.is_empty() { "minikube-user".to_owned() } else { name.to_owned() }, groups)
}

fn is_master(call: &Call) -> bool {
    user(call).1.iter().any(|group| group == "system:masters")
}

/// Models `CanIOptions`.
fn can_i(call: &Call) -> Outcome {
    let flags = &call.flags;
    if flags.bool("list") {
        if !call.args.is_empty() {
            return Err(Failure::text("list option must be specified with no arguments"));
        }
        if flags.bool("quiet") || flags.bool("all-namespaces") || !flags.text("subresource").is_empty() {
            return Err(Failure::text(
                "list option can't be specified with neither quiet, all-namespaces nor subresource options",
            ));
        }
        list(call);
        return Ok(());
    }
    let [verb, target] = call.args.as_slice() else {
        return Err(Failure::text(
            "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
        ));
    };
    // These warnings end with an end of line of their own.
    let warn = |text: String| call.warn(&format!("{text}\n"));
    let allowed = if target.starts_with('/') {
        if !flags.text("subresource").is_empty() {
            return Err(Failure::text("--subresource can not be used with NonResourceURL"));
        }
        if !URL_VERBS.contains(&verb.as_str()) {
            warn(format!("verb '{verb}' is not a known verb"));
        }
        verb == "get"
            && PATHS
                .iter()
                .any(|path| *path == target || path.strip_suffix('*').is_some_and(|start| target.starts_with(start)))
    } else {
        let word = target.split('/').next().unwrap_or_default().to_lowercase();
        let kind = Kind::of_word(&word);
        let (name, group) = word.split_once('.').unwrap_or((&word, ""));
        let in_group = |group: &str| if group.is_empty() { String::new() } else { format!(" in group '{group}'") };
        if kind.is_none() && !matches!(word.as_str(), "*" | "users" | "groups") && !REVIEWS.contains(&word.as_str()) {
            warn(format!("the server doesn't have a resource type '{name}'{}", in_group(group)));
        }
        if let Some(kind) = kind.filter(|kind| !kind.namespaced && !flags.bool("all-namespaces")) {
            warn(format!("resource '{}' is not namespace scoped{}", kind.plural, in_group(kind.group)));
        }
        if !RESOURCE_VERBS.contains(&verb.as_str()) && !flags.bool("all-namespaces") {
            warn(format!("verb '{verb}' is not a known verb"));
        }
        verb == "create" && REVIEWS.contains(&word.as_str())
    };
    if flags.bool("no-headers") {
        return Err(Failure::text("--no-headers cannot be set without --list specified"));
    }
    let allowed = allowed || is_master(call);
    if !flags.bool("quiet") {
        call.sys.out.line(if allowed { "yes" } else { "no" });
    }
    if allowed { Ok(()) } else { Err(Failure::Exit(1)) }
}

/// Models `printStatus`.
fn list(call: &Call) {
    let mut text = String::new();
    if !call.flags.bool("no-headers") {
        text.push_str("Resources\tNon-Resource URLs\tResource Names\tVerbs\n");
    }
    if is_master(call) {
        text.push_str("*.*\t[]\t[]\t[*]\n\t[*]\t[]\t[*]\n");
    }
    REVIEWS.iter().for_each(|review| text.push_str(&format!("{review}\t[]\t[]\t[create]\n")));
    PATHS.iter().for_each(|path| text.push_str(&format!("\t[{path}]\t[]\t[get]\n")));
    call.sys.out.write(tabwriter::align(&text, 6, 3));
}

/// Models `printTableSelfSubjectAccessReview`.
fn who_am_i(call: &Call) -> Outcome {
    let (name, groups) = user(call);
    if let Some(printer) = Printer::of(call, false)? {
        let info = json!({"groups": groups, "username": name});
        let review = json!({
            "apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview",
            "metadata": {"creationTimestamp": api::time::format_rfc3339(call.sys.now().unix_seconds())},
            "status": {"userInfo": info},
        });
        return printer.print(call, &review);
    }
    let text = format!("ATTRIBUTE\tVALUE\nUsername\t{name}\nGroups\t[{}]\n", groups.join(" "));
    call.sys.out.write(tabwriter::align(&text, 6, 3));
    Ok(())
}

#[cfg(test)]
mod tests {
    use cluster::Cluster;

    use crate::terminal::run_script;

    #[test]
    fn what_one_may_do_is_known() {
        let mut cluster = Cluster::default();
        for (words, code, out, err) in [
            ("can-i create pods", 0, "yes\n", ""),
            ("can-i get nodes", 0, "yes\n", "Warning: resource 'nodes' is not namespace scoped\n\n"),
            ("can-i get foos", 0, "yes\n", "Warning: the server doesn't have a resource type 'foos'\n\n"),
            ("can-i eat pods", 0, "yes\n", "Warning: verb 'eat' is not a known verb\n\n"),
            ("can-i list pods --as=system:serviceaccount:default:default", 1, "no\n", ""),
            ("can-i get /healthz --as=x", 0, "yes\n", ""),
            ("can-i list pods -q --as=x", 1, "", ""),
            (
                "can-i get",
                1,
                "",
                "error: you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.\n",
            ),
            (
                "whoami",
                0,
                "ATTRIBUTE   VALUE\nUsername    minikube-user\nGroups      [system:masters system:authenticated]\n",
                "",
            ),
        ] {
            let done = run_script(&mut cluster, &format!("kubectl auth {words}"), "", &[]);
            assert_eq!((done.exit, done.stdout.as_str(), done.stderr.as_str()), (Some(code), out, err), "{words}");
        }
    }
}
