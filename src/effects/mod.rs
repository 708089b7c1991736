//! What a browser does for a session: one file an effect. Nothing else in the page touches the clock or the store.

pub mod chance;
pub mod clipboard;
pub mod clock;
pub mod course;
pub mod fetch;
pub mod file;
pub mod focus;
pub mod host;
pub mod language;
pub mod module;
pub mod motion;
pub mod panic;
pub mod picture;
pub mod place;
pub mod rect;
pub mod scenes;
pub mod stand;
pub mod storage;
pub mod theme;
pub mod timer;
