//! A field of a draft.

use leptos::prelude::*;
use session::course::builder::BuilderMsg;
use session::course::draft::Field;
use session::{CourseMsg, Msg};

use crate::bridge::bridge;

/// One line.
pub(super) fn short(name: impl Into<String>, field: Field, value: &str) -> AnyView {
    let bridge = bridge();
    let write =
        move |event| bridge.send(Msg::Course(CourseMsg::Builder(BuilderMsg::Write(field, event_target_value(&event)))));
    view! { <label>{name.into()}<input type="text" autocomplete="off" value=value.to_owned() on:input=write/></label> }
        .into_any()
}

/// Several lines.
pub(super) fn long(name: impl Into<String>, field: Field, value: &str, code: bool) -> AnyView {
    let bridge = bridge();
    let write =
        move |event| bridge.send(Msg::Course(CourseMsg::Builder(BuilderMsg::Write(field, event_target_value(&event)))));
    let rows = value.lines().count().clamp(3, 12);
    view! {
        <label>
            {name.into()}
            <textarea class:code=code rows=rows spellcheck=(!code).to_string() prop:value=value.to_owned() on:input=write></textarea>
        </label>
    }
    .into_any()
}
