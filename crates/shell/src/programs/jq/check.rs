//! What jq says before it runs a program: names that nobody defined.

use super::ast::{Ast, Function, Pattern, Piece};
use super::eval::Machine;
use super::parse::complaint;

/// The names that are known at a place.
#[derive(Default)]
struct Names<'a> {
    variables: Vec<&'a str>,
    functions: Vec<(&'a str, usize)>,
}

struct Checker<'a, 'm> {
    machine: &'m Machine<'a>,
    text: &'m str,
    names: Names<'a>,
}

/// Looks for names that nobody defined.
///
/// # Errors
/// The complaint about the first of them.
pub(super) fn check<'a>(machine: &Machine<'a>, program: &'a Ast, text: &str) -> Result<(), String> {
    Checker { machine, text, names: Names::default() }.filter(program)
}

impl<'a> Checker<'a, '_> {
    fn unknown(&self, word: &str, shown: &str) -> Result<(), String> {
        let start = self.text.find(word).unwrap_or(0);
        Err(complaint(self.text, start, &format!("{shown} is not defined")))
    }

    /// Checks with some more names known.
    fn with(
        &mut self,
        variables: Vec<&'a str>,
        functions: Vec<(&'a str, usize)>,
        inner: &mut dyn FnMut(&mut Self) -> Result<(), String>,
    ) -> Result<(), String> {
        let before = (self.names.variables.len(), self.names.functions.len());
        self.names.variables.extend(variables);
        self.names.functions.extend(functions);
        let done = inner(self);
        self.names.variables.truncate(before.0);
        self.names.functions.truncate(before.1);
        done
    }

    fn all(&mut self, filters: &[&'a Ast]) -> Result<(), String> {
        filters.iter().try_for_each(|filter| self.filter(filter))
    }

    fn function(&mut self, function: &'a Function) -> Result<(), String> {
        let mut variables = Vec::new();
        let mut functions = vec![(function.name.as_str(), function.parameters.len())];
        for parameter in &function.parameters {
            match parameter.strip_prefix('$') {
                Some(name) => variables.push(name),
                None => functions.push((parameter, 0)),
            }
        }
        self.with(variables, functions, &mut |checker| checker.filter(&function.body))
    }

    /// The variables of a pattern; its keys are checked.
    fn pattern(&mut self, pattern: &'a Pattern, found: &mut Vec<&'a str>) -> Result<(), String> {
        match pattern {
            Pattern::Variable(name) => found.push(name),
            Pattern::Array(items) => items.iter().try_for_each(|item| self.pattern(item, found))?,
            Pattern::Object(fields) => {
                for (variable, key, inner) in fields {
                    found.extend(variable.as_deref());
                    self.filter(key)?;
                    if let Some(inner) = inner {
                        self.pattern(inner, found)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn filter(&mut self, filter: &'a Ast) -> Result<(), String> {
        match filter {
            Ast::Identity | Ast::Literal(_) | Ast::Format(_) | Ast::Array(None) | Ast::Break(_) => Ok(()),
            Ast::Text(_, pieces) => pieces.iter().try_for_each(|piece| match piece {
                Piece::Text(_) => Ok(()),
                Piece::Insertion(inner) => self.filter(inner),
            }),
            Ast::Slice(term, from, to) => {
                self.filter(term)?;
                [from, to].into_iter().flatten().try_for_each(|bound| self.filter(bound))
            }
            Ast::Iterate(inner)
            | Ast::Negate(inner)
            | Ast::Array(Some(inner))
            | Ast::Try(inner, None)
            | Ast::Label(_, inner) => self.filter(inner),
            Ast::Index(a, b)
            | Ast::Pipe(a, b)
            | Ast::Comma(a, b)
            | Ast::Binary(_, a, b)
            | Ast::And(a, b)
            | Ast::Or(a, b)
            | Ast::Otherwise(a, b)
            | Ast::Assign(_, a, b)
            | Ast::Try(a, Some(b)) => self.all(&[a, b]),
            Ast::If(a, b, c) => self.all(&[a, b, c]),
            Ast::Reduce(source, pattern, start, step) => {
                self.all(&[source, start])?;
                let mut found = Vec::new();
                self.pattern(pattern, &mut found)?;
                self.with(found, Vec::new(), &mut |checker| checker.filter(step))
            }
            Ast::Foreach(source, pattern, start, step, shown) => {
                self.all(&[source, start])?;
                let mut found = Vec::new();
                self.pattern(pattern, &mut found)?;
                self.with(found, Vec::new(), &mut |checker| {
                    checker.filter(step)?;
                    shown.as_deref().map_or(Ok(()), |shown| checker.filter(shown))
                })
            }
            Ast::As(source, patterns, body) => {
                self.filter(source)?;
                let mut found = Vec::new();
                patterns.iter().try_for_each(|pattern| self.pattern(pattern, &mut found))?;
                self.with(found, Vec::new(), &mut |checker| checker.filter(body))
            }
            Ast::Define(function, body) => {
                self.function(function)?;
                let named = (function.name.as_str(), function.parameters.len());
                self.with(Vec::new(), vec![named], &mut |checker| checker.filter(body))
            }
            Ast::Call(name, arguments) => {
                let wanted = (name.as_str(), arguments.len());
                if !self.names.functions.contains(&wanted) && !self.machine.knows(name, arguments.len()) {
                    return self.unknown(name, &format!("{name}/{}", arguments.len()));
                }
                arguments.iter().try_for_each(|argument| self.filter(argument))
            }
            Ast::Variable(name) => {
                if self.names.variables.contains(&name.as_str()) || self.machine.globals.contains_key(name) {
                    return Ok(());
                }
                let shown = format!("${name}");
                self.unknown(&shown, &shown)
            }
            Ast::Object(fields) => fields.iter().try_for_each(|(key, value)| {
                self.filter(key)?;
                value.as_ref().map_or(Ok(()), |value| self.filter(value))
            }),
        }
    }
}
