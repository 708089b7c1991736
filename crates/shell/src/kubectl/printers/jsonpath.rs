//! kubectl's JSONPath. Models `k8s.io/client-go/util/jsonpath`: its grammar, its results, its complaints.

mod parse;

use std::cmp::Ordering;

use api::Value;

/// One step of a template.
#[derive(Clone, PartialEq, Debug)]
enum Node {
    Text(String),
    List(Vec<Node>),
    Field(String),
    /// Start, end and step; `None` where nothing stands.
    Slice {
        start: Option<i64>,
        end: Option<i64>,
        step: Option<i64>,
        one: bool,
    },
    Filter {
        left: Vec<Node>,
        operator: String,
        right: Vec<Node>,
    },
    Wildcard,
    Recursive,
    Union(Vec<Vec<Node>>),
    Number(serde_json::Number),
    Bool(bool),
    Word(String),
}

/// A parsed template.
#[derive(Clone, PartialEq, Debug)]
pub struct JsonPath {
    nodes: Vec<Node>,
    /// Whether a field that is not there is no error.
    allow_missing: bool,
}

/// What stopped an evaluation.
type Eval<T> = Result<T, String>;

impl JsonPath {
    /// Reads a template such as `{.items[*].metadata.name}`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str, allow_missing: bool) -> Result<Self, String> {
        Ok(Self { nodes: parse::template(text)?, allow_missing })
    }

    /// The values that each part of the template finds. Models `FindResults`.
    ///
    /// # Errors
    /// What cannot be evaluated.
    pub fn find(&self, data: &Value) -> Eval<Vec<Vec<Value>>> {
        let mut run = Run { allow_missing: self.allow_missing, depth: 0 };
        Ok(run.block(&self.nodes, 0, data)?.0)
    }

    /// The text that the template makes. Models `Execute`.
    ///
    /// # Errors
    /// What cannot be evaluated.
    pub fn execute(&self, data: &Value) -> Eval<String> {
        Ok(self.find(data)?.iter().map(|part| text(part)).collect())
    }
}

/// What one part of a template found, as text. Models `PrintResults`.
#[must_use]
pub fn text(values: &[Value]) -> String {
    values.iter().map(printed).collect::<Vec<_>>().join(" ")
}

/// A value as JSONPath prints it: texts bare, trees as JSON.
fn printed(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => manifest::to_json_compact(other),
    }
}

struct Run {
    allow_missing: bool,
    /// How many ranges are open.
    depth: usize,
}

impl Run {
    /// The results of the nodes from `at` on, and where the block ended.
    fn block(&mut self, nodes: &[Node], mut at: usize, data: &Value) -> Eval<(Vec<Vec<Value>>, usize)> {
        let mut all = Vec::new();
        while let Some(node) = nodes.get(at) {
            let found = self.walk(std::slice::from_ref(data), node)?;
            match found {
                Found::End => return Ok((all, at)),
                Found::Range(values) => {
                    self.depth += 1;
                    // Without results the body is still gone through, to find its end.
                    let nothing = [Value::Null];
                    let items = if values.is_empty() { &nothing[..] } else { &values[..] };
                    let mut end = nodes.len();
                    for item in items {
                        let (results, stop) = self.block(nodes, at + 1, item)?;
                        end = stop;
                        if !values.is_empty() {
                            all.extend(results);
                        }
                    }
                    self.depth -= 1;
                    at = end + 1;
                    continue;
                }
                Found::Values(values) => all.push(values),
            }
            at += 1;
        }
        Ok((all, at))
    }

    fn walk(&mut self, input: &[Value], node: &Node) -> Eval<Found> {
        Ok(Found::Values(match node {
            Node::List(nodes) => return self.list(input, nodes),
            Node::Text(text) => vec![Value::String(text.clone())],
            Node::Number(number) => vec![Value::Number(number.clone())],
            Node::Bool(truth) => vec![Value::Bool(*truth)],
            Node::Word(word) => {
                return match word.as_str() {
                    "range" => Ok(Found::Range(input.to_vec())),
                    "end" if self.depth > 0 => Ok(Found::End),
                    "end" => Err("not in range, nothing to end".to_owned()),
                    _ => Err(format!("unrecognized identifier {word}")),
                };
            }
            Node::Field(name) => self.field(input, name)?,
            Node::Slice { start, end, step, one } => self.slice(input, (*start, *end, *step), *one)?,
            Node::Filter { left, operator, right } => self.filter(input, left, operator, right)?,
            Node::Wildcard => input.iter().flat_map(children).collect(),
            Node::Recursive => input.iter().flat_map(descendants).collect(),
            Node::Union(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    all.extend(self.values(input, part)?);
                }
                all
            }
        }))
    }

    fn list(&mut self, input: &[Value], nodes: &[Node]) -> Eval<Found> {
        let mut values = input.to_vec();
        let mut range = false;
        for node in nodes {
            match self.walk(&values, node)? {
                Found::Values(next) => values = next,
                Found::Range(next) => {
                    values = next;
                    range = true;
                }
                Found::End => return Ok(Found::End),
            }
        }
        Ok(if range { Found::Range(values) } else { Found::Values(values) })
    }

    fn values(&mut self, input: &[Value], nodes: &[Node]) -> Eval<Vec<Value>> {
        match self.list(input, nodes)? {
            Found::Values(values) | Found::Range(values) => Ok(values),
            Found::End => Ok(Vec::new()),
        }
    }

    /// Models `evalField`.
    fn field(&self, input: &[Value], name: &str) -> Eval<Vec<Value>> {
        let found: Vec<Value> = input.iter().filter_map(|value| value.as_object()?.get(name)).cloned().collect();
        if found.is_empty() && !self.allow_missing && !input.is_empty() {
            return Err(format!("{name} is not found"));
        }
        Ok(found)
    }

    /// Models `evalArray`.
    fn slice(
        &self,
        input: &[Value],
        (start, end, step): (Option<i64>, Option<i64>, Option<i64>),
        one: bool,
    ) -> Eval<Vec<Value>> {
        let mut found = Vec::new();
        for value in input {
            let Some(list) = value.as_array() else {
                if value.is_null() {
                    continue;
                }
                return Err(format!("{} is not array or slice", api::go::format(value)));
            };
            let length = i64::try_from(list.len()).unwrap_or(i64::MAX);
            let from = |at: i64| if at < 0 { at + length } else { at };
            let start = start.unwrap_or(0);
            // `[-1]` is the last one: its end is not -1 + 1, but the length.
            let end = match end {
                Some(_) if one && start < 0 => from(start) + 1,
                Some(end) => from(end),
                None => length,
            };
            let first = from(start);
            if one && self.allow_missing && length == 0 {
                continue;
            }
            if first >= length || first < 0 {
                if !one {
                    continue;
                }
                return Err(format!("array index out of bounds: index {first}, length {length}"));
            }
            if end > length && one {
                return Err(format!("array index out of bounds: index {}, length {length}", end - 1));
            }
            let step = usize::try_from(step.unwrap_or(1)).unwrap_or(1).max(1);
            let bounds = usize::try_from(first).unwrap_or(0)..usize::try_from(end.clamp(first, length)).unwrap_or(0);
            found.extend(list.get(bounds).unwrap_or_default().iter().step_by(step).cloned());
        }
        Ok(found)
    }

    /// Models `evalFilter`.
    fn filter(&mut self, input: &[Value], left: &[Node], operator: &str, right: &[Node]) -> Eval<Vec<Value>> {
        let mut found = Vec::new();
        for value in input {
            let Some(list) = value.as_array() else {
                return Err(format!("{} is not array or slice and cannot be filtered", api::go::format(value)));
            };
            for item in list {
                let lefts = self.values(std::slice::from_ref(item), left);
                if operator == "exists" {
                    if lefts.is_ok_and(|lefts| !lefts.is_empty()) {
                        found.push(item.clone());
                    }
                    continue;
                }
                let lefts = lefts?;
                let rights = self.values(std::slice::from_ref(item), right)?;
                let (Some(a), Some(b)) = (lefts.first(), rights.first()) else { continue };
                if lefts.len() > 1 || rights.len() > 1 {
                    return Err("can only compare one element at a time".to_owned());
                }
                if holds(a, operator, b)? {
                    found.push(item.clone());
                }
            }
        }
        Ok(found)
    }
}

enum Found {
    Values(Vec<Value>),
    Range(Vec<Value>),
    End,
}

/// Models `template.Equal` and `template.Less`.
fn holds(a: &Value, operator: &str, b: &Value) -> Eval<bool> {
    let order = match (a, b) {
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => (a == b).then_some(Ordering::Equal).or(Some(Ordering::Less)),
        (Value::Number(a), Value::Number(b)) => a.as_f64().partial_cmp(&b.as_f64()),
        _ => None,
    };
    let Some(order) = order else { return Err("incompatible types for comparison".to_owned()) };
    match operator {
        "==" => Ok(order.is_eq()),
        "!=" => Ok(order.is_ne()),
        "<" => Ok(order.is_lt()),
        "<=" => Ok(order.is_le()),
        ">" => Ok(order.is_gt()),
        ">=" => Ok(order.is_ge()),
        _ => Err(format!("unrecognized filter operator {operator}")),
    }
}

fn children(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(list) => list.clone(),
        Value::Object(map) => map.values().cloned().collect(),
        _ => Vec::new(),
    }
}

/// Models `evalRecursive`: the value and everything below it.
fn descendants(value: &Value) -> Vec<Value> {
    let mut all = vec![value.clone()];
    for child in children(value) {
        all.extend(descendants(&child));
    }
    all
}

/// A path as custom columns and `--sort-by` take it, with or without braces and first dot.
/// Models `RelaxedJSONPathExpression`.
///
/// # Errors
/// When it is no such path.
pub fn relaxed(text: &str) -> Result<String, String> {
    if text.is_empty() {
        return Ok(String::new());
    }
    let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
    let path = inner.strip_prefix('.').unwrap_or(inner);
    if path.is_empty() || path.contains(['{', '}']) {
        return Err(
            "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'"
                .to_owned(),
        );
    }
    Ok(format!("{{.{path}}}"))
}

#[cfg(test)]
mod tests {
    use api::json;

    use super::*;

    fn data() -> Value {
        json!({
            "kind": "Service",
            "metadata": {"name": "web", "labels": {"app.io/name": "x"}},
            "spec": {"ports": [{"name": "http", "port": 80}, {"name": "metrics", "port": 9090}], "none": []},
        })
    }

    #[test]
    fn templates_print_as_upstream() {
        for (template, want) in [
            ("{.spec.ports[*].port}", "80 9090"),
            ("{.kind}/{.metadata.name}", "Service/web"),
            ("{.spec.ports[-1].name}", "metrics"),
            ("{.spec.ports[0:2].name}", "http metrics"),
            ("{.spec.ports[?(@.name==\"http\")].port}", "80"),
            ("{.spec.ports[?(@.port>100)].name}", "metrics"),
            ("{range .spec.ports[*]}{.name}={.port}{\"\\n\"}{end}.", "http=80\nmetrics=9090\n."),
            ("{range .spec.none[*]}{.name}{end}x", "x"),
            ("{.spec.ports[0]['name','port']}", "http 80"),
            ("{..name}", "web http metrics"),
            ("{.metadata.labels.app\\.io/name}", "x"),
            ("{.metadata['name']}", "web"),
            ("{.spec.ports[0]}", "{\"name\":\"http\",\"port\":80}"),
            ("{.nope.deeper}", ""),
            ("plain", "plain"),
            ("{.metadata.name}}", "web}"),
        ] {
            let path = JsonPath::parse(template, true).unwrap();
            assert_eq!(path.execute(&data()).as_deref(), Ok(want), "{template}");
        }
    }

    #[test]
    fn errors_are_upstreams() {
        for (template, want) in [
            ("{.spec", "unclosed action"),
            ("{.spec.ports[}", "unterminated array"),
            ("{.spec.ports[a].port}", "invalid array index a"),
            ("{.spec.ports[?(@.a}", "unterminated filter"),
            ("{-x}", "cannot parse number -x"),
        ] {
            assert_eq!(JsonPath::parse(template, true).unwrap_err(), want, "{template}");
        }
        for (template, want) in [
            ("{.spec.ports[5].port}", "array index out of bounds: index 5, length 2"),
            ("{spec}", "unrecognized identifier spec"),
            ("{end}", "not in range, nothing to end"),
        ] {
            assert_eq!(JsonPath::parse(template, true).unwrap().execute(&data()).unwrap_err(), want, "{template}");
        }
        assert_eq!(JsonPath::parse("{.x}", false).unwrap().execute(&data()).unwrap_err(), "x is not found");
    }
}
