//! The session and the page: messages in, views out as signals. One signal says that the model changed; each view is a
//! memo of it, so a component runs again only when what it shows is another.

use std::sync::Arc;

use leptos::prelude::*;
use session::scene::Scene;
use session::{Effect, Model, Msg, TextChange, saved, update};

use crate::effects::{clock, fetch, storage, timer::Timer};

/// The one handle that components have. Copying it copies a reference.
#[derive(Clone, Copy)]
pub struct Bridge {
    model: StoredValue<Model, LocalStorage>,
    /// Grows with every message.
    changed: RwSignal<u64>,
    timer: StoredValue<Timer, LocalStorage>,
    /// What the page asked of the editor last.
    pub to_editor: RwSignal<Option<ToEditor>>,
    /// Which pane a narrow screen shows.
    pub pane: RwSignal<Pane>,
}

/// What the editor has to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ToEditor {
    /// Show this text.
    Replace(String),
    /// Show this part, in UTF-16 units.
    Reveal(usize, usize),
    /// Change this part, as if the learner had.
    Change(TextChange),
}

/// The panes, as tabs of a narrow screen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pane {
    /// The editor.
    Manifest,
    /// The diagram.
    Diagram,
    /// The terminal.
    Terminal,
}

/// A picture; equal only to itself, which makes comparing it cheap.
#[derive(Clone)]
pub struct Picture(pub Arc<Scene>);

impl PartialEq for Picture {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Bridge {
    /// A session that goes on where the last visit ended.
    #[must_use]
    pub fn new() -> Self {
        let (kept, trouble) = storage::load();
        let bridge = Self {
            model: StoredValue::new_local(Model::new(kept)),
            changed: RwSignal::new(0),
            timer: StoredValue::new_local(Timer::default()),
            to_editor: RwSignal::new(None),
            pane: RwSignal::new(Pane::Diagram),
        };
        bridge.send(Msg::Tick(clock::millis()));
        if let Some(words) = trouble {
            bridge.send(Msg::Trouble(words));
        }
        bridge
    }

    /// Tells the session something. It is told the time first, so that what follows happens now.
    pub fn send(self, msg: Msg) {
        let effects = self.model.try_update_value(|model| {
            let mut effects = Vec::new();
            if !matches!(msg, Msg::Tick(_)) {
                effects.extend(update(model, Msg::Tick(clock::millis())));
            }
            effects.extend(update(model, msg));
            effects
        });
        self.changed.update(|count| *count += 1);
        for effect in effects.unwrap_or_default() {
            self.carry_out(effect);
        }
    }

    /// A view of the session, as a signal that changes when the view does.
    pub fn view<T>(self, of: impl Fn(&Model) -> T + Send + Sync + 'static) -> Memo<T>
    where
        T: PartialEq + Send + Sync + 'static,
    {
        Memo::new(move |_| {
            self.changed.track();
            self.model.with_value(|model| of(model))
        })
    }

    /// Something of the session as it is now.
    pub fn now<T>(self, of: impl FnOnce(&Model) -> T) -> T {
        self.model.with_value(of)
    }

    fn carry_out(self, effect: Effect) {
        match effect {
            Effect::TickAt(at) => self.timer.update_value(|timer| {
                timer.set(at, move || {
                    self.timer.update_value(Timer::rang);
                    self.send(Msg::Tick(clock::millis()));
                });
            }),
            Effect::Store(text) => {
                if let Err(words) = storage::store(&text) {
                    self.send(Msg::Trouble(words));
                }
            }
            Effect::Load(document) => leptos::task::spawn_local(async move {
                let text = fetch::text(document.path()).await;
                self.send(Msg::Loaded(document, text));
            }),
            Effect::ReplaceText(text) => self.to_editor.set(Some(ToEditor::Replace(text))),
            Effect::Reveal { from, to } => {
                self.pane.set(Pane::Manifest);
                self.to_editor.set(Some(ToEditor::Reveal(from, to)));
            }
        }
    }
}

impl Default for Bridge {
    fn default() -> Self {
        Self::new()
    }
}

/// The bridge of the page that a component is in.
#[must_use]
pub fn bridge() -> Bridge {
    expect_context::<Bridge>()
}

/// What a saved text holds, or why it cannot be read.
pub(crate) fn read_saved(text: &str) -> Result<saved::Saved, String> {
    saved::decode(text).map_err(|why| format!("your last visit could not be brought back: {why}"))
}
