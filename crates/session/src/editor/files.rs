//! The learner's files: each a text of its own, all of them together what the cluster is asked for.

use api::ObjectKey;
use api::arrange::Arrange;
use manifest::Stream;

use super::FILE;
use super::diagnostic::{Diagnostic, Severity};
use super::read::{self, Declared};

/// More files than tabs can be told apart.
const MOST: usize = 20;

/// One file.
#[derive(Clone, Debug)]
pub(crate) struct File {
    /// Tells it from every other file of the session, also when it gets another name.
    pub(crate) id: u32,
    /// Its name in the working folder of the learner's machine.
    pub(crate) name: String,
    pub(super) text: String,
    pub(super) stream: Stream,
    pub(super) declared: Vec<Declared>,
    /// What could not be read.
    pub(super) unread: Vec<Diagnostic>,
    /// What the server said of the rest.
    pub(super) said: Vec<Diagnostic>,
}

impl File {
    fn new(id: u32, name: String, text: String) -> Self {
        let (stream, declared, unread, said) = Default::default();
        let mut file = Self { id, name, text: String::new(), stream, declared, unread, said };
        file.write(text);
        file
    }

    /// Its text is another.
    pub(super) fn write(&mut self, mut text: String) {
        // An editor counts the end of a line as one sign, however it is written.
        if text.contains('\r') {
            text = text.replace("\r\n", "\n").replace('\r', "\n");
        }
        self.stream = manifest::parse(&text);
        self.stream.documents =
            std::mem::take(&mut self.stream.documents).into_iter().flat_map(manifest::Document::apart).collect();
        let mut reading = read::read(&self.name, &text, &self.stream);
        for fix in reading.diagnostics.iter_mut().filter_map(|diagnostic| diagnostic.fix.as_mut()) {
            fix.file = self.id;
        }
        (self.text, self.declared, self.unread) = (text, reading.declared, reading.diagnostics);
        // It was said of another text.
        self.said.clear();
    }

    /// Everything that is wrong with it, from the top.
    pub(super) fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut all: Vec<Diagnostic> = self.unread.iter().chain(&self.said).cloned().collect();
        all.arrange_by_key(|diagnostic| (diagnostic.from, diagnostic.to));
        all
    }

    /// Its text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Its worst trouble, if it has any.
    pub(crate) fn error(&self) -> Option<&Diagnostic> {
        self.unread.iter().chain(&self.said).find(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Whether some of it cannot be read.
    pub(super) fn is_unread(&self) -> bool {
        self.unread.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// The object's place among what it declares.
    pub(super) fn declared(&self, key: &ObjectKey) -> Option<&Declared> {
        self.declared.iter().find(|declared| declared.key == *key)
    }
}

/// All of them; there is always one, and one that is open.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    all: Vec<File>,
    open: usize,
    /// The number of the next file.
    next: u32,
}

impl Default for Files {
    fn default() -> Self {
        Self { all: vec![File::new(0, FILE.to_owned(), String::new())], open: 0, next: 1 }
    }
}

impl Files {
    /// Files of these names and texts, the first of them open. `next` is a number that no file had yet.
    pub(super) fn of(texts: impl IntoIterator<Item = (String, String)>, mut next: u32) -> Self {
        let mut files = Self { all: Vec::new(), open: 0, next };
        for (name, text) in texts.into_iter().take(MOST) {
            let name = files.free_name(&name, None).unwrap_or_else(|| files.new_name());
            files.all.push(File::new(next, name, text));
            next += 1;
        }
        if files.all.is_empty() {
            files.all.push(File::new(next, FILE.to_owned(), String::new()));
            next += 1;
        }
        Self { next, ..files }
    }

    /// All of them, in the order of their tabs.
    pub(crate) fn all(&self) -> &[File] {
        &self.all
    }

    pub(super) fn all_mut(&mut self) -> &mut [File] {
        &mut self.all
    }

    /// A number that no file had yet.
    pub(super) fn next(&self) -> u32 {
        self.next
    }

    /// The one that is open.
    pub(crate) fn open(&self) -> &File {
        &self.all[self.open]
    }

    pub(super) fn open_mut(&mut self) -> &mut File {
        &mut self.all[self.open]
    }

    pub(super) fn position(&self, id: u32) -> Option<usize> {
        self.all.iter().position(|file| file.id == id)
    }

    /// Opens another one. Returns whether it is another.
    pub(super) fn show(&mut self, id: u32) -> bool {
        let at = self.position(id).unwrap_or(self.open);
        std::mem::replace(&mut self.open, at) != at
    }

    /// A new, empty one that is open, unless there are as many as there can be.
    pub(super) fn add(&mut self) -> bool {
        if self.all.len() >= MOST {
            return false;
        }
        let name = self.new_name();
        self.all.push(File::new(self.next, name, String::new()));
        self.next += 1;
        self.open = self.all.len() - 1;
        true
    }

    /// Takes one away; the last one is emptied instead. Returns what was its name.
    pub(super) fn remove(&mut self, id: u32) -> Option<String> {
        let at = self.position(id)?;
        let gone = self.all.remove(at);
        if self.all.is_empty() {
            self.all.push(File::new(self.next, FILE.to_owned(), String::new()));
            self.next += 1;
        }
        if self.open > at || self.open == self.all.len() {
            self.open -= 1;
        }
        Some(gone.name)
    }

    /// Gives one another name, as [`Self::free_name`] makes it. Returns the name that it had.
    pub(super) fn rename(&mut self, id: u32, name: &str) -> Option<String> {
        let at = self.position(id)?;
        let name = self.free_name(name, Some(at))?;
        let before = std::mem::replace(&mut self.all[at].name, name);
        // What cannot be read is complained of with the file's name.
        let text = std::mem::take(&mut self.all[at].text);
        self.all[at].write(text);
        Some(before)
    }

    /// A name as a file can have it: no folders, an ending, and nobody else's. `None` when it cannot be made one.
    fn free_name(&self, name: &str, of: Option<usize>) -> Option<String> {
        let name = name.trim();
        let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
        if name.is_empty() || name.len() > 64 || name.starts_with(['.', '-']) || !name.chars().all(fits) {
            return None;
        }
        let known = [".yaml", ".yml", ".json"].iter().any(|ending| name.ends_with(ending));
        let name = if known { name.to_owned() } else { format!("{name}.yaml") };
        let taken = self.all.iter().enumerate().any(|(at, file)| Some(at) != of && file.name == name);
        (!taken).then_some(name)
    }

    fn new_name(&self) -> String {
        let names = (2..).map(|number| format!("manifest-{number}.yaml"));
        let mut free =
            std::iter::once(FILE.to_owned()).chain(names).filter(|name| self.all.iter().all(|file| file.name != *name));
        free.next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(files: &Files) -> Vec<&str> {
        files.all().iter().map(|file| file.name.as_str()).collect()
    }

    #[test]
    fn files_come_and_go_and_one_is_always_open() {
        let mut files = Files::default();
        assert!(files.add() && files.add());
        assert_eq!((names(&files), files.open().id), (vec!["manifest.yaml", "manifest-2.yaml", "manifest-3.yaml"], 2));
        assert!(files.show(0) && !files.show(0) && !files.show(77));
        assert_eq!(files.remove(1).as_deref(), Some("manifest-2.yaml"));
        assert_eq!(files.open().id, 0);
        files.show(2);
        assert_eq!((files.remove(2).as_deref(), files.open().id), (Some("manifest-3.yaml"), 0));
        assert_eq!((files.remove(0).as_deref(), files.open().name.as_str()), (Some("manifest.yaml"), "manifest.yaml"));
        assert_eq!(files.open().id, 3, "a number is never used again");
        for _ in 0..MOST {
            files.add();
        }
        assert_eq!(files.all().len(), MOST);
    }

    #[test]
    fn a_name_is_made_one_that_a_file_can_have() {
        for (name, want) in [
            ("web", Some("web.yaml")),
            (" web.yml ", Some("web.yml")),
            ("çay.json", Some("çay.json")),
            ("manifest-2.yaml", None),
            ("a/b", None),
            ("../x", None),
            ("-f", None),
            (".hidden", None),
            ("a b", None),
            ("", None),
            ("manifest.yaml", Some("manifest.yaml")),
        ] {
            let mut files = Files::default();
            files.add();
            assert_eq!(files.rename(0, name).map(|_| names(&files)[0]), want, "{name}");
        }
    }

    #[test]
    fn whatever_a_store_says_there_are_good_names() {
        let texts = ["a.yaml", "a.yaml", "/etc", ""].map(|name| (name.to_owned(), String::new()));
        let files = Files::of(texts, 5);
        assert_eq!(names(&files), ["a.yaml", "manifest.yaml", "manifest-2.yaml", "manifest-3.yaml"]);
        assert_eq!((files.open().id, files.next()), (5, 9));
        assert_eq!(names(&Files::of([], 0)), ["manifest.yaml"]);
    }
}
