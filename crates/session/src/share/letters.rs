//! Bytes in the letters that stand in an address as they are: base64 with `-` and `_`, without padding (RFC 4648, section 5).

/// The letters.
pub(crate) fn of(bytes: &[u8]) -> String {
    api::secret::base64(bytes).trim_end_matches('=').replace('+', "-").replace('/', "_")
}

/// The bytes of at most `most` letters; `None` when there are more, or others.
pub(crate) fn read(letters: &str, most: usize) -> Option<Vec<u8>> {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if letters.len() > most || letters.is_empty() || !letters.bytes().all(is_letter) {
        return None;
    }
    let padding = "=".repeat(letters.len().next_multiple_of(4) - letters.len());
    manifest::decode_base64(&[letters.replace('-', "+").replace('_', "/"), padding].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        for bytes in [&b"a"[..], b"ab", b"abc", b"\0\xff\xfe", b"\xfb\xef\xbe"] {
            let letters = of(bytes);
            assert!(!letters.contains(['+', '/', '=']), "{letters}");
            assert_eq!(read(&letters, 10).as_deref(), Some(bytes), "{letters}");
        }
    }

    #[test]
    fn other_letters_and_too_many_are_refused() {
        for letters in ["", "A", "A+==", "é", "AAA=", "AAAAA"] {
            assert_eq!(read(letters, 4), None, "{letters}");
        }
    }
}
