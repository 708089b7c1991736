//! The list of what is of the rest: whole modules by their paths, and other functions by a hash of their names.
//!
//! What a list does not know is of the first module: a program that changes only loads more at first.

use std::collections::{BTreeMap, BTreeSet};

/// Hashes on one line.
const ON_A_LINE: usize = 13;

/// Which functions are of the rest.
#[derive(Default, PartialEq, Eq, Debug)]
pub struct List {
    /// Paths that end in `::`; everything below them is of the rest.
    paths: BTreeSet<String>,
    /// Hashes of the names of other functions.
    hashes: BTreeSet<u32>,
}

impl List {
    /// Reads a list: `#` begins a comment, a line with `::` is a path, anything else is hashes.
    ///
    /// # Errors
    /// With the line that is none of these.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut list = Self::default();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if line.contains("::") {
                list.paths.insert(line.to_owned());
                continue;
            }
            for word in line.split_whitespace() {
                list.hashes
                    .insert(u32::from_str_radix(word, 16).map_err(|_| format!("not a path and not hashes: {line}"))?);
            }
        }
        Ok(list)
    }

    /// Makes a list of names with whether they ran. A name that several functions share ran when one of them did.
    #[must_use]
    pub fn of<'a>(names: impl IntoIterator<Item = (&'a str, bool)>) -> Self {
        let mut ran = BTreeMap::new();
        for (name, did) in names {
            *ran.entry(name).or_insert(false) |= did;
        }
        let needed: BTreeSet<&str> = ran.iter().filter(|(_, did)| **did).flat_map(|(name, _)| paths(name)).collect();
        let mut list = Self::default();
        for (name, _) in ran.iter().filter(|(_, did)| !**did) {
            match paths(name).find(|path| !needed.contains(path)) {
                Some(path) => _ = list.paths.insert(path.to_owned()),
                None => _ = list.hashes.insert(hash(name)),
            }
        }
        list
    }

    /// Whether a function of this name is of the rest.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        paths(name).any(|path| self.paths.contains(path)) || self.hashes.contains(&hash(name))
    }

    /// The list as text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::from(
            "# What a first view of the page does not need: modules, and hashes of other functions' names.\n\
             # Written by `cargo xtask split-list`; what is not listed loads at first.\n",
        );
        for path in &self.paths {
            text += path;
            text.push('\n');
        }
        let hashes: Vec<String> = self.hashes.iter().map(|hash| format!("{hash:08x}")).collect();
        for line in hashes.chunks(ON_A_LINE) {
            text += &line.join(" ");
            text.push('\n');
        }
        text
    }
}

/// The paths that a function is below, outermost first: of `<a::b::C as d::E>::f` that is `a::` and `a::b::`.
fn paths(name: &str) -> impl Iterator<Item = &str> {
    let name = name.trim_start_matches(['<', '&']);
    let end = name.find(|letter: char| !letter.is_alphanumeric() && !"_:".contains(letter)).unwrap_or(name.len());
    let place = &name[..end];
    place.match_indices("::").map(move |(at, _)| &place[..at + 2])
}

/// FNV-1a: the same for ever, and two names that share one only share where they are.
fn hash(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::List;

    fn list() -> List {
        List::of([
            ("shell::kubectl::run", false),
            ("<shell::kubectl::Get as core::Run>::run", false),
            ("cluster::store::read", true),
            ("cluster::store::rare", false),
            ("core::drop::<cluster::A>", true),
            ("core::drop::<cluster::B>", false),
        ])
    }

    #[test]
    fn a_module_of_which_nothing_ran_is_one_line_and_stays_one_when_it_grows() {
        assert!(list().text().contains("\nshell::\n"));
        assert!(list().has("shell::kubectl::new"));
    }

    #[test]
    fn other_functions_are_listed_one_by_one() {
        for (name, of_rest) in [
            ("cluster::store::read", false),
            ("cluster::store::rare", true),
            ("core::drop::<cluster::A>", false),
            ("core::drop::<cluster::B>", true),
        ] {
            assert_eq!(list().has(name), of_rest, "{name}");
        }
    }

    #[test]
    fn what_is_not_known_loads_at_first() {
        assert!(!list().has("cluster::store::new"));
        assert!(!list().has("other::thing"));
    }

    #[test]
    fn a_name_that_one_of_its_functions_needs_is_needed() {
        assert!(!List::of([("a::b", false), ("a::b", true)]).has("a::b"));
    }

    #[test]
    fn what_is_written_is_read_again() {
        assert_eq!(List::read(&list().text()), Ok(list()));
        assert!(List::read("neither a path").is_err());
    }
}
