//! What a visitor can choose of the page itself. The browser's own popover: Escape and a click elsewhere close it.

use leptos::prelude::*;
use session::{FilesMsg, Model, Msg};

use crate::bridge::{ON_DEMAND, bridge};
use crate::effects::{language, storage, theme};
use crate::words::{Language, Word, say};

/// The id of the popover, for the button that opens it.
pub(super) const ID: &str = "settings";

#[component]
pub(super) fn Settings() -> impl IntoView {
    let bridge = bridge();
    let chosen = theme::chosen();
    let themes = theme::Theme::ALL.map(|(theme, name)| {
        view! {
            <label class="switch">
                <input type="radio" name="theme" checked=theme == chosen on:change=move |_| theme::choose(theme)/>
                {say(name)}
            </label>
        }
    });
    let on_demand = bridge.now(Model::applies_on_demand);
    let applying = [(false, Word::ApplyTyping), (true, Word::ApplyDemand)].map(|(demand, name)| {
        let choose = move |_| {
            storage::choose(ON_DEMAND, if demand { "yes" } else { "no" });
            bridge.send(Msg::Files(FilesMsg::OnDemand(demand)));
        };
        view! {
            <label class="switch">
                <input type="radio" name="applying" checked=demand == on_demand on:change=choose/>
                {say(name)}
            </label>
        }
    });
    view! {
        <section id=ID popover="auto" class="sheet settings" aria-label=say(Word::Settings)>
            <h2>{say(Word::Settings)}</h2>
            <fieldset>
                <legend>{say(Word::Theme)}</legend>
                {themes.into_iter().collect_view()}
            </fieldset>
            <fieldset>
                <legend>{say(Word::ApplyWhen)}</legend>
                {applying.into_iter().collect_view()}
            </fieldset>
            <label class="choice">{say(Word::Language)}<LanguageChoice/></label>
            <button type="button" popovertarget=ID popovertargetaction="hide" on:click=move |_| bridge.send(Msg::Reset)>
                {say(Word::StartOver)}
            </button>
        </section>
    }
}

/// Which language the page speaks. Each is called by its own name, so that whoever cannot read this one finds theirs.
#[component]
fn LanguageChoice() -> impl IntoView {
    let bridge = bridge();
    let options = Language::ALL.map(|language| {
        let spoken = bridge.language.get_untracked() == language;
        view! { <option value=language.tag() lang=language.tag() selected=spoken>{language.name()}</option> }
    });
    let choose = move |event| {
        if let Some(language) = Language::of_tag(&event_target_value(&event)) {
            language::choose(bridge, language);
        }
    };
    view! { <select on:change=choose>{options.into_iter().collect_view()}</select> }
}
