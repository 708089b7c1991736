//! How much room an element has, told whenever it changes.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::ResizeObserver;

/// Tells the width of an element's content in whole CSS pixels, now and after every change. An element that is not
/// shown has none and is not told of.
pub(super) fn width_of(element: NodeRef<Div>, tell: impl Fn(i32) + Copy + 'static) {
    Effect::new(move |_| {
        let Some(element) = element.get() else { return };
        let measured = element.clone();
        let changed = Closure::<dyn FnMut()>::new(move || {
            // The padding on the left, and as much again on the right.
            let width = measured.client_width() - 24;
            if width > 0 {
                tell(width);
            }
        });
        let Ok(observer) = ResizeObserver::new(changed.as_ref().unchecked_ref()) else { return };
        observer.observe(&element);
        let kept = StoredValue::new_local((observer, changed));
        on_cleanup(move || kept.with_value(|(observer, _)| observer.disconnect()));
    });
}
