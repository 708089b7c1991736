//! Container images as small programs: which ports their process listens on, what it answers, when it ends.

mod agnhost;
mod app;
mod busybox;
mod coredns;
mod curl;
mod echo_server;
mod gateway_fabric;
mod hello_app;
mod http_echo;
mod httpd;
mod ingress_nginx;
mod kube_proxy;
mod kubia;
mod nginx;
mod nginx_gateway;
mod node_hello;
mod postgres;
mod redis;
mod reference;
mod respond;
pub(crate) mod script;
mod server;
mod whoami;

use api::{Object, ObjectKey, Value};

use crate::kubelet::Environment;
use crate::network::relay::Relay;
use crate::network::{Certificate, End, HttpRequest, HttpResponse, Packet, Payload, Protocol, Reply, Stream, stream};
use crate::{Cluster, Settings};
use script::Script;

pub use reference::{Reference, refusal, repository};
pub(crate) use respond::reason;

/// Every image that can be pulled; add a line to add one.
pub static IMAGES: &[&dyn Image] = &[
    &agnhost::AGNHOST,
    &agnhost::SERVE_HOSTNAME,
    &app::App,
    &busybox::BUSYBOX,
    &busybox::ALPINE,
    &busybox::DEBIAN,
    &busybox::UBUNTU,
    &busybox::NETSHOOT,
    &coredns::CoreDns,
    &curl::Curl,
    &echo_server::JMALLOC,
    &echo_server::KICBASE,
    &echo_server::OldEchoServer,
    &gateway_fabric::GatewayFabric,
    &hello_app::HelloApp,
    &http_echo::HttpEcho,
    &httpd::Httpd,
    &ingress_nginx::IngressNginx,
    &kube_proxy::KubeProxy,
    &kubia::Kubia,
    &nginx::NGINX,
    &nginx::UNPRIVILEGED,
    &nginx_gateway::NginxGateway,
    &node_hello::NodeHello,
    &postgres::Postgres,
    &redis::Redis,
    &server::MYSQL,
    &server::MARIADB,
    &server::MONGO,
    &server::MEMCACHED,
    &server::RABBITMQ,
    &server::PAUSE,
    &server::ETCD,
    &server::API_SERVER,
    &server::CONTROLLER_MANAGER,
    &server::SCHEDULER,
    &whoami::Whoami,
];

/// What an image does once it runs.
pub trait Image: Sync {
    /// The repository, without registry and tag: `nginx`, `coredns/coredns`.
    fn repository(&self) -> &'static str;

    /// Whether there is such a tag. Most projects tag releases by number and the newest as `latest`.
    fn has_tag(&self, tag: &str) -> bool {
        reference::usual_tag(tag)
    }

    /// What the process of a container of this image listens on.
    fn listens(&self, run: &Run<'_>) -> Vec<Listener>;

    /// Microseconds from start until it listens.
    fn startup(&self, _run: &Run<'_>) -> u64 {
        100_000
    }

    /// Whether it uses more memory than its limit.
    fn over_memory(&self, _run: &Run<'_>) -> bool {
        false
    }

    /// The end of the process: `None` while it runs for ever.
    fn exits(&self, _run: &Run<'_>) -> Option<Exit> {
        None
    }

    /// What it does when it is told to end (`SIGTERM`).
    fn on_term(&self, _run: &Run<'_>) -> Term {
        Term::Ends { after: 100_000, code: 0 }
    }

    /// Whether its program is a shell, or whatever its command line names.
    fn runs_scripts(&self) -> bool {
        false
    }

    /// What it writes when it starts.
    fn first_lines(&self, _run: &Run<'_>) -> Vec<String> {
        Vec::new()
    }

    /// The same, of a component that says what cluster it is in.
    fn first_lines_in(&self, run: &Run<'_>, _settings: &Settings) -> Vec<String> {
        self.first_lines(run)
    }

    /// Answers an HTTP request; `None` when the process speaks no HTTP.
    fn http(&self, _visit: &Visit<'_>, _request: &HttpRequest) -> Option<HttpResponse> {
        None
    }

    /// What it sends on a connection because of these bytes, all that came since it sent something; of no bytes, what
    /// it says by itself. `None` when it speaks HTTP there.
    fn stream(&self, _visit: &Visit<'_>, _data: &[u8], _tls: bool) -> Option<Stream> {
        None
    }

    /// What it sends to those who send no HTTP where it expects some; `None`: as Go's `net/http`.
    fn malformed(&self, _visit: &Visit<'_>) -> Option<HttpResponse> {
        None
    }

    /// The certificate that it shows to who asks for a server by name, if it speaks TLS on the port that was asked.
    fn certificate(&self, _visit: &Visit<'_>, _server: &str) -> Option<Certificate> {
        None
    }

    /// What a proxy makes of a request; `None` for a process that answers by itself.
    fn relay(&self, _visit: &Visit<'_>, _request: &HttpRequest) -> Option<Relay> {
        None
    }

    /// Microseconds that an answer takes; `None` when it never comes.
    fn takes(&self, _visit: &Visit<'_>, _request: &HttpRequest) -> Option<u64> {
        Some(0)
    }

    /// What it writes about a request.
    fn access_line(&self, _visit: &Visit<'_>, _request: &HttpRequest, _response: &HttpResponse) -> Option<String> {
        None
    }

    /// Programs that it has beside those of its shell, as a full distribution has them.
    fn tools(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether it has a gRPC health service.
    fn speaks_grpc(&self) -> bool {
        false
    }

    /// Whether the process has made a file, so many microseconds after it started.
    fn has_file(&self, _run: &Run<'_>, _up: u64, _path: &str) -> bool {
        false
    }

    /// When, in microseconds after its start, the process will next behave in another way by itself.
    fn next_change(&self, _run: &Run<'_>, _up: u64) -> Option<u64> {
        None
    }

    /// Variables that the image sets.
    fn env(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// The family of programs that a shell in it finds; `None` when it has no shell.
    fn shell(&self) -> Option<Shell>;
}

/// A container as its process sees it.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    /// Its part of the pod's spec.
    pub container: &'a Value,
    /// Its variables.
    pub env: &'a Environment,
}

impl Run<'_> {
    /// The words of `command`, or of `args`.
    #[must_use]
    pub fn words(&self, field: &str) -> Vec<&str> {
        self.container.get(field).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// The command line: `command` (which replaces the image's own program) and `args`.
    #[must_use]
    pub fn line(&self) -> Vec<&str> {
        let mut words = self.words("command");
        words.extend(self.words("args"));
        words
    }

    /// The value of a flag in the command line: `-port 80`, `--port=80`, `-port=80`.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<&str> {
        let line = self.line();
        line.iter().enumerate().find_map(|(index, word)| {
            let rest = word.strip_prefix("--").or_else(|| word.strip_prefix('-'))?.strip_prefix(name)?;
            if rest.is_empty() { line.get(index + 1).copied() } else { rest.strip_prefix('=') }
        })
    }

    /// The value of a variable.
    #[must_use]
    pub fn var(&self, name: &str) -> Option<&str> {
        self.env.get(name)
    }

    /// The name of its machine: the pod's.
    #[must_use]
    pub fn hostname(&self) -> &str {
        self.var("HOSTNAME").unwrap_or_default()
    }
}

/// The end of a process.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Exit {
    /// Microseconds after its start.
    pub after: u64,
    /// The exit code.
    pub code: i32,
}

/// What a process does when it is told to end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Term {
    /// It ends.
    Ends {
        /// Microseconds later.
        after: u64,
        /// The exit code.
        code: i32,
    },
    /// It does not listen, as a first process without a handler for the signal.
    Ignored,
}

/// The programs a shell in a container finds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shell {
    /// BusyBox's applets.
    Busybox,
    /// Debian's, as the nginx image has them.
    Debian,
}

/// A port that a process listens on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Listener {
    /// Its protocol.
    pub protocol: Protocol,
    /// Its number.
    pub port: u16,
    /// Whether it is bound to 127.0.0.1 and so deaf to others.
    pub localhost_only: bool,
}

impl Listener {
    /// TCP on every address.
    #[must_use]
    pub const fn tcp(port: u16) -> Self {
        Self { protocol: Protocol::Tcp, port, localhost_only: false }
    }

    /// UDP on every address.
    #[must_use]
    pub const fn udp(port: u16) -> Self {
        Self { protocol: Protocol::Udp, ..Self::tcp(port) }
    }
}

/// What a process may look at when it answers.
pub struct Visit<'a> {
    /// The cluster, for those who ask its API.
    pub cluster: &'a Cluster,
    /// The pod it runs in.
    pub pod: &'a ObjectKey,
    /// The pod's object.
    pub object: &'a Object,
    /// The addresses it sees.
    pub packet: &'a Packet,
    /// Its container.
    pub run: Run<'a>,
    /// Microseconds since it started.
    pub up: u64,
}

impl Visit<'_> {
    /// A file that a ConfigMap or Secret brings to a path in the container.
    #[must_use]
    pub fn mounted(&self, path: &str) -> Option<String> {
        let mounts = self.run.container.get("volumeMounts").and_then(Value::as_array);
        mounts.into_iter().flatten().find_map(|mount| {
            let text = |field: &str| mount.get(field).and_then(Value::as_str).unwrap_or_default();
            let inside = path.strip_prefix(text("mountPath"))?.trim_start_matches('/');
            let volumes = self.object.list(&["spec", "volumes"]).iter();
            let volume = volumes.into_iter().find(|volume| volume.get("name").is_some_and(|n| n == text("name")))?;
            let name = volume.get("configMap")?.get("name")?.as_str()?;
            let map = self.cluster.store().find(&api::config_map::KIND, self.object.namespace(), name)?;
            let key = if inside.is_empty() { text("subPath") } else { inside };
            Some(map.at(&["data", key])?.as_str()?.to_owned())
        })
    }
}

/// The image that a reference such as `docker.io/library/nginx:1.27` names, if it can be pulled.
#[must_use]
pub fn find(reference: &str) -> Option<&'static dyn Image> {
    let reference = Reference::read(reference);
    let image = IMAGES.iter().copied().find(|image| image.repository() == reference.repository)?;
    (reference.tag.is_empty() || image.has_tag(&reference.tag)).then_some(image)
}

/// The script that a container runs: as such, or in the place of the image's own program. A command line that names that
/// program starts it in the end.
pub(crate) fn script_of(image: &dyn Image, run: &Run<'_>) -> Option<Script> {
    if !image.runs_scripts() {
        let own = image.repository().rsplit('/').next().unwrap_or_default();
        let starts = |word: &str| word.rsplit('/').next().is_some_and(|name| name.starts_with(own));
        let named = run.line().iter().any(|word| word.split([' ', ';', '&', '\n']).any(starts));
        if run.words("command").is_empty() || named {
            return None;
        }
    }
    Script::of_run(run)
}

/// Whether a script runs instead of the image's own program.
fn is_replaced(image: &dyn Image, run: &Run<'_>) -> bool {
    !image.runs_scripts() && script_of(image, run).is_some()
}

/// What a container listens on.
pub(crate) fn listens(image: &dyn Image, run: &Run<'_>) -> Vec<Listener> {
    if is_replaced(image, run) { Vec::new() } else { image.listens(run) }
}

/// When and how a container ends by itself.
pub(crate) fn exits(image: &dyn Image, run: &Run<'_>) -> Option<Exit> {
    match script_of(image, run).filter(|_| !image.runs_scripts()) {
        Some(script) => script.exit().map(|(after, code)| Exit { after, code }),
        None => image.exits(run),
    }
}

/// What a container does when it is told to end; a shell as its first process does not listen.
pub(crate) fn on_term(image: &dyn Image, run: &Run<'_>) -> Term {
    if is_replaced(image, run) { Term::Ignored } else { image.on_term(run) }
}

/// How a TLS handshake begins, for those who expect something else.
const TLS_HELLO: &[u8] = b"\x16\x03\x01\x02\x00\x01\x00";

/// What a server that expects HTTP sends when it gets something else.
pub(crate) fn bad_request(image: &dyn Image, visit: &Visit<'_>) -> Stream {
    match image.malformed(visit) {
        Some(response) => Stream { end: End::Close, ..stream::frame(&HttpRequest::get("", "/"), &response) },
        None => Stream::once(GO_BAD_REQUEST.as_bytes().to_vec(), End::Close),
    }
}

/// Go's words for no HTTP.
const GO_BAD_REQUEST: &str =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request";

/// Lets a process answer: what it says, how many microseconds that takes, and what it writes about it.
pub(crate) fn answer(image: &dyn Image, visit: &Visit<'_>, payload: &Payload) -> Option<(Reply, u64, Option<String>)> {
    Some(match payload {
        Payload::Connect => (Reply::Connected, 0, None),
        Payload::Ping => (Reply::Pong { ttl: 64 }, 0, None),
        Payload::Http(request) => {
            let host = request.header("Host").unwrap_or_default();
            if request.tls && image.certificate(visit, host).is_none() {
                return Some((Reply::Garbage, 0, None));
            }
            let took = image.takes(visit, request)?;
            match image.http(visit, request) {
                None => (Reply::Garbage, took, None),
                Some(response) => {
                    let line = image.access_line(visit, request, &response);
                    (Reply::Http(response), took, line)
                }
            }
        }
        Payload::Bytes { data, tls } => match image.stream(visit, data, *tls) {
            Some(stream) => (Reply::Stream(stream), 0, None),
            None if visit.packet.protocol == Protocol::Tcp => (Reply::Garbage, 0, None),
            None => return None,
        },
        Payload::Handshake(server) => match image.certificate(visit, server) {
            Some(certificate) => (Reply::Certificate(certificate), 0, None),
            None => {
                let stream = image.stream(visit, TLS_HELLO, false);
                (Reply::Stream(stream.unwrap_or_else(|| bad_request(image, visit))), 0, None)
            }
        },
        Payload::Dns(question) if image.repository() == coredns::REPOSITORY => {
            (Reply::Dns(coredns::answer(visit, question)), 0, None)
        }
        Payload::Dns(_) => (Reply::Garbage, 0, None),
    })
}
