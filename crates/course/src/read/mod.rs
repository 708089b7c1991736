//! Text to values with complaints that have a place. Reading never stops at the first mistake: what is missing or wrong
//! becomes an empty value and a complaint, and whoever reads a whole file looks at the complaints in the end.

mod node;

use std::cell::RefCell;

use api::arrange::Arrange;
use api::{Path, Value};
use manifest::{Document, Position};

use crate::limits;
use crate::problem::Problem;

pub(crate) use node::Node;

/// A file that is being read.
pub(crate) struct Source<'a> {
    file: &'a str,
    document: Document,
    value: Value,
    problems: RefCell<Vec<Problem>>,
}

impl<'a> Source<'a> {
    /// Reads a file of one document.
    ///
    /// # Errors
    /// When it is no YAML, is too large, or has more than one document.
    pub(crate) fn new(file: &'a str, text: &str) -> Result<Self, Vec<Problem>> {
        let whole = |message: String| vec![at(file, Position::default(), message)];
        if text.len() > limits::FILE {
            return Err(whole(format!("this file is larger than {} bytes", limits::FILE)));
        }
        let stream = manifest::parse(text);
        let broken: Vec<Problem> =
            stream.errors().map(|error| at(file, error.span().start, error.friendly().to_owned())).collect();
        if !broken.is_empty() {
            return Err(broken);
        }
        let mut documents = stream.documents.into_iter().filter(|document| !document.is_empty());
        let (Some(document), None) = (documents.next(), documents.next()) else {
            return Err(whole("this file must hold one document".to_owned()));
        };
        let again = document.duplicates().iter();
        let problems =
            again.map(|twice| at(file, twice.again.start, format!("{} stands here again", twice.key))).collect();
        let value = document.value().cloned().unwrap_or_default();
        Ok(Self { file, document, value, problems: RefCell::new(problems) })
    }

    /// The root.
    pub(crate) fn root(&self) -> Node<'_> {
        Node::new(self, &self.value, Path::default())
    }

    /// What was complained of, from the top.
    pub(crate) fn problems(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        problems.arrange();
        problems
    }

    fn complain(&self, path: &Path, message: String) {
        let place = self.document.nearest_span_of(path).unwrap_or(self.document.span);
        self.problems.borrow_mut().push(at(self.file, place.start, message));
    }
}

/// A complaint at a place.
pub(crate) fn at(file: &str, place: Position, message: String) -> Problem {
    Problem { file: file.to_owned(), line: place.line + 1, column: place.column + 1, message }
}
