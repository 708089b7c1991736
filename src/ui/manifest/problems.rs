//! What is wrong with the manifest, as a list: for those who cannot see the gutter, and for the plain text field.

use leptos::prelude::*;
use session::{Diagnostic, Severity};

use super::super::marks::Mark;
use crate::bridge::{ToEditor, bridge};
use crate::words::{Word, fill, say};
use session::scene::Tone;

#[component]
pub(super) fn Problems(problems: Memo<Vec<Diagnostic>>) -> impl IntoView {
    let items = move || problems.get().into_iter().map(item).collect_view();
    let stale = move || problems.with(|all| all.iter().any(|problem| problem.severity == Severity::Error));
    view! {
        <div
            class="problems"
            class:bad=stale
            class:waiting=move || !stale()
            role="region"
            aria-label=say(Word::Problems)
            hidden=move || problems.with(Vec::is_empty)
        >
            <p class="hint" hidden=move || !stale()>{say(Word::LastGoodState)}</p>
            <ul>{items}</ul>
        </div>
    }
}

fn item(diagnostic: Diagnostic) -> AnyView {
    let bridge = bridge();
    let Diagnostic { from, to, line, column, severity, message, hint, fix } = diagnostic;
    let tone = match severity {
        Severity::Error => Tone::Bad,
        Severity::Warning => Tone::Waiting,
        Severity::Hint => Tone::Plain,
    };
    let show = move |_| bridge.ask_editor(ToEditor::Reveal(from, to));
    let fix = fix.map(|fix| {
        let title = fix.title.clone();
        let change = move |_| bridge.mend(&fix);
        view! { <button type="button" class="fix" on:click=change>{title}</button> }
    });
    view! {
        <li>
            <Mark tone=Signal::stored(tone)/>
            <button type="button" class="place" on:click=show>{fill(Word::LineAt, &[("line", &line.to_string()), ("column", &column.to_string())])}</button>
            <p class="problem-message">{message}</p>
            <p class="problem-hint">{hint}</p>
            {fix}
        </li>
    }
    .into_any()
}
