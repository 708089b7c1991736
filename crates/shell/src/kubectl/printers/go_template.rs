//! `-o go-template`: the part of Go's text/template that people use with kubectl.
//!
//! Text, `{{- -}}`, comments, fields, variables, pipes, parentheses, `if`, `with`, `range`, and the functions of
//! `functions.rs`. `define`, `template` and `block` are refused.

mod functions;
mod parse;

use api::Value;

/// A part of a template.
#[derive(Clone, PartialEq, Debug)]
enum Node {
    Text(String),
    Print(Pipe),
    If(Pipe, Vec<Node>, Vec<Node>),
    With(Pipe, Vec<Node>, Vec<Node>),
    Range(Pipe, Vec<Node>, Vec<Node>),
}

/// Commands whose results go from one to the next, and the variables that take the last.
#[derive(Clone, PartialEq, Debug, Default)]
struct Pipe {
    variables: Vec<String>,
    commands: Vec<Vec<Operand>>,
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
pub struct Template(Vec<Node>);

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// What is wrong with it, as Go says it.
    pub fn parse(text: &str) -> Result<Self, String> {
        parse::template(text).map(Self)
    }

    /// The text it makes of data.
    ///
    /// # Errors
    /// What cannot be evaluated.
    pub fn execute(&self, data: &Value) -> Result<String, String> {
        let mut run = Run { variables: vec![("$".to_owned(), data.clone())], out: String::new() };
        run.nodes(&self.0, data)?;
        Ok(run.out)
    }
}

struct Run {
    variables: Vec<(String, Value)>,
    out: String,
}

impl Run {
    fn nodes(&mut self, nodes: &[Node], dot: &Value) -> Result<(), String> {
        for node in nodes {
            match node {
                Node::Text(text) => self.out.push_str(text),
                Node::Print(pipe) => {
                    let value = self.pipe(pipe, dot)?;
                    if pipe.variables.is_empty() {
                        self.out.push_str(&value.as_ref().map_or_else(|| "<no value>".to_owned(), show));
                    }
                }
                Node::If(pipe, then, otherwise) => {
                    let depth = self.variables.len();
                    let value = self.pipe(pipe, dot)?;
                    let branch = if truth(value.as_ref()) { then } else { otherwise };
                    self.nodes(branch, dot)?;
                    self.variables.truncate(depth);
                }
                Node::With(pipe, then, otherwise) => {
                    let depth = self.variables.len();
                    let value = self.pipe(pipe, dot)?;
                    match value.filter(|value| truth(Some(value))) {
                        Some(value) => self.nodes(then, &value)?,
                        None => self.nodes(otherwise, dot)?,
                    }
                    self.variables.truncate(depth);
                }
                Node::Range(pipe, body, otherwise) => self.range(pipe, body, otherwise, dot)?,
            }
        }
        Ok(())
    }

    fn range(&mut self, pipe: &Pipe, body: &[Node], otherwise: &[Node], dot: &Value) -> Result<(), String> {
        let depth = self.variables.len();
        let plain = Pipe { variables: Vec::new(), commands: pipe.commands.clone() };
        let items: Vec<(Value, Value)> = match self.pipe(&plain, dot)? {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(list)) => list.into_iter().enumerate().map(|(i, item)| (i.into(), item)).collect(),
            Some(Value::Object(map)) => map.into_iter().map(|(key, item)| (key.into(), item)).collect(),
            Some(other) => return Err(format!("range can't iterate over {}", show(&other))),
        };
        if items.is_empty() {
            return self.nodes(otherwise, dot);
        }
        for (key, item) in items {
            match pipe.variables.as_slice() {
                [] => {}
                [one] => self.variables.push((one.clone(), item.clone())),
                [first, second, ..] => {
                    self.variables.push((first.clone(), key));
                    self.variables.push((second.clone(), item.clone()));
                }
            }
            self.nodes(body, &item)?;
            self.variables.truncate(depth);
        }
        Ok(())
    }

    /// The value of a pipe; `None` is what a missing key gives.
    fn pipe(&mut self, pipe: &Pipe, dot: &Value) -> Result<Option<Value>, String> {
        let mut last: Option<Option<Value>> = None;
        for command in &pipe.commands {
            last = Some(self.command(command, dot, last)?);
        }
        let value = last.unwrap_or_default();
        for name in &pipe.variables {
            self.variables.push((name.clone(), value.clone().unwrap_or(Value::Null)));
        }
        Ok(value)
    }

    fn command(
        &mut self,
        words: &[Operand],
        dot: &Value,
        piped: Option<Option<Value>>,
    ) -> Result<Option<Value>, String> {
        let Some(first) = words.first() else { return Ok(None) };
        let Operand::Function(name) = first else {
            if words.len() > 1 || piped.is_some() {
                return Err("can't give argument to non-function".to_owned());
            }
            return self.operand(first, dot);
        };
        let mut arguments = Vec::new();
        for word in &words[1..] {
            arguments.push(self.operand(word, dot)?);
        }
        arguments.extend(piped);
        functions::call(name, &arguments)
    }

    fn operand(&mut self, operand: &Operand, dot: &Value) -> Result<Option<Value>, String> {
        match operand {
            Operand::Literal(value) => Ok(Some(value.clone())),
            Operand::Field(path) => walk(Some(dot.clone()), path),
            Operand::Variable(name, path) => {
                let found =
                    self.variables.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.clone());
                walk(Some(found.ok_or_else(|| format!("undefined variable \"{name}\""))?), path)
            }
            Operand::Nested(pipe, path) => {
                let value = self.pipe(pipe, dot)?;
                walk(value, path)
            }
            Operand::Function(name) => functions::call(name, &[]),
        }
    }
}

fn walk(start: Option<Value>, path: &[String]) -> Result<Option<Value>, String> {
    let mut value = start;
    for field in path {
        value = match value {
            Some(Value::Object(map)) => map.get(field).cloned(),
            None | Some(Value::Null) => return Err(format!("nil pointer evaluating interface {{}}.{field}")),
            Some(other) => {
                return Err(format!("can't evaluate field {field} in type {}", functions::type_name(&other)));
            }
        };
    }
    Ok(value)
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

fn show(value: &Value) -> String {
    if value.is_null() { "<no value>".to_owned() } else { api::go::format(value) }
}

#[cfg(test)]
mod tests {
    use api::json;

    use super::*;

    #[test]
    fn templates_print_as_go() {
        let data = json!({
            "name": "web", "nil": null, "n": 3, "ok": true,
            "ports": [{"name": "http", "port": 80}, {"name": "m", "port": 9090}],
            "labels": {"a": "1", "b": "2"}, "none": [],
        });
        for (template, want) in [
            ("{{.name}}", "web"),
            ("{{.nope}}", "<no value>"),
            ("{{range .ports}}{{.name}}={{.port}} {{end}}", "http=80 m=9090 "),
            ("{{range $i, $p := .ports}}{{if $i}}, {{end}}{{$p.name}}{{end}}", "http, m"),
            ("{{range .none}}x{{else}}none{{end}}", "none"),
            ("{{range $k, $v := .labels}}{{$k}}={{$v}};{{end}}", "a=1;b=2;"),
            ("{{index .ports 0}}", "map[name:http port:80]"),
            ("{{(index .ports 1).port}}", "9090"),
            ("{{if and .ok (eq .name \"web\")}}yes{{else}}no{{end}}", "yes"),
            ("{{if not .nope}}a{{else if .ok}}b{{end}}", "a"),
            ("{{with .nope}}x{{else}}y{{end}}", "y"),
            ("{{.name | printf \"%s-%d\" \"x\" | len}}", "17"),
            ("{{printf \"%q %v %d %5s|%-4s|\" .name .ok .n \"a\" \"b\"}}", "\"web\" true 3     a|b   |"),
            ("a {{- .name -}} b", "awebb"),
            ("{{/* c */}}{{$x := .n}}{{$x}}{{\"\\n\"}}", "3\n"),
            ("{{len .ports}} {{index .labels \"a\"}} {{gt .n 2}}", "2 1 true"),
        ] {
            assert_eq!(Template::parse(template).and_then(|t| t.execute(&data)).as_deref(), Ok(want), "{template}");
        }
    }

    #[test]
    fn broken_templates_are_refused() {
        for (template, want) in [
            ("{{.x", "template: output:1: unclosed action"),
            ("{{if .x}}", "template: output:1: unexpected EOF"),
            ("{{nope .x}}", "template: output:1: function \"nope\" not defined"),
            ("{{end}}", "template: output:1: unexpected {{end}}"),
        ] {
            assert_eq!(Template::parse(template).unwrap_err(), want, "{template}");
        }
        assert!(Template::parse("{{.a.b}}").unwrap().execute(&json!({})).is_err());
    }
}
