//! The stations, in the order in which they are asked. One that does not concern a Service says nothing.

use std::net::Ipv4Addr;

use api::{Object, ObjectKey};
use cluster::explain::{Backend, State, alike, backends, nearest, selected, why_not};
use cluster::network::dns::{Question, RecordType};
use cluster::network::policy::Direction;
use cluster::network::{Action, Outcome, Payload, Protocol, Refusal, Reply, Socket, Trace, Traffic, Vantage};

use super::{Case, Found};

/// A question, and how it is answered.
type Asked = (&'static str, fn(&Case<'_>) -> Option<Found>);

pub(super) const STATIONS: &[Asked] = &[
    ("Is the Service there?", exists),
    ("Does its name have an address?", name),
    ("Does its selector pick pods?", selection),
    ("Are these pods ready?", readiness),
    ("Does each port lead somewhere?", ports),
    ("Do the pods answer?", answers),
    ("Do all nodes know of it?", nodes),
    ("Does its own address answer?", address),
    ("Does it answer from outside?", outside),
];

fn exists(case: &Case<'_>) -> Option<Found> {
    let (namespace, name) = (&case.key.namespace, &case.key.name);
    let command = format!("kubectl get service {name} -n {namespace}");
    if let Some(service) = &case.service {
        let kind = service.str(&["spec", "type"]);
        return Some(Found::fine(command, format!("there is a Service {name} of the type {kind}")));
    }
    let all = || case.cluster.list(&api::service::KIND, None);
    let elsewhere = all().find(|service| *service.name() == **name);
    let near = all().find(|service| *service.namespace() == **namespace && alike(service.name(), name));
    let advice = match (elsewhere, near) {
        (Some(other), _) => {
            let there = other.namespace();
            format!("There is one in the namespace {there}: from here, its name is {name}.{there}.")
        }
        (None, Some(near)) => format!("There is a Service {}. Is it that one?", near.name()),
        (None, None) => "Make it, for example with kubectl expose.".to_owned(),
    };
    Some(Found::wrong(command, format!("there is no Service {name} in the namespace {namespace}"), advice))
}

/// The addresses that the cluster's name server has for a name; `None` when it does not answer.
fn resolve(case: &Case<'_>, name: &str) -> Option<Vec<Ipv4Addr>> {
    let server = case.fork.store().find(&api::service::KIND, "kube-system", "kube-dns")?;
    let ip = server.str(&["spec", "clusterIP"]).parse().ok()?;
    let payload = Payload::Dns(Question::new(name, RecordType::A));
    match &send(case, &case.from, Protocol::Udp, Socket { ip, port: 53 }, payload)?.outcome {
        Outcome::Answered(Reply::Dns(answer)) => Some(answer.addresses()),
        _ => None,
    }
}

fn name(case: &Case<'_>) -> Option<Found> {
    let service = case.service.as_ref()?;
    let full = format!("{}.{}.svc.cluster.local", case.key.name, case.key.namespace);
    let command = from_a_pod(case, &format!("nslookup {full}"));
    let headless = service.str(&["spec", "clusterIP"]) == "None";
    Some(match resolve(case, &full) {
        Some(found) if !found.is_empty() => {
            let list: Vec<String> = found.iter().map(ToString::to_string).collect();
            Found::fine(command, format!("{full} is {}", list.join(", ")))
        }
        // A headless Service has the addresses of its pods, so what is wrong is with them.
        Some(_) if headless => Found::fine(command, format!("{full} has no address yet: no pod is ready")),
        Some(_) if service.str(&["spec", "type"]) == "ExternalName" => {
            let target = service.str(&["spec", "externalName"]);
            let words = format!("{full} is another name for {target}, and that one has no address");
            Found::wrong(command, words, "Correct spec.externalName.")
        }
        Some(_) => Found::wrong(
            command,
            format!("{full} has no address"),
            "Look whether the cluster's name server is up to date.",
        ),
        None => {
            let words = "the cluster's name server does not answer this pod";
            let blocked = case.cluster.list(&api::network_policy::KIND, Some(&case.key.namespace)).next().is_some();
            let advice = if blocked {
                "Policies of this namespace may limit what pods call: port 53 must be among it."
            } else {
                "Look at the pods of CoreDNS: kubectl get pods -n kube-system -l k8s-app=kube-dns"
            };
            Found::wrong(command, words, advice)
        }
    })
}

/// The Service, if it is one that leads to endpoints.
fn leading<'a>(case: &'a Case<'_>) -> Option<&'a Object> {
    case.service.as_deref().filter(|service| service.str(&["spec", "type"]) != "ExternalName")
}

/// The Service, if it selects pods.
fn selecting<'a>(case: &'a Case<'_>) -> Option<&'a Object> {
    leading(case).filter(|service| service.map(&["spec", "selector"]).is_some_and(|selector| !selector.is_empty()))
}

/// What a Service asks for, as kubectl's `-l` takes it.
fn selector(service: &Object) -> String {
    let pairs = service.string_map(&["spec", "selector"]);
    pairs.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(",")
}

fn selection(case: &Case<'_>) -> Option<Found> {
    let service = selecting(case)?;
    let wanted = selector(service);
    let command = format!("kubectl get pods -n {} -l {wanted} --show-labels", case.key.namespace);
    let pods = selected(case.cluster, service);
    if !pods.is_empty() {
        return Some(Found::fine(command, format!("{} pods have {wanted}", pods.len())));
    }
    let near = nearest(case.cluster, service).filter(cluster::explain::NearMiss::is_near);
    let advice = near.map_or_else(
        || "Compare the selector with the labels of the pods: kubectl get pods --show-labels".to_owned(),
        |near| format!("Nearest comes this one: {}.", near.words()),
    );
    let fix = nearest(case.cluster, service).and_then(|near| {
        let pod = case.cluster.store().get(&near.pod)?;
        // One label is one change; who is further off should look for themselves.
        let mut reasons = why_not(case.cluster, pod, service);
        if reasons.len() == 1 { reasons.pop()?.fix } else { None }
    });
    Some(Found { fix, ..Found::wrong(command, format!("no pod has {wanted}"), advice) })
}

fn readiness(case: &Case<'_>) -> Option<Found> {
    let service = selecting(case)?;
    let command = format!("kubectl get pods -n {} -l {}", case.key.namespace, selector(service));
    let pods = selected(case.cluster, service);
    let ready = pods.iter().filter(|pod| api::pod::is_ready(pod)).count();
    if ready > 0 || service.bool(&["spec", "publishNotReadyAddresses"]) {
        return Some(Found::fine(command, format!("{ready} of {} pods are ready", pods.len())));
    }
    let first = pods.first().map_or("", |pod| pod.name());
    let advice = format!("The events say why: kubectl describe pod {first} -n {}", case.key.namespace);
    Some(Found::wrong(command, format!("none of {} pods is ready", pods.len()), advice))
}

/// The endpoints of every port that takes connections.
fn endpoints(case: &Case<'_>, service: &Object) -> Vec<(Protocol, u16, Vec<Backend>)> {
    let ports = api::service::ports(service);
    let of = |port: &api::service::ServicePort| {
        Some((Protocol::of(&port.protocol)?, port.port, backends(case.cluster, service, port)))
    };
    ports.iter().filter_map(of).collect()
}

fn ports(case: &Case<'_>) -> Option<Found> {
    let service = leading(case)?;
    let command =
        format!("kubectl get endpointslices -n {} -l kubernetes.io/service-name={}", case.key.namespace, case.key.name);
    let all = endpoints(case, service);
    let Some((_, port, _)) = all.iter().find(|(_, _, backends)| backends.is_empty()) else {
        let count: usize = all.iter().map(|(_, _, backends)| backends.len()).sum();
        return Some(Found::fine(command, format!("{count} endpoints are behind its ports")));
    };
    let words = format!("port {port} has no endpoint");
    if selecting(case).is_none() {
        let advice = "Without a selector, endpoints are written by hand: an EndpointSlice with the label \
                      kubernetes.io/service-name, and a port of the same name as the Service's.";
        return Some(Found::wrong(command, words, advice));
    }
    let reason = selected(case.cluster, service)
        .into_iter()
        .filter(|pod| api::pod::is_ready(pod))
        .find_map(|pod| why_not(case.cluster, pod, service).into_iter().next());
    Some(match reason {
        Some(reason) => Found { fix: reason.fix, ..Found::wrong(command, words, sentence(&reason.words)) },
        None => Found::wrong(command, words, "Wait a moment: the list of endpoints follows the pods."),
    })
}

fn answers(case: &Case<'_>) -> Option<Found> {
    let service = leading(case)?;
    let all = endpoints(case, service).into_iter().filter(|(protocol, ..)| *protocol == Protocol::Tcp);
    let ready: Vec<Backend> =
        all.flat_map(|(_, _, backends)| backends).filter(|b| matches!(b.state, State::Ready | State::Deaf)).collect();
    let first = ready.first()?;
    let try_one = |backend: &Backend| {
        let to = Socket { ip: backend.ip.parse().ok()?, port: backend.port };
        send(case, &case.from, Protocol::Tcp, to, Payload::Connect)
    };
    let failed = ready.iter().find_map(|backend| {
        let trace = try_one(backend)?;
        (!matches!(trace.outcome, Outcome::Answered(_))).then_some((backend, trace))
    });
    let command = |backend: &Backend| from_a_pod(case, &format!("nc -zv -w 3 {} {}", backend.ip, backend.port));
    let Some((backend, trace)) = failed else {
        return Some(Found::fine(command(first), format!("{} endpoints take connections", ready.len())));
    };
    let whose = backend.pod.as_ref().map_or_else(|| backend.ip.clone(), |pod| format!("pod {}", pod.name));
    let words = format!("{whose} at port {}: {}", backend.port, said(&trace));
    let pod = backend.pod.as_ref().and_then(|key| case.cluster.store().get(key));
    let reason = pod.and_then(|pod| why_not(case.cluster, pod, service).into_iter().next());
    Some(match (reason, &trace.outcome) {
        (Some(reason), Outcome::Refused(_)) => {
            Found { fix: reason.fix, ..Found::wrong(command(backend), words, sentence(&reason.words)) }
        }
        _ => Found::wrong(command(backend), words, advice(&trace)),
    })
}

fn nodes(case: &Case<'_>) -> Option<Found> {
    let service = leading(case).filter(|service| service.str(&["spec", "clusterIP"]) != "None")?;
    let names: Vec<&str> = case.cluster.settings().nodes.iter().map(|node| node.name.as_str()).collect();
    let without =
        names.iter().find(|name| case.cluster.proxy(name).is_none_or(|proxy| proxy.since(&case.key).is_none()));
    let ip = service.str(&["spec", "clusterIP"]);
    let command = |node: &str| format!("minikube ssh -n {node} -- 'sudo iptables-save | grep {ip}'");
    Some(match without {
        None => Found::fine(command(names.first()?), format!("{} nodes have rules for it", names.len())),
        Some(node) => {
            let advice = "Look whether the node is ready, and whether kube-proxy runs there: kubectl get nodes; kubectl get pods \
                          -n kube-system -o wide";
            Found::wrong(command(node), format!("{node} has no rule for it"), advice)
        }
    })
}

fn address(case: &Case<'_>) -> Option<Found> {
    let service = leading(case)?;
    let ip: Ipv4Addr = service.str(&["spec", "clusterIP"]).parse().ok()?;
    for port in api::service::ports(service).iter().filter(|port| port.protocol == "TCP") {
        let to = Socket { ip, port: port.port };
        let trace = send(case, &case.from, Protocol::Tcp, to, Payload::Connect)?;
        if !matches!(trace.outcome, Outcome::Answered(_)) {
            let command = from_a_pod(case, &format!("nc -zv -w 3 {ip} {}", port.port));
            return Some(Found::wrong(command, format!("{to}: {}", said(&trace)), advice(&trace)));
        }
    }
    let first = api::service::ports(service).first()?.port;
    Some(Found::fine(from_a_pod(case, &format!("nc -zv -w 3 {ip} {first}")), format!("{ip} takes connections")))
}

fn outside(case: &Case<'_>) -> Option<Found> {
    let service = leading(case)?;
    let list = format!("kubectl get service {} -n {}", case.key.name, case.key.namespace);
    if service.str(&["spec", "type"]) == "LoadBalancer"
        && service.list(&["status", "loadBalancer", "ingress"]).is_empty()
    {
        let advice = "Nobody in this cluster hands out addresses yet: that takes a cloud, or something like MetalLB. The node \
                      port works without.";
        return Some(Found::wrong(list, "EXTERNAL-IP is <pending>", advice));
    }
    let port = api::service::ports(service).into_iter().find(|port| port.node_port != 0 && port.protocol == "TCP")?;
    let mut last = list;
    for node in &case.cluster.settings().nodes {
        let to = Socket { ip: node.internal_ip.parse().ok()?, port: port.node_port };
        last = format!("curl -m 3 http://{to}");
        let trace = send(case, &Vantage::Laptop, Protocol::Tcp, to, Payload::Connect)?;
        if !matches!(trace.outcome, Outcome::Answered(_)) {
            let local = service.str(&["spec", "externalTrafficPolicy"]) == "Local";
            let advice = if local {
                "externalTrafficPolicy: Local keeps calls on the node where they arrive, and this node has no ready pod.".to_owned()
            } else {
                advice(&trace)
            };
            return Some(Found::wrong(last, format!("{to} from your machine: {}", said(&trace)), advice));
        }
    }
    Some(Found::fine(last, format!("every node answers at port {}", port.node_port)))
}

/// A command as a person runs it from the pod that asks, or from a new one of the namespace.
fn from_a_pod(case: &Case<'_>, command: &str) -> String {
    if let Some(pod) = case.asker {
        return format!("kubectl exec {} -n {} -- {command}", pod.name, pod.namespace);
    }
    format!("kubectl run probe -n {} --rm -it --restart=Never --image=busybox -- {command}", case.key.namespace)
}

/// Sends on a fork of its own.
fn send(case: &Case<'_>, from: &Vantage, protocol: Protocol, to: Socket, payload: Payload) -> Option<Trace> {
    let mut fork = case.fork.clone();
    let id = fork.send(Traffic { from: from.clone(), protocol, to, payload });
    fork.trace(id).map(|trace| (**trace).clone())
}

fn said(trace: &Trace) -> &'static str {
    match trace.outcome {
        Outcome::Answered(_) => "answered",
        Outcome::Lost => "no answer",
        Outcome::Refused(Refusal::Reset | Refusal::NoEndpoints | Refusal::NoSuchPort | Refusal::Closed) => "refused",
        Outcome::Refused(_) => "there is no way to it",
    }
}

/// What the trace itself says about who stopped the packet.
fn advice(trace: &Trace) -> String {
    let stopped = trace.hops.iter().rev().find_map(|hop| match &hop.action {
        Action::Filter { direction, allowed: false, policies } => {
            let names: Vec<&str> = policies.iter().map(|policy: &ObjectKey| &*policy.name).collect();
            let way = if *direction == Direction::Ingress { "in" } else { "out" };
            Some(format!("Network policies let it not {way}: {}.", names.join(", ")))
        }
        Action::Drop { reason } => Some(sentence(reason)),
        _ => None,
    });
    stopped.unwrap_or_else(|| "The way of the call, hop by hop, says where it ended.".to_owned())
}

/// Words as a sentence.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
