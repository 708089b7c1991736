//! The course in the language of the page: its map, and the lesson that is open. Each language is fetched apart, and only by
//! those who read it; what is not there in it stays English.

use std::sync::Arc;

use course::{Index, Lesson};

use super::INDEX;
use super::fetching::NotFetched;
use crate::model::Model;
use crate::update::Effect;

/// The language that everything can be had in.
const ENGLISH: &str = "en";

/// What is read in which language.
#[derive(Debug, Default)]
pub(super) struct Telling {
    /// The page's language; empty for English.
    language: String,
    /// The map in that language, once it is there.
    pub(super) index: Option<Index>,
    /// The words of the open lesson on their way.
    coming: Option<Coming>,
}

/// The words of a lesson on their way.
#[derive(Debug)]
struct Coming {
    language: String,
    folder: String,
    texts: [Option<String>; 2],
}

impl Coming {
    fn addresses(&self) -> [String; 2] {
        let Self { language, folder, .. } = self;
        [format!("{folder}/lesson.{language}.yaml"), format!("{folder}/text.{language}.md")]
    }
}

impl Telling {
    pub(super) fn is_english(&self) -> bool {
        self.language.is_empty()
    }

    pub(super) fn is_coming(&self) -> bool {
        self.coming.is_some()
    }

    fn index_address(&self) -> String {
        INDEX.replace(".yaml", &format!(".{}.yaml", self.language))
    }
}

/// The page speaks another language from now on.
pub(super) fn speak(model: &mut Model, language: &str) -> Vec<Effect> {
    let language = if language == ENGLISH { "" } else { language };
    let telling = &mut model.course.telling;
    if telling.language == language {
        return Vec::new();
    }
    *telling = Telling { language: language.to_owned(), ..Telling::default() };
    [retell_map(model), retell(model)].concat()
}

/// Fetches the map's words, once there is a map.
pub(super) fn retell_map(model: &Model) -> Vec<Effect> {
    let telling = &model.course.telling;
    let wanted = model.course.index.is_some() && telling.index.is_none() && !telling.is_english();
    wanted.then(|| Effect::Fetch(telling.index_address())).into_iter().collect()
}

/// Fetches the words of the lesson that is open, if it can be had in the page's language.
pub(super) fn retell(model: &mut Model) -> Vec<Effect> {
    let course = &mut model.course;
    let Some(desk) = &mut course.desk else { return Vec::new() };
    let language = &course.telling.language;
    if desk.attempt.lesson().language == *language {
        return Vec::new();
    }
    let Some(folder) = desk.folder().filter(|_| desk.english.languages.contains(language)) else {
        if !desk.attempt.lesson().language.is_empty() {
            let english = Arc::clone(&desk.english);
            desk.retell(english);
            course.serial += 1;
        }
        return Vec::new();
    };
    let coming = Coming { language: language.clone(), folder, texts: [None, None] };
    let effects = coming.addresses().map(Effect::Fetch).to_vec();
    course.telling.coming = Some(coming);
    effects
}

/// Takes a file that holds words of this language. Returns whether it was one.
pub(super) fn take(model: &mut Model, address: &str, text: &Result<String, NotFetched>) -> bool {
    let course = &mut model.course;
    if !course.telling.is_english() && course.telling.index_address() == address {
        if let (Some(index), Ok(text)) = (&course.index, text) {
            // Words that do not fit are left out: the map can be read without them.
            course.telling.index = index.in_language(&course.telling.language, text).ok();
        }
        return true;
    }
    let Some(coming) = &mut course.telling.coming else { return false };
    let Some(at) = coming.addresses().iter().position(|known| known == address) else { return false };
    match text {
        Ok(text) => coming.texts[at] = Some(text.clone()),
        Err(why) => {
            course.trouble =
                format!("This lesson stays in English: its {} {why}", address.rsplit('/').next().unwrap_or(address));
            course.telling.coming = None;
            return true;
        }
    }
    if coming.texts.iter().all(Option::is_some) {
        arrive(model);
    }
    true
}

fn arrive(model: &mut Model) {
    let course = &mut model.course;
    let (Some(coming), Some(desk)) = (course.telling.coming.take(), &mut course.desk) else { return };
    // Another lesson may be open by now.
    if desk.folder().as_ref() != Some(&coming.folder) {
        return;
    }
    let [words, text] = coming.texts.map(Option::unwrap_or_default);
    match desk.english.in_language(&coming.language, &words, &text) {
        Ok(lesson) => {
            desk.retell(Arc::new(lesson));
            course.serial += 1;
        }
        Err(problems) => {
            let why = problems.first().map(ToString::to_string).unwrap_or_default();
            course.trouble = format!("This lesson stays in English: {why}");
        }
    }
}

/// Whether a lesson is shown in another language than the page's, because it is not there in that.
pub(super) fn is_foreign(telling: &Telling, lesson: &Lesson) -> bool {
    !telling.is_coming() && telling.language != lesson.language
}
