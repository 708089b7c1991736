//! Time in the learner's hands.

#![allow(clippy::unwrap_used)]

use crate::panel::Panel;
use crate::tests::{edit, session, summary, wait};
use crate::{Effect, Msg, update};

#[test]
fn the_past_is_shown_as_it_was_and_left_by_what_is_done_now() {
    let mut model = session();
    let was = model.clock().now;
    edit(&mut model, "targetPort: 80\n", "targetPort: 8080\n");
    wait(&mut model, 20_000, 30_000);
    let (broken, figures) = (summary(&model), model.scene().figures.clone());
    assert!(broken.contains("nothing listens on 8080"), "{broken}");
    update(&mut model, Msg::LookBack { at: was, watching: false });
    assert_eq!(summary(&model), "Service nginx-service: 1 endpoint, ready.");
    assert_eq!(model.clock().past, Some(was));
    wait(&mut model, 30_000, 35_000);
    assert_eq!(model.clock().past, Some(was), "the past stays where it is while the present goes on");
    update(&mut model, Msg::ReturnToNow);
    assert_eq!((summary(&model), model.scene().figures.clone()), (broken.clone(), figures));
    update(&mut model, Msg::LookBeside(false));
    let before = model.clock().past.unwrap();
    update(&mut model, Msg::LookBeside(false));
    assert!(model.clock().past.unwrap() < before);
    update(&mut model, Msg::TerminalLine("true".to_owned()));
    assert_eq!((model.clock().past, summary(&model)), (None, broken));
    let first = model.timeline().marks[0].at;
    update(&mut model, Msg::LookBack { at: first, watching: false });
    assert!(!summary(&model).is_empty());
}

#[test]
fn the_past_can_be_watched_until_it_is_now() {
    let mut model = session();
    let now = model.clock().now;
    update(&mut model, Msg::LookBack { at: cluster::Instant(now.0 - 5_000_000), watching: true });
    wait(&mut model, 20_000, 22_000);
    let clock = model.clock();
    assert!(clock.watching && clock.past.is_some_and(|past| now - past < 5_000_000), "{clock:?}");
    assert!(clock.past < Some(clock.now));
    update(&mut model, Msg::Speed(4));
    wait(&mut model, 22_000, 22_500);
    assert!(model.clock().past.unwrap() > clock.past.unwrap());
    // The present runs as fast as the past is watched, so who wants to catch up stops it.
    update(&mut model, Msg::Pause(true));
    update(&mut model, Msg::Tick(90_000));
    update(&mut model, Msg::Tick(90_100));
    assert_eq!(model.clock().past, None);
}

#[test]
fn time_stands_still_steps_and_goes_on() {
    let mut model = session();
    update(&mut model, Msg::Pause(true));
    let still = model.clock().now;
    let effects = update(&mut model, Msg::Tick(30_000));
    assert_eq!((model.clock().now, model.clock().paused), (still, true));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::TickAt(_))), "nobody is woken for nothing");
    edit(&mut model, "  name: nginx\n", "  name: other\n");
    let revision = model.revision();
    update(&mut model, Msg::StepTime);
    assert!(model.revision() > revision && model.clock().now > still && model.clock().paused);
    update(&mut model, Msg::Pause(false));
    wait(&mut model, 31_000, 32_000);
    let passed = model.clock().now - still;
    assert!((900_000..20_000_000).contains(&passed), "what went by in the meantime does not count: {passed}");
}

#[test]
fn an_object_tells_its_story_and_a_node_its_rules() {
    let mut model = session();
    let scene = model.scene();
    let id = |title: &str| scene.figures.iter().find(|figure| figure.title == title).unwrap().id.clone();
    update(&mut model, Msg::ShowFigure(id("nginx")));
    let seen = model.inspection().unwrap();
    let story: Vec<&str> = seen.story.iter().map(|chapter| chapter.text.as_str()).collect();
    assert_eq!((story[0], story[1]), ("you made it", "default-scheduler changed spec.nodeName, status.conditions"));
    assert_eq!(seen.story[1].because, ["you made Pod nginx"]);
    assert!(seen.events.iter().any(|said| said.text == "Started: Container started"), "{:?}", seen.events);
    wait(&mut model, 20_000, 25_000);
    assert!(std::sync::Arc::ptr_eq(&seen, &model.inspection().unwrap()), "nothing changed, so nothing is asked again");
    update(&mut model, Msg::ShowFigure(id("minikube")));
    let rules = model.inspection().unwrap().rules.clone().unwrap();
    let of_service =
        |line: &&crate::panel::RuleLine| line.object.as_ref().is_some_and(|object| &*object.name == "nginx-service");
    let rule = rules.lines.iter().find(of_service).unwrap();
    assert_eq!((rules.command, rule.packets), ("iptables-save -c", Some(0)));
    let choices = model.choices();
    let from = choices.from.iter().find(|origin| origin.label == "node minikube").unwrap().clone();
    let to = choices.to.iter().find(|aim| aim.label.ends_with("by cluster IP")).unwrap().clone();
    update(&mut model, Msg::Ask(crate::ask::Ask { from, to, times: 10 }));
    update(&mut model, Msg::CloseTrace);
    assert!(matches!(model.panel(), Some(Panel::Object(_))));
    let rules = model.inspection().unwrap().rules.clone().unwrap();
    assert!(rules.lines.iter().filter(of_service).any(|line| line.packets == Some(10)), "each counts what met it");
}
