//! What happened, as marks on virtual time: what the learner did, what the cluster made of it, and requests.

use api::arrange::Arrange;
use cluster::store::{Change, WatchEvent};
use cluster::{Cluster, Instant};
use scene::{Ending, Tone};

use super::time_of_day;

/// Everything that happened so far.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Timeline {
    /// The end of what it shows: a little after the newest moment, so that it does not move all the time.
    pub end: Instant,
    /// Marks, lane by lane, oldest first.
    pub marks: Vec<Mark>,
    /// The newest of them in sentences, newest first.
    pub words: Vec<(Instant, String)>,
}

/// What a mark is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Lane {
    /// What the learner did.
    You,
    /// What the cluster did.
    Cluster,
    /// What was sent.
    Requests,
}

/// One thing that happened, or several at about the same time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mark {
    /// When, the last of them.
    pub at: Instant,
    /// What it is about.
    pub lane: Lane,
    /// The worst of them.
    pub tone: Tone,
    /// What happened first, in words.
    pub text: String,
    /// How many there are.
    pub count: usize,
}

/// So many marks stand side by side at most.
const COLUMNS: u64 = 120;
/// So many sentences are kept.
const MOST_WORDS: usize = 40;

/// What happened in a cluster since `born`, the revision that it was handed over with.
#[must_use]
pub fn timeline(cluster: &Cluster, born: u64) -> Timeline {
    let step = step(cluster.now());
    let end = Instant((cluster.now().0 / step + 1) * step);
    let mut marks: Vec<Mark> = Vec::new();
    let mut said: Vec<(Instant, String)> = Vec::new();
    let mut last: [Option<usize>; 3] = [None; 3];
    let mut add = |at: Instant, lane: Lane, tone: Tone, text: &dyn Fn() -> String| {
        let slot = &mut last[lane as usize];
        if let Some(mark) = slot.and_then(|index| marks.get_mut(index)).filter(|mark| mark.at.0 / step == at.0 / step) {
            (mark.at, mark.tone, mark.count) = (at, mark.tone.max(tone), mark.count + 1);
        } else {
            *slot = Some(marks.len());
            marks.push(Mark { at, lane, tone, text: text(), count: 1 });
        }
    };
    let log = cluster.store().log();
    let from = log.partition_point(|event| event.revision <= born);
    let changes = log.get(from..).unwrap_or_default();
    for event in changes {
        let (lane, tone) = kind(event);
        add(event.at, lane, tone, &|| words(event));
    }
    for trace in cluster.traces() {
        let tone = Ending::of(&trace.outcome).tone();
        add(trace.at, Lane::Requests, tone, &|| request(trace));
    }
    said.extend(changes.iter().rev().take(MOST_WORDS).map(|event| (event.at, words(event))));
    said.extend(cluster.traces().iter().rev().take(MOST_WORDS).map(|trace| (trace.at, request(trace))));
    said.arrange_by_key(|(at, _)| std::cmp::Reverse(*at));
    said.truncate(MOST_WORDS);
    for (at, text) in &mut said {
        *text = format!("{} {text}", time_of_day(*at));
    }
    Timeline { end, marks, words: said }
}

/// The moment of the mark next to a moment, before or after it.
#[must_use]
pub fn next(timeline: &Timeline, from: Instant, forward: bool) -> Option<Instant> {
    let all = timeline.marks.iter().map(|mark| mark.at);
    if forward { all.filter(|at| *at > from).min() } else { all.filter(|at| *at < from).max() }
}

/// Microseconds from mark to mark: a round number of which the whole has at most [`COLUMNS`].
fn step(now: Instant) -> u64 {
    let round = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600].map(|tenths| tenths * 100_000);
    let needed = now.0 / COLUMNS;
    round.into_iter().find(|step| *step >= needed).unwrap_or(needed.max(1))
}

fn kind(event: &WatchEvent) -> (Lane, Tone) {
    if *event.key.kind == api::event::KIND {
        let bad = event.object.str(&["type"]) == "Warning";
        return (Lane::Cluster, if bad { Tone::Bad } else { Tone::Plain });
    }
    match event.cause {
        None => (Lane::You, Tone::Plain),
        Some(_) => (Lane::Cluster, Tone::Plain),
    }
}

/// A change in words: `kubelet changed pod web`.
#[must_use]
pub fn words(event: &WatchEvent) -> String {
    let object = &event.object;
    if *event.key.kind == api::event::KIND {
        let about = format!("{} {}", object.str(&["involvedObject", "kind"]), object.str(&["involvedObject", "name"]));
        return format!("{about}: {} ({})", object.str(&["message"]), object.str(&["reason"]));
    }
    let did = match event.change {
        Change::Added => "made",
        Change::Modified => "changed",
        Change::Deleted => "deleted",
    };
    let who = if event.cause.is_none() { "you" } else { &*event.actor };
    format!("{who} {did} {} {}", event.key.kind.kind, event.key.name)
}

fn request(trace: &cluster::network::Trace) -> String {
    let traffic = &trace.traffic;
    let to = traffic.to;
    let from = match &traffic.from {
        cluster::network::Vantage::Pod { name, .. } => format!("pod {name}"),
        cluster::network::Vantage::Node(name) => format!("node {name}"),
        cluster::network::Vantage::Laptop => "your laptop".to_owned(),
        cluster::network::Vantage::Internet => "the internet".to_owned(),
    };
    format!("request from {from} to {to}: {}", Ending::of(&trace.outcome).word())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_never_more_columns_than_fit() {
        for seconds in [0, 1, 30, 600, 40_000, 4_000_000] {
            let now = Instant::from_millis(seconds * 1000);
            assert!(now.0 / step(now) <= COLUMNS, "{seconds}");
        }
        assert_eq!(step(Instant::from_millis(20_000)), 200_000);
    }

    #[test]
    fn what_happened_stands_in_its_lane_and_in_words() {
        let mut cluster = Cluster::default();
        let born = cluster.store().revision();
        let object =
            api::json!({"metadata": {"name": "web"}, "spec": {"containers": [{"name": "c", "image": "nginx"}]}});
        let request = cluster::Request::Create {
            kind: &api::pod::KIND,
            namespace: "default".into(),
            object,
            options: cluster::WriteOptions::by("test"),
        };
        cluster.submit(request).unwrap_or_else(|status| panic!("{status:?}"));
        cluster.settle(20_000_000);
        let timeline = timeline(&cluster, born);
        let lanes: Vec<Lane> = timeline.marks.iter().map(|mark| mark.lane).collect();
        assert_eq!((lanes[0], timeline.marks[0].text.as_str()), (Lane::You, "you made Pod web"));
        assert!(lanes[1..].iter().all(|lane| *lane == Lane::Cluster) && lanes.len() > 2, "{lanes:?}");
        assert!(timeline.words.iter().any(|(_, text)| text.contains("Container started")), "{:?}", timeline.words);
        let first = timeline.marks[0].at;
        let second = next(&timeline, first, true).unwrap_or_default();
        assert!(second > first && next(&timeline, second, false) == Some(first));
        assert!(timeline.end > cluster.now());
    }
}
