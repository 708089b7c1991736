//! Fields of a headless Service that would need an address of its own.

use api::{Kind, Object, Path};

use super::Check;
use crate::{Report, View};

pub(super) struct HeadlessIgnored;

impl Check for HeadlessIgnored {
    fn code(&self) -> &'static str {
        "headless-ignored"
    }

    fn concerns(&self, kind: &Kind) -> bool {
        *kind == api::service::KIND
    }

    fn check(&self, _: &View<'_>, service: &Object, report: &mut Report<'_>) {
        if !api::service::is_headless(service) {
            return;
        }
        let affinity = service.str(&["spec", "sessionAffinity"]) == "ClientIP";
        let local = service.str(&["spec", "internalTrafficPolicy"]) == "Local";
        for (set, field, does) in [
            (affinity, "sessionAffinity", "keeps a client at one pod"),
            (local, "internalTrafficPolicy", "chooses among pods by node"),
        ] {
            if set {
                report
                    .warn(
                        Path::new("spec").child(field),
                        format!(
                            "{field} has no effect here: a headless Service has no address at which a node {does}."
                        ),
                        "Clients get all pods' addresses from DNS and choose for themselves.",
                    )
                    .fix(format!("Remove {field}"), None);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{said, service};

    #[test]
    fn affinity_needs_an_address() {
        let of = |spec: &str| {
            let said = said("headless-ignored", &service("db", &format!("{spec}, ports: [{{port: 80}}]")));
            said.into_iter().map(|diagnostic| diagnostic.path.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(of("clusterIP: None"), [""; 0]);
        assert_eq!(of("sessionAffinity: ClientIP"), [""; 0]);
        assert_eq!(of("clusterIP: None, sessionAffinity: ClientIP"), ["spec.sessionAffinity"]);
        assert_eq!(of("clusterIP: None, internalTrafficPolicy: Local"), ["spec.internalTrafficPolicy"]);
    }
}
