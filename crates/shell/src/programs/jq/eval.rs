//! Running filters: every output of one is handed on as soon as it is there.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use super::ast::{Ast, Function, Piece};
use super::builtins;
use super::operate::binary;
use super::path;
use super::value::Json;

/// What ends a filter before its last output.
#[derive(Debug)]
pub(super) enum Stop {
    Error(Json),
    /// `break`, or an inner loop that has enough.
    Break(u32),
    /// `halt`, `halt_error`: with the exit code.
    Halt(i32),
    /// It ran for too long, or too deep.
    Limit,
}

pub(super) type Done = Result<(), Stop>;

/// Where outputs go.
pub(super) type Out<'o> = &'o mut dyn FnMut(Item) -> Done;

/// A value, with the path that led to it where somebody asked for paths.
#[derive(Clone)]
pub(super) struct Item {
    pub(super) path: Option<Rc<Vec<Json>>>,
    pub(super) value: Json,
}

impl Item {
    pub(super) fn plain(value: Json) -> Self {
        Self { path: None, value }
    }

    /// A part of this value.
    pub(super) fn part(&self, key: &Json, value: Json) -> Self {
        let path = self.path.as_ref().map(|path| {
            let mut path = path.as_ref().clone();
            path.push(key.clone());
            Rc::new(path)
        });
        Self { path, value }
    }
}

/// The names around a filter.
pub(super) type Env<'a> = Option<Rc<Scope<'a>>>;

pub(super) struct Scope<'a> {
    binding: Binding<'a>,
    outer: Env<'a>,
}

pub(super) enum Binding<'a> {
    Variable(&'a str, Json),
    Function(&'a Function),
    /// A filter given as an argument, with the names around it there.
    Closure(&'a str, &'a Ast, Env<'a>),
    Label(&'a str, u32),
}

/// Some names and one more.
pub(super) fn with<'a>(env: &Env<'a>, binding: Binding<'a>) -> Env<'a> {
    Some(Rc::new(Scope { binding, outer: env.clone() }))
}

/// Steps that one input may take.
const MOST_STEPS: u32 = 3_000_000;
/// Filters within filters at run time.
const DEEPEST: u32 = 400;
/// Bytes of text that one string may have.
pub(super) const LONGEST: usize = 4 << 20;

/// A program under way.
pub(super) struct Machine<'a> {
    pub(super) prelude: &'a [Function],
    /// `$name` from the command line.
    pub(super) globals: BTreeMap<String, Json>,
    /// What `input` takes next.
    pub(super) inputs: RefCell<VecDeque<Json>>,
    /// What `debug` and `stderr` write.
    pub(super) messages: RefCell<String>,
    /// The time, in seconds.
    pub(super) now: f64,
    pub(super) steps: Cell<u32>,
    pub(super) depth: Cell<u32>,
    pub(super) labels: Cell<u32>,
}

pub(super) fn error<T>(text: impl AsRef<str>) -> Result<T, Stop> {
    Err(Stop::Error(Json::text(text.as_ref())))
}

impl<'a> Machine<'a> {
    /// Runs a filter for values alone.
    pub(super) fn values(&self, ast: &'a Ast, env: &Env<'a>, value: &Json, out: &mut dyn FnMut(Json) -> Done) -> Done {
        self.eval(ast, env, Item::plain(value.clone()), &mut |item| out(item.value))
    }

    /// All values of a filter.
    pub(super) fn all(&self, ast: &'a Ast, env: &Env<'a>, value: &Json) -> Result<Vec<Json>, Stop> {
        let mut found = Vec::new();
        self.values(ast, env, value, &mut |value| {
            found.push(value);
            Ok(())
        })?;
        Ok(found)
    }

    /// All paths of a filter.
    pub(super) fn paths(&self, ast: &'a Ast, env: &Env<'a>, value: &Json) -> Result<Vec<Json>, Stop> {
        let mut found = Vec::new();
        let item = Item { path: Some(Rc::default()), value: value.clone() };
        self.eval(ast, env, item, &mut |item| {
            found.push(Json::Array(item.path.unwrap_or_default()));
            Ok(())
        })?;
        Ok(found)
    }

    /// Counts a step.
    pub(super) fn step(&self) -> Done {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > MOST_STEPS { Err(Stop::Limit) } else { Ok(()) }
    }

    /// A number that no other loop has.
    pub(super) fn label(&self) -> u32 {
        self.labels.set(self.labels.get() + 1);
        self.labels.get()
    }

    /// Runs a filter.
    pub(super) fn eval(&self, ast: &'a Ast, env: &Env<'a>, item: Item, out: Out<'_>) -> Done {
        self.step()?;
        let depth = self.depth.get();
        if depth > DEEPEST {
            return Err(Stop::Limit);
        }
        self.depth.set(depth + 1);
        let done = self.eval_inner(ast, env, item, out);
        self.depth.set(depth);
        done
    }

    fn eval_inner(&self, ast: &'a Ast, env: &Env<'a>, item: Item, out: Out<'_>) -> Done {
        match ast {
            Ast::Identity => out(item),
            Ast::Literal(value) => self.emit(&item, value.clone(), out),
            Ast::Format(name) => {
                let text = super::format::format(name, &item.value)?;
                self.emit(&item, text, out)
            }
            Ast::Text(format, pieces) => self.text(format.as_deref(), pieces, env, &item, "", out),
            Ast::Index(term, key) => self.values(key, env, &item.value.clone(), &mut |key| {
                self.eval(term, env, item.clone(), &mut |found| {
                    let value = path::get(&found.value, &key)?;
                    out(found.part(&key, value))
                })
            }),
            Ast::Slice(term, from, to) => self.slice(term, from.as_deref(), to.as_deref(), env, &item, out),
            Ast::Iterate(term) => self.eval(term, env, item, &mut |found| iterate(&found, out)),
            Ast::Try(body, catch) => self.attempt(body, catch.as_deref(), env, item, out),
            Ast::Pipe(first, second) => {
                self.eval(first, env, item, &mut |found| self.eval(second, env, found, &mut *out))
            }
            Ast::Comma(first, second) => {
                self.eval(first, env, item.clone(), &mut *out)?;
                self.eval(second, env, item, out)
            }
            Ast::Negate(inner) => self.values(inner, env, &item.value, &mut |value| match value {
                Json::Number(number) => self.emit(&item, Json::Number(-number), out),
                other => error(format!("{} ({}) cannot be negated", other.kind(), other.brief())),
            }),
            Ast::Binary(sign, left, right) => self.values(right, env, &item.value, &mut |right| {
                self.values(left, env, &item.value, &mut |left| self.emit(&item, binary(sign, &left, &right)?, out))
            }),
            Ast::And(left, right) => self.logic(left, right, false, env, &item, out),
            Ast::Or(left, right) => self.logic(left, right, true, env, &item, out),
            Ast::Otherwise(left, right) => self.otherwise(left, right, env, item, out),
            Ast::Assign(sign, target, value) => self.assign(sign, target, value, env, &item, out),
            Ast::If(condition, then, otherwise) => self.values(condition, env, &item.value, &mut |met| {
                self.eval(if met.truth() { then } else { otherwise }, env, item.clone(), out)
            }),
            Ast::Reduce(source, pattern, start, step) => {
                let mut state = Vec::new();
                self.eval(start, env, item.clone(), &mut |found| {
                    state.push(found);
                    Ok(())
                })?;
                for mut state in state {
                    self.values(source, env, &item.value, &mut |value| {
                        self.bind(pattern, env, &value, &mut |env| {
                            let before = std::mem::replace(&mut state, Item::plain(Json::Null));
                            self.eval(step, env, before, &mut |found| {
                                state = found;
                                Ok(())
                            })
                        })
                    })?;
                    out(state)?;
                }
                Ok(())
            }
            Ast::Foreach(source, pattern, start, step, shown) => {
                self.eval(start, env, item.clone(), &mut |mut state| {
                    self.values(source, env, &item.value, &mut |value| {
                        self.bind(pattern, env, &value, &mut |env| {
                            self.eval(step, env, state.clone(), &mut |found| {
                                state = found.clone();
                                match shown {
                                    Some(shown) => self.eval(shown, env, found, &mut *out),
                                    None => out(found),
                                }
                            })
                        })
                    })
                })
            }
            Ast::As(source, patterns, body) => self.values(source, env, &item.value, &mut |value| {
                self.destructure(patterns, body, env, &value, &item, &mut *out)
            }),
            Ast::Define(function, body) => self.eval(body, &with(env, Binding::Function(function)), item, out),
            Ast::Call(name, arguments) => self.call(name, arguments, env, item, out),
            Ast::Variable(name) => {
                let value = self.variable(name, env)?;
                self.emit(&item, value, out)
            }
            Ast::Object(fields) => self.object(fields, env, &item, &mut Vec::new(), out),
            Ast::Array(inner) => {
                let found = match inner {
                    Some(inner) => self.all(inner, env, &item.value)?,
                    None => Vec::new(),
                };
                self.emit(&item, Json::array(found), out)
            }
            Ast::Label(name, body) => {
                let label = self.label();
                match self.eval(body, &with(env, Binding::Label(name, label)), item, out) {
                    Err(Stop::Break(inner)) if inner == label => Ok(()),
                    done => done,
                }
            }
            Ast::Break(name) => {
                let mut scope = env.as_ref();
                while let Some(known) = scope {
                    match known.binding {
                        Binding::Label(label, number) if label == name => return Err(Stop::Break(number)),
                        _ => scope = known.outer.as_ref(),
                    }
                }
                error(format!("$*label-{name} is not defined"))
            }
        }
    }

    /// Hands on a value that was made and not found: it has no path.
    pub(super) fn emit(&self, item: &Item, value: Json, out: Out<'_>) -> Done {
        if item.path.is_some() && !matches!(value, Json::Null) {
            return error(format!("Invalid path expression with result {}", value.brief()));
        }
        out(Item { path: item.path.clone(), value })
    }

    /// A variable's value.
    fn variable(&self, name: &str, env: &Env<'a>) -> Result<Json, Stop> {
        let mut scope = env.as_ref();
        while let Some(known) = scope {
            match &known.binding {
                Binding::Variable(other, value) if *other == name => return Ok(value.clone()),
                _ => scope = known.outer.as_ref(),
            }
        }
        self.globals.get(name).cloned().map_or_else(|| error(format!("${name} is not defined")), Ok)
    }

    fn text(
        &self,
        format: Option<&'a str>,
        pieces: &'a [Piece],
        env: &Env<'a>,
        item: &Item,
        after: &str,
        out: Out<'_>,
    ) -> Done {
        // The last insertion turns slowest, so texts are put together from their ends.
        match pieces.split_last() {
            None => self.emit(item, Json::text(after), out),
            Some((Piece::Text(text), before)) => self.text(format, before, env, item, &format!("{text}{after}"), out),
            Some((Piece::Insertion(inner), before)) => self.values(inner, env, &item.value, &mut |value| {
                let shown = super::format::format(format.unwrap_or("text"), &value)?;
                let Json::Text(shown) = shown else { return Ok(()) };
                if after.len() + shown.len() > LONGEST {
                    return Err(Stop::Limit);
                }
                self.text(format, before, env, item, &format!("{shown}{after}"), &mut *out)
            }),
        }
    }

    fn slice(
        &self,
        term: &'a Ast,
        from: Option<&'a Ast>,
        to: Option<&'a Ast>,
        env: &Env<'a>,
        item: &Item,
        out: Out<'_>,
    ) -> Done {
        let bounds = |ast: Option<&'a Ast>| match ast {
            Some(ast) => self.all(ast, env, &item.value),
            None => Ok(vec![Json::Null]),
        };
        let (from, to) = (bounds(from)?, bounds(to)?);
        for to in &to {
            for from in &from {
                let key = Json::object(vec![("start".into(), from.clone()), ("end".into(), to.clone())]);
                self.eval(term, env, item.clone(), &mut |found| {
                    let value = path::get(&found.value, &key)?;
                    out(found.part(&key, value))
                })?;
            }
        }
        Ok(())
    }

    fn attempt(&self, body: &'a Ast, catch: Option<&'a Ast>, env: &Env<'a>, item: Item, out: Out<'_>) -> Done {
        // What goes wrong behind this filter is not its own fault.
        let mut behind = None;
        let (path, depth) = (item.path.clone(), self.depth.get());
        let done = self.eval(body, env, item, &mut |found| {
            out(found).map_err(|stop| {
                behind = Some(stop);
                Stop::Break(0)
            })
        });
        self.depth.set(depth);
        match (done, behind, catch) {
            (Err(_), Some(stop), _) => Err(stop),
            (Err(Stop::Error(why)), None, Some(catch)) => {
                self.eval(catch, env, Item { path: path.map(|_| Rc::default()), value: why }, out)
            }
            (Err(Stop::Error(_)), None, None) => Ok(()),
            (done, _, _) => done,
        }
    }

    fn logic(&self, left: &'a Ast, right: &'a Ast, settled: bool, env: &Env<'a>, item: &Item, out: Out<'_>) -> Done {
        self.values(left, env, &item.value, &mut |value| {
            if value.truth() == settled {
                return self.emit(item, Json::Bool(settled), out);
            }
            self.values(right, env, &item.value, &mut |value| self.emit(item, Json::Bool(value.truth()), out))
        })
    }

    /// `//`: what is true of the left, or the right.
    fn otherwise(&self, left: &'a Ast, right: &'a Ast, env: &Env<'a>, item: Item, out: Out<'_>) -> Done {
        let (mut any, mut behind) = (false, None);
        let depth = self.depth.get();
        let done = self.eval(left, env, item.clone(), &mut |found| {
            if !found.value.truth() {
                return Ok(());
            }
            any = true;
            out(found).map_err(|stop| {
                behind = Some(stop);
                Stop::Break(0)
            })
        });
        self.depth.set(depth);
        match (done, behind) {
            (_, Some(stop)) => Err(stop),
            (Err(stop @ (Stop::Limit | Stop::Halt(_) | Stop::Break(_))), None) => Err(stop),
            (Ok(()) | Err(Stop::Error(_)), None) if any => Ok(()),
            (Ok(()) | Err(Stop::Error(_)), None) => self.eval(right, env, item, out),
        }
    }

    fn assign(
        &self,
        sign: &'static str,
        target: &'a Ast,
        value: &'a Ast,
        env: &Env<'a>,
        item: &Item,
        out: Out<'_>,
    ) -> Done {
        if sign == "|=" {
            let mut done = item.value.clone();
            let mut gone = Vec::new();
            for place in self.paths(target, env, &item.value)? {
                let before = path::get_path(&done, &place)?;
                // The first output is what is meant; without any the place goes.
                let mut after = None;
                let label = self.label();
                match self.values(value, env, &before, &mut |value| {
                    after = Some(value);
                    Err(Stop::Break(label))
                }) {
                    Err(Stop::Break(inner)) if inner == label => {}
                    ended => ended?,
                }
                match after {
                    Some(after) => done = path::set_path(done, &place, after)?,
                    None => gone.push(place),
                }
            }
            let done = if gone.is_empty() { done } else { path::delete(done, gone)? };
            return self.emit(item, done, out);
        }
        self.values(value, env, &item.value, &mut |value| {
            let mut done = item.value.clone();
            for place in self.paths(target, env, &item.value)? {
                let new = match sign {
                    "=" => value.clone(),
                    "//=" => {
                        let before = path::get_path(&done, &place)?;
                        if before.truth() { before } else { value.clone() }
                    }
                    sign => binary(&sign[..1], &path::get_path(&done, &place)?, &value)?,
                };
                done = path::set_path(done, &place, new)?;
            }
            self.emit(item, done, out)
        })
    }

    fn object(
        &self,
        fields: &'a [(Ast, Option<Ast>)],
        env: &Env<'a>,
        item: &Item,
        made: &mut Vec<(Rc<str>, Json)>,
        out: Out<'_>,
    ) -> Done {
        let Some(((key, value), rest)) = fields.split_first() else {
            let mut unique: Vec<(Rc<str>, Json)> = Vec::with_capacity(made.len());
            for (key, value) in made.iter() {
                match unique.iter_mut().find(|(known, _)| known == key) {
                    Some((_, old)) => *old = value.clone(),
                    None => unique.push((Rc::clone(key), value.clone())),
                }
            }
            return self.emit(item, Json::object(unique), out);
        };
        self.values(key, env, &item.value, &mut |key| {
            let Json::Text(name) = &key else {
                return error(format!("Object keys must be strings: {} ({})", key.kind(), key.brief()));
            };
            let mut put = |value: Json| {
                made.push((Rc::clone(name), value));
                let done = self.object(rest, env, item, made, &mut *out);
                made.pop();
                done
            };
            match value {
                Some(value) => self.values(value, env, &item.value, &mut put),
                None => put(path::get(&item.value, &key)?),
            }
        })
    }

    fn call(&self, name: &'a str, arguments: &'a [Ast], env: &Env<'a>, item: Item, out: Out<'_>) -> Done {
        let mut scope = env.as_ref();
        while let Some(known) = scope {
            match &known.binding {
                Binding::Function(function)
                    if function.name == name && function.parameters.len() == arguments.len() =>
                {
                    return self.enter(function, 0, arguments, env, &Some(Rc::clone(known)), item, out);
                }
                Binding::Closure(other, body, around) if *other == name && arguments.is_empty() => {
                    return self.eval(body, around, item, out);
                }
                _ => scope = known.outer.as_ref(),
            }
        }
        let in_prelude = |function: &&Function| function.name == name && function.parameters.len() == arguments.len();
        if let Some(function) = self.prelude.iter().find(in_prelude) {
            return self.enter(function, 0, arguments, env, &None, item, out);
        }
        builtins::call(self, name, arguments, env, item, out)
    }

    /// Gives a function its arguments, one after the other, and runs it.
    #[expect(clippy::too_many_arguments, reason = "they are the state of a recursion")]
    fn enter(
        &self,
        function: &'a Function,
        index: usize,
        arguments: &'a [Ast],
        env: &Env<'a>,
        inner: &Env<'a>,
        item: Item,
        out: Out<'_>,
    ) -> Done {
        let (Some(parameter), Some(argument)) = (function.parameters.get(index), arguments.get(index)) else {
            return self.eval(&function.body, inner, item, out);
        };
        match parameter.strip_prefix('$') {
            None => {
                let inner = with(inner, Binding::Closure(parameter, argument, env.clone()));
                self.enter(function, index + 1, arguments, env, &inner, item, out)
            }
            Some(name) => self.values(argument, env, &item.value, &mut |value| {
                let inner = with(inner, Binding::Variable(name, value));
                self.enter(function, index + 1, arguments, env, &inner, item.clone(), &mut *out)
            }),
        }
    }

    /// Whether a name is known to the program somewhere: the check that jq makes before it runs.
    pub(super) fn knows(&self, name: &str, arity: usize) -> bool {
        self.prelude.iter().any(|function| function.name == name && function.parameters.len() == arity)
            || builtins::knows(name, arity)
    }
}

/// `.[]`
pub(super) fn iterate(item: &Item, out: Out<'_>) -> Done {
    match &item.value {
        Json::Array(items) => {
            items.iter().enumerate().try_for_each(|(index, value)| out(item.part(&Json::count(index), value.clone())))
        }
        Json::Object(fields) => {
            fields.iter().try_for_each(|(key, value)| out(item.part(&Json::Text(Rc::clone(key)), value.clone())))
        }
        other => error(format!("Cannot iterate over {} ({})", other.kind(), other.brief())),
    }
}
