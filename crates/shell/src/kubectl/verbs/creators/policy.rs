//! `kubectl create quota`, `poddisruptionbudget` and `priorityclass`. Models `create_quota.go`, `create_pdb.go` and
//! `create_priorityclass.go`.

use api::labels::selector::Operator;
use api::{Map, Value, json};

use super::super::super::command::{Call, Running, Verb};
use super::super::super::errors::{Failure, Outcome};
use super::super::super::flags::Flag;
use super::super::common;
use super::super::create::{MANAGER, submit};
use super::super::set::selector;

static QUOTA_FLAGS: &[Flag] = &[
    Flag::text("hard", "", "A comma-delimited set of resource=quantity pairs that define a hard limit."),
    Flag::text(
        "scopes",
        "",
        "A comma-delimited set of quota scopes that must all match each object tracked by the quota.",
    ),
];

/// `create quota`
pub(super) static QUOTA: Verb = Verb {
    name: "quota",
    aliases: &["resourcequota"],
    usage: "quota NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none]",
    short: "Create a quota with the specified name",
    long: "Create a resource quota with the specified name, hard limits, and optional scopes.",
    examples: "# Create a new resource quota named my-quota\nkubectl create quota my-quota --hard=cpu=1,memory=1G,pods=2,services=3,replicationcontrollers=2,resourcequotas=1,secrets=5,persistentvolumeclaims=10\n\n# Create a new resource quota named best-effort\nkubectl create quota best-effort --hard=pods=100 --scopes=BestEffort",
    flags: &[QUOTA_FLAGS, MANAGER, common::PRINT, common::DRY_RUN, common::SAVE_CONFIG, common::VALIDATE],
    run: Some(|call| -> Running<'_> { Box::pin(async { quota(call) }) }),
    ..Verb::EMPTY
};

static BUDGET_FLAGS: &[Flag] = &[
    Flag::text("min-available", "", "The minimum number or percentage of available pods this budget requires."),
    Flag::text("max-unavailable", "", "The maximum number or percentage of unavailable pods this budget requires."),
    Flag::text(
        "selector",
        "",
        "A label selector to use for this budget. Only equality-based selector requirements are supported.",
    ),
];

/// `create poddisruptionbudget`
pub(super) static BUDGET: Verb = Verb {
    name: "poddisruptionbudget",
    aliases: &["pdb"],
    usage: "poddisruptionbudget NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none]",
    short: "Create a pod disruption budget with the specified name",
    long: "Create a pod disruption budget with the specified name, selector, and desired minimum available pods.",
    examples: "# Create a pod disruption budget named my-pdb that will select all pods with the app=rails label\n# and require at least one of them being available at any point in time\nkubectl create poddisruptionbudget my-pdb --selector=app=rails --min-available=1\n\n# Create a pod disruption budget named my-pdb that will select all pods with the app=nginx label\n# and require at least half of the pods selected to be available at any point in time\nkubectl create pdb my-pdb --selector=app=nginx --min-available=50%",
    flags: &[BUDGET_FLAGS, MANAGER, common::PRINT, common::DRY_RUN, common::SAVE_CONFIG, common::VALIDATE],
    run: Some(|call| -> Running<'_> { Box::pin(async { budget(call) }) }),
    ..Verb::EMPTY
};

static PRIORITY_FLAGS: &[Flag] = &[
    Flag::int32("value", "0", "the value of this priority class."),
    Flag::bool(
        "global-default",
        "false",
        "global-default specifies whether this PriorityClass should be considered as the default priority.",
    ),
    Flag::text(
        "description",
        "",
        "description is an arbitrary string that usually provides guidelines on when this priority class should be used.",
    ),
    Flag::text(
        "preemption-policy",
        "PreemptLowerPriority",
        "preemption-policy is the policy for preempting pods with lower priority.",
    ),
];

/// `create priorityclass`
pub(super) static PRIORITY_CLASS: Verb = Verb {
    name: "priorityclass",
    aliases: &["pc"],
    usage: "priorityclass NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none]",
    short: "Create a priority class with the specified name",
    long: "Create a priority class with the specified name, value, globalDefault and description.",
    examples: "# Create a priority class named high-priority\nkubectl create priorityclass high-priority --value=1000 --description=\"high priority\"\n\n# Create a priority class named default-priority that is considered as the global default priority\nkubectl create priorityclass default-priority --value=1000 --global-default=true --description=\"default priority\"\n\n# Create a priority class named high-priority that cannot preempt pods with lower priority\nkubectl create priorityclass high-priority --value=1000 --description=\"high priority\" --preemption-policy=\"Never\"",
    flags: &[PRIORITY_FLAGS, MANAGER, common::PRINT, common::DRY_RUN, common::SAVE_CONFIG, common::VALIDATE],
    run: Some(|call| -> Running<'_> { Box::pin(async { priority_class(call) }) }),
    ..Verb::EMPTY
};

fn quota(call: &Call) -> Outcome {
    let name = call.one_name()?;
    let mut spec = Map::new();
    let hard = hard(call.flags.text("hard"))?;
    if !hard.is_empty() {
        spec.insert("hard".to_owned(), hard.into());
    }
    let scopes = call.flags.text("scopes");
    if !scopes.is_empty() {
        let scopes: Vec<&str> = scopes.split(',').collect();
        if scopes.contains(&"") {
            return Err(Failure::text("invalid resource quota scope \"\""));
        }
        spec.insert("scopes".to_owned(), json!(scopes));
    }
    let object = json!({
        "apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": name}, "spec": spec, "status": {},
    });
    submit(call, object, "failed to create quota:")
}

/// Models `populateResourceListV1`.
fn hard(text: &str) -> Outcome<Map<String, Value>> {
    let mut limits = Map::new();
    for statement in text.split(',').filter(|_| !text.is_empty()) {
        let pair = statement.split_once('=').filter(|(_, quantity)| !quantity.contains('='));
        let (resource, quantity) = pair.ok_or_else(|| {
            Failure::Text(format!("Invalid argument syntax {statement}, expected <resource>=<value>"))
        })?;
        let quantity = api::quantity::Quantity::parse(quantity).map_err(|error| Failure::Text(error.to_string()))?;
        limits.insert(resource.to_owned(), quantity.to_string().into());
    }
    Ok(limits)
}

fn budget(call: &Call) -> Outcome {
    let name = call.one_name()?;
    let (least, most) = (call.flags.text("min-available"), call.flags.text("max-unavailable"));
    let selector = call.flags.text("selector");
    let is_count = |text: &str| {
        let digits = text.strip_suffix('%').unwrap_or(text);
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let wrong = match (least, most) {
        _ if selector.is_empty() => "a selector must be specified",
        ("", "") => "one of min-available or max-unavailable must be specified",
        (least, "") if !is_count(least) => "invalid format specified for min-available",
        ("", most) if !is_count(most) => "invalid format specified for max-unavailable",
        ("", _) | (_, "") => "",
        _ => "min-available and max-unavailable cannot be both specified",
    };
    if !wrong.is_empty() {
        return Err(Failure::text(wrong));
    }
    let (field, count) = if least.is_empty() { ("maxUnavailable", most) } else { ("minAvailable", least) };
    // Models `intstr.Parse`: what is no number stays a text.
    let count = count.parse::<i32>().map_or_else(|_| Value::from(count), Value::from);
    let mut spec = json!({"selector": label_selector(selector)?});
    spec[field] = count;
    let object = json!({
        "apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": name}, "spec": spec,
        "status": {"currentHealthy": 0, "desiredHealthy": 0, "disruptionsAllowed": 0, "expectedPods": 0},
    });
    submit(call, object, "failed to create poddisruptionbudgets:")
}

fn priority_class(call: &Call) -> Outcome {
    let name = call.one_name()?;
    let flags = &call.flags;
    let mut object = json!({
        "apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": name},
        "value": flags.int("value"), "preemptionPolicy": flags.text("preemption-policy"),
    });
    if flags.bool("global-default") {
        object["globalDefault"] = true.into();
    }
    if !flags.text("description").is_empty() {
        object["description"] = flags.text("description").into();
    }
    submit(call, object, "failed to create priorityclass:")
}

/// A selector as `metav1.LabelSelector` has it.
fn label_selector(text: &str) -> Outcome<Value> {
    let (mut labels, mut expressions) = (Map::new(), Vec::new());
    for requirement in selector::parse(text)?.requirements {
        let operator = match requirement.operator {
            Operator::In => "In",
            Operator::NotIn => "NotIn",
            Operator::Exists => "Exists",
            Operator::DoesNotExist => "DoesNotExist",
            _ => {
                let value = requirement.values.first().map(String::as_str).unwrap_or_default();
                labels.insert(requirement.key, value.into());
                continue;
            }
        };
        let mut expression = json!({"key": requirement.key, "operator": operator});
        if !requirement.values.is_empty() {
            expression["values"] = json!(requirement.values);
        }
        expressions.push(expression);
    }
    let mut selector = json!({});
    if !labels.is_empty() {
        selector["matchLabels"] = labels.into();
    }
    if !expressions.is_empty() {
        selector["matchExpressions"] = expressions.into();
    }
    Ok(selector)
}
