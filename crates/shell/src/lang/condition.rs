//! `test`, `[ ]` and `[[ ]]`.

use super::ast::Word;
use super::pattern;
use super::shell::{Flow, Io, Shell};
use crate::files::absolute;

/// What is wrong with a condition.
pub(crate) type Fault = String;

/// A word of a condition: as text, and as the pattern it is in `[[ ]]`.
struct Term {
    text: String,
    pattern: Option<String>,
}

/// A condition under way.
struct Condition<'a> {
    shell: &'a Shell,
    terms: &'a [Term],
    at: usize,
    depth: usize,
}

impl Shell {
    /// Decides what `test` was given.
    ///
    /// # Errors
    /// What is wrong, in bash's words.
    pub(super) fn test(&self, arguments: &[String]) -> Result<bool, Fault> {
        let terms: Vec<Term> = arguments.iter().map(|text| Term { text: text.clone(), pattern: None }).collect();
        self.decide(&terms)
    }

    fn decide(&self, terms: &[Term]) -> Result<bool, Fault> {
        // POSIX: with few words their number decides what they mean.
        match terms {
            [] => return Ok(false),
            [only] => return Ok(!only.text.is_empty()),
            [not, only] if not.text == "!" => return Ok(only.text.is_empty()),
            _ => {}
        }
        let mut condition = Condition { shell: self, terms, at: 0, depth: 0 };
        let value = condition.either()?;
        match condition.terms.get(condition.at) {
            None => Ok(value),
            Some(_) => Err("too many arguments".to_owned()),
        }
    }

    /// `[[ ... ]]`
    pub(super) async fn double_bracket(&mut self, words: &[Word], io: &Io) -> Result<i32, Flow> {
        let mut terms = Vec::new();
        for word in words {
            let pattern = self.expand_pattern(word, io).await?;
            terms.push(Term { text: pattern::unescape(&pattern), pattern: Some(pattern) });
        }
        Ok(match self.decide(&terms) {
            Ok(value) => i32::from(!value),
            Err(fault) => {
                self.complain(io, &format!("[[: {fault}"));
                2
            }
        })
    }
}

impl Condition<'_> {
    fn text(&self) -> Option<&str> {
        self.terms.get(self.at).map(|term| term.text.as_str())
    }

    fn eat(&mut self, words: &[&str]) -> bool {
        let found = self.text().is_some_and(|text| words.contains(&text));
        self.at += usize::from(found);
        found
    }

    fn either(&mut self) -> Result<bool, Fault> {
        let mut value = self.both()?;
        while self.eat(&["-o", "||"]) {
            value |= self.both()?;
        }
        Ok(value)
    }

    fn both(&mut self) -> Result<bool, Fault> {
        let mut value = self.one()?;
        while self.eat(&["-a", "&&"]) {
            value &= self.one()?;
        }
        Ok(value)
    }

    fn one(&mut self) -> Result<bool, Fault> {
        self.depth += 1;
        if self.depth > 50 {
            return Err("too many arguments".to_owned());
        }
        let second = self.terms.get(self.at + 1).map(|term| term.text.as_str());
        let value = if second.is_some_and(is_binary) && self.terms.len() > self.at + 2 {
            self.binary()?
        } else if self.eat(&["!"]) {
            !self.one()?
        } else if self.eat(&["("]) {
            let value = self.either()?;
            if !self.eat(&[")"]) {
                return Err("`)' expected".to_owned());
            }
            value
        } else {
            self.unary()?
        };
        self.depth -= 1;
        Ok(value)
    }

    fn unary(&mut self) -> Result<bool, Fault> {
        let Some(sign) = self.text().map(str::to_owned) else { return Err("argument expected".to_owned()) };
        self.at += 1;
        let known = sign.len() == 2 && sign.starts_with('-') && "zndefrswxtL".contains(&sign[1..]);
        let Some(operand) = self.text().filter(|_| known).map(str::to_owned) else {
            if self.text().is_some() && sign.starts_with('-') {
                return Err(format!("{sign}: unary operator expected"));
            }
            return Ok(!sign.is_empty());
        };
        self.at += 1;
        let path = absolute(&self.shell.sys.folder, &operand);
        Ok(self.shell.sys.files(|files| match sign.as_str() {
            "-z" => operand.is_empty(),
            "-n" => !operand.is_empty(),
            "-d" => files.is_folder(&path),
            "-f" => files.is_file(&path),
            "-s" => files.read(&path).is_ok_and(|text| !text.is_empty()),
            "-e" | "-r" | "-w" => path.starts_with("/dev/") || files.is_file(&path) || files.is_folder(&path),
            "-x" => files.is_folder(&path) || files.read(&path).is_ok_and(|text| text.starts_with("#!")),
            "-t" => match operand.as_str() {
                "0" => self.shell.sys.stdin_is_terminal,
                _ => self.shell.sys.stdout_is_terminal,
            },
            _ => false,
        }))
    }

    fn binary(&mut self) -> Result<bool, Fault> {
        let [left, sign, right] = &self.terms[self.at..self.at + 3] else { return Ok(false) };
        self.at += 3;
        let (a, b) = (left.text.as_str(), right.text.as_str());
        let equal = || right.pattern.as_ref().map_or(a == b, |pattern| pattern::matches(pattern, a));
        let number =
            |text: &str| text.trim().parse::<i64>().map_err(|_| format!("{text}: integer expression expected"));
        Ok(match sign.text.as_str() {
            "=" | "==" => equal(),
            "!=" => !equal(),
            "<" => a < b,
            ">" => a > b,
            "=~" => crate::regex::compile(b).map_err(|_| format!("{b}: invalid regular expression"))?.is_match(a),
            "-eq" => number(a)? == number(b)?,
            "-ne" => number(a)? != number(b)?,
            "-lt" => number(a)? < number(b)?,
            "-le" => number(a)? <= number(b)?,
            "-gt" => number(a)? > number(b)?,
            _ => number(a)? >= number(b)?,
        })
    }
}

fn is_binary(sign: &str) -> bool {
    matches!(sign, "=" | "==" | "!=" | "<" | ">" | "=~" | "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge")
}
