//! The border to `web/src/editor.ts`.

use js_sys::{Array, Function, Object, Reflect};
use session::{Diagnostic, Severity};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;

use crate::bridge::ToEditor;

/// A `ManifestEditor` of `web/src/editor.ts`.
pub(super) struct CodeMirror {
    editor: Object,
    /// Lives as long as the editor calls it.
    _changed: Closure<dyn FnMut(String)>,
}

/// Loads the module; index.html defines how, because only there `import` is relative to the page.
pub(super) async fn load() -> Result<JsValue, JsValue> {
    let global = js_sys::global();
    let import = Reflect::get(&global, &"importEditor".into())?.dyn_into::<Function>()?;
    let promise = import.call0(&global)?.dyn_into::<js_sys::Promise>()?;
    JsFuture::from(promise).await
}

impl CodeMirror {
    /// An editor in `parent`; `None` when the module is not what it should be.
    pub(super) fn new(
        module: &JsValue,
        parent: &HtmlElement,
        text: &str,
        label: &str,
        changed: impl FnMut(String) + 'static,
    ) -> Option<Self> {
        let class = Reflect::get(module, &"ManifestEditor".into()).ok()?.dyn_into::<Function>().ok()?;
        let changed = Closure::<dyn FnMut(String)>::new(changed);
        let arguments = Array::of4(parent, &text.into(), &label.into(), changed.as_ref());
        let editor = Reflect::construct(&class, &arguments).ok()?.dyn_into::<Object>().ok()?;
        Some(Self { editor, _changed: changed })
    }

    pub(super) fn set_problems(&self, problems: &[Diagnostic]) {
        self.call("setProblems", &Array::of1(&problems.iter().map(problem).collect::<Array>()));
    }

    pub(super) fn focus(&self) {
        self.call("focus", &Array::new());
    }

    pub(super) fn obey(&self, command: &ToEditor) {
        match command {
            ToEditor::Replace(text) => self.call("setText", &Array::of1(&text.as_str().into())),
            ToEditor::Reveal(from, to) => self.call("reveal", &Array::of2(&number(*from), &number(*to))),
        }
    }

    /// Calls a method. What the editor cannot do must not end the page: its console says why.
    fn call(&self, name: &str, arguments: &Array) {
        let method = Reflect::get(&self.editor, &name.into()).and_then(JsCast::dyn_into::<Function>);
        if let Err(error) = method.and_then(|method| method.apply(&self.editor, arguments)) {
            web_sys::console::error_1(&error);
        }
    }
}

/// A `Problem` of `web/src/editor.ts`.
fn problem(diagnostic: &Diagnostic) -> JsValue {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "info",
    };
    let fields: [(&str, JsValue); 5] = [
        ("from", number(diagnostic.from)),
        ("to", number(diagnostic.to)),
        ("severity", severity.into()),
        ("message", diagnostic.message.as_str().into()),
        ("hint", diagnostic.hint.as_str().into()),
    ];
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
