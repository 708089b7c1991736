//! CoreDNS: cluster DNS. It has no shell.

use super::{Image, Listener, Run, Shell, Visit, respond};
use crate::network::dns::{self, Answer, Question, Rcode};
use crate::network::{End, HttpRequest, HttpResponse, Part, Stream};

/// See the module.
pub(super) struct CoreDns;

/// The image whose process answers DNS questions.
pub(super) const REPOSITORY: &str = "coredns/coredns";

/// What it answers to a question. Of its configuration two things are understood: `acl` that blocks everybody, and a
/// `template` that gives every question one answer code.
pub(super) fn answer(visit: &Visit<'_>, question: &Question) -> Answer {
    let configured = visit.mounted("/etc/coredns/Corefile").unwrap_or_default();
    let words: Vec<&str> = configured.split_whitespace().collect();
    let fixed = if words.contains(&"block") {
        Some(Rcode::Refused)
    } else if words.windows(2).any(|pair| pair == ["rcode", "SERVFAIL"]) {
        Some(Rcode::ServFail)
    } else {
        None
    };
    match fixed {
        Some(rcode) => Answer::empty(rcode),
        None => dns::answer(visit.cluster, question),
    }
}

impl Image for CoreDns {
    fn repository(&self) -> &'static str {
        REPOSITORY
    }

    fn listens(&self, _run: &Run<'_>) -> Vec<Listener> {
        vec![Listener::udp(53), Listener::tcp(53), Listener::tcp(8080), Listener::tcp(8181), Listener::tcp(9153)]
    }

    fn http(&self, visit: &Visit<'_>, request: &HttpRequest) -> Option<HttpResponse> {
        let port = visit.packet.destination.port;
        matches!(port, 8080 | 8181).then(|| respond::go(visit, request, 200, "OK".to_owned()))
    }

    fn stream(&self, visit: &Visit<'_>, _data: &[u8], _tls: bool) -> Option<Stream> {
        // Two bytes of length stand before every question, so text is read as the beginning of a long one. Whoever
        // has asked nothing within three seconds is left alone.
        let silence = Part { after: 3_000_000, bytes: Vec::new() };
        (visit.packet.destination.port == 53).then(|| Stream { parts: vec![silence], end: End::Close })
    }

    fn first_lines(&self, _run: &Run<'_>) -> Vec<String> {
        [".:53", "CoreDNS-1.13.1", "linux/amd64, go1.25.2, 1db4568"].map(str::to_owned).to_vec()
    }

    fn shell(&self) -> Option<Shell> {
        None
    }
}
