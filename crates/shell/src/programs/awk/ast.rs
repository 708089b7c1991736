//! Programs as data.

/// An expression.
#[derive(Debug)]
pub(super) enum Expr {
    Number(f64),
    Text(String),
    /// A pattern by itself: whether the line has it.
    Regex(String),
    Variable(String),
    Field(Box<Expr>),
    Element(String, Vec<Expr>),
    Assign(&'static str, Box<Expr>, Box<Expr>),
    /// `++` and `--`: by how much, and whether the value is that before.
    Step(f64, bool, Box<Expr>),
    Condition(Box<Expr>, Box<Expr>, Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    Sign(bool, Box<Expr>),
    Binary(&'static str, Box<Expr>, Box<Expr>),
    Concat(Box<Expr>, Box<Expr>),
    /// `~`, `!~`
    Match(bool, Box<Expr>, Box<Expr>),
    In(Vec<Expr>, String),
    /// A list in parentheses, before `in`.
    Group(Vec<Expr>),
    Call(String, Vec<Expr>),
    Getline,
}

/// Where `print` goes.
#[derive(Debug)]
pub(super) enum Target {
    Output,
    File { name: Expr, append: bool },
    Command(Expr),
}

#[derive(Debug)]
pub(super) enum Statement {
    Expr(Expr),
    Print(Vec<Expr>, Target),
    Printf(Vec<Expr>, Target),
    If(Expr, Box<Statement>, Option<Box<Statement>>),
    While(Expr, Box<Statement>),
    Do(Box<Statement>, Expr),
    For(Option<Box<Statement>>, Option<Expr>, Option<Box<Statement>>, Box<Statement>),
    ForIn(String, String, Box<Statement>),
    Block(Vec<Statement>),
    Break,
    Continue,
    Next,
    Exit(Option<Expr>),
    Return(Option<Expr>),
    Delete(String, Vec<Expr>),
}

/// When a rule applies.
#[derive(Debug)]
pub(super) enum When {
    Begin,
    End,
    Always,
    If(Expr),
    /// From one line to another.
    Between(Expr, Expr),
}

#[derive(Debug)]
pub(super) struct Rule {
    pub(super) when: When,
    /// Without one the line is printed.
    pub(super) action: Option<Vec<Statement>>,
}

#[derive(Debug)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) parameters: Vec<String>,
    pub(super) body: Vec<Statement>,
}

#[derive(Debug, Default)]
pub(super) struct Program {
    pub(super) rules: Vec<Rule>,
    pub(super) functions: Vec<Function>,
}
