//! The goals at a place of a draft: checks and questions, and what the screen offers.

use leptos::html::Select;
use leptos::prelude::*;
use session::course::builder::BuilderMsg;
use session::course::draft::{DraftGoal, Field, Place};
use session::course::offers::{Offer, Topic};
use session::{CourseMsg, Msg};

use super::build;
use super::fields::short;
use crate::bridge::bridge;
use crate::words::{Word, fill, say};

/// What offers are about, in the order of the list.
const TOPICS: [(Topic, Word); 7] = [
    (Topic::Calls, Word::TopicCalls),
    (Topic::Services, Word::TopicServices),
    (Topic::Inspected, Word::TopicInspected),
    (Topic::Pods, Word::TopicPods),
    (Topic::Commands, Word::TopicCommands),
    (Topic::Stays, Word::TopicStays),
    (Topic::Time, Word::TopicTime),
];

pub(super) fn goals(place: Place, goals: &[DraftGoal], offers: Memo<Vec<Offer>>) -> AnyView {
    let items = goals
        .iter()
        .enumerate()
        .map(|(at, goal)| if goal.is_question() { question(place, at, goal) } else { check(place, at, goal) });
    let question =
        matches!(place, Place::Step(_)).then(|| build(say(Word::AddQuestion), BuilderMsg::AddQuestion(place)));
    view! {
        <ol class="hints">{items.collect_view()}</ol>
        {offered(place, offers)}
        <p class="actions">{question}</p>
    }
    .into_any()
}

fn check(place: Place, at: usize, goal: &DraftGoal) -> AnyView {
    // What is so when somebody made a mistake is never shown, so it needs no words.
    let words = (!matches!(place, Place::Wrong(..)))
        .then(|| short(say(Word::GoalWords), Field::GoalWords(place, at), &goal.words));
    view! {
        <li>
            {words}
            {short(say(Word::GoalCheck), Field::GoalCheck(place, at), &goal.check)}
            {build(say(Word::RemoveGoal), BuilderMsg::RemoveGoal(place, at))}
        </li>
    }
    .into_any()
}

fn question(place: Place, at: usize, goal: &DraftGoal) -> AnyView {
    let bridge = bridge();
    let group = format!("right-{place:?}-{at}");
    let removable = goal.options.len() > 2;
    let right = goal.right;
    let option = |(number, option): (usize, &session::course::draft::DraftOption)| {
        let shown = (number + 1).to_string();
        let choose = move |_| bridge.send(Msg::Course(CourseMsg::Builder(BuilderMsg::SetRight(place, at, number))));
        let remove = removable.then(|| {
            build(fill(Word::RemoveOption, &[("number", &shown)]), BuilderMsg::RemoveOption(place, at, number))
        });
        view! {
            <li>
                {short(fill(Word::OptionSays, &[("number", &shown)]), Field::OptionSays(place, at, number), &option.says)}
                {short(say(Word::OptionBecause), Field::OptionBecause(place, at, number), &option.because)}
                <label class="switch">
                    <input type="radio" name=group.clone() checked=right == number on:change=choose/>
                    <span>{say(Word::OptionRight)}</span>
                </label>
                {remove}
            </li>
        }
    };
    view! {
        <li>
            {short(say(Word::QuestionWords), Field::GoalWords(place, at), &goal.words)}
            <ol class="hints">{goal.options.iter().enumerate().map(option).collect_view()}</ol>
            <p class="actions">
                {build(say(Word::AddOption), BuilderMsg::AddOption(place, at))}
                {build(say(Word::RemoveGoal), BuilderMsg::RemoveGoal(place, at))}
            </p>
        </li>
    }
    .into_any()
}

/// What the screen offers, to be chosen from a list.
fn offered(place: Place, offers: Memo<Vec<Offer>>) -> AnyView {
    let bridge = bridge();
    let list = NodeRef::<Select>::new();
    let group = |offers: &[Offer], (topic, word): (Topic, Word)| {
        let of_topic = offers.iter().enumerate().filter(|(_, offer)| offer.topic == topic);
        let option =
            |(at, offer): (usize, &Offer)| view! { <option value=at.to_string()>{offer.goal.words.clone()}</option> };
        let options: Vec<_> = of_topic.map(option).collect();
        (!options.is_empty()).then(|| view! { <optgroup label=say(word)>{options}</optgroup> })
    };
    let groups = move || offers.with(|offers| TOPICS.map(|topic| group(offers, topic)).into_iter().collect_view());
    let add = move |_| {
        let chosen = list.get_untracked().and_then(|list| list.value().parse().ok());
        if let Some(offer) = chosen {
            bridge.send(Msg::Course(CourseMsg::Builder(BuilderMsg::AddGoal(place, offer))));
        }
    };
    view! {
        <label>{say(Word::GoalFromScreen)}<select node_ref=list>{groups}</select></label>
        <p class="actions"><button type="button" on:click=add>{say(Word::AddThisGoal)}</button></p>
    }
    .into_any()
}
