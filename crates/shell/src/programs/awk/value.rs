//! Values as awk has them: numbers, strings, and input that looks like a number.

use std::rc::Rc;

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// Of a variable that was never set: empty and 0.
    Unset,
    Number(f64),
    Text(Rc<str>),
    /// A field or other input: a number where it looks like one.
    Input(Rc<str>),
}

impl Value {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(Rc::from(text))
    }

    pub(super) fn input(text: &str) -> Self {
        Self::Input(Rc::from(text))
    }

    #[expect(clippy::cast_precision_loss, reason = "lengths and counts are far below 2^53")]
    pub(super) fn count(count: usize) -> Self {
        Self::Number(count as f64)
    }

    pub(super) fn truth(value: bool) -> Self {
        Self::Number(if value { 1.0 } else { 0.0 })
    }

    /// The number it stands for: the longest beginning that is one.
    pub(super) fn number(&self) -> f64 {
        match self {
            Self::Unset => 0.0,
            Self::Number(number) => *number,
            Self::Text(text) | Self::Input(text) => leading(text).0,
        }
    }

    /// The text it stands for; numbers by `CONVFMT` or `OFMT`.
    pub(super) fn shown(&self, format: &str) -> Rc<str> {
        match self {
            Self::Unset => Rc::from(""),
            Self::Number(number) => Rc::from(show(*number, format)),
            Self::Text(text) | Self::Input(text) => Rc::clone(text),
        }
    }

    /// Whether it counts as true.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Unset => false,
            Self::Number(number) => *number != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::Input(text) => numeric(text).map_or(!text.is_empty(), |number| number != 0.0),
        }
    }

    /// The number of a value that is compared as one.
    fn comparable(&self) -> Option<f64> {
        match self {
            Self::Unset => Some(0.0),
            Self::Number(number) => Some(*number),
            Self::Text(_) => None,
            Self::Input(text) => numeric(text),
        }
    }

    /// Numbers are compared as numbers, everything else as text.
    pub(super) fn compare(&self, other: &Self, format: &str) -> std::cmp::Ordering {
        match (self.comparable(), other.comparable()) {
            (Some(a), Some(b)) => a.partial_cmp(&b).unwrap_or(std::cmp::Ordering::Less),
            _ => self.shown(format).cmp(&other.shown(format)),
        }
    }
}

/// A number as text: whole ones without a point, as far as mawk's integers go.
pub(super) fn show(number: f64, format: &str) -> String {
    if number.fract() == 0.0 && number.abs() <= f64::from(i32::MAX) {
        // Adding nothing takes the sign from zero.
        return format!("{:.0}", number + 0.0);
    }
    super::format::sprintf(format, &[Value::Number(number)])
}

/// The number of a text that is nothing else.
fn numeric(text: &str) -> Option<f64> {
    let trimmed = text.trim();
    let (number, length) = leading(trimmed);
    (length > 0 && length == trimmed.len()).then_some(number)
}

/// The number that a text begins with, after blanks, and how many bytes it takes with them.
pub(super) fn leading(text: &str) -> (f64, usize) {
    let start = text.len() - text.trim_start().len();
    let bytes = text.as_bytes();
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let signed = start + usize::from(matches!(bytes.get(start), Some(b'+' | b'-')));
    let mut end = digits(signed);
    let mut count = end - signed;
    if bytes.get(end) == Some(&b'.') {
        let after = digits(end + 1);
        count += after - end - 1;
        end = after;
    }
    if count == 0 {
        return (0.0, 0);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let after = digits(end + 1 + sign);
        if after > end + 1 + sign {
            end = after;
        }
    }
    (text[start..end].parse().unwrap_or(0.0), end)
}
