//! Amounts of resources: `500m`, `128Mi`. Models apimachinery `pkg/api/resource`.

use std::cmp::Ordering;
use std::fmt;

/// Billionths in one: amounts are kept in billionths, the finest that upstream keeps.
const NANO: i128 = 1_000_000_000;

/// An amount, with the text it prints as.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Quantity {
    nanos: i128,
    text: String,
}

/// Why a text is no quantity; prints as upstream's error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum QuantityError {
    /// Not a number with a suffix.
    Format,
    /// The number has no meaning or is too large to keep.
    Numeric,
    /// The suffix is none of the known ones.
    Suffix,
}

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Format => {
                "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
            }
            Self::Numeric => "unable to parse numeric part of quantity",
            Self::Suffix => "unable to parse quantity's suffix",
        })
    }
}

impl std::error::Error for QuantityError {}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    DecimalSi,
    DecimalExponent,
    BinarySi,
}

const DECIMAL: [(&str, i32); 10] =
    [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];
const BINARY: [(&str, u32); 6] = [("Ki", 10), ("Mi", 20), ("Gi", 30), ("Ti", 40), ("Pi", 50), ("Ei", 60)];

impl Quantity {
    /// Reads a text. Models `ParseQuantity`.
    ///
    /// # Errors
    /// When the text is no quantity.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        if text.is_empty() {
            return Err(QuantityError::Format);
        }
        let split = Split::of(text)?;
        let (format, power, exponent) = split.suffix()?;
        let digits = split.whole.bytes().chain(split.fraction.bytes());
        let mantissa = digits
            .map(|digit| i128::from(digit - b'0'))
            .try_fold(0i128, |number, digit| number.checked_mul(10).and_then(|number| number.checked_add(digit)));
        let mantissa = mantissa.ok_or(QuantityError::Numeric)?;
        let scale = exponent - i32::try_from(split.fraction.len()).unwrap_or(i32::MAX) + 9;
        let scaled = mantissa.checked_mul(power).and_then(|amount| shift(amount, scale));
        let mut nanos = scaled.ok_or(QuantityError::Numeric)?;
        if split.negative {
            nanos = -nanos;
        }
        let text =
            if split.is_canonical(format, exponent, mantissa) { text.to_owned() } else { canonical(nanos, format) };
        Ok(Self { nanos, text })
    }

    /// The canonical text, taken out.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }

    /// The amount in whole units, rounded up. Models `Quantity.Value`.
    #[must_use]
    pub fn value(&self) -> i64 {
        i64::try_from(ceil(self.nanos, NANO)).unwrap_or(if self.nanos < 0 { i64::MIN } else { i64::MAX })
    }

    /// The amount in thousandths, rounded up. Models `Quantity.MilliValue`.
    #[must_use]
    pub fn milli_value(&self) -> i64 {
        i64::try_from(ceil(self.nanos, NANO / 1000)).unwrap_or(if self.nanos < 0 { i64::MIN } else { i64::MAX })
    }

    /// -1, 0 or 1.
    #[must_use]
    pub fn signum(&self) -> i128 {
        self.nanos.signum()
    }

    /// Which amount is larger, whatever the suffixes.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Ordering {
        self.nanos.cmp(&other.nanos)
    }
}

/// The canonical text, as `Quantity.String`.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A text taken apart: sign, digits before and after the point, suffix. Models `parseQuantityString`.
struct Split<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
    suffix: &'a str,
}

impl<'a> Split<'a> {
    fn of(text: &'a str) -> Result<Self, QuantityError> {
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let rest = unsigned.trim_start_matches('0');
        let (whole, rest) = digits(rest);
        let (fraction, suffix) = rest.strip_prefix('.').map_or(("", rest), digits);
        let after_letters = suffix.trim_start_matches(|c| "eEinumkKMGTP".contains(c));
        let exponent = after_letters.strip_prefix(['-', '+']).unwrap_or(after_letters);
        if !exponent.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(QuantityError::Format);
        }
        Ok(Self { negative: text.starts_with('-'), whole, fraction, suffix })
    }

    /// The format, what the number is multiplied by, and the power of ten. Models `suffixHandler.interpret`.
    fn suffix(&self) -> Result<(Format, i128, i32), QuantityError> {
        if let Some((_, exponent)) = DECIMAL.iter().find(|(suffix, _)| *suffix == self.suffix) {
            return Ok((Format::DecimalSi, 1, *exponent));
        }
        if let Some((_, bits)) = BINARY.iter().find(|(suffix, _)| *suffix == self.suffix) {
            return Ok((Format::BinarySi, 1 << bits, 0));
        }
        let exponent = self.suffix.strip_prefix(['e', 'E']).and_then(|digits| digits.parse().ok());
        exponent.map(|exponent| (Format::DecimalExponent, 1, exponent)).ok_or(QuantityError::Suffix)
    }

    /// Whether upstream keeps the text as it was written.
    fn is_canonical(&self, format: Format, exponent: i32, mantissa: i128) -> bool {
        let digits = self.whole.len() + self.fraction.len();
        if digits > 15 || mantissa == 0 {
            return false;
        }
        match format {
            Format::BinarySi => self.fraction.is_empty() && mantissa & 7 != 0 && digits <= 6,
            Format::DecimalSi | Format::DecimalExponent => {
                let scale = exponent - i32::try_from(self.fraction.len()).unwrap_or(0);
                let written = format!("{}{}", if self.whole.is_empty() { "0" } else { self.whole }, self.fraction);
                scale >= -9 && scale % 3 == 0 && !written.ends_with("000") && !written.starts_with('0')
            }
        }
    }
}

fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

/// `amount` times ten to the power of `scale`, rounded up away from zero.
fn shift(amount: i128, scale: i32) -> Option<i128> {
    if amount == 0 {
        return Some(0);
    }
    match u32::try_from(scale) {
        Ok(scale) => amount.checked_mul(10i128.checked_pow(scale)?),
        Err(_) => Some(10i128.checked_pow(scale.unsigned_abs()).map_or(1, |divisor| ceil(amount, divisor))),
    }
}

fn ceil(amount: i128, divisor: i128) -> i128 {
    amount.div_euclid(divisor) + i128::from(amount.rem_euclid(divisor) != 0)
}

/// No fraction, and the largest suffix that loses nothing. Models `Quantity.CanonicalizeBytes`.
fn canonical(nanos: i128, format: Format) -> String {
    if format == Format::BinarySi && nanos.abs() >= 1024 * NANO {
        let mut amount = ceil(nanos, NANO);
        let mut suffix = "";
        for (next, _) in BINARY {
            if amount % 1024 != 0 {
                break;
            }
            (amount, suffix) = (amount / 1024, next);
        }
        return format!("{amount}{suffix}");
    }
    if nanos == 0 {
        return "0".to_owned();
    }
    let (mut amount, mut exponent) = (nanos, -9);
    while amount % 1000 == 0 && exponent < 18 {
        (amount, exponent) = (amount / 1000, exponent + 3);
    }
    match (format, DECIMAL.iter().find(|(_, of)| *of == exponent)) {
        (Format::DecimalExponent, _) if exponent != 0 => format!("{amount}e{exponent}"),
        (_, Some((suffix, _))) => format!("{amount}{suffix}"),
        (_, None) => amount.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_print_in_canonical_form() {
        for (text, want) in [
            ("0", "0"),
            ("0.5", "500m"),
            (".5", "500m"),
            ("100m", "100m"),
            ("1000m", "1"),
            ("1500m", "1500m"),
            ("1.5", "1500m"),
            ("1.500", "1.500"),
            ("2000", "2k"),
            ("128Mi", "128Mi"),
            ("1024Mi", "1Gi"),
            ("1.5Gi", "1536Mi"),
            ("0.5Mi", "512Ki"),
            ("1023Ki", "1023Ki"),
            ("64Mi", "64Mi"),
            ("1e3", "1e3"),
            ("12e6", "12e6"),
            ("0.0000000001", "1n"),
            ("-1", "-1"),
        ] {
            assert_eq!(Quantity::parse(text).map(|q| q.to_string()).as_deref(), Ok(want), "{text}");
        }
    }

    #[test]
    fn bad_quantities_say_why() {
        for (text, want) in [
            ("", QuantityError::Format),
            ("64 Mi", QuantityError::Format),
            ("lots", QuantityError::Format),
            ("64MB", QuantityError::Format),
            ("64mb", QuantityError::Format),
            ("1KMi", QuantityError::Suffix),
            ("100mm", QuantityError::Suffix),
        ] {
            assert_eq!(Quantity::parse(text), Err(want), "{text}");
        }
    }

    #[test]
    fn amounts_compare_across_suffixes() {
        let of = |text| Quantity::parse(text).unwrap();
        assert_eq!(of("1Gi").compare(&of("1024Mi")), Ordering::Equal);
        assert_eq!(of("1G").compare(&of("1Gi")), Ordering::Less);
        assert_eq!((of("1500m").value(), of("1500m").milli_value()), (2, 1500));
    }
}
