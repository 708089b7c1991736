//! Pasted text with ends of line: whole lines run, what is left over is gone on with.

use super::Line;

/// The lines to submit, and the line that is left to be typed on; `None` when no end of line was pasted.
#[must_use]
pub fn paste(line: &Line, pasted: &str) -> Option<(Vec<String>, Line)> {
    let pasted = pasted.replace("\r\n", "\n").replace('\r', "\n");
    let (whole, rest) = pasted.rsplit_once('\n')?;
    let (before, after) = line.text.split_at_checked(line.caret)?;
    let lines = format!("{before}{whole}").split('\n').map(str::to_owned).collect();
    Some((lines, Line { caret: rest.len(), text: format!("{rest}{after}") }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_lines_run_and_the_rest_stays() {
        let line = Line { text: "ab".to_owned(), caret: 1 };
        assert_eq!(paste(&line, "xy"), None);
        for (pasted, lines, rest) in [
            ("x\ny", vec!["ax"], Line { text: "yb".to_owned(), caret: 1 }),
            ("x\r\n\ny\n", vec!["ax", "", "y"], Line { text: "b".to_owned(), caret: 0 }),
            ("\n", vec!["a"], Line { text: "b".to_owned(), caret: 0 }),
        ] {
            let lines = lines.into_iter().map(str::to_owned).collect();
            assert_eq!(paste(&line, pasted), Some((lines, rest)), "{pasted:?}");
        }
    }
}
