//! The way from a Service's name to what is wrong with it, on any cluster: the stations of Kubernetes' guide to debugging
//! Services, walked until one says no.
//!
//! Each station says which command shows the same to a person, what is found, and what to do. The guide asks the Service's
//! address early, which only says *that* something is wrong; here, every station before it can name a cause.

mod stations;

use std::sync::Arc;

use api::{Object, ObjectKey};
use cluster::Cluster;
use cluster::explain::Fix;
use cluster::network::Vantage;

use crate::reference::Sender;
use stations::STATIONS;

/// One station of a walk.
#[derive(Clone, PartialEq, Debug)]
pub struct Station {
    /// What is asked there.
    pub asks: &'static str,
    /// The command that shows it.
    pub command: String,
    /// What is found, in one sentence without a full stop.
    pub found: String,
    /// Whether all is well there. Only the last station of a walk can say no.
    pub fine: bool,
    /// What to do, if it is not.
    pub advice: String,
    /// The one change of one field that mends it, where that is enough.
    pub fix: Option<Fix>,
}

/// Walks towards a Service and stops at the first station that says no. Who asks is a pod that is there, or a new one in the
/// Service's namespace. Nothing of it shows in the cluster.
#[must_use]
pub fn walk(cluster: &Cluster, asker: Option<&ObjectKey>, namespace: &str, name: &str) -> Vec<Station> {
    let mut fork = cluster.clone();
    let sender = Sender::New { namespace: namespace.to_owned(), labels: std::collections::BTreeMap::new() };
    let from = match asker {
        Some(pod) => Vantage::Pod { namespace: Arc::clone(&pod.namespace), name: Arc::clone(&pod.name) },
        // A cluster in which no pod can start is asked from a node.
        None => sender.enter(&mut fork).unwrap_or_else(|_| {
            fork = cluster.clone();
            let node = cluster.settings().nodes.first().map_or_else(String::new, |node| node.name.clone());
            Vantage::Node(node.as_str().into())
        }),
    };
    let key = ObjectKey::new(&api::service::KIND, namespace, name);
    let case = Case { cluster, fork, from, asker, service: cluster.store().get(&key).cloned(), key };
    let mut walked = Vec::new();
    for (asks, station) in STATIONS {
        let Some(found) = station(&case) else { continue };
        let Found { command, words, fine, advice, fix } = found;
        walked.push(Station { asks, command, found: words, fine, advice, fix });
        if !fine {
            break;
        }
    }
    walked
}

/// What a station looks at.
struct Case<'a> {
    cluster: &'a Cluster,
    /// A fork with somebody to ask from.
    fork: Cluster,
    from: Vantage,
    /// The pod that asks, if it is one that is there.
    asker: Option<&'a ObjectKey>,
    key: ObjectKey,
    service: Option<Arc<Object>>,
}

/// What a station found.
#[derive(Default)]
struct Found {
    command: String,
    words: String,
    fine: bool,
    advice: String,
    fix: Option<Fix>,
}

impl Found {
    fn fine(command: String, words: impl Into<String>) -> Self {
        Self { command, words: words.into(), fine: true, ..Self::default() }
    }

    fn wrong(command: String, words: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { command, words: words.into(), advice: advice.into(), ..Self::default() }
    }
}
