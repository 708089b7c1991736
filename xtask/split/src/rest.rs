//! The rest: the bodies that the first module has bridges for, on the first one's memory, tables and globals.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, ElementSection, Elements, EntityType, FunctionSection, ImportSection,
    Module, TypeSection,
};
use wasmparser::{Parser, Payload};

use crate::Failure;
use crate::plan::{Plan, function_name, global_name, memory_name, table_name};
use crate::program::Program;

/// The module that the rest imports from.
const FIRST: &str = "first";

/// Writes the rest.
///
/// # Errors
/// When the module cannot be read.
pub fn write(program: &Program<'_>, plan: &Plan) -> Result<Vec<u8>, Failure> {
    let mut rest = Rest { places: plan.shared.iter().chain(&plan.rest).copied().zip(0..).collect() };
    let mut module = Module::new();

    let mut types = TypeSection::new();
    for payload in Parser::new(0).parse_all(program.bytes) {
        if let Payload::TypeSection(section) = payload? {
            rest.parse_type_section(&mut types, section)?;
        }
    }
    module.section(&types);

    let mut imports = ImportSection::new();
    for &function in &plan.shared {
        imports.import(FIRST, &function_name(function), EntityType::Function(program.type_of[function as usize]));
    }
    for (table, &of) in (0..).zip(&program.tables) {
        let mut of = of;
        if table == plan.table {
            of.initial += u64::from(plan.added);
            of.maximum = of.maximum.map(|most| most + u64::from(plan.added));
        }
        imports.import(FIRST, &table_name(table), EntityType::Table(rest.table_type(of)?));
    }
    for (memory, &of) in (0..).zip(&program.memories) {
        imports.import(FIRST, &memory_name(memory), EntityType::Memory(rest.memory_type(of)?));
    }
    for (global, &of) in (0..).zip(&program.globals) {
        imports.import(FIRST, &global_name(global), EntityType::Global(rest.global_type(of)?));
    }
    module.section(&imports);

    let mut functions = FunctionSection::new();
    for &function in &plan.rest {
        functions.function(program.type_of[function as usize]);
    }
    module.section(&functions);
    module.section(&rest.elements(plan)?);

    let mut code = CodeSection::new();
    for &function in &plan.rest {
        let body = program.body(function).ok_or("a function without a body")?;
        rest.parse_function_body(&mut code, body.clone())?;
    }
    module.section(&code);
    module.section(&CustomSection { name: Cow::Borrowed("target_features"), data: Cow::Borrowed(program.features) });
    Ok(module.finish())
}

struct Rest {
    /// Where each function of the whole program stands here.
    places: BTreeMap<u32, u32>,
}

impl Rest {
    /// What fills the slots: a segment for each run of them.
    fn elements(&mut self, plan: &Plan) -> Result<ElementSection, Failure> {
        let mut runs: Vec<(u32, Vec<u32>)> = Vec::new();
        for (&slot, &function) in &plan.filled {
            let place = self.function_index(function)?;
            match runs.last_mut() {
                Some((begin, run)) if *begin as usize + run.len() == slot as usize => run.push(place),
                _ => runs.push((slot, vec![place])),
            }
        }
        let mut elements = ElementSection::new();
        for (begin, run) in &runs {
            let table = (plan.table != 0).then_some(plan.table);
            elements.active(table, &ConstExpr::i32_const(begin.cast_signed()), Elements::Functions(run.into()));
        }
        if !plan.referenced.is_empty() {
            let referenced =
                plan.referenced.iter().map(|&function| self.function_index(function)).collect::<Result<Vec<_>, _>>()?;
            elements.declared(Elements::Functions(referenced.into()));
        }
        Ok(elements)
    }
}

impl Reencode for Rest {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Infallible>> {
        // The plan has every function that a body of the rest names.
        Ok(self.places[&function])
    }
}
