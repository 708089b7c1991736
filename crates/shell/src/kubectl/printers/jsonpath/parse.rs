//! The grammar. Models `jsonpath/parser.go`.

use super::Node;

type Parsed<T> = Result<T, String>;

/// A text with actions in braces.
pub(super) fn template(text: &str) -> Parsed<Vec<Node>> {
    let mut nodes = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let Some(open) = rest.find('{') else {
            nodes.push(Node::Text(rest.to_owned()));
            break;
        };
        if open > 0 {
            nodes.push(Node::Text(rest[..open].to_owned()));
        }
        let mut action = Action { chars: rest[open + 1..].chars().collect(), at: 0, nodes: Vec::new() };
        action.parse()?;
        let used: usize = action.chars[..action.at].iter().map(|c| c.len_utf8()).sum();
        nodes.push(Node::List(action.nodes));
        rest = &rest[open + 1 + used..];
    }
    Ok(nodes)
}

/// What stands inside of braces, such as the sides of a filter.
fn action(text: &str) -> Parsed<Vec<Node>> {
    let mut action = Action { chars: text.chars().chain(['}']).collect(), at: 0, nodes: Vec::new() };
    action.parse()?;
    Ok(action.nodes)
}

struct Action {
    chars: Vec<char>,
    at: usize,
    nodes: Vec<Node>,
}

impl Action {
    fn next(&mut self) -> Option<char> {
        let c = self.chars.get(self.at).copied();
        self.at += usize::from(c.is_some());
        c
    }

    fn starts_with(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(i, c)| self.chars.get(self.at + i) == Some(&c))
    }

    /// Models `parseInsideAction`, up to and with the closing brace.
    fn parse(&mut self) -> Parsed<()> {
        loop {
            if self.starts_with("[?(") {
                self.at += 3;
                self.filter()?;
                continue;
            }
            if self.starts_with("..") {
                self.at += 2;
                self.recursive()?;
                continue;
            }
            match self.next() {
                Some('}') => return Ok(()),
                None | Some('\n' | '\r') => return Err("unclosed action".to_owned()),
                Some(' ' | '@' | '$') => {}
                Some('[') => self.array()?,
                Some(quote @ ('"' | '\'')) => self.quoted(quote)?,
                Some('.') => self.field(),
                Some(c) if c == '+' || c == '-' || c.is_ascii_digit() => self.number(c)?,
                Some(c) if c.is_alphanumeric() || c == '_' => self.word(c),
                Some(c) => {
                    return Err(format!("unrecognized character in action: U+{:04X} '{c}'", c as u32));
                }
            }
        }
    }

    fn recursive(&mut self) -> Parsed<()> {
        if self.nodes.last() == Some(&Node::Recursive) {
            return Err("invalid multiple recursive descent".to_owned());
        }
        self.nodes.push(Node::Recursive);
        if self.chars.get(self.at).is_some_and(|c| c.is_alphanumeric() || *c == '_') {
            self.field();
        }
        Ok(())
    }

    fn field(&mut self) {
        let mut name = String::new();
        while let Some(c) = self.chars.get(self.at).copied().filter(|c| !is_terminator(*c)) {
            self.at += 1;
            if c == '\\' {
                name.extend(self.next());
            } else {
                name.push(c);
            }
        }
        self.nodes.push(if name == "*" { Node::Wildcard } else { Node::Field(name) });
    }

    fn word(&mut self, first: char) {
        let mut word = String::from(first);
        while let Some(c) = self.chars.get(self.at).copied().filter(|c| !is_terminator(*c)) {
            self.at += 1;
            word.push(c);
        }
        self.nodes.push(match word.as_str() {
            "true" => Node::Bool(true),
            "false" => Node::Bool(false),
            _ => Node::Word(word),
        });
    }

    fn number(&mut self, first: char) -> Parsed<()> {
        let mut text = String::from(first);
        while let Some(c) = self.chars.get(self.at).copied().filter(|c| !is_terminator(*c) || *c == '.') {
            self.at += 1;
            text.push(c);
        }
        let whole = text.parse::<i64>().ok().map(serde_json::Number::from);
        let number = whole.or_else(|| serde_json::Number::from_f64(text.parse().ok()?));
        self.nodes.push(Node::Number(number.ok_or_else(|| format!("cannot parse number {text}"))?));
        Ok(())
    }

    fn quoted(&mut self, quote: char) -> Parsed<()> {
        let mut text = String::new();
        loop {
            match self.next() {
                None | Some('\n') => return Err("unterminated quoted string".to_owned()),
                Some('\\') => text.extend(self.next().map(|c| match c {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    other => other,
                })),
                Some(c) if c == quote => break,
                Some(c) => text.push(c),
            }
        }
        self.nodes.push(Node::Text(text));
        Ok(())
    }

    fn array(&mut self) -> Parsed<()> {
        let start = self.at;
        loop {
            match self.next() {
                None | Some('\n') => return Err("unterminated array".to_owned()),
                Some(']') => break,
                Some(_) => {}
            }
        }
        // The closing brace that every action ends with may be all that is left: then the bracket was never closed.
        let text: String = self.chars[start..self.at - 1].iter().collect();
        let text = if text == "*" { ":".to_owned() } else { text };
        let parts: Vec<&str> = text.split(',').collect();
        if parts.len() > 1 {
            let parts = parts.iter().map(|part| action(&format!("[{}]", part.trim_matches(' '))));
            self.nodes.push(Node::Union(parts.collect::<Parsed<_>>()?));
            return Ok(());
        }
        let key = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
        if let Some(key) = key.filter(|key| !key.contains('\'')) {
            self.nodes.extend(action(&format!(".{key}"))?);
            return Ok(());
        }
        self.nodes.push(slice(&text).ok_or_else(|| format!("invalid array index {text}"))?);
        Ok(())
    }

    fn filter(&mut self) -> Parsed<()> {
        let start = self.at;
        let mut quote = None;
        loop {
            match self.next() {
                None | Some('\n') => return Err("unterminated filter".to_owned()),
                Some(c @ ('"' | '\'')) => match quote {
                    None => quote = Some(c),
                    Some(open) if open == c => quote = None,
                    Some(_) => {}
                },
                Some(')') if quote.is_none() => break,
                Some(_) => {}
            }
        }
        let text: String = self.chars[start..self.at - 1].iter().collect();
        if self.next() != Some(']') {
            return Err("unclosed array expect ]".to_owned());
        }
        let is_operator = |c: char| matches!(c, '!' | '<' | '>' | '=');
        let node = match text.find(is_operator).filter(|at| *at > 0) {
            Some(at) => {
                let rest = &text[at..];
                let end = rest.find(|c: char| !is_operator(c)).unwrap_or(rest.len());
                let (operator, right) = (rest[..end].to_owned(), action(&rest[end..])?);
                // A single `=` is an operator that nothing can evaluate; upstream says so only afterwards.
                Node::Filter { left: action(&text[..at])?, operator, right }
            }
            None => Node::Filter { left: action(&text)?, operator: "exists".to_owned(), right: Vec::new() },
        };
        self.nodes.push(node);
        Ok(())
    }
}

/// `1`, `-1`, `0:2`, `:`, `::2`.
fn slice(text: &str) -> Option<Node> {
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() > 3 || text.is_empty() {
        return None;
    }
    let number = |part: Option<&&str>| match part {
        None | Some(&"") => Some(None),
        Some(part) => part.parse::<i64>().ok().map(Some),
    };
    let (start, end, step) = (number(parts.first())?, number(parts.get(1))?, number(parts.get(2))?);
    let one = parts.len() == 1;
    let end = if one { start.map(|start| start + 1) } else { end };
    Some(Node::Slice { start, end, step, one })
}

fn is_terminator(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}')
}
