//! How much room an element has, told whenever it changes.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};

/// Tells the width of an element's content in whole CSS pixels, now and after every change. An element that is not
/// shown has none and is not told of.
pub(super) fn width_of(element: NodeRef<Div>, tell: impl Fn(i32) + Copy + 'static) {
    size_of(element, move |width, _| tell(width));
}

/// The same with the height.
pub(super) fn size_of(element: NodeRef<Div>, tell: impl Fn(i32, i32) + Copy + 'static) {
    Effect::new(move |_| {
        let Some(element) = element.get() else { return };
        let measured = element.clone();
        let changed = Closure::<dyn FnMut()>::new(move || {
            let (width, height) = content_of(&measured);
            if width > 0 {
                tell(width, height);
            }
        });
        let Ok(observer) = ResizeObserver::new(changed.as_ref().unchecked_ref()) else { return };
        observer.observe(&element);
        let kept = StoredValue::new_local((observer, changed));
        on_cleanup(move || kept.with_value(|(observer, _)| observer.disconnect()));
    });
}

/// The room of an element's content in CSS pixels.
pub(super) fn content_of(element: &Element) -> (i32, i32) {
    // The padding on the left and above, and as much again on the other side.
    (element.client_width() - 24, element.client_height() - 24)
}
