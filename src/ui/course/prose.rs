//! The texts of lessons as nodes of text. Nothing of them is ever read as markup.

use leptos::prelude::*;
use session::Msg;
use session::markdown::{self, Block, Span};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::bridge::{Bridge, bridge};
use crate::layout::Pane;
use crate::words::{Word, fill, say};

/// A text.
pub(super) fn prose(blocks: &[Block]) -> AnyView {
    blocks.iter().map(block).collect_view().into_any()
}

/// One line, such as a hint: what stands between back-ticks is code, as in the texts.
pub(in crate::ui) fn words(text: &str) -> AnyView {
    match markdown::read(text).as_slice() {
        [Block::Paragraph(words)] => spans(words),
        _ => text.to_owned().into_any(),
    }
}

fn block(block: &Block) -> AnyView {
    match block {
        Block::Heading(words) => view! { <h4>{spans(words)}</h4> }.into_any(),
        Block::Paragraph(words) => view! { <p>{spans(words)}</p> }.into_any(),
        Block::Code { language, text } if language == "sh" => commands(text),
        Block::Code { text, .. } => view! { <pre tabindex="0"><code>{text.clone()}</code></pre> }.into_any(),
        Block::List { ordered: true, items } => view! { <ol>{list(items)}</ol> }.into_any(),
        Block::List { ordered: false, items } => view! { <ul>{list(items)}</ul> }.into_any(),
        Block::Table(rows) => table(rows),
        Block::Note(inner) => view! { <blockquote>{prose(inner)}</blockquote> }.into_any(),
    }
}

fn list(items: &[Vec<Span>]) -> AnyView {
    items.iter().map(|item| view! { <li>{spans(item)}</li> }).collect_view().into_any()
}

fn table(rows: &[Vec<Vec<Span>>]) -> AnyView {
    let (head, rest) = rows.split_at(rows.len().min(1));
    let heads = head.iter().flatten().map(|cell| view! { <th scope="col">{spans(cell)}</th> }).collect_view();
    let row = |row: &Vec<Vec<Span>>| {
        let cells = row.iter().map(|cell| view! { <td>{spans(cell)}</td> }).collect_view();
        view! { <tr>{cells}</tr> }
    };
    view! { <table><thead><tr>{heads}</tr></thead><tbody>{rest.iter().map(row).collect_view()}</tbody></table> }
        .into_any()
}

fn spans(spans: &[Span]) -> AnyView {
    let span = |span: &Span| match span {
        Span::Text(words) => words.clone().into_any(),
        Span::Code(words) => view! { <code>{words.clone()}</code> }.into_any(),
        Span::Strong(words) => view! { <strong>{words.clone()}</strong> }.into_any(),
        Span::Emphasis(words) => view! { <em>{words.clone()}</em> }.into_any(),
        Span::Link { words, address } => {
            view! { <a href=address.clone() target="_blank" rel="noreferrer">{words.clone()}</a> }.into_any()
        }
    };
    spans.iter().map(span).collect_view().into_any()
}

/// Commands, each with a way into the terminal; those that span lines go there together. In what was written down with its
/// prompts, only what stands after them are commands.
pub(in crate::ui) fn commands(text: &str) -> AnyView {
    let bridge = bridge();
    let prompted = text.lines().any(|line| line.starts_with("$ "));
    if !prompted && (text.contains("<<") || text.lines().any(|line| line.ends_with('\\') || line.starts_with(' '))) {
        let lines = text.to_owned();
        let run = move |_| {
            bridge.layout.pane.set(Pane::Terminal);
            lines.lines().for_each(|line| bridge.send(Msg::TerminalLine(line.to_owned())));
        };
        return view! {
            <div class="commands">
                <pre tabindex="0"><code>{text.to_owned()}</code></pre>
                <button type="button" class="quiet" on:click=run>{say(Word::RunLines)}</button>
            </div>
        }
        .into_any();
    }
    let line = |line: &str| {
        let command = if prompted { line.strip_prefix("$ ") } else { Some(line) };
        let button = command.map(|command| {
            let (command, label) = (command.to_owned(), fill(Word::ToTerminal, &[("command", command)]));
            view! {
                <button type="button" class="quiet" aria-label=label.clone() title=label on:click=move |_| to_terminal(bridge, &command)>
                    <svg class="mark" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="M2.5 4l4 4-4 4M8 12.5h5.5"/></svg>
                </button>
            }
        });
        view! { <li><code>{line.to_owned()}</code>{button}</li> }
    };
    let lines = text.lines().filter(|line| !line.trim().is_empty()).map(line).collect_view();
    view! { <ul class="commands">{lines}</ul> }.into_any()
}

/// Puts a line where it can still be changed before it runs.
fn to_terminal(bridge: Bridge, line: &str) {
    bridge.layout.pane.set(Pane::Terminal);
    let input = document().get_element_by_id("command").and_then(|element| element.dyn_into::<HtmlInputElement>().ok());
    if let Some(input) = input {
        input.set_value(line);
        // A line that takes no focus can still be clicked.
        let _ = input.focus();
    }
}
