//! JSON values as jq has them: objects keep the order in which their keys came.

use api::arrange::Arrange;
use std::cmp::Ordering;
use std::rc::Rc;

/// A value. Cloning is cheap.
#[derive(Clone, Debug)]
pub(super) enum Json {
    Null,
    Bool(bool),
    Number(f64),
    Text(Rc<str>),
    Array(Rc<Vec<Json>>),
    Object(Rc<Vec<(Rc<str>, Json)>>),
}

impl Json {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(Rc::from(text))
    }

    pub(super) fn array(items: Vec<Self>) -> Self {
        Self::Array(Rc::new(items))
    }

    pub(super) fn object(fields: Vec<(Rc<str>, Self)>) -> Self {
        Self::Object(Rc::new(fields))
    }

    #[expect(clippy::cast_precision_loss, reason = "lengths and positions are far below 2^53")]
    pub(super) fn count(count: usize) -> Self {
        Self::Number(count as f64)
    }

    /// Everything but `null` and `false`.
    pub(super) fn truth(&self) -> bool {
        !matches!(self, Self::Null | Self::Bool(false))
    }

    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::Text(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
        }
    }

    /// A field of an object.
    pub(super) fn field(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(fields) => fields.iter().find(|(known, _)| **known == *name).map(|(_, value)| value),
            _ => None,
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Bool(false) => 1,
            Self::Bool(true) => 2,
            Self::Number(_) => 3,
            Self::Text(_) => 4,
            Self::Array(_) => 5,
            Self::Object(_) => 6,
        }
    }

    /// jq's order over all values. Models src/jv_aux.c `jv_cmp`.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            // nan is less than any number, itself among them.
            (Self::Number(a), Self::Number(b)) => {
                a.partial_cmp(b).unwrap_or(if a.is_nan() { Ordering::Less } else { Ordering::Greater })
            }
            (Self::Text(a), Self::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
            (Self::Array(a), Self::Array(b)) => {
                let differing = a.iter().zip(b.iter()).map(|(a, b)| a.compare(b)).find(|order| order.is_ne());
                differing.unwrap_or_else(|| a.len().cmp(&b.len()))
            }
            (Self::Object(a), Self::Object(b)) => {
                let (a, b) = (sorted(a), sorted(b));
                let keys =
                    |fields: &[(Rc<str>, Self)]| fields.iter().map(|(key, _)| Rc::clone(key)).collect::<Vec<_>>();
                keys(&a).cmp(&keys(&b)).then_with(|| {
                    let values = a.iter().zip(&b).map(|((_, a), (_, b))| a.compare(b));
                    values.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
                })
            }
            _ => self.rank().cmp(&other.rank()),
        }
    }

    pub(super) fn same(&self, other: &Self) -> bool {
        self.compare(other).is_eq()
    }

    /// The value as text.
    pub(super) fn dump(&self, style: &Style) -> String {
        let mut text = String::new();
        self.write(style, 0, &mut text);
        text
    }

    /// The value as text on one line.
    pub(super) fn compact(&self) -> String {
        self.dump(&Style::default())
    }

    /// The beginning of its text, for complaints. Models `jv_dump_string_trunc` with the buffer that jq 1.7 has.
    pub(super) fn brief(&self) -> String {
        const ROOM: usize = 14;
        let text = self.compact();
        if text.len() <= ROOM {
            return text;
        }
        let mut end = ROOM - 3;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        format!("{}...", &text[..end])
    }

    fn write(&self, style: &Style, depth: usize, text: &mut String) {
        match self {
            Self::Null => text.push_str("null"),
            Self::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
            Self::Number(value) => text.push_str(&number(*value)),
            Self::Text(value) => quote(value, style.ascii, text),
            Self::Array(items) if items.is_empty() => text.push_str("[]"),
            Self::Object(fields) if fields.is_empty() => text.push_str("{}"),
            Self::Array(items) => {
                text.push('[');
                for (index, item) in items.iter().enumerate() {
                    style.separate(index, depth + 1, text);
                    item.write(style, depth + 1, text);
                }
                style.line(depth, text);
                text.push(']');
            }
            Self::Object(fields) => {
                let sorted = style.sorted.then(|| sorted(fields));
                text.push('{');
                for (index, (key, value)) in sorted.as_ref().unwrap_or(fields).iter().enumerate() {
                    style.separate(index, depth + 1, text);
                    quote(key, style.ascii, text);
                    text.push_str(if style.indent.is_empty() { ":" } else { ": " });
                    value.write(style, depth + 1, text);
                }
                style.line(depth, text);
                text.push('}');
            }
        }
    }
}

/// The fields in the order of their keys.
pub(super) fn sorted(fields: &[(Rc<str>, Json)]) -> Vec<(Rc<str>, Json)> {
    let mut fields = fields.to_vec();
    fields.arrange_by(|(a, _), (b, _)| a.cmp(b));
    fields
}

/// How values are printed.
#[derive(Clone, Default)]
pub(super) struct Style {
    /// What each depth begins with; empty for one line.
    pub(super) indent: String,
    pub(super) sorted: bool,
    pub(super) ascii: bool,
}

impl Style {
    fn separate(&self, index: usize, depth: usize, text: &mut String) {
        if index > 0 {
            text.push(',');
        }
        self.line(depth, text);
    }

    fn line(&self, depth: usize, text: &mut String) {
        if !self.indent.is_empty() {
            text.push('\n');
            (0..depth).for_each(|_| text.push_str(&self.indent));
        }
    }
}

/// A number as jq prints it: 17 digits at most, an exponent for the very large and small. Models `jvp_dtoa_fmt`.
pub(super) fn number(value: f64) -> String {
    if value.is_nan() {
        return "null".to_owned();
    }
    let value = value.clamp(f64::MIN, f64::MAX);
    // Rust's shortest digits that read back, as `d.ddde±x`.
    let shown = format!("{value:e}");
    let (digits, exponent) = shown.split_once('e').unwrap_or((&shown, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if !(-5..=16).contains(&exponent) {
        return format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs());
    }
    format!("{value}")
}

fn quote(value: &str, ascii: bool, text: &mut String) {
    text.push('"');
    for char in value.chars() {
        match char {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            '\r' => text.push_str("\\r"),
            '\x08' => text.push_str("\\b"),
            '\x0c' => text.push_str("\\f"),
            char if char < ' ' || char == '\x7f' || (ascii && !char.is_ascii()) => {
                for unit in char.encode_utf16(&mut [0; 2]) {
                    text.push_str(&format!("\\u{unit:04x}"));
                }
            }
            char => text.push(char),
        }
    }
    text.push('"');
}
