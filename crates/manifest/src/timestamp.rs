//! Which words goyaml.v2 takes for a date. They stay strings, but are printed in quotes.

/// Whether the text is a timestamp: `2001-1-2`, `2001-1-2T3:4:5.6Z`, `2001-1-2 3:4:5`.
///
/// Models goyaml.v2 resolve.go parseTimestamp with the layouts it gives to Go's `time.Parse`.
pub(crate) fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() > 4 && bytes[4] == b'-' && bytes[..4].iter().all(u8::is_ascii_digit) && parse(bytes).is_some()
}

fn parse(bytes: &[u8]) -> Option<()> {
    let year: u32 = str::from_utf8(&bytes[..4]).ok()?.parse().ok()?;
    let (month, rest) = number(&bytes[5..])?;
    let (day, rest) = number(rest.strip_prefix(b"-")?)?;
    let rest = match rest {
        [] => rest,
        [b'T' | b't', rest @ ..] => zone(clock(rest)?)?,
        [b' ', rest @ ..] => clock(&rest[rest.iter().take_while(|b| **b == b' ').count()..])?,
        _ => return None,
    };
    (rest.is_empty() && (1..=days_in(year, month)?).contains(&day)).then_some(())
}

/// One or two digits.
fn number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let digit = |at: usize| bytes.get(at).filter(|b| b.is_ascii_digit()).map(|b| u32::from(b - b'0'));
    let first = digit(0)?;
    Some(digit(1).map_or((first, &bytes[1..]), |second| (first * 10 + second, &bytes[2..])))
}

/// `15:4:5` and perhaps a fraction.
fn clock(bytes: &[u8]) -> Option<&[u8]> {
    let (hour, rest) = number(bytes)?;
    let (minute, rest) = number(rest.strip_prefix(b":")?)?;
    let (second, rest) = number(rest.strip_prefix(b":")?)?;
    let rest = match rest {
        [b'.' | b',', fraction @ ..] if fraction.first().is_some_and(u8::is_ascii_digit) => {
            &fraction[fraction.iter().take_while(|b| b.is_ascii_digit()).count()..]
        }
        rest => rest,
    };
    (hour < 24 && minute < 60 && second < 60).then_some(rest)
}

/// `Z` or `+07:00`.
fn zone(bytes: &[u8]) -> Option<&[u8]> {
    match bytes {
        [b'Z', rest @ ..] => Some(rest),
        [b'+' | b'-', h1, h2, b':', m1, m2, rest @ ..] => {
            let digits = [h1, h2, m1, m2].iter().all(|b| b.is_ascii_digit());
            (digits && [*h1, *h2] <= *b"24" && [*m1, *m2] <= *b"60").then_some(rest)
        }
        _ => None,
    }
}

fn days_in(year: u32, month: u32) -> Option<u32> {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => Some(29),
        2 => Some(28),
        4 | 6 | 9 | 11 => Some(30),
        1..=12 => Some(31),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_what_only_looks_like_one() {
        for text in ["2001-01-01", "2001-1-2", "2024-02-29", "2026-11-23T03:18:46Z", "2026-11-23t3:4:5.67+01:00"] {
            assert!(is_timestamp(text), "{text}");
        }
        for text in ["2001-1-2 3:4:5", "2001-1-2  3:4:5.1"] {
            assert!(is_timestamp(text), "{text}");
        }
        for text in
            ["2001", "2001-", "2001-13-01", "2023-02-29", "2001-1-2T3:4", "2001-1-2T3:4:5", "2001-1-2x", "200-1-1"]
        {
            assert!(!is_timestamp(text), "{text}");
        }
    }
}
