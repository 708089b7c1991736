//! `kubectl proxy`. Models `pkg/cmd/proxy` and `pkg/proxy`.

use std::rc::Rc;

use cluster::network::{HttpRequest, HttpResponse, Payload, Reply};

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::{api_server, klog};
use crate::network::listen::{self, Kind, Serve, Served};
use crate::sys::Sys;

static FLAGS: &[Flag] = &[
    Flag::text(
        "accept-hosts",
        "^localhost$,^127\\.0\\.0\\.1$,^\\[::1\\]$",
        "Regular expression for hosts that the proxy should accept.",
    ),
    Flag::text("accept-paths", "^.*", "Regular expression for paths that the proxy should accept."),
    Flag::text("address", "127.0.0.1", "The IP address on which to serve on."),
    Flag::text("api-prefix", "/", "Prefix to serve the proxied API under."),
    Flag::bool(
        "append-server-path",
        "false",
        "If true, enables automatic path appending of the kube context server path to each request.",
    ),
    Flag::bool(
        "disable-filter",
        "false",
        "If true, disable request filtering in the proxy. This is dangerous, and can leave you vulnerable to XSRF attacks, when used with an accessible port.",
    ),
    Flag::duration(
        "keepalive",
        "0s",
        "keepalive specifies the keep-alive period for an active network connection. Set to 0 to disable keepalive.",
    ),
    Flag::int("port", "8001", "The port on which to run the proxy. Set to 0 to pick a random port.").short('p'),
    Flag::text(
        "reject-methods",
        "^$",
        "Regular expression for HTTP methods that the proxy should reject (example --reject-methods='POST,PUT,PATCH'). ",
    ),
    Flag::text(
        "reject-paths",
        "^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach",
        "Regular expression for paths that the proxy should reject. Paths specified here will be rejected even accepted by --accept-paths.",
    ),
    Flag::text("unix-socket", "", "Unix socket on which to run the proxy.").short('u'),
    Flag::text("www", "", "Also serve static files from the given directory under the specified prefix.").short('w'),
    Flag::text("www-prefix", "/static/", "Prefix to serve static files under, if static file directory is specified.")
        .short('P'),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "proxy",
    usage: "proxy [--port=PORT] [--www=static-dir] [--www-prefix=prefix] [--api-prefix=prefix]",
    short: "Run a proxy to the Kubernetes API server",
    long: "Creates a proxy server or application-level gateway between localhost and the Kubernetes API server. It also allows serving static content over specified HTTP path. All incoming data enters through one port and gets forwarded to the remote Kubernetes API server port, except for the path matching the static content path.",
    examples: "# To proxy all of the Kubernetes API and nothing else\nkubectl proxy --api-prefix=/\n\n# To proxy only part of the Kubernetes API and also some static files\n# You can get pods info with 'curl localhost:8001/api/v1/pods'\nkubectl proxy --www=/my/files --www-prefix=/static/ --api-prefix=/api/\n\n# To proxy the entire Kubernetes API at a different root\n# You can get pods info with 'curl localhost:8001/custom/api/v1/pods'\nkubectl proxy --api-prefix=/custom/\n\n# Run a proxy to the Kubernetes API server on port 8011, serving static content from ./local/www/\nkubectl proxy --port=8011 --www=./local/www/\n\n# Run a proxy to the Kubernetes API server on an arbitrary local port\n# The chosen port for the server will be output to stdout\nkubectl proxy --port=0\n\n# Run a proxy to the Kubernetes API server, changing the API prefix to k8s-api\n# This makes e.g. the pods API available at localhost:8001/k8s-api/v1/pods/\nkubectl proxy --api-prefix=/k8s-api",
    flags: &[FLAGS],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

/// Which requests are let through, and to where.
struct Filter {
    off: bool,
    /// Where the API is; with a `/` at its end.
    prefix: String,
    /// Where files are, and from which folder.
    files: Option<(String, String)>,
}

async fn run(call: &Call) -> Outcome {
    let flags = &call.flags;
    let others = ["accept-hosts", "accept-paths", "reject-methods", "reject-paths", "unix-socket"];
    if let Some(flag) = others.into_iter().find(|flag| flags.changed(flag)) {
        return Err(Failure::Text(format!("--{flag} is not simulated by this playground")));
    }
    let closed = |text: &str| if text.ends_with('/') { text.to_owned() } else { format!("{text}/") };
    let off = flags.bool("disable-filter");
    if off {
        let text = "Request filter disabled, your proxy is vulnerable to XSRF attacks, please be cautious";
        call.sys.err.line(klog::line(call.sys.now(), 'W', "proxy.go:184", text));
    }
    let folder = flags.text("www");
    let files = (!folder.is_empty()).then(|| (closed(flags.text("www-prefix")), folder.to_owned()));
    let filter = Filter { off, prefix: closed(flags.text("api-prefix")), files };
    let (address, port) = (flags.text("address"), flags.int("port"));
    let Ok(number) = u16::try_from(port) else {
        return Err(Failure::Text(format!("listen tcp: address {port}: invalid port")));
    };
    let bound = listen::bind(&call.sys, number, Kind::Server, server(call.sys.clone(), filter))
        .map_err(|why| Failure::Text(format!("listen tcp {address}:{port}: bind: {why}")))?;
    call.sys.out.line(format!("Starting to serve on {address}:{}", bound.port));
    call.sys.wait(None, |_| None::<()>).await;
    drop(bound);
    Ok(())
}

fn server(own: Sys, filter: Filter) -> Serve {
    Rc::new(move |client: &Sys, payload: Payload| match payload {
        Payload::Http(request) if !request.tls => {
            let (trace, took, response) = respond(&own, client, &filter, request);
            Served { reply: Reply::Http(response), trace, took }
        }
        _ => {
            let (trace, took) = api_server::knock(client);
            Served { reply: Reply::Connected, trace, took }
        }
    })
}

/// Models `FilterServer.ServeHTTP`, `newFileHandler` and the proxy behind them.
fn respond(
    own: &Sys,
    client: &Sys,
    filter: &Filter,
    mut request: HttpRequest,
) -> (cluster::network::TraceId, u64, HttpResponse) {
    let (trace, took) = api_server::knock(client);
    let path = request.path().to_owned();
    if let Some((prefix, folder)) = &filter.files
        && let Some(name) = path.strip_prefix(prefix.as_str())
    {
        let response = match own.read_file(&format!("{folder}/{name}")) {
            Ok(text) => api_server::text(200, "OK", &text),
            Err(_) => api_server::text(404, "Not Found", "404 page not found\n"),
        };
        return (trace, took, response);
    }
    let host = request.header("Host").unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(name, port)| if port.ends_with(']') { host } else { name });
    let remote =
        path.starts_with("/api/") && path.contains("/pods/") && (path.contains("/exec") || path.contains("/attach"));
    if !filter.off && (remote || !matches!(host, "localhost" | "127.0.0.1" | "[::1]")) {
        return (trace, took, api_server::text(403, "Forbidden", "Forbidden\n"));
    }
    if !filter.prefix.starts_with("/api") {
        match request.target.strip_prefix(filter.prefix.as_str()) {
            Some(rest) => request.target = format!("/{rest}"),
            None => return (trace, took, api_server::text(404, "Not Found", "404 page not found\n")),
        }
    }
    let answer = api_server::respond(client, request);
    (answer.trace.unwrap_or(trace), took + answer.took, answer.response)
}
