//! What programs have in common that talk to others: names, connections, URLs.

pub(crate) mod connect;
pub(crate) mod connection;
pub(crate) mod echo;
pub(crate) mod listen;
pub(crate) mod resolver;
pub(crate) mod services;
