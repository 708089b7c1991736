//! Text to programs. Models src/parser.y.

use super::ast::{Ast, Function, Pattern, Piece};
use super::token::{Kind, Token, tokens};
use super::value::Json;

/// Deeper programs are refused.
const DEEPEST: usize = 100;

pub(super) type Parsed<T> = Result<T, String>;

/// Reads a program: a filter, or definitions alone.
///
/// # Errors
/// jq's complaint with the line it is about.
pub(super) fn parse(text: &str) -> Parsed<Ast> {
    let mut parser = Parser { text, tokens: tokens(text), at: 0, depth: 0 };
    if parser.peek() == &Kind::End {
        return Ok(Ast::Identity);
    }
    let program = parser.pipe()?;
    parser.finish()?;
    Ok(program)
}

/// Reads definitions.
///
/// # Errors
/// As [`parse`].
pub(super) fn definitions(text: &str) -> Parsed<Vec<Function>> {
    let mut parser = Parser { text, tokens: tokens(text), at: 0, depth: 0 };
    let mut found = Vec::new();
    while parser.peek() == &Kind::Sign("def") {
        found.push(parser.definition()?);
    }
    parser.finish()?;
    Ok(found)
}

/// A complaint about a place in a program, as jq shows it.
pub(super) fn complaint(text: &str, start: usize, why: &str) -> String {
    let before = &text[..start];
    let line = before.matches('\n').count() + 1;
    let column = start - before.rfind('\n').map_or(0, |at| at + 1);
    let shown = text.lines().nth(line - 1).unwrap_or_default();
    format!("jq: error: {why} at <top-level>, line {line}:\n{shown}{:column$}", "")
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

/// Operators from the loosest: their signs, and whether they stand to the left, the right or alone.
const LEVELS: &[(&[&str], char)] = &[
    (&["//"], 'r'),
    (&["=", "|=", "+=", "-=", "*=", "/=", "%=", "//="], 'n'),
    (&["or"], 'l'),
    (&["and"], 'l'),
    (&["!=", "==", "<", ">", "<=", ">="], 'n'),
    (&["+", "-"], 'l'),
    (&["*", "/", "%"], 'l'),
];

impl Parser<'_> {
    fn peek(&self) -> &Kind {
        // The last word is the end and is never passed.
        self.tokens.get(self.at).map_or(&Kind::End, |token| &token.kind)
    }

    fn next(&mut self) -> Kind {
        let kind = self.peek().clone();
        if kind != Kind::End {
            self.at += 1;
        }
        kind
    }

    fn eat(&mut self, sign: &'static str) -> bool {
        let found = self.peek() == &Kind::Sign(sign);
        self.at += usize::from(found);
        found
    }

    fn unexpected<T>(&self, expecting: &str) -> Parsed<T> {
        let token = &self.tokens[self.at.min(self.tokens.len() - 1)];
        let expecting = if expecting.is_empty() { String::new() } else { format!(", expecting {expecting}") };
        let why = format!("syntax error, unexpected {}{expecting} (Unix shell quoting issues?)", token.kind.shown());
        Err(complaint(self.text, token.start, &why))
    }

    fn expect(&mut self, sign: &'static str, said: &str) -> Parsed<()> {
        if self.eat(sign) { Ok(()) } else { self.unexpected(said) }
    }

    fn finish(&self) -> Parsed<()> {
        if self.peek() == &Kind::End { Ok(()) } else { self.unexpected("end of file") }
    }

    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("jq: error: the program is nested too deeply".to_owned());
        }
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn definition(&mut self) -> Parsed<Function> {
        self.expect("def", "")?;
        let Kind::Name(name) = self.peek().clone() else { return self.unexpected("IDENT") };
        self.at += 1;
        let mut parameters = Vec::new();
        if self.eat("(") {
            loop {
                match self.next() {
                    Kind::Name(name) => parameters.push(name),
                    Kind::Binding(name) => parameters.push(format!("${name}")),
                    _ => {
                        self.at -= 1;
                        return self.unexpected("IDENT or BINDING");
                    }
                }
                if !self.eat(";") {
                    break;
                }
            }
            self.expect(")", "';' or ')'")?;
        }
        self.expect(":", "':'")?;
        let body = self.pipe()?;
        self.expect(";", "")?;
        Ok(Function { name, parameters, body })
    }

    /// The loosest: definitions, `as`, `|`, `,`.
    fn pipe(&mut self) -> Parsed<Ast> {
        self.deeper(|parser| {
            if parser.peek() == &Kind::Sign("def") {
                let function = parser.definition()?;
                return Ok(Ast::Define(Box::new(function), Box::new(parser.pipe()?)));
            }
            if parser.eat("label") {
                let Kind::Binding(name) = parser.peek().clone() else { return parser.unexpected("BINDING") };
                parser.at += 1;
                parser.expect("|", "'|'")?;
                return Ok(Ast::Label(name, Box::new(parser.pipe()?)));
            }
            let mut left = parser.operators(0)?;
            while parser.eat(",") {
                let right = parser.operators(0)?;
                left = Ast::Comma(Box::new(left), Box::new(right));
            }
            if parser.eat("|") {
                let right = parser.pipe()?;
                left = Ast::Pipe(Box::new(left), Box::new(right));
            }
            Ok(left)
        })
    }

    fn operator(&mut self, signs: &[&'static str]) -> Option<&'static str> {
        let Kind::Sign(sign) = *self.peek() else { return None };
        let found = signs.contains(&sign);
        self.at += usize::from(found);
        found.then_some(sign)
    }

    fn operators(&mut self, level: usize) -> Parsed<Ast> {
        let Some((signs, side)) = LEVELS.get(level) else { return self.unary() };
        let mut left = self.operators(level + 1)?;
        while let Some(sign) = self.operator(signs) {
            let right = match side {
                'r' => self.deeper(|parser| parser.operators(level))?,
                _ => self.operators(level + 1)?,
            };
            let (a, b) = (Box::new(left), Box::new(right));
            left = match sign {
                "//" => Ast::Otherwise(a, b),
                "or" => Ast::Or(a, b),
                "and" => Ast::And(a, b),
                _ if level == 1 => Ast::Assign(sign, a, b),
                _ => Ast::Binary(sign, a, b),
            };
            if *side == 'n' {
                if let Kind::Sign(again) = self.peek()
                    && signs.contains(again)
                {
                    return self.unexpected("");
                }
                break;
            }
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parsed<Ast> {
        if self.eat("-") {
            return Ok(Ast::Negate(Box::new(self.deeper(Self::unary)?)));
        }
        self.postfix()
    }

    /// A term, with what follows it.
    fn postfix(&mut self) -> Parsed<Ast> {
        let mut term = self.term()?;
        loop {
            term = match self.peek().clone() {
                Kind::Field(name) => {
                    self.at += 1;
                    Ast::Index(Box::new(term), Box::new(Ast::Literal(Json::text(&name))))
                }
                Kind::Sign(".") => {
                    self.at += 1;
                    match self.peek() {
                        Kind::StringStart | Kind::Format(_) => {
                            let key = self.string()?;
                            Ast::Index(Box::new(term), Box::new(key))
                        }
                        Kind::Sign("[") => self.brackets(term)?,
                        _ => return self.unexpected("FORMAT or QQSTRING_START or '['"),
                    }
                }
                Kind::Sign("[") => self.brackets(term)?,
                Kind::Sign("?") => {
                    self.at += 1;
                    Ast::Try(Box::new(term), None)
                }
                Kind::Sign("as") => {
                    self.at += 1;
                    let mut patterns = vec![self.pattern()?];
                    while self.eat("?//") {
                        patterns.push(self.pattern()?);
                    }
                    self.expect("|", "'|'")?;
                    return Ok(Ast::As(Box::new(term), patterns, Box::new(self.pipe()?)));
                }
                _ => return Ok(term),
            };
        }
    }

    /// `[...]` after a term.
    fn brackets(&mut self, term: Ast) -> Parsed<Ast> {
        self.expect("[", "")?;
        let term = Box::new(term);
        if self.eat("]") {
            return Ok(Ast::Iterate(term));
        }
        if self.eat(":") {
            let to = self.pipe()?;
            self.expect("]", "")?;
            return Ok(Ast::Slice(term, None, Some(Box::new(to))));
        }
        let key = Box::new(self.pipe()?);
        if !self.eat(":") {
            self.expect("]", "")?;
            return Ok(Ast::Index(term, key));
        }
        if self.eat("]") {
            return Ok(Ast::Slice(term, Some(key), None));
        }
        let to = self.pipe()?;
        self.expect("]", "")?;
        Ok(Ast::Slice(term, Some(key), Some(Box::new(to))))
    }

    /// A term that `try`, `reduce` and their kin take.
    fn operand(&mut self) -> Parsed<Box<Ast>> {
        let mut term = self.term()?;
        loop {
            term = match self.peek().clone() {
                Kind::Field(name) => {
                    self.at += 1;
                    Ast::Index(Box::new(term), Box::new(Ast::Literal(Json::text(&name))))
                }
                Kind::Sign("[") => self.brackets(term)?,
                Kind::Sign("?") => {
                    self.at += 1;
                    Ast::Try(Box::new(term), None)
                }
                _ => return Ok(Box::new(term)),
            };
        }
    }

    fn term(&mut self) -> Parsed<Ast> {
        self.deeper(Self::bare_term)
    }

    fn bare_term(&mut self) -> Parsed<Ast> {
        let kind = self.peek().clone();
        match kind {
            Kind::StringStart => return self.string(),
            Kind::Format(name) => {
                if self.tokens.get(self.at + 1).is_some_and(|next| next.kind == Kind::StringStart) {
                    return self.string();
                }
                self.at += 1;
                return Ok(Ast::Format(name));
            }
            Kind::Sign("end" | ")" | "]" | "}" | "|" | "," | ";" | ":" | "then" | "else" | "elif" | "as")
            | Kind::End
            | Kind::Invalid => return self.unexpected(""),
            _ => self.at += 1,
        }
        Ok(match kind {
            Kind::Number(value) => Ast::Literal(Json::Number(value)),
            Kind::Field(name) => Ast::Index(Box::new(Ast::Identity), Box::new(Ast::Literal(Json::text(&name)))),
            Kind::Binding(name) => Ast::Variable(name),
            Kind::Sign(".") => match self.peek() {
                Kind::StringStart | Kind::Format(_) => Ast::Index(Box::new(Ast::Identity), Box::new(self.string()?)),
                Kind::Sign("[") => self.brackets(Ast::Identity)?,
                _ => Ast::Identity,
            },
            Kind::Sign("..") => Ast::Call("recurse".to_owned(), Vec::new()),
            Kind::Sign("(") => {
                let inner = self.pipe()?;
                self.expect(")", "")?;
                inner
            }
            Kind::Sign("[") if self.eat("]") => Ast::Array(None),
            Kind::Sign("[") => {
                let inner = self.pipe()?;
                self.expect("]", "")?;
                Ast::Array(Some(Box::new(inner)))
            }
            Kind::Sign("{") => self.object()?,
            Kind::Sign("if") => self.condition()?,
            Kind::Sign("try") => {
                let body = self.operand()?;
                let catch = if self.eat("catch") { Some(self.operand()?) } else { None };
                Ast::Try(body, catch)
            }
            Kind::Sign("reduce") => {
                let (source, pattern) = self.source()?;
                let start = Box::new(self.pipe()?);
                self.expect(";", "")?;
                let step = Box::new(self.pipe()?);
                self.expect(")", "")?;
                Ast::Reduce(source, pattern, start, step)
            }
            Kind::Sign("foreach") => {
                let (source, pattern) = self.source()?;
                let start = Box::new(self.pipe()?);
                self.expect(";", "")?;
                let step = Box::new(self.pipe()?);
                let shown = if self.eat(";") { Some(Box::new(self.pipe()?)) } else { None };
                self.expect(")", "")?;
                Ast::Foreach(source, pattern, start, step, shown)
            }
            Kind::Sign("break") => match self.next() {
                Kind::Binding(name) => Ast::Break(name),
                _ => {
                    self.at -= 1;
                    return self.unexpected("BINDING");
                }
            },
            Kind::Name(name) => match name.as_str() {
                "true" => Ast::Literal(Json::Bool(true)),
                "false" => Ast::Literal(Json::Bool(false)),
                "null" => Ast::Literal(Json::Null),
                _ => {
                    let mut arguments = Vec::new();
                    if self.eat("(") {
                        arguments.push(self.pipe()?);
                        while self.eat(";") {
                            arguments.push(self.pipe()?);
                        }
                        self.expect(")", "")?;
                    }
                    Ast::Call(name, arguments)
                }
            },
            _ => {
                self.at -= 1;
                return self.unexpected("");
            }
        })
    }

    fn source(&mut self) -> Parsed<(Box<Ast>, Pattern)> {
        let source = self.operand()?;
        self.expect("as", "")?;
        let pattern = self.pattern()?;
        self.expect("(", "'('")?;
        Ok((source, pattern))
    }

    fn condition(&mut self) -> Parsed<Ast> {
        let condition = Box::new(self.pipe()?);
        self.expect("then", "")?;
        let then = Box::new(self.pipe()?);
        let otherwise = if self.eat("elif") {
            self.deeper(Self::condition)?
        } else if self.eat("else") {
            let otherwise = self.pipe()?;
            self.expect("end", "")?;
            otherwise
        } else {
            self.expect("end", "")?;
            Ast::Identity
        };
        Ok(Ast::If(condition, then, Box::new(otherwise)))
    }

    fn string(&mut self) -> Parsed<Ast> {
        let format = match self.peek().clone() {
            Kind::Format(name) => {
                self.at += 1;
                Some(name)
            }
            _ => None,
        };
        if self.next() != Kind::StringStart {
            self.at -= 1;
            return self.unexpected("QQSTRING_START");
        }
        let mut pieces = Vec::new();
        loop {
            match self.peek().clone() {
                Kind::StringText(text) => {
                    self.at += 1;
                    pieces.push(Piece::Text(text));
                }
                Kind::InterpolationStart => {
                    self.at += 1;
                    pieces.push(Piece::Insertion(self.pipe()?));
                    if self.next() != Kind::InterpolationEnd {
                        self.at -= 1;
                        return self.unexpected("");
                    }
                }
                Kind::StringEnd => {
                    self.at += 1;
                    break;
                }
                _ => return self.unexpected("QQSTRING_TEXT or QQSTRING_INTERP_START or QQSTRING_END"),
            }
        }
        Ok(match pieces.as_slice() {
            [] => Ast::Literal(Json::text("")),
            [Piece::Text(text)] => Ast::Literal(Json::text(text)),
            _ => Ast::Text(format, pieces),
        })
    }

    fn object(&mut self) -> Parsed<Ast> {
        let mut fields = Vec::new();
        while !self.eat("}") {
            let kind = self.peek().clone();
            let (key, alone, short) = match kind {
                Kind::Name(name) => {
                    self.at += 1;
                    (Ast::Literal(Json::text(&name)), true, None)
                }
                Kind::Sign(word) if word.starts_with(|char: char| char.is_ascii_alphabetic()) => {
                    self.at += 1;
                    (Ast::Literal(Json::text(word)), true, None)
                }
                Kind::Binding(name) => {
                    self.at += 1;
                    (Ast::Literal(Json::text(&name)), true, Some(Ast::Variable(name)))
                }
                Kind::StringStart | Kind::Format(_) => (self.string()?, true, None),
                Kind::Sign("(") => {
                    self.at += 1;
                    let key = self.pipe()?;
                    self.expect(")", "")?;
                    (key, false, None)
                }
                _ => return self.unexpected(""),
            };
            let value = if self.eat(":") {
                Some(self.object_value()?)
            } else if alone {
                short
            } else {
                return self.unexpected("':'");
            };
            fields.push((key, value));
            if self.peek() != &Kind::Sign("}") && !self.eat(",") {
                return self.unexpected("'}'");
            }
        }
        Ok(Ast::Object(fields))
    }

    /// What stands after a key: terms joined by `|`, no other operators.
    fn object_value(&mut self) -> Parsed<Ast> {
        self.deeper(|parser| {
            if parser.eat("-") {
                return Ok(Ast::Negate(Box::new(parser.object_value()?)));
            }
            let value = *parser.object_term()?;
            if parser.eat("|") {
                return Ok(Ast::Pipe(Box::new(value), Box::new(parser.object_value()?)));
            }
            Ok(value)
        })
    }

    /// A term with its suffixes, without `as`.
    fn object_term(&mut self) -> Parsed<Box<Ast>> {
        let mut term = self.operand()?;
        while self.eat(".") {
            let key = if self.peek() == &Kind::Sign("[") {
                self.brackets(*term)?
            } else {
                let key = self.string()?;
                Ast::Index(term, Box::new(key))
            };
            term = Box::new(key);
        }
        Ok(term)
    }

    fn pattern(&mut self) -> Parsed<Pattern> {
        self.deeper(|parser| match parser.next() {
            Kind::Binding(name) => Ok(Pattern::Variable(name)),
            Kind::Sign("[") => {
                let mut items = vec![parser.pattern()?];
                while parser.eat(",") {
                    items.push(parser.pattern()?);
                }
                parser.expect("]", "',' or ']'")?;
                Ok(Pattern::Array(items))
            }
            Kind::Sign("{") => {
                let mut fields = vec![parser.field_pattern()?];
                while parser.eat(",") {
                    fields.push(parser.field_pattern()?);
                }
                parser.expect("}", "',' or '}'")?;
                Ok(Pattern::Object(fields))
            }
            kind => {
                parser.at -= usize::from(kind != Kind::End);
                parser.unexpected("BINDING or '[' or '{'")
            }
        })
    }

    fn field_pattern(&mut self) -> Parsed<(Option<String>, Ast, Option<Pattern>)> {
        let (variable, key) = match self.peek().clone() {
            Kind::Binding(name) => {
                self.at += 1;
                (Some(name.clone()), Ast::Literal(Json::text(&name)))
            }
            Kind::Name(name) => {
                self.at += 1;
                (None, Ast::Literal(Json::text(&name)))
            }
            Kind::Sign("(") => {
                self.at += 1;
                let key = self.pipe()?;
                self.expect(")", "")?;
                (None, key)
            }
            _ => (None, self.string()?),
        };
        let pattern = match (self.eat(":"), &variable) {
            (true, _) => Some(self.pattern()?),
            (false, Some(_)) => None,
            (false, None) => return self.unexpected("':'"),
        };
        Ok((variable, key, pattern))
    }
}
