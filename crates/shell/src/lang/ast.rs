//! Commands as data.

use std::cell::OnceCell;
use std::rc::Rc;

/// Commands one after the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script(pub(crate) Vec<Item>);

/// One of them: pipelines joined by `&&` and `||`.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) first: Pipeline,
    pub(crate) rest: Vec<(Join, Pipeline)>,
    /// Whether `&` follows.
    pub(crate) background: bool,
    /// As typed, for `jobs`.
    pub(crate) text: String,
}

/// On what the next pipeline depends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Join {
    And,
    Or,
}

/// Commands that feed each other.
#[derive(Clone, Debug)]
pub(crate) struct Pipeline {
    /// Whether `!` turns its status round.
    pub(crate) negated: bool,
    /// Whether `time` measures it.
    pub(crate) timed: bool,
    pub(crate) commands: Vec<Command>,
}

/// A command with its redirections.
#[derive(Clone, Debug)]
pub(crate) struct Command {
    pub(crate) kind: Kind,
    pub(crate) redirects: Vec<Redirect>,
    /// The line it begins in, from 1.
    pub(crate) line: usize,
}

/// What a command is.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// Words, the first of which names what runs.
    Simple {
        /// Before the words; after `declare` and its kin those of lists, which are made when it has run.
        assignments: Vec<Assignment>,
        words: Vec<Word>,
    },
    /// `{ ...; }`
    Group(Script),
    /// `( ... )`
    Subshell(Script),
    /// `if` and `elif` with what follows them, and `else`.
    If { branches: Vec<(Script, Script)>, otherwise: Option<Script> },
    /// `for name in words`; without `in` over the arguments.
    For { name: String, words: Option<Vec<Word>>, body: Script },
    /// `for ((start; condition; step))`
    Count { parts: [Word; 3], body: Script },
    /// `while` and `until`.
    While { until: bool, condition: Script, body: Script },
    /// `case`
    Case { word: Word, arms: Vec<(Vec<Word>, Script)> },
    /// `name() ...`
    Function { name: String, body: Rc<Command> },
    /// `[[ ... ]]`
    Test(Vec<Word>),
    /// `(( ... ))`
    Arithmetic(Word),
}

/// `name=value`, `name[index]+=value`, `name=(values)`.
#[derive(Clone, Debug)]
pub(crate) struct Assignment {
    pub(crate) name: String,
    pub(crate) index: Option<Word>,
    /// Whether it adds to what is there (`+=`).
    pub(crate) add: bool,
    pub(crate) value: Assigned,
}

/// What is assigned.
#[derive(Clone, Debug)]
pub(crate) enum Assigned {
    Text(Word),
    /// `(a b)`, `([key]=a)`
    List(Vec<Word>),
}

/// A redirection of one stream.
#[derive(Clone, Debug)]
pub(crate) struct Redirect {
    pub(crate) stream: u8,
    pub(crate) to: Target,
}

/// Where a stream is redirected.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// `< file`
    Read(Word),
    /// `> file`, `>> file`
    Write { file: Word, append: bool },
    /// `&> file`, `&>> file`
    Both { file: Word, append: bool },
    /// `2>&1`
    Same(Word),
    /// `<<EOF`: the text is read where the line ends.
    Here(Rc<OnceCell<Word>>),
    /// `<<< word`
    Text(Word),
}

/// A word before expansion.
#[derive(Clone, Debug, Default)]
pub(crate) struct Word(pub(crate) Vec<Part>);

/// A piece of a word.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    /// Plain text: may be a pattern.
    Bare(String),
    /// Text that stands for itself.
    Quoted(String),
    /// What double quotes hold together.
    Double(Vec<Part>),
    /// `$name`, `${name...}`, `${name[index]...}`
    Variable { name: String, index: Option<Word>, change: Change },
    /// `$(...)`, backticks.
    Command(Rc<Script>),
    /// `<(...)`: a file that holds what the commands write.
    File(Rc<Script>),
    /// `$((...))`
    Arithmetic(Word),
}

/// What `${name...}` makes of a value.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    None,
    /// `${#name}`
    Length,
    /// `${!name}`: the variable that the value names; `${!name[@]}`: the keys of a list.
    Indirect,
    /// `${name-word}` and its kin: the operator, whether the empty value counts as unset, the word.
    Absent {
        operator: char,
        or_empty: bool,
        word: Word,
    },
    /// `${name#pattern}`, `%`: from which end, whether the longest.
    Strip {
        from_end: bool,
        longest: bool,
        pattern: Word,
    },
    /// `${name/pattern/by}`
    Replace {
        all: bool,
        pattern: Word,
        by: Word,
    },
    /// `${name:from:length}`
    Slice {
        from: Word,
        length: Option<Word>,
    },
    /// `${name^^}`, `${name,,}`
    Case {
        upper: bool,
        all: bool,
    },
}

impl Word {
    /// The text of a word without quotes and expansions, such as a keyword.
    pub(crate) fn bare(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Part::Bare(text)] => Some(text),
            _ => None,
        }
    }

    /// A word that stands for itself.
    pub(crate) fn literal(text: impl Into<String>) -> Self {
        Self(vec![Part::Quoted(text.into())])
    }
}
