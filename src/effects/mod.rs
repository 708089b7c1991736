//! What a browser does for a session: one file an effect. Nothing else in the page touches the clock or the store.

pub mod clock;
pub mod fetch;
pub mod panic;
pub mod storage;
pub mod timer;
