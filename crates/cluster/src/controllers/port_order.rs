//! In which order the ports of Endpoints and EndpointSlices stand: by the hash of how Go prints them.
//! Models `pkg/api/v1/endpoints` `portsByHash` (MD5) and `k8s.io/endpointslice/util` `portsInOrder` (FNV-1a, 128 bits).

use api::Value;

/// Puts the ports of an Endpoints subset in order.
pub(super) fn sort_subset(ports: &mut [Value]) {
    if ports.len() > 1 {
        ports.sort_by_cached_key(|port| md5(printed(port, Form::Subset).as_bytes()));
    }
}

/// Puts the ports of an EndpointSlice in order.
pub(super) fn sort_slice(ports: &mut [Value]) {
    if ports.len() > 1 {
        ports.sort_by_cached_key(|port| fnv1a(printed(port, Form::Slice).as_bytes()));
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

/// The MD5 digest (RFC 1321).
fn md5(bytes: &[u8]) -> [u8; 16] {
    const SHIFTS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    let mut message = bytes.to_vec();
    message.push(0x80);
    while message.len() % 64 != 56 {
        message.push(0);
    }
    message.extend((bytes.len() as u64 * 8).to_le_bytes());
    let mut state: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    for block in message.chunks_exact(64) {
        let word =
            |at: usize| block.get(at * 4..at * 4 + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]));
        let [mut a, mut b, mut c, mut d] = state;
        for step in 0..64_usize {
            let (mixed, at) = match step / 16 {
                0 => ((b & c) | (!b & d), step),
                1 => ((d & b) | (!d & c), (5 * step + 1) % 16),
                2 => (b ^ c ^ d, (3 * step + 5) % 16),
                _ => (c ^ (b | !d), (7 * step) % 16),
            };
            // The constants are the sines of whole numbers, in 32 bits.
            let constant = (((step + 1) as f64).sin().abs() * 4_294_967_296.0) as u32;
            let sum = a.wrapping_add(mixed).wrapping_add(constant).wrapping_add(word(at));
            (a, d, c) = (d, c, b);
            b = b.wrapping_add(sum.rotate_left(SHIFTS[step / 16][step % 4]));
        }
        for (held, new) in state.iter_mut().zip([a, b, c, d]) {
            *held = held.wrapping_add(new);
        }
    }
    let mut digest = [0; 16];
    for (place, word) in digest.chunks_exact_mut(4).zip(state) {
        place.copy_from_slice(&word.to_le_bytes());
    }
    digest
}

#[cfg(test)]
mod tests {
    use api::json;

    use super::*;

    #[test]
    fn digests_are_the_standards() {
        let hex = |bytes: &[u8]| md5(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert_eq!(hex(b""), "d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(hex(b"message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
        assert_eq!(
            hex(b"12345678901234567890123456789012345678901234567890123456789012345678901234567890"),
            "57edf4a22be3c955ac49da2e2107b67a"
        );
        assert_eq!(fnv1a(b"a"), 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
    }

    /// As a real cluster ordered two ports of the same target.
    #[test]
    fn subsets_and_slices_order_ports_in_their_own_way() {
        let port = |name: &str| json!({"name": name, "port": 80, "protocol": "TCP"});
        let mut ports = [port("b"), port("a")];
        sort_subset(&mut ports);
        assert_eq!(ports, [port("a"), port("b")]);
        sort_slice(&mut ports);
        assert_eq!(ports, [port("b"), port("a")]);
    }
}
