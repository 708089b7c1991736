//! Kinds that a CustomResourceDefinition defines: their schema as a table, and what is wrong with an object by it.
//!
//! Models `pkg/registry/customresource` of `k8s.io/apiextensions-apiserver`: first the schema (`kube-openapi`), then the
//! keys of lists, then the rules of `x-kubernetes-validations`, which are closures here. Upstream walks fields in no order
//! at all; here they come as the table has them.

pub(crate) mod forms;

use serde_json::{Map, Value};

use self::forms::Form;
use crate::{ErrorList, FieldError, Path};

/// What a value must be.
pub(crate) enum Rule {
    /// Anything.
    Any,
    /// A text of so many characters.
    Text(usize, usize),
    /// A text of so many characters and of a form.
    Formed(usize, usize, &'static Form),
    /// One of these words.
    Word(&'static [&'static str]),
    /// One of these numbers.
    Code(&'static [i64]),
    /// Yes or no.
    Flag,
    /// A whole number from one to another.
    Number(i64, i64),
    /// A list of one kind of items.
    List(&'static List),
    /// A map of fields.
    Struct(&'static Struct),
    /// A map from any keys to texts of so many characters, with so many entries.
    Texts(usize, usize),
}

pub(crate) struct List {
    pub(crate) min: usize,
    pub(crate) max: usize,
    pub(crate) item: Rule,
    /// The field that no two items may have in common.
    pub(crate) key: Option<&'static str>,
    /// No two items may be equal.
    pub(crate) set: bool,
    pub(crate) checks: &'static [Check],
}

pub(crate) struct Struct {
    pub(crate) fields: &'static [(&'static str, Rule)],
    pub(crate) required: &'static [&'static str],
    pub(crate) checks: &'static [Check],
}

/// A rule of `x-kubernetes-validations`.
pub(crate) struct Check {
    pub(crate) message: &'static str,
    pub(crate) holds: fn(&Value) -> Verdict,
}

/// Whether a rule holds, or the key that it reads and that is not there.
pub(crate) type Verdict = Result<bool, &'static str>;

/// No more than nothing.
pub(crate) const NO_LIST: List = List { min: 0, max: usize::MAX, item: Rule::Any, key: None, set: false, checks: &[] };
/// No fields.
pub(crate) const NO_STRUCT: Struct = Struct { fields: &[], required: &[], checks: &[] };

/// What is wrong with the `spec` of an object.
pub(crate) fn spec(spec: Option<&Value>, rule: &Rule) -> ErrorList {
    let path = Path::new("spec");
    let missing = || vec![FieldError::required(&path, "")];
    let mut errors = spec.map_or_else(missing, |spec| schema(spec, rule, &path));
    let spec = spec.unwrap_or(&Value::Null);
    errors.extend(keys(spec, rule, &path));
    if errors.iter().any(blocks) {
        let detail = "some validation rules were not checked because the object was invalid; correct the existing \
                      errors to complete validation";
        errors.push(FieldError::invalid(&Path::default(), Value::Null, detail));
    } else {
        errors.extend(checks(spec, rule, &path));
    }
    errors
}

/// Models `hasBlockingErr`.
fn blocks(error: &FieldError) -> bool {
    use crate::field::ErrorKind::{NotSupported, Required, TooLong, TooMany, TypeInvalid};
    matches!(error.kind, NotSupported | Required | TooLong | TooMany | TypeInvalid)
}

/// Models `validate.SchemaValidator` of `kube-openapi`.
fn schema(value: &Value, rule: &Rule, path: &Path) -> ErrorList {
    if let Some(wanted) = rule.type_name().filter(|wanted| !is_a(value, wanted)) {
        return vec![wrong_type(value, wanted, path)];
    }
    match (rule, value) {
        (Rule::Text(min, max), Value::String(text)) => length(text, *min, *max, path).into_iter().collect(),
        (Rule::Formed(min, max, form), Value::String(text)) => {
            let detail = || format!("{path} in body should match '{}'", form.pattern);
            let formed = || (!(form.fits)(text)).then(|| FieldError::invalid(path, text.as_str(), detail()));
            length(text, *min, *max, path).or_else(formed).into_iter().collect()
        }
        (Rule::Word(known), Value::String(text)) if !known.contains(&text.as_str()) => {
            vec![FieldError::not_supported_in_order(path, text.as_str(), known)]
        }
        (Rule::Code(known), Value::Number(number)) if !number.as_i64().is_some_and(|code| known.contains(&code)) => {
            let known: Vec<String> = known.iter().map(i64::to_string).collect();
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            vec![FieldError::not_supported_in_order(path, value.clone(), &known)]
        }
        (Rule::Number(min, max), Value::Number(_)) => range(value, *min, *max, path)
            .map(|detail| FieldError::invalid(path, value.clone(), detail))
            .into_iter()
            .collect(),
        (Rule::List(list), Value::Array(items)) => {
            let each = items.iter().enumerate().flat_map(|(at, item)| schema(item, &list.item, &path.index(at)));
            let mut errors: ErrorList = each.collect();
            if items.len() < list.min {
                let detail = format!("{path} in body should have at least {} items", list.min);
                errors.push(FieldError::invalid(path, items.len(), detail));
            } else if items.len() > list.max {
                errors.push(FieldError::too_many(path, items.len(), list.max));
            }
            errors
        }
        (Rule::Struct(of), Value::Object(map)) => {
            let fields = of.fields.iter().filter_map(|(name, rule)| Some((name, map.get(*name)?, rule)));
            let mut errors: ErrorList =
                fields.flat_map(|(name, value, rule)| schema(value, rule, &path.child(name))).collect();
            let missing = of.required.iter().filter(|name| !map.contains_key(**name));
            errors.extend(missing.map(|name| FieldError::required(&path.child(name), "")));
            errors
        }
        (Rule::Texts(most, _), Value::Object(map)) if map.len() > *most => {
            vec![FieldError::too_many(path, map.len(), *most)]
        }
        (Rule::Texts(_, max), Value::Object(map)) => {
            map.iter().flat_map(|(key, value)| schema(value, &Rule::Text(0, *max), &path.child(key))).collect()
        }
        _ => Vec::new(),
    }
}

impl Rule {
    fn type_name(&self) -> Option<&'static str> {
        Some(match self {
            Self::Any => return None,
            Self::Text(..) | Self::Formed(..) | Self::Word(_) => "string",
            Self::Flag => "boolean",
            Self::Code(_) | Self::Number(..) => "integer",
            Self::List(_) => "array",
            Self::Struct(_) | Self::Texts(..) => "object",
        })
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.as_f64().is_some_and(|number| number.fract() == 0.0) => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn is_a(value: &Value, wanted: &str) -> bool {
    type_of(value) == wanted
}

/// Models `errors.InvalidType`: the value in it is the name of its type.
fn wrong_type(value: &Value, wanted: &str, path: &Path) -> FieldError {
    let found = type_of(value);
    FieldError::type_invalid(path, found, format!("{path} in body must be of type {wanted}: \"{found}\""))
}

fn length(text: &str, min: usize, max: usize, path: &Path) -> Option<FieldError> {
    let length = text.chars().count();
    if length > max {
        return Some(FieldError::too_long(path, max));
    }
    let detail = || format!("{path} in body should be at least {min} chars long");
    (length < min).then(|| FieldError::invalid(path, text, detail()))
}

fn range(value: &Value, min: i64, max: i64, path: &Path) -> Option<String> {
    let number = value.as_i64().unwrap_or(i64::MAX);
    if number > max {
        return Some(format!("{path} in body should be less than or equal to {max}"));
    }
    (number < min).then(|| format!("{path} in body should be greater than or equal to {min}"))
}

/// Models `ValidateListSetsAndMaps`.
fn keys(value: &Value, rule: &Rule, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    if let (Rule::List(List { key: Some(key), .. }), Value::Array(items)) = (rule, value) {
        let key_of = |item: &Value| item.get(key).cloned();
        for (at, item) in items.iter().enumerate() {
            let before = items.iter().take(at).filter(|other| key_of(other) == key_of(item)).count();
            if before == 1 {
                let shown: Map<String, Value> =
                    key_of(item).into_iter().map(|found| ((*key).to_owned(), found)).collect();
                errors.push(FieldError::duplicate(&path.index(at), shown));
            }
        }
    }
    if let (Rule::List(List { set: true, .. }), Value::Array(items)) = (rule, value) {
        let again = |at: usize, item: &Value| items.iter().take(at).filter(|other| *other == item).count() == 1;
        let again = items.iter().enumerate().filter(|(at, item)| again(*at, item));
        errors.extend(again.map(|(at, item)| FieldError::duplicate(&path.index(at), item.clone())));
    }
    errors.extend(parts(value, rule, path).flat_map(|(path, value, rule)| keys(value, rule, &path)));
    errors
}

/// Models `cel.Validator.Validate`: what a rule says about a list or a map does not show it.
fn checks(value: &Value, rule: &Rule, path: &Path) -> ErrorList {
    let own = match rule {
        Rule::List(list) => list.checks,
        Rule::Struct(of) => of.checks,
        _ => &[],
    };
    let mut errors: ErrorList = own.iter().filter_map(|check| judge(value, check, rule, path)).collect();
    errors.extend(parts(value, rule, path).flat_map(|(path, value, rule)| checks(value, rule, &path)));
    errors
}

fn judge(value: &Value, check: &Check, rule: &Rule, path: &Path) -> Option<FieldError> {
    match (check.holds)(value) {
        Ok(true) => None,
        Ok(false) => Some(FieldError::invalid(path, Value::Null, check.message).omitting()),
        Err(key) => {
            let detail = format!("no such key: {key} evaluating rule: {}", check.message);
            Some(FieldError::invalid(path, rule.type_name().unwrap_or_default(), detail))
        }
    }
}

/// What a value is made of, with the rules for it.
fn parts<'a>(
    value: &'a Value,
    rule: &'a Rule,
    path: &Path,
) -> Box<dyn Iterator<Item = (Path, &'a Value, &'a Rule)> + 'a> {
    let path = path.clone();
    match (rule, value) {
        (Rule::List(list), Value::Array(items)) => {
            Box::new(items.iter().enumerate().map(move |(at, item)| (path.index(at), item, &list.item)))
        }
        (Rule::Struct(of), Value::Object(map)) => {
            Box::new(of.fields.iter().filter_map(move |(name, rule)| Some((path.child(name), map.get(*name)?, rule))))
        }
        _ => Box::new(std::iter::empty()),
    }
}
