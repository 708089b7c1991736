//! Flags as cobra and pflag take them: one definition a flag drives parsing, help and completion.

use std::collections::BTreeMap;

/// What a flag's value may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Type {
    /// `true` or `false`; without a value it means `true`.
    Bool,
    /// Any text; a flag given twice keeps the last.
    Text,
    /// A whole number.
    Int,
    /// A whole number of 32 bits.
    Int32,
    /// A number and units, such as `30s`.
    Duration,
    /// Comma separated texts; a flag given twice adds up.
    List,
    /// Texts that may hold commas; a flag given twice adds up.
    Array,
    /// Comma separated pairs of a key, `=` and a value; a flag given twice adds up.
    Pairs,
}

/// The definition of a flag.
#[derive(Clone, Copy, Debug)]
pub struct Flag {
    /// Its long name, without dashes.
    pub name: &'static str,
    /// Its letter.
    pub short: Option<char>,
    /// What it takes.
    pub kind: Type,
    /// Its value when it is not given, as help prints it.
    pub default: &'static str,
    /// Its value when it is given without one; empty when it needs one.
    pub bare: &'static str,
    /// What it does, as help prints it.
    pub help: &'static str,
    /// Whether the command refuses to run without it.
    pub required: bool,
    /// Whether help leaves it out.
    pub hidden: bool,
}

impl Flag {
    const fn new(name: &'static str, kind: Type, default: &'static str, help: &'static str) -> Self {
        Self { name, short: None, kind, default, bare: "", help, required: false, hidden: false }
    }

    /// A flag that is on or off.
    #[must_use]
    pub const fn bool(name: &'static str, default: &'static str, help: &'static str) -> Self {
        Self { bare: "true", ..Self::new(name, Type::Bool, default, help) }
    }

    /// A flag that takes a text.
    #[must_use]
    pub const fn text(name: &'static str, default: &'static str, help: &'static str) -> Self {
        Self::new(name, Type::Text, default, help)
    }

    /// A flag that takes a whole number.
    #[must_use]
    pub const fn int(name: &'static str, default: &'static str, help: &'static str) -> Self {
        Self::new(name, Type::Int, default, help)
    }

    /// A flag that takes a whole number of 32 bits.
    #[must_use]
    pub const fn int32(name: &'static str, default: &'static str, help: &'static str) -> Self {
        Self::new(name, Type::Int32, default, help)
    }

    /// A flag that takes a duration.
    #[must_use]
    pub const fn duration(name: &'static str, default: &'static str, help: &'static str) -> Self {
        Self::new(name, Type::Duration, default, help)
    }

    /// A flag that takes comma separated texts and may be given several times.
    #[must_use]
    pub const fn list(name: &'static str, help: &'static str) -> Self {
        Self::new(name, Type::List, "[]", help)
    }

    /// A flag that takes a text and may be given several times.
    #[must_use]
    pub const fn array(name: &'static str, help: &'static str) -> Self {
        Self::new(name, Type::Array, "[]", help)
    }

    /// A flag that takes comma separated pairs and may be given several times.
    #[must_use]
    pub const fn pairs(name: &'static str, help: &'static str) -> Self {
        Self::new(name, Type::Pairs, "", help)
    }

    /// The flag with a letter.
    #[must_use]
    pub const fn short(self, letter: char) -> Self {
        Self { short: Some(letter), ..self }
    }

    /// The flag with a meaning when it stands without a value.
    #[must_use]
    pub const fn bare(self, value: &'static str) -> Self {
        Self { bare: value, ..self }
    }

    /// The flag as one that must be given.
    #[must_use]
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// The flag left out of help.
    #[must_use]
    pub const fn hidden(self) -> Self {
        Self { hidden: true, ..self }
    }
}

/// The values of a command line.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Values {
    given: BTreeMap<&'static str, Vec<String>>,
    defaults: BTreeMap<&'static str, &'static str>,
}

impl Values {
    /// Values before any flag was read.
    #[must_use]
    pub fn of(flags: &[&'static Flag]) -> Self {
        Self { given: BTreeMap::new(), defaults: flags.iter().map(|flag| (flag.name, flag.default)).collect() }
    }

    /// Whether the flag was given.
    #[must_use]
    pub fn changed(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// The flag's value, or its default.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        let default = || self.defaults.get(name).copied().unwrap_or_default();
        self.given.get(name).and_then(|values| values.last()).map_or_else(default, String::as_str)
    }

    /// Whether the flag is on.
    #[must_use]
    pub fn bool(&self, name: &str) -> bool {
        parse_bool(self.text(name)).unwrap_or(false)
    }

    /// The flag's number.
    #[must_use]
    pub fn int(&self, name: &str) -> i64 {
        parse_int(self.text(name)).unwrap_or(0)
    }

    /// The flag's duration in microseconds.
    #[must_use]
    pub fn micros(&self, name: &str) -> i64 {
        parse_duration(self.text(name)).unwrap_or(0)
    }

    /// Every value of the flag, in order.
    #[must_use]
    pub fn all(&self, name: &str) -> &[String] {
        self.given.get(name).map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, flag: &'static Flag, text: &str, shown: &str) -> Result<(), String> {
        let fails =
            |why: String| format!("invalid argument {} for \"{shown}\" flag: {why}", api::field::go_quote(text));
        let quoted = api::field::go_quote(text);
        match flag.kind {
            Type::Bool if parse_bool(text).is_none() => {
                return Err(fails(format!("strconv.ParseBool: parsing {quoted}: invalid syntax")));
            }
            Type::Int | Type::Int32 => {
                let narrow = |number: i64| match flag.kind {
                    Type::Int32 => i32::try_from(number).map(|_| ()).map_err(|_| "value out of range"),
                    _ => Ok(()),
                };
                let read = parse_int(text).and_then(narrow);
                read.map_err(|why| fails(format!("strconv.ParseInt: parsing {quoted}: {why}")))?;
            }
            Type::Duration if parse_duration(text).is_none() => {
                let missing = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
                let why = if missing { "missing unit in" } else { "invalid" };
                return Err(fails(format!("time: {why} duration {quoted}")));
            }
            Type::Pairs if text.split(',').any(|pair| !pair.is_empty() && !pair.contains('=')) => {
                return Err(fails("malformed pair, expect string=string".to_owned()));
            }
            _ => {}
        }
        let values = self.given.entry(flag.name).or_default();
        match flag.kind {
            Type::List => values.extend(split_list(text)),
            Type::Array => values.push(text.to_owned()),
            // Models `MapStringString.Set`.
            Type::Pairs => values.extend(text.split(',').filter(|pair| !pair.is_empty()).map(str::to_owned)),
            _ => *values = vec![text.to_owned()],
        }
        Ok(())
    }
}

/// Models `strconv.ParseBool`.
#[must_use]
pub fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// Models `strconv.ParseInt` with base 0 as far as people type it.
///
/// # Errors
/// Go's words for what is wrong.
pub fn parse_int(text: &str) -> Result<i64, &'static str> {
    let (sign, digits) = match text.as_bytes().first() {
        Some(b'-') => (-1, &text[1..]),
        Some(b'+') => (1, &text[1..]),
        _ => (1, text),
    };
    let (radix, digits) = match digits.get(..2) {
        Some("0x" | "0X") => (16, &digits[2..]),
        Some("0b" | "0B") => (2, &digits[2..]),
        Some("0o" | "0O") => (8, &digits[2..]),
        Some(two) if two.starts_with('0') => (8, &digits[1..]),
        _ => (10, digits),
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return Err("invalid syntax");
    }
    i64::from_str_radix(digits, radix).map(|n| sign * n).map_err(|_| "value out of range")
}

/// Models `time.ParseDuration`; microseconds.
#[must_use]
pub fn parse_duration(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    let mut total = 0f64;
    let mut any = false;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..end].parse().ok()?;
        rest = &rest[end..];
        let end = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
        let unit = match &rest[..end] {
            "ns" => 0.001,
            "us" | "µs" => 1.0,
            "ms" => 1e3,
            "s" => 1e6,
            "m" => 60e6,
            "h" => 3600e6,
            _ => return None,
        };
        total += number * unit;
        any = true;
        rest = &rest[end..];
    }
    // Durations that people type are far inside of 53 bits.
    #[allow(clippy::cast_possible_truncation)]
    any.then_some(sign * total as i64)
}

/// One comma separated record, quotes as in CSV. Models pflag's `readAsCSV`.
fn split_list(text: &str) -> Vec<String> {
    let mut items = Vec::new();
    let (mut item, mut quoted) = (String::new(), false);
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => items.push(std::mem::take(&mut item)),
            c => item.push(c),
        }
    }
    if !text.is_empty() {
        items.push(item);
    }
    items
}

/// A command line, read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Parsed {
    /// The flags.
    pub values: Values,
    /// The words that are no flags, in order.
    pub args: Vec<String>,
    /// How many of the words stood before `--`, if it was there.
    pub dash_at: Option<usize>,
    /// Whether help was asked for.
    pub help: bool,
}

/// Reads a command line as `pflag.FlagSet.Parse` does, flags and words mixed.
///
/// # Errors
/// pflag's words for what is wrong.
pub fn parse(flags: &[&'static Flag], words: &[String]) -> Result<Parsed, String> {
    let mut parsed = Parsed { values: Values::of(flags), ..Parsed::default() };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if word == "--" {
            parsed.dash_at = Some(parsed.args.len());
            parsed.args.extend(words.by_ref().cloned());
        } else if let Some(long) = word.strip_prefix("--") {
            long_flag(&mut parsed, flags, long, word, &mut words)?;
        } else if word.len() > 1 && word.starts_with('-') {
            short_flags(&mut parsed, flags, &word[1..], &mut words)?;
        } else {
            parsed.args.push(word.clone());
        }
    }
    Ok(parsed)
}

fn long_flag<'a>(
    parsed: &mut Parsed,
    flags: &[&'static Flag],
    long: &str,
    word: &str,
    words: &mut impl Iterator<Item = &'a String>,
) -> Result<(), String> {
    let (name, value) = long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value)));
    if name.is_empty() || name.starts_with('-') {
        return Err(format!("bad flag syntax: {word}"));
    }
    let Some(flag) = flags.iter().find(|flag| flag.name == name) else {
        if name == "help" {
            parsed.help = true;
            return Ok(());
        }
        return Err(format!("unknown flag: --{name}"));
    };
    let value = match value {
        Some(value) => value,
        None if !flag.bare.is_empty() => flag.bare,
        None => words.next().ok_or_else(|| format!("flag needs an argument: --{name}"))?,
    };
    parsed.values.add(flag, value, &shown(flag))
}

fn short_flags<'a>(
    parsed: &mut Parsed,
    flags: &[&'static Flag],
    letters: &str,
    words: &mut impl Iterator<Item = &'a String>,
) -> Result<(), String> {
    let mut rest = letters;
    while let Some(letter) = rest.chars().next() {
        let after = &rest[letter.len_utf8()..];
        let Some(flag) = flags.iter().find(|flag| flag.short == Some(letter)) else {
            if letter == 'h' {
                parsed.help = true;
                return Ok(());
            }
            return Err(format!("unknown shorthand flag: '{letter}' in -{rest}"));
        };
        if let Some(value) = after.strip_prefix('=').filter(|_| after.len() > 1) {
            return parsed.values.add(flag, value, &shown(flag));
        }
        if !flag.bare.is_empty() {
            parsed.values.add(flag, flag.bare, &shown(flag))?;
            rest = after;
            continue;
        }
        if !after.is_empty() {
            return parsed.values.add(flag, after, &shown(flag));
        }
        let value = words.next().ok_or_else(|| format!("flag needs an argument: '{letter}' in -{rest}"))?;
        return parsed.values.add(flag, value, &shown(flag));
    }
    Ok(())
}

fn shown(flag: &Flag) -> String {
    flag.short.map_or_else(|| format!("--{}", flag.name), |letter| format!("-{letter}, --{}", flag.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    static FLAGS: [Flag; 6] = [
        Flag::text("output", "", "").short('o'),
        Flag::bool("stdin", "false", "").short('i'),
        Flag::bool("tty", "false", "").short('t'),
        Flag::int("replicas", "0", ""),
        Flag::list("tcp", ""),
        Flag::text("dry-run", "none", "").bare("unchanged"),
    ];

    fn read(line: &str) -> Result<Parsed, String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        parse(&FLAGS.iter().collect::<Vec<_>>(), &words)
    }

    #[test]
    fn flags_are_taken_in_every_form() {
        for line in ["a -oyaml", "-o yaml a", "a -o=yaml", "a --output=yaml", "--output yaml a"] {
            let parsed = read(line).unwrap();
            assert_eq!(
                (parsed.values.text("output"), parsed.args.as_slice()),
                ("yaml", ["a".to_owned()].as_slice()),
                "{line}"
            );
        }
        let parsed = read("run -it x --tcp=80:1,81 --tcp 82 --dry-run -- sh -c --nope").unwrap();
        assert!(parsed.values.bool("stdin") && parsed.values.bool("tty"));
        assert_eq!(parsed.values.all("tcp"), ["80:1", "81", "82"]);
        assert_eq!(parsed.values.text("dry-run"), "unchanged");
        assert_eq!((parsed.args.len(), parsed.dash_at), (5, Some(2)));
    }

    #[test]
    fn errors_are_in_pflags_words() {
        for (line, want) in [
            ("--nope", "unknown flag: --nope"),
            ("-z", "unknown shorthand flag: 'z' in -z"),
            ("-iz", "unknown shorthand flag: 'z' in -z"),
            ("--output", "flag needs an argument: --output"),
            ("-o", "flag needs an argument: 'o' in -o"),
            ("--=x", "bad flag syntax: --=x"),
            (
                "--replicas=x",
                "invalid argument \"x\" for \"--replicas\" flag: strconv.ParseInt: parsing \"x\": invalid syntax",
            ),
            (
                "-i=maybe",
                "invalid argument \"maybe\" for \"-i, --stdin\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax",
            ),
        ] {
            assert_eq!(read(line).unwrap_err(), want, "{line}");
        }
    }

    #[test]
    fn durations_are_gos() {
        for (text, want) in [
            ("0", Some(0)),
            ("30s", Some(30_000_000)),
            ("1m30s", Some(90_000_000)),
            ("1.5h", Some(5_400_000_000)),
            ("5", None),
            ("s", None),
            ("", None),
        ] {
            assert_eq!(parse_duration(text), want, "{text}");
        }
    }
}
