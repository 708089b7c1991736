//! The module that notes which functions ran: each sets a global of its own, exported as `ran NUMBER`.

use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    CodeSection, ConstExpr, ExportKind, ExportSection, GlobalSection, GlobalType, Instruction, Module, ValType,
};
use wasmparser::{ExportSectionReader, FunctionBody, GlobalSectionReader, Parser};

use crate::Failure;
use crate::program::Program;

/// Writes a module that does the same and takes notes.
///
/// # Errors
/// When the module cannot be read.
pub fn write(program: &Program<'_>) -> Result<Vec<u8>, Failure> {
    let mut module = Module::new();
    let mut traced = Traced { program, first: u32::try_from(program.globals.len())?, at: 0 };
    traced.parse_core_module(&mut module, Parser::new(0), program.bytes)?;
    Ok(module.finish())
}

struct Traced<'a> {
    program: &'a Program<'a>,
    /// The first of the globals that are added.
    first: u32,
    /// How many bodies were written.
    at: u32,
}

impl Reencode for Traced<'_> {
    type Error = Infallible;

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: GlobalSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        utils::parse_global_section(self, globals, section)?;
        for _ in self.program.defined() {
            globals
                .global(GlobalType { val_type: ValType::I32, mutable: true, shared: false }, &ConstExpr::i32_const(0));
        }
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        utils::parse_export_section(self, exports, section)?;
        for (global, function) in (self.first..).zip(self.program.defined()) {
            exports.export(&format!("ran {function}"), ExportKind::Global, global);
        }
        Ok(())
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Result<(), Error<Infallible>> {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        function.instruction(&Instruction::I32Const(1));
        function.instruction(&Instruction::GlobalSet(self.first + self.at));
        self.at += 1;
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            function.instruction(&self.parse_instruction(&mut operators)?);
        }
        code.function(&function);
        Ok(())
    }
}
