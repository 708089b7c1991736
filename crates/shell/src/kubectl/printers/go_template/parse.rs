//! The grammar of templates.

use std::collections::BTreeMap;

use api::Value;

use super::{Command, Defined, Node, Operand, Pipe, Source, functions};

type Parsed<T> = Result<T, String>;

/// A piece between texts.
enum Piece {
    Text(String),
    /// What stands between the braces, where it begins, and its line.
    Action(String, usize, usize),
}

/// The nodes of a template, and those of the templates that it defines.
pub(super) fn template(text: &str) -> Parsed<(Vec<Node>, Defined)> {
    let pieces = pieces(text)?;
    let mut parser = Parser { pieces: pieces.into_iter(), defined: BTreeMap::new(), variables: vec!["$".to_owned()] };
    let (nodes, end) = parser.nodes()?;
    match end {
        None => Ok((nodes, parser.defined)),
        Some(end) => Err(format!("template: output:{}: unexpected {{{{{}}}}}", end.line, end.action)),
    }
}

/// Texts and actions; trims and comments are done with.
fn pieces(text: &str) -> Parsed<Vec<Piece>> {
    let mut all = Vec::new();
    let (mut rest, mut line, mut trim) = (text, 1, false);
    loop {
        let open = rest.find("{{").unwrap_or(rest.len());
        let mut plain = &rest[..open];
        line += plain.matches('\n').count();
        let after = &rest[open..];
        if trim {
            plain = plain.trim_start();
        }
        let trims_before = after.strip_prefix("{{-").is_some_and(|a| a.starts_with([' ', '\n', '\t', '\r']));
        if trims_before {
            plain = plain.trim_end();
        }
        if !plain.is_empty() {
            all.push(Piece::Text(plain.to_owned()));
        }
        if after.is_empty() {
            return Ok(all);
        }
        let body = &after[if trims_before { 3 } else { 2 }..];
        let end = close(body).ok_or_else(|| format!("template: output:{line}: unclosed action"))?;
        let (inner, next) = (&body[..end], &body[end + 2..]);
        trim = inner.ends_with(" -") || inner.ends_with("\n-") || inner.ends_with("\t-");
        let shown = if trim { &inner[..inner.len() - 1] } else { inner };
        if !shown.trim().starts_with("/*") {
            let begin = text.len() - body.len() + (shown.len() - shown.trim_start().len());
            all.push(Piece::Action(shown.trim().to_owned(), begin, line));
        }
        line += inner.matches('\n').count();
        rest = next;
    }
}

/// Where an action ends: at `}}` outside of quotes.
fn close(body: &str) -> Option<usize> {
    let mut quote: Option<char> = None;
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        match quote {
            Some(open) => {
                if escaped {
                    escaped = false;
                } else if c == '\\' && open != '`' {
                    escaped = true;
                } else if c == open {
                    quote = None;
                }
            }
            None if matches!(c, '"' | '`') => quote = Some(c),
            None if body[at..].starts_with("}}") => return Some(at),
            None => {}
        }
    }
    None
}

struct Parser {
    pieces: std::vec::IntoIter<Piece>,
    defined: Defined,
    /// The variables that are known here.
    variables: Vec<String>,
}

/// `end`, `else` or `else if ...`.
struct End {
    action: String,
    begin: usize,
    line: usize,
}

impl Parser {
    fn nodes(&mut self) -> Parsed<(Vec<Node>, Option<End>)> {
        let mut nodes = Vec::new();
        while let Some(piece) = self.pieces.next() {
            let (action, begin, line) = match piece {
                Piece::Text(text) => {
                    nodes.push(Node::Text(text));
                    continue;
                }
                Piece::Action(action, begin, line) => (action, begin, line),
            };
            let word = action.split_whitespace().next().unwrap_or_default().to_owned();
            let at = |why: String| format!("template: output:{line}: {why}");
            match word.as_str() {
                "end" | "else" => return Ok((nodes, Some(End { action, begin, line }))),
                "if" | "with" | "range" => nodes.push(self.block(&word, (&action, begin), line)?),
                "define" | "block" | "template" => {
                    let rest = action[word.len()..].trim_start();
                    let (name, after) =
                        name(rest).ok_or_else(|| at(format!("unexpected {rest:?} in {word} clause")))?;
                    let offset = begin + action.len() - after.len();
                    let pipe = match after.trim() {
                        "" => None,
                        _ => Some(self.pipe(after, offset).map_err(at)?),
                    };
                    if word != "template" {
                        let (body, end) = self.nodes()?;
                        if end.is_none_or(|end| end.action != "end") {
                            return Err(at("unexpected EOF".to_owned()));
                        }
                        self.defined.insert(name.clone(), body);
                    }
                    if word != "define" {
                        let text = format!("{{{{template {}{after}}}}}", api::field::go_quote(&name));
                        nodes.push(Node::Call(name, pipe, Source { at: begin, text }));
                    }
                }
                "break" => nodes.push(Node::Break),
                "continue" => nodes.push(Node::Continue),
                _ => nodes.push(Node::Print(self.pipe(&action, begin).map_err(at)?)),
            }
        }
        Ok((nodes, None))
    }

    fn block(&mut self, word: &str, (action, begin): (&str, usize), line: usize) -> Parsed<Node> {
        let at = |why: String| format!("template: output:{line}: {why}");
        let known = self.variables.len();
        let condition = self.pipe(&action[word.len()..], begin + word.len()).map_err(at)?;
        let (body, end) = self.nodes()?;
        let otherwise = match end {
            None => return Err(at("unexpected EOF".to_owned())),
            Some(end) if end.action == "end" => Vec::new(),
            Some(end) => {
                let rest = end.action["else".len()..].trim_start();
                let place = end.begin + end.action.len() - rest.len();
                match rest.split_whitespace().next() {
                    Some(next @ ("if" | "with")) => vec![self.block(next, (rest, place), end.line)?],
                    _ => match self.nodes()? {
                        (nodes, Some(end)) if end.action == "end" => nodes,
                        _ => return Err(at("unexpected EOF".to_owned())),
                    },
                }
            }
        };
        self.variables.truncate(known);
        Ok(match word {
            "if" => Node::If(condition, body, otherwise),
            "with" => Node::With(condition, body, otherwise),
            _ => Node::Range(condition, body, otherwise),
        })
    }

    /// A pipe that begins so many bytes into the template.
    fn pipe(&mut self, text: &str, begin: usize) -> Parsed<Pipe> {
        let tokens = tokens(text)?;
        let mut reader = Reader { text, begin, tokens: &tokens, at: 0, variables: &mut self.variables };
        let pipe = reader.pipe()?;
        if reader.at < tokens.len() {
            return Err("unexpected right paren".to_owned());
        }
        Ok(pipe)
    }
}

/// A quoted name and what follows it.
fn name(text: &str) -> Option<(String, &str)> {
    let chars: Vec<char> = text.chars().collect();
    let quote = *chars.first().filter(|c| matches!(c, '"' | '`'))?;
    let mut at = 1;
    let name = quoted(&chars, &mut at, quote).ok()?;
    let used: usize = chars[..at].iter().map(|c| c.len_utf8()).sum();
    Some((name, &text[used..]))
}

/// A token of an action.
#[derive(Clone, PartialEq, Debug)]
enum Token {
    Open,
    Close,
    Bar,
    Comma,
    /// `:=`, or `=` when true.
    Assign(bool),
    Space,
    /// `.a.b`, `.`
    Field(Vec<String>),
    Variable(String, Vec<String>),
    Word(String),
    Literal(Value),
}

/// Reads the tokens of an action; each with where it begins and ends.
struct Reader<'a> {
    text: &'a str,
    begin: usize,
    tokens: &'a [(Token, usize, usize)],
    at: usize,
    variables: &'a mut Vec<String>,
}

impl Reader<'_> {
    fn pipe(&mut self) -> Parsed<Pipe> {
        let mut pipe = Pipe::default();
        let declared = self.tokens[self.at..].iter().position(|(token, ..)| matches!(token, Token::Assign(_)));
        if let Some(length) = declared {
            for (token, ..) in &self.tokens[self.at..self.at + length] {
                if let Token::Variable(name, _) = token {
                    pipe.variables.push(name.clone());
                }
            }
            pipe.assigns = self.tokens[self.at + length].0 == Token::Assign(true);
            self.at += length + 1;
        }
        let mut words: Vec<(Operand, Source)> = Vec::new();
        let mut span: Option<(usize, usize)> = None;
        while let Some((token, from, to)) = self.tokens.get(self.at) {
            self.at += 1;
            match token {
                Token::Close => {
                    self.at -= 1;
                    break;
                }
                Token::Bar => self.finish(&mut pipe, &mut words, &mut span)?,
                Token::Space | Token::Comma | Token::Assign(_) => {}
                _ => {
                    let (operand, end) = self.operand(token, *to)?;
                    span = Some((span.map_or(*from, |(from, _)| from), end));
                    words.push((operand, self.source(token, (*from, end))));
                }
            }
        }
        self.finish(&mut pipe, &mut words, &mut span)?;
        if !pipe.assigns {
            self.variables.extend(pipe.variables.iter().cloned());
        }
        Ok(pipe)
    }

    fn finish(
        &self,
        pipe: &mut Pipe,
        words: &mut Vec<(Operand, Source)>,
        span: &mut Option<(usize, usize)>,
    ) -> Parsed<()> {
        let (from, to) = span.take().ok_or("missing value for command")?;
        let source = match words.as_slice() {
            // A command of one word is that word.
            [(_, source)] => source.clone(),
            _ => Source { at: self.begin + from, text: self.text[from..to].to_owned() },
        };
        pipe.commands.push(Command { source, words: std::mem::take(words) });
        Ok(())
    }

    /// Where Go sees an operand: a chain of fields at its second field.
    fn source(&self, token: &Token, (from, to): (usize, usize)) -> Source {
        let text = &self.text[from..to];
        let second = match token {
            Token::Field(path) if path.len() > 1 => text[1..].find('.').map(|at| at + 1),
            Token::Variable(_, path) if !path.is_empty() => text.find('.'),
            _ => None,
        };
        Source { at: self.begin + from + second.unwrap_or(0), text: text.to_owned() }
    }

    fn operand(&mut self, token: &Token, end: usize) -> Parsed<(Operand, usize)> {
        Ok(match token {
            Token::Open => {
                let nested = self.pipe()?;
                let Some((Token::Close, _, mut end)) = self.tokens.get(self.at).cloned() else {
                    return Err("unclosed left paren".to_owned());
                };
                self.at += 1;
                let path = match self.tokens.get(self.at) {
                    Some((Token::Field(path), _, to)) => {
                        self.at += 1;
                        end = *to;
                        path.clone()
                    }
                    _ => Vec::new(),
                };
                (Operand::Nested(nested, path), end)
            }
            Token::Field(path) => (Operand::Field(path.clone()), end),
            Token::Variable(name, path) if self.variables.contains(name) => {
                (Operand::Variable(name.clone(), path.clone()), end)
            }
            Token::Variable(name, _) => return Err(format!("undefined variable \"{name}\"")),
            Token::Literal(value) => (Operand::Literal(value.clone()), end),
            Token::Word(word) => match word.as_str() {
                "true" => (Operand::Literal(true.into()), end),
                "false" => (Operand::Literal(false.into()), end),
                "nil" => (Operand::Literal(Value::Null), end),
                _ if functions::is_known(word) => (Operand::Function(word.clone()), end),
                _ => return Err(format!("function \"{word}\" not defined")),
            },
            Token::Close | Token::Bar | Token::Comma | Token::Assign(_) | Token::Space => {
                return Err("unexpected token in operand".to_owned());
            }
        })
    }
}

fn tokens(text: &str) -> Parsed<Vec<(Token, usize, usize)>> {
    let chars: Vec<char> = text.chars().collect();
    let mut all = Vec::new();
    let (mut at, mut bytes) = (0, 0);
    while let Some(&c) = chars.get(at) {
        let start = at;
        at += 1;
        let token = token(&chars, &mut at, c)?;
        let length: usize = chars[start..at].iter().map(|c| c.len_utf8()).sum();
        all.push((token, bytes, bytes + length));
        bytes += length;
    }
    Ok(all)
}

fn token(chars: &[char], at: &mut usize, c: char) -> Parsed<Token> {
    Ok(match c {
        '(' => Token::Open,
        ')' => Token::Close,
        '|' => Token::Bar,
        ',' => Token::Comma,
        '=' => Token::Assign(true),
        ':' => {
            *at += usize::from(chars.get(*at) == Some(&'='));
            Token::Assign(false)
        }
        c if c.is_whitespace() => Token::Space,
        '.' if !chars.get(*at).is_some_and(char::is_ascii_digit) => {
            *at -= 1;
            Token::Field(path(chars, at))
        }
        '$' => {
            let name = word(chars, at);
            Token::Variable(format!("${name}"), path(chars, at))
        }
        '"' | '`' => Token::Literal(quoted(chars, at, c)?.into()),
        c if c.is_ascii_digit() || c == '-' || c == '+' || c == '.' => {
            let start = *at - 1;
            while chars.get(*at).is_some_and(|c| c.is_ascii_alphanumeric() || *c == '.') {
                *at += 1;
            }
            let text: String = chars[start..*at].iter().collect();
            let whole = text.parse::<i64>().ok().map(Value::from);
            let number = whole.or_else(|| text.parse::<f64>().ok().map(Value::from));
            Token::Literal(number.ok_or_else(|| format!("bad number syntax: \"{text}\""))?)
        }
        c if c.is_alphanumeric() || c == '_' => {
            *at -= 1;
            Token::Word(word(chars, at))
        }
        c => return Err(format!("unexpected \"{c}\" in operand")),
    })
}

fn word(chars: &[char], at: &mut usize) -> String {
    let start = *at;
    while chars.get(*at).is_some_and(|c| c.is_alphanumeric() || *c == '_') {
        *at += 1;
    }
    chars[start..*at].iter().collect()
}

/// `.a.b`; a single dot is the empty path.
fn path(chars: &[char], at: &mut usize) -> Vec<String> {
    let mut path = Vec::new();
    while chars.get(*at) == Some(&'.') {
        *at += 1;
        let name = word(chars, at);
        if !name.is_empty() {
            path.push(name);
        }
    }
    path
}

fn quoted(chars: &[char], at: &mut usize, quote: char) -> Parsed<String> {
    let mut text = String::new();
    loop {
        let c = chars.get(*at).copied().ok_or("unterminated quoted string")?;
        *at += 1;
        match c {
            c if c == quote => return Ok(text),
            '\\' if quote == '"' => {
                let escaped = chars.get(*at).copied().ok_or("unterminated quoted string")?;
                *at += 1;
                text.push(match escaped {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    other => other,
                });
            }
            c => text.push(c),
        }
    }
}
