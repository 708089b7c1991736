//! `column -t`: text in columns.

use super::reader::Reader;
use crate::programs::options::Spec;
use crate::sys::Sys;

const SPEC: Spec = Spec {
    short: "ts:o:c:",
    long: &[("table", 't', false), ("separator", 's', true), ("output-separator", 'o', true)],
};

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match super::parse(&sys, "column", &SPEC, &argv) {
        Ok(given) => given,
        Err(status) => return status,
    };
    let mut reader = Reader::new(&sys, "column", &given.operands);
    let lines = reader.rest().await;
    let lines = lines.iter().filter(|line| !line.trim().is_empty());
    if !given.has('t') {
        // Without a table one column is as wide as the terminal.
        lines.for_each(|line| sys.out.line(line));
        return i32::from(reader.failed);
    }
    let separators = given.value('s');
    let rows: Vec<Vec<&str>> = lines
        .map(|line| match separators {
            Some(separators) => line.split(|char| separators.contains(char)).collect(),
            None => line.split_whitespace().collect(),
        })
        .collect();
    let mut widths: Vec<usize> = Vec::new();
    for row in &rows {
        for (index, cell) in row.iter().enumerate() {
            let width = cell.chars().count();
            match widths.get_mut(index) {
                Some(known) => *known = width.max(*known),
                None => widths.push(width),
            }
        }
    }
    let between = given.value('o').unwrap_or("  ");
    for row in &rows {
        let mut line = String::new();
        for (index, cell) in row.iter().enumerate() {
            line.push_str(cell);
            if index + 1 < row.len() {
                let fill = widths.get(index).map_or(0, |width| width - cell.chars().count());
                line.push_str(&" ".repeat(fill));
                line.push_str(between);
            }
        }
        sys.out.line(line);
    }
    i32::from(reader.failed)
}
