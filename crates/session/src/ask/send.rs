//! Sending what was chosen: the name is looked up as a program on that machine would, then the request goes its way.

use std::net::Ipv4Addr;

use api::ObjectKey;
use cluster::Cluster;
use cluster::network::dns::{self, Question, RecordType};
use cluster::network::{HttpRequest, Outcome, Payload, Place, Protocol, Reply, Socket, Traffic, Vantage};
use scene::Journey;
use shell::ResolvConf;

use super::{Ask, Asked, MOST};

/// Sends all of it.
pub(crate) fn send(cluster: &mut Cluster, ask: &Ask) -> Asked {
    let times = ask.times.clamp(1, MOST);
    let title = format!("{} to {}", ask.from.label, ask.to.address());
    let journeys = (0..times).map(|_| one(cluster, ask, &title)).collect();
    Asked { title, journeys, shown: (times == 1).then_some(0) }
}

fn one(cluster: &mut Cluster, ask: &Ask, title: &str) -> Journey {
    let mut journey = Journey { title: title.to_owned(), ..Journey::default() };
    let at = match ask.to.at {
        Some(at) => Some(at),
        None => look_up(cluster, &ask.from.vantage, &ask.to.host, &mut journey),
    };
    let Some(ip) = at else { return journey };
    let payload = match ask.to.protocol {
        Protocol::Tcp => Payload::Http(HttpRequest::get(&host_header(&ask.to.host, ask.to.port), &ask.to.path)),
        _ => Payload::Connect,
    };
    let to = Socket { ip, port: ask.to.port };
    let traffic = Traffic { from: ask.from.vantage.clone(), protocol: ask.to.protocol, to, payload };
    let id = cluster.send(traffic);
    journey.request = cluster.trace(id).cloned();
    journey
}

fn host_header(host: &str, port: u16) -> String {
    if port == 80 { host.to_owned() } else { format!("{host}:{port}") }
}

/// The address of a name, asked from where one is. Every question is part of the journey, and so is giving up.
fn look_up(cluster: &mut Cluster, from: &Vantage, name: &str, journey: &mut Journey) -> Option<Ipv4Addr> {
    if let Ok(ip) = name.parse() {
        return Some(ip);
    }
    let place = place(from);
    let config = match &place {
        Place::Pod(key) => cluster.resolv_conf(key).map(|text| ResolvConf::parse(&text)),
        _ => None,
    };
    let Some((config, server)) =
        config.and_then(|config| Some((config.servers.first().copied()?, config)).map(|(s, c)| (c, s)))
    else {
        let answer = dns::answer_outside(cluster, &Question::new(name, RecordType::A));
        let found = answer.addresses().first().copied();
        if found.is_none() {
            let words = format!(
                "finds no address for {name}: names of Services are known to pods only, by the cluster's own name server"
            );
            journey.unknown = Some((place, words));
        }
        return found;
    };
    for full in config.candidates(name) {
        let payload = Payload::Dns(Question::new(&full, RecordType::A));
        let to = Socket { ip: server, port: 53 };
        let id = cluster.send(Traffic { from: from.clone(), protocol: Protocol::Udp, to, payload });
        let Some(trace) = cluster.trace(id).cloned() else { continue };
        journey.lookups.push(trace.clone());
        match &trace.outcome {
            Outcome::Answered(Reply::Dns(answer)) => {
                if let Some(ip) = answer.addresses().first() {
                    return Some(*ip);
                }
            }
            _ => {
                journey.unknown = Some((place, format!("gives up on {name}: no name server answers")));
                return None;
            }
        }
    }
    journey.unknown = Some((place, format!("gives up: no name server knows {name}")));
    None
}

fn place(from: &Vantage) -> Place {
    match from {
        Vantage::Pod { namespace, name } => Place::Pod(ObjectKey::new(&api::pod::KIND, namespace, name)),
        Vantage::Node(name) => Place::Node(name.clone()),
        Vantage::Laptop => Place::Laptop,
        Vantage::Internet => Place::Outside,
    }
}
