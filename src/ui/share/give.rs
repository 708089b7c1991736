//! The scene as a text to copy: a link, Markdown, or the element for a web page.

use leptos::html::Textarea;
use leptos::prelude::*;
use leptos::task::spawn_local;
use session::share::Form;

use crate::bridge::bridge;
use crate::effects::{clipboard, place};
use crate::words::{Word, say};

const FORMS: [(Form, Word); 3] =
    [(Form::Link, Word::GiveLink), (Form::Markdown, Word::GiveMarkdown), (Form::Element, Word::GiveElement)];

#[component]
pub(super) fn Give() -> impl IntoView {
    let bridge = bridge();
    let form = RwSignal::new(Form::Link);
    let said = RwSignal::new("");
    let field = NodeRef::<Textarea>::new();
    let text = Memo::new(move |_| {
        let away = [bridge.layout.manifest_away, bridge.layout.terminal_away].map(|away| away.get());
        bridge.now(|model| model.shared(form.get(), &place::site(), away[0], away[1]))
    });
    let forms = FORMS.map(|(this, name)| {
        let choose = move |_| {
            form.set(this);
            said.set("");
        };
        view! {
            <label class="switch">
                <input type="radio" name="share-form" checked=this == Form::Link on:change=choose/>
                {say(name)}
            </label>
        }
    });
    let copy = move |_| {
        let Some(text) = text.get_untracked() else { return };
        spawn_local(async move {
            if clipboard::copy(&text).await {
                said.set(say(Word::Copied));
                return;
            }
            said.set(say(Word::NotCopied));
            if let Some(field) = field.get_untracked() {
                // A field that cannot be selected can still be read.
                let _ = field.focus();
                field.select();
            }
        });
    };
    let too_large = move || text.with(Option::is_none);
    view! {
        <section>
            <p class="hint">{say(Word::GiveIntroduction)}</p>
            <fieldset class="actions">
                <legend class="unseen">{say(Word::GiveForm)}</legend>
                {forms.into_iter().collect_view()}
            </fieldset>
            <p class="hint" role="status" hidden=move || !too_large()>{move || if too_large() { say(Word::GiveTooLarge) } else { "" }}</p>
            <textarea readonly rows="4" spellcheck="false" node_ref=field aria-label=say(Word::GiveText) hidden=too_large
                prop:value=move || text.get().unwrap_or_default()></textarea>
            <p class="actions">
                <button type="button" class="primary" disabled=too_large on:click=copy>{say(Word::Copy)}</button>
                <span role="status">{said}</span>
            </p>
        </section>
    }
}
