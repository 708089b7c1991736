//! The cluster's own zones. Models CoreDNS `plugin/kubernetes` (`parseRequest`, `findServices`, `Reverse`).

use std::net::Ipv4Addr;

use api::endpoint_slice::SERVICE_NAME_LABEL;
use api::{Object, ObjectKey, Value};

use super::{Answer, CLUSTER_DOMAIN, Data, Question, Rcode, Record, RecordType, TTL, World};
use crate::store::Store;

/// A host that a name leads to.
struct Found {
    target: Target,
    port: u16,
    /// The host's own name, as SRV records have it.
    host: String,
}

enum Target {
    Ip(Ipv4Addr),
    Name(String),
}

/// `None` when the name is not of this cluster.
pub(super) fn answer(world: World<'_>, question: &Question) -> Option<Answer> {
    let World { store, now, .. } = world;
    if let Some(reversed) = question.name.strip_suffix(".in-addr.arpa") {
        return reverse(store, question, reversed);
    }
    let name: &str = &question.name;
    let inside = match name.strip_suffix(CLUSTER_DOMAIN)? {
        "" => "",
        rest => rest.strip_suffix('.')?,
    };
    let nothing = |rcode| Answer::nothing(rcode, zone(now));
    if inside == "dns-version" && question.record == RecordType::Txt {
        let data = Data::Txt("1.1.0".into());
        return Some(Answer::records(vec![Record { name: name.into(), ttl: TTL, data }], None));
    }
    let labels: Vec<&str> = inside.split('.').filter(|label| !label.is_empty()).collect();
    Some(match labels.as_slice() {
        [] | ["svc" | "pod"] if question.record == RecordType::Soa && inside.is_empty() => {
            Answer::records(vec![zone(now)], None)
        }
        [] | ["svc" | "pod"] => nothing(Rcode::NoError),
        [rest @ .., namespace, "pod"] => pod(store, question, rest, namespace).unwrap_or_else(nothing),
        [rest @ .., namespace, "svc"] => service(world, question, rest, namespace).unwrap_or_else(nothing),
        _ => nothing(Rcode::NxDomain),
    })
}

fn has_namespace(store: &Store, name: &str) -> bool {
    store.find(&api::namespace::KIND, "", name).is_some()
}

/// `10-244-1-2.default.pod.cluster.local`: any address, there or not (`pods insecure`).
fn pod(store: &Store, question: &Question, rest: &[&str], namespace: &str) -> Result<Answer, Rcode> {
    if !has_namespace(store, namespace) {
        return Err(Rcode::NxDomain);
    }
    match (rest, question.record) {
        ([], _) => Err(Rcode::NoError),
        ([dashed], record) => {
            let ip: Ipv4Addr = dashed.replace('-', ".").parse().map_err(|_| Rcode::NxDomain)?;
            if record != RecordType::A {
                return Err(Rcode::NoError);
            }
            Ok(Answer::records(vec![Record { name: question.name.clone(), ttl: TTL, data: Data::A(ip) }], None))
        }
        _ => Err(Rcode::NxDomain),
    }
}

/// `web.default.svc`, `db-0.db.default.svc`, `_http._tcp.web.default.svc`.
fn service(world: World<'_>, question: &Question, rest: &[&str], namespace: &str) -> Result<Answer, Rcode> {
    let store = world.store;
    if !has_namespace(store, namespace) {
        return Err(Rcode::NxDomain);
    }
    let (host, port, name) = match rest {
        [] => return Err(Rcode::NoError),
        [name] => (None, None, *name),
        [host, name] => (Some(*host), None, *name),
        [port, protocol, name] => {
            let port = port.strip_prefix('_').ok_or(Rcode::NxDomain)?;
            let protocol = protocol.strip_prefix('_').ok_or(Rcode::NxDomain)?;
            (None, Some((port, protocol)), *name)
        }
        _ => return Err(Rcode::NxDomain),
    };
    let object = store.find(&api::service::KIND, namespace, name).ok_or(Rcode::NxDomain)?;
    let key = ObjectKey::new(&api::service::KIND, namespace, name);
    let found = find(store, object, &key, host, port);
    if found.is_empty() {
        return Err(Rcode::NxDomain);
    }
    let answer = match question.record {
        RecordType::Srv => located(question, &found, key),
        record => addresses(world, question, record, &found, key),
    };
    if answer.is_empty() { Err(Rcode::NoError) } else { Ok(answer) }
}

fn find(
    store: &Store,
    service: &Object,
    key: &ObjectKey,
    host: Option<&str>,
    port: Option<(&str, &str)>,
) -> Vec<Found> {
    let base = format!("{}.{}.svc.{CLUSTER_DOMAIN}", key.name, key.namespace);
    let fits = |name: &str, protocol: &str| {
        port.is_none_or(|(n, p)| n.eq_ignore_ascii_case(name) && p.eq_ignore_ascii_case(protocol))
    };
    if service.str(&["spec", "type"]) == "ExternalName" {
        let target = Target::Name(service.str(&["spec", "externalName"]).trim_end_matches('.').to_owned());
        return if host.is_none() && port.is_none() { vec![Found { target, port: 0, host: base }] } else { Vec::new() };
    }
    if let (Ok(ip), None) = (service.str(&["spec", "clusterIP"]).parse(), host) {
        let ports = api::service::ports(service);
        let fitting = ports.iter().filter(|port| fits(&port.name, &port.protocol));
        return fitting.map(|port| Found { target: Target::Ip(ip), port: port.port, host: base.clone() }).collect();
    }
    let mut found = Vec::new();
    for slice in store.slices_of(key) {
        for (ip, name) in ready_endpoints(slice) {
            if host.is_some_and(|host| host != name) {
                continue;
            }
            let host = format!("{name}.{base}");
            let ports = slice.list(&["ports"]);
            if ports.is_empty() && port.is_none() {
                found.push(Found { target: Target::Ip(ip), port: 0, host: host.clone() });
            }
            for port in ports {
                let text = |field: &str| port.get(field).and_then(Value::as_str).unwrap_or_default();
                if fits(text("name"), text("protocol")) {
                    let number = port.get("port").and_then(Value::as_u64).and_then(|n| u16::try_from(n).ok());
                    found.push(Found { target: Target::Ip(ip), port: number.unwrap_or(0), host: host.clone() });
                }
            }
        }
    }
    found
}

/// Addresses of a slice that take traffic, each with its host name: the endpoint's own, or the address with dashes.
fn ready_endpoints(slice: &Object) -> impl Iterator<Item = (Ipv4Addr, String)> {
    slice
        .list(&["endpoints"])
        .iter()
        .filter(|e| api::object::lookup(e, &["conditions", "ready"]).and_then(Value::as_bool).unwrap_or(true))
        .filter_map(|endpoint| {
            let ip: Ipv4Addr = endpoint.get("addresses")?.get(0)?.as_str()?.parse().ok()?;
            let own = endpoint.get("hostname").and_then(Value::as_str).filter(|name| !name.is_empty());
            Some((ip, own.map_or_else(|| ip.to_string().replace('.', "-"), str::to_owned)))
        })
}

/// Address records, following an ExternalName as far as the cluster's server can.
fn addresses(world: World<'_>, question: &Question, record: RecordType, found: &[Found], key: ObjectKey) -> Answer {
    let mut answers: Vec<Record> = Vec::new();
    for Found { target, .. } in found {
        match target {
            Target::Ip(ip) if record == RecordType::A => {
                let entry = Record { name: question.name.clone(), ttl: TTL, data: Data::A(*ip) };
                if !answers.contains(&entry) {
                    answers.push(entry);
                }
            }
            Target::Ip(_) => {}
            Target::Name(name) if matches!(record, RecordType::A | RecordType::Aaaa | RecordType::Cname) => {
                let data = Data::Cname(name.as_str().into());
                let itself = **name == *question.name;
                let mut followed = Vec::new();
                if record != RecordType::Cname && !itself && world.depth < super::LONGEST_CHAIN {
                    let world = World { depth: world.depth + 1, ..world };
                    followed = world.answer(&Question::new(name, record)).answers;
                    // Of a name of its own zone it tells when it has found something there.
                    let own = name.strip_suffix(CLUSTER_DOMAIN).is_some_and(|rest| rest.ends_with('.'));
                    if own && followed.is_empty() {
                        continue;
                    }
                }
                answers.push(Record { name: question.name.clone(), ttl: TTL, data });
                answers.extend(followed);
            }
            Target::Name(_) => {}
        }
    }
    Answer::records(answers, Some(key))
}

/// SRV records; the weight is shared out evenly.
fn located(question: &Question, found: &[Found], key: ObjectKey) -> Answer {
    let weight = u16::try_from(100 / found.len().max(1)).unwrap_or(0).max(1);
    let record = |host: &Found| Record {
        name: question.name.clone(),
        ttl: TTL,
        data: Data::Srv { priority: 0, weight, port: host.port, target: host.host.as_str().into() },
    };
    let mut answer = Answer::records(found.iter().map(record).collect(), Some(key));
    for host in found {
        if let Target::Ip(ip) = host.target {
            let entry = Record { name: host.host.as_str().into(), ttl: TTL, data: Data::A(ip) };
            if !answer.additional.contains(&entry) {
                answer.additional.push(entry);
            }
        }
    }
    answer
}

/// The name of an address: a Service's, or an endpoint's in one of its Services. Others' addresses are forwarded.
fn reverse(store: &Store, question: &Question, reversed: &str) -> Option<Answer> {
    let forward: Vec<&str> = reversed.rsplit('.').collect();
    let ip: Ipv4Addr = forward.join(".").parse().ok()?;
    let of_service = store.list(&api::service::KIND, None).find(|s| s.str(&["spec", "clusterIP"]) == ip.to_string());
    let (name, key) = match of_service {
        Some(service) => {
            let key = ObjectKey::new(&api::service::KIND, service.namespace(), service.name());
            (format!("{}.{}.svc.{CLUSTER_DOMAIN}", key.name, key.namespace), key)
        }
        None => store.list(&api::endpoint_slice::KIND, None).find_map(|slice| {
            let (_, host) = ready_endpoints(slice).find(|(address, _)| *address == ip)?;
            let service = slice.str(&["metadata", "labels", SERVICE_NAME_LABEL]);
            let key = ObjectKey::new(&api::service::KIND, slice.namespace(), service);
            Some((format!("{host}.{}.{}.svc.{CLUSTER_DOMAIN}", key.name, key.namespace), key))
        })?,
    };
    let data = Data::Ptr(name.into());
    let answers = if question.record == RecordType::Ptr {
        vec![Record { name: question.name.clone(), ttl: TTL, data }]
    } else {
        Vec::new()
    };
    Some(Answer::records(answers, Some(key)))
}

fn zone(now: i64) -> Record {
    let data = Data::Soa {
        server: "ns.dns.cluster.local".into(),
        mailbox: "hostmaster.cluster.local".into(),
        serial: u32::try_from(now).unwrap_or(u32::MAX),
        times: [7200, 1800, 86_400, TTL],
    };
    Record { name: CLUSTER_DOMAIN.into(), ttl: TTL, data }
}
