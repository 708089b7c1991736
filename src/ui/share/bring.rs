//! Objects of a real cluster, pasted or chosen as a file, as a scene of this one.

use leptos::html::Textarea;
use leptos::prelude::*;
use leptos::task::spawn_local;
use session::{Model, Msg, Panel};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::bridge::{Bridge, bridge};
use crate::effects::file;
use crate::layout::Pane;
use crate::words::{Word, say};

#[component]
pub(super) fn BringIn() -> impl IntoView {
    let bridge = bridge();
    let field = NodeRef::<Textarea>::new();
    let open = move |_| {
        let pasted = field.get_untracked().map(|field| field.value()).unwrap_or_default();
        bridge.send(Msg::Bring(pasted));
    };
    let choose = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(chosen) = input.and_then(|input| input.files()?.get(0)) else { return };
        spawn_local(async move {
            // A file that cannot be read is as good as an empty one: it holds no object, and that is said.
            bridge.send(Msg::Bring(file::text(&chosen).await.unwrap_or_default()));
        });
    };
    view! {
        <section>
            <h3>{say(Word::BringIn)}</h3>
            <p class="hint">{say(Word::BringInIntroduction)}</p>
            <pre class="hint"><code>"kubectl get deploy,pod,svc,ingress,networkpolicy -A -o yaml"</code></pre>
            <textarea rows="4" spellcheck="false" node_ref=field aria-label=say(Word::BringInText)></textarea>
            <p class="actions">
                <button type="button" on:click=open>{say(Word::BringInOpen)}</button>
                <label class="button">
                    {say(Word::BringInFile)}
                    <input class="unseen" type="file" accept=".yaml,.yml,.json,application/yaml,application/json" on:change=choose/>
                </label>
            </p>
            {move || result(bridge)}
        </section>
    }
}

/// What came of it.
fn result(bridge: Bridge) -> AnyView {
    let brought = bridge.view(Model::brought);
    let walk = move |_| {
        bridge.send(Msg::ShowPanel(Some(Panel::Walk)));
        bridge.layout.pane.set(Pane::Terminal);
        bridge.share.set(false);
    };
    let said = move || match brought.get()? {
        Err(why) => Some(view! { <p class="trouble">{why}</p> }.into_any()),
        Ok(remarks) => {
            let lines = remarks.iter().map(|remark| {
                view! { <li><code>{remark.object.clone()}</code>": "{remark.words.clone()}</li> }
            });
            let (none, list) = (remarks.is_empty(), lines.collect_view());
            Some(
                view! {
                    <p><strong>{say(Word::BroughtIn)}</strong>" "{if none { "" } else { say(Word::BringInRemarks) }}</p>
                    <ul>{list}</ul>
                    <p class="actions"><button type="button" class="primary" on:click=walk>{say(Word::BringInWalk)}</button></p>
                }
                .into_any(),
            )
        }
    };
    view! { <div role="status">{said}</div> }.into_any()
}
