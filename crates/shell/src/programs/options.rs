//! Options as `getopt_long` takes them.

/// Which options a program has.
pub(crate) struct Spec {
    /// Letters, each followed by `:` if it takes a value, by `::` if that may be missing. A leading `+` ends options at the first operand.
    pub(crate) short: &'static str,
    /// Words with the letter they stand for, and whether they take a value.
    pub(crate) long: &'static [(&'static str, char, bool)],
}

/// What was given.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Given {
    /// Letters with their values, in order.
    pub(crate) options: Vec<(char, String)>,
    pub(crate) operands: Vec<String>,
}

impl Given {
    pub(crate) fn has(&self, letter: char) -> bool {
        self.options.iter().any(|(known, _)| *known == letter)
    }

    /// The last value of an option.
    pub(crate) fn value(&self, letter: char) -> Option<&str> {
        self.options.iter().rev().find(|(known, _)| *known == letter).map(|(_, value)| value.as_str())
    }

    /// All values of an option, in order.
    pub(crate) fn values(&self, letter: char) -> impl Iterator<Item = &str> {
        self.options.iter().filter(move |(known, _)| *known == letter).map(|(_, value)| value.as_str())
    }
}

impl Spec {
    /// Sorts words into options and operands.
    ///
    /// # Errors
    /// What `getopt_long` prints after the program's name.
    pub(crate) fn parse(&self, argv: &[String]) -> Result<Given, String> {
        let (stop, short) = self.short.strip_prefix('+').map_or((false, self.short), |short| (true, short));
        let mut given = Given::default();
        let mut words = argv.iter();
        while let Some(word) = words.next() {
            if word == "--" {
                given.operands.extend(words.cloned());
                break;
            }
            if let Some(long) = word.strip_prefix("--") {
                let (name, value) = long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value)));
                let (letter, takes) = self.long_option(name, long)?;
                let value = match (takes, value) {
                    (true, Some(value)) => value.to_owned(),
                    (true, None) => match words.next() {
                        Some(value) => value.clone(),
                        None => return Err(format!("option '--{name}' requires an argument")),
                    },
                    (false, Some(_)) => return Err(format!("option '--{name}' doesn't allow an argument")),
                    (false, None) => String::new(),
                };
                given.options.push((letter, value));
            } else if word.len() > 1 && word.starts_with('-') {
                for (at, letter) in word[1..].char_indices() {
                    let Some(place) = short.find(letter).filter(|_| letter != ':') else {
                        return Err(format!("invalid option -- '{letter}'"));
                    };
                    if !short[place + 1..].starts_with(':') {
                        given.options.push((letter, String::new()));
                        continue;
                    }
                    let rest = &word[1 + at + letter.len_utf8()..];
                    if short[place + 1..].starts_with("::") {
                        given.options.push((letter, rest.to_owned()));
                        break;
                    }
                    let value = match (rest, words.as_slice()) {
                        ("", [next, ..]) => {
                            words.next();
                            next.clone()
                        }
                        ("", []) => return Err(format!("option requires an argument -- '{letter}'")),
                        (rest, _) => rest.to_owned(),
                    };
                    given.options.push((letter, value));
                    break;
                }
            } else {
                given.operands.push(word.clone());
                if stop {
                    given.operands.extend(words.cloned());
                    break;
                }
            }
        }
        Ok(given)
    }

    /// A long option by its name or an unambiguous beginning of it.
    fn long_option(&self, name: &str, typed: &str) -> Result<(char, bool), String> {
        let exact = self.long.iter().find(|(known, ..)| *known == name);
        let mut begun = self.long.iter().filter(|(known, ..)| known.starts_with(name));
        match (exact, begun.next(), begun.next()) {
            (Some((_, letter, takes)), ..) | (None, Some((_, letter, takes)), None) => Ok((*letter, *takes)),
            (None, Some(_), Some(_)) => Err(format!("option '--{name}' is ambiguous")),
            (None, None, _) => Err(format!("unrecognized option '--{typed}'")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: Spec =
        Spec { short: "qO:T:", long: &[("quiet", 'q', false), ("timeout", 'T', true), ("tries", 't', true)] };

    fn parse(line: &str) -> Result<Given, String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        SPEC.parse(&words)
    }

    #[test]
    fn options_come_in_every_form() {
        for line in ["-qO- -T5 x", "-q -O - -T 5 x", "--quiet x --timeout=5 -O-", "--qu --ti 5 -O - -- x"] {
            let given = parse(line).unwrap();
            assert!(given.has('q'), "{line}");
            assert_eq!((given.value('O'), given.value('T')), (Some("-"), Some("5")), "{line}");
            assert_eq!(given.operands, ["x"], "{line}");
        }
        for (line, fault) in [
            ("--nope", "unrecognized option '--nope'"),
            ("-z", "invalid option -- 'z'"),
            ("-T", "option requires an argument -- 'T'"),
            ("--timeout", "option '--timeout' requires an argument"),
            ("--quiet=1", "option '--quiet' doesn't allow an argument"),
            ("--t=1", "option '--t' is ambiguous"),
        ] {
            assert_eq!(parse(line), Err(fault.to_owned()), "{line}");
        }
    }
}
