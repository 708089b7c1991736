//! A small module, split: both parts are valid, fit one another, and the first leads to the rest by the table.

use split::list::List;
use split::program::Program;
use split::split;
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function, FunctionSection,
    GlobalSection, GlobalType, ImportSection, Instruction, MemorySection, MemoryType, Module, NameMap, NameSection,
    RefType, TableSection, TableType, TypeSection, ValType,
};
use wasmparser::{ExternalKind, Parser, Payload, TypeRef, Validator};

/// The host's `log`; `near`, which calls `far` and is exported; `far`, which calls `log` and `near`; and `held`, which stands
/// in the table only.
fn module() -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], [ValType::I32]);
    let mut imports = ImportSection::new();
    imports.import("host", "log", EntityType::Function(0));
    let mut functions = FunctionSection::new();
    let mut code = CodeSection::new();
    for called in [&[2][..], &[0, 1], &[]] {
        functions.function(0);
        let mut body = Function::new([]);
        body.instruction(&Instruction::LocalGet(0));
        for &function in called {
            body.instruction(&Instruction::Call(function));
        }
        body.instruction(&Instruction::End);
        code.function(&body);
    }
    let mut tables = TableSection::new();
    let (element_type, table64, shared) = (RefType::FUNCREF, false, false);
    tables.table(TableType { element_type, table64, minimum: 2, maximum: Some(2), shared });
    let mut memories = MemorySection::new();
    memories.memory(MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None });
    let mut globals = GlobalSection::new();
    globals.global(GlobalType { val_type: ValType::I32, mutable: true, shared: false }, &ConstExpr::i32_const(0));
    let mut exports = ExportSection::new();
    exports.export("near", ExportKind::Func, 1);
    let mut elements = ElementSection::new();
    elements.active(None, &ConstExpr::i32_const(1), Elements::Functions((&[3][..]).into()));
    let mut names = NameMap::new();
    for (function, name) in [(1, "a[0123456789abcdef]::near"), (2, "a[0123456789abcdef]::far"), (3, "b::held")] {
        names.append(function, name);
    }
    let mut name = NameSection::new();
    name.functions(&names);

    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&tables).section(&memories).section(&globals);
    module.section(&exports).section(&elements).section(&code).section(&name);
    module.finish()
}

fn parts(names: &[(&str, bool)]) -> (Vec<u8>, Vec<u8>) {
    let parts = split(&module(), &List::of(names.iter().copied())).expect("it can be split");
    for part in [&parts.0, &parts.1] {
        Validator::new().validate_all(part).expect("each part is valid");
    }
    parts
}

const FAR_AND_HELD: [(&str, bool); 3] = [("a::near", true), ("a::far", false), ("b::held", false)];

fn exports(module: &[u8]) -> Vec<(String, ExternalKind, u32)> {
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::ExportSection(section) = payload.expect("it can be read") {
            for export in section {
                let export = export.expect("an export");
                found.push((export.name.to_owned(), export.kind, export.index));
            }
        }
    }
    found
}

fn imports(module: &[u8]) -> Vec<(String, String, TypeRef)> {
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::ImportSection(section) = payload.expect("it can be read") {
            for import in section.into_imports() {
                let import = import.expect("an import");
                found.push((import.module.to_owned(), import.name.to_owned(), import.ty));
            }
        }
    }
    found
}

#[test]
fn the_first_part_has_all_that_the_rest_imports() {
    let (first, rest) = parts(&FAR_AND_HELD);
    let offered: Vec<_> = exports(&first).into_iter().map(|(name, ..)| name).collect();
    let wanted = imports(&rest);
    assert!(
        wanted.iter().all(|(module, name, _)| module == "first" && offered.contains(name)),
        "{wanted:?} of {offered:?}"
    );
    // `log`, `near`, table, memory, global.
    assert_eq!(wanted.len(), 5);
    assert!(imports(&first).iter().any(|(module, name, _)| (module.as_str(), name.as_str()) == ("rest", "now")));
}

#[test]
fn the_rest_fills_the_slots_that_lead_to_it() {
    let (first, rest) = parts(&FAR_AND_HELD);
    let (first, rest) = (Program::read(&first).expect("the first"), Program::read(&rest).expect("the rest"));
    // `held` where it stood, `far` in a new one.
    assert_eq!(rest.slots.iter().map(|slot| slot.at).collect::<Vec<_>>(), [1, 2]);
    assert_eq!((first.tables[0].initial, first.tables[0].maximum), (3, Some(3)));
    assert_eq!((rest.tables[0].initial, rest.bodies.len()), (3, 2));
    // Until then the bridge of `held` stands there.
    assert_eq!(first.slots.len(), 1);
}

#[test]
fn what_is_not_listed_stays() {
    let (first, rest) = parts(&[("other", false)]);
    assert_eq!(Program::read(&rest).expect("the rest").bodies.len(), 0);
    let same = Program::read(&first).expect("the first");
    // With the one that makes sure of the rest.
    assert_eq!(same.bodies.len(), 4);
}

#[test]
fn the_traced_module_is_valid_and_tells_of_each_function() {
    let module = module();
    let traced = split::traced::write(&Program::read(&module).expect("a module")).expect("it can be traced");
    Validator::new().validate_all(&traced).expect("it is valid");
    let told = exports(&traced).into_iter().filter(|(name, ..)| name.starts_with("ran ")).count();
    assert_eq!(told, 3);
}
