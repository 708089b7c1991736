//! The little file system of a machine.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use cluster::network::Vantage;

/// The files of every machine, by where they are.
pub(crate) type FileSystems = Rc<RefCell<BTreeMap<Vantage, Files>>>;

/// Files by absolute path. Folders are there when a file is in them or when they were made.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Files {
    entries: BTreeMap<String, Entry>,
    /// The bytes of all files.
    used: usize,
    /// Which files were made or removed, by path, since somebody asked.
    changes: BTreeMap<String, bool>,
}

/// Bytes that the files of a machine may have together.
const ROOM: usize = 16 << 20;
/// Files and folders that a machine may have.
const MOST: usize = 20_000;

#[derive(Clone, PartialEq, Eq, Debug)]
enum Entry {
    File(String),
    Folder,
}

/// Why a file could not be read or written; `Display` is `strerror`'s text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileError {
    /// `ENOENT`
    NotFound,
    /// `EISDIR`
    IsFolder,
    /// `ENOSPC`
    Full,
}

impl std::fmt::Display for FileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotFound => "No such file or directory",
            Self::IsFolder => "Is a directory",
            Self::Full => "No space left on device",
        })
    }
}

impl std::error::Error for FileError {}

impl Files {
    /// The text of a file.
    ///
    /// # Errors
    /// When there is none, or a folder.
    pub fn read(&self, path: &str) -> Result<&str, FileError> {
        match self.entries.get(path) {
            Some(Entry::File(text)) => Ok(text),
            _ if self.is_folder(path) => Err(FileError::IsFolder),
            _ => Err(FileError::NotFound),
        }
    }

    /// Every file: its path and its text.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().filter_map(|(path, entry)| match entry {
            Entry::File(text) => Some((path.as_str(), text.as_str())),
            Entry::Folder => None,
        })
    }

    /// Writes a whole file.
    ///
    /// # Errors
    /// When its folder is not there, or a folder has its name.
    pub fn write(&mut self, path: &str, text: impl Into<String>) -> Result<(), FileError> {
        if self.is_folder(path) {
            return Err(FileError::IsFolder);
        }
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        if !self.is_folder(folder) {
            return Err(FileError::NotFound);
        }
        let text = text.into();
        let used = self.used - self.size(path) + text.len();
        if used > ROOM || self.entries.len() >= MOST {
            return Err(FileError::Full);
        }
        self.used = used;
        self.entries.insert(path.to_owned(), Entry::File(text));
        self.changes.insert(path.to_owned(), true);
        Ok(())
    }

    /// Writes a file that counts as having been there all the time; its folder is there.
    pub(crate) fn furnish(&mut self, path: &str, text: &str) {
        // It cannot fail but for want of room, and then the machine goes without.
        if self.write(path, text).is_ok() {
            self.changes.remove(path);
        }
    }

    /// The bytes of a file; 0 when there is none.
    fn size(&self, path: &str) -> usize {
        match self.entries.get(path) {
            Some(Entry::File(text)) => text.len(),
            _ => 0,
        }
    }

    /// Adds to the end of a file that is there, as far as there is room.
    pub fn append(&mut self, path: &str, more: &str) {
        if self.used + more.len() > ROOM {
            return;
        }
        if let Some(Entry::File(text)) = self.entries.get_mut(path) {
            text.push_str(more);
            self.used += more.len();
        }
    }

    /// Whether a file is there.
    #[must_use]
    pub fn is_file(&self, path: &str) -> bool {
        matches!(self.entries.get(path), Some(Entry::File(_)))
    }

    /// Makes a folder and those above it.
    pub fn make_folder(&mut self, path: &str) {
        if self.entries.len() >= MOST {
            return;
        }
        self.entries.insert(path.trim_end_matches('/').to_owned(), Entry::Folder);
    }

    /// Removes a file.
    ///
    /// # Errors
    /// When there is none, or a folder.
    pub fn remove(&mut self, path: &str) -> Result<(), FileError> {
        self.used -= self.read(path)?.len();
        self.entries.remove(path);
        self.changes.insert(path.to_owned(), false);
        Ok(())
    }

    /// Which files are there since the last time (`true`), and which no more.
    pub(crate) fn take_changes(&mut self) -> BTreeMap<String, bool> {
        std::mem::take(&mut self.changes)
    }

    /// Removes a folder and all that is in it.
    pub fn remove_folder(&mut self, path: &str) {
        let prefix = format!("{}/", path.trim_end_matches('/'));
        let changes = &mut self.changes;
        self.entries.retain(|known, _| {
            let stays = known != path && !known.starts_with(&prefix);
            if !stays {
                changes.insert(known.clone(), false);
            }
            stays
        });
        let sizes = self.entries.values().map(|entry| if let Entry::File(text) = entry { text.len() } else { 0 });
        self.used = sizes.sum();
    }

    /// Whether a folder is there.
    #[must_use]
    pub fn is_folder(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        path.is_empty() || self.entries.get(path) == Some(&Entry::Folder) || self.names(path).next().is_some()
    }

    /// The names in a folder, in order.
    pub fn names<'a>(&'a self, folder: &str) -> impl Iterator<Item = &'a str> {
        let prefix = format!("{}/", folder.trim_end_matches('/'));
        let mut last = "";
        self.entries
            .range(prefix.clone()..)
            .map(|(path, _)| path.as_str())
            .take_while({
                let prefix = prefix.clone();
                move |path| path.starts_with(&prefix)
            })
            .filter_map(move |path| {
                let name = path[prefix.len()..].split('/').next().filter(|name| !name.is_empty() && *name != last)?;
                last = name;
                Some(name)
            })
    }
}

/// An absolute path from a working folder and what was typed; `.` and `..` are resolved.
#[must_use]
pub fn absolute(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = if path.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    parts.retain(|part| !part.is_empty());
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_where_files_are() {
        let mut files = Files::default();
        files.make_folder("/home/me");
        files.write("/home/me/a.yaml", "x").unwrap();
        files.write("/home/me/b.yaml", "").unwrap();
        assert_eq!(files.names("/home/me").collect::<Vec<_>>(), ["a.yaml", "b.yaml"]);
        assert_eq!(files.names("/").collect::<Vec<_>>(), ["home"]);
        assert_eq!(files.read("/home/me/a.yaml"), Ok("x"));
        assert_eq!(files.read("/home"), Err(FileError::IsFolder));
        assert_eq!(files.write("/nope/x", ""), Err(FileError::NotFound));
        assert_eq!(files.remove("/home/me/a.yaml"), Ok(()));
        assert_eq!(files.read("/home/me/a.yaml"), Err(FileError::NotFound));
    }

    #[test]
    fn a_machine_has_only_so_much_room() {
        let mut files = Files::default();
        files.write("/a", "x".repeat(ROOM - 10)).unwrap();
        assert_eq!(files.write("/b", "y".repeat(20)), Err(FileError::Full));
        files.append("/a", &"z".repeat(20));
        assert_eq!(files.read("/a").map(str::len), Ok(ROOM - 10));
        files.remove("/a").unwrap();
        assert_eq!(files.write("/b", "y".repeat(20)), Ok(()));
    }

    #[test]
    fn paths_are_resolved() {
        for (path, want) in [("a", "/home/me/a"), ("../x", "/home/x"), ("/etc/./h", "/etc/h"), ("../../../..", "/")] {
            assert_eq!(absolute("/home/me", path), want);
        }
    }
}
