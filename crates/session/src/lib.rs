//! The playground as one value: a model, messages that change it, and the effects that follow.
#![forbid(unsafe_code)]
