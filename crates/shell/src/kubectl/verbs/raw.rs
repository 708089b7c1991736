//! `kubectl get --raw`: the API by its paths, as far as it is simulated.

use api::{Reason, Status};
use cluster::network::{HttpRequest, HttpResponse, is_passed_on};

use super::super::api_server;
use super::super::command::Call;
use super::super::errors::{Failure, Outcome};

/// Redirects that are followed before it gives up.
const MOST_REDIRECTS: usize = 10;

/// Answers a GET.
pub(super) fn get(call: &Call, path: &str) -> Outcome {
    if is_passed_on(&HttpRequest::get("", path)) {
        return passed_on(call, path);
    }
    match path.split('?').next().unwrap_or(path).trim_end_matches('/') {
        "/version" => call.sys.out.write(super::version::server_json()),
        "/healthz" | "/livez" | "/readyz" => call.sys.out.write("ok"),
        path => {
            let value = call.sys.cluster(|cluster| api_server::get(cluster, path))?;
            call.sys.out.write(manifest::to_json_compact(&value) + "\n");
        }
    }
    Ok(())
}

/// What a pod or a Service answers by way of the API server.
fn passed_on(call: &Call, path: &str) -> Outcome {
    let mut target = path.to_owned();
    for _ in 0..MOST_REDIRECTS {
        let mut request = HttpRequest::get("", &target);
        request.set_header("User-Agent", "kubectl/v1.36.2 (linux/amd64) kubernetes");
        let response = api_server::respond(&call.sys, request).response;
        match (response.status, response.header("Location")) {
            (200..=299, _) => {
                call.sys.out.write(String::from_utf8_lossy(&response.body).into_owned());
                return Ok(());
            }
            (301 | 302 | 303 | 307 | 308, Some(location)) if location.starts_with('/') => target = location.to_owned(),
            _ => return Err(Failure::Status(Box::new(refusal(&response)))),
        }
    }
    Err(Failure::text("stopped after 10 redirects"))
}

/// What kubectl makes of an answer that is none: the server's own `Status`, or words for the code.
/// Models apimachinery `errors.NewGenericServerResponse`.
fn refusal(response: &HttpResponse) -> Status {
    let body = String::from_utf8_lossy(&response.body);
    let own = serde_json::from_str::<api::Value>(&body)
        .ok()
        .filter(|own| own.get("kind").is_some_and(|kind| kind == "Status"));
    if let Some(own) = own {
        let text = |field: &str| own.get(field).and_then(api::Value::as_str).unwrap_or_default();
        let reasons = [Reason::BadRequest, Reason::Forbidden, Reason::NotFound, Reason::ServiceUnavailable];
        let reason = reasons.into_iter().find(|reason| reason.as_str() == text("reason"));
        return Status::new(reason.unwrap_or(Reason::InternalError), text("message"));
    }
    let (reason, words) = match response.status {
        400 => (Reason::BadRequest, "the server rejected our request for an unknown reason"),
        403 => (Reason::Forbidden, body.trim()),
        404 => (Reason::NotFound, "the server could not find the requested resource"),
        405 => (Reason::MethodNotAllowed, "the server does not allow this method on the requested resource"),
        409 => (Reason::Conflict, "the server reported a conflict"),
        422 => (Reason::Invalid, "the server rejected our request due to an error in our request"),
        503 => (Reason::ServiceUnavailable, "the server is currently unable to handle the request"),
        code if code >= 500 => {
            let said = api::field::go_quote(body.trim());
            let words = format!("an error on the server ({said}) has prevented the request from succeeding");
            return Status::new(Reason::InternalError, words);
        }
        _ => (Reason::InternalError, "unknown"),
    };
    Status::new(reason, words)
}

#[cfg(test)]
mod tests {
    use cluster::Cluster;

    use crate::terminal::run_script;

    #[test]
    fn a_pod_is_asked_through_the_api_server() {
        let mut cluster = Cluster::default();
        let make = "kubectl run web --image=nginx --port=80 --expose";
        run_script(&mut cluster, make, "", &[]);
        cluster.settle(20_000_000);
        for (path, want) in [
            ("services/web/proxy", "Welcome to nginx!"),
            (
                "services/web:80/proxy/missing",
                "Error from server (NotFound): the server could not find the requested resource\n",
            ),
            (
                "services/web:http/proxy/",
                "Error from server (ServiceUnavailable): no endpoints available for service \"web:http\"\n",
            ),
            ("services/nosuch/proxy/", "Error from server (NotFound): services \"nosuch\" not found\n"),
            ("pods/web:81/proxy/", "connect: connection refused\n"),
        ] {
            let script = format!("kubectl get --raw /api/v1/namespaces/default/{path}");
            let done = run_script(&mut cluster, &script, "", &[]);
            let said = done.stdout + &done.stderr;
            assert!(said.contains(want), "{path}: {said}");
        }
    }
}
