//! Creators of kinds that this playground does not have: they answer as themselves.

use super::super::super::command::Verb;
use super::super::absent::absent;

pub(super) static QUOTA: Verb =
    Verb { aliases: &["resourcequota"], ..absent("quota", "Create a quota with the specified name") };
pub(super) static CLUSTER_ROLE: Verb = absent("clusterrole", "Create a cluster role");
pub(super) static CLUSTER_ROLE_BINDING: Verb =
    absent("clusterrolebinding", "Create a cluster role binding for a particular cluster role");
pub(super) static ROLE: Verb = absent("role", "Create a role with single rule");
pub(super) static ROLE_BINDING: Verb =
    absent("rolebinding", "Create a role binding for a particular role or cluster role");
pub(super) static BUDGET: Verb = Verb {
    aliases: &["pdb"],
    ..absent("poddisruptionbudget", "Create a pod disruption budget with the specified name")
};
pub(super) static PRIORITY_CLASS: Verb =
    Verb { aliases: &["pc"], ..absent("priorityclass", "Create a priority class with the specified name") };
pub(super) static CRON_JOB: Verb =
    Verb { aliases: &["cj"], ..absent("cronjob", "Create a cron job with the specified name") };
pub(super) static TOKEN: Verb = absent("token", "Request a service account token");
