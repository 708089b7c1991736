//! What containers ask for. Models `k8s.io/component-helpers/resource` `PodRequests`.

use api::quantity::Quantity;
use api::{Object, Value};

/// Thousandths of a core, and thousandths of a byte.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Resources {
    pub(super) cpu: i64,
    pub(super) memory: i64,
}

fn amount(value: Option<&Value>) -> i64 {
    let text = match value {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => return 0,
    };
    Quantity::parse(&text).map_or(0, |quantity| quantity.milli_value())
}

impl Resources {
    fn read(list: Option<&Value>) -> Self {
        let of = |name: &str| amount(list.and_then(|list| list.get(name)));
        Self { cpu: of("cpu"), memory: of("memory") }
    }

    fn plus(self, other: Self) -> Self {
        Self { cpu: self.cpu.saturating_add(other.cpu), memory: self.memory.saturating_add(other.memory) }
    }

    /// What a pod asks for: all its containers together, or its greediest init container.
    pub(super) fn of(pod: &Object) -> Self {
        let request = |container: &Value| Self::read(container.pointer("/resources/requests"));
        let sum = pod.list(&["spec", "containers"]).iter().map(request).fold(Self::default(), Self::plus);
        let sidecars = pod.list(&["spec", "initContainers"]).iter().filter(|c| api::pod::is_restartable(c));
        let sum = sidecars.map(request).fold(sum, Self::plus);
        let init = pod.list(&["spec", "initContainers"]).iter().map(request);
        init.fold(sum, |all, one| Self { cpu: all.cpu.max(one.cpu), memory: all.memory.max(one.memory) })
    }

    /// What a node has to give.
    pub(super) fn allocatable(node: &Object) -> Self {
        Self::read(node.at(&["status", "allocatable"]))
    }

    /// What the pods of a node have asked for.
    pub(super) fn taken<'a>(pods: impl Iterator<Item = &'a std::sync::Arc<Object>>) -> Self {
        let counts = |pod: &&std::sync::Arc<Object>| !matches!(pod.str(&["status", "phase"]), "Succeeded" | "Failed");
        pods.filter(counts).map(|pod| Self::of(pod)).fold(Self::default(), Self::plus)
    }
}
