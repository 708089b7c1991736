//! One request at ingress-nginx: which location it finds, and what nginx does with it.

use api::{Object, ObjectKey, Value};

use super::table::{self, Location, Match};
use super::{Backend, rewrite};
use crate::images::Visit;
use crate::network::backends::{self, Port};
use crate::network::relay::{HeaderChange, Plan, Relay, Wrap};
use crate::network::{Certificate, HttpRequest, HttpResponse};
use crate::store::Store;

/// What ingress-nginx makes of a request.
pub(crate) fn relay(visit: &Visit<'_>, request: &HttpRequest) -> Relay {
    let store = visit.cluster.store();
    let host = request.header("Host").unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let tls_port = visit.packet.destination.port == 443;
    let mut wrap = Wrap {
        server: None,
        headers: Vec::new(),
        date: api::time::format_http_date(visit.cluster.now().unix_seconds()),
    };
    if request.tls {
        let hsts = "max-age=31536000; includeSubDomains".to_owned();
        wrap.headers.push(HeaderChange::Set("Strict-Transport-Security".to_owned(), hsts));
    }
    let plainly = |response: HttpResponse, words: String| Relay { words, because: None, plan: Plan::Answer(response) };
    if tls_port && !request.tls {
        return plainly(wrap.page(400), "plain HTTP on the port of TLS".to_owned());
    }
    let locations = table::server(store, host);
    let Some(location) = table::find(&locations, request.path()) else {
        return plainly(wrap.page(404), format!("no Ingress has a rule for {host}{}", request.path()));
    };
    let answer = |response: HttpResponse, words: String| Relay {
        words,
        because: Some(location.because.clone()),
        plan: Plan::Answer(response),
    };
    if !request.tls && redirects(&location.ingress, host) {
        let mut response = wrap.page(308);
        response.headers.push(("Location".to_owned(), format!("https://{host}{}", request.target)));
        return answer(response, format!("{} is for TLS", location.words));
    }
    let Some(backend) = &location.backend else {
        return answer(wrap.page(503), format!("{} names no Service", location.words));
    };
    let candidates = endpoints(store, backend);
    let words = format!("{} to {}:{}", location.words, backend.service.name, port_words(&backend.port));
    if candidates.is_empty() {
        let why = if store.get(&backend.service).is_none() { "there is no such Service" } else { "it has no endpoint" };
        return answer(wrap.page(503), format!("{words}, but {why}"));
    }
    let request = Box::new(onward(visit, location, request, host));
    Relay { words, because: Some(location.because.clone()), plan: Plan::Ask { candidates, request, wrap } }
}

fn port_words(port: &Value) -> String {
    port.as_str().map_or_else(|| port.to_string(), str::to_owned)
}

/// Endpoints that take traffic, of the port of the Service that the Ingress names.
fn endpoints(store: &Store, backend: &Backend) -> Vec<crate::network::Candidate> {
    let port = match &backend.port {
        Value::String(name) => Port::Name(name),
        number => Port::Number(number.as_u64().and_then(|number| u16::try_from(number).ok()).unwrap_or(0)),
    };
    backends::ready(store, &backend.service, port)
}

/// Whether plain HTTP is sent on to TLS: when the Ingress has TLS for the host, unless it is told not to.
fn redirects(ingress: &Object, host: &str) -> bool {
    let switched = |name: &str| ingress.annotation(&format!("nginx.ingress.kubernetes.io/{name}"));
    let secured = tls_of(ingress, host).is_some();
    switched("force-ssl-redirect") == Some("true") || (secured && switched("ssl-redirect") != Some("false"))
}

/// The entry of `spec.tls` for a host.
fn tls_of<'a>(ingress: &'a Object, host: &str) -> Option<&'a Value> {
    let covers = |entry: &&Value| {
        let hosts = entry.get("hosts").and_then(Value::as_array);
        hosts.is_none_or(|hosts| hosts.is_empty() || hosts.iter().any(|known| known == host))
    };
    ingress.list(&["spec", "tls"]).iter().find(covers)
}

/// The request as nginx sends it on.
fn onward(visit: &Visit<'_>, location: &Location, request: &HttpRequest, host: &str) -> HttpRequest {
    let mut onward = HttpRequest { tls: false, ..request.clone() };
    if let Match::Pattern(pattern) = &location.path {
        let captures = pattern.captures(request.path()).unwrap_or_default();
        if let Some(path) = rewrite::target(&location.ingress, &captures) {
            let query = request.target.split_once('?').map_or(String::new(), |(_, query)| format!("?{query}"));
            onward.target = path + &query;
        }
    }
    let scheme = if request.tls { "https" } else { "http" };
    let client = visit.packet.source.ip.to_string();
    let port = if request.tls { "443" } else { "80" };
    let fields: [(&str, &str); 8] = [
        ("X-Request-ID", &request_id(visit)),
        ("X-Real-IP", &client),
        ("X-Forwarded-For", &client),
        ("X-Forwarded-Host", request.header("Host").unwrap_or(host)),
        ("X-Forwarded-Port", port),
        ("X-Forwarded-Proto", scheme),
        ("X-Forwarded-Scheme", scheme),
        ("X-Scheme", scheme),
    ];
    for (name, value) in fields {
        onward.set_header(name, value);
    }
    onward.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("Connection"));
    onward
}

/// 32 digits that differ from request to request.
fn request_id(visit: &Visit<'_>) -> String {
    let seed = visit.cluster.now().0 ^ (u64::from(visit.packet.source.port) << 40);
    let mut rng = crate::Rng::new(seed);
    format!("{:016x}{:016x}", rng.next_u64(), rng.next_u64())
}

/// The certificate for a server's name: that of the Ingress's Secret, or the one that ingress-nginx makes for itself.
pub(crate) fn certificate(visit: &Visit<'_>, server: &str) -> Option<Certificate> {
    if visit.packet.destination.port != 443 {
        return None;
    }
    let store = visit.cluster.store();
    let server = server.rsplit_once(':').map_or(server, |(name, _)| name);
    let own =
        store.list(&api::ingress::KIND, None).filter(|ingress| super::serves(store, ingress)).find_map(|ingress| {
            let entry = tls_of(ingress, server).filter(|entry| entry.get("hosts").is_some())?;
            let name = entry.get("secretName")?.as_str()?;
            let key = ObjectKey::new(&api::secret::KIND, ingress.namespace(), name);
            store.get(&key).filter(|secret| secret.at(&["data", "tls.crt"]).is_some())?;
            let hosts = entry.get("hosts").and_then(Value::as_array).into_iter().flatten();
            let names: Vec<String> = hosts.filter_map(|host| host.as_str().map(str::to_owned)).collect();
            Some(Certificate::self_signed(&format!("CN={server}"), names))
        });
    Some(own.unwrap_or_else(|| {
        let subject = "O=Acme Co; CN=Kubernetes Ingress Controller Fake Certificate";
        Certificate::self_signed(subject, vec!["ingress.local".to_owned()])
    }))
}
