//! `tac`, `rev`, `nl`, `less`: whole lines.

use super::reader::Reader;
use crate::sys::Sys;

/// Runs `tac`.
pub(in crate::programs) async fn tac(sys: Sys, argv: Vec<String>) -> i32 {
    let mut reader = Reader::new(&sys, "tac", &argv);
    reader.rest().await.iter().rev().for_each(|line| sys.out.line(line));
    i32::from(reader.failed)
}

/// Runs `rev`.
pub(in crate::programs) async fn rev(sys: Sys, argv: Vec<String>) -> i32 {
    let mut reader = Reader::new(&sys, "rev", &argv);
    while let Some(line) = reader.line().await {
        sys.out.line(line.trim_end_matches('\n').chars().rev().collect::<String>());
    }
    i32::from(reader.failed)
}

/// Runs `nl`.
pub(in crate::programs) async fn nl(sys: Sys, argv: Vec<String>) -> i32 {
    let files: Vec<String> = argv.into_iter().filter(|word| !word.starts_with('-')).collect();
    let mut reader = Reader::new(&sys, "nl", &files);
    let mut number = 0;
    while let Some(line) = reader.line().await {
        let line = line.trim_end_matches('\n');
        if line.is_empty() {
            sys.out.line("       ");
            continue;
        }
        number += 1;
        sys.out.line(format!("{number:>6}\t{line}"));
    }
    i32::from(reader.failed)
}

/// Runs `less` and `more`: the page scrolls by itself, so all is shown at once.
pub(in crate::programs) async fn pager(sys: Sys, program: &'static str, argv: Vec<String>) -> i32 {
    let files: Vec<String> = argv.into_iter().filter(|word| !word.starts_with(['-', '+'])).collect();
    if files.is_empty() && sys.stdin_is_terminal {
        sys.err.line(match program {
            "less" => "Missing filename (\"less --help\" for help)".to_owned(),
            other => format!("{other}: bad usage\nTry '{other} --help' for more information."),
        });
        return 1;
    }
    super::files::cat(sys, files).await
}
