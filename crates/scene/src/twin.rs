//! The scene as sentences: what exists, what is connected, what is broken and why.

use api::Object;
use cluster::explain::{Backend, State};

use crate::figure::{Figure, FigureId, Shape, Tone};
use crate::look::{Look, display_name};
use crate::verdict;

/// One sentence, and the figure it is about.
#[derive(Clone, PartialEq, Debug)]
pub struct Sentence {
    /// Its words.
    pub text: String,
    /// What it tells of.
    pub tone: Tone,
    /// The figure it is about.
    pub about: FigureId,
}

/// The scene in sentences: machines, what runs on them, then every Service with what is behind it.
#[must_use]
pub fn sentences(look: &Look<'_>, figures: &[Figure]) -> Vec<Sentence> {
    let of = |shape: Shape| figures.iter().filter(move |figure| figure.shape == shape);
    let plain =
        |figure: &Figure| Sentence { text: format!("{}.", figure.words), tone: figure.tone, about: figure.id.clone() };
    let mut sentences: Vec<Sentence> = of(Shape::Device).map(plain).collect();
    sentences.extend(of(Shape::Machine).map(plain));
    sentences.extend(of(Shape::Process).map(plain));
    sentences.extend(of(Shape::Crowd).map(plain));
    for figure in of(Shape::FrontDoor) {
        sentences.push(plain(figure));
        let service = figure.object.as_ref().and_then(|key| look.cluster.store().get(key));
        for port in service.map(|service| api::service::ports(service)).unwrap_or_default() {
            let Some(service) = service else { continue };
            let backends = look.backends(service, &port);
            if backends.len() > MOST {
                sentences.push(many(service, port.port, &backends, &figure.id));
                continue;
            }
            for backend in backends {
                let whom = backend.pod.as_ref().map_or_else(String::new, |pod| format!("pod {} at ", pod.name));
                sentences.push(Sentence {
                    text: format!(
                        "Service {} port {} leads to {whom}{}:{}, {}.",
                        display_name(service),
                        port.port,
                        backend.ip,
                        backend.port,
                        backend.state.words()
                    ),
                    tone: verdict::tone(backend.state),
                    about: figure.id.clone(),
                });
            }
        }
    }
    sentences.extend(hidden(look));
    sentences
}

/// More endpoints than this are counted rather than told one by one.
const MOST: usize = 24;

fn many(service: &Object, port: u16, backends: &[Backend], about: &FigureId) -> Sentence {
    let ready = backends.iter().filter(|backend| backend.state == State::Ready).count();
    let tone = if ready == backends.len() { Tone::Good } else { Tone::Waiting };
    let text = format!(
        "Service {} port {port} leads to {} endpoints, {ready} of them ready.",
        display_name(service),
        backends.len()
    );
    Sentence { text, tone, about: about.clone() }
}

/// What is there and not in the picture, said rather than silent.
fn hidden(look: &Look<'_>) -> Option<Sentence> {
    let count = |kind| look.cluster.list(kind, None).filter(|object| !look.shows(object)).count();
    let (pods, services) = (count(&api::pod::KIND), count(&api::service::KIND));
    let plural = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    (pods + services > 0).then(|| Sentence {
        text: format!("Not shown: {} and {} of the cluster's own.", plural(services, "Service"), plural(pods, "pod")),
        tone: Tone::Plain,
        about: FigureId::cluster(),
    })
}

/// What is wrong in one line, or that nothing is.
#[must_use]
pub fn summary(look: &Look<'_>) -> (Tone, String) {
    let services: Vec<_> = look.services().collect();
    let said: Vec<(Tone, String)> = services
        .iter()
        .map(|service| {
            let (tone, words) = verdict::of_service(look, service);
            (tone, format!("Service {}: {words}.", display_name(service)))
        })
        .collect();
    let worst = said.iter().map(|(tone, _)| *tone).max().unwrap_or_default();
    let count = look.pods().count();
    match said.as_slice() {
        [] if count == 0 => (Tone::Plain, "The cluster is empty.".to_owned()),
        [] => (Tone::Plain, format!("{count} pods, no Service.")),
        [(tone, one)] => (*tone, one.clone()),
        many => {
            let of_worst: Vec<&str> =
                many.iter().filter(|(tone, _)| *tone == worst).map(|(_, words)| words.as_str()).collect();
            let text = if worst <= Tone::Good {
                format!("{} Services, all with endpoints.", many.len())
            } else {
                of_worst.join(" ")
            };
            (worst, text)
        }
    }
}
