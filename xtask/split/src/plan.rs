//! Who is where: which functions are of the rest, what the two modules share, and by which slot one reaches the rest.

use std::collections::{BTreeMap, BTreeSet};

use crate::Failure;
use crate::list::List;
use crate::names;
use crate::program::{Named, Program};

/// How the module is split.
pub struct Plan {
    /// The functions of the rest, in order.
    pub rest: BTreeSet<u32>,
    /// The slot of the table by which each of them is called from the first module, for those that are.
    pub slots: BTreeMap<u32, u32>,
    /// All the slots that the rest fills.
    pub filled: BTreeMap<u32, u32>,
    /// The functions of the first module, and the host's, that the rest calls.
    pub shared: BTreeSet<u32>,
    /// The functions that the rest takes references to.
    pub referenced: BTreeSet<u32>,
    /// The table of functions.
    pub table: u32,
    /// How many slots it gets in addition.
    pub added: u32,
}

impl Plan {
    /// A plan by a list.
    ///
    /// # Errors
    /// When the module cannot be read, or has not exactly one table of functions.
    pub fn new(program: &Program<'_>, list: &List) -> Result<Self, Failure> {
        let mut tables = (0..).zip(&program.tables).filter(|(_, table)| table.element_type.is_func_ref());
        let (Some((table, kind)), None) = (tables.next(), tables.next()) else {
            return Err("a module that is split has one table of functions".into());
        };
        let mut named = BTreeMap::new();
        for function in program.defined() {
            let body = program.body(function).ok_or("a function without a body")?;
            named.insert(function, Program::named_by(body)?);
        }
        let of_rest = |function: &u32| {
            // Segments stay with the first module, and so does what names them.
            list.has(&names::lasting(program, *function)) && !named[function].contains(&Named::Segment)
        };
        let rest: BTreeSet<u32> = program.defined().filter(of_rest).collect();

        let mut filled = BTreeMap::new();
        let mut slots = BTreeMap::new();
        for slot in program.slots.iter().filter(|slot| slot.table == table && rest.contains(&slot.function)) {
            filled.insert(slot.at, slot.function);
            slots.insert(slot.function, slot.at);
        }
        let mut called: BTreeSet<u32> =
            program.exported.iter().copied().filter(|function| rest.contains(function)).collect();
        let (mut shared, mut referenced) = (BTreeSet::new(), BTreeSet::new());
        for (function, named) in &named {
            let here = rest.contains(function);
            for name in named {
                let (Named::Function(other) | Named::Reference(other)) = *name else { continue };
                match (here, rest.contains(&other)) {
                    (false, true) => _ = called.insert(other),
                    (true, false) => _ = shared.insert(other),
                    _ => {}
                }
                if here && matches!(name, Named::Reference(_)) {
                    referenced.insert(other);
                }
            }
        }
        let mut end = u32::try_from(kind.initial)?;
        for function in called {
            slots.entry(function).or_insert_with(|| {
                filled.insert(end, function);
                end += 1;
                end - 1
            });
        }
        let added = end - u32::try_from(kind.initial)?;
        Ok(Self { rest, slots, filled, shared, referenced, table, added })
    }
}

/// Under which name the first module exports a function for the rest.
pub(crate) fn function_name(function: u32) -> String {
    format!("f{function}")
}

/// Under which name the first module exports a table for the rest.
pub(crate) fn table_name(table: u32) -> String {
    format!("t{table}")
}

/// Under which name the first module exports a memory for the rest.
pub(crate) fn memory_name(memory: u32) -> String {
    format!("m{memory}")
}

/// Under which name the first module exports a global for the rest.
pub(crate) fn global_name(global: u32) -> String {
    format!("g{global}")
}

/// Under which name the first module exports whether the rest is there: the host sets it to 1.
pub const READY: &str = "restReady";
