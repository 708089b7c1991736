//! `kubectl cluster-info`. Models `pkg/cmd/clusterinfo`.

use super::super::command::{Call, Running, Verb};
use super::super::config;
use super::super::errors::Outcome;
use super::super::objects;
use super::cluster_info_dump;

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "cluster-info",
    usage: "cluster-info [flags]",
    short: "Display cluster information",
    long: "Display addresses of the control plane and services with label kubernetes.io/cluster-service=true. To further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.",
    examples: "# Print the address of the control plane and cluster services\nkubectl cluster-info",
    verbs: &[&cluster_info_dump::DUMP],
    run: Some(|call| -> Running<'_> { Box::pin(async { run(call) }) }),
    ..Verb::EMPTY
};

fn run(call: &Call) -> Outcome {
    let server = config::server(&call.sys);
    call.sys.out.line(format!("Kubernetes control plane is running at {server}"));
    let label = "kubernetes.io/cluster-service=true";
    for service in objects::list(call, &api::service::KIND, Some("kube-system"), label, "")? {
        let title = service.labels().and_then(|labels| labels.get("kubernetes.io/name")?.as_str());
        let title = title.unwrap_or_else(|| service.name());
        let first = service.list(&["spec", "ports"]).first();
        let port = first.and_then(|port| port.get("name")?.as_str()).map(|name| format!(":{name}")).unwrap_or_default();
        let (namespace, name) = (service.namespace(), service.name());
        call.sys
            .out
            .line(format!("{title} is running at {server}/api/v1/namespaces/{namespace}/services/{name}{port}/proxy"));
    }
    call.sys.out.line("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.");
    Ok(())
}
