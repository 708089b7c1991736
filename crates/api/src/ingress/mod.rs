//! Ingress: HTTP routes from outside to Services.

pub(crate) mod validation;

use serde_json::Value;

use crate::Object;
use crate::cells::{load_balancer, or_none};
use crate::kind::{AGE, Column, Kind, NAME, Plain};

/// The registry entry.
pub static KIND: Kind = Kind {
    group: "networking.k8s.io",
    version: "v1",
    kind: "Ingress",
    plural: "ingresses",
    singular: "ingress",
    short_names: &["ing"],
    categories: &[],
    namespaced: true,
    strategy: &Plain {
        status: r#"{"loadBalancer": {}}"#,
        validate: |object| validation::ingress(object, None),
        validate_update: Some(|object, old| validation::ingress(object, Some(old))),
        warnings,
        ..Plain::SPEC
    },
    columns: &[
        NAME,
        Column { name: "CLASS", wide: false, cell: |object, _| class(object) },
        Column { name: "HOSTS", wide: false, cell: |object, _| hosts(object) },
        Column { name: "ADDRESS", wide: false, cell: |object, _| load_balancer(object) },
        Column { name: "PORTS", wide: false, cell: |object, _| ports(object).to_owned() },
        AGE,
    ],
};

/// Models `WarningsOnCreate` of `pkg/registry/networking/ingress`.
fn warnings(ingress: &Object, old: Option<&Object>) -> Vec<String> {
    let class = ingress.at(&["spec", "ingressClassName"]);
    let deprecated = old.is_none() && class.is_none() && ingress.annotation(CLASS_ANNOTATION).is_some();
    let words = "annotation \"kubernetes.io/ingress.class\" is deprecated, please use 'spec.ingressClassName' instead";
    deprecated.then(|| words.to_owned()).into_iter().collect()
}

/// The annotation that named the class before the field did.
pub const CLASS_ANNOTATION: &str = "kubernetes.io/ingress.class";

fn class(ingress: &Object) -> String {
    let old = ingress.str(&["metadata", "annotations", CLASS_ANNOTATION]);
    or_none(if old.is_empty() { ingress.str(&["spec", "ingressClassName"]) } else { old })
}

/// Models `formatHosts`: at most three; what is left counts rules, not hosts.
fn hosts(ingress: &Object) -> String {
    const MOST: usize = 3;
    let rules = ingress.list(&["spec", "rules"]);
    let mut shown: Vec<&str> = Vec::new();
    let mut more = false;
    for rule in rules {
        more |= shown.len() == MOST;
        let host = rule.get("host").and_then(Value::as_str).unwrap_or_default();
        if !more && !host.is_empty() {
            shown.push(host);
        }
    }
    match (shown.is_empty(), more) {
        (true, _) => "*".to_owned(),
        (false, true) => format!("{} + {} more...", shown.join(","), rules.len() - MOST),
        (false, false) => shown.join(","),
    }
}

fn ports(ingress: &Object) -> &'static str {
    if ingress.list(&["spec", "tls"]).is_empty() { "80" } else { "80, 443" }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn hosts_are_three_at_most() {
        let of = |hosts: &[&str]| {
            let rules: Vec<Value> = hosts.iter().map(|host| json!({"host": host})).collect();
            super::hosts(&Object::new(json!({"spec": {"rules": rules}})))
        };
        assert_eq!(of(&[]), "*");
        assert_eq!(of(&[""]), "*");
        assert_eq!(of(&["a", "", "b"]), "a,b");
        assert_eq!(of(&["a", "b", "c"]), "a,b,c");
        assert_eq!(of(&["a", "b", "c", "d", "e"]), "a,b,c + 2 more...");
    }
}
