//! Requirements on labels. Models apimachinery `pkg/labels` `Requirement` and `internalSelector`.

use std::fmt;

use serde_json::{Map, Value};

/// How a requirement compares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operator {
    /// The value is one of several.
    In,
    /// There is no value, or it is none of several.
    NotIn,
    /// The value is this (`=`).
    Equals,
    /// The value is this (`==`).
    DoubleEquals,
    /// There is no value, or it is another.
    NotEquals,
    /// There is a value.
    Exists,
    /// There is no value.
    DoesNotExist,
    /// The value is a greater whole number.
    GreaterThan,
    /// The value is a smaller whole number.
    LessThan,
}

/// One requirement on one label.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Requirement {
    /// The label's name.
    pub key: String,
    /// How it compares.
    pub operator: Operator,
    /// What it is compared with: sorted, each once.
    pub values: Vec<String>,
}

/// Requirements that must all be met; without any, everything is selected.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Selector {
    /// Sorted by key.
    pub requirements: Vec<Requirement>,
}

impl Requirement {
    /// Whether labels meet it. Models `Requirement.Matches`.
    #[must_use]
    pub fn matches(&self, labels: Option<&Map<String, Value>>) -> bool {
        let value = labels.and_then(|labels| labels.get(&self.key)?.as_str());
        let among = |value: &str| self.values.iter().any(|wanted| wanted == value);
        match self.operator {
            Operator::In | Operator::Equals | Operator::DoubleEquals => value.is_some_and(among),
            Operator::NotIn | Operator::NotEquals => !value.is_some_and(among),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
            Operator::GreaterThan | Operator::LessThan => {
                let number = |text: &str| text.parse::<i64>().ok();
                let (Some(have), Some(than)) = (value.and_then(number), self.values.first().and_then(|v| number(v)))
                else {
                    return false;
                };
                if self.operator == Operator::GreaterThan { have > than } else { have < than }
            }
        }
    }
}

impl Selector {
    /// Whether labels meet every requirement.
    #[must_use]
    pub fn matches(&self, labels: Option<&Map<String, Value>>) -> bool {
        self.requirements.iter().all(|requirement| requirement.matches(labels))
    }

    /// Whether it selects everything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty()
    }
}

/// As kubectl's `-l` has it. Models `Requirement.String`.
impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (key, values) = (&self.key, self.values.join(","));
        match self.operator {
            Operator::In => write!(f, "{key} in ({values})"),
            Operator::NotIn => write!(f, "{key} notin ({values})"),
            Operator::Equals => write!(f, "{key}={values}"),
            Operator::DoubleEquals => write!(f, "{key}=={values}"),
            Operator::NotEquals => write!(f, "{key}!={values}"),
            Operator::Exists => write!(f, "{key}"),
            Operator::DoesNotExist => write!(f, "!{key}"),
            Operator::GreaterThan => write!(f, "{key}>{values}"),
            Operator::LessThan => write!(f, "{key}<{values}"),
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<String> = self.requirements.iter().map(ToString::to_string).collect();
        f.write_str(&all.join(","))
    }
}
