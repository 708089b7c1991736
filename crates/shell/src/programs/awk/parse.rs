//! Text to programs.

use super::ast::{Expr, Function, Program, Rule, Statement, Target, When};
use super::token::{Token, tokens};

/// Why a program cannot be read: the word where that was seen, and its line.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) line: usize,
    pub(super) near: String,
}

type Parsed<T> = Result<T, Fault>;

/// Deeper programs are refused.
const DEEPEST: usize = 100;

/// Reads a program.
pub(super) fn parse(text: &str) -> Parsed<Program> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0, no_in: false, no_gt: false };
    let mut program = Program::default();
    loop {
        while matches!(parser.peek(), Token::Newline | Token::Sign(";")) {
            parser.at += 1;
        }
        if parser.peek() == &Token::End {
            return Ok(program);
        }
        if parser.word("function") || parser.word("func") {
            program.functions.push(parser.function()?);
        } else {
            program.rules.push(parser.rule()?);
        }
    }
}

struct Parser {
    tokens: Vec<(Token, usize)>,
    at: usize,
    depth: usize,
    /// Whether `in` ends an expression: the head of `for`.
    no_in: bool,
    /// Whether `>` ends an expression: after `print`.
    no_gt: bool,
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(token, _)| token)
    }

    fn fault<T>(&self) -> Parsed<T> {
        let (token, line) = &self.tokens[self.at.min(self.tokens.len() - 1)];
        Err(Fault { line: *line, near: token.shown() })
    }

    fn eat(&mut self, sign: &'static str) -> bool {
        let found = matches!(self.peek(), Token::Sign(known) if *known == sign);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &'static str) -> Parsed<()> {
        if self.eat(sign) { Ok(()) } else { self.fault() }
    }

    fn word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Token::Word(known) if known == word);
        self.at += usize::from(found);
        found
    }

    fn name(&mut self) -> Parsed<String> {
        match self.peek().clone() {
            Token::Word(name) | Token::Call(name) => {
                self.at += 1;
                Ok(name)
            }
            _ => self.fault(),
        }
    }

    fn newlines(&mut self) {
        while self.peek() == &Token::Newline {
            self.at += 1;
        }
    }

    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return self.fault();
        }
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn function(&mut self) -> Parsed<Function> {
        let name = self.name()?;
        self.expect("(")?;
        let mut parameters = Vec::new();
        while !self.eat(")") {
            parameters.push(self.name()?);
            if !self.eat(",") && !matches!(self.peek(), Token::Sign(")")) {
                return self.fault();
            }
        }
        self.newlines();
        Ok(Function { name, parameters, body: self.block()? })
    }

    fn rule(&mut self) -> Parsed<Rule> {
        let when = if self.word("BEGIN") {
            When::Begin
        } else if self.word("END") {
            When::End
        } else if matches!(self.peek(), Token::Sign("{")) {
            When::Always
        } else {
            let from = self.expr()?;
            if self.eat(",") {
                self.newlines();
                When::Between(from, self.expr()?)
            } else {
                When::If(from)
            }
        };
        let action = if matches!(self.peek(), Token::Sign("{")) {
            Some(self.block()?)
        } else if matches!(when, When::Begin | When::End) {
            return self.fault();
        } else {
            None
        };
        Ok(Rule { when, action })
    }

    fn block(&mut self) -> Parsed<Vec<Statement>> {
        self.expect("{")?;
        let mut statements = Vec::new();
        loop {
            while matches!(self.peek(), Token::Newline | Token::Sign(";")) {
                self.at += 1;
            }
            if self.eat("}") {
                return Ok(statements);
            }
            statements.push(self.statement()?);
        }
    }

    /// A statement with what ends it.
    fn statement(&mut self) -> Parsed<Statement> {
        self.deeper(Self::bare_statement)
    }

    fn end_of_statement(&mut self) -> Parsed<()> {
        match self.peek() {
            Token::Newline | Token::Sign(";") => {
                self.at += 1;
                Ok(())
            }
            Token::Sign("}") | Token::End => Ok(()),
            _ => self.fault(),
        }
    }

    fn bare_statement(&mut self) -> Parsed<Statement> {
        if matches!(self.peek(), Token::Sign("{")) {
            return Ok(Statement::Block(self.block()?));
        }
        if self.eat(";") {
            return Ok(Statement::Block(Vec::new()));
        }
        if self.word("if") {
            self.expect("(")?;
            let condition = self.expr()?;
            self.expect(")")?;
            self.newlines();
            let then = Box::new(self.statement()?);
            let before = self.at;
            while matches!(self.peek(), Token::Newline | Token::Sign(";")) {
                self.at += 1;
            }
            if self.word("else") {
                self.newlines();
                return Ok(Statement::If(condition, then, Some(Box::new(self.statement()?))));
            }
            self.at = before;
            return Ok(Statement::If(condition, then, None));
        }
        if self.word("while") {
            self.expect("(")?;
            let condition = self.expr()?;
            self.expect(")")?;
            self.newlines();
            return Ok(Statement::While(condition, Box::new(self.statement()?)));
        }
        if self.word("do") {
            self.newlines();
            let body = Box::new(self.statement()?);
            while matches!(self.peek(), Token::Newline | Token::Sign(";")) {
                self.at += 1;
            }
            if !self.word("while") {
                return self.fault();
            }
            self.expect("(")?;
            let condition = self.expr()?;
            self.expect(")")?;
            self.end_of_statement()?;
            return Ok(Statement::Do(body, condition));
        }
        if self.word("for") {
            return self.for_statement();
        }
        let statement = self.simple()?;
        self.end_of_statement()?;
        Ok(statement)
    }

    fn for_statement(&mut self) -> Parsed<Statement> {
        self.expect("(")?;
        if let [(Token::Word(name), _), (Token::Word(inside), _), (Token::Word(array), _), (Token::Sign(")"), _), ..] =
            &self.tokens[self.at..]
            && inside == "in"
        {
            let (name, array) = (name.clone(), array.clone());
            self.at += 4;
            self.newlines();
            return Ok(Statement::ForIn(name, array, Box::new(self.statement()?)));
        }
        let start = if matches!(self.peek(), Token::Sign(";")) { None } else { Some(Box::new(self.simple()?)) };
        self.expect(";")?;
        self.newlines();
        let condition = if matches!(self.peek(), Token::Sign(";")) { None } else { Some(self.expr()?) };
        self.expect(";")?;
        self.newlines();
        let step = if matches!(self.peek(), Token::Sign(")")) { None } else { Some(Box::new(self.simple()?)) };
        self.expect(")")?;
        self.newlines();
        Ok(Statement::For(start, condition, step, Box::new(self.statement()?)))
    }

    fn ends_here(&self) -> bool {
        matches!(self.peek(), Token::Newline | Token::Sign(";" | "}") | Token::End)
    }

    fn simple(&mut self) -> Parsed<Statement> {
        if self.word("print") {
            return self.print(false);
        }
        if self.word("printf") {
            return self.print(true);
        }
        if self.word("next") {
            return Ok(Statement::Next);
        }
        if self.word("break") {
            return Ok(Statement::Break);
        }
        if self.word("continue") {
            return Ok(Statement::Continue);
        }
        if self.word("exit") {
            return Ok(Statement::Exit(if self.ends_here() { None } else { Some(self.expr()?) }));
        }
        if self.word("return") {
            return Ok(Statement::Return(if self.ends_here() { None } else { Some(self.expr()?) }));
        }
        if self.word("delete") {
            let name = self.name()?;
            let index = if self.eat("[") { self.index()? } else { Vec::new() };
            return Ok(Statement::Delete(name, index));
        }
        Ok(Statement::Expr(self.expr()?))
    }

    fn index(&mut self) -> Parsed<Vec<Expr>> {
        let mut parts = vec![self.free(Self::expr)?];
        while self.eat(",") {
            self.newlines();
            parts.push(self.free(Self::expr)?);
        }
        self.expect("]")?;
        Ok(parts)
    }

    /// Inside of brackets nothing ends an expression early.
    fn free<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let before = (std::mem::take(&mut self.no_in), std::mem::take(&mut self.no_gt));
        let result = inner(self);
        (self.no_in, self.no_gt) = before;
        result
    }

    fn print(&mut self, formatted: bool) -> Parsed<Statement> {
        let mut values = Vec::new();
        self.no_gt = true;
        if !self.ends_here() && !matches!(self.peek(), Token::Sign(">" | ">>" | "|")) {
            loop {
                values.push(self.expr()?);
                if !self.eat(",") {
                    break;
                }
                self.newlines();
            }
        }
        // `print (a, b)`
        if let [Expr::Group(_)] = values.as_slice()
            && let Some(Expr::Group(inner)) = values.pop()
        {
            values = inner;
        }
        let target = if self.eat(">>") {
            Target::File { name: self.concatenation()?, append: true }
        } else if self.eat(">") {
            Target::File { name: self.concatenation()?, append: false }
        } else if self.eat("|") {
            Target::Command(self.concatenation()?)
        } else {
            Target::Output
        };
        self.no_gt = false;
        if formatted && values.is_empty() {
            return self.fault();
        }
        Ok(if formatted { Statement::Printf(values, target) } else { Statement::Print(values, target) })
    }

    fn expr(&mut self) -> Parsed<Expr> {
        self.deeper(|parser| {
            let left = parser.ternary()?;
            let signs = ["=", "+=", "-=", "*=", "/=", "%=", "^="];
            if let Token::Sign(sign) = *parser.peek()
                && signs.contains(&sign)
                && matches!(left, Expr::Variable(_) | Expr::Field(_) | Expr::Element(..))
            {
                parser.at += 1;
                parser.newlines();
                return Ok(Expr::Assign(sign, Box::new(left), Box::new(parser.expr()?)));
            }
            Ok(left)
        })
    }

    fn ternary(&mut self) -> Parsed<Expr> {
        let condition = self.or()?;
        if !self.eat("?") {
            return Ok(condition);
        }
        self.newlines();
        let then = self.expr()?;
        self.newlines();
        self.expect(":")?;
        self.newlines();
        Ok(Expr::Condition(Box::new(condition), Box::new(then), Box::new(self.expr()?)))
    }

    fn or(&mut self) -> Parsed<Expr> {
        let mut left = self.and()?;
        while self.eat("||") {
            self.newlines();
            left = Expr::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Parsed<Expr> {
        let mut left = self.membership()?;
        while self.eat("&&") {
            self.newlines();
            left = Expr::And(Box::new(left), Box::new(self.membership()?));
        }
        Ok(left)
    }

    fn membership(&mut self) -> Parsed<Expr> {
        let mut left = self.matching()?;
        while !self.no_in && self.word("in") {
            let array = self.name()?;
            let index = if let Expr::Group(parts) = left { parts } else { vec![left] };
            left = Expr::In(index, array);
        }
        Ok(left)
    }

    fn matching(&mut self) -> Parsed<Expr> {
        let mut left = self.comparison()?;
        loop {
            let negated = if self.eat("!~") {
                true
            } else if self.eat("~") {
                false
            } else {
                return Ok(left);
            };
            left = Expr::Match(negated, Box::new(left), Box::new(self.comparison()?));
        }
    }

    fn comparison(&mut self) -> Parsed<Expr> {
        let left = self.concatenation()?;
        if let Token::Sign(sign @ ("<" | "<=" | "==" | "!=" | ">" | ">=")) = *self.peek()
            && !(sign == ">" && self.no_gt)
        {
            self.at += 1;
            return Ok(Expr::Binary(sign, Box::new(left), Box::new(self.concatenation()?)));
        }
        Ok(left)
    }

    /// Whether an expression can begin here, so that two that stand side by side are one text.
    fn begins(&self) -> bool {
        match self.peek() {
            Token::Number(_) | Token::Text(_) | Token::Regex(_) | Token::Call(_) => true,
            Token::Word(word) => word != "in",
            Token::Sign(sign) => matches!(*sign, "$" | "!" | "(" | "-" | "+" | "++" | "--"),
            _ => false,
        }
    }

    fn concatenation(&mut self) -> Parsed<Expr> {
        let mut left = self.sum()?;
        while self.begins() && !(self.no_in && matches!(self.peek(), Token::Word(word) if word == "in")) {
            left = Expr::Concat(Box::new(left), Box::new(self.sum()?));
        }
        Ok(left)
    }

    fn binary(&mut self, signs: &[&'static str], next: fn(&mut Self) -> Parsed<Expr>) -> Parsed<Expr> {
        let mut left = next(self)?;
        while let Token::Sign(sign) = *self.peek()
            && signs.contains(&sign)
        {
            self.at += 1;
            left = Expr::Binary(sign, Box::new(left), Box::new(next(self)?));
        }
        Ok(left)
    }

    fn sum(&mut self) -> Parsed<Expr> {
        self.binary(&["+", "-"], Self::product)
    }

    fn product(&mut self) -> Parsed<Expr> {
        self.binary(&["*", "/", "%"], Self::unary)
    }

    fn unary(&mut self) -> Parsed<Expr> {
        self.deeper(|parser| {
            if parser.eat("!") {
                return Ok(Expr::Not(Box::new(parser.unary()?)));
            }
            if parser.eat("-") {
                return Ok(Expr::Sign(true, Box::new(parser.unary()?)));
            }
            if parser.eat("+") {
                return Ok(Expr::Sign(false, Box::new(parser.unary()?)));
            }
            let base = parser.postfix()?;
            if parser.eat("^") {
                return Ok(Expr::Binary("^", Box::new(base), Box::new(parser.unary()?)));
            }
            Ok(base)
        })
    }

    fn postfix(&mut self) -> Parsed<Expr> {
        let place = self.primary()?;
        if matches!(place, Expr::Variable(_) | Expr::Field(_) | Expr::Element(..)) {
            if self.eat("++") {
                return Ok(Expr::Step(1.0, true, Box::new(place)));
            }
            if self.eat("--") {
                return Ok(Expr::Step(-1.0, true, Box::new(place)));
            }
        }
        Ok(place)
    }

    fn primary(&mut self) -> Parsed<Expr> {
        let token = self.peek().clone();
        self.at += usize::from(token != Token::End);
        Ok(match token {
            Token::Number(number) => Expr::Number(number),
            Token::Text(text) => Expr::Text(text),
            Token::Regex(text) => Expr::Regex(text),
            Token::Sign("$") => Expr::Field(Box::new(self.deeper(|parser| {
                if parser.eat("-") {
                    return Ok(Expr::Sign(true, Box::new(parser.primary()?)));
                }
                if parser.eat("++") {
                    return Ok(Expr::Step(1.0, false, Box::new(parser.primary()?)));
                }
                if parser.eat("--") {
                    return Ok(Expr::Step(-1.0, false, Box::new(parser.primary()?)));
                }
                parser.primary()
            })?)),
            Token::Sign("++") => Expr::Step(1.0, false, Box::new(self.deeper(Self::primary)?)),
            Token::Sign("--") => Expr::Step(-1.0, false, Box::new(self.deeper(Self::primary)?)),
            Token::Sign("-") => Expr::Sign(true, Box::new(self.deeper(Self::primary)?)),
            Token::Sign("!") => Expr::Not(Box::new(self.deeper(Self::primary)?)),
            Token::Sign("(") => {
                let mut inner = vec![self.free(Self::expr)?];
                while self.eat(",") {
                    self.newlines();
                    inner.push(self.free(Self::expr)?);
                }
                self.expect(")")?;
                match inner.len() {
                    // Parentheses keep `(x) = 1` from being an assignment, which nobody writes.
                    1 => inner.swap_remove(0),
                    _ => Expr::Group(inner),
                }
            }
            Token::Word(word) if word == "getline" => Expr::Getline,
            Token::Word(word) => {
                if self.eat("[") {
                    return Ok(Expr::Element(word, self.index()?));
                }
                // `length` alone is the line's.
                if word == "length" {
                    let arguments = if self.eat("(") { self.arguments()? } else { Vec::new() };
                    return Ok(Expr::Call(word, arguments));
                }
                if super::functions::known(&word) && self.eat("(") {
                    return Ok(Expr::Call(word, self.arguments()?));
                }
                const RESERVED: &[&str] =
                    &["if", "else", "while", "for", "do", "print", "printf", "function", "func", "BEGIN", "END", "in"];
                if RESERVED.contains(&word.as_str()) {
                    self.at -= 1;
                    return self.fault();
                }
                Expr::Variable(word)
            }
            Token::Call(word) => {
                self.expect("(")?;
                Expr::Call(word, self.arguments()?)
            }
            token => {
                self.at -= usize::from(token != Token::End);
                return self.fault();
            }
        })
    }

    fn arguments(&mut self) -> Parsed<Vec<Expr>> {
        let mut arguments = Vec::new();
        self.newlines();
        while !self.eat(")") {
            arguments.push(self.free(Self::expr)?);
            self.newlines();
            if !self.eat(",") && !matches!(self.peek(), Token::Sign(")")) {
                return self.fault();
            }
            self.newlines();
        }
        Ok(arguments)
    }
}
