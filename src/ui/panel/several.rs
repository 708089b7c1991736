//! The pods that one figure stands for: each leads to its own story.

use leptos::prelude::*;
use session::scene::Member;
use session::{Model, Msg};

use super::super::marks::{self, Mark};
use super::Frame;
use crate::bridge::bridge;
use crate::words::{Word, fill, say};

/// More are found by searching.
const MOST: usize = 200;

#[component]
pub(super) fn SeveralPanel() -> impl IntoView {
    let bridge = bridge();
    let figure = bridge.view(Model::several);
    let title = Memo::new(move |_| {
        figure.with(|figure| figure.as_ref().map(|figure| figure.title.clone()).unwrap_or_default())
    });
    let words = move || figure.with(|figure| figure.as_ref().map(|figure| figure.words.clone()));
    let members = Memo::new(move |_| {
        figure.with(|figure| figure.as_ref().map(|figure| figure.crowd.clone()).unwrap_or_default())
    });
    let more = move || members.with(Vec::len).checked_sub(MOST).filter(|more| *more > 0);
    let more = move || more().map(|more| fill(Word::MorePods, &[("count", &more.to_string())]));
    view! {
        <Frame label=say(Word::SeveralPods) title=title>
            <p>{words}</p>
            <div><ul class="ties">{move || members.get().iter().take(MOST).map(member).collect_view()}</ul></div>
            <p class="hint">{more}</p>
        </Frame>
    }
}

fn member(member: &Member) -> AnyView {
    let bridge = bridge();
    let object = member.object.clone();
    let name = format!("{} {}", object.kind.kind, object.name);
    let show = move |_| bridge.send(Msg::ShowObject(object.clone()));
    view! {
        <li class=marks::class(member.tone)>
            <Mark tone=Signal::stored(member.tone)/>
            <button type="button" class="link-button" on:click=show>{name}</button>
        </li>
    }
    .into_any()
}
