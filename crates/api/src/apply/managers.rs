//! Who owns what. Models `merge.Updater` and `fieldmanager.printManager`.

use crate::arrange::Arrange;
use serde_json::Value;

use super::{FieldSet, changes, fields_of, merge};
use crate::{Kind, time};

/// How a manager writes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Operation {
    /// Server-side apply: it owns what it applied last.
    Apply,
    /// Create, update and patch: it owns what it changed.
    Update,
}

/// One owner of fields.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Manager {
    /// Its name, such as `kubectl-client-side-apply`.
    pub name: String,
    /// How it wrote.
    pub operation: Operation,
    /// `status` or `scale`; empty for the object itself.
    pub subresource: &'static str,
    /// When it wrote last, in seconds since the Unix epoch.
    pub at: i64,
    /// What it owns.
    pub fields: FieldSet,
}

/// Every owner of one object's fields.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Managers(Vec<Manager>);

/// Fields that an applied configuration wants otherwise than their owner does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Conflict {
    /// The owner, as messages name it.
    pub manager: String,
    /// The fields.
    pub paths: Vec<String>,
}

impl Managers {
    /// The owners, in the order in which they came.
    #[must_use]
    pub fn list(&self) -> &[Manager] {
        &self.0
    }

    /// Whether both are the same owners of the same fields, whenever they wrote last.
    #[must_use]
    pub fn own_the_same(&self, other: &Self) -> bool {
        let claims = |manager: &Manager| (manager.operation, manager.subresource);
        self.0.len() == other.0.len()
            && self
                .0
                .iter()
                .zip(&other.0)
                .all(|(one, two)| one.name == two.name && claims(one) == claims(two) && one.fields == two.fields)
    }

    /// Books a create, update or patch that made `new` of `old`.
    pub fn update(&mut self, kind: &Kind, who: (&str, &'static str), at: i64, old: &Value, new: &Value) {
        let (changed, gone) = changes(kind, old, new);
        for manager in &mut self.0 {
            let theirs =
                manager.name != who.0 || manager.operation != Operation::Update || manager.subresource != who.1;
            manager.fields = manager.fields.minus(&gone);
            if theirs {
                manager.fields = manager.fields.minus(&changed);
            }
        }
        if !changed.is_empty() {
            self.own(who, Operation::Update, at, |fields| fields.or(&changed));
        }
        self.0.retain(|manager| !manager.fields.is_empty());
    }

    /// Applies a configuration: the new tree, or the conflicts that stand in its way. `force` takes fields over.
    ///
    /// # Errors
    /// The fields that others own and want otherwise, by owner.
    pub fn apply(
        &mut self,
        kind: &Kind,
        name: &str,
        at: i64,
        live: &Value,
        applied: &Value,
        force: bool,
    ) -> Result<Value, Vec<Conflict>> {
        let wanted = fields_of(kind, applied);
        let merged = merge(kind, live, applied, &FieldSet::default());
        let (changed, _) = changes(kind, live, &merged);
        let own = |manager: &Manager| manager.name == name && manager.operation == Operation::Apply;
        let mut conflicts: Vec<Conflict> = self
            .0
            .iter()
            .filter(|manager| !own(manager))
            .map(|manager| (manager, manager.fields.and(&changed)))
            .filter(|(_, fields)| !fields.paths().is_empty())
            .map(|(manager, fields)| Conflict { manager: manager.words(kind), paths: fields.paths() })
            .collect();
        if !conflicts.is_empty() && !force {
            conflicts.arrange_by(|one, two| one.manager.cmp(&two.manager));
            return Err(conflicts);
        }
        let before =
            self.0.iter().find(|manager| own(manager)).map(|manager| manager.fields.clone()).unwrap_or_default();
        let others = self.0.iter().filter(|manager| !own(manager));
        let others = others.fold(FieldSet::default(), |all, manager| all.or(&manager.fields));
        let dropped = before.minus(&wanted).minus(&others);
        for manager in &mut self.0 {
            manager.fields = manager.fields.minus(&changed);
        }
        self.own((name, ""), Operation::Apply, at, |_| wanted.clone());
        self.0.retain(|manager| !manager.fields.is_empty());
        Ok(merge(kind, live, applied, &dropped))
    }

    fn own(
        &mut self,
        (name, subresource): (&str, &'static str),
        operation: Operation,
        at: i64,
        change: impl Fn(&FieldSet) -> FieldSet,
    ) {
        let known = self.0.iter_mut().find(|manager| {
            manager.name == name && manager.operation == operation && manager.subresource == subresource
        });
        match known {
            Some(manager) => {
                manager.fields = change(&manager.fields);
                manager.at = at;
            }
            None => {
                let fields = change(&FieldSet::default());
                self.0.push(Manager { name: name.to_owned(), operation, subresource, at, fields });
            }
        }
    }
}

impl Managers {
    /// The owners as `metadata.managedFields` lists them: those that applied first, then by time and name.
    /// Models `encodeManagedFields`.
    #[must_use]
    pub fn to_managed_fields(&self, kind: &Kind) -> Value {
        let mut all: Vec<&Manager> = self.0.iter().collect();
        all.arrange_by_key(|manager| (manager.operation, manager.at, manager.name.as_str(), manager.subresource));
        all.into_iter().map(|manager| manager.to_entry(kind)).collect()
    }
}

impl Manager {
    fn to_entry(&self, kind: &Kind) -> Value {
        let operation = if self.operation == Operation::Apply { "Apply" } else { "Update" };
        let mut entry = serde_json::json!({
            "apiVersion": kind.api_version(), "fieldsType": "FieldsV1", "fieldsV1": self.fields.to_fields_v1(),
            "manager": self.name, "operation": operation, "time": time::format_rfc3339(self.at),
        });
        if !self.subresource.is_empty() {
            entry["subresource"] = self.subresource.into();
        }
        entry
    }

    fn words(&self, kind: &Kind) -> String {
        let name = crate::field::go_quote(&self.name);
        let part = if self.subresource.is_empty() {
            String::new()
        } else {
            format!(" with subresource {}", crate::field::go_quote(self.subresource))
        };
        match self.operation {
            Operation::Apply => format!("{name}{part}"),
            Operation::Update => {
                let version = kind.api_version();
                format!("{name}{part} using {version} at {}", time::format_rfc3339(self.at))
            }
        }
    }
}

/// The words of an `Apply failed with ...` message. Models `merge.Conflicts.Error`.
#[must_use]
pub fn conflict_words(conflicts: &[Conflict]) -> String {
    let count: usize = conflicts.iter().map(|conflict| conflict.paths.len()).sum();
    if let ([one], 1) = (conflicts, count) {
        return format!("Apply failed with 1 conflict: conflict with {}: {}", one.manager, one.paths.join(", "));
    }
    let mut lines = vec![format!("Apply failed with {count} conflicts: ")];
    let mut first = true;
    for conflict in conflicts {
        let head = format!("conflicts with {}:", conflict.manager);
        if std::mem::take(&mut first) {
            lines[0].push_str(&head);
        } else {
            lines.push(head);
        }
        lines.extend(conflict.paths.iter().map(|path| format!("- {path}")));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::service::KIND;

    const NOBODY: Value = Value::Null;

    #[allow(clippy::needless_pass_by_value)]
    fn service(ports: Value, selector: Value) -> Value {
        json!({
            "apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"},
            "spec": {"ports": ports, "selector": selector},
        })
    }

    #[test]
    fn a_second_manager_conflicts_and_may_force() {
        let mut managers = Managers::default();
        let live = service(json!([{"port": 80, "protocol": "TCP", "targetPort": 80}]), json!({"app": "web"}));
        managers.update(&KIND, ("kubectl-create", ""), 0, &NOBODY, &live);
        let wanted = service(json!([{"port": 80, "protocol": "TCP", "targetPort": 8080}]), json!({"app": "web"}));
        let conflicts = managers.clone().apply(&KIND, "kubectl", 1, &live, &wanted, false).unwrap_err();
        assert_eq!(
            conflict_words(&conflicts),
            "Apply failed with 1 conflict: conflict with \"kubectl-create\" using v1 at 1970-01-01T00:00:00Z: \
             .spec.ports[port=80,protocol=\"TCP\"].targetPort"
        );
        let merged = managers.apply(&KIND, "kubectl", 1, &live, &wanted, true).unwrap();
        assert_eq!(merged["spec"]["ports"][0]["targetPort"], 8080);
        assert!(managers.apply(&KIND, "kubectl", 2, &merged, &wanted, false).is_ok());
    }

    #[test]
    fn what_is_no_longer_applied_goes_unless_another_owns_it() {
        let mut managers = Managers::default();
        let both = json!([{"name": "a", "port": 80, "protocol": "TCP"}, {"name": "b", "port": 81, "protocol": "TCP"}]);
        let mut first = service(both, json!({"app": "web"}));
        first["metadata"]["labels"] = json!({"app": "web", "tier": "front"});
        let live = managers.apply(&KIND, "one", 0, &json!({}), &first, false).unwrap();
        assert_eq!(live["spec"], first["spec"]);
        let tier = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"labels": {"tier": "front"}}});
        let live = managers.apply(&KIND, "two", 1, &live, &tier, false).unwrap();
        let less = service(json!([{"name": "b", "port": 81, "protocol": "TCP"}]), json!({"app": "web"}));
        let live = managers.apply(&KIND, "one", 2, &live, &less, false).unwrap();
        assert_eq!(live["spec"]["ports"], json!([{"name": "b", "port": 81, "protocol": "TCP"}]));
        assert_eq!(live["metadata"]["labels"], json!({"tier": "front"}));
    }

    #[test]
    fn tcp_and_udp_of_one_number_are_two_ports() {
        let mut managers = Managers::default();
        let ports = json!([{"name": "t", "port": 53, "protocol": "TCP"}, {"name": "u", "port": 53, "protocol": "UDP"}]);
        let wanted = service(ports, json!({"app": "dns"}));
        let live = managers.apply(&KIND, "one", 0, &json!({}), &wanted, false).unwrap();
        assert_eq!(live["spec"]["ports"].as_array().map(Vec::len), Some(2));
    }

    #[test]
    fn fields_print_as_managed_fields() {
        let mut managers = Managers::default();
        let live = service(json!([{"port": 80, "protocol": "TCP"}]), json!({"app": "web"}));
        managers.update(&KIND, ("kubectl-create", ""), 0, &NOBODY, &live);
        let fields = managers.list()[0].fields.to_fields_v1();
        assert_eq!(
            fields,
            json!({"f:spec": {
                "f:ports": {".": {}, "k:{\"port\":80,\"protocol\":\"TCP\"}": {".": {}, "f:port": {}, "f:protocol": {}}},
                "f:selector": {},
            }})
        );
    }
}
