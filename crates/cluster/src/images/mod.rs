//! Container images as small programs: which ports their process listens on, and what it answers.

mod busybox;
mod coredns;
mod nginx;

use api::{ObjectKey, Value};

use crate::Cluster;
use crate::network::{HttpRequest, HttpResponse, Packet, Payload, Protocol, Reply};

/// Every image that can be pulled; add a line to add one.
pub static IMAGES: &[&dyn Image] = &[&busybox::Busybox, &coredns::CoreDns, &nginx::Nginx];

/// What an image does once it runs.
pub trait Image: Sync {
    /// The repository, without registry and tag: `nginx`, `coredns/coredns`.
    fn repository(&self) -> &'static str;

    /// What the process of a container of this image listens on.
    fn listens(&self, container: &Value) -> Vec<Listener>;

    /// The end of the process: `None` while it runs for ever, else its exit code, at once.
    fn exits(&self, _container: &Value) -> Option<i32> {
        None
    }

    /// Answers an HTTP request; `None` when the process speaks no HTTP.
    fn http(&self, _visit: &Visit<'_>, _request: &HttpRequest) -> Option<HttpResponse> {
        None
    }

    /// The family of programs that a shell in it finds; `None` when it has no shell.
    fn shell(&self) -> Option<Shell>;
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
}

/// What a process may look at when it answers.
pub struct Visit<'a> {
    /// The cluster, for those who ask its API.
    pub cluster: &'a Cluster,
    /// The pod it runs in.
    pub pod: &'a ObjectKey,
    /// The addresses it sees.
    pub packet: &'a Packet,
}

/// The image that a reference such as `docker.io/library/nginx:1.27` names, if it can be pulled.
#[must_use]
pub fn find(reference: &str) -> Option<&'static dyn Image> {
    let repository = repository(reference);
    IMAGES.iter().copied().find(|image| image.repository() == repository)
}

/// What the process of a container listens on once it runs; `None` when its image cannot be pulled.
#[must_use]
pub fn listeners(container: &Value) -> Option<Vec<Listener>> {
    Some(find(container.get("image")?.as_str()?)?.listens(container))
}

/// The repository of a reference, without registry, tag and digest.
#[must_use]
pub fn repository(reference: &str) -> &str {
    let name = reference.split('@').next().unwrap_or(reference);
    let end = name.rfind('/').map_or(0, |slash| slash + 1);
    let name = name[end..].find(':').map_or(name, |colon| &name[..end + colon]);
    let is_registry = |first: &str| first.contains('.') || first.contains(':') || first == "localhost";
    let name = match name.split_once('/') {
        Some((first, rest)) if is_registry(first) => rest,
        _ => name,
    };
    name.strip_prefix("library/").unwrap_or(name)
}

/// Lets the process of an image answer what reached it.
pub(crate) fn serve(
    cluster: &Cluster,
    image: &'static dyn Image,
    pod: &ObjectKey,
    packet: &Packet,
    payload: &Payload,
) -> Reply {
    let visit = Visit { cluster, pod, packet };
    match payload {
        Payload::Connect => Reply::Connected,
        Payload::Ping => Reply::Pong { ttl: 64 },
        Payload::Http(request) => image.http(&visit, request).map_or(Reply::Garbage, Reply::Http),
        Payload::Dns(question) if image.repository() == coredns::REPOSITORY => {
            let now = cluster.now().unix_seconds();
            Reply::Dns(crate::network::dns::answer(cluster.store(), question, now))
        }
        Payload::Dns(_) => Reply::Garbage,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_name_repositories() {
        for (reference, want) in [
            ("nginx", "nginx"),
            ("nginx:1.27", "nginx"),
            ("docker.io/library/nginx:1.27@sha256:0", "nginx"),
            ("localhost:5000/nginx:1", "nginx"),
            ("registry.k8s.io/coredns/coredns:v1.13.1", "coredns/coredns"),
            ("ngnix", "ngnix"),
            ("", ""),
        ] {
            assert_eq!(repository(reference), want, "{reference}");
        }
    }
}
