//! Numbers as Go reads and writes them.

/// An integer as `strconv.ParseInt(text, 0, 64)` and then `ParseUint` read it: a sign, and `0x`, `0o`, `0b` or a
/// leading `0` for the base. The text holds no `_`.
pub(crate) fn parse_int(text: &str) -> Option<i128> {
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let (base, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    // from_str_radix would take another sign.
    if !digits.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let value = i128::from(u64::from_str_radix(digits, base).ok()?);
    let value = if negative { -value } else { value };
    // Only ParseUint takes numbers beyond i64, and it takes no sign.
    let signed = digits.len() != text.len() && text.starts_with(['-', '+']);
    (i64::try_from(value).is_ok() || !signed).then_some(value)
}

/// A decimal number as goyaml.v2's float pattern allows it: `.5`, `5.`, `1e3`; no `inf`, no overflow.
pub(crate) fn parse_float(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let starts = digits.strip_prefix('.').unwrap_or(digits).starts_with(|c: char| c.is_ascii_digit());
    let plain = digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'-' | b'+'));
    if !starts || !plain {
        return None;
    }
    text.parse::<f64>().ok().filter(|value| value.is_finite())
}

/// Digits and decimal exponent of a positive finite number: `1.25e3` is `("125", 3)`.
fn digits(value: f64) -> (String, i32) {
    let text = format!("{value:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (mantissa.replace('.', ""), exponent.parse().unwrap_or(0))
}

/// `strconv.FormatFloat(value, 'g', -1, 64)`, with goyaml's words for what is no number.
pub(crate) fn format_g(value: f64) -> String {
    if value.is_nan() {
        return ".nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let (digits, exponent) = digits(value.abs());
    if (-4..6).contains(&exponent) {
        return format!("{value}");
    }
    let sign = if value < 0.0 { "-" } else { "" };
    let point = if digits.len() > 1 { "." } else { "" };
    let exponent_sign = if exponent < 0 { '-' } else { '+' };
    format!("{sign}{}{point}{}e{exponent_sign}{:02}", &digits[..1], &digits[1..], exponent.abs())
}

/// A float as Go's encoding/json writes it.
pub(crate) fn format_json(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let text = format!("{value:e}");
        return if size >= 1.0 { text.replace('e', "e+") } else { text };
    }
    format!("{value}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_have_gos_bases() {
        for (text, want) in [
            ("80", Some(80)),
            ("0755", Some(493)),
            ("0o755", Some(493)),
            ("0x1F", Some(31)),
            ("0b11", Some(3)),
            ("-0b11", Some(-3)),
            ("+1", Some(1)),
            ("0", Some(0)),
            ("-0", Some(0)),
            ("08", None),
            ("0x", None),
            ("", None),
            ("+-1", None),
            ("1e3", None),
            ("9223372036854775808", Some(9_223_372_036_854_775_808)),
            ("+9223372036854775808", None),
            ("-9223372036854775808", Some(i128::from(i64::MIN))),
            ("18446744073709551616", None),
        ] {
            assert_eq!(parse_int(text), want, "{text}");
        }
    }

    #[test]
    fn floats_read_and_print_as_in_go() {
        for (text, want) in [
            (".5", Some(0.5)),
            ("5.", Some(5.0)),
            ("1e3", Some(1000.0)),
            ("08", Some(8.0)),
            ("1e400", None),
            ("inf", None),
            (".", None),
            ("1.2.3", None),
            ("-", None),
        ] {
            assert_eq!(parse_float(text), want, "{text}");
        }
        for (value, g, json) in [
            (1.5, "1.5", "1.5"),
            (-0.25, "-0.25", "-0.25"),
            (1_234_567.5, "1.2345675e+06", "1234567.5"),
            (123_456.5, "123456.5", "123456.5"),
            (1e21, "1e+21", "1e+21"),
            (1e-7, "1e-07", "1e-7"),
            (0.0001, "0.0001", "0.0001"),
            (0.000_05, "5e-05", "0.00005"),
            (0.0, "0", "0"),
        ] {
            assert_eq!(format_g(value), g);
            assert_eq!(format_json(value), json);
        }
    }
}
