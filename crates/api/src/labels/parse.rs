//! kubectl's `-l`. Models apimachinery `pkg/labels` `Parser`: the same grammar, the same complaints.

use crate::arrange::Arrange;
use serde_json::json;

use super::lexer::{Token, words};
use super::{Operator, Requirement, Selector};
use crate::{FieldError, Path, names};

/// Reads a selector such as `app=web,tier in (front,back),!old`.
///
/// # Errors
/// What the server says of a bad one, without what kubectl puts before it.
pub fn parse(text: &str) -> Result<Selector, String> {
    let mut parser = Parser { words: words(text), at: 0 };
    let mut requirements = parser.parse()?;
    requirements.arrange_by(|a, b| a.key.cmp(&b.key));
    Ok(Selector { requirements })
}

struct Parser<'a> {
    words: Vec<(Token, &'a str)>,
    at: usize,
}

impl<'a> Parser<'a> {
    /// The next word as an operator's place has it.
    fn operator_word(&mut self) -> (Token, &'a str) {
        let word = self.words.get(self.at).copied().unwrap_or((Token::End, ""));
        self.at += 1;
        word
    }

    /// The next word where a value may stand: `in` and `notin` are ordinary words there.
    fn next(&mut self) -> (Token, &'a str) {
        let word = self.peek();
        self.at += 1;
        word
    }

    fn peek(&self) -> (Token, &'a str) {
        match self.words.get(self.at).copied().unwrap_or((Token::End, "")) {
            (Token::In | Token::NotIn, word) => (Token::Identifier, word),
            other => other,
        }
    }

    fn parse(&mut self) -> Result<Vec<Requirement>, String> {
        let mut requirements = Vec::new();
        loop {
            match self.peek() {
                (Token::Identifier | Token::Not, _) => {
                    let requirement =
                        self.requirement().map_err(|error| format!("unable to parse requirement: {error}"))?;
                    requirements.push(requirement);
                    match self.next() {
                        (Token::End, _) => return Ok(requirements),
                        (Token::Comma, _) => {
                            let (token, word) = self.peek();
                            if !matches!(token, Token::Identifier | Token::Not) {
                                return Err(format!("found '{word}', expected: identifier after ','"));
                            }
                        }
                        (_, word) => return Err(format!("found '{word}', expected: ',' or 'end of string'")),
                    }
                }
                (Token::End, _) => return Ok(requirements),
                (_, word) => return Err(format!("found '{word}', expected: !, identifier, or 'end of string'")),
            }
        }
    }

    fn requirement(&mut self) -> Result<Requirement, String> {
        let (mut token, mut key) = self.next();
        let absent = token == Token::Not;
        if absent {
            (token, key) = self.next();
        }
        if token != Token::Identifier {
            return Err(format!("found '{key}', expected: identifier"));
        }
        let complaints = names::is_qualified_name(key);
        if !complaints.is_empty() {
            return Err(FieldError::invalid(&Path::default(), key, in_bytes(&complaints)).to_string());
        }
        let bare = matches!(self.peek().0, Token::End | Token::Comma);
        if absent || bare {
            let operator = if absent { Operator::DoesNotExist } else { Operator::Exists };
            return Ok(Requirement { key: key.to_owned(), operator, values: Vec::new() });
        }
        let operator = match self.operator_word() {
            (Token::In, _) => Operator::In,
            (Token::NotIn, _) => Operator::NotIn,
            (Token::Equals, _) => Operator::Equals,
            (Token::DoubleEquals, _) => Operator::DoubleEquals,
            (Token::NotEquals, _) => Operator::NotEquals,
            (Token::GreaterThan, _) => Operator::GreaterThan,
            (Token::LessThan, _) => Operator::LessThan,
            (_, word) => return Err(format!("found '{word}', expected: in, notin, =, ==, !=, gt, lt")),
        };
        let mut values = match operator {
            Operator::In | Operator::NotIn => self.set()?,
            _ => vec![self.value()?],
        };
        values.arrange();
        values.dedup();
        checked(Requirement { key: key.to_owned(), operator, values })
    }

    /// The one value after `=`; nothing there means the empty one.
    fn value(&mut self) -> Result<String, String> {
        match self.peek() {
            (Token::End | Token::Comma, _) => Ok(String::new()),
            (Token::Identifier, word) => {
                self.at += 1;
                Ok(word.to_owned())
            }
            (_, word) => Err(format!("found '{word}', expected: identifier")),
        }
    }

    /// The values in brackets after `in`.
    fn set(&mut self) -> Result<Vec<String>, String> {
        let (token, word) = self.next();
        if token != Token::Open {
            return Err(format!("found '{word}' expected: '('"));
        }
        match self.peek() {
            (Token::Identifier | Token::Comma, _) => {
                let values = self.list()?;
                match self.next() {
                    (Token::Close, _) => Ok(values),
                    (_, word) => Err(format!("found '{word}', expected: ')'")),
                }
            }
            (Token::Close, _) => {
                self.at += 1;
                Ok(Vec::new())
            }
            (_, word) => Err(format!("found '{word}', expected: ',', ')' or identifier")),
        }
    }

    /// Values with commas between; two commas, or one at an end, stand for an empty value.
    fn list(&mut self) -> Result<Vec<String>, String> {
        let mut values = Vec::new();
        loop {
            match self.next() {
                (Token::Identifier, word) => {
                    values.push(word.to_owned());
                    match self.peek() {
                        (Token::Comma, _) => {}
                        (Token::Close, _) => return Ok(values),
                        (_, word) => return Err(format!("found '{word}', expected: ',' or ')'")),
                    }
                }
                (Token::Comma, _) => {
                    if values.is_empty() {
                        values.push(String::new());
                    }
                    match self.peek().0 {
                        Token::Close => {
                            values.push(String::new());
                            return Ok(values);
                        }
                        Token::Comma => {
                            self.at += 1;
                            values.push(String::new());
                        }
                        _ => {}
                    }
                }
                (_, word) => return Err(format!("found '{word}', expected: ',', or identifier")),
            }
        }
    }
}

/// Models `labels.NewRequirement`: several complaints come in brackets, each once.
fn checked(requirement: Requirement) -> Result<Requirement, String> {
    let path = Path::new("values");
    let mut errors = Vec::new();
    match requirement.operator {
        Operator::In | Operator::NotIn if requirement.values.is_empty() => {
            errors.push(FieldError::invalid(
                &path,
                json!([]),
                "for 'in', 'notin' operators, values set can't be empty",
            ));
        }
        Operator::GreaterThan | Operator::LessThan => {
            for (index, value) in requirement.values.iter().enumerate().filter(|(_, v)| v.parse::<i64>().is_err()) {
                let detail = "for 'Gt', 'Lt' operators, the value must be an integer";
                errors.push(FieldError::invalid(&path.index(index), value.as_str(), detail));
            }
        }
        _ => {}
    }
    for (index, value) in requirement.values.iter().enumerate() {
        let complaints = names::is_label_value(value);
        if !complaints.is_empty() {
            let path = path.index(index).key(&requirement.key);
            errors.push(FieldError::invalid(&path, value.as_str(), in_bytes(&complaints)));
        }
    }
    let mut texts: Vec<String> = Vec::new();
    for text in errors.iter().map(ToString::to_string) {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    match texts.as_slice() {
        [] => Ok(requirement),
        [one] => Err(one.clone()),
        more => Err(format!("[{}]", more.join(", "))),
    }
}

/// What is wrong with a key or a value, as the selector's parser says it: it counts bytes where objects' validation
/// says characters.
fn in_bytes(complaints: &[String]) -> String {
    complaints.join("; ").replace("63 characters", "63 bytes").replace("253 characters", "253 bytes")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn good_selectors_select() {
        let labels = json!({"app": "web", "tier": "front", "ver": "2", "in": "out"});
        for (text, want) in [
            ("", true),
            ("app=web", true),
            (" app == web , tier != back ", true),
            ("app in (web,api)", true),
            ("app notin (web)", false),
            ("nope notin (web)", true),
            ("!nope,app", true),
            ("!app", false),
            ("ver>1,ver<3", true),
            ("app>1", false),
            ("in", true),
            ("in=out", true),
            ("app in (,)", false),
            ("nope=", false),
        ] {
            assert_eq!(parse(text).unwrap().matches(labels.as_object()), want, "{text}");
        }
        assert_eq!(parse("b in (z,a),!a").unwrap().to_string(), "!a,b in (a,z)");
    }

    #[test]
    fn bad_selectors_are_refused_in_upstreams_words() {
        for (text, want) in [
            ("app=web=x", "found '=', expected: ',' or 'end of string'"),
            ("app web", "unable to parse requirement: found 'web', expected: in, notin, =, ==, !=, gt, lt"),
            ("=web", "found '=', expected: !, identifier, or 'end of string'"),
            ("app===web", "unable to parse requirement: found '=', expected: identifier"),
            ("app=web,!", "unable to parse requirement: found '', expected: identifier"),
            ("app,=", "found '=', expected: identifier after ','"),
            ("app in (a b)", "unable to parse requirement: found 'b', expected: ',' or ')'"),
            ("app in a", "unable to parse requirement: found 'a' expected: '('"),
            (
                "app in ()",
                "unable to parse requirement: values: Invalid value: []: for 'in', 'notin' operators, values set can't \
                 be empty",
            ),
            (
                "ver>",
                "unable to parse requirement: values[0]: Invalid value: \"\": for 'Gt', 'Lt' operators, the value must \
                 be an integer",
            ),
            ("/app=x", "unable to parse requirement: <nil>: Invalid value: \"/app\": prefix part must be non-empty"),
        ] {
            assert_eq!(parse(text).unwrap_err(), want, "{text}");
        }
    }
}
