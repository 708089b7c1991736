//! `playground check FOLDER`: whether lessons keep what they promise.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use course::{Entry, Files, Index, Lesson, Problem, verify};

/// Checks a lesson's folder, or every lesson that a course's `index.yaml` names.
///
/// # Errors
/// What is wrong, lesson by lesson.
pub(crate) fn check(path: &str) -> Result<String, String> {
    let folder = Path::new(path);
    let single = folder.join("lesson.yaml").is_file();
    let folders = if single { vec![(folder.to_owned(), None)] } else { of_course(folder)? };
    let mut lines = Vec::new();
    let mut wrong = 0;
    for (folder, entry) in &folders {
        // People wait for this: how long each took is real time.
        #[allow(clippy::disallowed_methods)]
        let began = Instant::now();
        let found = one(folder, entry.as_ref());
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        lines.push(format!(
            "{} {name} ({} ms)",
            if found.is_empty() { "ok   " } else { "wrong" },
            began.elapsed().as_millis()
        ));
        wrong += usize::from(!found.is_empty());
        lines.extend(found.into_iter().map(|line| format!("      {line}")));
    }
    lines.push(format!("{} lessons, {wrong} of them wrong", folders.len()));
    let text = lines.join("\n");
    if wrong == 0 { Ok(text) } else { Err(text) }
}

/// The folders of a course's lessons, each with what its index says of it.
fn of_course(folder: &Path) -> Result<Vec<(PathBuf, Option<Entry>)>, String> {
    let index = folder.join("index.yaml");
    let text = std::fs::read_to_string(&index)
        .map_err(|error| format!("{}: {error}; a folder with lesson.yaml or index.yaml is wanted", index.display()))?;
    let index = Index::read(&text).map_err(|problems| shown(&problems).join("\n"))?;
    Ok(index.lessons().map(|entry| (folder.join(&entry.id), Some(entry.clone()))).collect())
}

fn one(folder: &Path, entry: Option<&Entry>) -> Vec<String> {
    let read = |name: &str| std::fs::read_to_string(folder.join(name));
    let texts = read("lesson.yaml").and_then(|lesson| Ok((lesson, read("text.md")?)));
    let (lesson, text) = match texts {
        Ok(texts) => texts,
        Err(error) => return vec![format!("lesson.yaml and text.md are wanted: {error}")],
    };
    // A lesson may begin with an empty cluster.
    let start = read("start.yaml").unwrap_or_default();
    let id = folder.file_name().unwrap_or_default().to_string_lossy();
    match Lesson::read(&id, &Files { lesson: &lesson, start: &start, text: &text }) {
        Ok(lesson) => {
            let wanted = Entry::of(&lesson);
            let told = lesson.languages.iter().flat_map(|language| translated(folder, &lesson, language));
            let told: Vec<String> = told.chain(unlisted(folder, &lesson)).collect();
            let differs = entry.is_some_and(|entry| *entry != wanted);
            let stale =
                differs.then(|| format!("index.yaml says something else than lesson.yaml, which has {wanted:?}"));
            stale.into_iter().chain(told).chain(verify(&Arc::new(lesson)).iter().map(ToString::to_string)).collect()
        }
        Err(problems) => shown(&problems),
    }
}

/// What is wrong with a lesson in another language.
fn translated(folder: &Path, lesson: &Lesson, language: &str) -> Vec<String> {
    let read = |name: String| std::fs::read_to_string(folder.join(&name)).map_err(|error| format!("{name}: {error}"));
    let texts =
        read(format!("lesson.{language}.yaml")).and_then(|words| Ok((words, read(format!("text.{language}.md"))?)));
    match texts {
        Ok((words, text)) => {
            lesson.in_language(language, &words, &text).err().map(|problems| shown(&problems)).unwrap_or_default()
        }
        Err(error) => vec![error],
    }
}

/// Texts in languages that the lesson does not list: nobody would ever see them.
fn unlisted(folder: &Path, lesson: &Lesson) -> Vec<String> {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let language = |name: &str| Some(name.strip_prefix("text.")?.strip_suffix(".md")?.to_owned());
    let languages = files.filter_map(|file| language(&file.file_name().to_string_lossy()));
    let unlisted = languages.filter(|language| !lesson.languages.contains(language));
    unlisted
        .map(|language| format!("lesson.yaml: list {language} under languages, or remove text.{language}.md"))
        .collect()
}

fn shown(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}
