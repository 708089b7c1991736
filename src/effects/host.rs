//! The page around the playground: it is told how the lesson stands, and may ask for a little. The messages go through
//! `web/src/embedded.ts`; what they may say is decided in `session::embed`.

use std::rc::Rc;

use js_sys::Function;
use leptos::prelude::*;
use leptos::task::spawn_local;
use session::embed::{self, Ask, Told};
use session::{Model, Msg};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use super::{language, module, place, theme};
use crate::bridge::Bridge;
use crate::words::Language;

/// Begins to talk with the page around, if there is one.
pub fn begin(bridge: Bridge) {
    if place::embedded().is_none() {
        return;
    }
    let owner = Owner::current();
    spawn_local(async move {
        // A page around that cannot be talked to still shows the playground.
        let Some(tell) = connect(bridge).await else { return };
        let begin = || {
            tell(&embed::ready());
            let told = bridge.view(Model::told);
            Effect::new(move |before: Option<Option<Told>>| {
                let now = told.get();
                for message in embed::news(before.flatten().as_ref(), now.as_ref(), &place::site()) {
                    tell(&message);
                }
                now
            });
        };
        if let Some(owner) = owner {
            owner.with(begin);
        }
    });
}

/// Loads the module that posts messages, and hands it what listens. Returns what tells the page around.
async fn connect(bridge: Bridge) -> Option<Rc<dyn Fn(&str)>> {
    let host = module::load("importHost").await.ok()?;
    let connect = module::function(&host, "connect").ok()?;
    let asked = Closure::<dyn Fn(String)>::new(move |message: String| match embed::ask(&message) {
        Ok(ask) => carry_out(bridge, ask),
        Err(why) => bridge.send(Msg::Trouble(why.to_string())),
    });
    let tell = connect.call1(&JsValue::NULL, &asked.into_js_value()).ok()?.dyn_into::<Function>().ok()?;
    Some(Rc::new(move |message: &str| {
        // A page around that is gone hears nothing.
        let _ = tell.call1(&JsValue::NULL, &message.into());
    }))
}

fn carry_out(bridge: Bridge, ask: Ask) {
    match ask {
        Ask::Theme(wished) => theme::show(wished.name()),
        Ask::Language(tag) => {
            if let Some(wished) = Language::of_tag(&tag) {
                language::speak(bridge, wished);
            }
        }
        Ask::Open(fragment) => bridge.send(Msg::Open(fragment)),
    }
}
