//! The playground inside another page: what its address wishes, what that page may ask, and what it is told.
//!
//! - [`wishes`]: the query of the address
//! - [`ask`]: a message from the page around, hostile until decoded
//! - [`news`]: what the page around is told

mod ask;
mod news;
mod wishes;

pub use ask::{Ask, NotAsked, ask};
pub use news::{Told, news, ready};
pub use wishes::{Theme, Wishes};
