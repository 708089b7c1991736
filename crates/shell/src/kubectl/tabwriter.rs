//! Columns of text as Go's `text/tabwriter` aligns them.

/// Aligns tab separated cells: a column is a run of lines that have a cell there, and is as wide as its widest cell
/// and the padding, at least `min_width`. The last cell of a line belongs to no column.
#[must_use]
pub fn align(text: &str, min_width: usize, padding: usize) -> String {
    let lines: Vec<Vec<&str>> = text.split('\n').map(|line| line.split('\t').collect()).collect();
    let mut table = Table { lines: &lines, widths: Vec::new(), out: String::with_capacity(text.len() * 2), written: 0 };
    table.format(0, lines.len(), min_width, padding);
    // `split` gives one more line than there are ends of lines.
    table.out.pop();
    table.out
}

struct Table<'a> {
    lines: &'a [Vec<&'a str>],
    widths: Vec<usize>,
    out: String,
    written: usize,
}

impl Table<'_> {
    /// Models `Writer.format`.
    fn format(&mut self, from: usize, to: usize, min_width: usize, padding: usize) {
        let column = self.widths.len();
        let mut at = from;
        while at < to {
            if column + 1 >= self.lines[at].len() {
                at += 1;
                continue;
            }
            self.write_until(at);
            let block = self.lines[at..to].iter().take_while(|line| column + 1 < line.len());
            let (mut end, mut width) = (at, min_width);
            for line in block {
                width = width.max(line[column].chars().count() + padding);
                end += 1;
            }
            self.widths.push(width);
            self.format(at, end, min_width, padding);
            self.widths.pop();
            at = end;
        }
        self.write_until(to);
    }

    fn write_until(&mut self, end: usize) {
        while self.written < end {
            for (index, cell) in self.lines[self.written].iter().enumerate() {
                self.out.push_str(cell);
                let width = self.widths.get(index).copied().unwrap_or(0);
                self.out.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.chars().count())));
            }
            self.out.push('\n');
            self.written += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_runs_of_lines() {
        assert_eq!(align("a\tb\nlonger\tc\n", 0, 2), "a       b\nlonger  c\n");
        assert_eq!(align("a\tb\nplain\nlonger\tc\n", 0, 2), "a  b\nplain\nlonger  c\n");
        assert_eq!(align("N\tM\tO\nn\t\to\n", 6, 3), "N     M     O\nn           o\n");
        assert_eq!(align("", 0, 2), "");
    }
}
