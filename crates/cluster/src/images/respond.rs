//! Responses as common servers frame them.

use crate::network::{HttpRequest, HttpResponse};

use super::Visit;

/// A response of Go's `net/http`: date, length and type, in its order.
pub(super) fn go(visit: &Visit<'_>, request: &HttpRequest, status: u16, body: String) -> HttpResponse {
    let date = api::time::format_http_date(visit.cluster.now().unix_seconds());
    let headers = [
        ("Date", date),
        ("Content-Length", body.len().to_string()),
        ("Content-Type", "text/plain; charset=utf-8".to_owned()),
    ];
    plain(request, status, &headers, body)
}

/// A response with these fields.
pub(super) fn plain(request: &HttpRequest, status: u16, headers: &[(&str, String)], body: String) -> HttpResponse {
    HttpResponse {
        status,
        reason: reason(status).to_owned(),
        headers: headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        body: if request.method == "HEAD" { Vec::new() } else { body.into_bytes() },
    }
}

/// The words after a status code.
pub(crate) fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
}
