//! Who reaches what: a table whose cells lead to the way of the attempt.

use leptos::prelude::*;
use session::panel::{Cell, Matrix};
use session::{Model, Msg};

use super::super::marks::{self, Mark};
use super::Frame;
use crate::bridge::bridge;
use crate::words::{Word, fill, say};

#[component]
pub(super) fn MatrixPanel() -> impl IntoView {
    let bridge = bridge();
    let matrix = bridge.view(|model: &Model| model.matrix());
    view! {
        <Frame label=say(Word::Reach) title=say(Word::ReachHeading).to_owned()>
            <div class="scroll" tabindex="0" role="region" aria-label=say(Word::ReachTable)>
                {move || table(&matrix.get())}
            </div>
        </Frame>
    }
}

fn table(matrix: &Matrix) -> AnyView {
    if matrix.rows.is_empty() {
        return view! { <p class="hint">{say(Word::NothingToReach)}</p> }.into_any();
    }
    let heads = matrix
        .from
        .iter()
        .map(|from| view! { <th scope="col">{fill(Word::From, &[("place", from)])}</th> })
        .collect_view();
    let rows = matrix.rows.iter().enumerate().map(|(at, row)| {
        let target = fill(Word::NameAtAddress, &[("name", &row.name), ("address", &row.address)]);
        let cells = row.cells.iter().zip(&matrix.from).enumerate();
        let cells = cells.map(|(column, (cell, from))| attempt(at, column, cell, from, &target));
        view! {
            <tr>
                <th scope="row">{row.name.clone()}<span class="packet-line">{row.address.clone()}</span></th>
                {cells.collect_view()}
            </tr>
        }
    });
    let left_out = (!matrix.left_out.is_empty()).then(|| fill(Word::NotShown, &[("what", &matrix.left_out)]));
    view! {
        <table class="matrix">
            <caption class="unseen">{say(Word::ReachCaption)}</caption>
            <thead><tr><td></td>{heads}</tr></thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
        <p class="hint">{left_out}</p>
    }
    .into_any()
}

fn attempt(row: usize, column: usize, cell: &Cell, from: &str, target: &str) -> AnyView {
    let bridge = bridge();
    let show = move |_| bridge.send(Msg::ShowCell(row, column));
    let label = fill(Word::Attempt, &[("from", from), ("target", target), ("outcome", cell.word)]);
    view! {
        <td class=marks::class(cell.tone)>
            <button type="button" class="cell" aria-label=label on:click=show>
                <Mark tone=Signal::stored(cell.tone)/>
                <span>{cell.word}</span>
            </button>
        </td>
    }
    .into_any()
}
