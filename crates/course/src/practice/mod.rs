//! Endless practice: from a seed, a healthy scene, and in it something broken. What is shown was proven: the start fails, the
//! healthy scene mends it, and the cheap ways around lead nowhere.

mod faults;
mod scene;

use std::fmt::Write;
use std::sync::Arc;

use api::arrange::Arrange;
use cluster::Rng;

use crate::lesson::{Files, Lesson};
use crate::verify::verify;
use faults::{FAULTS, Fault};
use scene::App;

/// How often it tries to break a scene so that it can be proven.
const ATTEMPTS: u32 = 20;

/// A task made from a seed. Its files are those of a lesson, so it can be exported like one.
#[derive(Clone, Debug)]
pub struct Practice {
    /// The seed: whoever has it gets the same task.
    pub seed: u64,
    /// How hard it is, from 1 to 3.
    pub level: u8,
    /// `lesson.yaml`.
    pub lesson_yaml: String,
    /// `start.yaml`.
    pub start_yaml: String,
    /// `text.md`.
    pub text: String,
    /// What was broken, a sentence each, to be told once it is mended.
    pub causes: Vec<String>,
    /// What the files say.
    pub lesson: Arc<Lesson>,
}

/// A task of a level from 1 (one common mistake) to 3 (two that hide well); `None` when this seed leads to none, which has
/// not happened yet. Equal seeds give equal tasks.
#[must_use]
pub fn practice(seed: u64, level: u8) -> Option<Practice> {
    let level = level.clamp(1, 3);
    let mut rng = Rng::new(seed);
    (0..ATTEMPTS).find_map(|_| attempt(seed, level, &mut rng).filter(|practice| verify(&practice.lesson).is_empty()))
}

/// One scene, broken; `None` when none of the chosen faults fits.
fn attempt(seed: u64, level: u8, rng: &mut Rng) -> Option<Practice> {
    let healthy = scene::apps(usize::from(level) + 1, rng);
    let mut broken = healthy.clone();
    let (mut hints, mut causes) = (Vec::new(), Vec::new());
    let mut hit: Vec<&str> = Vec::new();
    let wanted = if level == 3 { 2 } else { 1 };
    let of_level = |fault: &&Fault| if level == 3 { fault.level > 1 } else { fault.level == level };
    let fitting: Vec<&Fault> = FAULTS.iter().filter(of_level).collect();
    for _ in 0..ATTEMPTS {
        // Each in another place: two in one would hide each other.
        let free: Vec<usize> = (0..broken.len()).filter(|at| !hit.contains(&broken[*at].name)).collect();
        let (at, fault) = (*rng.pick(&free)?, *rng.pick(&fitting)?);
        let mut app = broken[at].clone();
        if hit.len() == wanted || !(fault.breaks)(&mut app, rng) {
            continue;
        }
        hit.push(app.name);
        hints.extend(fault.hints.iter().map(|hint| hint.replace("NAME", app.name)));
        causes.push(fault.cause.replace("NAME", app.name));
        broken[at] = app;
    }
    if hit.len() < wanted {
        return None;
    }
    hit.arrange();
    let lesson_yaml = lesson(seed, level, &healthy, &hints);
    let start_yaml = scene::manifests(&broken, true);
    let text = text(&healthy, &hit);
    let files = Files { lesson: &lesson_yaml, start: &start_yaml, text: &text };
    // A text of our own making can be read, or the tests say so.
    let lesson = Arc::new(Lesson::read(&format!("practice-{seed}-{level}"), &files).ok()?);
    Some(Practice { seed, level, lesson_yaml, start_yaml, text, causes, lesson })
}

fn lesson(seed: u64, level: u8, apps: &[App], hints: &[String]) -> String {
    let mut text =
        format!("title: Practice {seed}\nkind: fix\nlevel: {level}\nminutes: {}\nsteps:\n  - goals:\n", 4 * level + 3);
    // Writing to a String cannot fail.
    for app in apps {
        let (name, url) = (app.name, app.url());
        let _ = writeln!(text, "      - goal: The pod client gets an answer from {url}");
        let _ = writeln!(text, "        request: {{from: pod/client, to: \"{url}\", pods: [\"{name}-*\"], times: 8}}");
        if app.guarded {
            let _ = writeln!(text, "      - goal: Strangers are kept out of {name}");
            let _ = writeln!(
                text,
                "        request: {{from: {{labels: {{app: stranger}}}}, to: \"http://{{service/{name} spec.clusterIP}}:{}\", is: unreachable}}",
                app.service_port
            );
        }
    }
    text.push_str("    hints:\n");
    for hint in hints {
        let _ = writeln!(text, "      - \"{hint}\"");
    }
    text.push_str("    solution: |\n      kubectl apply -f - <<'EOF'\n");
    for line in scene::manifests(apps, false).lines() {
        let _ = writeln!(text, "      {line}");
    }
    text.push_str("      EOF\nkeep:\n  - goal: The Deployments are not made anew\n    unchanged: {objects: [");
    let names: Vec<String> = apps.iter().map(|app| format!("deployment/{}", app.name)).collect();
    text.push_str(&names.join(", "));
    text.push_str("], fields: [spec.selector]}\n");
    text
}

fn text(apps: &[App], hit: &[&str]) -> String {
    let mut text = "Several programs and the Services in front of them. The pod `client` calls them:\n\n".to_owned();
    for app in apps {
        let guarded = if app.guarded { "; nobody but the client may" } else { "" };
        let _ = writeln!(text, "- `{}`{guarded}", app.url());
    }
    let words = if hit.len() == 1 { "One of these calls fails" } else { "More than one of these calls fails" };
    let _ = writeln!(text, "\n{words}, or does not always go where it should. Find out why, and mend it.");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_seed_gives_a_task_that_is_proven() {
        for level in 1..=3 {
            for seed in 0..4 {
                let found = practice(seed, level).unwrap_or_else(|| panic!("seed {seed}, level {level}"));
                assert_eq!(found.causes.len(), if level == 3 { 2 } else { 1 });
            }
        }
    }

    #[test]
    fn equal_seeds_give_equal_tasks() {
        let (one, two, other) = (practice(7, 2).unwrap(), practice(7, 2).unwrap(), practice(8, 2).unwrap());
        assert_eq!((&one.lesson_yaml, &one.start_yaml, &one.text), (&two.lesson_yaml, &two.start_yaml, &two.text));
        assert_ne!(one.start_yaml, other.start_yaml);
    }

    /// Whatever happens to be chosen, each kind of fault is one: it breaks a scene that fits it, and can be mended.
    #[test]
    fn every_fault_breaks_and_can_be_mended() {
        for fault in FAULTS {
            let mut rng = Rng::new(1);
            let broken = (0..50).find_map(|_| {
                let healthy = scene::apps(1, &mut rng);
                let mut broken = healthy.clone();
                (fault.breaks)(&mut broken[0], &mut rng).then_some((healthy, broken))
            });
            let (healthy, broken) = broken.unwrap_or_else(|| panic!("{} never fits", fault.cause));
            let hints: Vec<String> = fault.hints.iter().map(|hint| hint.replace("NAME", broken[0].name)).collect();
            assert!(!hints.is_empty(), "{}", fault.cause);
            let (lesson, start) = (lesson(1, 1, &healthy, &hints), scene::manifests(&broken, true));
            let files = Files { lesson: &lesson, start: &start, text: "Text." };
            let lesson = Lesson::read("t", &files).unwrap_or_else(|problems| panic!("{}: {problems:?}", fault.cause));
            assert_eq!(verify(&Arc::new(lesson)), [], "{}", fault.cause);
        }
    }
}
