//! A lesson can come from anywhere: whatever is in it, it is read to the end or complained of, and it ends.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::sync::Arc;

use cluster::Rng;
use course::{Attempt, Files, Index, Lesson, Progress, StartError, markdown};

fn texts(file: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../public/lessons");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path().join(file)).collect();
    paths.sort();
    paths.iter().filter_map(|path| std::fs::read_to_string(path).ok()).collect()
}

/// The text with something wrong in it.
fn spoilt(text: &str, rng: &mut Rng) -> String {
    const SIGNS: [&str; 16] =
        ["{", "}", "[", "]", ":", "-", "'", "\"", "\t", "&a", "*a", "|", "\n", "\u{0}", "é", "9999999999999999999"];
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let at = usize::try_from(rng.below(lines.len() as u64)).unwrap();
    match rng.below(4) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, lines[at].clone()),
        2 => lines[at] = lines[at].trim_start().to_owned(),
        _ => {
            let boundaries: Vec<usize> = lines[at].char_indices().map(|(at, _)| at).collect();
            let place = rng.pick(&boundaries).copied().unwrap_or_default();
            lines[at].insert_str(place, rng.pick(&SIGNS).unwrap());
        }
    }
    lines.join("\n")
}

#[test]
fn spoilt_files_are_read_or_complained_of() {
    let (lessons, starts, words) = (texts("lesson.yaml"), texts("start.yaml"), texts("text.md"));
    assert!(lessons.len() > 50);
    let mut rng = Rng::new(1);
    let (mut read, mut refused) = (0, 0);
    for lesson in &lessons {
        for _ in 0..12 {
            let lesson = spoilt(lesson, &mut rng);
            let start = spoilt(rng.pick(&starts).unwrap(), &mut rng);
            let text = spoilt(rng.pick(&words).unwrap(), &mut rng);
            assert!(markdown::read(&text).len() <= text.lines().count());
            match Lesson::read("x", &Files { lesson: &lesson, start: &start, text: &text }) {
                Ok(_) => read += 1,
                Err(problems) => {
                    refused += 1;
                    assert!(problems.iter().all(|problem| problem.line > 0 && !problem.message.is_empty()));
                }
            }
        }
        assert!(Index::read(lesson).is_err() && Progress::read(lesson).is_err());
    }
    assert!(read > 0 && refused > read, "{read} read, {refused} refused: the mutations miss");
}

#[test]
fn a_start_that_never_ends_is_an_error() {
    for commands in ["while true; do true; done", "while true; do sleep 1; done", "yes", "f() { f; }; f", "cat"] {
        let lesson = format!(
            "title: T\nkind: fix\ncommands: '{commands}'\nsteps: [{{goals: [{{goal: G, within: {{seconds: 9}}}}]}}]\n"
        );
        let lesson = Lesson::read("x", &Files { lesson: &lesson, start: "", text: "" }).unwrap();
        let begun = Attempt::begin(Arc::new(lesson)).map(|attempt| attempt.step());
        // `cat` reads what there is, which is nothing.
        let wanted = if commands == "cat" { begun == Ok(0) } else { matches!(begun, Err(StartError::Commands(_))) };
        assert!(wanted, "{commands}: {begun:?}");
    }
}
