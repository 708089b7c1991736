//! Whatever comes from outside is opened or refused without a panic: fragments and queries of addresses, messages of a page around.
#![no_main]

use libfuzzer_sys::fuzz_target;
use session::embed::{Wishes, ask};
use session::{Model, Msg, update};

fuzz_target!(|text: &str| {
    let _ = (ask(text), Wishes::read(text));
    let mut model = Model::new(None);
    update(&mut model, Msg::Tick(0));
    for head in ["#share=1.", "#pack=", "#yaml=", "#practice=", "#lesson-from=", "#scene=", ""] {
        update(&mut model, Msg::Open([head, text].concat()));
    }
    update(&mut model, Msg::Tick(1000));
});
