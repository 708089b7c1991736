//! httpd, the Apache web server: "It works!" on port 80.

use super::{Image, Listener, Run, Shell, Visit, respond};
use crate::network::{HttpRequest, HttpResponse};

/// See the module.
pub(super) struct Httpd;

const ROOT: &str = "/usr/local/apache2/htdocs";
const WORKS: &str = "<html><body><h1>It works!</h1></body></html>\n";
const NOT_FOUND: &str = "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">\n<html><head>\n<title>404 Not Found</title>\n\
                         </head><body>\n<h1>Not Found</h1>\n<p>The requested URL was not found on this server.</p>\n\
                         </body></html>\n";

impl Image for Httpd {
    fn repository(&self) -> &'static str {
        "httpd"
    }

    fn listens(&self, _run: &Run<'_>) -> Vec<Listener> {
        vec![Listener::tcp(80)]
    }

    fn http(&self, visit: &Visit<'_>, request: &HttpRequest) -> Option<HttpResponse> {
        let path = if request.path() == "/" { "/index.html" } else { request.path() };
        let own = (path == "/index.html").then(|| WORKS.to_owned());
        let found = visit.mounted(&format!("{ROOT}{path}")).or(own);
        let status = if found.is_some() { 200 } else { 404 };
        let body = found.unwrap_or_else(|| NOT_FOUND.to_owned());
        let date = api::time::format_http_date(visit.cluster.now().unix_seconds());
        let kind = if status == 200 { "text/html" } else { "text/html; charset=iso-8859-1" };
        let headers = [
            ("Date", date),
            ("Server", "Apache/2.4.65 (Unix)".to_owned()),
            ("Content-Length", body.len().to_string()),
            ("Content-Type", kind.to_owned()),
        ];
        Some(respond::plain(request, status, &headers, body))
    }

    fn shell(&self) -> Option<Shell> {
        Some(Shell::Debian)
    }
}
