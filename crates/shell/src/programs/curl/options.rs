//! curl's options. Models src/tool_getparam.c.

/// Whether an option takes a value, and of which kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Takes {
    Nothing,
    /// Text.
    Text,
    /// A number of seconds, perhaps with decimals.
    Seconds,
    /// A number.
    Number,
}

use Takes::{Nothing, Number, Seconds, Text};

/// Every option that is known: its word, its letter (or `-`), and what it takes. Those without an effect here are
/// known so that their values are not taken for URLs.
const OPTIONS: &[(&str, char, Takes)] = &[
    ("anyauth", '-', Nothing),
    ("basic", '-', Nothing),
    ("cacert", '-', Text),
    ("cert", 'E', Text),
    ("compressed", '-', Nothing),
    ("config", 'K', Text),
    ("connect-timeout", '-', Seconds),
    ("connect-to", '-', Text),
    ("continue-at", 'C', Text),
    ("cookie", 'b', Text),
    ("cookie-jar", 'c', Text),
    ("create-dirs", '-', Nothing),
    ("data", 'd', Text),
    ("data-ascii", '-', Text),
    ("data-binary", '-', Text),
    ("data-raw", '-', Text),
    ("data-urlencode", '-', Text),
    ("dump-header", 'D', Text),
    ("fail", 'f', Nothing),
    ("fail-early", '-', Nothing),
    ("fail-with-body", '-', Nothing),
    ("form", 'F', Text),
    ("get", 'G', Nothing),
    ("globoff", 'g', Nothing),
    ("head", 'I', Nothing),
    ("header", 'H', Text),
    ("help", 'h', Nothing),
    ("http1.0", '0', Nothing),
    ("http1.1", '-', Nothing),
    ("http2", '-', Nothing),
    ("include", 'i', Nothing),
    ("show-headers", '-', Nothing),
    ("insecure", 'k', Nothing),
    ("interface", '-', Text),
    ("ipv4", '4', Nothing),
    ("ipv6", '6', Nothing),
    ("json", '-', Text),
    ("keepalive-time", '-', Number),
    ("key", '-', Text),
    ("limit-rate", '-', Text),
    ("location", 'L', Nothing),
    ("location-trusted", '-', Nothing),
    ("max-redirs", '-', Number),
    ("max-time", 'm', Seconds),
    ("next", ':', Nothing),
    ("no-buffer", 'N', Nothing),
    ("no-keepalive", '-', Nothing),
    ("no-progress-meter", '-', Nothing),
    ("noproxy", '-', Text),
    ("output", 'o', Text),
    ("output-dir", '-', Text),
    ("parallel", 'Z', Nothing),
    ("path-as-is", '-', Nothing),
    ("progress-bar", '#', Nothing),
    ("proto", '-', Text),
    ("proxy", 'x', Text),
    ("range", 'r', Text),
    ("referer", 'e', Text),
    ("remote-header-name", 'J', Nothing),
    ("remote-name", 'O', Nothing),
    ("remote-name-all", '-', Nothing),
    ("request", 'X', Text),
    ("resolve", '-', Text),
    ("retry", '-', Number),
    ("retry-all-errors", '-', Nothing),
    ("retry-connrefused", '-', Nothing),
    ("retry-delay", '-', Seconds),
    ("retry-max-time", '-', Seconds),
    ("show-error", 'S', Nothing),
    ("silent", 's', Nothing),
    ("speed-limit", 'Y', Number),
    ("speed-time", 'y', Number),
    ("stderr", '-', Text),
    ("tcp-nodelay", '-', Nothing),
    ("tlsv1.2", '-', Nothing),
    ("tlsv1.3", '-', Nothing),
    ("trace", '-', Text),
    ("trace-ascii", '-', Text),
    ("trace-time", '-', Nothing),
    ("unix-socket", '-', Text),
    ("upload-file", 'T', Text),
    ("url", '-', Text),
    ("user", 'u', Text),
    ("user-agent", 'A', Text),
    ("verbose", 'v', Nothing),
    ("version", 'V', Nothing),
    ("write-out", 'w', Text),
];

/// What was given: words of options with their values in order, and URLs.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Given {
    options: Vec<(&'static str, String)>,
    /// The URLs.
    pub(super) urls: Vec<String>,
}

impl Given {
    pub(super) fn has(&self, word: &str) -> bool {
        let last = self.options.iter().rev().find(|(known, _)| *known == word);
        last.is_some_and(|(_, value)| value != "no")
    }

    /// The last value of an option.
    pub(super) fn value(&self, word: &str) -> Option<&str> {
        self.options.iter().rev().find(|(known, _)| *known == word).map(|(_, value)| value.as_str())
    }

    /// All values of an option, in order.
    pub(super) fn values(&self, word: &str) -> impl Iterator<Item = &str> {
        self.options.iter().filter(move |(known, _)| *known == word).map(|(_, value)| value.as_str())
    }

    /// All options, in order.
    pub(super) fn options(&self) -> impl Iterator<Item = (&str, &str)> {
        self.options.iter().map(|(word, value)| (*word, value.as_str()))
    }

    /// Microseconds of an option's seconds.
    pub(super) fn micros(&self, word: &str) -> Option<u64> {
        let micros = seconds(self.value(word)?)?;
        (micros > 0).then_some(micros)
    }
}

/// Microseconds of seconds with decimals.
fn seconds(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let part: String = part.chars().chain("000000".chars()).take(6).collect();
    Some(whole.parse::<u64>().ok()?.checked_mul(1_000_000)? + part.parse::<u64>().ok()?)
}

/// Sorts words into options and URLs.
///
/// # Errors
/// What curl says of the first word that is wrong.
pub(super) fn parse(argv: &[String]) -> Result<Given, String> {
    let mut given = Given::default();
    let mut words = argv.iter();
    let mut only_urls = false;
    while let Some(word) = words.next() {
        if only_urls || !word.starts_with('-') || word == "-" {
            given.urls.push(word.clone());
        } else if word == "--" {
            only_urls = true;
        } else if let Some(long) = word.strip_prefix("--") {
            let (known, takes, negated) = find(long).map_err(|why| format!("option {word}: {why}"))?;
            let value = match takes {
                Nothing => (if negated { "no" } else { "" }).to_owned(),
                _ => words.next().cloned().ok_or_else(|| format!("option {word}: requires parameter"))?,
            };
            take(&mut given, known, takes, value, word)?;
        } else {
            letters(&mut given, word, &mut words)?;
        }
    }
    Ok(given)
}

/// An option by its word or an unambiguous beginning of it; `no-` turns a switch off.
fn find(word: &str) -> Result<(&'static str, Takes, bool), &'static str> {
    let exact = |name: &str| OPTIONS.iter().find(|(known, ..)| *known == name);
    if let Some((known, _, takes)) = exact(word) {
        return Ok((known, *takes, false));
    }
    if let Some((known, _, Nothing)) = word.strip_prefix("no-").and_then(exact) {
        return Ok((known, Nothing, true));
    }
    let mut begun = OPTIONS.iter().filter(|(known, ..)| known.starts_with(word));
    match (begun.next(), begun.next()) {
        (Some((known, _, takes)), None) => Ok((known, *takes, false)),
        (Some(_), Some(_)) => Err("is ambiguous"),
        _ => Err("is unknown"),
    }
}

fn letters(given: &mut Given, word: &str, words: &mut std::slice::Iter<'_, String>) -> Result<(), String> {
    for (at, letter) in word[1..].char_indices() {
        let shown = if word.len() > 2 && at > 0 { format!("-{letter}") } else { word.to_owned() };
        let known = OPTIONS.iter().find(|(_, known, _)| *known == letter && letter != '-');
        let Some((known, _, takes)) = known else { return Err(format!("option {shown}: is unknown")) };
        if *takes == Nothing {
            given.options.push((known, String::new()));
            continue;
        }
        let rest = &word[1 + at + letter.len_utf8()..];
        let shown = format!("-{letter}");
        let value = match rest {
            "" => words.next().cloned().ok_or_else(|| format!("option {shown}: requires parameter"))?,
            rest => rest.to_owned(),
        };
        return take(given, known, *takes, value, &shown);
    }
    Ok(())
}

fn take(given: &mut Given, known: &'static str, takes: Takes, value: String, shown: &str) -> Result<(), String> {
    let fits = match takes {
        Nothing | Text => true,
        Seconds => seconds(&value).is_some(),
        Number => value.parse::<u64>().is_ok(),
    };
    if !fits {
        return Err(format!("option {shown}: expected a proper numerical parameter"));
    }
    match known {
        "url" => given.urls.push(value),
        known => given.options.push((known, value)),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Given, String> {
        parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn options_come_in_every_form() {
        for line in ["-sSm3 web -H a:b", "-s -S -m 3 --header a:b web", "--silent --show-e --max-t 3 -Ha:b web"] {
            let given = parsed(line).unwrap();
            assert!(given.has("silent") && given.has("show-error"), "{line}");
            assert_eq!(given.micros("max-time"), Some(3_000_000), "{line}");
            assert_eq!((given.value("header"), given.urls.len()), (Some("a:b"), 1), "{line}");
        }
        for (line, want) in [
            ("--nope web", "option --nope: is unknown"),
            ("-m", "option -m: requires parameter"),
            ("-m x web", "option -m: expected a proper numerical parameter"),
            ("-Y", "option -Y: requires parameter"),
            ("--max", "option --max: is ambiguous"),
        ] {
            assert_eq!(parsed(line), Err(want.to_owned()), "{line}");
        }
        assert!(!parsed("-L --no-location x").unwrap().has("location"));
    }
}
