//! Doing what a program says.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::ast::{Expr, Function, Program, Rule, Statement, Target, When};
use super::format::sprintf;
use super::functions;
use super::state::{Slot, State, whole};
use super::value::Value;

/// What breaks the order of statements.
pub(super) enum Stop {
    Break,
    Continue,
    Next,
    Exit,
    Return(Value),
    /// Something is wrong, in words.
    Fault(String),
}

type Done<T> = Result<T, Stop>;

/// Steps that a rule may take.
const MOST_STEPS: u32 = 5_000_000;
/// Expressions and statements within each other at run time.
const DEEPEST: usize = 300;
/// Text that is written without letting anybody read it.
const MOST_OUTPUT: usize = 4 << 20;
/// Bytes that one text may have.
pub(super) const LONGEST: usize = 4 << 20;

/// Where text goes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Output,
    /// A file, and whether it is added to.
    File(String, bool),
    Command(String),
}

/// A program under way.
pub(super) struct Machine<'a> {
    program: &'a Program,
    pub(super) state: State,
    /// What was written and not handed on yet, in order.
    pub(super) written: Vec<(Place, String)>,
    /// Whether each rule from one line to another is between them.
    inside: Vec<bool>,
    pub(super) status: i32,
    pub(super) seed: u64,
    /// Whether nothing may be divided by zero: mawk makes `inf` of that.
    strict: bool,
    steps: u32,
    depth: usize,
    size: usize,
}

impl<'a> Machine<'a> {
    pub(super) fn new(program: &'a Program, state: State, strict: bool) -> Self {
        Self {
            program,
            state,
            written: Vec::new(),
            inside: vec![false; program.rules.len()],
            status: 0,
            seed: 0,
            strict,
            steps: 0,
            depth: 0,
            size: 0,
        }
    }

    /// Runs the rules of the beginning, the end, or a line.
    pub(super) fn rules(&mut self, begin: bool, end: bool) -> Done<()> {
        (self.steps, self.size, self.depth) = (0, 0, 0);
        for (index, rule) in self.program.rules.iter().enumerate() {
            let applies = match (&rule.when, begin, end) {
                (When::Begin, true, _) | (When::End, _, true) => true,
                (When::Begin | When::End, ..) | (_, true, _) | (_, _, true) => false,
                _ => self.applies(index, rule)?,
            };
            if applies {
                match &rule.action {
                    Some(action) => self.block(action)?,
                    None => {
                        let line = self.state.field(0).shown("%.6g");
                        let end = self.state.text("ORS");
                        self.write(Place::Output, &format!("{line}{end}"))?;
                    }
                }
            }
        }
        Ok(())
    }

    fn applies(&mut self, index: usize, rule: &'a Rule) -> Done<bool> {
        match &rule.when {
            When::If(condition) => Ok(self.eval(condition)?.is_true()),
            When::Between(from, to) => {
                let inside = self.inside[index] || self.eval(from)?.is_true();
                self.inside[index] = inside && !self.eval(to)?.is_true();
                Ok(inside)
            }
            _ => Ok(true),
        }
    }

    fn block(&mut self, statements: &'a [Statement]) -> Done<()> {
        statements.iter().try_for_each(|statement| self.statement(statement))
    }

    fn step(&mut self) -> Done<()> {
        self.steps += 1;
        if self.steps > MOST_STEPS || self.depth > DEEPEST {
            return Err(Stop::Fault("this ran too long or too deep, and was stopped".to_owned()));
        }
        Ok(())
    }

    /// Once through the body of a loop; whether the loop goes on.
    fn round(&mut self, body: &'a Statement) -> Done<bool> {
        match self.statement(body) {
            Ok(()) | Err(Stop::Continue) => Ok(true),
            Err(Stop::Break) => Ok(false),
            Err(stop) => Err(stop),
        }
    }

    fn statement(&mut self, statement: &'a Statement) -> Done<()> {
        self.depth += 1;
        self.step()?;
        let done = self.bare_statement(statement);
        self.depth -= 1;
        done
    }

    fn bare_statement(&mut self, statement: &'a Statement) -> Done<()> {
        match statement {
            Statement::Expr(expr) => self.eval(expr).map(drop),
            Statement::Print(values, target) => {
                let mut text = String::new();
                let (between, end, format) = (self.state.text("OFS"), self.state.text("ORS"), self.state.text("OFMT"));
                if values.is_empty() {
                    text.push_str(&self.state.field(0).shown(&format));
                }
                for (index, value) in values.iter().enumerate() {
                    if index > 0 {
                        text.push_str(&between);
                    }
                    text.push_str(&self.eval(value)?.shown(&format));
                }
                text.push_str(&end);
                self.send(target, &text)
            }
            Statement::Printf(values, target) => {
                let mut parts = Vec::new();
                for value in values {
                    parts.push(self.eval(value)?);
                }
                let format = parts.remove(0).shown("%.6g");
                let text = sprintf(&format, &parts);
                self.send(target, &text)
            }
            Statement::If(condition, then, otherwise) => {
                if self.eval(condition)?.is_true() {
                    self.statement(then)
                } else {
                    otherwise.as_deref().map_or(Ok(()), |otherwise| self.statement(otherwise))
                }
            }
            Statement::While(condition, body) => {
                while self.eval(condition)?.is_true() {
                    if !self.round(body)? {
                        break;
                    }
                }
                Ok(())
            }
            Statement::Do(body, condition) => {
                while self.round(body)? {
                    if !self.eval(condition)?.is_true() {
                        break;
                    }
                }
                Ok(())
            }
            Statement::For(start, condition, step, body) => {
                if let Some(start) = start {
                    self.statement(start)?;
                }
                loop {
                    self.step()?;
                    if let Some(condition) = condition
                        && !self.eval(condition)?.is_true()
                    {
                        return Ok(());
                    }
                    if !self.round(body)? {
                        return Ok(());
                    }
                    if let Some(step) = step {
                        self.statement(step)?;
                    }
                }
            }
            Statement::ForIn(name, array, body) => {
                let array = self.state.array(array);
                let keys = array.borrow().keys();
                for key in keys {
                    if array.borrow().get(&key).is_none() {
                        continue;
                    }
                    self.state.set(name, Value::Input(key));
                    if !self.round(body)? {
                        break;
                    }
                }
                Ok(())
            }
            Statement::Block(statements) => self.block(statements),
            Statement::Break => Err(Stop::Break),
            Statement::Continue => Err(Stop::Continue),
            Statement::Next => Err(Stop::Next),
            Statement::Exit(status) => {
                if let Some(status) = status {
                    #[expect(clippy::cast_possible_truncation, reason = "exit codes are small; the cast saturates")]
                    let status = self.eval(status)?.number() as i32;
                    self.status = status & 255;
                }
                Err(Stop::Exit)
            }
            Statement::Return(value) => {
                let value = match value {
                    Some(value) => self.eval(value)?,
                    None => Value::Unset,
                };
                Err(Stop::Return(value))
            }
            Statement::Delete(array, index) => {
                let key = self.key(index)?;
                let array = self.state.array(array);
                if index.is_empty() {
                    array.borrow_mut().clear();
                } else {
                    array.borrow_mut().remove(&key);
                }
                Ok(())
            }
        }
    }

    fn send(&mut self, target: &'a Target, text: &str) -> Done<()> {
        let place = match target {
            Target::Output => Place::Output,
            Target::File { name, append } => Place::File(self.eval(name)?.shown("%.6g").to_string(), *append),
            Target::Command(command) => Place::Command(self.eval(command)?.shown("%.6g").to_string()),
        };
        self.write(place, text)
    }

    fn write(&mut self, place: Place, text: &str) -> Done<()> {
        self.size += text.len();
        if self.size > MOST_OUTPUT {
            return Err(Stop::Fault("this wrote too much, and was stopped".to_owned()));
        }
        match self.written.last_mut() {
            Some((last, written)) if *last == place => written.push_str(text),
            _ => self.written.push((place, text.to_owned())),
        }
        Ok(())
    }

    /// The key of an element: its parts with `SUBSEP` between them.
    fn key(&mut self, index: &'a [Expr]) -> Done<Rc<str>> {
        if let [one] = index {
            return Ok(self.eval(one)?.shown("%.6g"));
        }
        let mut parts = Vec::new();
        for part in index {
            parts.push(self.eval(part)?.shown("%.6g"));
        }
        let between = self.state.text("SUBSEP");
        Ok(Rc::from(parts.join(&between)))
    }

    pub(super) fn eval(&mut self, expr: &'a Expr) -> Done<Value> {
        self.depth += 1;
        self.step()?;
        let done = self.bare_eval(expr);
        self.depth -= 1;
        done
    }

    fn bare_eval(&mut self, expr: &'a Expr) -> Done<Value> {
        Ok(match expr {
            Expr::Number(number) => Value::Number(*number),
            Expr::Text(text) => Value::text(text),
            Expr::Regex(pattern) => {
                let line = self.state.field(0).shown("%.6g");
                Value::truth(self.matches(pattern, &line)?)
            }
            Expr::Variable(name) => self.state.get(name),
            Expr::Field(index) => {
                let index = self.index(index)?;
                self.state.field(index)
            }
            Expr::Element(name, index) => {
                let key = self.key(index)?;
                let array = self.state.array(name);
                let found = array.borrow().get(&key).cloned();
                found.unwrap_or_else(|| {
                    // To look at an element makes it.
                    array.borrow_mut().set(&key, Value::Unset);
                    Value::Unset
                })
            }
            Expr::Assign(sign, place, value) => {
                let mut value = self.eval(value)?;
                if *sign != "=" {
                    let before = self.eval(place)?.number();
                    value = Value::Number(self.arithmetic(&sign[..1], before, value.number())?);
                }
                self.assign(place, value.clone())?;
                value
            }
            Expr::Step(by, after, place) => {
                let before = self.eval(place)?.number();
                self.assign(place, Value::Number(before + by))?;
                Value::Number(if *after { before } else { before + by })
            }
            Expr::Condition(condition, then, otherwise) => {
                let met = self.eval(condition)?.is_true();
                self.eval(if met { then } else { otherwise })?
            }
            Expr::And(left, right) => Value::truth(self.eval(left)?.is_true() && self.eval(right)?.is_true()),
            Expr::Or(left, right) => Value::truth(self.eval(left)?.is_true() || self.eval(right)?.is_true()),
            Expr::Not(inner) => Value::truth(!self.eval(inner)?.is_true()),
            Expr::Sign(negative, inner) => {
                let number = self.eval(inner)?.number();
                Value::Number(if *negative { -number } else { number })
            }
            Expr::Binary(sign, left, right) => {
                let (left, right) = (self.eval(left)?, self.eval(right)?);
                let order = || left.compare(&right, "%.6g");
                match *sign {
                    "<" => Value::truth(order() == Ordering::Less),
                    "<=" => Value::truth(order() != Ordering::Greater),
                    "==" => Value::truth(order() == Ordering::Equal),
                    "!=" => Value::truth(order() != Ordering::Equal),
                    ">" => Value::truth(order() == Ordering::Greater),
                    ">=" => Value::truth(order() != Ordering::Less),
                    sign => Value::Number(self.arithmetic(sign, left.number(), right.number())?),
                }
            }
            Expr::Concat(left, right) => {
                let format = self.state.text("CONVFMT");
                let left = self.eval(left)?.shown(&format);
                let right = self.eval(right)?.shown(&format);
                if left.len() + right.len() > LONGEST {
                    return Err(Stop::Fault("this text became too long".to_owned()));
                }
                Value::text(&format!("{left}{right}"))
            }
            Expr::Match(negated, left, pattern) => {
                let text = self.eval(left)?.shown("%.6g");
                let pattern = self.pattern(pattern)?;
                Value::truth(self.matches(&pattern, &text)? != *negated)
            }
            Expr::In(index, array) => {
                let key = self.key(index)?;
                Value::truth(self.state.array(array).borrow().get(&key).is_some())
            }
            Expr::Group(parts) => {
                let mut last = Value::Unset;
                for part in parts {
                    last = self.eval(part)?;
                }
                last
            }
            Expr::Getline => return Err(Stop::Fault("getline is not simulated here".to_owned())),
            Expr::Call(name, arguments) => {
                match self.program.functions.iter().find(|function| function.name == *name) {
                    Some(function) => self.call(function, arguments)?,
                    None => functions::call(self, name, arguments)?,
                }
            }
        })
    }

    fn arithmetic(&self, sign: &str, left: f64, right: f64) -> Done<f64> {
        Ok(match sign {
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            "/" | "%" if right == 0.0 && self.strict => return Err(Stop::Fault("Division by zero".to_owned())),
            "/" => left / right,
            "%" => left % right,
            _ => left.powf(right),
        })
    }

    fn index(&mut self, expr: &'a Expr) -> Done<usize> {
        let number = self.eval(expr)?.number();
        if number < 0.0 {
            return Err(Stop::Fault(format!("negative field index ${number}")));
        }
        Ok(whole(number))
    }

    pub(super) fn assign(&mut self, place: &'a Expr, value: Value) -> Done<()> {
        match place {
            Expr::Variable(name) => self.state.set(name, value),
            Expr::Field(index) => {
                let index = self.index(index)?;
                self.state.set_field(index, &value);
            }
            Expr::Element(name, index) => {
                let key = self.key(index)?;
                self.state.array(name).borrow_mut().set(&key, value);
            }
            _ => {}
        }
        Ok(())
    }

    /// An expression as a pattern: `/.../` is one, other values are read as one.
    pub(super) fn pattern(&mut self, expr: &'a Expr) -> Done<Rc<str>> {
        match expr {
            Expr::Regex(pattern) => Ok(Rc::from(pattern.as_str())),
            other => Ok(self.eval(other)?.shown("%.6g")),
        }
    }

    pub(super) fn regex(&mut self, pattern: &str) -> Done<regex_lite::Regex> {
        let regex = self.state.regex(pattern);
        regex.ok_or_else(|| Stop::Fault(format!("/{pattern}/ is no pattern that is understood here")))
    }

    fn matches(&mut self, pattern: &str, text: &str) -> Done<bool> {
        Ok(self.regex(pattern)?.is_match(text))
    }

    fn call(&mut self, function: &'a Function, arguments: &'a [Expr]) -> Done<Value> {
        let mut frame = BTreeMap::new();
        let mut names = Vec::new();
        for (index, parameter) in function.parameters.iter().enumerate() {
            let slot = match arguments.get(index) {
                Some(Expr::Variable(name)) if name != "NF" => {
                    let slot = self.state.peek(name);
                    if matches!(slot, Slot::Unused) {
                        names.push((parameter, name));
                    }
                    slot
                }
                Some(argument) => Slot::Scalar(self.eval(argument)?),
                None => Slot::Unused,
            };
            frame.insert(parameter.clone(), slot);
        }
        self.state.enter(frame);
        let done = self.block(&function.body);
        let frame = self.state.leave();
        // What was nothing yet may have become an array in there.
        for (parameter, name) in names {
            if let Some(Slot::Array(array)) = frame.get(parameter) {
                self.state.become_array(name, array);
            }
        }
        match done {
            Ok(()) => Ok(Value::Unset),
            Err(Stop::Return(value)) => Ok(value),
            Err(stop) => Err(stop),
        }
    }
}
