//! How large the diagram is drawn: fitted to its pane, or as the visitor zoomed. Panning is the pane's own scrolling, so
//! touch, keyboard and screen readers have it too.

use leptos::html::Div;
use leptos::prelude::*;
use web_sys::{KeyboardEvent, WheelEvent};

use crate::bridge::Picture;
use crate::effects::rect;
use crate::words::{Word, say};

/// How small and how large one may zoom.
const SMALLEST: f64 = 0.2;
const LARGEST: f64 = 3.0;
/// What is smaller than this cannot be read: rather than fit, it scrolls.
const READABLE: f64 = 0.45;
const STEP: f64 = 1.25;

/// The camera. Copying it copies a reference.
#[derive(Clone, Copy)]
pub(super) struct Camera {
    stage: NodeRef<Div>,
    /// The room there is.
    room: RwSignal<(i32, i32)>,
    /// What the visitor chose; `None` fits.
    zoom: RwSignal<Option<f64>>,
    /// Drawn pixels for each of the scene's.
    pub(super) scale: Memo<f64>,
}

impl Camera {
    pub(super) fn new(stage: NodeRef<Div>, picture: Memo<Picture>) -> Self {
        let room = RwSignal::new(super::room().unwrap_or_default());
        let zoom = RwSignal::new(None);
        let scale = Memo::new(move |_| {
            let scene = picture.get().0;
            zoom.get().unwrap_or_else(|| fitting((scene.width, scene.height), room.get()))
        });
        Self { stage, room, zoom, scale }
    }

    pub(super) fn set_room(self, width: i32, height: i32) {
        self.room.set((width, height));
    }

    pub(super) fn is_fitted(self) -> bool {
        self.zoom.get().is_none()
    }

    pub(super) fn fit(self) {
        self.zoom.set(None);
    }

    /// Zooms by steps around the middle of the pane.
    pub(super) fn step(self, inwards: bool) {
        let middle =
            self.stage.get_untracked().map_or((0, 0), |stage| (stage.client_width() / 2, stage.client_height() / 2));
        self.zoom_by(if inwards { STEP } else { 1.0 / STEP }, (f64::from(middle.0), f64::from(middle.1)));
    }

    fn zoom_by(self, factor: f64, around: (f64, f64)) {
        let before = self.scale.get_untracked();
        let after = (before * factor).clamp(SMALLEST, LARGEST);
        self.zoom.set(Some(after));
        let Some(stage) = self.stage.get_untracked() else { return };
        let (left, top) = (f64::from(stage.scroll_left()), f64::from(stage.scroll_top()));
        let kept = |scroll: f64, at: f64| whole((scroll + at) * after / before - at);
        let (left, top) = (kept(left, around.0), kept(top, around.1));
        // Once the drawing has its new size.
        request_animation_frame(move || {
            stage.set_scroll_left(left);
            stage.set_scroll_top(top);
        });
    }

    /// Ctrl and the wheel, which is also what touchpads make of two fingers.
    pub(super) fn wheel(self, event: &WheelEvent) {
        if !event.ctrl_key() && !event.meta_key() {
            return;
        }
        event.prevent_default();
        let Some(stage) = self.stage.get_untracked() else { return };
        let (left, top) = rect::corner_of(&stage);
        let around = (f64::from(event.client_x()) - left, f64::from(event.client_y()) - top);
        self.zoom_by((-event.delta_y().clamp(-60.0, 60.0) / 200.0).exp(), around);
    }

    /// `+`, `-` and `0`; true when the key was one of them.
    pub(super) fn press(self, event: &KeyboardEvent) -> bool {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return false;
        }
        match event.key().as_str() {
            "+" | "=" => self.step(true),
            "-" => self.step(false),
            "0" => self.fit(),
            _ => return false,
        }
        event.prevent_default();
        true
    }

    /// Moves the drawing by so many pixels of the screen.
    pub(super) fn pan(self, right: i32, down: i32) {
        if let Some(stage) = self.stage.get_untracked() {
            stage.set_scroll_left(stage.scroll_left() - right);
            stage.set_scroll_top(stage.scroll_top() - down);
        }
    }
}

/// The scale at which all of a scene is seen, if it can be read then; else that at which its width is.
fn fitting(scene: (i32, i32), room: (i32, i32)) -> f64 {
    if room.0 <= 0 || room.1 <= 0 || scene.0 <= 0 || scene.1 <= 0 {
        return 1.0;
    }
    let (wide, high) = (f64::from(room.0) / f64::from(scene.0), f64::from(room.1) / f64::from(scene.1));
    let all = wide.min(high);
    let scale = if all < READABLE { wide.clamp(READABLE, 1.0) } else { all };
    // In steps, so that it does not breathe with every pod that comes and goes.
    ((scale * 40.0).floor() / 40.0).min(1.0)
}

// Scroll positions are far below 2^31.
#[allow(clippy::cast_possible_truncation)]
fn whole(pixels: f64) -> i32 {
    pixels.round() as i32
}

/// The buttons for hands.
#[component]
pub(super) fn Zoom(camera: Camera) -> impl IntoView {
    let percent = move || format!("{:.0} %", camera.scale.get() * 100.0);
    let fitted = move || if camera.is_fitted() { "true" } else { "false" };
    view! {
        <div class="zoom" role="group" aria-label=say(Word::Zoom)>
            <button type="button" class="tap" aria-label=say(Word::ZoomOut) on:click=move |_| camera.step(false)>"−"</button>
            <span class="percent">{percent}</span>
            <button type="button" class="tap" aria-label=say(Word::ZoomIn) on:click=move |_| camera.step(true)>"+"</button>
            <button type="button" class="tap fit" aria-pressed=fitted on:click=move |_| camera.fit()>{say(Word::ZoomFit)}</button>
        </div>
    }
}
