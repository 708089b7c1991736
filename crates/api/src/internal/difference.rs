//! What differs between two texts, as Python's difflib finds it. Models `github.com/pmezard/go-difflib`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

/// Equal lines around a change.
const CONTEXT: usize = 3;
/// Texts of so many lines have lines that are too popular to begin a match with.
const LONG: usize = 200;

/// A run of lines that both texts have, or a change: no lines on one side, or other lines.
#[derive(Clone)]
struct Step {
    equal: bool,
    old: Range<usize>,
    new: Range<usize>,
}

/// The changes in unified form, without a head. Models `GetUnifiedDiffString`.
pub(super) fn unified(old: &str, new: &str) -> String {
    let matcher = Matcher::new(lines(old), lines(new));
    let mut text = String::new();
    for group in groups(matcher.steps()) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        // Writing to a text does not fail.
        let _ =
            writeln!(text, "@@ -{} +{} @@", range(first.old.start, last.old.end), range(first.new.start, last.new.end));
        for step in group {
            if step.equal {
                write_lines(&mut text, ' ', &matcher.old[step.old]);
                continue;
            }
            write_lines(&mut text, '-', &matcher.old[step.old]);
            write_lines(&mut text, '+', &matcher.new[step.new]);
        }
    }
    text
}

/// Models `SplitLines`.
fn lines(text: &str) -> Vec<&str> {
    text.split('\n').collect()
}

fn write_lines(text: &mut String, sign: char, lines: &[&str]) {
    for line in lines {
        text.push(sign);
        text.push_str(line);
        text.push('\n');
    }
}

/// Models `formatRangeUnified`.
fn range(start: usize, end: usize) -> String {
    match end - start {
        1 => format!("{}", start + 1),
        0 => format!("{start},0"),
        length => format!("{},{length}", start + 1),
    }
}

/// Models `SequenceMatcher`.
struct Matcher<'a> {
    old: Vec<&'a str>,
    new: Vec<&'a str>,
    /// Where each line of the new text stands; popular lines are left out.
    places: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> Matcher<'a> {
    /// Models `chainB`.
    fn new(old: Vec<&'a str>, new: Vec<&'a str>) -> Self {
        let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, line) in new.iter().enumerate() {
            places.entry(line).or_default().push(at);
        }
        if new.len() >= LONG {
            let popular = new.len() / 100 + 1;
            places.retain(|_, at| at.len() <= popular);
        }
        Self { old, new, places }
    }

    /// The longest run of equal lines, the earliest if several are: where it begins in both, and its length.
    /// Models `findLongestMatch`.
    fn longest(&self, old: &Range<usize>, new: &Range<usize>) -> (usize, usize, usize) {
        let (mut at, mut there, mut size) = (old.start, new.start, 0);
        let mut lengths: BTreeMap<usize, usize> = BTreeMap::new();
        for index in old.clone() {
            let mut next = BTreeMap::new();
            for &place in self.places.get(self.old[index]).into_iter().flatten().filter(|place| new.contains(place)) {
                let before = place.checked_sub(1).and_then(|before| lengths.get(&before));
                let length = before.copied().unwrap_or(0) + 1;
                next.insert(place, length);
                if length > size {
                    (at, there, size) = (index + 1 - length, place + 1 - length, length);
                }
            }
            lengths = next;
        }
        while at > old.start && there > new.start && self.old[at - 1] == self.new[there - 1] {
            (at, there, size) = (at - 1, there - 1, size + 1);
        }
        while at + size < old.end && there + size < new.end && self.old[at + size] == self.new[there + size] {
            size += 1;
        }
        (at, there, size)
    }

    /// All runs of equal lines, in order. Models `GetMatchingBlocks`.
    fn blocks(&self, old: Range<usize>, new: Range<usize>, found: &mut Vec<(usize, usize, usize)>) {
        let (at, there, size) = self.longest(&old, &new);
        if size == 0 {
            return;
        }
        if old.start < at && new.start < there {
            self.blocks(old.start..at, new.start..there, found);
        }
        match found.last_mut() {
            Some((last, last_there, length)) if *last + *length == at && *last_there + *length == there => {
                *length += size;
            }
            _ => found.push((at, there, size)),
        }
        if at + size < old.end && there + size < new.end {
            self.blocks(at + size..old.end, there + size..new.end, found);
        }
    }

    /// Models `GetOpCodes`.
    fn steps(&self) -> Vec<Step> {
        let mut blocks = Vec::new();
        self.blocks(0..self.old.len(), 0..self.new.len(), &mut blocks);
        blocks.push((self.old.len(), self.new.len(), 0));
        let (mut old, mut new) = (0, 0);
        let mut steps = Vec::new();
        for (at, there, size) in blocks {
            if old < at || new < there {
                steps.push(Step { equal: false, old: old..at, new: new..there });
            }
            (old, new) = (at + size, there + size);
            if size > 0 {
                steps.push(Step { equal: true, old: at..old, new: there..new });
            }
        }
        steps
    }
}

/// Changes that stand near each other, with the lines around them. Models `GetGroupedOpCodes`.
fn groups(mut steps: Vec<Step>) -> Vec<Vec<Step>> {
    if let Some(first) = steps.first_mut().filter(|step| step.equal) {
        *first = tail(first);
    }
    if let Some(last) = steps.last_mut().filter(|step| step.equal) {
        *last = head(last);
    }
    let mut groups = Vec::new();
    let mut group = Vec::new();
    for mut step in steps {
        if step.equal && step.old.len() > 2 * CONTEXT {
            group.push(head(&step));
            groups.push(std::mem::take(&mut group));
            step = tail(&step);
        }
        group.push(step);
    }
    groups.push(group);
    groups.retain(|group| !matches!(&group[..], [] | [Step { equal: true, .. }]));
    groups
}

fn head(step: &Step) -> Step {
    let cut = |lines: &Range<usize>| lines.start..lines.end.min(lines.start + CONTEXT);
    Step { equal: true, old: cut(&step.old), new: cut(&step.new) }
}

fn tail(step: &Step) -> Step {
    let cut = |lines: &Range<usize>| lines.start.max(lines.end.saturating_sub(CONTEXT))..lines.end;
    Step { equal: true, old: cut(&step.old), new: cut(&step.new) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_have_three_lines_around_them() {
        let old: Vec<String> = (0..30).map(|line| format!("line {line}")).collect();
        let mut new = old.clone();
        new[4] = "other".to_owned();
        new.remove(20);
        let want = "@@ -2,7 +2,7 @@\n line 1\n line 2\n line 3\n-line 4\n+other\n line 5\n line 6\n line 7\n\
                    @@ -18,7 +18,6 @@\n line 17\n line 18\n line 19\n-line 20\n line 21\n line 22\n line 23\n";
        assert_eq!(unified(&old.join("\n"), &new.join("\n")), want);
        assert_eq!(unified("a\nb", "a\nb"), "");
        assert_eq!(unified("a", "b"), "@@ -1 +1 @@\n-a\n+b\n");
    }

    /// What Python's `difflib.unified_diff` prints: of 200 lines and more, frequent ones do not begin a match.
    #[test]
    fn popular_lines_of_long_texts_are_passed_over() {
        let old: Vec<String> = (0..250).map(|line| format!("{}", line % 50)).collect();
        let mut new = old.clone();
        new.insert(100, "new".to_owned());
        assert_eq!(unified(&old.join("\n"), &new.join("\n")).lines().count(), 305);
    }
}
