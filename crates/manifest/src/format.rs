//! The indentation that everybody uses: two spaces a level, list items two in from the key that holds them. Comments, order,
//! quotes and blank lines stay. What the text means is compared before and after, so a format never changes it.

use crate::document::Document;
use crate::stream::parse;

/// A part of a text to put something else in place of. Offsets in bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What to put there.
    pub insert: String,
}

/// The changes that format a text, from the top. None where there is nothing to do, and none in a document that cannot be
/// read.
#[must_use]
pub fn format(text: &str) -> Vec<Edit> {
    let stream = parse(text);
    let mut edits = Vec::new();
    for document in stream.documents.iter().filter(|document| document.errors().is_empty()) {
        Layout::of(text, document).lines(&mut edits);
    }
    let formatted = apply(text, &edits);
    let after = parse(&formatted);
    let same = after.documents.len() == stream.documents.len()
        && after.documents.iter().zip(&stream.documents).all(|(after, before)| after.value() == before.value());
    if same { edits } else { Vec::new() }
}

/// A text after changes.
fn apply(text: &str, edits: &[Edit]) -> String {
    let (mut done, mut at) = (String::with_capacity(text.len()), 0);
    for edit in edits {
        done.push_str(&text[at..edit.start]);
        done.push_str(&edit.insert);
        at = edit.end;
    }
    done.push_str(&text[at..]);
    done
}

/// A list or an object that the reader is in: the column it had, and the one it gets.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Level {
    before: usize,
    after: usize,
    list: bool,
}

/// One document on its way to another indentation.
struct Layout<'t> {
    text: &'t str,
    start: usize,
    end: usize,
    /// Scalars and flow collections that go over several lines.
    long: Vec<(usize, usize)>,
    levels: Vec<Level>,
    /// Comment lines that wait for the line below them: where each begins.
    comments: Vec<usize>,
    /// How far the last line with a key or a dash was moved.
    moved: isize,
}

impl<'t> Layout<'t> {
    fn of(text: &'t str, document: &Document) -> Self {
        let long = document.long_spans().map(|span| (span.start.byte, span.end.byte)).collect();
        let (start, end) = (document.span.start.byte, document.span.end.byte);
        Self { text, start, end, long, levels: Vec::new(), comments: Vec::new(), moved: 0 }
    }

    fn lines(mut self, edits: &mut Vec<Edit>) {
        let mut at = self.start;
        while at < self.end {
            let line = line_at(self.text, at);
            let whole = at == 0 || self.text[..at].ends_with('\n');
            let inside = self.long.iter().any(|(start, end)| *start < at && at < *end);
            let content = line.trim_start_matches(' ');
            let marker = line.starts_with(['%', '\t']) || line.starts_with("---") || line.starts_with("...");
            if inside {
                self.shift(at, line, edits);
            } else if !whole || marker {
                self.comments.clear();
            } else if content.starts_with('#') {
                self.comments.push(at);
            } else if !content.trim().is_empty() {
                self.structure(at, line, edits);
            }
            at += line.len() + 1;
        }
        self.place_comments(None, edits);
    }

    /// A line that begins with dashes, a key, or both.
    fn structure(&mut self, at: usize, line: &str, edits: &mut Vec<Edit>) {
        let mut column = line.len() - line.trim_start_matches(' ').len();
        let first = column;
        let mut prefix = String::new();
        loop {
            let rest = &line[column..];
            let list = rest == "-" || rest.starts_with("- ");
            let level = self.level(column, list);
            if prefix.is_empty() {
                prefix = " ".repeat(level.after);
            }
            self.moved = isize(level.after) - isize(level.before);
            if !list {
                break;
            }
            prefix.push_str("- ");
            let behind = rest[1..].trim_start_matches(' ');
            if behind.is_empty() {
                prefix.pop();
                column = line.len();
                break;
            }
            column = line.len() - behind.len();
        }
        self.place_comments(Some((first, prefix.len() - prefix.trim_start_matches(' ').len())), edits);
        replace(edits, at, at + column, prefix, &line[..column]);
        let end = line.trim_end_matches([' ', '\t']).len();
        // The first line of a long scalar ends where its text goes on.
        if end > column && end < line.len() {
            edits.push(Edit { start: at + end, end: at + line.len(), insert: String::new() });
        }
    }

    /// The list or the object that a dash or a key at a column belongs to.
    fn level(&mut self, column: usize, list: bool) -> Level {
        while self.levels.last().is_some_and(|top| top.before > column || (top.before == column && top.list && !list)) {
            self.levels.pop();
        }
        match self.levels.last() {
            Some(top) if top.before == column && top.list == list => *top,
            top => {
                let after = top.map_or(0, |top| top.after + 2);
                let level = Level { before: column, after, list };
                self.levels.push(level);
                level
            }
        }
    }

    /// A line inside of a long scalar or a flow collection moves as the line that began it did.
    fn shift(&self, at: usize, line: &str, edits: &mut Vec<Edit>) {
        let indent = line.len() - line.trim_start_matches(' ').len();
        if indent == line.len() {
            return;
        }
        let wanted = usize::try_from(isize(indent) + self.moved).unwrap_or_default();
        replace(edits, at, at + indent, " ".repeat(wanted), &line[..indent]);
    }

    /// Comments stand as the line below them does if they did so before, or as the level whose column they had.
    fn place_comments(&mut self, below: Option<(usize, usize)>, edits: &mut Vec<Edit>) {
        for at in std::mem::take(&mut self.comments) {
            let line = line_at(self.text, at);
            let indent = line.len() - line.trim_start_matches(' ').len();
            let level = || self.levels.iter().rev().find(|level| level.before == indent).map(|level| level.after);
            let shifted = || usize::try_from(isize(indent) + self.moved).unwrap_or_default();
            let wanted = below.filter(|(before, _)| *before == indent).map(|(_, after)| after);
            let wanted = wanted.or_else(level).unwrap_or_else(shifted);
            replace(edits, at, at + indent, " ".repeat(wanted), &line[..indent]);
        }
    }
}

/// The line that begins at a byte, without its end.
fn line_at(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    rest.find('\n').map_or(rest, |end| &rest[..end])
}

fn replace(edits: &mut Vec<Edit>, start: usize, end: usize, insert: String, written: &str) {
    if insert != written {
        edits.push(Edit { start, end, insert });
    }
}

fn isize(column: usize) -> isize {
    isize::try_from(column).unwrap_or(isize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formatted(text: &str) -> String {
        apply(text, &format(text))
    }

    #[test]
    fn indentation_is_made_the_usual_one() {
        for (text, want) in [
            (
                "kind: Service\nspec:\n    ports:\n    - port: 80\n      name: a\n    type: ClusterIP\n",
                "kind: Service\nspec:\n  ports:\n    - port: 80\n      name: a\n  type: ClusterIP\n",
            ),
            (
                "a:\n - b:   1\n   c:\n       - 1\n       -   d: 2\n           e: 3\n",
                "a:\n  - b:   1\n    c:\n      - 1\n      - d: 2\n        e: 3\n",
            ),
            ("- a\n- b: 1\n", "- a\n- b: 1\n"),
            ("a:   \n- - 1\n  - 2\n", "a:\n  - - 1\n    - 2\n"),
            ("a:\n-\n  b: 1\n", "a:\n  -\n    b: 1\n"),
        ] {
            assert_eq!(formatted(text), want, "{text}");
        }
    }

    #[test]
    fn comments_and_long_texts_go_along() {
        let text = "# top 😀\na:\n    # of b\n    b: |\n      one\n        two\n    # of the list\n    c:\n    # of the item\n    - \"x\n      y\"\n    -   {k: v,\n         l: w}\n# end\n---\n# second\nd:\n      e: 1   # beside\n";
        let want = "# top 😀\na:\n  # of b\n  b: |\n    one\n      two\n  # of the list\n  c:\n    # of the item\n    - \"x\n      y\"\n    - {k: v,\n       l: w}\n# end\n---\n# second\nd:\n  e: 1   # beside\n";
        assert_eq!(formatted(text), want);
    }

    #[test]
    fn what_a_text_means_stays_and_a_second_time_changes_nothing() {
        for text in [
            "a: |+\n    x\n\n\n",
            "a: >-\n   x\n    y\nb:\n     - |\n       z\n",
            "a: x\n  y\n   z\nb: {\n  c: d\n }\n",
            "{\n\"a\": [1,\n 2]}\n",
            "? a\n: b\n",
            "a: &x\n    b: 1\nc:\n    <<: *x\n    d: 'it\n        is'\n",
            "%YAML 1.1\n---\na:\n   b: c\n...\n",
            "a:\n   b: [\n",
            "a:\n\tb: c\n",
            "",
            "#only\n",
        ] {
            let once = formatted(text);
            let values = |text: &str| parse(text).documents.iter().map(|d| d.value().cloned()).collect::<Vec<_>>();
            assert_eq!(values(&once), values(text), "{text:?}");
            assert_eq!(formatted(&once), once, "{text:?}");
        }
    }
}
