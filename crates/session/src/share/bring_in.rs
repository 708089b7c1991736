//! A real cluster's objects as the learner's files.

use super::link::Scene;
use super::open::scene_of;
use crate::bring::{self, Remark};
use crate::editor::FILE;
use crate::model::Model;
use crate::update::Effect;

/// What came of it: what is not as it was there, or why nothing could be brought.
pub(crate) type BroughtIn = Result<Vec<Remark>, String>;

/// Puts them in place of the learner's files, which are put aside, on a cluster that is new.
pub(crate) fn bring_in(model: &mut Model, text: &str) -> Vec<Effect> {
    match bring::bring(text) {
        Ok(brought) => {
            let files = vec![(FILE.to_owned(), brought.text)];
            let scene = Scene { seed: model.seed, files, ..Scene::default() };
            let effects = scene_of(model, scene);
            model.brought = Some(Ok(brought.remarks));
            effects
        }
        Err(why) => {
            model.brought = Some(Err(why));
            Vec::new()
        }
    }
}
