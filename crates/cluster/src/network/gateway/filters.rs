//! What the filters of a rule do: change fields of the request or the answer, rewrite the path or host, or redirect.

use api::object::lookup;
use api::{Map, Value};

use crate::network::HttpRequest;
use crate::network::relay::HeaderChange;

/// The filters of a rule of a type.
fn of<'a>(rule: &'a Value, kind: &'a str) -> impl Iterator<Item = &'a Value> {
    let filters = rule.get("filters").and_then(Value::as_array).into_iter().flatten();
    filters.filter(move |filter| filter.get("type").is_some_and(|known| known == kind))
}

/// A filter that changes fields, as changes in its order: `set`, `add`, `remove`.
fn changes(filter: Option<&Map<String, Value>>) -> Vec<HeaderChange> {
    let Some(filter) = filter else { return Vec::new() };
    let list = |field: &str| filter.get(field).and_then(Value::as_array).into_iter().flatten();
    let pair =
        |entry: &Value| Some((entry.get("name")?.as_str()?.to_owned(), entry.get("value")?.as_str()?.to_owned()));
    let set = list("set").filter_map(pair).map(|(name, value)| HeaderChange::Set(name, value));
    let add = list("add").filter_map(pair).map(|(name, value)| HeaderChange::Add(name, value));
    let remove = list("remove").filter_map(|name| name.as_str().map(|name| HeaderChange::Remove(name.to_owned())));
    set.chain(add).chain(remove).collect()
}

/// What is done to the answer's fields.
pub(super) fn of_response(rule: &Value) -> Vec<HeaderChange> {
    let filters = of(rule, "ResponseHeaderModifier");
    filters.flat_map(|filter| changes(filter.get("responseHeaderModifier").and_then(Value::as_object))).collect()
}

/// The request as it goes on.
pub(super) fn rewrite(rule: &Value, prefix: &str, request: &mut HttpRequest) {
    for filter in of(rule, "RequestHeaderModifier") {
        for change in changes(filter.get("requestHeaderModifier").and_then(Value::as_object)) {
            change.apply(&mut request.headers);
        }
    }
    for filter in of(rule, "URLRewrite") {
        if let Some(host) = lookup(filter, &["urlRewrite", "hostname"]).and_then(Value::as_str) {
            request.set_header("Host", host);
        }
        if let Some(path) =
            lookup(filter, &["urlRewrite", "path"]).and_then(|path| new_path(path, prefix, request.path()))
        {
            let query = request.target.split_once('?').map_or(String::new(), |(_, query)| format!("?{query}"));
            request.target = path + &query;
        }
    }
}

fn new_path(path: &Value, prefix: &str, old: &str) -> Option<String> {
    if let Some(full) = path.get("replaceFullPath").and_then(Value::as_str) {
        return Some(full.to_owned());
    }
    let new = path.get("replacePrefixMatch")?.as_str()?;
    let rest = old.strip_prefix(prefix.strip_suffix('/').unwrap_or(prefix)).unwrap_or(old);
    let joined = format!("{}{rest}", new.strip_suffix('/').unwrap_or(new));
    Some(if joined.is_empty() { "/".to_owned() } else { joined })
}

/// Where the rule redirects to: status and `Location`.
pub(super) fn redirect(rule: &Value, prefix: &str, request: &HttpRequest, port: u16) -> Option<(u16, String)> {
    let filter = of(rule, "RequestRedirect").next()?.get("requestRedirect")?;
    let text = |field: &str| filter.get(field).and_then(Value::as_str);
    let scheme = text("scheme").unwrap_or(if request.tls { "https" } else { "http" });
    let own = request.header("Host").unwrap_or_default();
    let host = text("hostname").unwrap_or(own.rsplit_once(':').map_or(own, |(name, _)| name));
    let usual = if scheme == "https" { 443 } else { 80 };
    let wanted = filter.get("port").and_then(Value::as_u64).and_then(|port| u16::try_from(port).ok());
    let port = wanted.unwrap_or(if text("scheme").is_some() { usual } else { port });
    let port = if port == usual { String::new() } else { format!(":{port}") };
    let path = filter.get("path").and_then(|path| new_path(path, prefix, request.path()));
    let path = path.unwrap_or_else(|| request.target.clone());
    let status = filter.get("statusCode").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok());
    Some((status.unwrap_or(302), format!("{scheme}://{host}{port}{path}")))
}

#[cfg(test)]
mod tests {
    use api::json;

    use super::*;

    #[test]
    fn paths_are_replaced() {
        for (path, prefix, old, new) in [
            (json!({"replacePrefixMatch": "/"}), "/api", "/api/v1", Some("/v1")),
            (json!({"replacePrefixMatch": "/"}), "/api", "/api", Some("/")),
            (json!({"replacePrefixMatch": "/x"}), "/api/", "/api/v1", Some("/x/v1")),
            (json!({"replaceFullPath": "/y"}), "/", "/api/v1", Some("/y")),
            (json!({}), "/", "/a", None),
        ] {
            assert_eq!(new_path(&path, prefix, old).as_deref(), new, "{path} {old}");
        }
    }
}
