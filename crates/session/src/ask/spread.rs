//! Many requests at once: who answered how many of them, and how the others ended.

use api::arrange::Arrange;
use cluster::network::{Action, Candidate, Place, Trace, Verdict};
use scene::{Ending, FigureId, Journey, Sign, Tone};

use super::Asked;

/// Who answered how many.
#[derive(Clone, PartialEq, Debug)]
pub struct Spread {
    /// `pod client to web:80, 100 times`
    pub title: String,
    /// How many there were.
    pub total: usize,
    /// One for each pod or way to fail: those that answered first, each sort by name.
    pub bars: Vec<Bar>,
    /// All of it in one sentence.
    pub words: String,
}

/// One of them.
#[derive(Clone, PartialEq, Debug)]
pub struct Bar {
    /// `pod web-1`, or a word such as `refused`.
    pub label: String,
    /// What more there is to say: why it got nothing.
    pub note: &'static str,
    /// How many.
    pub count: usize,
    /// How these ended.
    pub sign: Sign,
    /// Likewise.
    pub tone: Tone,
    /// The pod.
    pub figure: Option<FigureId>,
    /// One of them, to look at; `None` when there were none.
    pub sample: Option<usize>,
}

/// Counts them.
#[must_use]
pub fn spread(asked: &Asked) -> Spread {
    let mut bars: Vec<Bar> = Vec::new();
    for (at, journey) in asked.journeys.iter().enumerate() {
        let (ending, pod) = (ending(journey), journey.request.as_ref().and_then(|trace| server(trace)));
        let word = ending.word();
        let (label, figure) = match (&pod, ending) {
            (Some(place), Ending::Answered(_)) => (name(place), figure(place)),
            (Some(place), _) => (format!("{}: {word}", name(place)), figure(place)),
            (None, _) => (word, None),
        };
        match bars.iter_mut().find(|bar| bar.label == label) {
            Some(bar) => bar.count += 1,
            None => bars.push(Bar {
                label,
                note: "",
                count: 1,
                sign: ending.sign(),
                tone: ending.tone(),
                figure,
                sample: Some(at),
            }),
        }
    }
    for candidate in
        asked.journeys.iter().filter_map(|journey| journey.request.as_ref()).flat_map(|trace| candidates(trace))
    {
        let Some(pod) = &candidate.pod else { continue };
        let figure = FigureId::of(pod);
        if bars.iter().any(|bar| bar.figure.as_ref() == Some(&figure)) {
            continue;
        }
        let (note, tone) = match candidate.verdict {
            Verdict::Chosen | Verdict::Eligible => ("chance did not fall on it", Tone::Plain),
            Verdict::NotReady => ("not ready", Tone::Waiting),
            Verdict::Terminating => ("terminating", Tone::Leaving),
            Verdict::NotLocal => ("on another node", Tone::Waiting),
            Verdict::NotHinted => ("meant for clients elsewhere", Tone::Plain),
        };
        let label = format!("pod {}", pod.name);
        bars.push(Bar { label, note, count: 0, sign: Sign::BrokenRing, tone, figure: Some(figure), sample: None });
    }
    bars.arrange_by(|a, b| {
        (a.tone != Tone::Good, a.count == 0, &a.label).cmp(&(b.tone != Tone::Good, b.count == 0, &b.label))
    });
    let total = asked.journeys.len();
    let parts: Vec<String> = bars
        .iter()
        .map(|bar| match bar.note {
            "" => format!("{} {}", bar.label, bar.count),
            note => format!("{} none ({note})", bar.label),
        })
        .collect();
    let words = format!("Of {total} requests: {}.", parts.join(", "));
    Spread { title: format!("{}, {total} times", asked.title), total, bars, words }
}

fn ending(journey: &Journey) -> Ending {
    match (&journey.unknown, &journey.request) {
        (None, Some(trace)) => Ending::of(&trace.outcome),
        _ => Ending::Unresolved,
    }
}

/// Who took a request, or where it was when somebody said no to it.
fn server(trace: &Trace) -> Option<Place> {
    let delivered = trace.hops.iter().rev().find(|hop| matches!(hop.action, Action::Deliver { .. }));
    let refused = trace.hops.last().filter(|hop| matches!(hop.action, Action::Refuse(_)));
    delivered.or(refused).map(|hop| hop.place.clone()).filter(|place| matches!(place, Place::Pod(_)))
}

fn name(place: &Place) -> String {
    match place {
        Place::Pod(key) => format!("pod {}", key.name),
        _ => String::new(),
    }
}

fn figure(place: &Place) -> Option<FigureId> {
    match place {
        Place::Pod(key) => Some(FigureId::of(key)),
        _ => None,
    }
}

fn candidates(trace: &Trace) -> impl Iterator<Item = &Candidate> {
    trace.hops.iter().flat_map(|hop| match &hop.action {
        Action::Translate { candidates, .. } | Action::Relay { candidates, .. } => candidates.as_slice(),
        _ => &[],
    })
}
