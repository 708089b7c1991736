//! The regular expressions of all programs: compiled here, within bounds, since whoever types one pays for it in time.

use regex_lite::{Error, Regex, RegexBuilder};

/// Bytes that a pattern may have; braces and variables make longer ones than anybody types.
const LONGEST: usize = 16 << 10;
/// Bytes of a compiled pattern: matching takes time for each of its states at each character.
const LARGEST: usize = 1 << 18;

/// A builder for a pattern in the syntax of the `regex-lite` crate.
///
/// Its `build` fails for what is no pattern, and for what is larger than anything that is matched here.
pub(crate) fn builder(pattern: &str) -> RegexBuilder {
    // No pattern at all, so that the one place where this fails is `build`.
    let pattern = if pattern.len() <= LONGEST { pattern } else { "(" };
    let mut builder = RegexBuilder::new(pattern);
    builder.size_limit(LARGEST);
    builder
}

/// A pattern without options.
pub(crate) fn compile(pattern: &str) -> Result<Regex, Error> {
    builder(pattern).build()
}

#[cfg(test)]
mod tests {
    use super::compile;

    #[test]
    fn what_is_too_large_is_refused_at_once() {
        assert!(compile("a{1,50}|b*(c|d)+").is_ok());
        assert!(compile(&"a|".repeat(10_000)).is_err());
        assert!(compile("((a{1,100}){1,100}){1,100}").is_err());
    }
}
