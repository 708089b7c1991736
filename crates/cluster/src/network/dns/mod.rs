//! What cluster DNS answers: questions, records, and the two servers behind one address.
//!
//! Models CoreDNS with its `kubernetes` plugin (ttl 30, `pods insecure`); what is not of the cluster is forwarded.

mod kubernetes;
mod outside;

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use api::ObjectKey;

use super::OutsideHost;
use crate::Cluster;
use crate::store::Store;

/// The domain of the cluster.
pub const CLUSTER_DOMAIN: &str = "cluster.local";

/// Seconds that an answer may be kept.
pub const TTL: u32 = 30;

/// A question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// The full name without its last dot.
    pub name: Arc<str>,
    /// What is asked for.
    pub record: RecordType,
}

impl Question {
    /// A question for a name; its last dot and its case do not matter.
    #[must_use]
    pub fn new(name: &str, record: RecordType) -> Self {
        Self { name: name.trim_end_matches('.').to_ascii_lowercase().into(), record }
    }
}

/// The types of record that clients ask for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum RecordType {
    /// IPv4 addresses.
    A,
    /// IPv6 addresses; this cluster has none.
    Aaaa,
    /// Everything; CoreDNS answers as to an unknown type.
    Any,
    /// The name that this one stands for.
    Cname,
    /// Mail.
    Mx,
    /// Name servers.
    Ns,
    /// The name of an address.
    Ptr,
    /// The zone.
    Soa,
    /// Port and host of a service.
    Srv,
    /// Text.
    Txt,
}

impl RecordType {
    /// The word in zone files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::Aaaa => "AAAA",
            Self::Any => "ANY",
            Self::Cname => "CNAME",
            Self::Mx => "MX",
            Self::Ns => "NS",
            Self::Ptr => "PTR",
            Self::Soa => "SOA",
            Self::Srv => "SRV",
            Self::Txt => "TXT",
        }
    }

    /// The type of a word, in any case.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        const ALL: [RecordType; 10] = [
            RecordType::A,
            RecordType::Aaaa,
            RecordType::Any,
            RecordType::Cname,
            RecordType::Mx,
            RecordType::Ns,
            RecordType::Ptr,
            RecordType::Soa,
            RecordType::Srv,
            RecordType::Txt,
        ];
        ALL.into_iter().find(|record| record.as_str().eq_ignore_ascii_case(word))
    }
}

/// One record of an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// Its name without the last dot.
    pub name: Arc<str>,
    /// Seconds that it may be kept.
    pub ttl: u32,
    /// What it says.
    pub data: Data,
}

/// What a record says. Names have no last dot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Data {
    /// An address.
    A(Ipv4Addr),
    /// An address.
    Aaaa(Ipv6Addr),
    /// Another name.
    Cname(Arc<str>),
    /// The name of an address.
    Ptr(Arc<str>),
    /// Where a service is.
    Srv {
        /// Lower is tried first.
        priority: u16,
        /// The share among equals.
        weight: u16,
        /// The port.
        port: u16,
        /// The host.
        target: Arc<str>,
    },
    /// Text.
    Txt(Arc<str>),
    /// The zone that says no.
    Soa {
        /// Its first server.
        server: Arc<str>,
        /// Its keeper's address, as a name.
        mailbox: Arc<str>,
        /// Its version.
        serial: u32,
        /// Refresh, retry, expire and minimum, in seconds.
        times: [u32; 4],
    },
}

impl Data {
    /// The type of a record with this data.
    #[must_use]
    pub fn record_type(&self) -> RecordType {
        match self {
            Self::A(_) => RecordType::A,
            Self::Aaaa(_) => RecordType::Aaaa,
            Self::Cname(_) => RecordType::Cname,
            Self::Ptr(_) => RecordType::Ptr,
            Self::Srv { .. } => RecordType::Srv,
            Self::Txt(_) => RecordType::Txt,
            Self::Soa { .. } => RecordType::Soa,
        }
    }
}

/// How an answer is meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rcode {
    /// The name is there, perhaps without records of the type.
    NoError,
    /// There is no such name (`NXDOMAIN`).
    NxDomain,
    /// The server could not find out.
    ServFail,
    /// The server does not want to.
    Refused,
}

impl Rcode {
    /// The word that tools print.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoError => "NOERROR",
            Self::NxDomain => "NXDOMAIN",
            Self::ServFail => "SERVFAIL",
            Self::Refused => "REFUSED",
        }
    }
}

/// An answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// How it is meant.
    pub rcode: Rcode,
    /// The records that answer.
    pub answers: Vec<Record>,
    /// The zone that says that there is nothing.
    pub authority: Vec<Record>,
    /// Addresses of hosts that the answer names.
    pub additional: Vec<Record>,
    /// The object behind it.
    pub because: Option<ObjectKey>,
}

impl Answer {
    /// The IPv4 addresses among the answers, in order.
    #[must_use]
    pub fn addresses(&self) -> Vec<Ipv4Addr> {
        let address = |record: &Record| match record.data {
            Data::A(ip) => Some(ip),
            _ => None,
        };
        self.answers.iter().filter_map(address).collect()
    }

    /// Whether there is nothing to answer with: no such name, or none of the type.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }

    /// A bare answer code.
    #[must_use]
    pub fn empty(rcode: Rcode) -> Self {
        Self { rcode, ..Self::records(Vec::new(), None) }
    }

    fn records(answers: Vec<Record>, because: Option<ObjectKey>) -> Self {
        Self { rcode: Rcode::NoError, answers, authority: Vec::new(), additional: Vec::new(), because }
    }

    fn nothing(rcode: Rcode, zone: Record) -> Self {
        Self { rcode, authority: vec![zone], ..Self::records(Vec::new(), None) }
    }
}

/// What a name server looks at.
#[derive(Clone, Copy)]
pub(crate) struct World<'a> {
    store: &'a Store,
    hosts: &'a [OutsideHost],
    /// In seconds since the Unix epoch: the zone's serial.
    now: i64,
    /// How many names have stood for another so far.
    depth: u8,
}

/// From how many names on a chain is not followed. Models CoreDNS `plugin/backend_lookup.go`.
const LONGEST_CHAIN: u8 = 8;

/// What the cluster's name server answers.
#[must_use]
pub fn answer(cluster: &Cluster, question: &Question) -> Answer {
    let (store, hosts, now) = (cluster.store(), &cluster.settings().outside[..], cluster.now().unix_seconds());
    World { store, hosts, now, depth: 0 }.answer(question)
}

impl World<'_> {
    fn answer(self, question: &Question) -> Answer {
        kubernetes::answer(self, question).unwrap_or_else(|| kept(outside::answer(self.hosts, question)))
    }
}

/// An answer from elsewhere as the cluster's server hands it on: it keeps nothing longer than its own.
fn kept(mut answer: Answer) -> Answer {
    for record in answer.answers.iter_mut().chain(&mut answer.authority).chain(&mut answer.additional) {
        record.ttl = record.ttl.min(TTL);
    }
    answer
}

/// What a name server outside the cluster answers: it knows nothing of Services.
#[must_use]
pub fn answer_outside(cluster: &Cluster, question: &Question) -> Answer {
    outside::answer(&cluster.settings().outside, question)
}
