//! The rest of the world's names: those of the hosts outside, and nothing else.

use super::{Answer, Data, Question, Rcode, Record, RecordType, TTL};
use crate::network::OutsideHost;

/// The zone whose server says itself what it does not have.
const ZONE: &str = "example.com";

pub(super) fn answer(hosts: &[OutsideHost], question: &Question) -> Answer {
    let name = &question.name;
    let host = hosts.iter().find(|host| host.names.iter().any(|known| known.eq_ignore_ascii_case(name)));
    let inside = **name == *ZONE || name.strip_suffix(ZONE).is_some_and(|rest| rest.ends_with('.'));
    let says_no = if inside { zone() } else { root() };
    match (host, question.record) {
        (Some(host), RecordType::A) => {
            Answer::records(vec![Record { name: name.clone(), ttl: TTL, data: Data::A(host.ip) }], None)
        }
        (Some(_), _) => Answer::nothing(Rcode::NoError, says_no),
        (None, _) => Answer::nothing(Rcode::NxDomain, says_no),
    }
}

fn zone() -> Record {
    let data = Data::Soa {
        server: "ns.example.com".into(),
        mailbox: "admin.example.com".into(),
        serial: 1,
        times: [7200, 3600, 1_209_600, 3600],
    };
    Record { name: ZONE.into(), ttl: TTL, data }
}

fn root() -> Record {
    let data = Data::Soa {
        server: "a.root-servers.net".into(),
        mailbox: "nstld.verisign-grs.com".into(),
        serial: 2_026_112_300,
        times: [1800, 900, 604_800, 86_400],
    };
    Record { name: "".into(), ttl: 86_400, data }
}
