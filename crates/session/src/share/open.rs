//! What an address brings when it is opened: a scene that somebody gave away, a scene of the gallery, manifests, a lesson.
//! Hostile until decoded. What the learner had is put aside, and the page offers to bring it back.

use cluster::Settings;

use super::{letters, link, typed};
use crate::course::{self, CourseMsg};
use crate::editor::FILE;
use crate::model::Model;
use crate::panel::lab;
use crate::saved;
use crate::update::Effect;

/// More letters than this are no manifests of a page.
const MOST_MANIFESTS: usize = 256 * 1024;

/// Opens what a fragment asks for; one of another kind is for the course.
pub(crate) fn open(model: &mut Model, fragment: &str) -> Vec<Effect> {
    match link::read(fragment) {
        Ok(Some(scene)) => return scene_of(model, scene),
        Ok(None) => {}
        Err(words) => {
            model.trouble = Some(words.to_owned());
            return Vec::new();
        }
    }
    if let Some(id) = fragment.strip_prefix("#scene=") {
        return vec![Effect::OpenScene(
            id.chars().filter(|sign| sign.is_ascii_alphanumeric() || *sign == '-').collect(),
        )];
    }
    let Some(packed) = fragment.strip_prefix("#yaml=") else {
        return course::update(model, CourseMsg::Fragment(fragment.to_owned()));
    };
    match letters::read(packed, MOST_MANIFESTS).and_then(|bytes| String::from_utf8(bytes).ok()) {
        Some(text) => {
            let files = vec![(FILE.to_owned(), text)];
            scene_of(model, link::Scene { seed: model.seed, files, ..link::Scene::default() })
        }
        None => {
            model.trouble = Some("These manifests cannot be read: the address is damaged.".to_owned());
            Vec::new()
        }
    }
}

pub(super) fn scene_of(model: &mut Model, scene: link::Scene) -> Vec<Effect> {
    let link::Scene { seed, lab, away, at, lines, files } = scene;
    let mut effects = course::put_away(model);
    effects.push(model.replace_files(files));
    model.seed = seed;
    model.rebuild(lab::of_answers(Settings { seed, ..Settings::default() }, &lab));
    (model.panel, model.task) = (None, None);
    model.console.clear();
    typed::again(model, lines, at);
    effects.push(Effect::Arrange { manifest_away: away[0], terminal_away: away[1] });
    effects.push(Effect::Store(saved::encode(&model.saved())));
    effects
}
