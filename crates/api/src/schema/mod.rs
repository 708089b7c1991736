//! What fields every kind has, with their Go types: what strict decoding, patches, completion and `kubectl explain`
//! look up.
//!
//! The table is the committed `schema/fields.txt`, written by `cargo run -p schemagen` from the published API types.

mod parse;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::{Kind, Path, Segment};

/// The table; parsed once.
#[must_use]
pub fn schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| parse::schema(include_str!("../../schema/fields.txt")))
}

/// Every type of the API, by name with its package (`core.v1.ServicePort`).
#[derive(Debug, Default)]
pub struct Schema {
    structs: Vec<Struct>,
    named: Vec<Type>,
    /// Where the names are in the lists above.
    names: BTreeMap<&'static str, Place>,
    enums: BTreeMap<&'static str, Vec<&'static str>>,
}

/// A type with fields.
#[derive(Debug)]
pub struct Struct {
    /// The name with its package, such as `core.v1.ServicePort`; the key into the documentation files.
    pub name: &'static str,
    /// Sorted by name.
    pub fields: Vec<Field>,
    /// Whether server-side apply takes it as a whole.
    pub atomic: bool,
    /// The fields that are printed though nobody wrote them, by their place in `fields`.
    printed: Vec<usize>,
}

/// A field of a struct.
#[derive(Debug)]
pub struct Field {
    /// The name in manifests.
    pub name: &'static str,
    /// Its place among the fields of the Go struct, from 0: the order in which Go prints them.
    pub place: usize,
    /// Its Go type.
    pub ty: Type,
    /// The struct embedded in its own that Go has it from; Go's messages name it.
    pub via: Option<&'static str>,
    /// Whether the API says that it must be there (`-required-` in `kubectl explain`).
    pub required: bool,
    /// When an empty value is left out of what is written.
    pub omit: Omit,
    /// How a strategic merge patch treats it.
    pub patch: PatchStrategy,
    /// How server-side apply treats it, when it is a list, a map or a struct.
    pub topology: Topology,
}

/// When the encoder leaves a field out: Go's `omitempty` and `omitzero`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Omit {
    /// Never: an absent value is written as its zero value.
    Never,
    /// `omitempty`: zero scalars, empty lists and maps, nil pointers; never a struct.
    Empty,
    /// `omitzero`: also an empty struct or time.
    Zero,
}

/// The `patchStrategy` and `patchMergeKey` tags.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct PatchStrategy {
    /// Items are merged rather than the list replaced.
    pub merge: bool,
    /// What identifies an item of a merged list; `None` for lists of scalars.
    pub merge_key: Option<&'static str>,
    /// Fields that the patch does not name are dropped.
    pub retain_keys: bool,
}

/// The `x-kubernetes-list-type`, `-map-type` and `-list-map-keys` of server-side apply.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Topology {
    /// Maps and structs key by key; lists as a whole.
    #[default]
    Default,
    /// As a whole.
    Atomic,
    /// Every value once.
    Set,
    /// Items identified by these fields together.
    Keyed(Vec<&'static str>),
}

/// A Go type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Type {
    /// A type that has no parts.
    Scalar(Scalar),
    /// A struct or a named type.
    Named(Name),
    /// `*T`.
    Pointer(Box<Type>),
    /// `[]T`.
    List(Box<Type>),
    /// `map[K]T` with string keys; the key's Go type and the value's.
    Map(Box<Type>, Box<Type>),
}

/// A name with its package, and what it stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Name {
    /// Such as `core.v1.ServicePort`.
    pub text: &'static str,
    place: Place,
}

/// Where a schema has a name: it is looked up once, when the table is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    Struct(usize),
    Named(usize),
    /// Not defined: the table's own test rules it out.
    Unknown,
}

/// The types without parts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scalar {
    /// `bool`
    Bool,
    /// `int32`
    Int32,
    /// `int64`
    Int64,
    /// `float64`
    Float64,
    /// `string`
    String,
    /// `[]byte`, base64 in manifests
    Bytes,
    /// `resource.Quantity`
    Quantity,
    /// `intstr.IntOrString`
    IntOrString,
    /// `metav1.Time`, whole seconds
    Time,
    /// `metav1.MicroTime`
    MicroTime,
    /// Any tree: `runtime.RawExtension`, `metav1.FieldsV1`
    Any,
}

/// A type with its names and pointers looked through.
#[derive(Clone, Copy, Debug)]
pub enum Shape<'a> {
    /// A struct.
    Struct(&'a Struct),
    /// A list of this.
    List(&'a Type),
    /// A map from strings to this.
    Map(&'a Type),
    /// A type without parts.
    Scalar(Scalar),
}

impl Schema {
    /// A struct by its name with its package.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Struct> {
        match self.names.get(name) {
            Some(Place::Struct(place)) => self.structs.get(*place),
            _ => None,
        }
    }

    /// The struct of a kind, such as `core.v1.Service`.
    #[must_use]
    pub fn of_kind(&self, kind: &Kind) -> Option<&Struct> {
        let package = kind.group.split('.').next().filter(|label| !label.is_empty()).unwrap_or("core");
        self.get(&format!("{package}.{}.{}", kind.version, kind.kind))
    }

    /// What a type is behind its names and pointers.
    #[must_use]
    pub fn shape<'a>(&'a self, ty: &'a Type) -> Shape<'a> {
        match ty {
            Type::Scalar(scalar) => Shape::Scalar(*scalar),
            Type::Pointer(of) => self.shape(of),
            Type::List(of) => Shape::List(of),
            Type::Map(_, of) => Shape::Map(of),
            Type::Named(name) => match name.place {
                Place::Struct(place) => self.structs.get(place).map_or(Shape::Scalar(Scalar::Any), Shape::Struct),
                Place::Named(place) => self.named.get(place).map_or(Shape::Scalar(Scalar::Any), |of| self.shape(of)),
                Place::Unknown => Shape::Scalar(Scalar::Any),
            },
        }
    }

    /// A type as `kubectl explain` names it: `[]ServicePort`, `integer`. Models the template `typeGuess`.
    #[must_use]
    pub fn explained(&self, ty: &Type) -> String {
        match self.shape(ty) {
            Shape::Struct(of) => of.go_name().to_owned(),
            Shape::List(of) => format!("[]{}", self.explained(of)),
            Shape::Map(of) => format!("map[string]{}", self.explained(of)),
            Shape::Scalar(scalar) => match scalar {
                Scalar::Bool => "boolean",
                Scalar::Int32 | Scalar::Int64 => "integer",
                Scalar::Float64 => "number",
                Scalar::String | Scalar::Bytes | Scalar::Time | Scalar::MicroTime => "string",
                Scalar::Quantity => "Quantity",
                Scalar::IntOrString => "IntOrString",
                Scalar::Any => "FieldsV1",
            }
            .to_owned(),
        }
    }

    /// The values of an enumeration, sorted; empty for other types. For completion and `kubectl explain`: decoding takes
    /// any string, and validation says what is wrong with it.
    #[must_use]
    pub fn enum_values(&self, ty: &Type) -> &[&'static str] {
        match ty.pointee() {
            Type::Named(name) => self.enums.get(name.text).map_or(&[], Vec::as_slice),
            _ => &[],
        }
    }

    /// The type at a path of an object: fields, list items and map keys; a map's key may also be given as a field.
    #[must_use]
    pub fn type_at(&self, kind: &Kind, path: &Path) -> Option<&Type> {
        self.walk(kind, path).and_then(|(ty, _)| ty)
    }

    /// The field that a path ends in; `None` when it ends in a list item or a map key, or is not known.
    #[must_use]
    pub fn field_at(&self, kind: &Kind, path: &Path) -> Option<&Field> {
        self.walk(kind, path).and_then(|(_, field)| field)
    }

    /// The fields below a path: those of the struct there, or of the kind itself when the path is empty.
    #[must_use]
    pub fn fields_at(&self, kind: &Kind, path: &Path) -> Option<&Struct> {
        match self.walk(kind, path)?.0 {
            None => self.of_kind(kind),
            Some(ty) => match self.shape(ty) {
                Shape::Struct(of) => Some(of),
                _ => None,
            },
        }
    }

    fn walk(&self, kind: &Kind, path: &Path) -> Option<(Option<&Type>, Option<&Field>)> {
        let mut shape = Shape::Struct(self.of_kind(kind)?);
        let mut at = (None, None);
        for segment in path.segments() {
            at = match (shape, segment) {
                (Shape::Struct(of), Segment::Field(name)) => {
                    let field = of.field(name)?;
                    (Some(&field.ty), Some(field))
                }
                (Shape::List(item), Segment::Index(_)) => (Some(item), None),
                (Shape::Map(value), Segment::Key(_) | Segment::Field(_)) => (Some(value), None),
                _ => return None,
            };
            shape = self.shape(at.0?);
        }
        Some(at)
    }
}

impl Struct {
    /// A field by its name; case matters.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.binary_search_by(|field| field.name.cmp(name)).ok().and_then(|at| self.fields.get(at))
    }

    /// The fields that are printed though nobody wrote them.
    pub(crate) fn printed(&self) -> impl Iterator<Item = &Field> {
        self.printed.iter().filter_map(|place| self.fields.get(*place))
    }

    /// The name as Go's messages have it: `ServicePort`.
    #[must_use]
    pub fn go_name(&self) -> &'static str {
        self.name.rsplit('.').next().unwrap_or(self.name)
    }
}

impl Type {
    /// The type as Go prints it: `[]v1.ServicePort`, `map[string]string`.
    #[must_use]
    pub fn go_name(&self) -> String {
        match self {
            Self::Scalar(scalar) => scalar.go_name().to_owned(),
            // `core.v1.ServicePort` is `ServicePort` of the Go package `v1`; `types.UID` has no version.
            Self::Named(name) => match name.text.splitn(3, '.').collect::<Vec<_>>()[..] {
                [_, version, name] => format!("{version}.{name}"),
                _ => name.text.to_owned(),
            },
            Self::Pointer(of) => format!("*{}", of.go_name()),
            Self::List(of) => format!("[]{}", of.go_name()),
            Self::Map(key, of) => format!("map[{}]{}", key.go_name(), of.go_name()),
        }
    }

    /// Whether this is a pointer: absent and zero are told apart.
    #[must_use]
    pub fn is_pointer(&self) -> bool {
        matches!(self, Self::Pointer(_))
    }

    /// The type behind pointers.
    #[must_use]
    pub fn pointee(&self) -> &Type {
        match self {
            Self::Pointer(of) => of.pointee(),
            other => other,
        }
    }
}

impl Scalar {
    /// The type as Go prints it.
    #[must_use]
    pub fn go_name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Float64 => "float64",
            Self::String => "string",
            Self::Bytes => "[]uint8",
            Self::Quantity => "resource.Quantity",
            Self::IntOrString => "intstr.IntOrString",
            Self::Time => "v1.Time",
            Self::MicroTime => "v1.MicroTime",
            Self::Any => "interface {}",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KINDS;

    #[test]
    fn every_kind_and_every_name_is_in_the_table() {
        let schema = schema();
        for kind in KINDS {
            assert!(schema.of_kind(kind).is_some(), "{kind:?}");
        }
        for of in &schema.structs {
            assert!(of.fields.is_sorted_by_key(|field| field.name), "{}", of.name);
            for field in &of.fields {
                let mut names = Vec::new();
                names_in(&field.ty, &mut names);
                for name in names {
                    assert_ne!(name.place, Place::Unknown, "{}.{} is of {}", of.name, field.name, name.text);
                }
            }
        }
    }

    fn names_in(ty: &Type, names: &mut Vec<Name>) {
        match ty {
            Type::Scalar(_) => {}
            Type::Named(name) => names.push(*name),
            Type::Pointer(of) | Type::List(of) => names_in(of, names),
            Type::Map(key, of) => {
                names_in(key, names);
                names_in(of, names);
            }
        }
    }

    #[test]
    fn paths_lead_to_types() {
        let schema = schema();
        let service = &crate::service::KIND;
        let ports = Path::new("spec.ports");
        let field = schema.field_at(service, &ports).unwrap();
        assert_eq!(field.ty.go_name(), "[]v1.ServicePort");
        assert_eq!((field.patch.merge, field.patch.merge_key), (true, Some("port")));
        assert_eq!(field.topology, Topology::Keyed(vec!["port", "protocol"]));
        assert_eq!(field.omit, Omit::Empty);
        let port = ports.index(0).child("port");
        let field = schema.field_at(service, &port).unwrap();
        assert_eq!((field.required, field.omit, &field.ty), (true, Omit::Never, &Type::Scalar(Scalar::Int32)));
        let app = Path::new("spec.selector").key("app");
        assert_eq!(schema.type_at(service, &app), Some(&Type::Scalar(Scalar::String)));
        assert_eq!(schema.field_at(service, &app).map(|field| field.name), None);
        assert!(schema.type_at(service, &Path::new("spec.Ports")).is_none());
        assert_eq!(schema.fields_at(service, &Path::default()).unwrap().name, "core.v1.Service");
        let protocol = ports.index(0).child("protocol");
        let protocol = schema.type_at(service, &protocol).unwrap();
        assert_eq!(schema.enum_values(protocol), ["SCTP", "TCP", "UDP"]);
        let limits = Path::new("spec.containers").index(0).child("resources").child("limits");
        let limits = schema.type_at(&crate::pod::KIND, &limits).unwrap();
        assert_eq!(limits.go_name(), "v1.ResourceList");
        assert!(matches!(schema.shape(limits), Shape::Map(Type::Scalar(Scalar::Quantity))));
    }
}
