//! The bands of the picture: what is outside, Services and what leads to them, machines with what runs on them.

use std::collections::BTreeMap;

use super::dots::process_height;
use super::{Arranged, EXIT, GUTTER, LANE, Mode, PAD, PROCESS, Places, int};
use crate::depictions::{Band, Drawing, blank};
use crate::figure::{Figure, FigureId, Rect, Shape, Tone};
use crate::words::fit;

/// Lengths in CSS pixels.
const RAIL: i32 = 150;
const STRIP: i32 = 48;
const CLUSTER_HEAD: i32 = 34;
const NODE_HEAD: i32 = 66;
const NARROWEST: i32 = 176;
const WIDEST: i32 = 320;
const PROCESS_GAP: i32 = 10;
const DEVICE: i32 = 54;
const FLAT_DEVICE: i32 = 36;
const DEVICE_GAP: i32 = 14;
/// A name that is narrower than this cannot be read.
const NARROWEST_DEVICE: i32 = 104;
const ENTRANCE: i32 = 100;
const FRONT_DOOR: i32 = 154;
/// In a column of their own, Services have a row for each port below the rest.
const DOOR_WIDTH: i32 = 216;
pub(crate) const PORT: i32 = 26;
const DOOR_GAP: i32 = 14;
/// With more of them than this, each does without a line that says nothing unusual.
const AT_EASE: usize = 2;
const PLAIN_LINE: i32 = 22;

/// Everything, sorted by where it belongs.
#[derive(Clone)]
pub(super) struct Parts {
    pub(super) doors: Vec<Figure>,
    entries: Vec<Figure>,
    machines: Vec<Figure>,
    /// What runs on each machine.
    stacks: BTreeMap<FigureId, Vec<Figure>>,
    devices: Vec<Figure>,
}

/// Where the columns of machines are.
struct Grid {
    left: i32,
    columns: usize,
    column: i32,
}

impl Grid {
    fn new(room: i32, left: i32, machines: usize, mode: Mode) -> Self {
        let inner = room - left - 2 * PAD;
        let fitting = usize::try_from(inner / (NARROWEST + GUTTER)).unwrap_or(1);
        // Beside the Services all stand in one row if they can: it is drawn smaller rather than higher.
        let most = if mode == Mode::Beside { fitting.max(3) } else { fitting };
        let columns = most.clamp(1, machines.max(1));
        let column = (inner / int(columns) - GUTTER).clamp(NARROWEST, WIDEST);
        Self { left, columns, column }
    }

    fn x(&self, slot: usize) -> i32 {
        self.left + PAD + GUTTER / 2 + int(slot % self.columns) * (self.column + GUTTER) + GUTTER / 2
    }

    fn row(&self, slot: usize) -> usize {
        slot / self.columns
    }

    /// Where the columns end, with the frame around them.
    fn right(&self) -> i32 {
        self.left + 2 * PAD + int(self.columns) * (self.column + GUTTER)
    }
}

/// The groups that slots are counted in.
fn front_doors() -> FigureId {
    FigureId("front doors".into())
}

fn entrances() -> FigureId {
    FigureId("entrances".into())
}

/// Where pods wait that have no node.
fn nowhere() -> FigureId {
    FigureId("no node".into())
}

impl Parts {
    pub(super) fn of(drawings: Vec<Drawing>) -> Self {
        let mut parts = Self {
            doors: Vec::new(),
            entries: Vec::new(),
            machines: Vec::new(),
            stacks: BTreeMap::new(),
            devices: Vec::new(),
        };
        for Drawing { band, machine, figure } in drawings {
            match band {
                Band::Entrances => parts.entries.push(figure),
                Band::FrontDoors => parts.doors.push(figure),
                Band::Machines => parts.machines.push(figure),
                Band::Outside => parts.devices.push(figure),
                Band::OnMachine => parts.stacks.entry(machine.unwrap_or_else(nowhere)).or_default().push(figure),
            }
        }
        let lost: Vec<FigureId> = parts
            .stacks
            .keys()
            .filter(|id| !parts.machines.iter().any(|machine| machine.id == **id))
            .cloned()
            .collect();
        let waiting: Vec<Figure> = lost.iter().filter_map(|id| parts.stacks.remove(id)).flatten().collect();
        if !waiting.is_empty() {
            let figure = blank(Shape::Machine, "No node yet");
            parts.machines.push(Figure { id: nowhere(), words: "Pods without a node".to_owned(), ..figure });
            parts.stacks.insert(nowhere(), waiting);
        }
        parts
    }

    /// Gives everything a place in a room of this width.
    pub(super) fn stand(self, room: i32, mode: Mode, places: &mut Places) -> Arranged {
        let rail = room >= RAIL + 2 * PAD + 3 * (NARROWEST + GUTTER);
        let a_row = usize::try_from(room / (NARROWEST_DEVICE + PAD)).unwrap_or(1).clamp(1, self.devices.len().max(1));
        let (left, top) = if rail { (RAIL, 0) } else { (0, STRIP * int(self.devices.len().div_ceil(a_row))) };
        // Lines from the column of Services leave it in lanes of their own.
        let lanes = int(self.doors.len().min(6)) * LANE;
        let aside = match mode {
            Mode::Above => 0,
            Mode::Beside => DOOR_WIDTH + lanes + PAD,
        };
        let grid = Grid::new(room, left + aside, self.machines.len(), mode);
        let mut stand = Stand {
            figures: vec![Figure { words: "The cluster".to_owned(), ..blank(Shape::Area, "Cluster") }],
            slots: BTreeMap::new(),
            places,
            grid,
        };
        let begin = top + CLUSTER_HEAD;
        let machines_top = match mode {
            Mode::Above => {
                let y = stand.rows(&entrances(), self.entries, ENTRANCE, begin);
                stand.rows(&front_doors(), self.doors, FRONT_DOOR, y)
            }
            Mode::Beside => {
                let y = stand.column(&entrances(), self.entries, left + PAD + GUTTER / 2, begin);
                stand.column(&front_doors(), self.doors, left + PAD + GUTTER / 2, y);
                begin
            }
        };
        stand.machines(self.machines, self.stacks, machines_top);
        let Stand { mut figures, slots, grid, .. } = stand;
        let bottom =
            figures.iter().map(|figure| figure.frame.y + figure.frame.height).max().unwrap_or(machines_top) + PAD;
        let cluster = Rect { x: left, y: top, width: grid.right() - left, height: bottom - top };
        if let Some(area) = figures.first_mut() {
            area.frame = cluster;
        }
        figures.extend(devices(self.devices, rail, a_row, room));
        let height = figures.iter().map(|figure| figure.frame.y + figure.frame.height).max().unwrap_or(bottom);
        Arranged { width: grid.right(), height, figures, slots, columns: grid.columns, mode, machines_top }
    }
}

/// What stands already, and where others may.
struct Stand<'a> {
    figures: Vec<Figure>,
    slots: BTreeMap<FigureId, usize>,
    places: &'a mut Places,
    grid: Grid,
}

impl Stand<'_> {
    fn settle(&mut self, group: &FigureId, members: &[Figure]) -> Vec<usize> {
        let ids: Vec<FigureId> = members.iter().map(|member| member.id.clone()).collect();
        let settled = self.places.settle(group, &ids);
        self.slots.extend(ids.into_iter().zip(settled.iter().copied()));
        settled
    }

    /// Puts boxes into rows in the machines' columns; returns where the next thing begins.
    fn rows(&mut self, group: &FigureId, members: Vec<Figure>, height: i32, y: i32) -> i32 {
        let settled = self.settle(group, &members);
        let row_height = height + EXIT + LANE * int(self.grid.columns);
        let rows = settled.iter().map(|slot| self.grid.row(*slot) + 1).max().unwrap_or(0);
        for (member, slot) in members.into_iter().zip(settled) {
            let top = y + int(self.grid.row(slot)) * row_height;
            let frame = Rect { x: self.grid.x(slot), y: top, width: self.grid.column, height };
            self.figures.push(fit(member, frame));
        }
        y + int(rows) * row_height
    }

    /// Puts boxes one below the other, each with room for its ports; returns where the next thing begins.
    fn column(&mut self, group: &FigureId, members: Vec<Figure>, x: i32, y: i32) -> i32 {
        let settled = self.settle(group, &members);
        let tight = members.len() > AT_EASE;
        let spare = if tight { PLAIN_LINE } else { 0 };
        let height = |figure: &Figure| match figure.ports {
            0 => ENTRANCE,
            ports => FRONT_DOOR - spare + PORT * int(ports),
        };
        let mut heights = vec![0; settled.iter().map(|slot| slot + 1).max().unwrap_or(0)];
        for (member, slot) in members.iter().zip(&settled) {
            heights[*slot] = height(member) + DOOR_GAP;
        }
        let all: i32 = heights.iter().sum();
        for (mut member, slot) in members.into_iter().zip(settled) {
            if tight && member.ports > 0 {
                member.lines.retain(|line| line.tone != Tone::Plain || line.code || !line.chips.is_empty());
            }
            let top = y + heights.iter().take(slot).sum::<i32>();
            let frame = Rect { x, y: top, width: DOOR_WIDTH, height: height(&member) };
            self.figures.push(fit(member, frame));
        }
        y + all
    }

    fn machines(&mut self, machines: Vec<Figure>, mut stacks: BTreeMap<FigureId, Vec<Figure>>, y: i32) {
        let ids: Vec<FigureId> = machines.iter().map(|machine| machine.id.clone()).collect();
        let slots = self.places.settle(&FigureId::cluster(), &ids);
        let mut heights: BTreeMap<usize, i32> = BTreeMap::new();
        let mut stands = Vec::new();
        for (machine, slot) in machines.into_iter().zip(slots) {
            let stack = stacks.remove(&machine.id).unwrap_or_default();
            let ids: Vec<FigureId> = stack.iter().map(|process| process.id.clone()).collect();
            let seats = self.places.settle(&machine.id, &ids);
            // Side by side, room for one costs nothing; one below the other, an empty machine is its heading alone.
            let least = usize::from(self.grid.columns > 1);
            let deep = seats.iter().map(|seat| seat + 1).max().unwrap_or(0).max(least);
            let mut seat_heights = vec![PROCESS; deep];
            for (process, seat) in stack.iter().zip(&seats) {
                seat_heights[*seat] = process_height(process, self.grid.column - 2 * PAD);
            }
            let all: i32 = seat_heights.iter().map(|height| height + PROCESS_GAP).sum();
            let height = NODE_HEAD + (all + PAD - PROCESS_GAP).max(0);
            let row = heights.entry(self.grid.row(slot)).or_default();
            *row = (*row).max(height);
            stands.push((slot, machine, stack.into_iter().zip(seats).collect::<Vec<_>>(), seat_heights));
        }
        for (slot, machine, stack, seat_heights) in stands {
            let row = self.grid.row(slot);
            let above: i32 = heights.range(..row).map(|(_, height)| height + GUTTER).sum();
            let height = heights.get(&row).copied().unwrap_or_default();
            let frame = Rect { x: self.grid.x(slot), y: y + above, width: self.grid.column, height };
            self.figures.push(fit(machine, frame));
            for (mut process, seat) in stack {
                let before: i32 = seat_heights.iter().take(seat).map(|height| height + PROCESS_GAP).sum();
                let place = Rect {
                    x: frame.x + PAD,
                    y: frame.y + NODE_HEAD + before,
                    width: frame.width - 2 * PAD,
                    height: seat_heights.get(seat).copied().unwrap_or(PROCESS),
                };
                self.places.seat(&mut process);
                self.figures.push(fit(process, place));
            }
        }
    }
}

/// What is outside: in a rail on the left, or in a strip above the cluster, where the names have to do; the words say the rest.
fn devices(devices: Vec<Figure>, rail: bool, a_row: usize, room: i32) -> Vec<Figure> {
    let each = if rail { RAIL - PAD - GUTTER / 2 } else { (room / int(a_row) - PAD).clamp(NARROWEST_DEVICE, RAIL) };
    let stood = devices.into_iter().enumerate().map(|(at, device)| {
        let (frame, lines) = if rail {
            let y = CLUSTER_HEAD + int(at) * (DEVICE + DEVICE_GAP);
            (Rect { x: 0, y, width: each, height: DEVICE }, device.lines.clone())
        } else {
            let (x, y) = (int(at % a_row) * (each + PAD), int(at / a_row) * STRIP);
            (Rect { x, y, width: each, height: FLAT_DEVICE }, Vec::new())
        };
        fit(Figure { lines, ..device }, frame)
    });
    stood.collect()
}
