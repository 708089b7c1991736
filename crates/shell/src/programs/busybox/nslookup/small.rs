//! nslookup of BusyBox 1.28 and before: it asks the C library for addresses, and for the name of each.

use std::net::IpAddr;

use crate::network::resolver::{self, Config};
use crate::programs::busybox::usage;
use crate::sys::Sys;

const USAGE: &str = "nslookup [HOST] [SERVER]

Query the nameserver for the IP address of the given HOST
optionally using a specified DNS server";

/// Runs the program.
pub(super) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let (host, server) = match argv.as_slice() {
        [host] if !host.starts_with('-') => (host, None),
        [host, server] if !host.starts_with('-') => (host, Some(server)),
        _ => {
            sys.err.write(usage(&sys, USAGE));
            return i32::from(argv.first().is_none_or(|word| word != "--help"));
        }
    };
    let server = match server {
        None => IpAddr::V4(Config::read(&sys).servers[0]),
        Some(name) => match resolver::addresses(&sys, name).await.first() {
            Some(ip) => ip,
            None => {
                sys.err.line(format!("nslookup: bad address '{name}'"));
                return 1;
            }
        },
    };
    let config = match server {
        IpAddr::V4(ip) => Config { servers: vec![ip], ..Config::read(&sys) },
        IpAddr::V6(_) => Config::read(&sys),
    };
    print(&sys, &config, "Server:", &server.to_string(), &[server]).await;
    sys.out.write("\n");
    let lookup = resolver::addresses_by(&sys, &config, host).await;
    match lookup.result {
        Ok(found) => {
            print(&sys, &config, "Name:", host, &found).await;
            0
        }
        Err(_) => {
            let text = format!("nslookup: can't resolve '{host}'\n");
            match lookup.trace {
                Some(trace) => sys.err.report(text, trace),
                None => sys.err.write(text),
            }
            1
        }
    }
}

/// Models `print_host`: each address with the name that it has.
async fn print(sys: &Sys, config: &Config, label: &str, name: &str, found: &[IpAddr]) {
    sys.out.line(format!("{label:<10} {name}"));
    for (index, ip) in found.iter().enumerate() {
        let known = resolver::name_by(sys, config, *ip).await;
        let known = known.map(|name| format!(" {name}")).unwrap_or_default();
        sys.out.line(format!("Address {}: {ip}{known}", index + 1));
    }
}
