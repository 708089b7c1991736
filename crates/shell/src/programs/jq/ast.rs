//! Programs as data.

use super::value::Json;

/// A filter.
#[derive(Debug)]
pub(super) enum Ast {
    Identity,
    Literal(Json),
    /// `@name`
    Format(String),
    /// `"text\(...)"`, with the format that its insertions take.
    Text(Option<String>, Vec<Piece>),
    Index(Box<Ast>, Box<Ast>),
    Slice(Box<Ast>, Option<Box<Ast>>, Option<Box<Ast>>),
    Iterate(Box<Ast>),
    /// `try`, `?`
    Try(Box<Ast>, Option<Box<Ast>>),
    Pipe(Box<Ast>, Box<Ast>),
    Comma(Box<Ast>, Box<Ast>),
    Negate(Box<Ast>),
    /// A sign of arithmetic or comparison.
    Binary(&'static str, Box<Ast>, Box<Ast>),
    And(Box<Ast>, Box<Ast>),
    Or(Box<Ast>, Box<Ast>),
    /// `//`
    Otherwise(Box<Ast>, Box<Ast>),
    /// `=`, `|=`, `+=` and so on.
    Assign(&'static str, Box<Ast>, Box<Ast>),
    If(Box<Ast>, Box<Ast>, Box<Ast>),
    Reduce(Box<Ast>, Pattern, Box<Ast>, Box<Ast>),
    Foreach(Box<Ast>, Pattern, Box<Ast>, Box<Ast>, Option<Box<Ast>>),
    As(Box<Ast>, Vec<Pattern>, Box<Ast>),
    Define(Box<Function>, Box<Ast>),
    Call(String, Vec<Ast>),
    Variable(String),
    /// Keys with their values; a key alone names the field of the input.
    Object(Vec<(Ast, Option<Ast>)>),
    Array(Option<Box<Ast>>),
    Label(String, Box<Ast>),
    Break(String),
}

/// A piece of a string.
#[derive(Debug)]
pub(super) enum Piece {
    Text(String),
    Insertion(Ast),
}

/// `def name(parameters): body;`
#[derive(Debug)]
pub(super) struct Function {
    pub(super) name: String,
    /// A leading `$` makes it a variable too.
    pub(super) parameters: Vec<String>,
    pub(super) body: Ast,
}

/// What a value is taken apart into.
#[derive(Debug)]
pub(super) enum Pattern {
    Variable(String),
    Array(Vec<Pattern>),
    Object(Vec<(Option<String>, Ast, Option<Pattern>)>),
}
