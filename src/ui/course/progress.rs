//! Progress as a file, and forgetting it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use session::{CourseMsg, Model, Msg};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::tell;
use crate::bridge::bridge;
use crate::effects::file;
use crate::words::{Word, say};

#[component]
pub(super) fn ProgressTools() -> impl IntoView {
    let bridge = bridge();
    let asked = RwSignal::new(false);
    let file = bridge.view(|model: &Model| model.course().progress().to_json());
    let address = move || file::address("application/json", file.get().as_bytes());
    let import = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(chosen) = input.and_then(|input| input.files()?.get(0)) else { return };
        spawn_local(async move {
            // A file that cannot be read is as good as an empty one: it holds no progress, and that is said.
            let text = file::text(&chosen).await.unwrap_or_default();
            bridge.send(Msg::Course(CourseMsg::Import(text)));
        });
    };
    let question = move || {
        asked.get().then(|| {
            view! {
                <p class="actions" role="alertdialog" aria-label=say(Word::ForgetAsks) on:click=move |_| asked.set(false)>
                    <span>{say(Word::ForgetAsks)}</span>
                    {tell(say(Word::Forget), "", CourseMsg::Forget)}
                    <button type="button">{say(Word::Keep)}</button>
                </p>
            }
        })
    };
    view! {
        <section class="course-part">
            <h3>{say(Word::YourProgress)}</h3>
            <p class="hint">{say(Word::ProgressWhere)}</p>
            <p class="actions">
                <a class="button" download="services-playground-progress.json" href=address>{say(Word::ProgressExport)}</a>
                <label class="button">
                    {say(Word::ProgressImport)}
                    <input class="unseen" type="file" accept="application/json,.json" on:change=import/>
                </label>
                <button type="button" aria-expanded=move || asked.get().to_string() on:click=move |_| asked.set(true)>
                    {say(Word::ProgressForget)}
                </button>
            </p>
            {question}
        </section>
    }
}
