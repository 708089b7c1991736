//! One request at a Gateway.

use api::object::lookup;
use api::{Object, ObjectKey, Path, Value};

use super::attach::{self, Bound};
use super::filters;
use super::matching::{self, Found};
use crate::images::Visit;
use crate::network::backends::{self, Port};
use crate::network::relay::{Plan, Relay, Wrap};
use crate::network::{Because, Candidate, Certificate, HttpRequest};
use crate::store::Store;

/// What a Gateway makes of a request.
pub(crate) fn relay(visit: &Visit<'_>, request: &HttpRequest) -> Relay {
    let store = visit.cluster.store();
    let port = visit.packet.destination.port;
    let host = request.header("Host").unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let date = api::time::format_http_date(visit.cluster.now().unix_seconds());
    let mut wrap = Wrap { server: Some("nginx"), headers: Vec::new(), date };
    let listeners = attach::listeners(store, visit.object, port);
    if listeners.iter().any(Bound::is_tls) && !request.tls {
        let words = "plain HTTP on a listener of TLS".to_owned();
        return Relay { words, because: None, plan: Plan::Answer(wrap.page(400)) };
    }
    let Some((bound, found)) = meet(store, &listeners, host, request) else {
        let words = format!("no HTTPRoute has a rule for {host}{}", request.path());
        return Relay { words, because: None, plan: Plan::Answer(wrap.page(404)) };
    };
    let path = Path::new("spec.rules").index(found.rule);
    let object = ObjectKey::of(&api::http_route::KIND, &found.route);
    let because = |path: Path| Some(Because { object: object.clone(), path, revision: found.route.resource_version() });
    let rule = &found.route.list(&["spec", "rules"])[found.rule];
    let words = format!("HTTPRoute {} at Gateway {}", found.route.name(), bound.gateway.name());
    if let Some((status, location)) = filters::redirect(rule, &found.prefix, request, port) {
        let mut response = wrap.page(status);
        response.headers.push(("Location".to_owned(), location));
        return Relay { words, because: because(path.child("filters")), plan: Plan::Answer(response) };
    }
    wrap.headers = filters::of_response(rule);
    let Some((index, backend)) = choose(visit, rule) else {
        let words = format!("{words}: the rule has no backend");
        return Relay { words, because: because(path), plan: Plan::Answer(wrap.page(500)) };
    };
    let at = path.child("backendRefs").index(index);
    let name = lookup(backend, &["name"]).and_then(Value::as_str).unwrap_or_default();
    let words = format!("{words} to {name}");
    let candidates = match endpoints(store, &found.route, backend) {
        Err(why) => {
            let words = format!("{words}, but {why}");
            return Relay { words, because: because(at), plan: Plan::Answer(wrap.page(500)) };
        }
        Ok(candidates) => candidates,
    };
    if candidates.is_empty() {
        let words = format!("{words}, but it has no endpoint");
        return Relay { words, because: because(at), plan: Plan::Answer(wrap.page(503)) };
    }
    let mut onward = HttpRequest { tls: false, ..request.clone() };
    let client = visit.packet.source.ip.to_string();
    let scheme = if request.tls { "https" } else { "http" };
    for (name, value) in [
        ("X-Forwarded-For", client.as_str()),
        ("X-Real-IP", &client),
        ("X-Forwarded-Proto", scheme),
        ("X-Forwarded-Host", host),
        ("X-Forwarded-Port", &port.to_string()),
    ] {
        onward.set_header(name, value);
    }
    filters::rewrite(rule, &found.prefix, &mut onward);
    Relay { words, because: because(at), plan: Plan::Ask { candidates, request: Box::new(onward), wrap } }
}

/// The rule that a request meets: at the narrowest hostname first.
fn meet<'a>(store: &Store, listeners: &[Bound<'a>], host: &str, request: &HttpRequest) -> Option<(Bound<'a>, Found)> {
    let routes: Vec<_> = store.list(&api::http_route::KIND, None).collect();
    let mut met = Vec::new();
    for bound in listeners {
        for route in routes.iter().filter(|route| bound.has(store, route)) {
            if let Some(name) = attach::hostname(*bound, route, host) {
                met.push((attach::specific(&name), *bound, *route));
            }
        }
    }
    let narrowest = met.iter().map(|(specific, ..)| *specific).max()?;
    met.retain(|(specific, ..)| *specific == narrowest);
    let found = matching::find(met.iter().map(|(_, _, route)| *route), request)?;
    let (_, bound, _) = met.iter().find(|(_, _, route)| route.uid() == found.route.uid())?;
    Some((*bound, found))
}

/// One of the rule's backends, by weight; none when all weights are 0.
fn choose<'a>(visit: &Visit<'_>, rule: &'a Value) -> Option<(usize, &'a Value)> {
    let backends: Vec<(usize, &Value, u64)> = rule
        .get("backendRefs")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(index, backend)| (index, backend, backend.get("weight").and_then(Value::as_u64).unwrap_or(1)))
        .collect();
    let total: u64 = backends.iter().map(|(.., weight)| weight).sum();
    // By the connection: what one clone of the cluster answers, another with the same past answers as well.
    let seed = visit.cluster.now().0 ^ (u64::from(visit.packet.source.port) << 32);
    let mut at = crate::Rng::new(seed).below(total);
    backends.into_iter().find_map(|(index, backend, weight)| {
        if at < weight {
            return Some((index, backend));
        }
        at -= weight;
        None
    })
}

/// The endpoints of a backend, or why it is none.
fn endpoints(store: &Store, route: &Object, backend: &Value) -> Result<Vec<Candidate>, &'static str> {
    let text = |field: &str| backend.get(field).and_then(Value::as_str).unwrap_or_default();
    if !matches!(text("kind"), "" | "Service") {
        return Err("it is no Service");
    }
    let namespace = if text("namespace").is_empty() { route.namespace() } else { text("namespace") };
    if namespace != route.namespace() {
        return Err("no ReferenceGrant lets routes use Services of another namespace");
    }
    let key = ObjectKey::new(&api::service::KIND, namespace, text("name"));
    let service = store.get(&key).ok_or("there is no such Service")?;
    let port = backend.get("port").and_then(Value::as_u64).and_then(|port| u16::try_from(port).ok());
    let port = port.ok_or("it names no port")?;
    if !api::service::ports(service).iter().any(|known| known.port == port) {
        return Err("the Service has no such port");
    }
    Ok(backends::ready(store, &key, Port::Number(port)))
}

/// Whether some listener on the port that was asked speaks TLS.
pub(crate) fn speaks_tls(visit: &Visit<'_>) -> bool {
    let listeners = attach::listeners(visit.cluster.store(), visit.object, visit.packet.destination.port);
    listeners.iter().any(Bound::is_tls)
}

/// The certificate for a server's name, from the Secret of the listener that has the name.
pub(crate) fn certificate(visit: &Visit<'_>, server: &str) -> Option<Certificate> {
    let store = visit.cluster.store();
    let server = server.rsplit_once(':').map_or(server, |(name, _)| name);
    let listeners = attach::listeners(store, visit.object, visit.packet.destination.port);
    let bound = listeners.into_iter().find(|bound| bound.is_tls() && attach::covers(bound.hostname(), server))?;
    let name = lookup(bound.listener, &["tls", "certificateRefs"])?.get(0)?.get("name")?.as_str()?;
    store.find(&api::secret::KIND, bound.gateway.namespace(), name)?;
    let names = if bound.hostname().is_empty() { server } else { bound.hostname() };
    Some(Certificate::self_signed(&format!("CN={names}"), vec![names.to_owned()]))
}
