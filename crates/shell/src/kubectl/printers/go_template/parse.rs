//! The grammar of templates.

use api::Value;

use super::{Node, Operand, Pipe, functions};

type Parsed<T> = Result<T, String>;

/// A piece between texts.
enum Piece {
    Text(String),
    Action(String, usize),
}

pub(super) fn template(text: &str) -> Parsed<Vec<Node>> {
    let pieces = pieces(text)?;
    let mut parser = Parser { pieces: pieces.into_iter() };
    let (nodes, end) = parser.nodes()?;
    match end {
        None => Ok(nodes),
        Some((word, line)) => Err(format!("template: output:{line}: unexpected {{{{{word}}}}}")),
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
        let inner = if trim { &inner[..inner.len() - 1] } else { inner };
        if !inner.trim().starts_with("/*") {
            all.push(Piece::Action(inner.trim().to_owned(), line));
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
}

/// `end`, `else` or `else if ...`, and its line.
type End = Option<(String, usize)>;

impl Parser {
    fn nodes(&mut self) -> Parsed<(Vec<Node>, End)> {
        let mut nodes = Vec::new();
        while let Some(piece) = self.pieces.next() {
            let (action, line) = match piece {
                Piece::Text(text) => {
                    nodes.push(Node::Text(text));
                    continue;
                }
                Piece::Action(action, line) => (action, line),
            };
            let word = action.split_whitespace().next().unwrap_or_default().to_owned();
            let at = |why: String| format!("template: output:{line}: {why}");
            match word.as_str() {
                "end" | "else" => return Ok((nodes, Some((action, line)))),
                "if" | "with" | "range" => nodes.push(self.block(&word, &action, line)?),
                "define" | "template" | "block" | "break" | "continue" => {
                    return Err(at(format!("{{{{{word}}}}} is not known to this playground")));
                }
                _ => nodes.push(Node::Print(pipe(&action).map_err(at)?)),
            }
        }
        Ok((nodes, None))
    }

    fn block(&mut self, word: &str, action: &str, line: usize) -> Parsed<Node> {
        let at = |why: String| format!("template: output:{line}: {why}");
        let condition = pipe(action[word.len()..].trim()).map_err(at)?;
        let (body, end) = self.nodes()?;
        let otherwise = match end {
            None => return Err(at("unexpected EOF".to_owned())),
            Some((end, _)) if end == "end" => Vec::new(),
            Some((end, line)) => {
                let rest = end["else".len()..].trim().to_owned();
                match rest.split_whitespace().next() {
                    Some(next @ ("if" | "with")) => vec![self.block(next, &rest, line)?],
                    _ => match self.nodes()? {
                        (nodes, Some((end, _))) if end == "end" => nodes,
                        _ => return Err(at("unexpected EOF".to_owned())),
                    },
                }
            }
        };
        Ok(match word {
            "if" => Node::If(condition, body, otherwise),
            "with" => Node::With(condition, body, otherwise),
            _ => Node::Range(condition, body, otherwise),
        })
    }
}

/// A token of an action.
#[derive(Clone, PartialEq, Debug)]
enum Token {
    Open,
    Close,
    Bar,
    Comma,
    Assign,
    Space,
    /// `.a.b`, `.`
    Field(Vec<String>),
    Variable(String, Vec<String>),
    Word(String),
    Literal(Value),
}

fn pipe(text: &str) -> Parsed<Pipe> {
    let tokens = tokens(text)?;
    let mut at = 0;
    let pipe = read_pipe(&tokens, &mut at)?;
    if at < tokens.len() {
        return Err("unexpected right paren".to_owned());
    }
    Ok(pipe)
}

fn read_pipe(tokens: &[Token], at: &mut usize) -> Parsed<Pipe> {
    let mut pipe = Pipe::default();
    if let Some(assign) = tokens[*at..].iter().position(|token| *token == Token::Assign) {
        for token in &tokens[*at..*at + assign] {
            if let Token::Variable(name, _) = token {
                pipe.variables.push(name.clone());
            }
        }
        *at += assign + 1;
    }
    let mut command = Vec::new();
    while let Some(token) = tokens.get(*at) {
        *at += 1;
        match token {
            Token::Close => {
                *at -= 1;
                break;
            }
            Token::Bar => pipe.commands.push(std::mem::take(&mut command)),
            Token::Space | Token::Comma | Token::Assign => {}
            Token::Open => {
                let nested = read_pipe(tokens, at)?;
                if tokens.get(*at) != Some(&Token::Close) {
                    return Err("unclosed left paren".to_owned());
                }
                *at += 1;
                let path = match tokens.get(*at) {
                    Some(Token::Field(path)) => {
                        *at += 1;
                        path.clone()
                    }
                    _ => Vec::new(),
                };
                command.push(Operand::Nested(nested, path));
            }
            Token::Field(path) => command.push(Operand::Field(path.clone())),
            Token::Variable(name, path) => command.push(Operand::Variable(name.clone(), path.clone())),
            Token::Literal(value) => command.push(Operand::Literal(value.clone())),
            Token::Word(word) => command.push(match word.as_str() {
                "true" => Operand::Literal(true.into()),
                "false" => Operand::Literal(false.into()),
                "nil" => Operand::Literal(Value::Null),
                _ if functions::is_known(word) => Operand::Function(word.clone()),
                _ => return Err(format!("function \"{word}\" not defined")),
            }),
        }
    }
    pipe.commands.push(command);
    if pipe.commands.iter().any(Vec::is_empty) {
        return Err("missing value for command".to_owned());
    }
    Ok(pipe)
}

fn tokens(text: &str) -> Parsed<Vec<Token>> {
    let chars: Vec<char> = text.chars().collect();
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        at += 1;
        all.push(match c {
            '(' => Token::Open,
            ')' => Token::Close,
            '|' => Token::Bar,
            ',' => Token::Comma,
            ':' | '=' => {
                at += usize::from(c == ':' && chars.get(at) == Some(&'='));
                Token::Assign
            }
            c if c.is_whitespace() => Token::Space,
            '.' if !chars.get(at).is_some_and(char::is_ascii_digit) => {
                at -= 1;
                Token::Field(path(&chars, &mut at))
            }
            '$' => {
                let name = word(&chars, &mut at);
                let path = path(&chars, &mut at);
                Token::Variable(format!("${name}"), path)
            }
            '"' | '`' => Token::Literal(quoted(&chars, &mut at, c)?.into()),
            c if c.is_ascii_digit() || c == '-' || c == '+' || c == '.' => {
                let start = at - 1;
                while chars.get(at).is_some_and(|c| c.is_ascii_alphanumeric() || *c == '.') {
                    at += 1;
                }
                let text: String = chars[start..at].iter().collect();
                let whole = text.parse::<i64>().ok().map(Value::from);
                let number = whole.or_else(|| text.parse::<f64>().ok().map(Value::from));
                Token::Literal(number.ok_or_else(|| format!("bad number syntax: \"{text}\""))?)
            }
            c if c.is_alphanumeric() || c == '_' => {
                at -= 1;
                Token::Word(word(&chars, &mut at))
            }
            c => return Err(format!("unexpected \"{c}\" in operand")),
        });
    }
    Ok(all)
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
