//! `playground`: the session in a native terminal.
#![forbid(unsafe_code)]

fn main() {}
