//! What a pointer does on the diagram: from box to box it sends a request, on the ground it moves the drawing. A finger
//! scrolls, as everywhere; the form and the keys do the same as dragging.

use leptos::prelude::*;
use session::Msg;
use session::scene::FigureId;
use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};

use super::super::ask::Asking;
use super::camera::Camera;
use crate::bridge::{Bridge, bridge};
use crate::effects::rect;

/// So far a pointer has to move before it drags.
const THRESHOLD: i32 = 6;

/// A pointer that is down. Copying it copies a reference.
#[derive(Clone, Copy)]
pub(super) struct Drag {
    bridge: Bridge,
    camera: Camera,
    from: RwSignal<Option<Held>>,
    /// Where it is, in the scene's pixels, while it drags from a box.
    pub(super) line: RwSignal<Option<(f64, f64, f64, f64)>>,
    /// A click that ends a drag opens nothing.
    swallow: StoredValue<bool>,
}

/// What is held.
#[derive(Clone, PartialEq)]
struct Held {
    figure: Option<FigureId>,
    x: i32,
    y: i32,
    moved: bool,
}

impl Drag {
    pub(super) fn new(camera: Camera) -> Self {
        let bridge = bridge();
        Self { bridge, camera, from: RwSignal::new(None), line: RwSignal::new(None), swallow: StoredValue::new(false) }
    }

    /// Whether the click that follows belongs to a drag.
    pub(super) fn took_click(self) -> bool {
        let took = self.swallow.get_value();
        self.swallow.set_value(false);
        took
    }

    pub(super) fn down(self, event: &PointerEvent) {
        self.swallow.set_value(false);
        if event.button() != 0 || event.pointer_type() == "touch" {
            return;
        }
        let figure = event.target().and_then(|target| target.dyn_into::<Element>().ok()).and_then(|at| figure_at(&at));
        self.from.set(Some(Held { figure, x: event.client_x(), y: event.client_y(), moved: false }));
    }

    pub(super) fn moved(self, event: &PointerEvent, drawing: &Element) {
        let Some(held) = self.from.get_untracked() else { return };
        if event.buttons() == 0 {
            self.leave();
            return;
        }
        let (x, y) = (event.client_x(), event.client_y());
        if !held.moved && (x - held.x).abs().max((y - held.y).abs()) < THRESHOLD {
            return;
        }
        event.prevent_default();
        match held.figure {
            Some(_) => {
                let (left, top) = rect::corner_of(drawing);
                let scale = self.camera.scale.get_untracked();
                let at = |x: i32, y: i32| ((f64::from(x) - left) / scale, (f64::from(y) - top) / scale);
                let ((x1, y1), (x2, y2)) = (at(held.x, held.y), at(x, y));
                self.line.set(Some((x1, y1, x2, y2)));
                self.from.set(Some(Held { moved: true, ..held }));
            }
            None => {
                self.camera.pan(x - held.x, y - held.y);
                self.from.set(Some(Held { x, y, moved: true, ..held }));
            }
        }
    }

    pub(super) fn up(self, event: &PointerEvent) {
        let held = self.from.get_untracked();
        self.leave();
        let Some(Held { figure: Some(from), moved: true, .. }) = held else { return };
        self.swallow.set_value(true);
        let (x, y) = (event.client_x(), event.client_y());
        #[allow(clippy::cast_precision_loss)]
        let at = document().element_from_point(x as f32, y as f32);
        if let Some(to) = at.and_then(|at| figure_at(&at)).filter(|to| *to != from) {
            self.bridge.send(Msg::AskBetween(from, to));
        }
    }

    pub(super) fn leave(self) {
        self.from.set(None);
        self.line.set(None);
    }
}

fn figure_at(element: &Element) -> Option<FigureId> {
    let figure = element.closest("[data-figure]").ok()??;
    Some(FigureId(figure.get_attribute("data-figure")?.into()))
}

/// The keys of a box, besides those that open it: `r` begins a request there, and Enter ends it at another. True when the key
/// was one of them.
pub(super) fn press(event: &web_sys::KeyboardEvent, figure: &FigureId, bridge: Bridge, asking: Asking) -> bool {
    let start = asking.start.get_untracked();
    match (event.key().as_str(), start) {
        ("r" | "R", _) if !event.ctrl_key() && !event.meta_key() && !event.alt_key() => {
            asking.start.set(Some(figure.clone()));
        }
        ("Escape", Some(_)) => asking.start.set(None),
        ("Enter" | " ", Some(start)) if start != *figure => {
            asking.start.set(None);
            bridge.send(Msg::AskBetween(start, figure.clone()));
        }
        _ => return false,
    }
    event.prevent_default();
    true
}
