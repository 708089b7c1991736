//! `kubectl set subject`. Models `pkg/cmd/set/set_subject.go`.

use api::Value;
use api::arrange::Arrange;

use super::super::super::command::{Call, Running, Verb};
use super::super::super::errors::{Failure, Outcome};
use super::super::super::flags::Flag;
use super::super::super::objects::Info;
use super::super::super::resolve;
use super::super::common;
use super::super::creators::access;
use super::update::Update;

static FLAGS: &[Flag] = &[
    Flag::bool("all", "false", "Select all resources, in the namespace of the specified resource types"),
    Flag::text("field-manager", "kubectl-set", "Name of the manager used to track field ownership."),
    Flag::list("filename", "Filename, directory, or URL to files the resource to update the subjects").short('f'),
    Flag::array("group", "Groups to bind to the role"),
    common::KUSTOMIZE,
    Flag::bool("local", "false", "If true, set subject will NOT contact api-server but run locally."),
    common::RECURSIVE,
    common::SELECTOR,
    Flag::array("serviceaccount", "Service accounts to bind to the role"),
    Flag::array("user", "Usernames to bind to the role"),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "subject",
    usage: "subject (-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]",
    short: "Update the user, group, or service account in a role binding or cluster role binding",
    long: "Update the user, group, or service account in a role binding or cluster role binding.",
    examples: "# Update a cluster role binding for serviceaccount1\nkubectl set subject clusterrolebinding admin --serviceaccount=namespace:serviceaccount1\n\n# Update a role binding for user1, user2, and group1\nkubectl set subject rolebinding admin --user=user1 --user=user2 --group=group1\n\n# Print the result (in YAML format) of updating rolebinding subjects from a local, without hitting the server\nkubectl create rolebinding admin --role=admin --user=admin -o yaml --dry-run=client | kubectl set subject --local -f - --user=foo -o yaml",
    flags: &[FLAGS, common::PRINT, common::DRY_RUN],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

async fn run(call: &Call) -> Outcome {
    let update = Update::of(call, "failed to patch subjects to rolebinding:", "subjects updated")?;
    let infos = update.objects(&call.args).await?;
    update.check_local()?;
    let flags = &call.flags;
    if flags.bool("all") && !flags.text("selector").is_empty() {
        return Err(Failure::text("cannot set --all and --selector at the same time"));
    }
    if ["user", "group", "serviceaccount"].iter().all(|flag| flags.all(flag).is_empty()) {
        return Err(Failure::text("you must specify at least one value of user, group or serviceaccount"));
    }
    let subjects = subjects(call, &infos)?;
    let mut failures = Vec::new();
    for info in infos {
        if !matches!(info.kind.kind, "RoleBinding" | "ClusterRoleBinding") {
            failures.push(Failure::Text(format!(
                "error: {}/{} setting subjects is only supported for RoleBinding/ClusterRoleBinding\n",
                info.kind.plural, info.name
            )));
            continue;
        }
        let mut changed = info.object.to_value();
        let mut all = changed.get("subjects").and_then(Value::as_array).cloned().unwrap_or_default();
        all.extend(subjects.iter().filter(|subject| !all.contains(subject)).cloned().collect::<Vec<_>>());
        changed["subjects"] = all.into();
        if changed != *info.object {
            failures.extend(update.send(&info, &changed).err());
        }
    }
    resolve::all_or(failures)
}

fn subjects(call: &Call, infos: &[Info]) -> Outcome<Vec<Value>> {
    let sorted = |flag: &str| {
        let mut names = call.flags.all(flag).to_vec();
        names.arrange();
        names.dedup();
        names
    };
    let mut subjects = access::people(&sorted("user"), "User");
    subjects.extend(access::people(&sorted("group"), "Group"));
    for account in sorted("serviceaccount") {
        let wrong = || Failure::text("serviceaccount must be <namespace>:<name>");
        let (namespace, name) = account.split_once(':').ok_or_else(wrong)?;
        if namespace.is_empty() && infos.iter().any(|info| !info.kind.namespaced) {
            return Err(Failure::text("serviceaccount must be <namespace>:<name>, namespace must be specified"));
        }
        let own = call.namespace();
        let namespace = if namespace.is_empty() { own.as_str() } else { namespace };
        subjects.push(access::account(namespace, name).ok_or_else(wrong)?);
    }
    Ok(subjects)
}
