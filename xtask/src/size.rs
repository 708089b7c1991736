//! What a visitor downloads, and the budget for it.
//!
//! `size-budget.toml` holds one line for each file of dist/: `"name-*.js" = 1000`, gzip bytes, `*` for Trunk's hash or a name.
//! A change of it is a commit of its own, with the reason.

use std::fs;
use std::path::Path;

use crate::args::Args;
use crate::failure::{Failure, Outcome};
use crate::project::Project;

/// Where the budget is.
const BUDGET: &str = "size-budget.toml";

/// One file of the site.
pub(crate) struct Download {
    /// Its path in dist/.
    path: String,
    raw: usize,
    /// Its size with gzip at the highest level, in bytes.
    gzip: usize,
    /// Whether every visitor loads it at once: index.html names it. What it does not name is loaded when first needed.
    at_first: bool,
}

/// `cargo xtask size`: prints the table and holds it against the budget.
///
/// # Errors
/// When there is no site, or a file is over its budget or has none.
pub(crate) fn run(project: &Project, args: Args) -> Outcome {
    args.finish()?;
    let downloads = downloads(project)?;
    print!("{}", table(&downloads));
    let text = fs::read_to_string(project.root().join(BUDGET))
        .map_err(|error| Failure::new(format!("cannot read {BUDGET}: {error}"), "restore it from git"))?;
    let excesses = excesses(&downloads, &budget(&text)?);
    if excesses.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        format!("over the budget for downloads:\n    {}", excesses.join("\n    ")),
        format!("make it smaller, or raise its line in {BUDGET} in a commit of its own that says why"),
    ))
}

/// Every file of dist/, largest first.
///
/// # Errors
/// When there is no site.
pub(crate) fn downloads(project: &Project) -> Outcome<Vec<Download>> {
    let dist = project.dist();
    let missing = |error: std::io::Error| {
        Failure::new(format!("cannot read dist/: {error}"), "cargo xtask build writes it").command("cargo xtask build")
    };
    let index = fs::read_to_string(dist.join("index.html")).map_err(missing)?;
    let mut found = Vec::new();
    collect(&dist, &dist, &index, &mut found).map_err(missing)?;
    found.sort_by(|one, other| (other.gzip, &one.path).cmp(&(one.gzip, &other.path)));
    Ok(found)
}

fn collect(dist: &Path, folder: &Path, index: &str, found: &mut Vec<Download>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let file = entry?.path();
        if file.is_dir() {
            collect(dist, &file, index, found)?;
            continue;
        }
        let path = file.strip_prefix(dist).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        let bytes = fs::read(&file)?;
        let at_first = path == "index.html" || index.contains(&path);
        found.push(Download { path, raw: bytes.len(), gzip: gzip_size(&bytes), at_first });
    }
    Ok(())
}

/// The size as a server sends it: the compressed stream and gzip's 10 bytes before and 8 after it.
fn gzip_size(bytes: &[u8]) -> usize {
    miniz_oxide::deflate::compress_to_vec(bytes, 9).len() + 18
}

/// The downloads as a table for people.
pub(crate) fn table(downloads: &[Download]) -> String {
    let width = downloads.iter().map(|file| file.path.len()).max().unwrap_or(0).max(20);
    let mut text = format!("{:width$} {:>12} {:>12}  loads\n", "what a visitor downloads", "bytes", "gzip");
    for file in downloads {
        let when = if file.at_first { "at first" } else { "when needed" };
        text += &format!("{:width$} {:>12} {:>12}  {when}\n", file.path, thousands(file.raw), thousands(file.gzip));
    }
    for (what, at_first) in [("all that loads at first", true), ("all that loads when needed", false)] {
        let files = downloads.iter().filter(|file| file.at_first == at_first);
        let (raw, gzip) = files.fold((0, 0), |(raw, gzip), file| (raw + file.raw, gzip + file.gzip));
        text += &format!("{what:width$} {:>12} {:>12}\n", thousands(raw), thousands(gzip));
    }
    text
}

/// 1234567 as `1,234,567`.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// One line of the budget.
struct Limit {
    pattern: String,
    gzip: usize,
}

/// Reads the budget: comments, empty lines and `"pattern" = bytes`, a subset of TOML.
fn budget(text: &str) -> Outcome<Vec<Limit>> {
    let mut limits = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        let limit = line.split_once('=').and_then(|(name, bytes)| {
            let pattern = name.trim().strip_prefix('"')?.strip_suffix('"')?.to_owned();
            Some(Limit { pattern, gzip: bytes.trim().replace('_', "").parse().ok()? })
        });
        limits.push(limit.ok_or_else(|| {
            Failure::new(format!("{BUDGET}:{}: cannot read {line:?}", at + 1), "write \"file-*.js\" = 12_000")
        })?);
    }
    Ok(limits)
}

/// What is over its limit or has none, and the limits that nothing is under any more.
fn excesses(downloads: &[Download], limits: &[Limit]) -> Vec<String> {
    let mut found = Vec::new();
    for file in downloads {
        match limits.iter().find(|limit| matches(&limit.pattern, &file.path)) {
            None => found.push(format!("{}: {} bytes of gzip, and no line for it", file.path, thousands(file.gzip))),
            Some(limit) if file.gzip > limit.gzip => found.push(format!(
                "{}: {} bytes of gzip, its budget is {} (\"{}\")",
                file.path,
                thousands(file.gzip),
                thousands(limit.gzip),
                limit.pattern
            )),
            Some(_) => {}
        }
    }
    for limit in limits {
        if !downloads.iter().any(|file| matches(&limit.pattern, &file.path)) {
            found.push(format!("\"{}\": there is no such file any more, remove its line", limit.pattern));
        }
    }
    found
}

/// Whether `path` is `pattern`, in which each `*` stands for one character or more within a name.
fn matches(pattern: &str, path: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else { return pattern == path };
    let Some(rest) = path.strip_prefix(before) else { return false };
    // What the star may stand for grows by a character until the rest of the pattern fits what is left.
    let ends = rest.char_indices().take_while(|(_, sign)| *sign != '/').map(|(at, sign)| at + sign.len_utf8());
    ends.into_iter().any(|end| matches(after, &rest[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, gzip: usize) -> Download {
        Download { path: path.to_owned(), raw: gzip * 3, gzip, at_first: true }
    }

    #[test]
    fn a_file_over_its_budget_without_one_or_gone_is_named() {
        let limits = budget("# why\n\"app-*.js\" = 1_000 # more\n\n\"gone.js\" = 5\n").unwrap();
        assert!(excesses(&[file("app-1f.js", 1000), file("gone.js", 1)], &limits).is_empty());
        let found = excesses(&[file("app-1f.js", 1001), file("new.js", 1)], &limits);
        assert_eq!(
            found,
            [
                "app-1f.js: 1,001 bytes of gzip, its budget is 1,000 (\"app-*.js\")",
                "new.js: 1 bytes of gzip, and no line for it",
                "\"gone.js\": there is no such file any more, remove its line",
            ]
        );
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        for text in ["app.js = 10", "\"app.js\" 10", "\"app.js\" = ten"] {
            assert!(budget(text).err().unwrap().to_string().contains("size-budget.toml:1"), "{text}");
        }
    }

    #[test]
    fn a_star_stands_for_the_hash() {
        assert!(matches("web/*.js", "web/editor.js"));
        assert!(!matches("app-*.js", "app-.js"));
        assert!(!matches("app-*.js", "app-1/2.js"));
        assert!(!matches("app-*.js", "app-1.css"));
    }

    #[test]
    fn several_stars_stand_for_a_name_each() {
        assert!(matches("lessons/*/text.*.md", "lessons/ghost-service/text.tr.md"));
        assert!(matches("*-*.js", "a-b-c.js"));
        assert!(!matches("lessons/*/text.*.md", "lessons/ghost-service/text.md"));
        assert!(!matches("lessons/*/text.*.md", "lessons/a/b/text.tr.md"));
    }

    #[test]
    fn gzip_is_counted_with_its_frame() {
        assert_eq!(gzip_size(b""), 20);
        assert!(gzip_size(&[b'a'; 10_000]) < 100);
    }
}
