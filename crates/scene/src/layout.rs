//! Where figures stand. One grid: Services in the upper rows, machines below in the same columns, pods stacked on their
//! machines, lines in the gutters between columns. Layered, deterministic, and stable: [`Places`] keeps everybody's slot
//! when others come and go.

use std::collections::BTreeMap;

use crate::depictions::{Band, Drawing, blank};
use crate::figure::{Figure, FigureId, Rect, Shape};
use crate::look::Look;
use crate::words::fit;

/// Lengths in CSS pixels.
const PAD: i32 = 12;
const RAIL: i32 = 150;
const STRIP: i32 = 48;
const CLUSTER_HEAD: i32 = 34;
const NODE_HEAD: i32 = 66;
const NARROWEST: i32 = 176;
const WIDEST: i32 = 320;
const PROCESS: i32 = 100;
const PROCESS_GAP: i32 = 10;
const DEVICE: i32 = 54;
const FLAT_DEVICE: i32 = 36;
const FRONT_DOOR: i32 = 154;

/// Between columns, where lines run down.
pub(crate) const GUTTER: i32 = 30;
/// Below a row of Services: first the labels of the lines, then one lane for each Service of the row.
pub(crate) const EXIT: i32 = 34;
/// Between two lanes.
pub(crate) const LANE: i32 = 8;

/// Which slot everybody has, by the group they stand in. Kept from scene to scene.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Places(BTreeMap<FigureId, BTreeMap<FigureId, usize>>);

impl Places {
    /// The slots of the members of a group: the known keep theirs, new ones get the first that is free.
    fn settle(&mut self, group: &FigureId, members: &[FigureId]) -> Vec<usize> {
        let slots = self.0.entry(group.clone()).or_default();
        slots.retain(|id, _| members.contains(id));
        for member in members {
            if !slots.contains_key(member) {
                let free = (0..).find(|slot| !slots.values().any(|taken| taken == slot)).unwrap_or(slots.len());
                slots.insert(member.clone(), free);
            }
        }
        members.iter().map(|member| slots.get(member).copied().unwrap_or_default()).collect()
    }
}

/// The group of everything above the machines.
fn front_doors() -> FigureId {
    FigureId("front doors".into())
}

/// Figures in their places.
pub(crate) struct Arranged {
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) figures: Vec<Figure>,
    /// The slot of each Service: it chooses its lane.
    pub(crate) slots: BTreeMap<FigureId, usize>,
    pub(crate) columns: usize,
}

/// The columns of the grid.
struct Grid {
    left: i32,
    columns: usize,
    column: i32,
}

impl Grid {
    fn new(room: i32, left: i32, machines: usize) -> Self {
        let inner = room - left - 2 * PAD;
        let fitting = usize::try_from(inner / (NARROWEST + GUTTER)).unwrap_or(1);
        let columns = fitting.clamp(1, machines.max(1));
        let column = (inner / int(columns) - GUTTER).clamp(NARROWEST, WIDEST);
        Self { left, columns, column }
    }

    fn x(&self, slot: usize) -> i32 {
        self.left + PAD + GUTTER / 2 + int(slot % self.columns) * (self.column + GUTTER) + GUTTER / 2
    }

    fn row(&self, slot: usize) -> usize {
        slot / self.columns
    }

    /// The whole frame around the columns.
    fn width(&self) -> i32 {
        2 * PAD + int(self.columns) * (self.column + GUTTER)
    }
}

/// Gives everything a place.
pub(crate) fn arrange(look: &Look<'_>, drawings: Vec<Drawing>, places: &mut Places) -> Arranged {
    let mut bands: BTreeMap<u8, Vec<Drawing>> = BTreeMap::new();
    for drawing in drawings {
        bands.entry(drawing.band as u8).or_default().push(drawing);
    }
    let mut take = |band: Band| bands.remove(&(band as u8)).unwrap_or_default();
    let (doors, mut machines) = (take(Band::FrontDoors), take(Band::Machines));
    let (processes, devices) = (take(Band::OnMachine), take(Band::Outside));
    let mut stacks: BTreeMap<FigureId, Vec<Figure>> = BTreeMap::new();
    for process in processes {
        let known = process.machine.filter(|id| machines.iter().any(|machine| machine.figure.id == *id));
        stacks.entry(known.unwrap_or_else(nowhere)).or_default().push(process.figure);
    }
    if stacks.contains_key(&nowhere()) {
        let figure =
            Figure { id: nowhere(), words: "Pods without a node".to_owned(), ..blank(Shape::Machine, "No node yet") };
        machines.push(Drawing { band: Band::Machines, machine: None, figure });
    }

    let beside = look.options.width >= RAIL + 2 * PAD + 3 * (NARROWEST + GUTTER);
    let (left, top) = if beside { (RAIL, 0) } else { (0, STRIP) };
    let grid = Grid::new(look.options.width, left, machines.len());
    let mut figures: Vec<Figure> = vec![Figure { words: "The cluster".to_owned(), ..blank(Shape::Area, "Cluster") }];

    let mut y = top + CLUSTER_HEAD;
    let ids: Vec<FigureId> = doors.iter().map(|door| door.figure.id.clone()).collect();
    let slots = places.settle(&front_doors(), &ids);
    let row_height = FRONT_DOOR + EXIT + LANE * int(grid.columns);
    let rows = slots.iter().map(|slot| grid.row(*slot) + 1).max().unwrap_or(0);
    for (door, slot) in doors.into_iter().zip(&slots) {
        let frame =
            Rect { x: grid.x(*slot), y: y + int(grid.row(*slot)) * row_height, width: grid.column, height: FRONT_DOOR };
        figures.push(fit(door.figure, frame));
    }
    y += int(rows) * row_height;

    let ids: Vec<FigureId> = machines.iter().map(|machine| machine.figure.id.clone()).collect();
    let machine_slots = places.settle(&FigureId::cluster(), &ids);
    let mut heights: BTreeMap<usize, i32> = BTreeMap::new();
    let mut stands = Vec::new();
    for (machine, slot) in machines.into_iter().zip(machine_slots) {
        let stack = stacks.remove(&machine.figure.id).unwrap_or_default();
        let ids: Vec<FigureId> = stack.iter().map(|process| process.id.clone()).collect();
        let seats = places.settle(&machine.figure.id, &ids);
        // Side by side, room for one costs nothing; one below the other, an empty machine is its heading alone.
        let least = usize::from(grid.columns > 1);
        let deep = seats.iter().map(|seat| seat + 1).max().unwrap_or(0).max(least);
        let height = NODE_HEAD + (int(deep) * (PROCESS + PROCESS_GAP) + PAD - PROCESS_GAP).max(0);
        let row = heights.entry(grid.row(slot)).or_default();
        *row = (*row).max(height);
        stands.push((slot, machine.figure, stack.into_iter().zip(seats).collect::<Vec<_>>()));
    }
    for (slot, machine, stack) in stands {
        let above: i32 = heights.range(..grid.row(slot)).map(|(_, height)| height + GUTTER).sum();
        let height = heights.get(&grid.row(slot)).copied().unwrap_or_default();
        let frame = Rect { x: grid.x(slot), y: y + above, width: grid.column, height };
        figures.push(fit(machine, frame));
        for (process, seat) in stack {
            let place = Rect {
                x: frame.x + PAD,
                y: frame.y + NODE_HEAD + int(seat) * (PROCESS + PROCESS_GAP),
                width: frame.width - 2 * PAD,
                height: PROCESS,
            };
            figures.push(fit(process, place));
        }
    }
    let bottom = y + heights.values().map(|height| height + GUTTER).sum::<i32>() - GUTTER + PAD;
    let cluster = Rect { x: left, y: top, width: grid.width(), height: bottom - top };
    if let Some(area) = figures.first_mut() {
        area.frame = cluster;
    }
    for device in devices {
        // In a strip above the cluster its name has to do; the words say the rest.
        let (frame, lines) = if beside {
            (Rect { x: 0, y: CLUSTER_HEAD, width: RAIL - PAD - GUTTER / 2, height: DEVICE }, device.figure.lines)
        } else {
            (Rect { x: 0, y: 0, width: RAIL, height: FLAT_DEVICE }, Vec::new())
        };
        figures.push(fit(Figure { lines, ..device.figure }, frame));
    }
    let slots = ids_with(slots, &figures);
    Arranged { width: cluster.x + cluster.width, height: bottom, figures, slots, columns: grid.columns }
}

/// Where pods wait that have no node.
fn nowhere() -> FigureId {
    FigureId("no node".into())
}

fn ids_with(slots: Vec<usize>, figures: &[Figure]) -> BTreeMap<FigureId, usize> {
    let doors = figures.iter().filter(|figure| figure.shape == Shape::FrontDoor);
    doors.map(|figure| figure.id.clone()).zip(slots).collect()
}

fn int(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX / 1024)
}
