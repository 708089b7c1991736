//! `kubectl port-forward`. Models `pkg/cmd/portforward` and client-go's `tools/portforward`.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::rc::Rc;

use api::{Object, ObjectKey, Value};
use cluster::network::{Outcome as Sent, Payload, Reply};

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::objects::Info;
use super::super::{klog, pods};
use crate::network::connect;
use crate::network::listen::{self, Bound, Kind, Serve, Served};
use crate::sys::Sys;

static FLAGS: &[Flag] = &[
    Flag {
        default: "[localhost]",
        ..Flag::list(
            "address",
            "Addresses to listen on (comma separated). Only accepts IP addresses or localhost as a value. When localhost is supplied, kubectl will try to bind on both 127.0.0.1 and ::1 and will fail if neither of these addresses are available to bind.",
        )
    },
    Flag::duration(
        "pod-running-timeout",
        "1m0s",
        "The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running",
    ),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "port-forward",
    usage: "port-forward TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]",
    short: "Forward one or more local ports to a pod",
    long: "Forward one or more local ports to a pod.\n\n Use resource type/name such as deployment/mydeployment to select a pod. Resource type defaults to 'pod' if omitted.\n\n If there are multiple pods matching the criteria, a pod will be selected automatically. The forwarding session ends when the selected pod terminates, and a rerun of the command is needed to resume forwarding.",
    examples: "# Listen on ports 5000 and 6000 locally, forwarding data to/from ports 5000 and 6000 in the pod\nkubectl port-forward pod/mypod 5000 6000\n\n# Listen on ports 5000 and 6000 locally, forwarding data to/from ports 5000 and 6000 in a pod selected by the deployment\nkubectl port-forward deployment/mydeployment 5000 6000\n\n# Listen on port 8443 locally, forwarding to the targetPort of the service's port named \"https\" in a pod selected by the service\nkubectl port-forward service/myservice 8443:https\n\n# Listen on port 8888 locally, forwarding to 5000 in the pod\nkubectl port-forward pod/mypod 8888:5000\n\n# Listen on port 8888 on all addresses, forwarding to 5000 in the pod\nkubectl port-forward --address 0.0.0.0 pod/mypod 8888:5000\n\n# Listen on port 8888 on localhost and selected IP, forwarding to 5000 in the pod\nkubectl port-forward --address localhost,10.19.21.23 pod/mypod 8888:5000\n\n# Listen on a random port locally, forwarding to 5000 in the pod\nkubectl port-forward pod/mypod :5000",
    flags: &[FLAGS],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

async fn run(call: &Call) -> Outcome {
    let [word, ports @ ..] = call.args.as_slice() else { return Err(usage(call)) };
    if ports.is_empty() {
        return Err(usage(call));
    }
    let (info, pod) = pods::attachable(call, word).await?;
    let ports = ports.iter().map(|port| translate(port, &info, &pod)).collect::<Result<Vec<_>, _>>();
    let ports = ports.map_err(Failure::Text)?;
    let phase = pod.str(&["status", "phase"]);
    if phase != "Running" {
        return Err(Failure::Text(format!(
            "unable to forward port because pod is not running. Current status={phase}"
        )));
    }
    let ports = ports.iter().map(|port| read(port)).collect::<Result<Vec<_>, _>>().map_err(Failure::Text)?;
    let addresses = addresses(call)?;
    let failed = Rc::new(Cell::new(false));
    let bound = listen_on(call, &ports, &addresses, &pod, &failed)?;
    call.sys.wait(None, |_| failed.get().then_some(())).await;
    drop(bound);
    Err(Failure::text("lost connection to pod"))
}

fn usage(call: &Call) -> Failure {
    call.usage_error("TYPE/NAME and list of ports are required for port-forward")
}

/// Models `splitPort`.
fn split(port: &str) -> (&str, &str) {
    let parts: Vec<&str> = port.split(':').collect();
    match parts.as_slice() {
        [local, remote] => (local, remote),
        parts => (parts[0], parts[0]),
    }
}

/// `LOCAL:REMOTE` with numbers of the pod. Models `translateServicePortToTargetPort` and `convertPodNamedPortToNumber`.
fn translate(port: &str, info: &Info, pod: &Object) -> Result<String, String> {
    let (mut local, remote) = (split(port).0.to_owned(), split(port).1);
    let is_service = info.kind.kind == "Service";
    let number = match remote.parse::<i64>() {
        Ok(number) => number,
        Err(_) if is_service => named_port(&service_ports(info), remote, "port")
            .ok_or_else(|| format!("Service '{}' does not have a named port '{remote}'", info.name))?,
        Err(_) => pod_port(pod, remote)?,
    };
    let declared = if is_service { service_ports(info) } else { container_ports(pod) };
    let field = if is_service { "port" } else { "containerPort" };
    let protocols: BTreeSet<&str> = declared
        .iter()
        .filter(|port| port.get(field).and_then(Value::as_i64) == Some(number))
        .map(|port| port.get("protocol").and_then(Value::as_str).unwrap_or("TCP"))
        .collect();
    if protocols.contains("UDP") && !protocols.contains("TCP") {
        return Err(format!("UDP protocol is not supported for {remote}"));
    }
    if remote.is_empty() {
        return Err("remote port cannot be empty".to_owned());
    }
    if !is_service {
        return Ok(if local == remote { number.to_string() } else { format!("{local}:{number}") });
    }
    if local == remote {
        local = number.to_string();
    }
    let target = target_port(info, pod, number)?.to_string();
    Ok(if local == target { target } else { format!("{local}:{target}") })
}

fn service_ports(service: &Info) -> Vec<Value> {
    service.object.pointer("/spec/ports").and_then(Value::as_array).cloned().unwrap_or_default()
}

fn container_ports(pod: &Object) -> Vec<Value> {
    let containers = ["containers", "initContainers"].into_iter().flat_map(|list| pod.list(&["spec", list]));
    containers.filter_map(|container| container.get("ports")?.as_array()).flatten().cloned().collect()
}

fn named_port(ports: &[Value], name: &str, field: &str) -> Option<i64> {
    let found = ports.iter().find(|port| port.get("name").and_then(Value::as_str).unwrap_or_default() == name);
    found.and_then(|port| port.get(field)?.as_i64())
}

/// Models `LookupContainerPortNumberByName`.
fn pod_port(pod: &Object, name: &str) -> Result<i64, String> {
    named_port(&container_ports(pod), name, "containerPort")
        .ok_or_else(|| format!("Pod '{}' does not have a named port '{name}'", pod.name()))
}

/// Models `LookupContainerPortNumberByServicePort`.
fn target_port(service: &Info, pod: &Object, number: i64) -> Result<i64, String> {
    let ports = service_ports(service);
    let port = ports.iter().find(|port| port.get("port").and_then(Value::as_i64) == Some(number));
    let port = port.ok_or_else(|| format!("Service {} does not have a service port {number}", service.name))?;
    if service.object.pointer("/spec/clusterIP").is_some_and(|ip| ip == "None") {
        return Ok(number);
    }
    match port.get("targetPort") {
        Some(Value::String(name)) => pod_port(pod, name),
        Some(target) => Ok(target.as_i64().filter(|target| *target != 0).unwrap_or(number)),
        None => Ok(number),
    }
}

/// Local and remote port. Models `parsePorts`.
fn read(port: &str) -> Result<(u16, u16), String> {
    let (local, remote) = port.split_once(':').unwrap_or((port, port));
    let number = |side: &str, text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let why = if digits { "value out of range" } else { "invalid syntax" };
        text.parse::<u16>().ok().filter(|_| digits).ok_or_else(|| {
            let quoted = api::field::go_quote(text);
            format!("error parsing {side} port '{text}': strconv.ParseUint: parsing {quoted}: {why}")
        })
    };
    let local = number("local", if local.is_empty() { "0" } else { local })?;
    match number("remote", remote)? {
        0 => Err("remote port must be > 0".to_owned()),
        remote => Ok((local, remote)),
    }
}

/// The addresses to listen on, in order. Models `parseAddresses`.
fn addresses(call: &Call) -> Outcome<BTreeSet<String>> {
    let mut all = BTreeSet::new();
    for address in call.flags.all("address") {
        match address.as_str() {
            "localhost" => all.extend(["127.0.0.1".to_owned(), "::1".to_owned()]),
            ip if ip.parse::<IpAddr>().is_ok() => drop(all.insert(ip.to_owned())),
            other => return Err(Failure::Text(format!("{other} is not a valid IP"))),
        }
    }
    if all.is_empty() {
        all.extend(["127.0.0.1".to_owned(), "::1".to_owned()]);
    }
    Ok(all)
}

/// Models `PortForwarder.forward` up to where it waits.
fn listen_on(
    call: &Call,
    ports: &[(u16, u16)],
    addresses: &BTreeSet<String>,
    pod: &Object,
    failed: &Rc<Cell<bool>>,
) -> Outcome<Vec<Bound>> {
    let mut bound = Vec::new();
    for (local, remote) in ports {
        let forwarder = forwarder(&call.sys, pod, *local, *remote, failed);
        match listen::bind(&call.sys, *local, Kind::Tunnel, forwarder) {
            Ok(listener) => {
                for address in addresses {
                    let host = if address.contains(':') { format!("[{address}]") } else { address.clone() };
                    call.sys.out.line(format!("Forwarding from {host}:{} -> {remote}", listener.port));
                }
                bound.push(listener);
            }
            Err(why) => {
                let one = |address: &String| {
                    let (host, version) =
                        if address.contains(':') { (format!("[{address}]"), 6) } else { (address.clone(), 4) };
                    format!("unable to create listener: Error listen tcp{version} {host}:{local}: bind: {why}")
                };
                let all = addresses.iter().map(one).collect::<Vec<_>>().join(" ");
                call.sys.err.line(format!(
                    "Unable to listen on port {local}: Listeners failed to create with the following errors: [{all}]"
                ));
            }
        }
    }
    if bound.is_empty() {
        let all: Vec<String> = ports.iter().map(|(local, remote)| format!("{{{local} {remote}}}")).collect();
        let all = all.join(" ");
        return Err(Failure::Text(format!("unable to listen on any of the requested ports: [{all}]")));
    }
    Ok(bound)
}

/// Hands connections through the API server and the kubelet to a port inside of the pod: whoever listens there sees
/// 127.0.0.1.
fn forwarder(own: &Sys, pod: &Object, local: u16, remote: u16, failed: &Rc<Cell<bool>>) -> Serve {
    let (own, failed) = (own.clone(), Rc::clone(failed));
    let key = ObjectKey::new(&api::pod::KIND, pod.namespace(), pod.name());
    // The runtime's number of a sandbox has twice as many digits as a uid.
    let sandbox = pod.uid().replace('-', "").repeat(2);
    Rc::new(move |client: &Sys, payload: Payload| {
        own.out.line(format!("Handling connection for {local}"));
        let (trace, outcome, took) = connect::forward(client, &key, remote, payload);
        let reply = if let Sent::Answered(reply) = outcome {
            reply
        } else {
            let why = format!(
                "an error occurred forwarding {local} -> {remote}: error forwarding port {remote} to pod {sandbox}, uid : failed to execute portforward in network namespace \"/var/run/netns/cni-{}\": failed to connect to localhost:{remote} inside namespace \"{sandbox}\", IPv4: dial tcp4 127.0.0.1:{remote}: connect: connection refused IPv6 dial tcp6 [::1]:{remote}: connect: connection refused",
                sandbox.get(..8).unwrap_or_default()
            );
            let text = format!("\"Unhandled Error\" err={}", api::field::go_quote(&why));
            own.err.line(klog::line(client.now(), 'E', "portforward.go:424", &text));
            failed.set(true);
            Reply::Connected
        };
        Served { reply, trace, took: 2 * took }
    })
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::net::Ipv4Addr;

    use cluster::Cluster;
    use cluster::network::{HttpRequest, Place, Protocol, Socket, Vantage};

    use super::*;
    use crate::stream::Source;
    use crate::terminal::run_script;
    use crate::{Host, Kernel};

    #[test]
    fn ports_are_checked_as_client_go_does() {
        for (port, want) in [
            ("8080:80", Ok((8080, 80))),
            ("80", Ok((80, 80))),
            (":80", Ok((0, 80))),
            ("x:80", Err("error parsing local port 'x': strconv.ParseUint: parsing \"x\": invalid syntax")),
            (
                "1:70000",
                Err("error parsing remote port '70000': strconv.ParseUint: parsing \"70000\": value out of range"),
            ),
            ("1:0", Err("remote port must be > 0")),
        ] {
            assert_eq!(read(port), want.map_err(str::to_owned), "{port}");
        }
    }

    #[test]
    fn a_port_of_a_pod_is_here_until_the_command_ends() {
        let mut cluster = Cluster::default();
        let make = "kubectl run web --image=nginx --port=80; kubectl expose pod web --port=8080 --target-port=80";
        run_script(&mut cluster, make, "", &[]);
        cluster.settle(30_000_000);
        for (script, out, err) in [
            (
                "kubectl port-forward svc/web 9000:8080 & sleep 1; kill %1",
                "Forwarding from 127.0.0.1:9000 -> 80\nForwarding from [::1]:9000 -> 80\n",
                "",
            ),
            (
                "kubectl port-forward web 80",
                "",
                "Unable to listen on port 80: Listeners failed to create with the following errors: [unable to create listener: Error listen tcp4 127.0.0.1:80: bind: permission denied unable to create listener: Error listen tcp6 [::1]:80: bind: permission denied]\nerror: unable to listen on any of the requested ports: [{80 80}]\n",
            ),
            ("kubectl port-forward svc/web 81", "", "error: Service web does not have a service port 81\n"),
            ("kubectl port-forward web 9000:http", "", "error: Pod 'web' does not have a named port 'http'\n"),
            ("kubectl port-forward web 9000:80 --address=x", "", "error: x is not a valid IP\n"),
        ] {
            let done = run_script(&mut cluster, script, "", &[]);
            assert_eq!((done.stdout.as_str(), done.stderr.as_str()), (out, err), "{script}");
        }
    }

    /// What a client of this machine gets from a port while a command runs in the background.
    fn fetch(cluster: &mut Cluster, command: &str, port: u16, target: &str) -> Result<Reply, connect::Failure> {
        let mut kernel = Kernel::default();
        let sys = kernel.sys(Vantage::Laptop, Host::Laptop, Source::of(""));
        let (client, got) = (sys.clone(), Rc::new(RefCell::new(None)));
        kernel.spawn(Box::pin(crate::kubectl::kubectl(sys, command.split(' ').map(str::to_owned).collect())));
        let (kept, request) = (Rc::clone(&got), HttpRequest::get(&format!("localhost:{port}"), target));
        kernel.run(Box::pin(async move {
            client.sleep(1_000_000).await;
            let waiting = connect::Waiting { blocking: true, patience: None };
            let to = Socket { ip: Ipv4Addr::LOCALHOST, port };
            let payload = Payload::Http(request);
            let exchange = connect::exchange(&client, Protocol::Tcp, to, payload, waiting).await;
            *kept.borrow_mut() = Some(exchange.result);
            0
        }));
        while kernel.poll(cluster).ended.is_none() {
            let next = [kernel.poll_at(), cluster.poll_at()].into_iter().flatten().min();
            cluster.poll(next.unwrap());
        }
        got.take().unwrap()
    }

    #[test]
    fn what_comes_to_a_forwarded_port_reaches_the_pod() {
        let mut cluster = Cluster::default();
        let make = "kubectl create deploy web --image=nginx; kubectl expose deploy web --port=8080 --target-port=80; kubectl rollout status deploy/web; sleep 5";
        run_script(&mut cluster, make, "", &[]);
        let forward = "port-forward svc/web 9000:8080";
        let is_page = |reply: Result<Reply, connect::Failure>| matches!(reply, Ok(Reply::Http(page)) if page.status == 200 && page.body.starts_with(b"<!DOCTYPE html>"));
        assert!(is_page(fetch(&mut cluster, forward, 9000, "/")));
        let places: Vec<&Place> = cluster.traces().last().unwrap().hops.iter().map(|hop| &hop.place).collect();
        assert!(
            matches!(places[..], [Place::Laptop, .., Place::Node(_), Place::Node(_), Place::Pod(_), Place::Pod(_)]),
            "{places:?}"
        );
        assert_eq!(fetch(&mut cluster, "port-forward deploy/web 9000:81", 9000, "/"), Ok(Reply::Connected));
        assert_eq!(fetch(&mut cluster, forward, 9001, "/"), Err(connect::Failure::Refused));
        let services = "/api/v1/namespaces/default/services";
        assert!(is_page(fetch(&mut cluster, "proxy", 8001, &format!("{services}/web:8080/proxy/"))));
        assert!(is_page(fetch(&mut cluster, "proxy --api-prefix=/k", 8001, &format!("/k{services}/web:8080/proxy/"))));
        for (target, status) in [("/web", 200), ("/nope", 404), ("/web:81/proxy/", 503), ("/web:8080/proxy", 301)] {
            let reply = fetch(&mut cluster, "proxy", 8001, &format!("{services}{target}"));
            assert!(matches!(&reply, Ok(Reply::Http(page)) if page.status == status), "{target}: {reply:?}");
        }
    }
}
