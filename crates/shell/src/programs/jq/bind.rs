//! Taking values apart: `as`, `reduce` and their kin.

use super::ast::{Ast, Pattern};
use super::eval::{Binding, Done, Env, Item, Machine, Out, Stop, error, with};
use super::path;
use super::value::Json;

impl<'a> Machine<'a> {
    /// Takes a value apart by a pattern, and goes on with the names that it gives.
    pub(super) fn bind(
        &self,
        pattern: &'a Pattern,
        env: &Env<'a>,
        value: &Json,
        then: &mut dyn FnMut(&Env<'a>) -> Done,
    ) -> Done {
        self.step()?;
        match pattern {
            Pattern::Variable(name) => then(&with(env, Binding::Variable(name, value.clone()))),
            Pattern::Array(items) => self.bind_items(items, 0, env, value, then),
            Pattern::Object(fields) => self.bind_fields(fields, env, value, then),
        }
    }

    fn bind_items(
        &self,
        items: &'a [Pattern],
        index: usize,
        env: &Env<'a>,
        value: &Json,
        then: &mut dyn FnMut(&Env<'a>) -> Done,
    ) -> Done {
        let Some(pattern) = items.get(index) else { return then(env) };
        let part = path::get(value, &Json::count(index))?;
        self.bind(pattern, env, &part, &mut |env| self.bind_items(items, index + 1, env, value, then))
    }

    fn bind_fields(
        &self,
        fields: &'a [(Option<String>, Ast, Option<Pattern>)],
        env: &Env<'a>,
        value: &Json,
        then: &mut dyn FnMut(&Env<'a>) -> Done,
    ) -> Done {
        let Some(((variable, key, pattern), rest)) = fields.split_first() else { return then(env) };
        self.values(key, env, value, &mut |key| {
            if !matches!(key, Json::Text(_)) {
                return error(format!("Cannot index {} with {}", value.kind(), key.kind()));
            }
            let part = path::get(value, &key)?;
            let env = match variable {
                Some(name) => with(env, Binding::Variable(name, part.clone())),
                None => env.clone(),
            };
            match pattern {
                Some(pattern) => {
                    self.bind(pattern, &env, &part, &mut |env| self.bind_fields(rest, env, value, &mut *then))
                }
                None => self.bind_fields(rest, &env, value, &mut *then),
            }
        })
    }

    /// `?//`: the first pattern with which nothing goes wrong.
    pub(super) fn destructure(
        &self,
        patterns: &'a [Pattern],
        body: &'a Ast,
        env: &Env<'a>,
        value: &Json,
        item: &Item,
        out: Out<'_>,
    ) -> Done {
        for (index, pattern) in patterns.iter().enumerate() {
            let done = self.bind(pattern, env, value, &mut |env| self.eval(body, env, item.clone(), &mut *out));
            match done {
                Err(Stop::Error(_)) if index + 1 < patterns.len() => {}
                done => return done,
            }
        }
        Ok(())
    }
}
