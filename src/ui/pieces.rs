//! The page in pieces: at the start each is made in a task of its own, so that none keeps the browser from painting.

use leptos::prelude::*;

/// How many pieces of the page may be made. Copying it copies a reference.
#[derive(Clone, Copy)]
pub struct Pieces {
    made: RwSignal<usize>,
    known: StoredValue<usize>,
}

impl Pieces {
    /// A page of which there is only the frame.
    #[must_use]
    pub fn none_yet() -> Self {
        Self { made: RwSignal::new(0), known: StoredValue::new(0) }
    }

    /// One more, in the order in which they stand; `false` when there is none left.
    #[must_use]
    pub fn one_more(self) -> bool {
        let made = self.made.get_untracked();
        let left = made < self.known.get_value();
        // What comes later, for instance in another language, comes whole.
        self.made.set(if left { made + 1 } else { usize::MAX });
        left
    }
}

/// A piece of the page: at the start there is nothing in its place, later it is made at once.
pub(super) fn piece(make: impl Fn() -> AnyView + Send + 'static) -> impl IntoView {
    let pieces = expect_context::<Pieces>();
    let number = pieces.known.get_value();
    pieces.known.set_value(number + 1);
    let due = Memo::new(move |_| pieces.made.get() > number);
    move || due.get().then(&make)
}
