//! `diff`: what differs between two texts, in GNU's normal and unified forms.

use std::ops::Range;

use crate::programs::options::Spec;
use crate::sys::{Host, Sys};
use crate::unified::{self, Step};

/// Lines of both texts that differ: those of the first stand where those of the second do.
struct Change {
    old: Range<usize>,
    new: Range<usize>,
}

fn changes(old: &[&str], new: &[&str]) -> Vec<Change> {
    let mut found: Vec<Change> = Vec::new();
    let (mut a, mut b, mut open) = (0, 0, false);
    for step in unified::steps(old, new) {
        if step == Step::Both {
            (a, b, open) = (a + 1, b + 1, false);
            continue;
        }
        if !std::mem::replace(&mut open, true) {
            found.push(Change { old: a..a, new: b..b });
        }
        if step == Step::Old {
            a += 1;
        } else {
            b += 1;
        }
        if let Some(change) = found.last_mut() {
            (change.old.end, change.new.end) = (a, b);
        }
    }
    found
}

/// The normal form: `2c2`, `<`, `>`.
fn normal(old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let place = |lines: &Range<usize>| match lines.len() {
        0 => lines.start.to_string(),
        1 => (lines.start + 1).to_string(),
        _ => format!("{},{}", lines.start + 1, lines.end),
    };
    let mut text = String::new();
    for change in changes(&old, &new) {
        let sign = match (change.old.is_empty(), change.new.is_empty()) {
            (true, _) => 'a',
            (_, true) => 'd',
            _ => 'c',
        };
        text.push_str(&format!("{}{sign}{}\n", place(&change.old), place(&change.new)));
        let mut side = |mark: &str, lines: &[&str]| {
            for line in lines {
                text.push_str(&format!("{mark} {line}"));
                if !line.ends_with('\n') {
                    text.push_str("\n\\ No newline at end of file\n");
                }
            }
        };
        side("<", &old[change.old.clone()]);
        if sign == 'c' {
            side("---\n>", &new[change.new.clone()][..1]);
            side(">", &new[change.new.clone()][1..]);
        } else {
            side(">", &new[change.new.clone()]);
        }
    }
    text
}

const SPEC: Spec = Spec {
    short: "uqrNwbBiU:",
    long: &[("unified", 'u', false), ("brief", 'q', false), ("new-file", 'N', false), ("recursive", 'r', false)],
};

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match super::parse(&sys, "diff", &SPEC, &argv) {
        Ok(given) => given,
        Err(_) => return 2,
    };
    let [old_name, new_name] = given.operands.as_slice() else {
        match given.operands.last() {
            Some(last) if given.operands.len() == 1 => sys.err.line(format!("diff: missing operand after '{last}'")),
            Some(_) => sys.err.line(format!("diff: extra operand '{}'", given.operands[2])),
            None => sys.err.line("diff: missing operand after 'diff'"),
        }
        sys.err.line("diff: Try 'diff --help' for more information.");
        return 2;
    };
    let mut texts = Vec::new();
    for name in [old_name, new_name] {
        let text = if name == "-" { Ok(sys.read_all().await) } else { sys.read_file(name) };
        match text {
            Ok(text) => texts.push(text),
            Err(_) if given.has('N') => texts.push(String::new()),
            Err(error) => {
                sys.err.line(format!("diff: {name}: {error}"));
                return 2;
            }
        }
    }
    let (old, new) = (texts.swap_remove(0), texts.swap_remove(0));
    if old == new {
        return 0;
    }
    if given.has('q') {
        sys.out.line(format!("Files {old_name} and {new_name} differ"));
    } else if given.has('u') || given.has('U') || sys.host == Host::Busybox {
        let date = api::time::format_rfc3339(sys.now().unix_seconds()).replace('T', " ").replace('Z', "");
        let named = |name: &str| match sys.host {
            Host::Busybox => name.to_owned(),
            _ => format!("{name}\t{date}.000000000 +0000"),
        };
        sys.out.line(format!("--- {}\n+++ {}", named(old_name), named(new_name)));
        sys.out.write(unified::hunks(&old, &new));
    } else {
        sys.out.write(normal(&old, &new));
    }
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_told_as_gnu_tells_them() {
        let (old, new) = ("a\nb\nc\nd\n", "a\nB\nc\nd\ne\n");
        assert_eq!(normal(old, new), "2c2\n< b\n---\n> B\n4a5\n> e\n");
        assert_eq!(normal("a\nb\nc\n", "c"), "1,3c1\n< a\n< b\n< c\n---\n> c\n\\ No newline at end of file\n");
        assert_eq!(normal("a\nb\nc\n", "a\n"), "2,3d1\n< b\n< c\n");
    }
}
