//! Splits a module of wasm into two that make one program: what a first view needs, and the rest.
//!
//! The two share memory, tables and globals: the first exports them, the rest imports them. In the first, each function of the rest
//! is a *bridge*: it makes sure that the rest is there (the host's `rest.now`, which waits for the download if it has to) and
//! calls on through a slot of the function table. The rest fills those slots when it is instantiated. So the program is right
//! whatever the list of functions says; the list decides only how much loads at first.
//!
//! - [`program`]: what has to be known of a module
//! - [`names`]: functions by names that outlast a change of the program
//! - [`list`]: which of them are of the rest
//! - [`first`] and [`rest`]: the two modules
//! - [`traced`]: the module that notes which functions ran, to make the list
#![forbid(unsafe_code)]

pub mod first;
pub mod list;
pub mod names;
pub mod plan;
pub mod program;
pub mod rest;
pub mod traced;

/// What can go wrong here: the module is not one that can be split.
pub type Failure = Box<dyn std::error::Error>;

/// The two modules: the first, and the rest.
///
/// # Errors
/// When the module cannot be read, or does what a module that is split must not.
pub fn split(module: &[u8], list: &list::List) -> Result<(Vec<u8>, Vec<u8>), Failure> {
    let program = program::Program::read(module)?;
    let plan = plan::Plan::new(&program, list)?;
    Ok((first::write(&program, &plan)?, rest::write(&program, &plan)?))
}
