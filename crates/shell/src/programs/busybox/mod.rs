//! Programs of BusyBox 1.36.1 that talk to others.

pub(super) mod nc;
pub(super) mod nslookup;
pub(super) mod ping;
pub(super) mod telnet;
pub(super) mod wget;

/// What every applet says before its usage.
const BANNER: &str = "BusyBox v1.36.1 (2024-09-26 21:31:42 UTC) multi-call binary.\n";

/// An applet's usage with the banner, ending in an empty line.
pub(super) fn usage(text: &str) -> String {
    format!("{BANNER}\nUsage: {text}\n\n")
}

/// A port as `xatou16` and `/etc/services` take it.
fn port(text: &str) -> Option<u16> {
    const SERVICES: &[(&str, u16)] = &[
        ("domain", 53),
        ("ftp", 21),
        ("http", 80),
        ("https", 443),
        ("mysql", 3306),
        ("smtp", 25),
        ("ssh", 22),
        ("telnet", 23),
    ];
    text.parse().ok().or_else(|| SERVICES.iter().find(|(name, _)| *name == text).map(|(_, port)| *port))
}
