//! Text that fits its box. Widths are estimates for the page's fonts, on the wide side.

use crate::figure::{Chip, Figure, Line, Rect, Shape, Tone};
use api::arrange::Arrange;

/// Pixels a character takes, in words of 13 px and in code of 12 px.
const WORD: i32 = 7;
const CODE: i32 = 7;
/// The same in a title, which is bold.
const TITLE: i32 = 8;
/// Pixels left and right of the text in a box, and around a chip's text.
const MARGIN: i32 = 24;
const CHIP: i32 = 14;
/// Pixels for the mark before the text of a chip that has something to say.
const MARK: i32 = 14;
/// Pixels from chip to chip, and for the one that says how many there are more.
const BETWEEN: i32 = 4;
const PLUS: i32 = 32;
/// Rows of words a Service may use for its verdict.
const VERDICT_ROWS: usize = 3;

impl Chip {
    /// How wide it is to be drawn, in CSS pixels.
    #[must_use]
    pub fn width(&self) -> i32 {
        chars(&self.text) * CODE + CHIP + if self.tone == Tone::Plain { 0 } else { MARK }
    }
}

/// A figure in its frame, its texts cut to fit; the whole text stays in its words.
pub(crate) fn fit(mut figure: Figure, frame: Rect) -> Figure {
    let room = frame.width - MARGIN;
    // The title of what has a state begins after its mark.
    let mark = if matches!(figure.shape, Shape::Process | Shape::Crowd | Shape::FrontDoor) { 20 } else { 0 };
    let beside = |badge: &str| if badge.is_empty() { 0 } else { chars(badge) * WORD + CHIP };
    let title = chars(&figure.title) * TITLE + mark;
    if matches!(figure.shape, Shape::Machine | Shape::FrontDoor) && title + beside(&figure.badge) > room {
        // A name says more than an address or a type, which the words still have.
        figure.badge.clear();
    }
    figure.title = clip(&figure.title, (room - beside(&figure.badge) - mark) / TITLE);
    let lines = std::mem::take(&mut figure.lines);
    for line in lines {
        match (line.chips.is_empty(), line.code, figure.shape) {
            (true, false, Shape::FrontDoor) => {
                let rows = wrap(&line.text, room / WORD, VERDICT_ROWS);
                figure.lines.extend(rows.into_iter().map(|text| Line { text, ..line.clone() }));
            }
            (true, ..) => figure.lines.push(Line { text: clip(&line.text, room / CODE), ..line }),
            (false, ..) => figure.lines.push(fit_chips(line, room)),
        }
    }
    figure.frame = frame;
    figure
}

/// As many chips as fit, then how many more there are; the text before them goes first.
fn fit_chips(mut line: Line, room: i32) -> Line {
    let before = if line.text.is_empty() { 0 } else { (chars(&line.text) + 1) * WORD };
    let mut left = room - before;
    let count = line.chips.len();
    let all: i32 = line.chips.iter().map(|chip| chip.width() + BETWEEN).sum();
    if all > left {
        // What misses must not be among those that are left out.
        line.chips.arrange_by_key(|chip| chip.tone != Tone::Bad);
    }
    let first = line.chips.first().map_or(0, Chip::width) + if count > 1 { PLUS } else { 0 };
    if first > left {
        line.text.clear();
        left = room;
    }
    let mut shown = Vec::new();
    for chip in line.chips {
        let more = if shown.len() + 1 < count { PLUS } else { 0 };
        if !shown.is_empty() && chip.width() + more > left {
            break;
        }
        let around = chip.width() - chars(&chip.text) * CODE;
        let chip = Chip { text: clip(&chip.text, (left - around - more) / CODE), ..chip };
        left -= chip.width() + BETWEEN;
        shown.push(chip);
    }
    if shown.len() < count {
        shown.push(Chip { text: format!("+{}", count - shown.len()), tone: Tone::Plain });
    }
    line.chips = shown;
    line
}

/// The text, or its beginning and an ellipsis.
pub(crate) fn clip(text: &str, most: i32) -> String {
    let most = usize::try_from(most).unwrap_or(0).max(2);
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most - 1).collect();
    format!("{}…", kept.trim_end())
}

/// The text in rows of whole words; what is too much for the last row is cut.
fn wrap(text: &str, most: i32, rows: usize) -> Vec<String> {
    let most = most.max(8);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if chars(line) + 1 + chars(word) <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    if lines.len() > rows {
        // What is too much joins the last row, to be cut there.
        let rest = lines.split_off(rows - 1).join(" ");
        lines.push(rest);
    }
    lines.into_iter().map(|line| clip(&line, most)).collect()
}

fn chars(text: &str) -> i32 {
    i32::try_from(text.chars().count()).unwrap_or(i32::MAX / 64)
}
