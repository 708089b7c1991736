//! The dots of a figure that stands for several, and how high it is with them.

use super::{PAD, PROCESS, int};
use crate::figure::{Figure, Point};

/// What a crowd has above its dots.
const CROWD_HEAD: i32 = 78;

/// How high something that runs on a machine is in a column of this width.
pub(super) fn process_height(figure: &Figure, width: i32) -> i32 {
    if figure.crowd.is_empty() {
        return PROCESS;
    }
    let dots = Dots::of(figure.crowd.len(), width);
    CROWD_HEAD + int(dots.rows) * dots.step + PAD - DOT_GAP
}

/// The dots of a crowd, row by row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dots {
    /// How many stand side by side.
    pub columns: usize,
    /// How many rows there are.
    pub rows: usize,
    /// Pixels from dot to dot.
    pub step: i32,
}

/// Pixels between two dots.
pub const DOT_GAP: i32 = 2;

impl Dots {
    /// So many of them in a figure of this width: the more, the smaller.
    #[must_use]
    pub fn of(count: usize, width: i32) -> Self {
        let step = match count {
            0..=60 => 14,
            61..=160 => 10,
            _ => 7,
        };
        let columns = usize::try_from((width - 2 * PAD) / step).unwrap_or(1).max(1);
        Self { columns, rows: count.div_ceil(columns), step }
    }

    /// Where a dot's upper left corner is, from that of its figure.
    #[must_use]
    pub fn at(self, index: usize) -> Point {
        let (row, column) = (index / self.columns, index % self.columns);
        Point { x: PAD + int(column) * self.step, y: CROWD_HEAD + int(row) * self.step }
    }
}
