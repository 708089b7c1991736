//! `-o go-template`: Go's text/template as kubectl calls it.
//!
//! Text, `{{- -}}`, comments, fields, variables, pipes, parentheses, `if`, `with`, `range`, `break`, `continue`,
//! `define`, `template`, `block`, and the functions of `functions.rs`. Numbers of objects are floats, as Go's JSON
//! decoder makes them; errors name their place and the node, as Go's do.

mod functions;
mod parse;

use std::collections::BTreeMap;

use api::Value;

pub use functions::show;

/// A part of a template.
#[derive(Clone, PartialEq, Debug)]
enum Node {
    Text(String),
    Print(Pipe),
    If(Pipe, Vec<Node>, Vec<Node>),
    With(Pipe, Vec<Node>, Vec<Node>),
    Range(Pipe, Vec<Node>, Vec<Node>),
    Call(String, Option<Pipe>, Source),
    Break,
    Continue,
}

/// Templates by name.
type Defined = BTreeMap<String, Vec<Node>>;

/// Where a node stands, in bytes from the beginning, and its text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Source {
    at: usize,
    text: String,
}

/// Commands whose results go from one to the next, and the variables that take the last.
#[derive(Clone, PartialEq, Debug, Default)]
struct Pipe {
    variables: Vec<String>,
    /// Whether the variables are there already: `=` and not `:=`.
    assigns: bool,
    commands: Vec<Command>,
}

/// What stands between two bars.
#[derive(Clone, PartialEq, Debug, Default)]
struct Command {
    source: Source,
    words: Vec<(Operand, Source)>,
}

/// A part of a command.
#[derive(Clone, PartialEq, Debug)]
enum Operand {
    /// `.a.b`
    Field(Vec<String>),
    /// `$x.a`
    Variable(String, Vec<String>),
    /// `(...).a`
    Nested(Pipe, Vec<String>),
    Function(String),
    Literal(Value),
}

/// A parsed template.
#[derive(Clone, PartialEq, Debug)]
pub struct Template {
    text: String,
    nodes: Vec<Node>,
    defined: Defined,
    /// Whether a key that is not there is no error.
    allow_missing: bool,
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// What is wrong with it, as Go says it.
    pub fn parse(text: &str, allow_missing: bool) -> Result<Self, String> {
        let (nodes, defined) = parse::template(text)?;
        Ok(Self { text: text.to_owned(), nodes, defined, allow_missing })
    }

    /// The text it makes of data, up to what cannot be evaluated, and what that is.
    #[must_use]
    pub fn execute(&self, data: &Value) -> (String, Option<String>) {
        let data = functions::with_floats(data);
        let dot = Dot { value: Some(data.clone()), boxed: false };
        let variables = vec![("$".to_owned(), dot.clone())];
        let mut run = Run { template: self, name: "output".to_owned(), variables, out: String::new(), depth: 0 };
        let why = match run.nodes(&self.nodes, &dot) {
            Err(Stop::Error(why)) => Some(why),
            _ => None,
        };
        (run.out, why)
    }
}

/// A value under way. `None` is what a missing key gives; `boxed`: Go knows no more of its type than `interface {}`.
#[derive(Clone, Debug)]
struct Dot {
    value: Option<Value>,
    boxed: bool,
}

/// Why a list of nodes was left early.
enum Stop {
    Error(String),
    Break,
    Continue,
}

type Done<T = ()> = Result<T, Stop>;

/// How deep templates may call each other.
const DEEPEST: usize = 1000;

struct Run<'a> {
    template: &'a Template,
    /// The template that runs, as errors name it.
    name: String,
    variables: Vec<(String, Dot)>,
    out: String,
    depth: usize,
}

impl Run<'_> {
    /// An error at a node. Models `state.errorf`.
    fn fail<T>(&self, source: &Source, why: impl std::fmt::Display) -> Done<T> {
        let before = self.template.text.get(..source.at).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = source.at - before.rfind('\n').map_or(0, |at| at + 1);
        let name = api::field::go_quote(&self.name);
        Err(Stop::Error(format!("template: output:{line}:{column}: executing {name} at <{}>: {why}", source.text)))
    }

    fn nodes(&mut self, nodes: &[Node], dot: &Dot) -> Done {
        for node in nodes {
            match node {
                Node::Text(text) => self.out.push_str(text),
                Node::Print(pipe) => {
                    let value = self.pipe(pipe, dot)?;
                    if pipe.variables.is_empty() {
                        self.out.push_str(&value.value.as_ref().map_or_else(|| "<no value>".to_owned(), shown));
                    }
                }
                Node::If(pipe, then, otherwise) => self.scoped(|run| {
                    let value = run.pipe(pipe, dot)?;
                    run.nodes(if truth(value.value.as_ref()) { then } else { otherwise }, dot)
                })?,
                Node::With(pipe, then, otherwise) => self.scoped(|run| {
                    let value = run.pipe(pipe, dot)?;
                    if truth(value.value.as_ref()) { run.nodes(then, &value) } else { run.nodes(otherwise, dot) }
                })?,
                Node::Range(pipe, body, otherwise) => self.scoped(|run| run.range(pipe, body, otherwise, dot))?,
                Node::Call(name, pipe, source) => self.call(name, pipe.as_ref(), source, dot)?,
                Node::Break => return Err(Stop::Break),
                Node::Continue => return Err(Stop::Continue),
            }
        }
        Ok(())
    }

    /// Runs something whose variables end with it.
    fn scoped(&mut self, run: impl FnOnce(&mut Self) -> Done) -> Done {
        let depth = self.variables.len();
        let done = run(self);
        self.variables.truncate(depth);
        done
    }

    fn call(&mut self, name: &str, pipe: Option<&Pipe>, source: &Source, dot: &Dot) -> Done {
        let template = self.template;
        let Some(nodes) = template.defined.get(name) else {
            return self.fail(source, format!("template {} not defined", api::field::go_quote(name)));
        };
        if self.depth >= DEEPEST {
            return self.fail(source, format!("exceeded maximum template depth ({DEEPEST})"));
        }
        let dot = match pipe {
            Some(pipe) => self.pipe(pipe, dot)?,
            None => Dot { value: None, boxed: false },
        };
        let outer = (std::mem::replace(&mut self.name, name.to_owned()), std::mem::take(&mut self.variables));
        self.variables.push(("$".to_owned(), dot.clone()));
        self.depth += 1;
        let done = self.nodes(nodes, &dot);
        self.depth -= 1;
        (self.name, self.variables) = outer;
        done
    }

    fn range(&mut self, pipe: &Pipe, body: &[Node], otherwise: &[Node], dot: &Dot) -> Done {
        let plain = Pipe { variables: Vec::new(), ..pipe.clone() };
        let items: Vec<(Value, Value)> = match self.pipe(&plain, dot)?.value {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(list)) => list.into_iter().enumerate().map(|(i, item)| (i.into(), item)).collect(),
            Some(Value::Object(map)) => map.into_iter().map(|(key, item)| (key.into(), item)).collect(),
            Some(Value::Number(number)) if number.is_i64() || number.is_u64() => {
                (0..number.as_u64().unwrap_or(0)).map(|i| (i.into(), i.into())).collect()
            }
            Some(other) => {
                let source = pipe.commands.last().map(|command| command.source.clone()).unwrap_or_default();
                return self.fail(&source, format!("range can't iterate over {}", show(&other)));
            }
        };
        if items.is_empty() {
            return self.nodes(otherwise, dot);
        }
        let depth = self.variables.len();
        for (key, item) in items {
            let item = Dot { value: Some(item), boxed: true };
            match pipe.variables.as_slice() {
                [] => {}
                [one] => self.variables.push((one.clone(), item.clone())),
                [first, second, ..] => {
                    self.variables.push((first.clone(), Dot { value: Some(key), boxed: false }));
                    self.variables.push((second.clone(), item.clone()));
                }
            }
            let done = self.nodes(body, &item);
            self.variables.truncate(depth);
            match done {
                Err(Stop::Break) => break,
                Ok(()) | Err(Stop::Continue) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn pipe(&mut self, pipe: &Pipe, dot: &Dot) -> Done<Dot> {
        let mut last = None;
        for command in &pipe.commands {
            let mut value = self.command(command, dot, last)?;
            value.boxed = false;
            last = Some(value);
        }
        let value = last.unwrap_or(Dot { value: None, boxed: false });
        for name in &pipe.variables {
            match self.variables.iter_mut().rev().find(|(known, _)| known == name).filter(|_| pipe.assigns) {
                Some((_, known)) => *known = value.clone(),
                None => self.variables.push((name.clone(), value.clone())),
            }
        }
        Ok(value)
    }

    fn command(&mut self, command: &Command, dot: &Dot, piped: Option<Dot>) -> Done<Dot> {
        let Some((first, source)) = command.words.first() else { return Ok(Dot { value: None, boxed: false }) };
        let Operand::Function(name) = first else {
            if command.words.len() > 1 || piped.is_some() {
                return self.fail(source, format!("can't give argument to non-function {}", source.text));
            }
            return self.operand(first, source, dot);
        };
        let mut arguments = Vec::new();
        for (word, source) in &command.words[1..] {
            // `and` and `or` look no further than they have to.
            let decided = arguments.last().is_some_and(|last: &Option<Value>| truth(last.as_ref()) == (name == "or"));
            if matches!(name.as_str(), "and" | "or") && decided {
                break;
            }
            arguments.push(self.operand(word, source, dot)?.value);
        }
        arguments.extend(piped.map(|dot| dot.value));
        match functions::call(name, &arguments) {
            Ok(value) => Ok(Dot { value, boxed: false }),
            Err(why) => self.fail(&command.source, why),
        }
    }

    fn operand(&mut self, operand: &Operand, source: &Source, dot: &Dot) -> Done<Dot> {
        match operand {
            Operand::Literal(value) => Ok(Dot { value: Some(value.clone()), boxed: false }),
            Operand::Field(path) => self.walk(dot.clone(), path, source),
            Operand::Variable(name, path) => {
                let found =
                    self.variables.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.clone());
                match found {
                    Some(start) => self.walk(start, path, source),
                    None => self.fail(source, format!("undefined variable: {name}")),
                }
            }
            Operand::Nested(pipe, path) => {
                let value = self.pipe(pipe, dot)?;
                self.walk(value, path, source)
            }
            Operand::Function(name) => match functions::call(name, &[]) {
                Ok(value) => Ok(Dot { value, boxed: false }),
                Err(why) => self.fail(source, why),
            },
        }
    }

    /// Models `evalField`, field after field.
    fn walk(&self, start: Dot, path: &[String], source: &Source) -> Done<Dot> {
        let mut at = start;
        for field in path {
            let missing = |words: &str| format!("{words} entry for key {}", api::field::go_quote(field));
            at.value = match at.value {
                Some(Value::Object(mut map)) => match map.remove(field) {
                    None if !self.template.allow_missing => return self.fail(source, missing("map has no")),
                    found => found,
                },
                None if !self.template.allow_missing => return self.fail(source, missing("nil data; no")),
                None => None,
                Some(Value::Null) => {
                    return self.fail(source, format!("nil pointer evaluating interface {{}}.{field}"));
                }
                Some(other) => {
                    let of = if at.boxed { "interface {}" } else { functions::type_name(&other) };
                    return self.fail(source, format!("can't evaluate field {field} in type {of}"));
                }
            };
            at.boxed = true;
        }
        Ok(at)
    }
}

/// Whether a value is not empty. Models `template.IsTrue`.
fn truth(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::Bool(value)) => *value,
        Some(Value::Number(number)) => number.as_f64() != Some(0.0),
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(list)) => !list.is_empty(),
        Some(Value::Object(map)) => !map.is_empty(),
    }
}

fn shown(value: &Value) -> String {
    if value.is_null() { "<no value>".to_owned() } else { show(value) }
}

#[cfg(test)]
mod tests {
    use api::json;

    use super::*;

    fn data() -> Value {
        json!({
            "name": "web", "nil": null, "n": 3, "ok": true, "big": 1_234_567,
            "ports": [{"name": "http", "port": 80}, {"name": "m", "port": 9090}],
            "labels": {"a": "1", "b": "2"}, "none": [],
        })
    }

    #[test]
    fn templates_print_as_go() {
        for (template, want) in [
            ("{{.name}}", "web"),
            ("{{.nope}} {{.nope.deeper}}", "<no value> <no value>"),
            ("{{range .ports}}{{.name}}={{.port}} {{end}}", "http=80 m=9090 "),
            ("{{range $i, $p := .ports}}{{if $i}}, {{end}}{{$p.name}}{{end}}", "http, m"),
            ("{{range .none}}x{{else}}none{{end}}", "none"),
            ("{{range $k, $v := .labels}}{{$k}}={{$v}};{{end}}", "a=1;b=2;"),
            ("{{index .ports 0}}", "map[name:http port:80]"),
            ("{{(index .ports 1).port}}", "9090"),
            ("{{if and .ok (eq .name \"web\")}}yes{{else}}no{{end}}", "yes"),
            ("{{if not .nope}}a{{else if .ok}}b{{end}}", "a"),
            ("{{with .nope}}x{{else}}y{{end}}", "y"),
            ("{{.name | printf \"%s-%v\" \"x\" | len}}", "5"),
            ("{{printf \"%q %v %.0f %5s|%-4s|%d\" .name .ok .n \"a\" \"b\" 7}}", "\"web\" true 3     a|b   |7"),
            ("{{printf \"%d\" .n}}", "%!d(float64=3)"),
            ("a {{- .name -}} b", "awebb"),
            ("{{/* c */}}{{$x := .n}}{{$x}}{{\"\\n\"}}", "3\n"),
            ("{{len .ports}} {{index .labels \"a\"}} {{gt .n 2.0}}", "2 1 true"),
            ("{{$x := 1}}{{range .ports}}{{$x = 2}}{{end}}{{$x}}", "2"),
            ("{{range .ports}}{{if eq .name \"m\"}}{{break}}{{end}}{{.name}}{{end}}", "http"),
            ("{{define \"p\"}}[{{.}}]{{end}}{{template \"p\" .name}}{{block \"q\" .n}}<{{.}}>{{end}}", "[web]<3>"),
            ("{{.big}} {{1}} {{0.5}}", "1.234567e+06 1 0.5"),
            ("{{html \"<a>\"}} {{js \"it's\"}} {{urlquery \"a b&c\"}}", "&lt;a&gt; it\\'s a+b%26c"),
        ] {
            let made = Template::parse(template, true).map(|template| template.execute(&data()));
            assert_eq!(made, Ok((want.to_owned(), None)), "{template}");
        }
    }

    #[test]
    fn broken_templates_are_refused() {
        for (template, want) in [
            ("{{.x", "template: output:1: unclosed action"),
            ("{{if .x}}", "template: output:1: unexpected EOF"),
            ("{{nope .x}}", "template: output:1: function \"nope\" not defined"),
            ("{{end}}", "template: output:1: unexpected {{end}}"),
            ("{{$x}}", "template: output:1: undefined variable \"$x\""),
        ] {
            assert_eq!(Template::parse(template, true).unwrap_err(), want, "{template}");
        }
    }

    #[test]
    fn errors_name_the_place() {
        let place = |at: &str, node: &str| format!("template: output:{at}: executing \"output\" at <{node}>: ");
        for (template, at, node, why) in [
            ("{{.name.x}}", "1:7", ".name.x", "can't evaluate field x in type interface {}"),
            ("a\n{{.nil.x.y}}", "2:6", ".nil.x.y", "nil pointer evaluating interface {}.x"),
            ("{{range .name}}{{end}}", "1:8", ".name", "range can't iterate over web"),
            ("{{index .ports 2}}", "1:2", "index .ports 2", "error calling index: reflect: slice index out of range"),
            ("{{index .ports 5}}", "1:2", "index .ports 5", "error calling index: index out of range: 5"),
            ("{{eq .n 3}}", "1:2", "eq .n 3", "error calling eq: incompatible types for comparison"),
            ("{{len .n}}", "1:2", "len .n", "error calling len: len of type float64"),
        ] {
            let (_, error) = Template::parse(template, true).unwrap().execute(&data());
            assert_eq!(error, Some(place(at, node) + why), "{template}");
        }
        let (_, error) = Template::parse("{{.x}}", false).unwrap().execute(&data());
        assert_eq!(error, Some(place("1:2", ".x") + "map has no entry for key \"x\""));
    }
}
