//! The frame around the panes: the bars between them, and the tabs of a narrow screen.

mod separator;
mod tabs;

use leptos::prelude::*;

pub(super) use separator::Separator;
pub(super) use tabs::Tabs;

use crate::bridge::bridge;
use crate::layout::Pane;

/// Brings out a pane that was put away as soon as something wants it in front.
pub(super) fn bring_out() {
    let layout = bridge().layout;
    Effect::new(move |before: Option<()>| {
        let pane = layout.pane.get();
        // What the page begins with nobody asked for.
        if before.is_none() {
            return;
        }
        match pane {
            Pane::Manifest => layout.manifest_away.set(false),
            Pane::Terminal => layout.terminal_away.set(false),
            Pane::Lesson | Pane::Diagram => {}
        }
    });
    Effect::new(move |before: Option<()>| {
        layout.manifest_away.track();
        layout.terminal_away.track();
        if before.is_some() {
            layout.keep();
        }
    });
}
