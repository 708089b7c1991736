//! The gallery: small clusters to begin with, each with one thing to try. What there is stands in `public/scenes/index.txt`,
//! so the page downloads it when somebody looks.

use cluster::Settings;
use cluster::addons::{IngressController, LoadBalancerProvider};

use crate::model::Model;
use crate::{Effect, saved};

/// A scene of the gallery.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Card {
    /// Its file is `scenes/ID.yaml`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it shows, in a sentence.
    pub what: String,
    /// The one thing to try.
    pub task: String,
    /// A line for the terminal to begin with.
    pub command: String,
    /// What the cluster has beside Kubernetes: `cloud`, `ingress`.
    with: String,
}

/// What a learner does with the gallery.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum GalleryMsg {
    /// Make the cluster of a scene, and put its manifest in place of the learner's files.
    Open(Card, String),
    /// The task is done, or not of interest.
    CloseTask,
}

/// The scenes of an index: a line each, its parts apart by tabs. A line of another form is passed over.
#[must_use]
pub fn cards(index: &str) -> Vec<Card> {
    let card = |line: &str| {
        let mut parts = line.split('\t').map(str::to_owned);
        let mut next = || parts.next();
        Some(Card { id: next()?, title: next()?, what: next()?, task: next()?, command: next()?, with: next()? })
    };
    index.lines().filter_map(card).collect()
}

impl Card {
    fn settings(&self, seed: u64) -> Settings {
        let mut settings = Settings { seed, ..Settings::default() };
        for word in self.with.split(' ') {
            match word {
                "cloud" => settings.load_balancer = LoadBalancerProvider::Cloud,
                "ingress" => settings.ingress_controller = IngressController::Nginx,
                _ => {}
            }
        }
        settings
    }
}

/// Does what a message asks.
pub(crate) fn update(model: &mut Model, msg: GalleryMsg) -> Vec<Effect> {
    match msg {
        GalleryMsg::Open(card, text) => {
            let shown = model.replace_files(vec![(format!("{}.yaml", card.id), text)]);
            model.rebuild(card.settings(model.seed));
            model.panel = None;
            model.task = Some(card);
            vec![shown, Effect::Store(saved::encode(&model.saved()))]
        }
        GalleryMsg::CloseTask => {
            model.task = None;
            Vec::new()
        }
    }
}

impl Model {
    /// The scene that is being tried.
    #[must_use]
    pub fn task(&self) -> Option<Card> {
        self.task.clone()
    }

    /// Whether the cluster has nothing of the learner's.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let own = |figure: &scene::Figure| matches!(figure.shape, scene::Shape::Process | scene::Shape::FrontDoor);
        !self.shows_system() && !self.scene().figures.iter().any(own)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::{Msg, Severity};

    fn folder() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../public/scenes")
    }

    fn index() -> Vec<Card> {
        let text = fs::read_to_string(folder().join("index.txt")).unwrap();
        let cards = cards(&text);
        assert_eq!(cards.len(), text.lines().count(), "every line is a scene");
        cards
    }

    #[test]
    fn another_language_has_the_same_scenes() {
        let bones = |cards: Vec<Card>| -> Vec<_> { cards.into_iter().map(|c| (c.id, c.command, c.with)).collect() };
        let turkish = cards(&fs::read_to_string(folder().join("index.tr.txt")).unwrap());
        assert!(turkish.iter().all(|card| ![&card.title, &card.what, &card.task].iter().any(|words| words.is_empty())));
        assert_eq!(bones(turkish), bones(index()));
    }

    #[test]
    fn every_file_is_in_the_index() {
        let cards = index();
        let known: Vec<String> = cards.iter().map(|card| format!("{}.yaml", card.id)).collect();
        let files = fs::read_dir(folder()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        let files: Vec<String> = files.filter(|name| name.ends_with(".yaml")).collect();
        assert_eq!(files.len(), known.len());
        assert!(files.iter().all(|name| known.contains(name)), "{files:?} {known:?}");
    }

    #[test]
    fn every_scene_stands_without_a_complaint_and_its_command_does_what_it_is_for() {
        for card in index() {
            let text = fs::read_to_string(folder().join(format!("{}.yaml", card.id))).unwrap();
            let mut model = Model::new(None);
            crate::update(&mut model, Msg::Tick(0));
            crate::update(&mut model, Msg::Gallery(GalleryMsg::Open(card.clone(), text)));
            for second in 1..40 {
                crate::update(&mut model, Msg::Tick(second * 1000));
            }
            let worst: Vec<_> = model.diagnostics().into_iter().filter(|d| d.severity == Severity::Error).collect();
            assert_eq!(worst, [], "{}", card.id);
            assert!(model.status().current, "{}: {}", card.id, model.status().verdict);
            crate::update(&mut model, Msg::TerminalLine(card.command.clone()));
            for second in 40..60 {
                crate::update(&mut model, Msg::Tick(second * 1000));
            }
            let lines = model.console().lines().iter().skip(1);
            let said: String = lines.flat_map(|line| line.pieces.iter().map(|piece| piece.text.as_str())).collect();
            let want = match card.id.as_str() {
                "port-mapping" => "Welcome to nginx!",
                "several-ports" => "orders 42",
                "named-ports" => "found by name",
                "headless" => "Address: 10.244.",
                "by-name-and-variable" => "WEB_SERVICE_HOST=",
                "external-name" => "canonical name = www.example.com",
                "by-hand" => "Host: legacy",
                "ingress-paths" => "tea",
                "ingress-hosts" => "coffee",
                "readiness" => "",
                "policy" => "timed out",
                _ => "Hostname: ",
            };
            assert!(said.contains(want) && (want.is_empty() == said.is_empty()), "{}: {said}", card.id);
            assert_eq!(model.prompt(), "$ ", "{}", card.id);
        }
    }
}
