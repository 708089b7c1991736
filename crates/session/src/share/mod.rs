//! A scene to give away: as a link, as Markdown, as an element for a course's page. Nothing of it leaves the browser unless
//! the learner sends it.
//!
//! - [`bring_in`]: a scene of a real cluster
//! - [`link`]: the scene in an address
//! - [`open`]: what an address that is opened brings
//! - [`typed`]: what was typed, to be typed again
//! - [`letters`]: bytes in an address

mod bring_in;
pub(crate) mod letters;
mod link;
mod open;
mod typed;

pub(crate) use bring_in::{BroughtIn, bring_in};
pub(crate) use open::open;
pub(crate) use typed::Typed;

use crate::Model;
use crate::panel::lab;

/// The ways to give a scene away.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// An address.
    Link,
    /// Its manifests and commands, as Markdown has them.
    Markdown,
    /// The element that shows it in a page.
    Element,
}

impl Model {
    /// The fragment of the address that brings this scene, with those panes put away; a lesson's own while one is open.
    /// `None` when the scene is too large for an address.
    #[must_use]
    pub fn address(&self, manifest_away: bool, terminal_away: bool) -> Option<String> {
        self.course.address().or_else(|| link::write(&self.scene_of_link([manifest_away, terminal_away])))
    }

    fn scene_of_link(&self, away: [bool; 2]) -> link::Scene {
        let lines = self.typed_here();
        // Whoever stayed for longer gives the lines away that they began with, and the time at which they were typed.
        let at = self.cluster.now().0.min(link::MOST_TIME);
        link::Scene {
            seed: self.seed,
            lab: lab::answers(self.cluster.settings()),
            away,
            at: cluster::Instant(at),
            lines: lines.iter().filter(|(then, _)| then.0 <= at).cloned().collect(),
            files: self.editor.texts(),
        }
    }

    /// What was typed on the cluster that is there: on that of a lesson nothing that is remembered.
    fn typed_here(&self) -> &[(cluster::Instant, String)] {
        if self.course.own().is_none() { self.typed.lines() } else { &[] }
    }

    /// The scene in one of its forms. `site` is the address of the page, without a fragment. `None` when it is too large.
    #[must_use]
    pub fn shared(&self, form: Form, site: &str, manifest_away: bool, terminal_away: bool) -> Option<String> {
        let address = self.address(manifest_away, terminal_away);
        match form {
            Form::Link => Some([site, &address?].concat()),
            Form::Markdown => Some(self.markdown(site, address.as_deref())),
            Form::Element => Some(self.element(site)),
        }
    }

    /// The learner's files as one stream.
    #[must_use]
    pub fn manifests(&self) -> String {
        let files = self.editor.texts();
        let texts: Vec<&str> = files.iter().map(|(_, text)| text.trim_end()).filter(|text| !text.is_empty()).collect();
        texts.join("\n---\n") + "\n"
    }

    /// What came of the objects of a real cluster that were brought in last.
    #[must_use]
    pub fn brought(&self) -> Option<BroughtIn> {
        self.brought.clone()
    }

    fn markdown(&self, site: &str, address: Option<&str>) -> String {
        let mut text = String::new();
        for (name, manifest) in self.editor.texts() {
            text.push_str(&format!("`{}`\n\n{}", name.replace('`', ""), fenced("yaml", &manifest)));
        }
        let lines: Vec<&str> = self.typed_here().iter().map(|(_, line)| line.as_str()).filter(is_command).collect();
        if !lines.is_empty() {
            text.push_str(&fenced("sh", &lines.join("\n")));
        }
        if let Some(address) = address {
            text.push_str(&format!("[Try it in the Services Playground]({site}{address})\n"));
        }
        text
    }

    fn element(&self, site: &str) -> String {
        let head = format!("<script type=\"module\" src=\"{}playground.js\"></script>\n", escaped(site));
        if let Some(id) = self.course.id_of_site() {
            return format!("{head}<services-playground exercise=\"{}\"></services-playground>\n", escaped(&id));
        }
        let manifests = escaped(&self.manifests());
        format!("{head}<services-playground>\n<pre>\n{manifests}</pre>\n</services-playground>\n")
    }
}

/// Whether a line was a command, and not a key.
fn is_command(line: &&str) -> bool {
    !line.trim().is_empty() && !line.contains(char::is_control)
}

/// A block of code, in a fence that is longer than any in it.
fn fenced(language: &str, code: &str) -> String {
    let longest = code.split(|sign| sign != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}\n\n", code.trim_end())
}

/// Text as HTML has it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests;
