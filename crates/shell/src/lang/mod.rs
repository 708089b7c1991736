//! The shell language: what bash, dash and BusyBox's ash have in common, and their own words where they differ.

mod interactive;
mod shell;

pub use interactive::{command, interactive};
