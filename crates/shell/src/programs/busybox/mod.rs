//! Programs of BusyBox that talk to others: 1.36.1, and what the releases before and after it print otherwise.

mod meter;
pub(super) mod nc;
pub(super) mod nslookup;
pub(super) mod ping;
pub(super) mod telnet;
pub(super) mod wget;

use crate::network::connect::Failure;
use crate::network::resolver::{self, Lookup};
use crate::sys::{Release, Sys};

/// What every applet says before its usage.
fn banner(release: Release) -> String {
    let text = match (release.busybox, release.packaged) {
        (28, _) => "1.28.4 (2018-05-22 17:00:17 UTC)",
        (35, true) => "1.35.0 (Debian 1:1.35.0-4+deb12u1+b1)",
        (35, false) => "1.35.0 (2022-08-01 15:14:44 UTC)",
        (37, true) => "1.37.0 (Debian 1:1.37.0-6+b9)",
        (37, false) => "1.37.0 (2024-09-26 21:31:42 UTC)",
        _ => "1.36.1 (2024-09-26 21:31:42 UTC)",
    };
    format!("BusyBox v{text} multi-call binary.\n")
}

/// An applet's usage with the banner. Models libbb/appletlib.c `bb_show_usage`.
pub(super) fn usage(sys: &Sys, text: &str) -> String {
    format!("{}\nUsage: {text}\n", banner(sys.release))
}

/// A port as `bb_lookup_port` takes it.
fn port(text: &str) -> Option<u16> {
    text.parse().ok().or_else(|| crate::network::services::port(text))
}

/// The address that BusyBox takes of those a name has. Debian's build does not prefer IPv4.
fn address(sys: &Sys, lookup: &Lookup) -> Option<std::net::IpAddr> {
    if sys.release.packaged { lookup.result.as_ref().ok()?.first().copied() } else { lookup.first() }
}

/// Looks a name up or says `bad address`.
async fn resolve(sys: &Sys, program: &str, name: &str) -> Option<std::net::IpAddr> {
    // One colon stands before a port, which is checked although nobody asks for it. Models `str2sockaddr`.
    if let Some((_, port)) = name.split_once(':').filter(|(_, port)| !port.contains(':'))
        && port.parse::<u16>().is_err()
    {
        let text =
            if sys.release.busybox <= 28 { format!("bad port spec '{name}'") } else { format!("bad port '{port}'") };
        sys.err.line(format!("{program}: {text}"));
        return None;
    }
    let lookup = resolver::addresses(sys, name).await;
    let found = address(sys, &lookup);
    if found.is_none() {
        let text = format!("{program}: bad address '{name}'\n");
        match lookup.trace {
            Some(trace) => sys.err.report(text, trace),
            None => sys.err.write(text),
        }
    }
    found
}

/// An address with its port, as `xmalloc_sockaddr2dotted` writes it.
fn dotted(ip: std::net::IpAddr, port: u16) -> String {
    std::net::SocketAddr::new(ip, port).to_string()
}

/// What `xconnect` says.
fn cannot_connect(ip: std::net::IpAddr, failure: Failure) -> String {
    if ip.is_ipv4() {
        format!("can't connect to remote host ({ip}): {failure}")
    } else {
        format!("can't connect to remote host: {failure}")
    }
}
