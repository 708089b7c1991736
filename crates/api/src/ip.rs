//! IP addresses and ranges in fields that are older than strict validation.
//!
//! Models apimachinery `pkg/util/validation/ip.go` with `StrictIPCIDRValidation` on, as 1.36 has it, and
//! `ValidateEndpointIP` of `pkg/apis/core/validation`.

use std::net::{IpAddr, Ipv4Addr};

use crate::{ErrorList, FieldError, Path};

/// An address as Go's older parser reads it: zeros may lead, a mapped IPv4 address is IPv4.
#[must_use]
pub fn parse_sloppy(text: &str) -> Option<IpAddr> {
    match text.parse::<IpAddr>() {
        Ok(ip) => Some(ip.to_canonical()),
        Err(_) => sloppy_ipv4(text).map(IpAddr::V4),
    }
}

/// A range as Go's older parser reads it: the address as written, and the length of the prefix in bits.
#[must_use]
pub fn parse_cidr_sloppy(text: &str) -> Option<(IpAddr, u8)> {
    let (address, bits) = text.split_once('/')?;
    // Unlike an address alone, one that is mapped stays IPv6 here: its prefix counts 128 bits.
    let address = address.parse::<IpAddr>().ok().or_else(|| sloppy_ipv4(address).map(IpAddr::V4))?;
    let digits = !bits.is_empty() && bits.bytes().all(|byte| byte.is_ascii_digit());
    let bits: u8 = bits.parse().ok().filter(|_| digits)?;
    (bits <= width(address)).then_some((address, bits))
}

/// Models `IsValidIPForLegacyField`; what stands in `accepted` (the old object) is not questioned.
#[must_use]
pub fn validate_ip(path: &Path, text: &str, accepted: &[String]) -> ErrorList {
    if accepted.iter().any(|old| old == text) {
        return Vec::new();
    }
    let refuse = |detail: &str| vec![FieldError::invalid(path, text, detail)];
    match (parse_sloppy(text), text.parse::<IpAddr>()) {
        (None, _) => refuse("must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"),
        (Some(_), Err(_)) => refuse("must not have leading 0s"),
        (Some(_), Ok(ip)) if is_mapped(ip) => refuse("must not be an IPv4-mapped IPv6 address"),
        (Some(_), Ok(_)) => Vec::new(),
    }
}

/// Models `IsValidCIDRForLegacyField`.
#[must_use]
pub fn validate_cidr(path: &Path, text: &str, accepted: &[String]) -> ErrorList {
    if accepted.iter().any(|old| old == text) {
        return Vec::new();
    }
    let refuse = |detail: &str| vec![FieldError::invalid(path, text, detail)];
    let Some((address, bits)) = parse_cidr_sloppy(text) else {
        return refuse("must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
    };
    if has_leading_zeros(text) {
        return refuse("must not have leading 0s in IP or prefix length");
    }
    if is_mapped(address) {
        return refuse("must not have an IPv4-mapped IPv6 address");
    }
    if network(address, bits) != address {
        return refuse("must not have bits set beyond the prefix length");
    }
    Vec::new()
}

/// Models `ValidateEndpointIP`: addresses that no endpoint and no external IP may have. `text` is a valid address.
#[must_use]
pub fn validate_endpoint_ip(path: &Path, text: &str) -> ErrorList {
    let Some(ip) = parse_sloppy(text) else {
        return vec![FieldError::invalid(path, text, "must be a valid IP address")];
    };
    let mut errors = Vec::new();
    let mut refuse = |detail: &str| errors.push(FieldError::invalid(path, text, detail));
    if ip.is_unspecified() {
        refuse(&format!("may not be unspecified ({text})"));
    }
    if ip.is_loopback() {
        refuse("may not be in the loopback range (127.0.0.0/8, ::1/128)");
    }
    let (link_local, link_local_multicast) = match ip {
        IpAddr::V4(v4) => (v4.is_link_local(), matches!(v4.octets(), [224, 0, 0, _])),
        IpAddr::V6(v6) => (v6.is_unicast_link_local(), matches!(v6.octets(), [0xff, second, ..] if second & 0xf == 2)),
    };
    if link_local {
        refuse("may not be in the link-local range (169.254.0.0/16, fe80::/10)");
    }
    if link_local_multicast {
        refuse("may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
    }
    errors
}

/// Models `GetWarningsForIP`: forms that are read but should be written otherwise.
#[must_use]
pub fn ip_warnings(path: &Path, text: &str) -> Vec<String> {
    let Some(ip) = parse_sloppy(text) else { return Vec::new() };
    match text.parse::<IpAddr>() {
        Err(_) => vec![format!("{path}: non-standard IP address \"{text}\" is invalid: use \"{ip}\"")],
        Ok(strict) if is_mapped(strict) => {
            vec![format!("{path}: non-standard IP address \"{text}\" is invalid: use \"{ip}\"")]
        }
        Ok(IpAddr::V6(v6)) if v6.to_string() != text => {
            vec![format!("{path}: IPv6 address \"{text}\" should be in RFC 5952 canonical format (\"{v6}\")")]
        }
        Ok(_) => Vec::new(),
    }
}

/// Models `GetWarningsForCIDR`.
#[must_use]
pub fn cidr_warnings(path: &Path, text: &str) -> Vec<String> {
    let Some((address, bits)) = parse_cidr_sloppy(text) else { return Vec::new() };
    let network = network(address, bits);
    let mut warnings = Vec::new();
    if network != address {
        let single = format!("{address}/{}", width(address));
        warnings.push(format!(
            "{path}: CIDR value \"{text}\" is ambiguous in this context (should be \"{network}/{bits}\" or \"{single}\"?)"
        ));
    }
    if has_leading_zeros(text) || is_mapped(address) {
        warnings.push(format!("{path}: non-standard CIDR value \"{text}\" is invalid: use \"{network}/{bits}\""));
    }
    let canonical = format!("{address}/{bits}");
    if warnings.is_empty() && address.is_ipv6() && canonical != text {
        warnings.push(format!(
            "{path}: IPv6 CIDR value \"{text}\" should be in RFC 5952 canonical format (\"{canonical}\")"
        ));
    }
    warnings
}

/// The first address of the range that `address` lies in.
#[must_use]
pub fn network(address: IpAddr, bits: u8) -> IpAddr {
    match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(bits.min(32))).unwrap_or(0);
            IpAddr::V4((u32::from(v4) & mask).into())
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(bits.min(128))).unwrap_or(0);
            IpAddr::V6((u128::from(v6) & mask).into())
        }
    }
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn is_mapped(ip: IpAddr) -> bool {
    matches!(ip, IpAddr::V6(v6) if v6.to_ipv4_mapped().is_some())
}

fn has_leading_zeros(cidr: &str) -> bool {
    let (address, bits) = cidr.split_once('/').unwrap_or((cidr, ""));
    address.parse::<IpAddr>().is_err() || (bits.len() > 1 && bits.starts_with('0'))
}

fn sloppy_ipv4(text: &str) -> Option<Ipv4Addr> {
    let mut octets = [0; 4];
    let mut parts = text.split('.');
    for octet in &mut octets {
        let part = parts.next().filter(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))?;
        *octet = part.parse().ok()?;
    }
    parts.next().is_none().then(|| octets.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(errors: &[FieldError]) -> String {
        errors.iter().map(|error| error.detail.as_str()).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn addresses() {
        let path = Path::new("ip");
        for (text, want) in [
            ("10.9.8.7", ""),
            ("2001:DB8::1", ""),
            ("10.096.0.20", "must not have leading 0s"),
            ("::ffff:1.2.3.4", "must not be an IPv4-mapped IPv6 address"),
            ("10.96.0.300", "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"),
            ("hello", "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"),
        ] {
            assert_eq!(texts(&validate_ip(&path, text, &[])), want, "{text}");
        }
        assert!(validate_ip(&path, "10.096.0.20", &["10.096.0.20".to_owned()]).is_empty());
        assert_eq!(
            ip_warnings(&path, "10.096.0.20"),
            ["ip: non-standard IP address \"10.096.0.20\" is invalid: use \"10.96.0.20\""]
        );
        assert_eq!(
            ip_warnings(&path, "2001:DB8::1"),
            ["ip: IPv6 address \"2001:DB8::1\" should be in RFC 5952 canonical format (\"2001:db8::1\")"]
        );
    }

    #[test]
    fn ranges() {
        let path = Path::new("cidr");
        for (text, want) in [
            ("10.9.8.0/24", ""),
            ("0.0.0.0/0", ""),
            ("2001:db8::/64", ""),
            ("10.0.0.0", "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"),
            ("10.0.0.0/33", "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"),
            ("10.0.0.0/08", "must not have leading 0s in IP or prefix length"),
            ("10.0.0.1/8", "must not have bits set beyond the prefix length"),
        ] {
            assert_eq!(texts(&validate_cidr(&path, text, &[])), want, "{text}");
        }
        assert_eq!(
            cidr_warnings(&path, "10.0.0.1/8"),
            [
                "cidr: CIDR value \"10.0.0.1/8\" is ambiguous in this context (should be \"10.0.0.0/8\" or \"10.0.0.1/32\"?)"
            ]
        );
    }

    #[test]
    fn endpoints_are_reachable_addresses() {
        let path = Path::new("ip");
        for (text, want) in [
            ("10.1.2.3", ""),
            ("127.0.0.1", "may not be in the loopback range (127.0.0.0/8, ::1/128)"),
            ("0.0.0.0", "may not be unspecified (0.0.0.0)"),
            ("169.254.1.1", "may not be in the link-local range (169.254.0.0/16, fe80::/10)"),
            ("224.0.0.1", "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"),
            ("fe80::1", "may not be in the link-local range (169.254.0.0/16, fe80::/10)"),
        ] {
            assert_eq!(texts(&validate_endpoint_ip(&path, text)), want, "{text}");
        }
    }
}
