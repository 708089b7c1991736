//! The arguments after a command's name: `--name value`, `--name=value` and `--flag`. Nothing here needs more.

use crate::failure::{Failure, Outcome};

/// What is left of the command line; each `take` removes what it found, [`Args::finish`] refuses the rest.
pub(crate) struct Args(Vec<String>);

impl Args {
    pub(crate) fn new(words: impl Iterator<Item = String>) -> Self {
        Self(words.collect())
    }

    /// No arguments.
    pub(crate) fn none() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn asks_for_help(&self) -> bool {
        self.0.iter().any(|word| word == "--help" || word == "-h")
    }

    /// Removes `name` when it is there, and says whether it was.
    pub(crate) fn take_flag(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|word| word != name);
        self.0.len() < before
    }

    /// Removes `name value` or `name=value`.
    ///
    /// # Errors
    /// When `name` stands last, without its value.
    pub(crate) fn take_value(&mut self, name: &str) -> Outcome<Option<String>> {
        if let Some(at) = self.0.iter().position(|word| word == name) {
            if at + 1 == self.0.len() {
                return Err(Failure::new(format!("{name} needs a value"), format!("write {name} VALUE")));
            }
            self.0.remove(at);
            return Ok(Some(self.0.remove(at)));
        }
        let prefix = format!("{name}=");
        let Some(at) = self.0.iter().position(|word| word.starts_with(&prefix)) else { return Ok(None) };
        Ok(Some(self.0.remove(at).split_off(prefix.len())))
    }

    /// Ends the parsing.
    ///
    /// # Errors
    /// When something is left that the command does not know.
    pub(crate) fn finish(self) -> Outcome {
        match self.0.first() {
            None => Ok(()),
            Some(word) => Err(Failure::new(
                format!("unknown argument {word:?}"),
                "cargo xtask --help shows what each command takes",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Args {
        Args::new(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn a_value_stands_after_its_name_or_after_an_equals_sign() {
        for line in ["--public-url /sub/", "--public-url=/sub/"] {
            let mut args = args(line);
            assert_eq!(args.take_value("--public-url").unwrap().as_deref(), Some("/sub/"), "{line}");
            assert!(args.finish().is_ok(), "{line}");
        }
        assert!(args("--public-url").take_value("--public-url").is_err());
    }

    #[test]
    fn what_nobody_took_is_refused() {
        let mut args = args("--list --lsit");
        assert!(args.take_flag("--list"));
        assert!(args.finish().unwrap_err().to_string().contains("--lsit"));
    }
}
