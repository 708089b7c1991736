//! `kubectl create role`, `clusterrole`, `rolebinding` and `clusterrolebinding`. Models `create_role.go` and its siblings.

use std::collections::BTreeMap;

use api::{Kind, Value, json};

use super::super::super::command::{Call, Running, Verb};
use super::super::super::errors::{Failure, Outcome};
use super::super::super::flags::Flag;
use super::super::common;
use super::super::create::{MANAGER, submit};

/// The API group of roles.
pub(in super::super) const GROUP: &str = "rbac.authorization.k8s.io";

const VERSION: &str = "rbac.authorization.k8s.io/v1";

static VERB_FLAG: &[Flag] = &[
    Flag::list("verb", "Verb that applies to the resources contained in the rule"),
    Flag::list("resource", "Resource that the rule applies to"),
    Flag::array(
        "resource-name",
        "Resource in the white list that the rule applies to, repeat this flag for multiple items",
    ),
];

/// `create role`
pub(super) static ROLE: Verb = Verb {
    name: "role",
    usage: "role NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] [--dry-run=server|client|none]",
    short: "Create a role with single rule",
    long: "Create a role with single rule.",
    examples: "# Create a role named \"pod-reader\" that allows user to perform \"get\", \"watch\" and \"list\" on pods\nkubectl create role pod-reader --verb=get --verb=list --verb=watch --resource=pods\n\n# Create a role named \"pod-reader\" with ResourceName specified\nkubectl create role pod-reader --verb=get --resource=pods --resource-name=readablepod --resource-name=anotherpod\n\n# Create a role named \"foo\" with API Group specified\nkubectl create role foo --verb=get,list,watch --resource=rs.apps\n\n# Create a role named \"foo\" with SubResource specified\nkubectl create role foo --verb=get,list,watch --resource=pods,pods/status",
    flags: &[VERB_FLAG, MANAGER, common::PRINT, common::DRY_RUN, common::SAVE_CONFIG, common::VALIDATE],
    run: Some(|call| -> Running<'_> { Box::pin(async { role(call) }) }),
    ..Verb::EMPTY
};

static CLUSTER_ROLE_FLAGS: &[Flag] = &[
    Flag::pairs("aggregation-rule", "An aggregation label selector for combining ClusterRoles."),
    Flag::list("non-resource-url", "A partial url that user should have access to."),
];

/// `create clusterrole`
pub(super) static CLUSTER_ROLE: Verb = Verb {
    name: "clusterrole",
    usage: "clusterrole NAME --verb=verb --resource=resource.group [--resource-name=resourcename] [--dry-run=server|client|none]",
    short: "Create a cluster role",
    long: "Create a cluster role.",
    examples: "# Create a cluster role named \"pod-reader\" that allows user to perform \"get\", \"watch\" and \"list\" on pods\nkubectl create clusterrole pod-reader --verb=get,list,watch --resource=pods\n\n# Create a cluster role named \"pod-reader\" with ResourceName specified\nkubectl create clusterrole pod-reader --verb=get --resource=pods --resource-name=readablepod --resource-name=anotherpod\n\n# Create a cluster role named \"foo\" with API Group specified\nkubectl create clusterrole foo --verb=get,list,watch --resource=rs.apps\n\n# Create a cluster role named \"foo\" with SubResource specified\nkubectl create clusterrole foo --verb=get,list,watch --resource=pods,pods/status\n\n# Create a cluster role name \"foo\" with NonResourceURL specified\nkubectl create clusterrole \"foo\" --verb=get --non-resource-url=/logs/*\n\n# Create a cluster role name \"monitoring\" with AggregationRule specified\nkubectl create clusterrole monitoring --aggregation-rule=\"rbac.example.com/aggregate-to-monitoring=true\"",
    flags: &[
        CLUSTER_ROLE_FLAGS,
        VERB_FLAG,
        MANAGER,
        common::PRINT,
        common::DRY_RUN,
        common::SAVE_CONFIG,
        common::VALIDATE,
    ],
    run: Some(|call| -> Running<'_> { Box::pin(async { cluster_role(call) }) }),
    ..Verb::EMPTY
};

static ROLE_BINDING_FLAGS: &[Flag] = &[
    Flag::text("clusterrole", "", "ClusterRole this RoleBinding should reference"),
    Flag::text("role", "", "Role this RoleBinding should reference"),
    Flag::array("user", "Usernames to bind to the role. The flag can be repeated to add multiple users."),
    Flag::array("group", "Groups to bind to the role. The flag can be repeated to add multiple groups."),
    Flag::array(
        "serviceaccount",
        "Service accounts to bind to the role, in the format <namespace>:<name>. The flag can be repeated to add multiple service accounts.",
    ),
];

/// `create rolebinding`
pub(super) static ROLE_BINDING: Verb = Verb {
    name: "rolebinding",
    usage: "rolebinding NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]",
    short: "Create a role binding for a particular role or cluster role",
    long: "Create a role binding for a particular role or cluster role.",
    examples: "# Create a role binding for user1, user2, and group1 using the admin cluster role\nkubectl create rolebinding admin --clusterrole=admin --user=user1 --user=user2 --group=group1\n\n# Create a role binding for service account monitoring:sa-dev using the admin role\nkubectl create rolebinding admin-binding --role=admin --serviceaccount=monitoring:sa-dev",
    flags: &[ROLE_BINDING_FLAGS, MANAGER, common::PRINT, common::DRY_RUN, common::SAVE_CONFIG, common::VALIDATE],
    run: Some(|call| -> Running<'_> { Box::pin(async { role_binding(call) }) }),
    ..Verb::EMPTY
};

static CLUSTER_ROLE_BINDING_FLAGS: &[Flag] = &[
    Flag::text("clusterrole", "", "ClusterRole this ClusterRoleBinding should reference").required(),
    Flag::array("user", "Usernames to bind to the clusterrole. The flag can be repeated to add multiple users."),
    Flag::array("group", "Groups to bind to the clusterrole. The flag can be repeated to add multiple groups."),
    Flag::array(
        "serviceaccount",
        "Service accounts to bind to the clusterrole, in the format <namespace>:<name>. The flag can be repeated to add multiple service accounts.",
    ),
];

/// `create clusterrolebinding`
pub(super) static CLUSTER_ROLE_BINDING: Verb = Verb {
    name: "clusterrolebinding",
    usage: "clusterrolebinding NAME --clusterrole=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]",
    short: "Create a cluster role binding for a particular cluster role",
    long: "Create a cluster role binding for a particular cluster role.",
    examples: "# Create a cluster role binding for user1, user2, and group1 using the cluster-admin cluster role\nkubectl create clusterrolebinding cluster-admin --clusterrole=cluster-admin --user=user1 --user=user2 --group=group1",
    flags: &[
        CLUSTER_ROLE_BINDING_FLAGS,
        MANAGER,
        common::PRINT,
        common::DRY_RUN,
        common::SAVE_CONFIG,
        common::VALIDATE,
    ],
    run: Some(|call| -> Running<'_> { Box::pin(async { cluster_role_binding(call) }) }),
    ..Verb::EMPTY
};

/// Models `validResourceVerbs`.
const VERBS: &[&str] = &[
    "*",
    "get",
    "delete",
    "list",
    "create",
    "update",
    "patch",
    "watch",
    "proxy",
    "deletecollection",
    "use",
    "bind",
    "escalate",
    "impersonate",
];

/// Models `validNonResourceVerbs`.
const URL_VERBS: &[&str] = &["*", "get", "post", "put", "delete", "patch", "head", "options"];

/// Verbs for some resources only, by group and name. Models `specialVerbs`.
const SPECIAL: &[(&str, &[(&str, &str)])] = &[
    ("use", &[("policy", "podsecuritypolicies"), ("extensions", "podsecuritypolicies")]),
    ("bind", &[(GROUP, "roles"), (GROUP, "clusterroles")]),
    ("escalate", &[(GROUP, "roles"), (GROUP, "clusterroles")]),
    ("impersonate", &[("", "users"), ("", "serviceaccounts"), ("", "groups"), ("authentication.k8s.io", "userextras")]),
];

/// What `--resource` names: group, resource, subresource.
struct Asked {
    group: String,
    resource: String,
    below: Option<String>,
}

impl Asked {
    fn read(word: &str) -> Self {
        let (path, below) = word.split_once('/').map_or((word, None), |(path, below)| (path, Some(below.to_owned())));
        let (resource, group) = path.split_once('.').unwrap_or((path, ""));
        Self { group: group.to_owned(), resource: resource.to_owned(), below }
    }

    /// The group and resource that the server knows by these words, or the words.
    fn mapped(&self) -> (String, String, bool) {
        let word =
            if self.group.is_empty() { self.resource.clone() } else { format!("{}.{}", self.resource, self.group) };
        match Kind::of_word(&word) {
            Some(kind) => (kind.group.to_owned(), kind.plural.to_owned(), true),
            None => (self.group.clone(), self.resource.clone(), false),
        }
    }
}

/// What a rule is made of.
struct Rule {
    verbs: Vec<String>,
    asked: Vec<Asked>,
    names: Vec<String>,
    urls: Vec<String>,
}

impl Rule {
    /// Models `CreateRoleOptions.Complete`.
    fn of(call: &Call) -> Self {
        let mut verbs = unique(call.flags.all("verb"));
        if verbs.iter().any(|verb| verb == "*") {
            verbs = vec!["*".to_owned()];
        }
        let mut asked = Vec::new();
        for word in call.flags.all("resource") {
            if word == "*" {
                asked = vec![Asked::read(word)];
                break;
            }
            asked.push(Asked::read(word));
        }
        let names = unique(call.flags.all("resource-name"));
        Self { verbs, asked, names, urls: unique(call.flags.all("non-resource-url")) }
    }

    /// Models `validateResource`, and the warning before it.
    fn check_resources(&self, call: &Call) -> Outcome {
        for verb in self.verbs.iter().filter(|verb| !VERBS.contains(&verb.as_str())) {
            call.warn(&format!("'{verb}' is not a standard resource verb"));
        }
        for asked in &self.asked {
            if asked.resource.is_empty() {
                return Err(Failure::text("resource must be specified if apiGroup/subresource specified"));
            }
            if asked.resource == "*" {
                return Ok(());
            }
            let (group, resource, mut known) = asked.mapped();
            for verb in &self.verbs {
                let Some((_, these)) = SPECIAL.iter().find(|(special, _)| special == verb) else { continue };
                if !these.contains(&(group.as_str(), resource.as_str())) {
                    return Err(Failure::Text(format!("can not perform '{verb}' on '{resource}' in group '{group}'")));
                }
                known = true;
            }
            if !known {
                return Err(no_resource(asked));
            }
        }
        Ok(())
    }

    /// Models `generateResourcePolicyRules`: one rule a group.
    fn rules(&self) -> Value {
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for asked in &self.asked {
            let (group, mut resource, _) = asked.mapped();
            if let Some(below) = asked.below.as_ref().filter(|below| !below.is_empty()) {
                resource = format!("{resource}/{below}");
            }
            let resources = groups.entry(group).or_default();
            if !resources.contains(&resource) {
                resources.push(resource);
            }
        }
        let mut rules = Vec::new();
        for (group, resources) in groups {
            let mut rule = json!({"apiGroups": [group], "resources": resources, "verbs": self.verbs});
            if !self.names.is_empty() {
                rule["resourceNames"] = json!(self.names);
            }
            rules.push(rule);
        }
        if !self.urls.is_empty() {
            rules.push(json!({"nonResourceURLs": self.urls, "verbs": self.verbs}));
        }
        rules.into()
    }
}

/// Models what `checkErr` makes of `NoResourceMatchError`.
fn no_resource(asked: &Asked) -> Failure {
    let quoted = api::field::go_quote(&asked.resource);
    let group = match asked.group.as_str() {
        "" => String::new(),
        group => format!(" in group {}", api::field::go_quote(group)),
    };
    Failure::Raw(format!("the server doesn't have a resource type {quoted}{group}"), 1)
}

fn unique(words: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for word in words {
        if !kept.contains(word) {
            kept.push(word.clone());
        }
    }
    kept
}

fn role(call: &Call) -> Outcome {
    let name = call.one_name()?;
    let rule = Rule::of(call);
    if rule.verbs.is_empty() {
        return Err(Failure::text("at least one verb must be specified"));
    }
    rule.check_resources(call)?;
    if rule.asked.is_empty() {
        return Err(Failure::text("at least one resource must be specified"));
    }
    let object = json!({"apiVersion": VERSION, "kind": "Role", "metadata": {"name": name}, "rules": rule.rules()});
    submit(call, object, "")
}

fn cluster_role(call: &Call) -> Outcome {
    let name = call.one_name()?;
    let rule = Rule::of(call);
    let mut object = json!({"apiVersion": VERSION, "kind": "ClusterRole", "metadata": {"name": name}, "rules": null});
    let labels = call.flags.all("aggregation-rule");
    if labels.is_empty() {
        check_cluster_role(call, &rule)?;
        object["rules"] = rule.rules();
        return submit(call, object, "");
    }
    if !(rule.verbs.is_empty() && rule.asked.is_empty() && rule.names.is_empty() && rule.urls.is_empty()) {
        return Err(Failure::text(
            "aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames",
        ));
    }
    let labels = labels.iter().filter_map(|pair| pair.split_once('='));
    let labels: api::Map<String, Value> =
        labels.map(|(key, value)| (key.trim().to_owned(), value.trim().into())).collect();
    object["aggregationRule"] = json!({"clusterRoleSelectors": [{"matchLabels": labels}]});
    submit(call, object, "")
}

/// Models `CreateClusterRoleOptions.Validate`.
fn check_cluster_role(call: &Call, rule: &Rule) -> Outcome {
    if rule.verbs.is_empty() {
        return Err(Failure::text("at least one verb must be specified"));
    }
    if rule.asked.is_empty() && rule.urls.is_empty() {
        return Err(Failure::text("one of resource or nonResourceURL must be specified"));
    }
    if !rule.asked.is_empty() {
        rule.check_resources(call)?;
    }
    if rule.urls.is_empty() {
        return Ok(());
    }
    if let Some(verb) = rule.verbs.iter().find(|verb| !URL_VERBS.contains(&verb.as_str())) {
        return Err(Failure::Text(format!("invalid verb: '{verb}' for nonResourceURL")));
    }
    for url in rule.urls.iter().filter(|url| *url != "*") {
        if !url.starts_with('/') {
            return Err(Failure::text("nonResourceURL should start with /"));
        }
        if url.strip_suffix('*').unwrap_or(url).contains('*') {
            return Err(Failure::text("nonResourceURL only supports wildcard matches when '*' is at the end"));
        }
    }
    Ok(())
}

fn role_binding(call: &Call) -> Outcome {
    let name = call.one_name()?;
    let (cluster_role, role) = (call.flags.text("clusterrole"), call.flags.text("role"));
    if cluster_role.is_empty() == role.is_empty() {
        return Err(Failure::text("exactly one of clusterrole or role must be specified"));
    }
    let of = if role.is_empty() { ("ClusterRole", cluster_role) } else { ("Role", role) };
    submit(call, binding(call, "RoleBinding", name, of)?, "failed to create rolebinding:")
}

fn cluster_role_binding(call: &Call) -> Outcome {
    let name = call.one_name()?;
    let of = ("ClusterRole", call.flags.text("clusterrole"));
    submit(call, binding(call, "ClusterRoleBinding", name, of)?, "failed to create clusterrolebinding:")
}

fn binding(call: &Call, kind: &str, name: &str, (role_kind, role): (&str, &str)) -> Outcome<Value> {
    let mut object = json!({
        "apiVersion": VERSION, "kind": kind, "metadata": {"name": name},
        "roleRef": {"apiGroup": GROUP, "kind": role_kind, "name": role},
    });
    let mut subjects = people(call.flags.all("user"), "User");
    subjects.extend(people(call.flags.all("group"), "Group"));
    for account in call.flags.all("serviceaccount") {
        let pair = account.split_once(':').filter(|(namespace, _)| !namespace.is_empty());
        subjects.push(
            pair.and_then(|(namespace, name)| self::account(namespace, name))
                .ok_or_else(|| Failure::text("serviceaccount must be <namespace>:<name>"))?,
        );
    }
    if !subjects.is_empty() {
        object["subjects"] = subjects.into();
    }
    Ok(object)
}

/// Users or groups as subjects of a binding.
pub(in super::super) fn people(names: &[String], kind: &str) -> Vec<Value> {
    names.iter().map(|name| json!({"apiGroup": GROUP, "kind": kind, "name": name})).collect()
}

/// A service account as subject of a binding; `None` when the name is none.
pub(in super::super) fn account(namespace: &str, name: &str) -> Option<Value> {
    let fits = !name.is_empty() && !name.contains(':');
    fits.then(|| json!({"kind": "ServiceAccount", "name": name, "namespace": namespace}))
}
