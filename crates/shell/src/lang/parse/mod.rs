//! Text to commands. One pass over the characters; here-documents are filled in where their line ends.

mod commands;
mod words;

pub(crate) use words::is_name;

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::Dialect;
use super::ast::{Script, Word};

/// Why a text is no command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct SyntaxError {
    pub(crate) fault: Fault,
    /// The line, from 1.
    pub(crate) line: usize,
}

/// What is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Fault {
    /// The text ends within a command; more lines may complete it. What would have to come.
    End { expecting: Option<&'static str> },
    /// The text ends within quotes, a substitution or the like.
    Open(char),
    /// A word or sign that cannot stand there, and what could.
    Unexpected { token: String, expecting: Option<&'static str> },
    /// `${` with nonsense in it.
    BadSubstitution(String),
}

impl SyntaxError {
    /// Whether more lines may mend it.
    pub(crate) fn is_incomplete(&self) -> bool {
        matches!(self.fault, Fault::End { .. } | Fault::Open(_))
    }
}

pub(crate) type Result<T> = std::result::Result<T, SyntaxError>;

/// Parses a whole text.
pub(crate) fn parse(text: &str, dialect: Dialect, aliases: &BTreeMap<String, String>) -> Result<Script> {
    let mut parser = Parser {
        chars: text.chars().collect(),
        at: 0,
        dialect,
        aliases,
        alias_end: 0,
        in_alias: Vec::new(),
        here: Vec::new(),
        depth: 0,
    };
    let script = parser.script(&[])?;
    parser.skip_blank();
    match parser.peek() {
        None => parser.no_open_here_document().map(|()| script),
        Some(_) => Err(parser.unexpected(None)),
    }
}

/// A here-document whose text has not begun.
struct HereDocument {
    end: String,
    /// Whether nothing in it is expanded.
    quoted: bool,
    strip_tabs: bool,
    slot: Rc<OnceCell<Word>>,
}

struct Parser<'a> {
    chars: Vec<char>,
    at: usize,
    dialect: Dialect,
    aliases: &'a BTreeMap<String, String>,
    /// Up to where the text came out of an alias, and of which: these are not expanded again.
    alias_end: usize,
    in_alias: Vec<String>,
    here: Vec<HereDocument>,
    /// How deep commands are nested: a bound for bad input.
    depth: usize,
}

/// Deeper nesting than this is refused.
const DEEPEST: usize = 100;

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn peek_at(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn next(&mut self) -> Option<char> {
        let char = self.peek()?;
        self.at += 1;
        Some(char)
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = text.chars().enumerate().all(|(ahead, char)| self.peek_at(ahead) == Some(char));
        if found {
            self.at += text.chars().count();
        }
        found
    }

    fn line(&self) -> usize {
        1 + self.chars.iter().take(self.at).filter(|char| **char == '\n').count()
    }

    fn error<T>(&self, fault: Fault) -> Result<T> {
        Err(SyntaxError { fault, line: self.line() })
    }

    /// Blanks, escaped ends of line and comments; not the end of the line.
    fn skip_blank(&mut self) {
        loop {
            match self.peek() {
                Some(' ' | '\t' | '\r') => self.at += 1,
                Some('\\') if self.peek_at(1) == Some('\n') => self.at += 2,
                Some('#') => {
                    while self.peek().is_some_and(|char| char != '\n') {
                        self.at += 1;
                    }
                }
                _ => return,
            }
        }
    }

    /// Ends of line, and what lies between them; here-documents begin at the first.
    fn skip_lines(&mut self) -> Result<()> {
        loop {
            self.skip_blank();
            if self.peek() != Some('\n') {
                return Ok(());
            }
            self.at += 1;
            self.read_here_documents()?;
        }
    }

    fn read_here_documents(&mut self) -> Result<()> {
        for document in std::mem::take(&mut self.here) {
            let mut text = String::new();
            loop {
                if self.peek().is_none() {
                    return self.error(Fault::End { expecting: None });
                }
                let mut line = String::new();
                while let Some(char) = self.next() {
                    line.push(char);
                    if char == '\n' {
                        break;
                    }
                }
                let line = if document.strip_tabs { line.trim_start_matches('\t') } else { &line };
                if line.trim_end_matches('\n') == document.end {
                    break;
                }
                text.push_str(line);
            }
            let word = if document.quoted { Word::literal(text) } else { self.here_text(&text)? };
            // It was empty: each document is read once.
            let _ = document.slot.set(word);
        }
        Ok(())
    }

    fn no_open_here_document(&self) -> Result<()> {
        if self.here.is_empty() { Ok(()) } else { self.error(Fault::End { expecting: None }) }
    }

    /// The error of whatever stands here.
    fn unexpected(&self, expecting: Option<&'static str>) -> SyntaxError {
        let line = self.line();
        let rest = &self.chars[self.at.min(self.chars.len())..];
        let token: String = match rest {
            [] => return SyntaxError { fault: Fault::End { expecting }, line },
            ['\n', ..] => "newline".to_owned(),
            [first @ (';' | '&' | '|' | '<' | '>' | '(' | ')'), second, ..] if first == second && *first != '(' => {
                [*first, *second].iter().collect()
            }
            [first @ (';' | '&' | '|' | '<' | '>' | '(' | ')'), ..] => first.to_string(),
            _ => rest.iter().take_while(|char| !char.is_whitespace() && !";&|<>()".contains(**char)).collect(),
        };
        SyntaxError { fault: Fault::Unexpected { token, expecting }, line }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Option<Fault> {
        parse(text, Dialect::Bash, &BTreeMap::new()).err().map(|error| error.fault)
    }

    #[test]
    fn whole_commands_are_taken() {
        for text in [
            "",
            "# nothing",
            "a && b || c; d & e",
            "for i in 1 2; do echo $i; done",
            "for i in $(seq 3)\ndo\n  echo $i\ndone",
            "while true; do wget -qO- web; sleep 1; done",
            "if a; then b; elif c; then d; else e; fi",
            "case $x in a|b) echo 1;; *) echo 2 ;; esac",
            "cat <<EOF | kubectl apply -f -\nkind: Service\nEOF",
            "f() { echo hi; }; f",
            "(cd /tmp; ls) > out 2>&1",
            "echo \"a $(echo \"b\") `echo c` ${x:-d} $((1 + (2)))\"",
            "echo a#b '#' $# ${#x}",
            "for ((i=0; i<3; i++)); do echo $i; done",
            "[[ $a == b* && -n $c ]] && (( x > 3 ))",
            "echo {a,b} \\\n  next",
        ] {
            assert_eq!(fault(text), None, "{text}");
        }
    }

    #[test]
    fn faults_are_named() {
        let end = |expecting| Fault::End { expecting };
        let unexpected = |token: &str, expecting| Fault::Unexpected { token: token.to_owned(), expecting };
        for (text, want) in [
            ("if", end(Some("then"))),
            ("for i in 1 2", end(Some("do"))),
            ("while x; do y", end(Some("done"))),
            ("echo 'a", Fault::Open('\'')),
            ("echo \"a", Fault::Open('"')),
            ("cat <<EOF\nx", end(None)),
            ("a &&", end(None)),
            ("a |", end(None)),
            ("done", unexpected("done", None)),
            ("echo )", unexpected(")", None)),
            (";;", unexpected(";;", None)),
            ("; a", unexpected(";", None)),
            ("if x; done", unexpected("done", Some("then"))),
            ("echo >", unexpected("newline", None)),
        ] {
            assert_eq!(fault(text), Some(want), "{text}");
        }
    }
}
