//! The parts of `text.md`: what stands before the first step, and what belongs to each.

use manifest::Position;

use crate::limits;
use crate::problem::Problem;
use crate::read::at;

/// A text by its headings.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Sections {
    pub(crate) introduction: String,
    /// Title and text of each step.
    pub(crate) steps: Vec<(String, String)>,
}

/// Cuts a text at its headings of the second level. Those within code are none.
pub(crate) fn sections(file: &str, text: &str) -> Result<Sections, Problem> {
    if text.len() > limits::FILE {
        let message = format!("this file is larger than {} bytes", limits::FILE);
        return Err(at(file, Position::default(), message));
    }
    let mut found = Sections::default();
    let mut in_code = false;
    for line in text.lines() {
        in_code ^= line.trim_start().starts_with("```");
        if let Some(title) = line.strip_prefix("## ").filter(|_| !in_code) {
            found.steps.push((title.trim().to_owned(), String::new()));
            continue;
        }
        let part = found.steps.last_mut().map_or(&mut found.introduction, |(_, text)| text);
        part.push_str(line);
        part.push('\n');
    }
    let trim = |text: &mut String| *text = text.trim().to_owned();
    trim(&mut found.introduction);
    found.steps.iter_mut().for_each(|(_, text)| trim(text));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_begin_steps_unless_they_are_code() {
        let text = "Hello.\n\n## One\n\nDo.\n```sh\n## no heading\n```\n## Two\n";
        let found = sections("text.md", text).unwrap();
        assert_eq!(found.introduction, "Hello.");
        let want = [("One", "Do.\n```sh\n## no heading\n```"), ("Two", "")];
        assert_eq!(found.steps, want.map(|(title, text)| (title.to_owned(), text.to_owned())));
    }
}
