//! `printf` as awk has it.

use super::value::Value;

/// Wider fields than this are cut.
const WIDEST: usize = 10_000;

/// The text that a format and its values make.
pub(super) fn sprintf(format: &str, values: &[Value]) -> String {
    let mut values = values.iter();
    let mut text = String::new();
    let mut chars = format.chars().peekable();
    while let Some(char) = chars.next() {
        if char != '%' {
            text.push(char);
            continue;
        }
        if chars.next_if_eq(&'%').is_some() {
            text.push('%');
            continue;
        }
        let mut flags = String::new();
        while let Some(flag) = chars.next_if(|char| "-+ 0#".contains(*char)) {
            flags.push(flag);
        }
        let mut number = || -> Option<i64> {
            if chars.next_if_eq(&'*').is_some() {
                #[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
                return Some(values.next().map_or(0, |value| value.number() as i64));
            }
            let mut digits = String::new();
            while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
            digits.parse().ok()
        };
        let width = number().unwrap_or(0);
        let precision = if chars.next_if_eq(&'.').is_some() {
            let mut digits = String::new();
            if chars.next_if_eq(&'*').is_some() {
                digits = values.next().map_or_else(String::new, |value| format!("{:.0}", value.number()));
            }
            while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
            Some(digits.parse::<usize>().unwrap_or(0).min(WIDEST))
        } else {
            None
        };
        while chars.next_if(|char| "hlL".contains(*char)).is_some() {}
        let Some(kind) = chars.next() else {
            text.push('%');
            break;
        };
        let value = values.next().cloned().unwrap_or(Value::Unset);
        let shown = convert(kind, &value, &flags, precision);
        let left = flags.contains('-') || width < 0;
        let width = usize::try_from(width.unsigned_abs()).unwrap_or(WIDEST).min(WIDEST);
        text.push_str(&pad(&shown, width, left, flags.contains('0') && !"sc".contains(kind)));
    }
    text
}

fn pad(shown: &str, width: usize, left: bool, zeros: bool) -> String {
    let fill = width.saturating_sub(shown.chars().count());
    if left {
        return shown.to_owned() + &" ".repeat(fill);
    }
    if zeros {
        let (sign, digits) = shown.split_at(usize::from(shown.starts_with(['-', '+'])));
        return format!("{sign}{}{digits}", "0".repeat(fill));
    }
    " ".repeat(fill) + shown
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "as C converts; the casts saturate")]
fn convert(kind: char, value: &Value, flags: &str, precision: Option<usize>) -> String {
    let number = value.number();
    let sign = |shown: String| {
        let plus = if flags.contains('+') {
            "+"
        } else if flags.contains(' ') {
            " "
        } else {
            ""
        };
        if shown.starts_with('-') { shown } else { plus.to_owned() + &shown }
    };
    match kind {
        's' => {
            let text = value.shown("%.6g");
            precision.map_or_else(|| text.to_string(), |most| text.chars().take(most).collect())
        }
        'c' => match value {
            Value::Number(code) => char::from_u32(*code as u32).map(String::from).unwrap_or_default(),
            other => other.shown("%.6g").chars().take(1).collect(),
        },
        'd' | 'i' => sign(format!("{}", number as i64)),
        'u' => format!("{}", number as u64),
        'o' => format!("{:o}", number as i64),
        'x' => format!("{:x}", number as i64),
        'X' => format!("{:X}", number as i64),
        'f' | 'F' => sign(format!("{number:.*}", precision.unwrap_or(6))),
        'e' | 'E' => sign(exponential(number, precision.unwrap_or(6))),
        'g' | 'G' => sign(general(number, precision.unwrap_or(6).max(1))),
        other => format!("%{other}"),
    }
}

fn exponential(number: f64, precision: usize) -> String {
    let shown = format!("{number:.precision$e}");
    let (digits, exponent) = shown.split_once('e').unwrap_or((&shown, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

/// `%g`: the shorter of both forms, without trailing zeros.
fn general(number: f64, precision: usize) -> String {
    if !number.is_finite() {
        return format!("{number}").to_lowercase();
    }
    let shown = exponential(number, precision - 1);
    let (digits, exponent) = shown.split_once('e').unwrap_or((&shown, "0"));
    let magnitude: i32 = exponent.parse().unwrap_or(0);
    let trim = |text: &str| {
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
    };
    let places = i32::try_from(precision).unwrap_or(i32::MAX);
    if magnitude < -4 || magnitude >= places {
        return format!("{}e{exponent}", trim(digits));
    }
    let decimals = usize::try_from(places - 1 - magnitude).unwrap_or(0);
    trim(&format!("{number:.decimals$}"))
}
