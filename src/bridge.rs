//! The session and the page: messages in, views out as signals. One signal says that the model changed; each view is a
//! memo of it, so a component runs again only when what it shows is another.

use std::sync::Arc;

use leptos::prelude::*;
use session::course::MOST_FETCHED;
use session::scene::Scene;
use session::{CourseMsg, Effect, FilesMsg, Model, Msg, QuickFix, TextChange, saved, update};

use crate::effects::{clock, course, fetch, host, language, scenes, storage, timer::Timer};
use crate::layout::{Layout, Pane};
use crate::words::{Language, Word, fill};

/// The name under which it is kept whether the learner says when to apply.
pub const ON_DEMAND: &str = "apply-on-demand";

/// The one handle that components have. Copying it copies a reference.
#[derive(Clone, Copy)]
pub struct Bridge {
    model: StoredValue<Model, LocalStorage>,
    /// Grows with every message.
    changed: RwSignal<u64>,
    timer: StoredValue<Timer, LocalStorage>,
    /// What the page asks of the editor, in order.
    pub to_editor: RwSignal<Vec<ToEditor>>,
    /// Whether the gallery of scenes is open.
    pub gallery: RwSignal<bool>,
    /// Whether the open lesson is being printed.
    pub printing: RwSignal<bool>,
    /// Whether what gives a scene away is open.
    pub share: RwSignal<bool>,
    /// Whether the sheet of keys is open.
    pub shortcuts: RwSignal<bool>,
    /// How the panes are arranged.
    pub layout: Layout,
    /// The language that the page speaks: [`language::choose`] changes it.
    pub language: RwSignal<Language>,
}

/// What the editor has to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ToEditor {
    /// Show this file, with this text.
    Show(u32, String),
    /// Show this part, in UTF-16 units.
    Reveal(usize, usize),
    /// Change these parts, as if the learner had.
    Change(Vec<TextChange>),
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
    /// A session, and what went wrong when the last visit was brought back.
    #[must_use]
    pub fn new(model: Model, trouble: Option<String>) -> Self {
        let bridge = Self {
            model: StoredValue::new_local(model),
            changed: RwSignal::new(0),
            timer: StoredValue::new_local(Timer::default()),
            to_editor: RwSignal::new(Vec::new()),
            gallery: RwSignal::new(false),
            printing: RwSignal::new(false),
            share: RwSignal::new(false),
            shortcuts: RwSignal::new(false),
            layout: Layout::restored(),
            language: RwSignal::new(Language::English),
        };
        bridge.send(Msg::Tick(clock::millis()));
        if let Some(words) = trouble {
            bridge.send(Msg::Trouble(words));
        }
        language::begin(bridge);
        if storage::choice(ON_DEMAND).is_some_and(|choice| choice == "yes") {
            bridge.send(Msg::Files(FilesMsg::OnDemand(true)));
        }
        course::begin(bridge);
        host::begin(bridge);
        bridge
    }

    /// Tells the session something. It is told the time first, so that what follows happens now.
    pub fn send(self, msg: Msg) {
        let effects = self.model.try_update_value(|model| {
            let mut effects = Vec::new();
            if !matches!(msg, Msg::Tick(_) | Msg::Wake(_)) {
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

    /// Asks something of the editor.
    pub fn ask_editor(self, command: ToEditor) {
        self.to_editor.update(|commands| commands.push(command));
    }

    /// Mends the text with a change that was offered, in whatever file it is for.
    pub fn mend(self, fix: &QuickFix) {
        self.send(Msg::Files(FilesMsg::Open(fix.file)));
        self.ask_editor(ToEditor::Change(vec![fix.change.clone()]));
    }

    fn carry_out(self, effect: Effect) {
        match effect {
            Effect::TickAt(at) => self.timer.update_value(|timer| {
                timer.set(at, move || {
                    self.timer.update_value(Timer::rang);
                    self.send(Msg::Wake(clock::millis()));
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
            Effect::ReplaceText(text) => self.ask_editor(ToEditor::Show(self.now(Model::open_file), text)),
            Effect::ChangeText(changes) => self.ask_editor(ToEditor::Change(changes)),
            Effect::OpenScene(id) => leptos::task::spawn_local(async move { scenes::open(self, &id).await }),
            Effect::Arrange { manifest_away, terminal_away } => {
                self.layout.manifest_away.set(manifest_away);
                self.layout.terminal_away.set(terminal_away);
            }
            Effect::KeepCourse(text) => course::keep(&text),
            Effect::Fetch(address) => leptos::task::spawn_local(async move {
                let text = fetch::limited(&address, MOST_FETCHED).await;
                self.send(Msg::Course(CourseMsg::Fetched(address, text)));
            }),
            Effect::Reveal { from, to } => {
                self.layout.pane.set(Pane::Manifest);
                self.ask_editor(ToEditor::Reveal(from, to));
            }
        }
    }
}

/// The bridge of the page that a component is in.
#[must_use]
pub fn bridge() -> Bridge {
    expect_context::<Bridge>()
}

/// What a saved text holds, or why it cannot be read.
pub(crate) fn read_saved(text: &str) -> Result<saved::Saved, String> {
    saved::decode(text).map_err(|why| fill(Word::NotBroughtBack, &[("why", &why.to_string())]))
}
