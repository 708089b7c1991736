//! In which order the ports of Endpoints and EndpointSlices stand: by the hash of how Go prints them.
//! Models `pkg/api/v1/endpoints` `portsByHash` and `k8s.io/endpointslice/util` `portsInOrder`, both FNV-1a of 128 bits.

use api::Value;
use api::arrange::Arrange;

/// Puts the ports of an Endpoints subset in order.
pub(super) fn sort_subset(ports: &mut [Value]) {
    if ports.len() > 1 {
        ports.arrange_by_cached_key(|port| fnv1a(printed(port, Form::Subset).as_bytes()));
    }
}

/// Puts the ports of an EndpointSlice in order.
pub(super) fn sort_slice(ports: &mut [Value]) {
    if ports.len() > 1 {
        ports.arrange_by_cached_key(|port| fnv1a(printed(port, Form::Slice).as_bytes()));
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `core/v1`: plain fields.
    Subset,
    /// `discovery/v1`: pointers, and the protocol before the port.
    Slice,
}

/// A port as `dump.ForHash` prints it.
fn printed(port: &Value, form: Form) -> String {
    let text = |field: &str| port.get(field).and_then(Value::as_str);
    let number = port.get("port").and_then(Value::as_u64).unwrap_or(0);
    let (name, protocol) = (text("name").unwrap_or_default(), text("protocol").unwrap_or_default());
    let app = text("appProtocol").unwrap_or("<nil>");
    match form {
        Form::Subset => format!(
            "(v1.EndpointPort){{Name:(string){name} Port:(int32){number} Protocol:(v1.Protocol){protocol} \
             AppProtocol:(*string){app}}}"
        ),
        Form::Slice => format!(
            "(v1.EndpointPort){{Name:(*string){name} Protocol:(*v1.Protocol){protocol} Port:(*int32){number} \
             AppProtocol:(*string){app}}}"
        ),
    }
}

/// The FNV-1a hash in 128 bits.
fn fnv1a(bytes: &[u8]) -> u128 {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    bytes.iter().fold(OFFSET, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use api::json;

    use super::*;

    #[test]
    fn digests_are_the_standards() {
        assert_eq!(fnv1a(b"a"), 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
    }

    /// As real clusters ordered them.
    #[test]
    fn subsets_and_slices_order_ports_in_their_own_way() {
        let port = |name: &str| json!({"name": name, "port": 80, "protocol": "TCP"});
        let named = |name: &str, number: u16| json!({"name": name, "port": number, "protocol": "TCP"});
        let mut ports = [named("metrics", 9090), named("http", 80)];
        sort_subset(&mut ports);
        assert_eq!(ports, [named("http", 80), named("metrics", 9090)]);
        let mut ports = [port("b"), port("a")];
        sort_subset(&mut ports);
        assert_eq!(ports, [port("a"), port("b")]);
        sort_slice(&mut ports);
        assert_eq!(ports, [port("b"), port("a")]);
    }
}
