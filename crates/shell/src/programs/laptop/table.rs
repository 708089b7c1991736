//! Tables as minikube draws them.

/// A table with lines around it: headers in the middle of their columns, cells at the left. A cell may have lines.
pub(super) fn table(headers: &[&str], rows: &[Vec<String>]) -> String {
    let width = |text: &str| text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = headers
        .iter()
        .enumerate()
        .map(|(column, header)| {
            let cells = rows.iter().map(|row| row.get(column).map_or(0, |cell| width(cell)));
            cells.chain([header.chars().count()]).max().unwrap_or(0)
        })
        .collect();
    let rule = |ends: [char; 3]| {
        let bars: Vec<String> = widths.iter().map(|width| "─".repeat(width + 2)).collect();
        format!("{}{}{}\n", ends[0], bars.join(&ends[1].to_string()), ends[2])
    };
    let line = |cells: Vec<String>| format!("│{}│\n", cells.join("│"));
    let mut text = rule(['┌', '┬', '┐']);
    text.push_str(&line(headers.iter().zip(&widths).map(|(header, width)| format!(" {header:^width$} ")).collect()));
    text.push_str(&rule(['├', '┼', '┤']));
    for row in rows {
        let height = row.iter().map(|cell| cell.lines().count()).max().unwrap_or(1).max(1);
        for index in 0..height {
            let cell = |cell: &String| cell.lines().nth(index).unwrap_or_default().to_owned();
            let cells = row.iter().zip(&widths).map(|(text, width)| format!(" {:<width$} ", cell(text)));
            text.push_str(&line(cells.collect()));
        }
    }
    text + &rule(['└', '┴', '┘'])
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [vec!["default".to_owned(), "80\n443".to_owned()]];
        let want = "┌───────────┬─────┐\n│ NAMESPACE │ URL │\n├───────────┼─────┤\n│ default   │ 80  │\n│           │ 443 │\n└───────────┴─────┘\n";
        assert_eq!(table(&["NAMESPACE", "URL"], &rows), want);
    }
}
