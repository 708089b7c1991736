//! Programs of Debian 12 and 13 that talk to others, each of a project of its own.

pub(super) mod getent;
pub(super) mod nc;
pub(super) mod ping;
pub(super) mod telnet;
pub(super) mod wget;

use std::net::IpAddr;

use crate::network::resolver::Unknown;

/// What `gai_strerror` says.
fn unknown(why: Unknown) -> &'static str {
    match why {
        Unknown::NoSuchName => "Name or service not known",
        Unknown::TryAgain => "Temporary failure in name resolution",
    }
}

/// Whether a text is an address.
fn is_address(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
}
