//! A Service's selector written as a Deployment's: it then asks for labels called `matchLabels` or `matchExpressions`.

use api::{Kind, Object, Path};

use super::Check;
use crate::{Report, View};

pub(super) struct SetBasedSelector;

impl Check for SetBasedSelector {
    fn code(&self) -> &'static str {
        "set-based-selector"
    }

    fn concerns(&self, kind: &Kind) -> bool {
        *kind == api::service::KIND
    }

    fn check(&self, _: &View<'_>, service: &Object, report: &mut Report<'_>) {
        let selector = Path::new("spec.selector");
        for word in ["matchLabels", "matchExpressions"] {
            if service.string_map(&["spec", "selector"]).contains_key(word) {
                report.warn(
                    selector.key(word),
                    format!("This selects pods with a label called {word}."),
                    "A Service's selector is a plain map of labels; matchLabels and matchExpressions belong to Deployments \
                     and other workloads. Write the labels directly below selector.",
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{lines, service};

    #[test]
    fn the_words_of_workloads_are_labels_here() {
        let of = |selector: &str| {
            lines("set-based-selector", &service("web", &format!("selector: {{{selector}}}, ports: [{{port: 80}}]")))
        };
        assert_eq!(of("app: web"), [""; 0]);
        assert_eq!(
            of("matchLabels: web"),
            ["spec.selector[matchLabels]: This selects pods with a label called matchLabels."]
        );
    }
}
