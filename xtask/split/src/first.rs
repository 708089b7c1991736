//! The first module: everything but the bodies of the rest, which become bridges.

use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, EntityType, ExportKind, ExportSection, Function, FunctionSection, GlobalSection,
    GlobalType, ImportSection, Instruction, Module, TableSection, TypeSection, ValType,
};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, ExportSectionReader, FunctionSectionReader, GlobalSectionReader,
    ImportSectionReader, Parser, TableSectionReader, TypeSectionReader,
};

use crate::Failure;
use crate::plan::{Plan, READY, function_name, global_name, memory_name, table_name};
use crate::program::Program;

type Outcome<T = ()> = Result<T, Error<Infallible>>;

/// Writes the first module.
///
/// # Errors
/// When the module cannot be read.
pub fn write(program: &Program<'_>, plan: &Plan) -> Result<Vec<u8>, Failure> {
    let mut module = Module::new();
    First { program, plan }.parse_core_module(&mut module, Parser::new(0), program.bytes)?;
    Ok(module.finish())
}

struct First<'a> {
    program: &'a Program<'a>,
    plan: &'a Plan,
}

impl First<'_> {
    /// The type of what takes nothing and gives nothing, which is added.
    fn plain(&self) -> u32 {
        count(self.program.types.len())
    }

    /// The host's `rest.now`, which is the last import.
    fn now(&self) -> u32 {
        self.program.imported
    }

    /// What makes sure that the rest is there: the last function.
    fn ensure(&self) -> u32 {
        count(self.program.type_of.len()) + 1
    }

    /// Whether the rest is there: the last global.
    fn ready(&self) -> u32 {
        count(self.program.globals.len())
    }

    /// A function that stands for one of the rest. Without a slot, nobody calls it from here.
    fn bridge(&self, function: u32) -> Function {
        let mut body = Function::new([]);
        if let Some(&slot) = self.plan.slots.get(&function) {
            let of = self.program.type_of[function as usize];
            body.instruction(&Instruction::Call(self.ensure()));
            for at in 0..count(self.program.types[of as usize].params().len()) {
                body.instruction(&Instruction::LocalGet(at));
            }
            body.instruction(&Instruction::I32Const(slot.cast_signed()));
            body.instruction(&Instruction::CallIndirect { type_index: of, table_index: self.plan.table });
        } else {
            body.instruction(&Instruction::Unreachable);
        }
        body.instruction(&Instruction::End);
        body
    }
}

impl Reencode for First<'_> {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Outcome<u32> {
        // `rest.now` stands between the imports and the others.
        Ok(if function < self.program.imported { function } else { function + 1 })
    }

    fn parse_type_section(&mut self, types: &mut TypeSection, section: TypeSectionReader<'_>) -> Outcome {
        utils::parse_type_section(self, types, section)?;
        types.ty().function([], []);
        Ok(())
    }

    fn parse_import_section(&mut self, imports: &mut ImportSection, section: ImportSectionReader<'_>) -> Outcome {
        utils::parse_import_section(self, imports, section)?;
        imports.import("rest", "now", EntityType::Function(self.plain()));
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Outcome {
        utils::parse_function_section(self, functions, section)?;
        functions.function(self.plain());
        Ok(())
    }

    fn parse_table_section(&mut self, tables: &mut TableSection, section: TableSectionReader<'_>) -> Outcome {
        let imported = count(self.program.tables.len()) - section.count();
        for (at, table) in (imported..).zip(section) {
            let mut table = table?;
            if at == self.plan.table {
                let added = u64::from(self.plan.added);
                table.ty.initial += added;
                table.ty.maximum = table.ty.maximum.map(|most| most + added);
            }
            self.parse_table(tables, table)?;
        }
        Ok(())
    }

    fn parse_global_section(&mut self, globals: &mut GlobalSection, section: GlobalSectionReader<'_>) -> Outcome {
        utils::parse_global_section(self, globals, section)?;
        globals.global(GlobalType { val_type: ValType::I32, mutable: true, shared: false }, &ConstExpr::i32_const(0));
        Ok(())
    }

    fn parse_export_section(&mut self, exports: &mut ExportSection, section: ExportSectionReader<'_>) -> Outcome {
        utils::parse_export_section(self, exports, section)?;
        for &function in &self.plan.shared {
            exports.export(&function_name(function), ExportKind::Func, self.function_index(function)?);
        }
        for table in 0..count(self.program.tables.len()) {
            exports.export(&table_name(table), ExportKind::Table, table);
        }
        for memory in 0..count(self.program.memories.len()) {
            exports.export(&memory_name(memory), ExportKind::Memory, memory);
        }
        for global in 0..count(self.program.globals.len()) {
            exports.export(&global_name(global), ExportKind::Global, global);
        }
        exports.export(READY, ExportKind::Global, self.ready());
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, section: CodeSectionReader<'_>) -> Outcome {
        for (function, body) in (self.program.imported..).zip(section) {
            if self.plan.rest.contains(&function) {
                code.function(&self.bridge(function));
            } else {
                self.parse_function_body(code, body?)?;
            }
        }
        let mut ensure = Function::new([]);
        ensure.instruction(&Instruction::GlobalGet(self.ready()));
        ensure.instruction(&Instruction::I32Eqz);
        ensure.instruction(&Instruction::If(BlockType::Empty));
        ensure.instruction(&Instruction::Call(self.now()));
        ensure.instruction(&Instruction::End);
        ensure.instruction(&Instruction::End);
        code.function(&ensure);
        Ok(())
    }

    fn parse_custom_section(&mut self, module: &mut Module, section: CustomSectionReader<'_>) -> Outcome {
        // Names of functions have done their work.
        if section.name() == "target_features" {
            utils::parse_custom_section(self, module, section)?;
        }
        Ok(())
    }
}

/// How many there are, as wasm counts.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
