//! `getent hosts` and `getent ahosts`. Models nss/getent.c.

use std::net::IpAddr;

use crate::network::resolver;
use crate::sys::Sys;

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let words: Vec<&str> = argv.iter().map(String::as_str).collect();
    let (all, names) = match words.as_slice() {
        ["hosts", names @ ..] => (false, names),
        ["ahosts" | "ahostsv4", names @ ..] => (true, names),
        [] => {
            sys.err.write(
                "getent: wrong number of arguments\nTry `getent --help' or `getent --usage' for more information.\n",
            );
            return 1;
        }
        [database, ..] => {
            sys.err.write(format!(
                "Unknown database: {database}\nTry `getent --help' or `getent --usage' for more information.\n"
            ));
            return 1;
        }
    };
    let mut code = 0;
    for name in names {
        let found = if all { several(&sys, name).await } else { one(&sys, name).await };
        match found {
            Some(text) => sys.out.write(text),
            None => code = 2,
        }
    }
    code
}

/// A line for each address, or the name of one.
async fn one(sys: &Sys, name: &str) -> Option<String> {
    if let Ok(ip) = name.parse::<IpAddr>() {
        let name = resolver::name_of(sys, ip).await?;
        return Some(line(&ip, &name));
    }
    let lookup = resolver::addresses(sys, name).await;
    let found = lookup.result.ok()?;
    // Addresses of one kind only; IPv6 first.
    let six = found.iter().any(IpAddr::is_ipv6);
    Some(found.iter().filter(|ip| ip.is_ipv6() == six).map(|ip| line(ip, &lookup.canonical)).collect())
}

fn line(ip: &IpAddr, name: &str) -> String {
    format!("{:<15} {name}\n", ip.to_string())
}

async fn several(sys: &Sys, name: &str) -> Option<String> {
    let lookup = resolver::addresses(sys, name).await;
    let mut text = String::new();
    for (index, ip) in lookup.result.ok()?.iter().enumerate() {
        let name = if index == 0 { lookup.canonical.as_str() } else { "" };
        for (kind, name) in [("STREAM", name), ("DGRAM", ""), ("RAW", "")] {
            text.push_str(format!("{:<15} {kind:<6} {name}", ip.to_string()).trim_end());
            text.push('\n');
        }
    }
    Some(text)
}
