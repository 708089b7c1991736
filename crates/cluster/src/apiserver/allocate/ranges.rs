//! What a cluster gives out.

use std::net::Ipv4Addr;

/// The addresses and ports of a cluster's Services.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ranges {
    /// First address of the service range.
    pub service_network: Ipv4Addr,
    /// Length of its prefix, in bits.
    pub service_prefix: u8,
    /// First and last node port.
    pub node_ports: (u16, u16),
}

impl Default for Ranges {
    fn default() -> Self {
        Self { service_network: Ipv4Addr::new(10, 96, 0, 0), service_prefix: 12, node_ports: (30_000, 32_767) }
    }
}

impl Ranges {
    /// Addresses in the service range, its first and last included.
    #[must_use]
    pub fn size(&self) -> u32 {
        1u32.checked_shl(32 - u32::from(self.service_prefix)).unwrap_or(u32::MAX)
    }

    /// How many addresses can be given to Services: all but the first and the last.
    #[must_use]
    pub fn usable(&self) -> u32 {
        self.size().saturating_sub(2)
    }

    /// The address at a place, from 0 to `usable() - 1`.
    #[must_use]
    pub fn address(&self, place: u32) -> Ipv4Addr {
        Ipv4Addr::from(u32::from(self.service_network).wrapping_add(1).wrapping_add(place))
    }

    /// Whether an address can be given to a Service.
    #[must_use]
    pub fn contains(&self, ip: Ipv4Addr) -> bool {
        u32::from(ip).wrapping_sub(u32::from(self.service_network)).wrapping_sub(1) < self.usable()
    }

    /// The lower places, which are for addresses that somebody chose: chance takes them last.
    /// Models `calculateRangeOffset`: a sixteenth of the range, from 16 to 256.
    #[must_use]
    pub fn reserved(&self) -> u32 {
        if self.size() <= 16 { 0 } else { (self.size() / 16).clamp(16, 256) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_the_last_address_are_nobodys() {
        let ranges = Ranges { service_prefix: 28, ..Ranges::default() };
        assert_eq!((ranges.usable(), ranges.reserved()), (14, 0));
        assert_eq!(
            (ranges.address(0), ranges.address(13)),
            (Ipv4Addr::new(10, 96, 0, 1), Ipv4Addr::new(10, 96, 0, 14))
        );
        for (ip, want) in [("10.96.0.0", false), ("10.96.0.1", true), ("10.96.0.14", true), ("10.96.0.15", false)] {
            assert_eq!(ranges.contains(ip.parse().unwrap()), want, "{ip}");
        }
        assert!(!Ranges::default().contains("10.111.255.255".parse().unwrap()));
        assert_eq!(Ranges::default().reserved(), 256);
    }
}
