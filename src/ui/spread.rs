//! Many requests at once: bars with counts, each leading to one of its requests.

use leptos::prelude::*;
use session::ask::{Bar, Spread};
use session::{Model, Msg};

use super::diagram::badge;
use super::marks;
use crate::bridge::bridge;
use crate::words::{Word, fill, say};

#[component]
pub(super) fn SpreadView() -> impl IntoView {
    let bridge = bridge();
    let spread = bridge.view(Model::spread);
    let content = move || spread.get().map(|spread| bars(&spread));
    view! { {content} }
}

fn bars(spread: &Spread) -> AnyView {
    let most = spread.bars.iter().map(|bar| bar.count).max().unwrap_or(1).max(1);
    let total = spread.total;
    let rows = spread.bars.iter().map(|bar| row(bar, most, total));
    view! {
        <p class="outcome"><span>{spread.title.clone()}</span></p>
        <table class="spread">
            <caption class="unseen">{spread.words.clone()}</caption>
            <thead class="unseen"><tr><th scope="col">{say(Word::Who)}</th><th scope="col">{say(Word::Share)}</th><th scope="col">{say(Word::Requests)}</th></tr></thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
        <p class="hint">{spread.words.clone()}</p>
    }
    .into_any()
}

fn row(bar: &Bar, most: usize, total: usize) -> AnyView {
    let bridge = bridge();
    let width = format!("inline-size: {}%", bar.count * 100 / most);
    let name = match bar.sample {
        Some(sample) => {
            let show = move |_| bridge.send(Msg::ShowSample(Some(sample)));
            let label = fill(Word::ShowOneOf, &[("name", &bar.label)]);
            view! { <button type="button" class="link-button" aria-label=label on:click=show>{bar.label.clone()}</button> }
                .into_any()
        }
        None => view! { <span>{bar.label.clone()}" "<span class="quiet">{bar.note}</span></span> }.into_any(),
    };
    view! {
        <tr class=marks::class(bar.tone)>
            <th scope="row">{badge::small(bar.sign)}{name}</th>
            <td class="share"><div class="bar-fill" style=width></div><span class="unseen">{format!("{} %", bar.count * 100 / total.max(1))}</span></td>
            <td class="number">{bar.count}</td>
        </tr>
    }
    .into_any()
}
