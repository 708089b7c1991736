//! Which fields the engine acts on. Who teaches it another adds its line here.

use api::Kind;

/// The simulated fields of one kind.
pub(super) struct Entry {
    pub(super) kind: &'static Kind,
    /// Paths without indices; each stands for all that lies below it.
    fields: &'static [&'static str],
    /// Whether there is a pod template at `spec.template`.
    template: bool,
    /// Whether objects of the kind do nothing without a controller that may not be here.
    pub(super) needs_controller: bool,
}

const NONE: Entry = Entry { kind: &api::pod::KIND, fields: &[], template: false, needs_controller: false };

/// Kinds that stand here with no field are judged as a whole; those that do not stand here are plain data.
pub(super) const TABLE: &[Entry] = &[
    Entry { kind: &api::pod::KIND, fields: POD, ..NONE },
    Entry { kind: &api::service::KIND, fields: SERVICE, ..NONE },
    Entry {
        kind: &api::deployment::KIND,
        fields: &[
            "spec.replicas",
            "spec.selector",
            "spec.strategy",
            "spec.minReadySeconds",
            "spec.revisionHistoryLimit",
            "spec.progressDeadlineSeconds",
            "spec.paused",
        ],
        template: true,
        needs_controller: true,
    },
    Entry {
        kind: &api::replica_set::KIND,
        fields: &["spec.replicas", "spec.selector", "spec.minReadySeconds"],
        template: true,
        needs_controller: true,
    },
    Entry {
        kind: &api::stateful_set::KIND,
        fields: &[
            "spec.podManagementPolicy",
            "spec.replicas",
            "spec.selector",
            "spec.serviceName",
            "spec.updateStrategy",
        ],
        template: true,
        needs_controller: true,
    },
    Entry { kind: &api::daemon_set::KIND, fields: &["spec.selector"], template: true, needs_controller: true },
    Entry {
        kind: &api::job::KIND,
        fields: &["spec.completions", "spec.parallelism", "spec.backoffLimit", "spec.selector"],
        template: true,
        needs_controller: true,
    },
    Entry {
        kind: &api::ingress::KIND,
        fields: &["spec.ingressClassName", "spec.defaultBackend", "spec.rules"],
        needs_controller: true,
        ..NONE
    },
    Entry { kind: &api::ingress_class::KIND, fields: &["spec.controller"], ..NONE },
    Entry { kind: &api::horizontal_pod_autoscaler::KIND, needs_controller: true, ..NONE },
    Entry { kind: &api::gateway_class::KIND, fields: &["spec.controllerName"], needs_controller: true, ..NONE },
    Entry {
        kind: &api::gateway::KIND,
        fields: &["spec.gatewayClassName", "spec.listeners"],
        needs_controller: true,
        ..NONE
    },
    Entry {
        kind: &api::http_route::KIND,
        fields: &["spec.parentRefs", "spec.hostnames", "spec.rules"],
        needs_controller: true,
        ..NONE
    },
];

const SERVICE: &[&str] = &[
    "spec.allocateLoadBalancerNodePorts",
    "spec.clusterIP",
    "spec.clusterIPs",
    "spec.externalIPs",
    "spec.externalName",
    "spec.externalTrafficPolicy",
    "spec.healthCheckNodePort",
    "spec.internalTrafficPolicy",
    "spec.ipFamilies",
    "spec.ipFamilyPolicy",
    "spec.ports.name",
    "spec.ports.nodePort",
    "spec.ports.port",
    "spec.ports.protocol",
    "spec.ports.targetPort",
    "spec.publishNotReadyAddresses",
    "spec.selector",
    "spec.sessionAffinity",
    "spec.sessionAffinityConfig",
    "spec.trafficDistribution",
    "spec.type",
];

/// Containers and init containers are alike.
const POD: &[&str] = &[
    "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution",
    "spec.automountServiceAccountToken",
    "spec.containers.args",
    "spec.containers.command",
    "spec.containers.env",
    "spec.containers.envFrom",
    "spec.containers.image",
    "spec.containers.imagePullPolicy",
    "spec.containers.lifecycle.postStart",
    "spec.containers.lifecycle.preStop",
    "spec.containers.livenessProbe",
    "spec.containers.name",
    "spec.containers.ports.containerPort",
    "spec.containers.ports.name",
    "spec.containers.ports.protocol",
    "spec.containers.readinessProbe",
    "spec.containers.restartPolicy",
    "spec.containers.startupProbe",
    "spec.containers.stdin",
    "spec.containers.stdinOnce",
    "spec.containers.tty",
    "spec.containers.volumeMounts",
    "spec.dnsConfig",
    "spec.dnsPolicy",
    "spec.enableServiceLinks",
    "spec.hostAliases",
    "spec.hostNetwork",
    "spec.hostname",
    "spec.nodeName",
    "spec.nodeSelector",
    // What admission sets on every pod.
    "spec.preemptionPolicy",
    "spec.priority",
    "spec.readinessGates",
    "spec.restartPolicy",
    "spec.serviceAccount",
    "spec.serviceAccountName",
    "spec.subdomain",
    "spec.terminationGracePeriodSeconds",
    "spec.tolerations",
    "spec.volumes.configMap",
    "spec.volumes.name",
    "spec.volumes.secret",
];

impl Entry {
    /// Whether a field is simulated with all that lies below it.
    pub(super) fn holds(&self, name: &str) -> bool {
        match self.in_template(name) {
            Some(name) if name == "metadata" => true,
            Some(name) => POD.contains(&&*alike(&name)),
            None => self.fields.contains(&&*alike(name)),
        }
    }

    /// Whether something below a field is simulated.
    pub(super) fn reaches_below(&self, name: &str) -> bool {
        let below = |fields: &[&str], name: &str| {
            let name = alike(name);
            fields.iter().any(|field| field.strip_prefix(&name).is_some_and(|rest| rest.starts_with('.')))
        };
        match self.in_template(name) {
            Some(name) => name.is_empty() || below(POD, &name),
            None => below(self.fields, name) || (self.template && name == "spec"),
        }
    }

    /// The path within the pod of the template.
    fn in_template(&self, name: &str) -> Option<String> {
        let rest = name.strip_prefix("spec.template").filter(|_| self.template)?;
        Some(rest.strip_prefix('.').unwrap_or(rest).to_owned())
    }
}

fn alike(name: &str) -> String {
    name.replacen("spec.initContainers", "spec.containers", 1)
}

#[cfg(test)]
mod tests {
    use api::schema::schema;
    use api::{Kind, Path, Segment};

    use super::TABLE;

    #[test]
    fn every_line_names_a_field_of_its_kind() {
        for entry in TABLE {
            for line in entry.fields {
                assert!(exists(entry.kind, line), "{}: {line}", entry.kind.kind);
            }
        }
    }

    /// Whether the API has the field, looking through lists.
    fn exists(kind: &Kind, line: &str) -> bool {
        let mut path = Path::default();
        for name in line.split('.') {
            if schema().fields_at(kind, &path).is_none() {
                path = path.index(0);
            }
            path = path.child(name);
        }
        matches!(path.last(), Some(Segment::Field(_))) && schema().field_at(kind, &path).is_some()
    }

    /// What the strategies in `api` and their defaults do alone, and what admission copies.
    const ELSEWHERE: [&str; 8] = [
        "allocateLoadBalancerNodePorts",
        "ipFamilies",
        "ipFamilyPolicy",
        "preemptionPolicy",
        "priority",
        "serviceAccount",
        "serviceAccountName",
        "stdinOnce",
    ];

    #[test]
    fn what_is_called_simulated_is_read_by_the_engine() {
        let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut text = String::new();
        for engine in ["cluster/src", "shell/src"] {
            collect(&crates.join(engine), &mut text);
        }
        for line in super::POD.iter().chain(super::SERVICE) {
            let name = line.rsplit('.').next().unwrap();
            let read = text.contains(&format!("\"{name}\"")) || ELSEWHERE.contains(&name);
            assert!(read, "{line}: nothing reads it; take it out of the table");
        }
    }

    fn collect(folder: &std::path::Path, text: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, text);
            } else {
                text.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
}
