//! The course as a learner meets it: a lesson from its opening to its end, and the ways back.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use super::builder::BuilderMsg;
use super::draft::{Field, Place};
use super::view::Special;
use super::{CourseMsg, CoursePage, NotFetched};
use crate::{Effect, Model, Msg, update};

/// A session with a clock, and the site's files.
struct Learner {
    model: Model,
    millis: u64,
    kept: String,
}

impl Learner {
    fn new() -> Self {
        let mut learner = Self { model: Model::new(None), millis: 0, kept: String::new() };
        learner.wait(2_000);
        learner
    }

    /// Does something, as the page does: the files that are asked for come at once.
    fn does(&mut self, msg: Msg) {
        let mut effects = update(&mut self.model, msg);
        while let Some(effect) = effects.pop() {
            match effect {
                Effect::Fetch(address) => {
                    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../public").join(&address);
                    let text = std::fs::read_to_string(file).map_err(|_| NotFetched::Unavailable);
                    effects.extend(update(&mut self.model, Msg::Course(CourseMsg::Fetched(address, text))));
                }
                Effect::KeepCourse(text) => self.kept = text,
                _ => {}
            }
        }
    }

    fn course(&mut self, msg: CourseMsg) {
        self.does(Msg::Course(msg));
    }

    fn open(id: &str) -> Self {
        let mut learner = Self::new();
        learner.course(CourseMsg::Open(id.to_owned()));
        learner.wait(3_000);
        learner
    }

    fn types(&mut self, line: &str) {
        self.does(Msg::TerminalLine(line.to_owned()));
        self.wait(20_000);
    }

    /// Lets time pass in steps that a page would take.
    fn wait(&mut self, millis: u64) {
        let end = self.millis + millis;
        while self.millis < end {
            self.millis += 50;
            self.does(Msg::Wake(self.millis));
        }
    }

    fn step(&self) -> usize {
        self.model.course().standing().step
    }

    fn met(&self) -> Vec<bool> {
        self.model.course().standing().goals.last().unwrap().iter().map(|goal| goal.met).collect()
    }
}

#[test]
fn a_lesson_is_done_step_by_step_and_the_own_text_comes_back() {
    let mut learner = Learner::new();
    let (own, objects) = (learner.model.text().to_owned(), learner.model.scene());
    learner.course(CourseMsg::Show(Some(CoursePage::Map)));
    let map = learner.model.course().map();
    assert!(map.done == (0, map.done.1) && map.done.1 > 70, "{:?}", map.done);
    learner.course(CourseMsg::Open("ghost-service".to_owned()));
    assert!(learner.model.text().contains("name: ghost"), "{}", learner.model.text());
    assert_eq!(learner.model.saved().files[0].1, own, "what is kept is the learner's own text");
    learner.wait(3_000);
    assert_eq!((learner.step(), learner.met()), (0, vec![false]));
    learner.course(CourseMsg::Choose(0, 0));
    learner.wait(500);
    let standing = learner.model.course().standing();
    assert!(standing.goals[0][0].because.starts_with("The name is known"), "{standing:?}");
    assert_eq!(standing.step, 0);
    learner.course(CourseMsg::Hint);
    assert_eq!(learner.model.course().standing().hints.len(), 1);
    learner.course(CourseMsg::Choose(0, 1));
    learner.wait(500);
    assert_eq!(learner.step(), 1);
    let standing = learner.model.course().standing();
    assert!(standing.goals[0][0].met && standing.goals[0][0].chosen == Some(1) && standing.hints.is_empty());
    learner.types("kubectl exec client -- wget -T 3 http://ghost");
    assert_eq!(learner.step(), 2);
    let map = learner.model.course().map();
    assert_eq!(map.done.0, 1);
    assert!(learner.kept.contains("ghost-service"), "{}", learner.kept);
    learner.course(CourseMsg::Leave);
    learner.wait(1_000);
    assert_eq!((learner.model.text(), learner.model.scene()), (own.as_str(), objects));
    assert_eq!(learner.model.course().serial(), 0);
}

#[test]
fn what_is_run_before_an_answer_is_judged_belongs_to_the_step_after_it() {
    let mut learner = Learner::new();
    learner.course(CourseMsg::Open("ghost-service".to_owned()));
    learner.course(CourseMsg::Choose(0, 0));
    learner.course(CourseMsg::Choose(0, 1));
    learner.types("kubectl exec client -- wget -T 3 http://ghost");
    assert_eq!(learner.step(), 2);
}

#[test]
fn a_workshop_that_begins_a_record_leaves_the_lines_of_an_open_lesson() {
    let mut learner = Learner::open("ghost-service");
    learner.types("kubectl get pods");
    learner.course(CourseMsg::Builder(BuilderMsg::Record));
    let commands = learner.model.course.desk.as_ref().map(|desk| desk.commands_of_step().to_vec());
    assert_eq!(commands, Some(vec!["kubectl get pods".to_owned()]));
    assert!(learner.model.builder().recorded.is_empty());
}

#[test]
fn an_exercise_does_not_name_its_cause_before_it_is_done() {
    let mut learner = Learner::open("turned-away");
    assert_eq!(learner.model.scene().summary, "Service web: no endpoints.");
    assert_eq!(learner.model.diagnostics(), []);
    learner.types("kubectl set selector service web app=web");
    assert_eq!(learner.step(), 1);
    learner.types("kubectl set selector service web app=website");
    assert!(
        learner.model.scene().summary.starts_with("Service web: no endpoints: "),
        "{}",
        learner.model.scene().summary
    );
    assert!(!learner.model.diagnostics().is_empty());
}

#[test]
fn a_mistake_is_told_its_feedback_and_can_be_undone() {
    let mut learner = Learner::open("first-service");
    let lesson = learner.model.course().lesson().unwrap();
    assert_eq!(lesson.steps.len(), 1);
    let began = learner.model.text().to_owned();
    learner.types("kubectl create service clusterip shop --tcp=80:80");
    learner.types("kubectl delete service --all");
    let before = learner.met();
    learner.course(CourseMsg::SetCheckpoint);
    learner.types("kubectl delete pods --all --now");
    learner.course(CourseMsg::ToCheckpoint);
    learner.wait(2_000);
    assert_eq!(learner.met(), before);
    learner.course(CourseMsg::UndoStep);
    learner.wait(2_000);
    assert_eq!(learner.model.text(), began);
    learner.course(CourseMsg::Solution);
    let solution = learner.model.course().standing().solution.unwrap();
    for line in solution.lines() {
        learner.types(line);
    }
    assert_eq!(learner.step(), 1);
    learner.course(CourseMsg::StartAgain);
    learner.wait(2_000);
    assert_eq!(learner.step(), 0);
}

#[test]
fn a_visit_goes_on_where_it_was_left_and_progress_travels() {
    let mut learner = Learner::open("ghost-service");
    learner.course(CourseMsg::Choose(0, 1));
    learner.wait(1_000);
    let kept = learner.kept.clone();
    let mut again = Learner::new();
    again.course(CourseMsg::Restore(kept, 0));
    again.wait(1_000);
    let standing = again.model.course().standing();
    assert_eq!((standing.step, standing.of), (1, 2));
    assert!(standing.goals[0][0].met);
    let file = again.model.course().progress().to_json();
    let mut other = Learner::new();
    other.course(CourseMsg::Import("{}".to_owned()));
    assert!(other.model.course().trouble().starts_with("This file holds no progress"));
    other.course(CourseMsg::Import(file));
    assert_eq!(other.model.course().progress().lessons["ghost-service"].steps, 1);
    other.course(CourseMsg::Forget);
    assert!(other.model.course().progress().lessons.is_empty());
}

#[test]
fn checks_wait_while_somebody_types() {
    let mut learner = Learner::open("first-service");
    let judged = |learner: &Learner| learner.model.course().standing().goals[0][0].words.clone();
    assert!(!judged(&learner).is_empty());
    let text = learner.model.text().to_owned();
    for typed in 0..40 {
        learner.does(Msg::EditorChanged(format!("{text}# {typed}\n")));
        learner.does(Msg::Wake(learner.millis + 50));
        learner.millis += 50;
        assert!(!learner.model.course().standing().checking, "a check began between two keys");
    }
}

#[test]
fn what_cannot_be_loaded_is_said() {
    let mut learner = Learner::new();
    learner.course(CourseMsg::Open("no-such-lesson".to_owned()));
    assert_eq!(
        learner.model.course().trouble(),
        "This lesson cannot be opened: its text.md could not be loaded. Is there a network?"
    );
    assert_eq!(learner.model.course().serial(), 0);
    update(&mut learner.model, Msg::Course(CourseMsg::Fragment("#lesson-from=https://example.com/one".to_owned())));
    let address = "https://example.com/one/lesson.yaml".to_owned();
    update(&mut learner.model, Msg::Course(CourseMsg::Fetched(address, Err(NotFetched::TooLarge))));
    let trouble = learner.model.course().trouble();
    assert_eq!(trouble, "This lesson cannot be opened: its lesson.yaml is larger than 64 kB: it was not loaded.");
    assert!(!learner.model.course().is_loading());
}

#[test]
fn practice_is_made_of_a_seed_and_says_in_the_end_what_was_broken() {
    let mut learner = Learner::new();
    learner.course(CourseMsg::Fragment("#practice=7-1".to_owned()));
    assert!(learner.model.course().is_loading());
    learner.wait(2_000);
    assert_eq!(learner.model.course().special(), Special::Practice(7, 1));
    let title = learner.model.course().lesson().unwrap().title;
    assert_eq!(title, "Practice 7");
    assert!(learner.model.course().causes().is_empty());
    learner.course(CourseMsg::Solution);
    let solution = learner.model.course().standing().solution.unwrap();
    for line in solution.lines() {
        learner.does(Msg::TerminalLine(line.to_owned()));
    }
    learner.wait(90_000);
    assert_eq!(learner.step(), 1, "{:?}", learner.model.course().standing());
    assert_eq!(learner.model.course().causes().len(), 1);
    assert!(learner.model.course().progress().lessons.is_empty());
}

#[test]
fn an_exam_has_tasks_a_time_and_a_report() {
    let mut learner = Learner::new();
    let own = learner.model.text().to_owned();
    learner.course(CourseMsg::Show(Some(CoursePage::Map)));
    learner.course(CourseMsg::Exam(3, 2));
    let exam = learner.model.course().exam().unwrap();
    assert_eq!((exam.tasks.len(), exam.over, exam.report), (2, false, None));
    learner.course(CourseMsg::Task(0));
    learner.wait(3_000);
    assert!(learner.model.course().standing().goals[0].iter().all(|goal| goal.words.is_empty()));
    let first = learner.model.text().to_owned();
    learner.course(CourseMsg::Task(1));
    learner.wait(3_000);
    assert_ne!(learner.model.text(), first);
    learner.course(CourseMsg::Task(0));
    assert_eq!(learner.model.text(), first);
    learner.course(CourseMsg::HandIn);
    assert_eq!(learner.model.text(), own);
    learner.wait(1_000);
    let exam = learner.model.course().exam().unwrap();
    let (reached, of, passed) = exam.report.unwrap();
    assert!(exam.over && of > 0 && reached < of && !passed, "{exam:?}");
    learner.course(CourseMsg::EndExam);
    assert_eq!(learner.model.course().exam(), None);
}

/// The objects of the learner's cluster that are neither the cluster's own nor named by chance, with their labels.
fn objects(learner: &Learner) -> Vec<String> {
    let kinds = api::KINDS.iter().filter(|kind| !["Event", "Pod", "EndpointSlice"].contains(&kind.kind));
    let all = kinds.flat_map(|kind| learner.model.cluster.list(kind, Some("default")));
    all.map(|object| format!("{} {} {:?}", object.kind(), object.name(), object.labels())).collect()
}

#[test]
fn an_exam_comes_back_with_everything_that_was_done_in_it() {
    let mut learner = Learner::new();
    learner.course(CourseMsg::Show(Some(CoursePage::Map)));
    learner.course(CourseMsg::Exam(3, 3));
    learner.course(CourseMsg::Task(1));
    learner.wait(3_000);
    learner.types("kubectl create deployment extra --image=nginx");
    learner.course(CourseMsg::Task(0));
    learner.wait(1_000);
    let text = learner.model.text().to_owned();
    for typed in ["a", "ab"] {
        learner.does(Msg::EditorChanged(format!(
            "{text}---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {typed}\n"
        )));
        learner.wait(3_000);
    }
    learner.types("kubectl exec nobody -- sleep 3");
    learner.does(Msg::TerminalLine("sleep 100".to_owned()));
    learner.wait(2_000);
    learner.does(Msg::Interrupt);
    learner.does(Msg::TerminalLine("kubectl label configmap ab a=b".to_owned()));
    learner.wait(10_000);
    // The last thing that was done: from here on nothing else is kept.
    learner.does(Msg::TerminalLine("kubectl get configmaps".to_owned()));
    let (kept, left) = (learner.kept.clone(), learner.model.course().exam().unwrap());
    let before = objects(&learner);
    assert!(
        before.iter().any(|object| object.starts_with("ConfigMap ab ") && object.contains("\"b\"")),
        "the line was run"
    );

    let mut again = Learner::new();
    let own = again.model.text().to_owned();
    again.course(CourseMsg::Restore(kept.clone(), 60_000));
    let exam = again.model.course().exam().unwrap();
    assert_eq!(exam.tasks, left.tasks);
    let seconds = |left: &str| {
        let (minutes, seconds) = left.split_once(':').unwrap();
        minutes.parse::<u64>().unwrap() * 60 + seconds.parse::<u64>().unwrap()
    };
    let gone = seconds(&left.left) - seconds(&exam.left);
    assert!((59..=61).contains(&gone), "{} and {}", left.left, exam.left);
    assert_eq!(objects(&again), before);
    assert!(again.model.text().contains("name: ab"), "{}", again.model.text());
    assert_eq!(again.model.course().special(), Special::Task(0));
    again.course(CourseMsg::Task(1));
    assert!(objects(&again).iter().any(|object| object.starts_with("Deployment extra ")));
    again.course(CourseMsg::StartAgain);
    assert!(!objects(&again).iter().any(|object| object.starts_with("Deployment extra ")));
    // And once more: what came back is kept like what was done here.
    let mut third = Learner::new();
    third.course(CourseMsg::Restore(again.kept.clone(), 0));
    assert_eq!(third.model.course().special(), Special::Task(1));
    third.course(CourseMsg::Task(0));
    assert!(objects(&third).iter().any(|object| object.starts_with("ConfigMap ab ") && object.contains("\"b\"")));
    third.course(CourseMsg::HandIn);
    assert_eq!(third.model.text(), own);
    third.wait(1_000);
    let report = third.model.course().exam().unwrap().report;
    assert!(report.is_some());
    let mut fourth = Learner::new();
    fourth.course(CourseMsg::Restore(third.kept.clone(), 0));
    assert_eq!(fourth.model.course().exam().unwrap().report, report);

    let mut late = Learner::new();
    late.course(CourseMsg::Restore(kept, 10_000_000_000));
    late.wait(2_000);
    assert!(late.model.course().exam().unwrap().report.is_some(), "time has gone on");
}

#[test]
fn a_lesson_is_told_in_the_language_of_the_page_where_it_can_be() {
    let speak = |learner: &mut Learner, tag: &str| learner.course(CourseMsg::Speak(tag.to_owned()));
    let title = |learner: &Learner| learner.model.course().lesson().unwrap().title;
    let mut learner = Learner::new();
    speak(&mut learner, "tr");
    learner.course(CourseMsg::Open("ghost-service".to_owned()));
    assert_eq!(title(&learner), "Çağrıya ne olur?");
    assert!(!learner.model.course().lesson().unwrap().foreign);
    assert_eq!(learner.model.course().map().parts[1].title, "Etiketler ve seçiciler");
    learner.course(CourseMsg::Choose(0, 0));
    learner.wait(1_000);
    let standing = learner.model.course().standing();
    assert!(standing.goals[0][0].because.starts_with("Service var olduğu anda"), "{standing:?}");
    learner.course(CourseMsg::Hint);
    assert!(learner.model.course().standing().hints[0].starts_with("Bir Service var"));
    // In the middle of it, and back: what was answered stays.
    speak(&mut learner, "en");
    assert_eq!(title(&learner), "What happens to the call?");
    assert_eq!(learner.model.course().standing().goals[0][0].chosen, Some(0));
    speak(&mut learner, "tr");
    learner.course(CourseMsg::UndoStep);
    assert_eq!(title(&learner), "Çağrıya ne olur?");
    learner.course(CourseMsg::StartAgain);
    assert_eq!(title(&learner), "Çağrıya ne olur?");
    speak(&mut learner, "en");
    assert_eq!(title(&learner), "What happens to the call?");
    // What is not there in that language is English, and says so.
    speak(&mut learner, "tr");
    learner.course(CourseMsg::Open("two-doors".to_owned()));
    assert!(learner.model.course().lesson().unwrap().foreign);
    assert_eq!(learner.model.course().trouble(), "");
    speak(&mut learner, "en");
    assert!(!learner.model.course().lesson().unwrap().foreign);
}

#[test]
fn a_lesson_is_written_from_what_is_on_the_screen() {
    let mut learner = Learner::new();
    let build = |learner: &mut Learner, msg| learner.course(CourseMsg::Builder(msg));
    let write = |field, text: &str| BuilderMsg::Write(field, text.to_owned());
    learner.wait(20_000);
    let text = learner.model.text().replace("selector:\n    app: nginx-service", "selector:\n    app: wrong");
    learner.does(Msg::EditorChanged(text));
    learner.wait(3_000);
    build(&mut learner, BuilderMsg::TakeStart);
    build(&mut learner, write(Field::Title, "A \"first\" lesson: éé"));
    build(&mut learner, write(Field::Introduction, "It does not answer."));
    learner.types("kubectl set selector service nginx-service app=nginx-service");
    learner.types("kubectl run box --image=busybox --restart=Never -it --rm -- wget -qO- http://nginx-service");
    build(&mut learner, BuilderMsg::TakeCommands(0));
    let offers = learner.model.builder().offers;
    let at = |check: &str| {
        offers.iter().position(|offer| offer.goal.check == check).unwrap_or_else(|| panic!("{check} in {offers:#?}"))
    };
    // Who asked is gone; anybody else may ask.
    at("request: {from: {namespace: default}, to: \"http://nginx-service\", is: answered}");
    at("request: {from: {namespace: default}, to: \"http://nginx-service\", pods: [\"nginx\"]}");
    at(
        "command: {words: [\"kubectl\", \"set\", \"selector\", \"service|services|svc\", \"nginx-service\", \"app=nginx-service\"]}",
    );
    at("object: {of: service/nginx-service, field: spec.type, is: ClusterIP}");
    let (leads, stays, within) = (
        at("endpoints: {of: service/nginx-service, ready: 1}"),
        at("unchanged: {objects: [pod/nginx]}"),
        at("within: {seconds: 120}"),
    );
    assert!(!learner.model.builder().problems.is_empty(), "no goal yet");
    build(&mut learner, BuilderMsg::AddGoal(Place::Step(0), leads));
    build(&mut learner, BuilderMsg::AddGoal(Place::Step(0), within));
    build(&mut learner, BuilderMsg::RemoveGoal(Place::Step(0), 1));
    assert_eq!(learner.model.builder().problems, [] as [String; 0]);
    build(&mut learner, BuilderMsg::Test);
    learner.wait(200);
    let tested = learner.model.builder().tested.unwrap();
    // A pod can be relabelled instead, and the test says so.
    assert!(!tested.is_empty() && tested.iter().all(|finding| finding.contains("can be passed")), "{tested:?}");
    // What is to stay bars some ways around, and others are allowed.
    build(&mut learner, BuilderMsg::AddGoal(Place::Keep, stays));
    build(&mut learner, BuilderMsg::Allow("point-at-pods".to_owned(), true));
    // A mistake, made where a learner makes it.
    learner.course(CourseMsg::TryDraft);
    learner.wait(2_000);
    learner.types("kubectl label pod nginx tier=web");
    learner.types("kubectl set selector service nginx-service tier=web");
    build(&mut learner, BuilderMsg::AddWrong(0));
    assert_eq!(learner.model.builder().recorded.len(), 2);
    learner.does(Msg::ShowObject(api::ObjectKey::new(&api::service::KIND, "default", "nginx-service")));
    let offers = learner.model.builder().offers;
    let wanted = "object: {of: service/nginx-service, field: \"spec.selector.tier\", is: \"web\"}";
    let of = offers.iter().position(|offer| offer.goal.check == wanted).unwrap_or_else(|| panic!("{offers:#?}"));
    build(&mut learner, BuilderMsg::AddGoal(Place::Wrong(0, 0), of));
    build(&mut learner, write(Field::Feedback(0, 0), "That is another label."));
    build(&mut learner, BuilderMsg::AddQuestion(Place::Step(0)));
    build(&mut learner, BuilderMsg::AddOption(Place::Step(0), 1));
    build(&mut learner, BuilderMsg::RemoveOption(Place::Step(0), 1, 0));
    build(&mut learner, write(Field::GoalWords(Place::Step(0), 1), "What was it?"));
    for (at, says) in ["The selector", "The port"].into_iter().enumerate() {
        build(&mut learner, write(Field::OptionSays(Place::Step(0), 1, at), says));
        build(&mut learner, write(Field::OptionBecause(Place::Step(0), 1, at), "So."));
    }
    build(&mut learner, BuilderMsg::SetRight(Place::Step(0), 1, 0));
    assert_eq!(learner.model.builder().problems, [] as [String; 0]);
    build(&mut learner, BuilderMsg::Test);
    learner.wait(300);
    assert_eq!(learner.model.builder().tested, Some(Vec::new()));
    build(&mut learner, write(Field::WrongCommands(0, 0), "kubectl get pods"));
    build(&mut learner, BuilderMsg::Test);
    learner.wait(300);
    let tested = learner.model.builder().tested.unwrap();
    assert!(tested.iter().any(|finding| finding.starts_with("mistake 1 of step 1 is not told")), "{tested:?}");
    let link = learner.model.builder().link;
    let mut other = Learner::new();
    other.course(CourseMsg::Fragment(link));
    assert_eq!(other.model.course().trouble(), "");
    assert_eq!(other.model.course().lesson().unwrap().title, "A \"first\" lesson: éé");
    assert_eq!(other.model.course().special(), Special::Elsewhere);
    other.course(CourseMsg::Fragment("#pack=AAAA".to_owned()));
    assert!(!other.model.course().trouble().is_empty());
}
