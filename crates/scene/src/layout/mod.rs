//! Where figures stand. Services in rows above the machines, in the same columns, or in a column beside them; pods stacked on
//! their machines, lines in the gutters between columns. Layered, deterministic, and stable: [`Places`] keeps everybody's slot
//! when others come and go.
//!
//! - [`parts`]: the bands of the picture, each with its own way to stand
//! - [`dots`]: those that one figure stands for

mod dots;
mod parts;

use std::collections::{BTreeMap, BTreeSet};

use api::arrange::Arrange;

use crate::depictions::Drawing;
use crate::figure::{Figure, FigureId};
use crate::look::Look;
pub use dots::{DOT_GAP, Dots};
pub(crate) use parts::PORT;
use parts::Parts;

/// Lengths in CSS pixels.
pub(crate) const PAD: i32 = 12;
const PROCESS: i32 = 100;

/// Between columns, where lines run down.
pub(crate) const GUTTER: i32 = 30;
/// Below a row of Services: first the labels of the lines, then one lane for each Service of the row.
pub(crate) const EXIT: i32 = 34;
/// Between two lanes.
pub(crate) const LANE: i32 = 8;

/// Which slot everybody has, by the group they stand in, and how all of it is arranged. Kept from scene to scene.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Places {
    slots: BTreeMap<FigureId, BTreeMap<FigureId, usize>>,
    mode: Mode,
    /// The room for which that was chosen.
    room: (i32, i32),
}

/// Where the Services are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Mode {
    /// In rows above the machines.
    #[default]
    Above,
    /// In a column on the left of them.
    Beside,
}

impl Places {
    /// The slots of the members of a group: the known keep theirs, new ones get the first that is free.
    fn settle(&mut self, group: &FigureId, members: &[FigureId]) -> Vec<usize> {
        let slots = self.slots.entry(group.clone()).or_default();
        let known: BTreeSet<&FigureId> = members.iter().collect();
        slots.retain(|id, _| known.contains(id));
        let taken: BTreeSet<usize> = slots.values().copied().collect();
        let mut free = (0..).filter(|slot| !taken.contains(slot));
        for member in members {
            if !slots.contains_key(member) {
                slots.insert(member.clone(), free.next().unwrap_or_default());
            }
        }
        members.iter().map(|member| slots.get(member).copied().unwrap_or_default()).collect()
    }

    /// Puts the members of a crowd where they were, those that are new into the gaps.
    fn seat(&mut self, figure: &mut Figure) {
        let ids: Vec<FigureId> = figure.crowd.iter().map(|member| FigureId::of(&member.object)).collect();
        let mut seated: Vec<_> =
            self.settle(&figure.id, &ids).into_iter().zip(std::mem::take(&mut figure.crowd)).collect();
        seated.arrange_by_key(|(seat, _)| *seat);
        figure.crowd = seated.into_iter().map(|(_, member)| member).collect();
    }
}

/// Figures in their places.
pub(crate) struct Arranged {
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) figures: Vec<Figure>,
    /// The slot of each Service: it chooses its lane.
    pub(crate) slots: BTreeMap<FigureId, usize>,
    pub(crate) columns: usize,
    pub(crate) mode: Mode,
    /// Where the machines begin.
    pub(crate) machines_top: i32,
}

/// Gives everything a place: with the Services above the machines or beside them, whichever can be drawn larger in the room
/// there is. Once chosen it stays, unless the other is much better.
pub(crate) fn arrange(look: &Look<'_>, drawings: Vec<Drawing>, places: &mut Places) -> Arranged {
    let room = (look.options.width, look.options.height);
    let parts = Parts::of(drawings);
    if room.1 <= 0 || parts.doors.is_empty() {
        places.mode = Mode::Above;
        return parts.stand(room.0, Mode::Above, places);
    }
    // What covers a part of the room for a while moves nobody.
    let known = places.room.0 == room.0;
    places.room = if known { (room.0, room.1.max(places.room.1)) } else { room };
    let room = places.room;
    let other = if places.mode == Mode::Above { Mode::Beside } else { Mode::Above };
    let kept = parts.clone().stand(room.0, places.mode, places);
    let changed = parts.stand(room.0, other, places);
    let enough = if known { MUCH_BETTER } else { 100 };
    if changed.worth(room) * 100 > kept.worth(room) * enough {
        places.mode = other;
        return changed;
    }
    kept
}

/// In hundredths: how much larger the other way has to be, to change what one is used to.
const MUCH_BETTER: i32 = 140;
/// In hundredths: what low is worth, for there is always something that comes up below a diagram.
const LOW: i32 = 115;

impl Arranged {
    /// How large it is in a room, in thousandths, with something for being low.
    fn worth(&self, room: (i32, i32)) -> i32 {
        let scale = (room.0 * 1000 / self.width.max(1)).min(room.1 * 1000 / self.height.max(1)).min(1000);
        if self.mode == Mode::Beside { scale * LOW / 100 } else { scale }
    }
}

fn int(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX / 1024)
}
