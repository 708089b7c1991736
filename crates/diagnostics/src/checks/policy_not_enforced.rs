//! NetworkPolicies in a cluster whose network plugin ignores them.

use api::{Kind, Object, Path};

use super::Check;
use crate::{Report, View};

pub(super) struct PolicyNotEnforced;

impl Check for PolicyNotEnforced {
    fn code(&self) -> &'static str {
        "policy-not-enforced"
    }

    fn concerns(&self, kind: &Kind) -> bool {
        *kind == api::network_policy::KIND
    }

    fn check(&self, view: &View<'_>, _: &Object, report: &mut Report<'_>) {
        if !view.cluster.settings().network_policies {
            report.warn(
                Path::new("spec"),
                "This cluster's network plugin does not enforce NetworkPolicies, so all traffic flows.",
                "The API server keeps policies either way. Calico, Cilium and others enforce them; flannel does not.",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use cluster::Settings;

    use crate::testing::{of, policy, with};

    #[test]
    fn a_plugin_has_to_enforce() {
        for (network_policies, said) in [(true, 0), (false, 1)] {
            let settings = Settings { network_policies, ..Settings::default() };
            let cluster = with(settings, &policy("p", "podSelector: {}"));
            assert_eq!(of("policy-not-enforced", &cluster).len(), said);
        }
    }
}
