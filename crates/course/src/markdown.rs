//! The texts of lessons as data: a small part of Markdown, and nothing that could ever become markup of a page. Text from
//! elsewhere stays text; an address is kept only where it leads to the web.

/// A part of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Block {
    /// A heading within a step (`### ...`).
    Heading(Vec<Span>),
    /// Lines that belong together.
    Paragraph(Vec<Span>),
    /// Lines between ```` ``` ````, with the word behind the first: `sh`, `yaml`.
    Code {
        /// The word; may be empty.
        language: String,
        /// The lines, each with its end.
        text: String,
    },
    /// Items that begin with `-` or a number.
    List {
        /// Whether they are numbered.
        ordered: bool,
        /// The items.
        items: Vec<Vec<Span>>,
    },
    /// Rows between `|`; the first is the heading.
    Table(Vec<Vec<Vec<Span>>>),
    /// Lines that begin with `>`: an aside, such as what has changed since.
    Note(Vec<Block>),
}

/// A part of a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Span {
    /// Plain words.
    Text(String),
    /// What stands between back-ticks.
    Code(String),
    /// What stands between two stars.
    Strong(String),
    /// What stands between single stars.
    Emphasis(String),
    /// A link.
    Link {
        /// Its words.
        words: String,
        /// Its address, which begins with `https://` or `http://`.
        address: String,
    },
}

/// How deep notes may stand in each other.
const DEPTH: usize = 3;

/// Reads a text. Every text can be read; what is not understood is plain words.
#[must_use]
pub fn read(text: &str) -> Vec<Block> {
    blocks(&text.lines().collect::<Vec<_>>(), DEPTH)
}

fn blocks(lines: &[&str], depth: usize) -> Vec<Block> {
    let mut found = Vec::new();
    let mut rest = lines;
    while let Some((first, after)) = rest.split_first() {
        if first.trim().is_empty() {
            rest = after;
            continue;
        }
        let (block, taken) = block(rest, depth);
        found.push(block);
        rest = rest.get(taken.max(1)..).unwrap_or_default();
    }
    found
}

/// The block that begins here, and how many lines it takes.
fn block(lines: &[&str], depth: usize) -> (Block, usize) {
    let first = lines.first().copied().unwrap_or_default();
    if let Some(language) = first.trim_start().strip_prefix("```") {
        let inner = lines.iter().skip(1).take_while(|line| !line.trim_start().starts_with("```"));
        let text: Vec<&str> = inner.copied().collect();
        let taken = text.len() + 2;
        let text = text.iter().map(|line| format!("{line}\n")).collect();
        return (Block::Code { language: language.trim().to_owned(), text }, taken.min(lines.len()));
    }
    if let Some(words) = first.strip_prefix("### ") {
        return (Block::Heading(spans(words.trim())), 1);
    }
    if first.starts_with('>') && depth > 0 {
        let inner: Vec<&str> = lines
            .iter()
            .map_while(|line| line.strip_prefix('>'))
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect();
        return (Block::Note(blocks(&inner, depth - 1)), inner.len());
    }
    if first.starts_with('|') {
        let rows: Vec<&str> = lines.iter().copied().take_while(|line| line.starts_with('|')).collect();
        let is_rule = |row: &&str| row.chars().all(|sign| matches!(sign, '|' | '-' | ':' | ' '));
        let cells = |row: &&str| row.trim().trim_matches('|').split('|').map(|cell| spans(cell.trim())).collect();
        return (Block::Table(rows.iter().filter(|row| !is_rule(row)).map(cells).collect()), rows.len());
    }
    if let Some((ordered, _)) = item(first) {
        return list(lines, ordered);
    }
    let taken = 1 + lines.iter().skip(1).take_while(|line| continues(line)).count();
    (Block::Paragraph(spans(&joined(&lines[..taken]))), taken)
}

fn list(lines: &[&str], ordered: bool) -> (Block, usize) {
    let mut items: Vec<String> = Vec::new();
    let mut taken = 0;
    for line in lines {
        match (item(line), items.last_mut()) {
            (Some((kind, words)), _) if kind == ordered => items.push(words.trim().to_owned()),
            (None, Some(last)) if continues(line) => {
                last.push(' ');
                last.push_str(line.trim());
            }
            _ => break,
        }
        taken += 1;
    }
    (Block::List { ordered, items: items.iter().map(|item| spans(item)).collect() }, taken)
}

/// Whether a line goes on with the paragraph before it.
fn continues(line: &str) -> bool {
    let begins = ["```", "### ", ">", "|"];
    !line.trim().is_empty() && item(line).is_none() && !begins.iter().any(|begin| line.trim_start().starts_with(begin))
}

/// What an item of a list says, and whether it has a number.
fn item(line: &str) -> Option<(bool, &str)> {
    let line = line.trim_start();
    if let Some(words) = line.strip_prefix("- ") {
        return Some((false, words));
    }
    let (number, words) = line.split_once(". ")?;
    (!number.is_empty() && number.len() < 4 && number.bytes().all(|digit| digit.is_ascii_digit()))
        .then_some((true, words))
}

fn joined(lines: &[&str]) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

fn spans(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(sign) = rest.chars().next() {
        match marked(rest) {
            Some((span, taken)) => {
                if !plain.is_empty() {
                    found.push(Span::Text(std::mem::take(&mut plain)));
                }
                found.push(span);
                rest = rest.get(taken..).unwrap_or_default();
            }
            None => {
                plain.push(sign);
                rest = &rest[sign.len_utf8()..];
            }
        }
    }
    if !plain.is_empty() {
        found.push(Span::Text(plain));
    }
    found
}

/// What is marked at the beginning of a text, and how many bytes that takes.
fn marked(text: &str) -> Option<(Span, usize)> {
    let between = |mark: &str| {
        let inner = text.strip_prefix(mark)?;
        let end = inner.find(mark).filter(|end| *end > 0)?;
        // A star with a space behind it is a star.
        let inner = inner.get(..end).filter(|inner| mark == "`" || !inner.starts_with(' '))?;
        Some((inner.to_owned(), end + 2 * mark.len()))
    };
    if let Some((inner, taken)) = between("`") {
        return Some((Span::Code(inner), taken));
    }
    if let Some((inner, taken)) = between("**") {
        return Some((Span::Strong(inner), taken));
    }
    if let Some((inner, taken)) = between("*").filter(|_| !text.starts_with("**")) {
        return Some((Span::Emphasis(inner), taken));
    }
    let (words, after) = text.strip_prefix('[')?.split_once("](")?;
    let (address, _) = after.split_once(')')?;
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    let is_plain = !words.contains(['[', ']']) && !address.contains(char::is_whitespace);
    (is_web && is_plain)
        .then(|| (Span::Link { words: words.to_owned(), address: address.to_owned() }, words.len() + address.len() + 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &str) -> Span {
        Span::Text(words.to_owned())
    }

    #[test]
    fn lines_become_blocks() {
        let source = "One\ntwo.\n\n- a `b`\n  c\n- d\n1. e\n\n```sh\nls <b>\n\n## x\n```\n> **Then.** Now.\n>\n> More.\n\
                      | a | b |\n|---|---|\n| c | `d` |\n### Title\n";
        let code = |words: &str| Span::Code(words.to_owned());
        assert_eq!(
            read(source),
            [
                Block::Paragraph(vec![text("One two.")]),
                Block::List { ordered: false, items: vec![vec![text("a "), code("b"), text(" c")], vec![text("d")]] },
                Block::List { ordered: true, items: vec![vec![text("e")]] },
                Block::Code { language: "sh".to_owned(), text: "ls <b>\n\n## x\n".to_owned() },
                Block::Note(vec![
                    Block::Paragraph(vec![Span::Strong("Then.".to_owned()), text(" Now.")]),
                    Block::Paragraph(vec![text("More.")]),
                ]),
                Block::Table(vec![vec![vec![text("a")], vec![text("b")]], vec![vec![text("c")], vec![code("d")]]]),
                Block::Heading(vec![text("Title")]),
            ]
        );
    }

    #[test]
    fn what_is_hostile_stays_text() {
        for source in [
            "<script>alert(1)</script>",
            "[x](javascript:alert(1))",
            "[x](data:text/html,x)",
            "a * b ** c",
            "**",
            "`",
            "[a](",
            "\u{1f600}*",
        ] {
            assert_eq!(read(source), [Block::Paragraph(vec![text(source)])], "{source}");
        }
        let link = Span::Link { words: "x".to_owned(), address: "https://kubernetes.io/".to_owned() };
        assert_eq!(read("[x](https://kubernetes.io/)."), [Block::Paragraph(vec![link, text(".")])]);
        // However deep it is, it ends.
        assert!(!read(&">".repeat(10_000)).is_empty());
        assert_eq!(read("```\nopen"), [Block::Code { language: String::new(), text: "open\n".to_owned() }]);
    }
}
