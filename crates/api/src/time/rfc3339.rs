//! RFC 3339 as Go's `time.Parse` reads it, refusals in its words.

use super::{civil_from_days, days_from_civil, format_rfc3339};
use crate::field::go_quote;

/// A moment: whole seconds since the Unix epoch, and nanoseconds after them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct GoTime {
    /// Whole seconds since the Unix epoch; negative before it.
    pub seconds: i64,
    /// 0 to 999,999,999.
    pub nanos: u32,
}

/// Reads a time by a layout of Go that is RFC 3339, with or without `.000000`.
///
/// # Errors
/// Go's message, such as `parsing time "now" as "2006-01-02T15:04:05Z07:00": cannot parse "now" as "2006"`.
pub fn parse_go(text: &str, layout: &str) -> Result<GoTime, String> {
    let mut reader = Reader { text, layout, rest: text };
    let year = reader.year()?;
    reader.literal("-")?;
    let month = reader.in_range("01", true, "month", 1..=12)?;
    reader.literal("-")?;
    let day = reader.number("02", true)?;
    reader.literal("T")?;
    let hour = reader.in_range("15", false, "hour", 0..=23)?;
    reader.literal(":")?;
    let minute = reader.in_range("04", true, "minute", 0..=59)?;
    reader.literal(":")?;
    let second = reader.in_range("05", true, "second", 0..=59)?;
    let nanos = reader.fraction()?;
    let offset = reader.zone()?;
    if !reader.rest.is_empty() {
        return Err(format!("parsing time {}: extra text: {}", go_quote(text), go_quote(reader.rest)));
    }
    let days = days_from_civil(year, month, day);
    if day < 1 || civil_from_days(days) != (year, month, day) {
        return Err(reader.out_of_range("day"));
    }
    Ok(GoTime { seconds: days * 86_400 + hour * 3600 + minute * 60 + second - offset, nanos })
}

/// A time as Kubernetes prints it, in UTC; with six digits after the point for a `MicroTime`.
#[must_use]
pub fn format_go(time: GoTime, micro: bool) -> String {
    let text = format_rfc3339(time.seconds);
    match text.strip_suffix('Z') {
        Some(text) if micro => format!("{text}.{:06}Z", time.nanos / 1000),
        _ => text,
    }
}

struct Reader<'a> {
    text: &'a str,
    layout: &'a str,
    rest: &'a str,
}

impl Reader<'_> {
    fn cannot(&self, rest: &str, element: &str) -> String {
        let (text, layout) = (go_quote(self.text), go_quote(self.layout));
        format!("parsing time {text} as {layout}: cannot parse {} as {}", go_quote(rest), go_quote(element))
    }

    fn out_of_range(&self, what: &str) -> String {
        format!("parsing time {}: {what} out of range", go_quote(self.text))
    }

    fn digits(&self) -> usize {
        self.rest.bytes().take_while(u8::is_ascii_digit).count()
    }

    fn take(&mut self, count: usize) -> i64 {
        let (taken, rest) = self.rest.split_at(count);
        self.rest = rest;
        taken.parse().unwrap_or(0)
    }

    fn year(&mut self) -> Result<i64, String> {
        if self.digits() < 4 { Err(self.cannot(self.rest, "2006")) } else { Ok(self.take(4)) }
    }

    fn literal(&mut self, literal: &str) -> Result<(), String> {
        self.rest = self.rest.strip_prefix(literal).ok_or_else(|| self.cannot(self.rest, literal))?;
        Ok(())
    }

    fn number(&mut self, element: &str, two_digits: bool) -> Result<i64, String> {
        match self.digits() {
            0 => Err(self.cannot(self.rest, element)),
            1 if two_digits => Err(self.cannot(self.rest, element)),
            1 => Ok(self.take(1)),
            _ => Ok(self.take(2)),
        }
    }

    fn in_range(
        &mut self,
        element: &str,
        two_digits: bool,
        what: &str,
        range: std::ops::RangeInclusive<i64>,
    ) -> Result<i64, String> {
        let number = self.number(element, two_digits)?;
        if range.contains(&number) { Ok(number) } else { Err(self.out_of_range(what)) }
    }

    /// Any digits after a point; exactly six where the layout has them.
    fn fraction(&mut self) -> Result<u32, String> {
        let fraction = self.rest.strip_prefix(['.', ',']).unwrap_or_default();
        let count = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if self.layout.contains(".000000") && count < 6 {
            return Err(self.cannot(self.rest, ".000000"));
        }
        if count == 0 {
            return Ok(0);
        }
        let count = if self.layout.contains(".000000") { 6 } else { count };
        let (digits, rest) = fraction.split_at(count);
        self.rest = rest;
        Ok(format!("{:0<9}", &digits[..count.min(9)]).parse().unwrap_or(0))
    }

    /// `Z`, or an offset from UTC in seconds.
    fn zone(&mut self) -> Result<i64, String> {
        if let Some(rest) = self.rest.strip_prefix('Z') {
            self.rest = rest;
            return Ok(0);
        }
        let bad = self.cannot(self.rest, "Z07:00");
        let zone = self.rest.get(..6).ok_or_else(|| bad.clone())?;
        let (hours, minutes) = zone[1..].split_once(':').ok_or_else(|| bad.clone())?;
        let two = |text: &str| (text.len() == 2).then(|| text.parse::<u8>().ok()).flatten().map(i64::from);
        let (Some(hours), Some(minutes)) = (two(hours), two(minutes)) else { return Err(bad) };
        let sign = match zone.as_bytes().first() {
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return Err(bad),
        };
        if hours > 24 {
            return Err(self.out_of_range("time zone offset hour"));
        }
        if minutes > 60 {
            return Err(self.out_of_range("time zone offset minute"));
        }
        self.rest = &self.rest[6..];
        Ok(sign * (hours * 3600 + minutes * 60))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYOUT: &str = "2006-01-02T15:04:05Z07:00";

    #[test]
    fn times_are_read_and_written_in_utc() {
        for (text, want) in [
            ("2026-01-31T09:05:00Z", "2026-01-31T09:05:00Z"),
            ("2026-01-31T09:05:00.75Z", "2026-01-31T09:05:00Z"),
            ("2026-01-31T01:05:00+02:00", "2026-01-30T23:05:00Z"),
        ] {
            assert_eq!(parse_go(text, LAYOUT).map(|time| format_go(time, false)).as_deref(), Ok(want));
        }
        let micro = "2006-01-02T15:04:05.000000Z07:00";
        let text = "2026-01-31T09:05:00.012345Z";
        assert_eq!(parse_go(text, micro).map(|time| format_go(time, true)).as_deref(), Ok(text));
    }

    #[test]
    fn bad_times_are_refused_in_go_words() {
        for (text, want) in [
            ("now", "parsing time \"now\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"now\" as \"2006\""),
            ("2026-13-01T00:00:00Z", "parsing time \"2026-13-01T00:00:00Z\": month out of range"),
            ("2026-02-30T00:00:00Z", "parsing time \"2026-02-30T00:00:00Z\": day out of range"),
            ("2026-02-01", "parsing time \"2026-02-01\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\" as \"T\""),
            (
                "2026-02-01T00:00:00",
                "parsing time \"2026-02-01T00:00:00\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\" as \"Z07:00\"",
            ),
            ("2026-02-01T00:00:00Zx", "parsing time \"2026-02-01T00:00:00Zx\": extra text: \"x\""),
        ] {
            assert_eq!(parse_go(text, LAYOUT), Err(want.to_owned()));
        }
    }
}
