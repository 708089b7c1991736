//! The rest of the world's names: `example.com`, and nothing else.

use std::net::Ipv4Addr;

use super::{Answer, Data, Question, Rcode, Record, RecordType, TTL};

/// The one zone there is, and the address of its hosts.
const ZONE: &str = "example.com";
const HOSTS: [&str; 2] = [ZONE, "www.example.com"];
const ADDRESS: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 80);

pub(super) fn answer(question: &Question) -> Answer {
    let name = &question.name;
    let inside = **name == *ZONE || name.strip_suffix(ZONE).is_some_and(|rest| rest.ends_with('.'));
    if !inside {
        return Answer::nothing(Rcode::NxDomain, root());
    }
    match (HOSTS.contains(&&**name), question.record) {
        (true, RecordType::A) => {
            Answer::records(vec![Record { name: name.clone(), ttl: TTL, data: Data::A(ADDRESS) }], None)
        }
        (true, _) => Answer::nothing(Rcode::NoError, zone()),
        (false, _) => Answer::nothing(Rcode::NxDomain, zone()),
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
    Record { name: "".into(), ttl: TTL, data }
}
