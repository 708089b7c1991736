//! `vi`, `nano`, `code`: files are edited where the front end edits texts.

use crate::files::{FileError, absolute};
use crate::sys::Sys;

/// Runs an editor on a file.
pub(super) async fn run(sys: Sys, program: &'static str, argv: Vec<String>) -> i32 {
    let Some(name) = argv.iter().find(|word| !word.starts_with(['-', '+'])) else {
        sys.err.line(format!("{program}: name a file, such as '{program} service.yaml'"));
        return 1;
    };
    let before = match sys.read_file(name) {
        Ok(text) => text,
        Err(FileError::NotFound) => String::new(),
        Err(error) => {
            sys.err.line(format!("{program}: {name}: {error}"));
            return 1;
        }
    };
    let Some(after) = sys.edit(name, &before).await else { return 0 };
    let path = absolute(&sys.folder, name);
    match sys.files(|files| files.write(&path, after)) {
        Ok(()) => 0,
        Err(error) => {
            sys.err.line(format!("{program}: {name}: {error}"));
            1
        }
    }
}

/// Runs `man`: there are no pages, and that is said.
pub(super) async fn man(sys: Sys, argv: Vec<String>) -> i32 {
    let Some(page) = argv.iter().rfind(|word| !word.starts_with('-')) else {
        sys.out.line("What manual page do you want?\nFor example, try 'man man'.");
        return 1;
    };
    sys.err.line(format!("No manual entry for {page}"));
    sys.err.line(format!("(This playground has no manual pages. Try '{page} --help'.)"));
    16
}
