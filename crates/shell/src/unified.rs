//! Differences of two texts in unified form, as `diff -u` prints them.

use std::fmt::Write;

/// Lines of context around a change.
const CONTEXT: usize = 3;

/// Texts whose differing parts have more lines than this, one times the other, are told to differ as a whole.
const MOST: usize = 4_000_000;

/// One line of both texts, the first, or the second.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Step {
    Both,
    Old,
    New,
}

/// The hunks that lead from one text to the other; empty when they are equal. The two header lines are the caller's.
#[must_use]
pub(crate) fn hunks(old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let steps = steps(&old, &new);
    let changed: Vec<usize> = (0..steps.len()).filter(|at| steps[*at] != Step::Both).collect();
    let mut text = String::new();
    let mut next = changed.as_slice();
    while let Some(first) = next.first() {
        // Changes with no more than twice the context between them share a hunk.
        let joined = next.windows(2).take_while(|pair| pair[1] - pair[0] <= 2 * CONTEXT + 1).count() + 1;
        let from = first.saturating_sub(CONTEXT);
        let to = (next[joined - 1] + CONTEXT + 1).min(steps.len());
        hunk(&mut text, &steps, (from, to), (&old, &new));
        next = &next[joined..];
    }
    text
}

fn hunk(text: &mut String, steps: &[Step], (from, to): (usize, usize), (old, new): (&[&str], &[&str])) {
    let count = |steps: &[Step], other: Step| steps.iter().filter(|step| **step != other).count();
    let (mut at_old, mut at_new) = (count(&steps[..from], Step::New), count(&steps[..from], Step::Old));
    let steps = &steps[from..to];
    let range = |start: usize, length: usize| match length {
        0 => format!("{start},0"),
        1 => (start + 1).to_string(),
        _ => format!("{},{length}", start + 1),
    };
    let (old_range, new_range) = (range(at_old, count(steps, Step::New)), range(at_new, count(steps, Step::Old)));
    let _ = writeln!(text, "@@ -{old_range} +{new_range} @@");
    for step in steps {
        let (sign, line) = match step {
            Step::Both => (' ', old[at_old]),
            Step::Old => ('-', old[at_old]),
            Step::New => ('+', new[at_new]),
        };
        at_old += usize::from(*step != Step::New);
        at_new += usize::from(*step != Step::Old);
        text.push(sign);
        text.push_str(line);
        if !line.ends_with('\n') {
            text.push_str("\n\\ No newline at end of file\n");
        }
    }
}

/// A shortest way from one text to the other: what goes stands before what comes, and a change that could stand at
/// several places stands at the last.
pub(crate) fn steps(old: &[&str], new: &[&str]) -> Vec<Step> {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[start..], &new[start..]);
    let end = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[..old.len() - end], &new[..new.len() - end]);
    let mut steps = vec![Step::Both; start];
    steps.extend(middle(old, new));
    steps.extend(std::iter::repeat_n(Step::Both, end));
    steps
}

/// By the length of the longest common subsequence of what is left of both.
fn middle(old: &[&str], new: &[&str]) -> Vec<Step> {
    if old.len().saturating_mul(new.len()) > MOST {
        let gone = std::iter::repeat_n(Step::Old, old.len());
        return gone.chain(std::iter::repeat_n(Step::New, new.len())).collect();
    }
    let width = new.len() + 1;
    let mut common = vec![0u32; (old.len() + 1) * width];
    for a in (0..old.len()).rev() {
        for b in (0..new.len()).rev() {
            common[a * width + b] = if old[a] == new[b] {
                common[(a + 1) * width + b + 1] + 1
            } else {
                common[(a + 1) * width + b].max(common[a * width + b + 1])
            };
        }
    }
    let (mut a, mut b) = (0, 0);
    let mut steps = Vec::new();
    while a < old.len() || b < new.len() {
        let keeps = |a: usize, b: usize| common[a * width + b];
        if a < old.len() && b < new.len() && old[a] == new[b] {
            steps.push(Step::Both);
            (a, b) = (a + 1, b + 1);
        } else if b == new.len() || (a < old.len() && keeps(a + 1, b) >= keeps(a, b + 1)) {
            steps.push(Step::Old);
            a += 1;
        } else {
            steps.push(Step::New);
            b += 1;
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hunks_are_those_of_diff() {
        for (old, new, want) in [
            ("a\n", "a\n", ""),
            ("", "a\nb\n", "@@ -0,0 +1,2 @@\n+a\n+b\n"),
            ("a\n", "", "@@ -1 +0,0 @@\n-a\n"),
            ("a\nb\nc\n", "a\nx\nc\n", "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n"),
            ("a", "b\n", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n"),
            ("p\nq\n", "p\nq\nq\n", "@@ -1,2 +1,3 @@\n p\n q\n+q\n"),
            (
                "1\n2\n3\n4\n5\n6\n7\n8\n9\n",
                "x\n2\n3\n4\n5\n6\n7\n8\ny\n",
                "@@ -1,4 +1,4 @@\n-1\n+x\n 2\n 3\n 4\n@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+y\n",
            ),
        ] {
            assert_eq!(hunks(old, new), want, "{old:?} {new:?}");
        }
    }
}
