//! What words become: variables, substitutions, fields, files.
//!
//! A field is kept as a pattern in which everything that was quoted is escaped, until files are looked up.

use std::future::Future;
use std::pin::Pin;

use super::ast::{Change, Part, Word};
use super::shell::{Flow, Io, Shell};
use super::{arithmetic, braces, pattern};

type Outcome<'a, T> = Pin<Box<dyn Future<Output = Result<T, Flow>> + 'a>>;

/// Bytes that the words of one command may have.
const LONGEST: usize = 1 << 20;
/// Bytes of a value that patterns are looked for in: the time it takes grows with the square.
const LONGEST_MATCHED: usize = 4096;

/// Fields under way.
#[derive(Default)]
struct Fields {
    done: Vec<String>,
    open: Option<String>,
    /// The bytes of all; what is beyond [`LONGEST`] is not kept.
    size: usize,
}

impl Fields {
    fn push(&mut self, text: &str) {
        self.size += text.len();
        if self.size <= LONGEST {
            self.open.get_or_insert_default().push_str(text);
        }
    }

    fn split(&mut self) {
        self.done.extend(self.open.take());
    }
}

impl Shell {
    /// The fields that words become: brace, variable, substitution, field and file name expansion.
    pub(super) fn expand_words<'a>(&'a mut self, words: &'a [Word], io: &'a Io) -> Outcome<'a, Vec<String>> {
        Box::pin(async move {
            let mut all = Vec::new();
            let mut size = 0;
            for word in words {
                for word in braces::expand(word, self.dialect) {
                    for field in self.fields(&word, io).await? {
                        size += field.len() + 1;
                        self.refuse_beyond(size, io)?;
                        self.match_files(&field, &mut all);
                    }
                }
            }
            Ok(all)
        })
    }

    /// The one text that a word becomes: no fields, no files.
    pub(super) async fn expand_text(&mut self, word: &Word, io: &Io) -> Result<String, Flow> {
        self.expand_pattern(word, io).await.map(|text| pattern::unescape(&text))
    }

    /// The pattern that a word becomes.
    pub(super) fn expand_pattern<'a>(&'a mut self, word: &'a Word, io: &'a Io) -> Outcome<'a, String> {
        Box::pin(async move {
            let mut fields = Fields::default();
            self.parts(&word.0, false, false, &mut fields, io).await?;
            self.refuse_beyond(fields.size, io)?;
            fields.split();
            Ok(fields.done.join(" "))
        })
    }

    async fn fields(&mut self, word: &Word, io: &Io) -> Result<Vec<String>, Flow> {
        let mut fields = Fields::default();
        self.parts(&word.0, false, true, &mut fields, io).await?;
        self.refuse_beyond(fields.size, io)?;
        fields.split();
        Ok(fields.done)
    }

    /// Refuses words that are too long to be kept: a loop that doubles a text must not fill the memory.
    pub(super) fn refuse_beyond(&self, size: usize, io: &Io) -> Result<(), Flow> {
        if size <= LONGEST {
            return Ok(());
        }
        self.complain(io, &format!("xrealloc: cannot allocate {size} bytes"));
        Err(Flow::Fault(2))
    }

    /// Refuses to look for patterns in a value that is very long.
    fn refuse_matching(&self, value: &str, pattern: &str, io: &Io) -> Result<(), Flow> {
        if value.len() <= LONGEST_MATCHED || !pattern::is_live(pattern) {
            return Ok(());
        }
        self.complain(io, &format!("patterns are not looked for in {} bytes here", value.len()));
        Err(Flow::Fault(2))
    }

    fn parts<'a>(
        &'a mut self,
        parts: &'a [Part],
        quoted: bool,
        split: bool,
        fields: &'a mut Fields,
        io: &'a Io,
    ) -> Outcome<'a, ()> {
        Box::pin(async move {
            for (index, part) in parts.iter().enumerate() {
                match part {
                    Part::Bare(text) if index == 0 && !quoted && text.starts_with('~') => {
                        let end = text.find('/').unwrap_or(text.len());
                        let home = (end == 1).then(|| self.get("HOME").unwrap_or_default());
                        match home {
                            Some(home) => fields.push(&(pattern::escape(&home) + &text[1..])),
                            None => fields.push(text),
                        }
                    }
                    Part::Bare(text) => fields.push(&text.replace('\\', "\\\\")),
                    Part::Quoted(text) => fields.push(&pattern::escape(text)),
                    Part::Double(inner) => {
                        // Empty quotes make a field, but `"$@"` without arguments does not.
                        if !matches!(inner.as_slice(), [Part::Variable { name, index, change: Change::None | Change::Slice { .. } | Change::Indirect }]
                            if name == "@" || index.as_ref().and_then(Word::bare) == Some("@"))
                        {
                            fields.push("");
                        }
                        self.parts(inner, true, split, fields, io).await?;
                    }
                    Part::Variable { name, index: None, change: Change::None } if name == "@" || name == "*" => {
                        self.all_of(&self.arguments, name == "@", quoted, split, fields);
                    }
                    Part::Variable { name, index, change } => {
                        if let Some((at, values)) = self.all_elements(name, index.as_ref(), change, io).await? {
                            self.all_of(&values, at, quoted, split, fields);
                            continue;
                        }
                        let element;
                        let name = match index {
                            Some(index) => {
                                element = self.element(name, index, io).await?;
                                &element
                            }
                            None => name,
                        };
                        if let Change::Absent { operator, or_empty, word } = change
                            && "-+".contains(*operator)
                        {
                            let there = self.get(name).is_some_and(|value| !(*or_empty && value.is_empty()));
                            match (operator, there) {
                                ('-', false) | ('+', true) => self.parts(&word.0, quoted, split, fields, io).await?,
                                ('-', true) => self.place(&self.get(name).unwrap_or_default(), quoted, split, fields),
                                _ => {}
                            }
                            continue;
                        }
                        let value = self.changed(name, change, io).await?;
                        self.place(&value, quoted, split, fields);
                    }
                    Part::Command(script) => {
                        let text = self.substitute(script, io).await?;
                        self.place(&text, quoted, split, fields);
                    }
                    Part::File(script) => {
                        let path = self.write_file(script, io).await?;
                        fields.push(&path);
                    }
                    Part::Arithmetic(word) => {
                        let text = self.expand_text(word, io).await?;
                        let value = self.compute(&text, io)?;
                        self.place(&value.to_string(), quoted, split, fields);
                    }
                }
            }
            Ok(())
        })
    }

    /// Computes an expression over the variables.
    pub(super) fn compute(&mut self, text: &str, io: &Io) -> Result<i64, Flow> {
        arithmetic::evaluate(text, &mut self.variables).map_err(|fault| {
            self.complain(io, &fault);
            Flow::Fault(1)
        })
    }

    /// What `name[@]` and `name[*]` stand for, and whether it is `@`; `None` for what is one value.
    async fn all_elements(
        &mut self,
        name: &str,
        index: Option<&Word>,
        change: &Change,
        io: &Io,
    ) -> Result<Option<(bool, Vec<String>)>, Flow> {
        let sign = index.map_or(Some(name), Word::bare).filter(|sign| matches!(*sign, "@" | "*"));
        let Some(sign) = sign else { return Ok(None) };
        let values = match change {
            Change::None => self.elements(name),
            Change::Indirect => self.keys(name),
            Change::Length if index.is_some() => vec![self.elements(name).len().to_string()],
            Change::Slice { from, length } => {
                let (from, length) = self.bounds(from, length.as_ref(), io).await?;
                let mut values = self.elements(name);
                if index.is_none() {
                    values.insert(0, self.name.clone());
                }
                slice(&values, from, length).to_vec()
            }
            _ => return Ok(None),
        };
        Ok(Some((sign == "@", values)))
    }

    /// The numbers of `${x:from:length}`.
    async fn bounds(&mut self, from: &Word, length: Option<&Word>, io: &Io) -> Result<(i64, Option<i64>), Flow> {
        let text = self.expand_text(from, io).await?;
        let from = self.compute(&text, io)?;
        let Some(length) = length else { return Ok((from, None)) };
        let text = self.expand_text(length, io).await?;
        Ok((from, Some(self.compute(&text, io)?)))
    }

    /// `$@`, `$*` and their like for lists.
    fn all_of(&self, values: &[String], at: bool, quoted: bool, split: bool, fields: &mut Fields) {
        if quoted && !at || !split {
            let separators = self.get("IFS").unwrap_or_else(|| " ".to_owned());
            let between = if at { " ".to_owned() } else { separators.chars().take(1).collect() };
            return fields.push(&pattern::escape(&values.join(&between)));
        }
        for (index, argument) in values.iter().enumerate() {
            if index > 0 {
                fields.split();
            }
            self.place(argument, quoted, split, fields);
        }
    }

    /// Puts a value where it was named, split into fields unless it was quoted.
    fn place(&self, value: &str, quoted: bool, split: bool, fields: &mut Fields) {
        if quoted || !split {
            return fields.push(&if quoted { pattern::escape(value) } else { value.replace('\\', "\\\\") });
        }
        let separators = self.get("IFS").unwrap_or_else(|| " \t\n".to_owned());
        let mut after_separator = false;
        let mut buffer = [0; 4];
        for char in value.chars() {
            if !separators.contains(char) {
                after_separator = false;
                fields.push(if char == '\\' { "\\\\" } else { char.encode_utf8(&mut buffer) });
            } else if char.is_whitespace() {
                fields.split();
            } else {
                if after_separator || fields.open.is_none() {
                    fields.push("");
                }
                fields.split();
                after_separator = true;
            }
        }
    }

    /// A variable's value after `${name...}` did its work.
    async fn changed(&mut self, name: &str, change: &Change, io: &Io) -> Result<String, Flow> {
        let known = self.get(name);
        if known.is_none() && self.options.nounset && !matches!(change, Change::Absent { .. }) {
            self.complain(io, &format!("{name}: {}", self.dialect.unset_text()));
            return Err(Flow::Exit(if self.dialect == super::Dialect::Bash { 127 } else { 2 }));
        }
        let value = known.clone().unwrap_or_default();
        Ok(match change {
            Change::None => value,
            Change::Length if name == "@" || name == "*" => self.arguments.len().to_string(),
            Change::Length => value.chars().count().to_string(),
            Change::Indirect => self.get(&value).unwrap_or_default(),
            Change::Absent { operator, or_empty, word } => {
                if known.is_some() && !(*or_empty && value.is_empty()) {
                    return Ok(value);
                }
                let text = self.expand_text(word, io).await?;
                if *operator == '=' {
                    self.set(name, &text);
                    return Ok(text);
                }
                let text = if text.is_empty() { "parameter null or not set".to_owned() } else { text };
                self.complain(io, &format!("{name}: {text}"));
                return Err(Flow::Exit(if self.dialect == super::Dialect::Bash { 127 } else { 2 }));
            }
            Change::Strip { from_end, longest, pattern } => {
                let pattern = self.expand_pattern(pattern, io).await?;
                self.refuse_matching(&value, &pattern, io)?;
                strip(&value, &pattern, *from_end, *longest)
            }
            Change::Replace { all, pattern, by } => {
                let pattern = self.expand_pattern(pattern, io).await?;
                let by = self.expand_text(by, io).await?;
                self.refuse_matching(&value, &pattern, io)?;
                replace(&value, &pattern, &by, *all)
            }
            Change::Slice { from, length } => {
                let (from, length) = self.bounds(from, length.as_ref(), io).await?;
                let chars: Vec<char> = value.chars().collect();
                slice(&chars, from, length).iter().collect()
            }
            Change::Case { upper, all } => {
                let turn = |char: char| -> String {
                    if *upper { char.to_uppercase().collect() } else { char.to_lowercase().collect() }
                };
                value.chars().enumerate().map(|(i, c)| if *all || i == 0 { turn(c) } else { c.to_string() }).collect()
            }
        })
    }

    /// Looks a field up among the files, if it is a pattern; without a file it stands for itself.
    fn match_files(&self, field: &str, all: &mut Vec<String>) {
        if self.options.noglob || !pattern::is_live(field) {
            return all.push(pattern::unescape(field));
        }
        let absolute = field.starts_with('/');
        let mut found = vec![if absolute { "/".to_owned() } else { String::new() }];
        for part in field.split('/').filter(|part| !part.is_empty()) {
            let mut next = Vec::new();
            for base in &found {
                let join = |name: &str| match base.as_str() {
                    "" => name.to_owned(),
                    base if base.ends_with('/') => format!("{base}{name}"),
                    base => format!("{base}/{name}"),
                };
                if !pattern::is_live(part) {
                    next.push(join(&pattern::unescape(part)));
                    continue;
                }
                let folder = crate::files::absolute(&self.sys.folder, base);
                self.sys.files(|files| {
                    for name in files.names(&folder) {
                        if (!name.starts_with('.') || part.starts_with('.')) && pattern::matches(part, name) {
                            next.push(join(name));
                        }
                    }
                });
            }
            found = next;
        }
        let exists = |path: &String| {
            let path = crate::files::absolute(&self.sys.folder, path);
            self.sys.files(|files| files.is_file(&path) || files.is_folder(&path))
        };
        found.retain(exists);
        if found.is_empty() { all.push(pattern::unescape(field)) } else { all.extend(found) }
    }
}

/// `${value#pattern}` and its kin.
fn strip(value: &str, pattern: &str, from_end: bool, longest: bool) -> String {
    if !pattern::is_live(pattern) {
        let plain = pattern::unescape(pattern);
        let rest = if from_end { value.strip_suffix(&*plain) } else { value.strip_prefix(&*plain) };
        return rest.unwrap_or(value).to_owned();
    }
    let mut borders: Vec<usize> = value.char_indices().map(|(at, _)| at).chain([value.len()]).collect();
    if from_end != longest {
        borders.reverse();
    }
    let fits = |at: &usize| pattern::matches(pattern, if from_end { &value[*at..] } else { &value[..*at] });
    // The first border that fits is the longest end and the shortest beginning.
    match borders.into_iter().find(fits) {
        Some(at) if from_end => value[..at].to_owned(),
        Some(at) => value[at..].to_owned(),
        None => value.to_owned(),
    }
}

/// `${value/pattern/by}`: the longest match at the first place; all places.
fn replace(value: &str, pattern: &str, by: &str, all: bool) -> String {
    if !pattern::is_live(pattern) {
        let plain = pattern::unescape(pattern);
        // Nothing is found where nothing is looked for.
        let times = if plain.is_empty() {
            0
        } else if all {
            usize::MAX
        } else {
            1
        };
        return value.replacen(&plain, by, times);
    }
    let mut done = String::new();
    let mut rest = value;
    while let Some(char) = rest.chars().next() {
        let ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]).skip(1);
        match ends.filter(|end| pattern::matches(pattern, &rest[..*end])).last() {
            Some(end) => {
                done.push_str(by);
                rest = &rest[end..];
                if !all {
                    break;
                }
            }
            None => {
                done.push(char);
                rest = &rest[char.len_utf8()..];
            }
        }
    }
    done + rest
}

/// `${value:from:length}`; negative numbers count from the end.
fn slice<T>(items: &[T], from: i64, length: Option<i64>) -> &[T] {
    let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let from = if from < 0 { count.saturating_add(from) } else { from };
    let end = match length {
        None => count,
        Some(length) if length < 0 => count.saturating_add(length),
        Some(length) => from.saturating_add(length),
    };
    if from < 0 || end <= from {
        return &[];
    }
    let border = |at: i64| usize::try_from(at.min(count)).unwrap_or(0);
    items.get(border(from)..border(end)).unwrap_or_default()
}
