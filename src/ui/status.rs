//! The status line: what the API server said last, what the page could not do, and the cluster's time.

use leptos::prelude::*;
use session::Model;

use super::marks::Mark;
use crate::bridge::bridge;
use crate::words::{Word, say};

#[component]
pub(super) fn Status() -> impl IntoView {
    let bridge = bridge();
    let tone = bridge.view(|model: &Model| model.status().tone);
    let verdict = bridge.view(|model: &Model| model.status().verdict);
    let clock = bridge.view(|model: &Model| model.status().clock);
    let trouble = bridge.view(|model: &Model| model.status().trouble);
    view! {
        <footer class="status">
            <p class="verdict" role="status">
                <Mark tone=tone/>
                <span class="quiet">{say(Word::ApiServer)}</span>
                <span>{verdict}</span>
            </p>
            <p class="trouble" role="alert">{trouble}</p>
            <p class="clock"><span class="quiet">{say(Word::ClusterTime)}" "</span><time>{clock}</time></p>
        </footer>
    }
}
