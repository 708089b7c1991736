//! From where and to where something can be sent, and which of these two boxes of the diagram mean.

use std::net::Ipv4Addr;

use api::{Object, ObjectKey, Value};
use cluster::Cluster;
use cluster::network::{Protocol, Vantage};
use scene::{Figure, FigureId, Options, Scene, look::Look};

use super::{Aim, Ask, Origin};

/// Everything there is to choose from.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Choices {
    /// From where.
    pub from: Vec<Origin>,
    /// To where.
    pub to: Vec<Aim>,
}

/// So many pods are offered; all others can be reached by dragging.
const MOST_PODS: usize = 60;

/// What there is to choose from.
#[must_use]
pub fn choices(cluster: &Cluster, options: &Options) -> Choices {
    let look = Look::new(cluster, options);
    let pods: Vec<&Object> = look.pods().map(AsRef::as_ref).filter(|pod| address(pod).is_some()).collect();
    let mut from: Vec<Origin> = pods.iter().take(MOST_PODS).map(|pod| origin_of_pod(pod)).collect();
    from.push(laptop());
    from.push(internet());
    from.extend(cluster.settings().nodes.iter().map(|node| origin_of_node(&node.name)));
    let mut to: Vec<Aim> = look.services().flat_map(|service| aims_of_service(cluster, service)).collect();
    let ingresses = cluster.list(&api::ingress::KIND, None).filter(|ingress| look.shows(ingress));
    to.extend(ingresses.flat_map(|ingress| aims_of_ingress(ingress)));
    to.extend(pods.iter().take(MOST_PODS).filter_map(|pod| aim_of_pod(cluster, pod)));
    Choices { from, to }
}

/// The request that dragging from one box to another means.
///
/// # Errors
/// Why there is none, in a sentence for the learner.
pub fn between(cluster: &Cluster, scene: &Scene, from: &FigureId, to: &FigureId) -> Result<Ask, String> {
    let figure = |id: &FigureId| scene.figure(id).ok_or_else(|| "That box is not in the diagram any more.".to_owned());
    let (start, end) = (figure(from)?, figure(to)?);
    let from = origin(cluster, start)?;
    let to = aim(cluster, &from.vantage, end)?;
    Ok(Ask { from, to, times: 1 })
}

fn origin(cluster: &Cluster, figure: &Figure) -> Result<Origin, String> {
    if figure.id == FigureId::laptop() {
        return Ok(laptop());
    }
    if figure.id == FigureId::outside() {
        return Ok(internet());
    }
    match object(cluster, figure) {
        Some((key, pod)) if *key.kind == api::pod::KIND => match address(pod) {
            Some(_) => Ok(origin_of_pod(pod)),
            None => Err(format!("Pod {} has no address yet, so it cannot send.", pod.name())),
        },
        Some((key, _)) if *key.kind == api::node::KIND => Ok(origin_of_node(&key.name)),
        Some((key, _)) => Err(format!(
            "Nothing can be sent from {} {}: it is no machine, only rules on machines. Start at a pod, a node, your laptop or the internet.",
            key.kind.kind, key.name
        )),
        None => Err("Nothing can be sent from there.".to_owned()),
    }
}

fn aim(cluster: &Cluster, from: &Vantage, figure: &Figure) -> Result<Aim, String> {
    let nothing = |what: String| Err(format!("{what} has no port that something could be sent to."));
    let Some((key, object)) = object(cluster, figure) else {
        let balanced = cluster.list(&api::service::KIND, None).find_map(|service| {
            let own = FigureId::load_balancer(&ObjectKey::of(&api::service::KIND, service)) == figure.id;
            own.then(|| aims_of_service(cluster, service).into_iter().find(|aim| aim.figure == figure.id))?
        });
        return balanced.ok_or_else(|| "Nothing of yours listens there.".to_owned());
    };
    let found = if *key.kind == api::service::KIND {
        let aims = aims_of_service(cluster, object);
        // Only pods know the names of the cluster.
        let by_name = matches!(from, Vantage::Pod { .. });
        let best = aims.iter().position(|aim| aim.figure == figure.id && (aim.at.is_none() == by_name));
        best.or(Some(0)).and_then(|at| aims.into_iter().nth(at))
    } else if *key.kind == api::ingress::KIND {
        aims_of_ingress(object).into_iter().next()
    } else if *key.kind == api::node::KIND {
        let mut services =
            cluster.list(&api::service::KIND, None).flat_map(|service| aims_of_service(cluster, service));
        services.find(|aim| aim.figure == figure.id)
    } else {
        aim_of_pod(cluster, object)
    };
    found.map_or_else(|| nothing(format!("{} {}", key.kind.kind, key.name)), Ok)
}

/// The object of a figure; for one that stands for several, the first of them.
fn object<'a>(cluster: &'a Cluster, figure: &'a Figure) -> Option<(&'a ObjectKey, &'a Object)> {
    let key = figure.object.as_ref().or_else(|| figure.crowd.first().map(|member| &member.object))?;
    Some((key, cluster.store().get(key)?))
}

fn laptop() -> Origin {
    Origin { label: "your laptop".to_owned(), vantage: Vantage::Laptop, figure: FigureId::laptop() }
}

fn internet() -> Origin {
    Origin { label: "the internet".to_owned(), vantage: Vantage::Internet, figure: FigureId::outside() }
}

fn origin_of_node(name: &str) -> Origin {
    let figure = FigureId::of(&ObjectKey::new(&api::node::KIND, "", name));
    Origin { label: format!("node {name}"), vantage: Vantage::Node(name.into()), figure }
}

fn origin_of_pod(pod: &Object) -> Origin {
    Origin {
        label: format!("pod {}", scene::look::display_name(pod)),
        vantage: Vantage::Pod { namespace: pod.namespace().into(), name: pod.name().into() },
        figure: FigureId::of(&ObjectKey::of(&api::pod::KIND, pod)),
    }
}

fn address(pod: &Object) -> Option<Ipv4Addr> {
    pod.str(&["status", "podIP"]).parse().ok().filter(|_| !pod.is_terminating())
}

/// Every front door of a Service: its name, its own address, its port on each node, its load balancer.
fn aims_of_service(cluster: &Cluster, service: &Object) -> Vec<Aim> {
    let key = ObjectKey::of(&api::service::KIND, service);
    let (name, figure) = (scene::look::display_name(service), FigureId::of(&key));
    let ip = |text: &str| text.parse::<Ipv4Addr>().ok();
    let mut aims = Vec::new();
    for port in api::service::ports(service) {
        let Some(protocol) = Protocol::of(&port.protocol) else { continue };
        let mut add = |label: String, figure: &FigureId, host: String, at: Option<Ipv4Addr>, port: u16| {
            aims.push(Aim { label, figure: figure.clone(), host, at, port, protocol, path: "/".to_owned() });
        };
        let host = match service.namespace() {
            "default" => service.name().to_owned(),
            namespace => format!("{}.{namespace}", service.name()),
        };
        add(format!("Service {name} by name"), &figure, host, None, port.port);
        if let Some(at) = ip(service.str(&["spec", "clusterIP"])) {
            add(format!("Service {name} by cluster IP"), &figure, at.to_string(), Some(at), port.port);
        }
        if port.node_port > 0 {
            for node in &cluster.settings().nodes {
                let figure = FigureId::of(&ObjectKey::new(&api::node::KIND, "", &node.name));
                let label = format!("node port of {name} on {}", node.name);
                add(label, &figure, node.internal_ip.clone(), ip(&node.internal_ip), port.node_port);
            }
        }
        for ingress in service.list(&["status", "loadBalancer", "ingress"]) {
            if let Some(at) = ingress.get("ip").and_then(Value::as_str).and_then(ip) {
                let figure = FigureId::load_balancer(&key);
                add(format!("load balancer of {name}"), &figure, at.to_string(), Some(at), port.port);
            }
        }
    }
    aims
}

/// Every host and path of an Ingress, at the address that its controller wrote into it.
fn aims_of_ingress(ingress: &Object) -> Vec<Aim> {
    let figure = FigureId::of(&ObjectKey::of(&api::ingress::KIND, ingress));
    let address = ingress.list(&["status", "loadBalancer", "ingress"]).first();
    let Some(at) = address.and_then(|entry| entry.get("ip")?.as_str()?.parse::<Ipv4Addr>().ok()) else {
        return Vec::new();
    };
    let mut aims = Vec::new();
    for rule in ingress.list(&["spec", "rules"]) {
        let host = rule
            .get("host")
            .and_then(Value::as_str)
            .map_or_else(|| at.to_string(), |host| host.replacen('*', "any", 1));
        let paths = api::object::lookup(rule, &["http", "paths"]).and_then(Value::as_array);
        for path in paths.into_iter().flatten() {
            let path = path.get("path").and_then(Value::as_str).unwrap_or("/").to_owned();
            let label = format!("Ingress {}", scene::look::display_name(ingress));
            let (host, figure) = (host.clone(), figure.clone());
            aims.push(Aim { label, figure, host, at: Some(at), port: 80, protocol: Protocol::Tcp, path });
        }
    }
    aims
}

/// A pod at the port that it listens on, or at the one that it declares.
fn aim_of_pod(cluster: &Cluster, pod: &Object) -> Option<Aim> {
    let at = address(pod)?;
    let key = ObjectKey::of(&api::pod::KIND, pod);
    let heard = cluster.listeners(&key).first().map(|listener| (listener.port, listener.protocol));
    let declared = pod.list(&["spec", "containers"]).iter().find_map(|container| {
        let port = container.get("ports")?.get(0)?.get("containerPort")?.as_u64()?;
        Some((u16::try_from(port).ok()?, Protocol::Tcp))
    });
    let (port, protocol) = heard.or(declared)?;
    let label = format!("pod {}", scene::look::display_name(pod));
    let figure = FigureId::of(&key);
    Some(Aim { label, figure, host: at.to_string(), at: Some(at), port, protocol, path: "/".to_owned() })
}
