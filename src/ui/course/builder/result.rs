//! What a draft looks like, what is wrong with it, and the ways out.

use leptos::prelude::*;
use session::course::builder::{Builder, BuilderMsg};
use session::course::draft::{Draft, DraftGoal, DraftStep};
use session::{CourseMsg, markdown};

use super::super::{prose, tell};
use super::build;
use crate::effects::file;
use crate::words::{Word, say};

/// All that a learner will read, in the order in which they do.
fn preview(draft: &Draft) -> String {
    let list = |name: Word, items: Vec<String>| {
        if items.is_empty() { String::new() } else { format!("\n\n**{}**\n\n- {}", say(name), items.join("\n- ")) }
    };
    let goal = |goal: &DraftGoal| {
        let options: Vec<&str> = goal.options.iter().map(|option| option.says.as_str()).collect();
        if goal.is_question() { format!("{} — {}", goal.words, options.join(" / ")) } else { goal.words.clone() }
    };
    let lines = |text: &str| text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect();
    let step = |step: &DraftStep| {
        let heading = if step.title.is_empty() { String::new() } else { format!("### {}\n\n", step.title) };
        let goals = list(Word::Goals, step.goals.iter().map(goal).collect());
        format!("\n\n{heading}{}{goals}{}", step.text, list(Word::Hints, lines(&step.hints)))
    };
    draft.introduction.clone() + &draft.steps.iter().map(step).collect::<String>()
}

/// What the draft looks like, what is wrong with it, and the ways out.
pub(super) fn result(builder: Memo<Builder>) -> AnyView {
    let text = Memo::new(move |_| builder.with(|builder| preview(&builder.draft)));
    let found = Memo::new(move |_| builder.with(|b| (b.problems.clone(), b.tested.clone(), b.testing)));
    let out = Memo::new(move |_| builder.with(|b| (b.link.clone(), b.archive_name.clone(), b.archive.clone())));
    let list = |items: Vec<String>| view! { <ul class="hints">{items.into_iter().map(|item| view! { <li>{item}</li> }).collect_view()}</ul> };
    let verdict = move || match found.get() {
        (problems, _, _) if !problems.is_empty() => {
            view! { <div class="note waiting"><p>{say(Word::DraftProblems)}</p>{list(problems)}</div> }.into_any()
        }
        (_, _, true) => view! { <p>{say(Word::Testing)}</p> }.into_any(),
        (_, Some(found), _) if found.is_empty() => view! { <p class="note good">{say(Word::DraftGood)}</p> }.into_any(),
        (_, Some(found), _) => {
            view! { <div class="note bad"><p>{say(Word::DraftFindings)}</p>{list(found)}</div> }.into_any()
        }
        _ => ().into_any(),
    };
    let ways = move || {
        let (link, name, archive) = out.get();
        view! {
            <a class="button" download=name href=file::address("application/zip", &archive)>{say(Word::DraftExport)}</a>
            <a class="button" href=link target="_blank" rel="noopener">{say(Word::DraftLink)}</a>
        }
    };
    view! {
        <h3>{say(Word::Preview)}</h3>
        <div class="prose preview">{move || prose::prose(&markdown::read(&text.get()))}</div>
        <div role="status">{verdict}</div>
        <p class="actions">
            {build(say(Word::Test), BuilderMsg::Test)}
            {tell(say(Word::TryDraft), "", CourseMsg::TryDraft)}
            {ways}
            {build(say(Word::ClearDraft), BuilderMsg::Clear)}
        </p>
    }
    .into_any()
}
