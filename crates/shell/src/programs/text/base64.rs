//! `base64`

use super::reader::Reader;
use crate::programs::options::Spec;
use crate::sys::Sys;

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// base64 as bytes; ends of line do not matter.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let (mut value, mut bits, mut bytes) = (0u32, 0, Vec::new());
    for letter in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        if letter == b'=' {
            break;
        }
        let digit = LETTERS.iter().position(|known| *known == letter)?;
        value = value << 6 | u32::try_from(digit).ok()?;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(value >> bits & 255).ok()?);
        }
    }
    Some(bytes)
}

const SPEC: Spec =
    Spec { short: "diw:", long: &[("decode", 'd', false), ("wrap", 'w', true), ("ignore-garbage", 'i', false)] };

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match super::parse(&sys, "base64", &SPEC, &argv) {
        Ok(given) => given,
        Err(status) => return status,
    };
    let mut reader = Reader::new(&sys, "base64", &given.operands);
    let mut text = String::new();
    while let Some(line) = reader.line().await {
        text.push_str(&line);
    }
    if given.has('d') {
        return match decode(&text) {
            Some(bytes) => {
                sys.out.write(String::from_utf8_lossy(&bytes));
                0
            }
            None => {
                sys.err.line("base64: invalid input");
                1
            }
        };
    }
    let width = given.value('w').and_then(|text| text.parse().ok()).unwrap_or(76);
    let encoded = api::secret::base64(text.as_bytes());
    if width == 0 {
        sys.out.write(encoded);
    } else {
        for line in encoded.as_bytes().chunks(width) {
            sys.out.line(String::from_utf8_lossy(line));
        }
    }
    i32::from(reader.failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_go_and_come_back() {
        for (text, want) in [("", ""), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj"), ("hello\n", "aGVsbG8K")] {
            assert_eq!(api::secret::base64(text.as_bytes()), want);
            assert_eq!(decode(want).as_deref(), Some(text.as_bytes()));
        }
        assert_eq!(decode("a!"), None);
    }
}
