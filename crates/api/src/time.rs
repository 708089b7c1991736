//! Times as Kubernetes writes and prints them. Whole seconds since the Unix epoch; no clock is read here.

mod rfc3339;

pub use rfc3339::{GoTime, format_go, parse_go};

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar (Howard Hinnant's `days_from_civil`).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day of a number of days since 1970-01-01.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days - era * 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// A time as `metadata.creationTimestamp` has it: `2026-01-31T09:05:00Z`.
#[must_use]
pub fn format_rfc3339(seconds: i64) -> String {
    let (year, month, day) = civil_from_days(seconds.div_euclid(86_400));
    let of_day = seconds.rem_euclid(86_400);
    let mut text = String::with_capacity(20);
    digits(&mut text, 4, year);
    for (before, number) in
        [('-', month), ('-', day), ('T', of_day / 3600), (':', of_day / 60 % 60), (':', of_day % 60)]
    {
        text.push(before);
        digits(&mut text, 2, number);
    }
    text.push('Z');
    text
}

/// Writes a number with leading zeros. Every write to a cluster has a time in it: `format!` would show.
fn digits(text: &mut String, width: u32, number: i64) {
    if !(0..10i64.pow(width)).contains(&number) {
        text.push_str(&format!("{number:0width$}", width = width as usize));
        return;
    }
    for place in (0..width).rev() {
        let digit = number / 10i64.pow(place) % 10;
        text.push(char::from(b'0' + u8::try_from(digit).unwrap_or(0)));
    }
}

/// A time as `kubectl describe` has it (RFC 1123 with a numeric zone): `Sat, 31 Jan 2026 09:05:00 +0000`.
#[must_use]
pub fn format_rfc1123z(seconds: i64) -> String {
    let (date, day_name) = parts(seconds);
    let of_day = seconds.rem_euclid(86_400);
    format!("{day_name}, {date} {:02}:{:02}:{:02} +0000", of_day / 3600, of_day / 60 % 60, of_day % 60)
}

/// A time as HTTP has it: `Sat, 31 Jan 2026 09:05:00 GMT`.
#[must_use]
pub fn format_http_date(seconds: i64) -> String {
    format_rfc1123z(seconds).replace("+0000", "GMT")
}

fn parts(seconds: i64) -> (String, &'static str) {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let days = seconds.div_euclid(86_400);
    let (year, month, day) = civil_from_days(days);
    let month = MONTHS.get(usize::try_from(month - 1).unwrap_or(0)).copied().unwrap_or("Jan");
    let name = DAYS.get(usize::try_from(days.rem_euclid(7)).unwrap_or(0)).copied().unwrap_or("Thu");
    (format!("{day:02} {month} {year:04}"), name)
}

/// Seconds since the epoch of an RFC 3339 time in UTC (`...Z`, a fraction is dropped); `None` for other forms.
#[must_use]
pub fn parse_rfc3339(text: &str) -> Option<i64> {
    let text = text.strip_suffix('Z')?;
    let (date, time) = text.split_once('T')?;
    let time = time.split('.').next()?;
    let numbers = |text: &str, by: char| -> Option<[i64; 3]> {
        let mut found = text.split(by).map(|n| n.parse::<u32>().ok().map(i64::from));
        let all = [found.next()??, found.next()??, found.next()??];
        found.next().is_none().then_some(all)
    };
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(time, ':')?;
    let fits = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    fits.then(|| days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second)
}

/// A duration as kubectl's AGE columns print it. Models apimachinery `pkg/util/duration.HumanDuration`.
#[must_use]
pub fn human_duration(seconds: i64) -> String {
    let minutes = seconds / 60;
    let hours = minutes / 60;
    let days = hours / 24;
    let with = |big: i64, unit: char, small: i64, small_unit: char| {
        if small == 0 { format!("{big}{unit}") } else { format!("{big}{unit}{small}{small_unit}") }
    };
    match () {
        () if seconds < -1 => "<invalid>".to_owned(),
        () if seconds < 0 => "0s".to_owned(),
        () if seconds < 120 => format!("{seconds}s"),
        () if minutes < 10 => with(minutes, 'm', seconds % 60, 's'),
        () if minutes < 180 => format!("{minutes}m"),
        () if hours < 8 => with(hours, 'h', minutes % 60, 'm'),
        () if hours < 48 => format!("{hours}h"),
        () if hours < 192 => with(days, 'd', hours % 24, 'h'),
        () if hours < 24 * 365 * 2 => format!("{days}d"),
        () if hours < 24 * 365 * 8 => with(days / 365, 'y', days % 365, 'd'),
        () => format!("{}y", days / 365),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_go_there_and_back() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_827_696, "2000-02-29T12:34:56Z"),
            (1_767_225_600, "2026-01-01T00:00:00Z"),
        ] {
            assert_eq!(format_rfc3339(seconds), text);
            assert_eq!(parse_rfc3339(text), Some(seconds));
        }
        assert_eq!(format_rfc1123z(1_767_225_600), "Thu, 01 Jan 2026 00:00:00 +0000");
        assert_eq!(format_http_date(951_827_696), "Tue, 29 Feb 2000 12:34:56 GMT");
        for bad in ["", "2026-01-01", "2026-13-01T00:00:00Z", "2026-01-01T00:00Z", "2026-01-01T00:00:00+01:00"] {
            assert_eq!(parse_rfc3339(bad), None, "{bad}");
        }
    }

    #[test]
    fn ages_print_as_kubectl() {
        for (seconds, text) in [
            (0, "0s"),
            (119, "119s"),
            (120, "2m"),
            (125, "2m5s"),
            (600, "10m"),
            (10_800, "3h"),
            (11_000, "3h3m"),
            (30_000, "8h"),
            (180_000, "2d2h"),
            (691_200, "8d"),
            (-5, "<invalid>"),
        ] {
            assert_eq!(human_duration(seconds), text, "{seconds}");
        }
    }
}
