//! The files of the manifest as tabs, and what can be done with the open one.

use leptos::html::Input;
use leptos::prelude::*;
use session::scene::Tone;
use session::{Aside, FileTab, FilesMsg, Model, Msg};
use web_sys::KeyboardEvent;

use super::super::icon;
use crate::bridge::{Bridge, bridge};
use crate::effects::focus::focus;
use crate::effects::place;
use crate::effects::stand::once_drawn;
use crate::words::{Word, fill, say};

/// The id of what the tabs show.
pub(super) const PANEL: &str = "files-panel";

const OPEN_TAB: &str = "[role=tab][aria-selected=true]";

const PLUS: &str = "M8 3v10M3 8h10";
const LINES: &str = "M2 3.5h12M5 8h9M5 12.5h9";
const PENCIL: &str = "M3 13l.7-3L10.5 3.2l2.3 2.3L6 12.3z";
const CROSS: &str = "M4 4l8 8M12 4l-8 8";
const BIN: &str = "M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.6 9h5.8l.6-9";

#[component]
pub(super) fn Files() -> impl IntoView {
    let bridge = bridge();
    let files = bridge.view(Model::files);
    let on_demand = bridge.view(Model::applies_on_demand);
    let current = bridge.view(|model: &Model| model.status().current);
    let renaming = RwSignal::new(None::<FileTab>);
    let tell = move |msg| bridge.send(Msg::Files(msg));
    let open = move || files.with(|files| files.iter().find(|file| file.open).cloned());
    let of_open = move |word| open().map(|file| fill(word, &[("name", &file.name)]));
    let rename = move || renaming.set(open());
    let delete = move || {
        if let Some(file) = open() {
            tell(FilesMsg::Delete(file.id));
            focus_open_tab();
        }
    };
    let press = move |event: KeyboardEvent| {
        let at = files.with(|files| files.iter().position(|file| file.open).unwrap_or_default());
        let count = files.with(Vec::len);
        let to = match event.key().as_str() {
            "ArrowRight" => (at + 1) % count,
            "ArrowLeft" => (at + count - 1) % count,
            "Home" => 0,
            "End" => count - 1,
            "F2" => return rename(),
            "Delete" => return delete(),
            _ => return,
        };
        event.prevent_default();
        if let Some(id) = files.with(|files| files.get(to).map(|file| file.id)) {
            tell(FilesMsg::Open(id));
            focus_open_tab();
        }
    };
    let tabs = move || files.get().into_iter().map(|file| tab(bridge, file)).collect_view();
    let bar = move || {
        view! {
            <div class="bar files">
                <div role="tablist" aria-label=say(Word::Files) on:keydown=press on:dblclick=move |_| rename()>{tabs}</div>
                <div class="tools">
                    <button type="button" class="icon" aria-label=say(Word::NewFile) title=say(Word::NewFile) on:click=move |_| tell(FilesMsg::Add)>
                        {icon(PLUS)}
                    </button>
                    <button type="button" class="icon" aria-label=say(Word::Format) title=say(Word::Format) on:click=move |_| tell(FilesMsg::Format)>
                        {icon(LINES)}
                    </button>
                    <button type="button" class="icon" aria-label=move || of_open(Word::RenameFile) title=move || of_open(Word::RenameFile) on:click=move |_| rename()>
                        {icon(PENCIL)}
                    </button>
                    <button type="button" class="icon" aria-label=move || of_open(Word::DeleteFile) title=move || of_open(Word::DeleteFile) on:click=move |_| delete()>
                        {icon(BIN)}
                    </button>
                </div>
                <button type="button" class="primary" hidden=move || !on_demand.get() disabled=current title="Ctrl-Enter" on:click=move |_| tell(FilesMsg::Apply)>
                    {say(Word::ApplyNow)}
                </button>
            </div>
        }
        .into_any()
    };
    let aside = bridge.view(Model::aside);
    // Where the tabs need more room than there is, the open one is in sight.
    Effect::new(move |_| {
        files.track();
        once_drawn(|| {
            if let Ok(Some(tab)) = document().query_selector(OPEN_TAB) {
                place::show(&tab);
            }
        });
    });
    view! {
        {move || match renaming.get() {
            Some(file) => rename_form(bridge, file, renaming),
            None => bar(),
        }}
        {move || aside.get().map(|aside| notice(bridge, &aside))}
    }
}

fn tab(bridge: Bridge, file: FileTab) -> AnyView {
    let FileTab { id, name, open, tone } = file;
    let troubled = (tone == Tone::Bad).then(|| {
        view! { <span class="bad" aria-hidden="true">"!"</span><span class="unseen">{say(Word::HasProblems)}</span> }
    });
    view! {
        <button
            type="button"
            role="tab"
            aria-selected=if open { "true" } else { "false" }
            aria-controls=PANEL
            tabindex=if open { "0" } else { "-1" }
            on:click=move |_| {
                bridge.send(Msg::Files(FilesMsg::Open(id)));
                focus_open_tab();
            }
        >
            {name}
            {troubled}
        </button>
    }
    .into_any()
}

/// In place of the tabs while a file gets another name.
fn rename_form(bridge: Bridge, file: FileTab, renaming: RwSignal<Option<FileTab>>) -> AnyView {
    let input = NodeRef::<Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            // A field that takes no focus can still be clicked.
            let _ = input.focus();
            input.select();
        }
    });
    let end = move || {
        renaming.set(None);
        focus_open_tab();
    };
    let id = file.id;
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if let Some(input) = input.get_untracked() {
            bridge.send(Msg::Files(FilesMsg::Rename(id, input.value())));
        }
        end();
    };
    let press = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            end();
        }
    };
    let label = fill(Word::NewName, &[("name", &file.name)]);
    view! {
        <form class="bar rename" on:submit=save on:keydown=press>
            <input node_ref=input type="text" aria-label=label autocomplete="off" autocapitalize="off" spellcheck="false" value=file.name/>
            <button type="submit" class="primary">{say(Word::Rename)}</button>
            <button type="button" on:click=move |_| end()>{say(Word::Cancel)}</button>
        </form>
    }
    .into_any()
}

/// Says what is not in the editor any more, and brings it back.
fn notice(bridge: Bridge, aside: &Aside) -> AnyView {
    let name = aside.texts.first().map(|(name, _)| name.as_str()).unwrap_or_default();
    let words = if aside.whole { say(Word::PutAside).to_owned() } else { fill(Word::Deleted, &[("name", name)]) };
    let tell = move |msg| {
        bridge.send(Msg::Files(msg));
        focus_open_tab();
    };
    view! {
        <p class="notice" role="status">
            <span>{words}</span>
            <button type="button" class="link-button" on:click=move |_| tell(FilesMsg::BringBack)>{say(Word::BringBack)}</button>
            <button type="button" class="icon" aria-label=say(Word::NeverMind) title=say(Word::NeverMind) on:click=move |_| tell(FilesMsg::LetGo)>
                {icon(CROSS)}
            </button>
        </p>
    }
    .into_any()
}

/// What was done took away what had the focus; the tab of the open file is the nearest to it.
fn focus_open_tab() {
    focus(OPEN_TAB);
}
