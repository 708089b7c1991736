//! What checks that send have in common: a program asks from somewhere on a fork, and the traces say what came of it.

use std::sync::Arc;

use cluster::Cluster;
use cluster::network::{Action, Outcome, Place, Protocol, Refusal, Reply, Trace, Vantage};
use shell::Host;
use shell::terminal::{Run, run_command};

/// Seconds after which who asks gives up.
const PATIENCE: u64 = 3;

/// What came of one request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Seen {
    /// The name has no address.
    Unresolved,
    /// Somebody said no.
    Refused(Refusal),
    /// Nobody answered in time.
    Timeout,
    /// Somebody answered.
    Answer {
        /// The status, when it was HTTP.
        status: Option<u16>,
        /// What it said.
        body: String,
        /// The pod that answered, if it was one.
        pod: Option<String>,
    },
}

impl Seen {
    /// It in words: what the caller sees. Why it is so is for the learner to find out.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Unresolved => "the name has no address there".to_owned(),
            Self::Refused(Refusal::NoEndpoints | Refusal::Reset | Refusal::NoSuchPort) => "refused at once".to_owned(),
            Self::Refused(Refusal::Closed) => "the connection was closed".to_owned(),
            Self::Refused(_) => "there is no way to that address".to_owned(),
            Self::Timeout => "no answer within three seconds".to_owned(),
            Self::Answer { status, pod, .. } => {
                let status = status.map(|status| format!(" {status}")).unwrap_or_default();
                let pod = pod.as_ref().map(|pod| format!(" from pod {pod}")).unwrap_or_default();
                format!("answered{status}{pod}")
            }
        }
    }
}

/// Fetches an address once, as a program there would. Time passes in the fork.
pub(super) fn fetch(fork: &mut Cluster, from: &Vantage, url: &str, host: Option<&str>) -> Seen {
    let mut argv: Vec<String> = ["wget", "-q", "-T", "3", "-O", "-"].map(str::to_owned).to_vec();
    if let Some(host) = host {
        argv.extend(["--header".to_owned(), format!("Host: {host}")]);
    }
    argv.push(url.replacen("tcp://", "http://", 1));
    let traces = run(fork, from, argv);
    let sent = traces.iter().rev().find(|trace| trace.traffic.protocol == Protocol::Tcp);
    sent.map_or(Seen::Unresolved, |trace| seen(trace))
}

/// Runs a program there and returns the traces it left.
pub(super) fn run(fork: &mut Cluster, from: &Vantage, argv: Vec<String>) -> Vec<Arc<Trace>> {
    let before = fork.traces().len();
    let limit = 30_000_000;
    run_command(fork, argv, &Run { from: from.clone(), host: Host::Busybox, limit, ..Run::default() });
    fork.traces().get(before..).unwrap_or_default().to_vec()
}

fn seen(trace: &Trace) -> Seen {
    match &trace.outcome {
        Outcome::Lost => Seen::Timeout,
        Outcome::Refused(refusal) => Seen::Refused(*refusal),
        Outcome::Answered(_) if trace.took() > PATIENCE * 1_000_000 => Seen::Timeout,
        Outcome::Answered(reply) => {
            let (status, body) = match reply {
                Reply::Http(response) => (Some(response.status), String::from_utf8_lossy(&response.body).into_owned()),
                _ => (None, String::new()),
            };
            let delivered = trace.hops.iter().rev().find(|hop| matches!(hop.action, Action::Deliver { .. }));
            let pod = delivered.and_then(|hop| match &hop.place {
                Place::Pod(pod) => Some(pod.name.to_string()),
                _ => None,
            });
            Seen::Answer { status, body, pod }
        }
    }
}
