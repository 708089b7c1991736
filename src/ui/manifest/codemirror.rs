//! The border to `web/src/editor.ts`.

use js_sys::{Array, Object, Reflect};
use session::{Completions, Diagnostic, FieldName, Hover, Severity, TextChange};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

use crate::bridge::ToEditor;
use crate::effects::module;
use crate::words::{Word, say};

/// A `ManifestEditor` of `web/src/editor.ts`.
pub(super) struct CodeMirror {
    editor: Object,
    /// Live as long as the editor calls them.
    _changed: Closure<dyn FnMut(String)>,
    _complete: Question,
    _hover: Question,
    _ask: Closure<dyn Fn(String)>,
}

/// What the editor wants to know, and tells.
pub(super) struct Answers<C, H, A> {
    /// What a text could go on with at an offset.
    pub(super) complete: C,
    /// What field stands there.
    pub(super) hover: H,
    /// A key asks to "apply" or to "format".
    pub(super) ask: A,
}

/// What the editor asks of a text and an offset.
type Question = Closure<dyn Fn(String, u32) -> JsValue>;

impl CodeMirror {
    /// An editor with a file and its text, which is still to be [opened](Self::open); `None` when the module is not what it should be.
    pub(super) fn new(
        module: &JsValue,
        (file, text): (u32, &str),
        changed: impl FnMut(String) + 'static,
        Answers { complete, hover, ask }: Answers<
            impl Fn(&str, usize) -> Option<Completions> + 'static,
            impl Fn(&str, usize) -> Option<Hover> + 'static,
            impl Fn(String) + 'static,
        >,
    ) -> Option<Self> {
        let class = module::function(module, "ManifestEditor").ok()?;
        let changed = Closure::<dyn FnMut(String)>::new(changed);
        let complete = Question::new(move |text: String, offset: u32| {
            complete(&text, offset as usize).map_or(JsValue::NULL, |found| completions(&found))
        });
        let hover = Question::new(move |text: String, offset: u32| {
            hover(&text, offset as usize).map_or(JsValue::NULL, |found| field_help(&found))
        });
        let ask = Closure::<dyn Fn(String)>::new(ask);
        let assistant = object([
            ("complete", complete.as_ref().clone()),
            ("hover", hover.as_ref().clone()),
            ("ask", ask.as_ref().clone()),
        ]);
        let attributes =
            object([("aria-label", say(Word::ManifestLabel).into()), ("aria-describedby", super::LEAVING.into())]);
        let arguments: [&JsValue; 5] = [&file.into(), &text.into(), &attributes, changed.as_ref(), &assistant];
        let arguments: Array = arguments.into_iter().collect();
        let editor = Reflect::construct(&class, &arguments).ok()?.dyn_into::<Object>().ok()?;
        Some(Self { editor, _changed: changed, _complete: complete, _hover: hover, _ask: ask })
    }

    /// Puts it into the page.
    pub(super) fn open(&self, parent: &HtmlElement) {
        self.call("open", &Array::of1(parent));
    }

    pub(super) fn set_problems(&self, problems: &[Diagnostic]) {
        self.call("setProblems", &Array::of1(&problems.iter().map(problem).collect::<Array>()));
    }

    pub(super) fn focus(&self) {
        self.call("focus", &Array::new());
    }

    pub(super) fn obey(&self, command: &ToEditor) {
        match command {
            ToEditor::Show(file, text) => self.call("show", &Array::of2(&(*file).into(), &text.as_str().into())),
            ToEditor::Reveal(from, to) => self.call("reveal", &Array::of2(&number(*from), &number(*to))),
            ToEditor::Change(changes) => {
                self.call("change", &Array::of1(&changes.iter().map(change).collect::<Array>()));
            }
        }
    }

    /// Removes it from the page.
    pub(super) fn destroy(&self) {
        self.call("destroy", &Array::new());
    }

    /// Calls a method. What the editor cannot do must not end the page: its console says why.
    fn call(&self, name: &str, arguments: &Array) {
        let method = module::function(&self.editor, name);
        if let Err(error) = method.and_then(|method| method.apply(&self.editor, arguments)) {
            web_sys::console::error_1(&error);
        }
    }
}

/// A `Change` of `web/src/editor.ts`.
fn change(change: &TextChange) -> JsValue {
    let insert = change.insert.as_str().into();
    object([("from", number(change.from)), ("to", number(change.to)), ("insert", insert)])
}

/// A `Problem` of `web/src/editor.ts`.
fn problem(diagnostic: &Diagnostic) -> JsValue {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "info",
    };
    let fix = diagnostic.fix.as_ref().map_or(JsValue::NULL, |fix| {
        let change = &fix.change;
        object([
            ("title", fix.title.as_str().into()),
            ("from", number(change.from)),
            ("to", number(change.to)),
            ("insert", change.insert.as_str().into()),
        ])
    });
    object([
        ("from", number(diagnostic.from)),
        ("to", number(diagnostic.to)),
        ("severity", severity.into()),
        ("message", diagnostic.message.as_str().into()),
        ("hint", diagnostic.hint.as_str().into()),
        ("fix", fix),
    ])
}

fn completions(found: &Completions) -> JsValue {
    let choices = found.choices.iter().map(|choice| {
        object([
            ("label", choice.label.as_str().into()),
            ("detail", choice.detail.as_str().into()),
            ("insert", choice.insert.as_str().into()),
            ("field", choice.field.as_ref().map_or(JsValue::NULL, field_name)),
        ])
    });
    object([("from", number(found.from)), ("choices", choices.collect::<Array>().into())])
}

fn field_help(hover: &Hover) -> JsValue {
    object([
        ("from", number(hover.from)),
        ("to", number(hover.to)),
        ("title", hover.title.as_str().into()),
        ("field", field_name(&hover.field)),
    ])
}

fn field_name(field: &FieldName) -> JsValue {
    object([("of", field.of.as_str().into()), ("name", field.name.as_str().into())])
}

fn object<const N: usize>(fields: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // A plain object takes every field.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object.into()
}

fn number(offset: usize) -> JsValue {
    u32::try_from(offset).unwrap_or(u32::MAX).into()
}
