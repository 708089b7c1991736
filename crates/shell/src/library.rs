//! Texts too heavy for the first visit: the page loads each when a program first reads it; native builds carry them.

use std::rc::Rc;
use std::task::Poll;

use crate::sys::{FrontEnd, Pending, Sys};

/// One of these texts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Document {
    /// What the types and fields of the API are, for `kubectl explain`.
    FieldDocs,
    /// What `kubectl completion` prints for a shell.
    Completion(CompletionShell),
}

/// A shell that kubectl has a script for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum CompletionShell {
    /// bash
    Bash,
    /// fish
    Fish,
    /// PowerShell
    PowerShell,
    /// zsh
    Zsh,
}

impl Document {
    /// The file of the site it stands in.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::FieldDocs => "schema/docs.txt",
            Self::Completion(CompletionShell::Bash) => "completion/kubectl.bash",
            Self::Completion(CompletionShell::Fish) => "completion/kubectl.fish",
            Self::Completion(CompletionShell::PowerShell) => "completion/kubectl.powershell",
            Self::Completion(CompletionShell::Zsh) => "completion/kubectl.zsh",
        }
    }

    #[cfg(not(target_arch = "wasm32"))]
    #[allow(clippy::unnecessary_wraps, reason = "the page has none")]
    fn embedded(self) -> Option<&'static str> {
        Some(match self {
            Self::FieldDocs => include_str!("../../../public/schema/docs.txt"),
            Self::Completion(CompletionShell::Bash) => include_str!("../../../public/completion/kubectl.bash"),
            Self::Completion(CompletionShell::Fish) => include_str!("../../../public/completion/kubectl.fish"),
            Self::Completion(CompletionShell::PowerShell) => {
                include_str!("../../../public/completion/kubectl.powershell")
            }
            Self::Completion(CompletionShell::Zsh) => include_str!("../../../public/completion/kubectl.zsh"),
        })
    }

    #[cfg(target_arch = "wasm32")]
    fn embedded(self) -> Option<&'static str> {
        None
    }
}

impl Sys {
    /// A text of the library, asked of the front end once and waited for; `None` when it is not to be had.
    pub async fn document(&self, document: Document) -> Option<Rc<str>> {
        if let Some(text) = document.embedded() {
            return Some(text.into());
        }
        if let Some(text) = self.world.borrow().documents.get(&document).cloned().flatten() {
            return Some(text);
        }
        self.world.borrow_mut().documents.remove(&document);
        self.ask(FrontEnd::Load(document));
        Pending(|| self.world.borrow().documents.get(&document).cloned().map_or(Poll::Pending, Poll::Ready)).await
    }
}
