//! Any fragment of an address is opened or refused without a panic, and takes nothing away.
#![no_main]

use libfuzzer_sys::fuzz_target;
use session::{Model, Msg, update};

fuzz_target!(|text: &str| {
    let mut model = Model::new(None);
    update(&mut model, Msg::Tick(0));
    for head in ["#share=1.", "#pack=", "#yaml=", "#practice=", "#lesson-from=", "#scene=", ""] {
        update(&mut model, Msg::Open([head, text].concat()));
    }
    update(&mut model, Msg::Tick(1000));
});
