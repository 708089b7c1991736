//! What a command does, as far as others can notice it.

use crate::kubelet::Environment;
use api::arrange::Arrange;

const SECOND: u64 = 1_000_000;

/// Stands in a line for the time at which it is written.
pub(crate) const DATE: &str = "$(date)";

/// What a command does.
pub(super) enum Effect<'a> {
    Sleep(u64),
    Forever,
    Ends(i32),
    Touch(&'a [&'a str]),
    Remove(Vec<&'a str>),
    Echo(String, Option<&'a str>),
}

/// What a command does; `None` when it is not known.
pub(super) fn effect<'a>(words: &'a [&'a str]) -> Option<Effect<'a>> {
    let (program, arguments) = words.split_first()?;
    Some(match program.rsplit('/').next()? {
        "sleep" => match arguments.first().copied().unwrap_or_default() {
            "infinity" | "inf" => Effect::Forever,
            _ => Effect::Sleep(arguments.iter().map(|word| seconds(word)).sum()),
        },
        "tail" | "httpd" | "nginx" | "apache2-foreground" | "top" | "watch" | "redis-server" => Effect::Forever,
        "nc" if arguments.iter().any(|word| word.starts_with('-') && word.contains('l')) => Effect::Forever,
        "date" => Effect::Echo(DATE.to_owned(), None),
        "true" | ":" => Effect::Ends(0),
        "false" => Effect::Ends(1),
        "touch" => Effect::Touch(arguments),
        "rm" => Effect::Remove(arguments.iter().copied().filter(|word| !word.starts_with('-')).collect()),
        "echo" => {
            let at = arguments.iter().position(|word| *word == ">" || *word == ">>");
            let text = arguments[..at.unwrap_or(arguments.len())].join(" ");
            Effect::Echo(text, at.and_then(|at| arguments.get(at + 1).copied()))
        }
        _ => return None,
    })
}

/// Microseconds of `30`, `1.5`, `10m`, `1h`, `1d`.
pub(super) fn seconds(word: &str) -> u64 {
    let unit = match word.chars().last() {
        Some('m') => 60,
        Some('h') => 3600,
        Some('d') => 86_400,
        _ => 1,
    };
    let number = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let tenths = part.chars().next().and_then(|digit| digit.to_digit(10)).map_or(0, u64::from);
    let whole: u64 = whole.parse().unwrap_or(0);
    whole.saturating_mul(unit * SECOND).saturating_add(tenths * unit * SECOND / 10)
}

/// Variables and the host's name, in a text.
pub(super) fn expand(text: &str, env: &Environment) -> String {
    let mut text = text.replace("$(hostname)", "$HOSTNAME").replace("`hostname`", "$HOSTNAME");
    if !text.contains('$') {
        return text;
    }
    // Longer names first, so that `$APP_NAME` is not taken for `$APP`.
    let mut known: Vec<(&str, &str)> = env.iter().filter(|(name, _)| text.contains(name)).collect();
    known.arrange_by_key(|(name, _)| (std::cmp::Reverse(name.len()), *name));
    for (name, value) in known {
        text = text.replace(&format!("${{{name}}}"), value).replace(&format!("${name}"), value);
    }
    text
}
