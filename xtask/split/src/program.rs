//! What has to be known of a module to split it.

use std::collections::BTreeMap;

use wasmparser::{
    ElementItems, ElementKind, FuncType, FunctionBody, GlobalType, KnownCustom, MemoryType, Name, Operator, Parser,
    Payload, TableType, TypeRef,
};

use crate::Failure;

/// A module, read once.
pub struct Program<'a> {
    /// All of it.
    pub bytes: &'a [u8],
    /// The types of functions.
    pub types: Vec<FuncType>,
    /// How many of the functions are imported: they come first.
    pub imported: u32,
    /// Each function's type, imported ones first.
    pub type_of: Vec<u32>,
    /// The tables, imported ones first.
    pub tables: Vec<TableType>,
    /// The memories, imported ones first.
    pub memories: Vec<MemoryType>,
    /// The globals, imported ones first.
    pub globals: Vec<GlobalType>,
    /// The functions that are exported.
    pub exported: Vec<u32>,
    /// Which function stands in which slot of which table.
    pub slots: Vec<Slot>,
    /// The bodies of the functions that are not imported.
    pub bodies: Vec<FunctionBody<'a>>,
    /// What the functions are called, where it is known.
    pub names: BTreeMap<u32, &'a str>,
    /// Which features of wasm the module uses, for wasm-opt: the custom section `target_features`.
    pub features: &'a [u8],
}

/// A function in a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Slot {
    /// The table.
    pub table: u32,
    /// Where in it.
    pub at: u32,
    /// The function.
    pub function: u32,
}

impl<'a> Program<'a> {
    /// Reads a module.
    ///
    /// # Errors
    /// When it is none, or has something that no module of the page has.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Failure> {
        let mut program = Self {
            bytes,
            types: Vec::new(),
            imported: 0,
            type_of: Vec::new(),
            tables: Vec::new(),
            memories: Vec::new(),
            globals: Vec::new(),
            exported: Vec::new(),
            slots: Vec::new(),
            bodies: Vec::new(),
            names: BTreeMap::new(),
            features: &[],
        };
        for payload in Parser::new(0).parse_all(bytes) {
            program.take(payload?)?;
        }
        Ok(program)
    }

    fn take(&mut self, payload: Payload<'a>) -> Result<(), Failure> {
        match payload {
            Payload::TypeSection(section) => {
                self.types = section.into_iter_err_on_gc_types().collect::<Result<_, _>>()?;
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    match import?.ty {
                        TypeRef::Func(of) => self.type_of.push(of),
                        TypeRef::Table(of) => self.tables.push(of),
                        TypeRef::Memory(of) => self.memories.push(of),
                        TypeRef::Global(of) => self.globals.push(of),
                        other => return Err(format!("cannot split a module that imports {other:?}").into()),
                    }
                }
                self.imported = u32::try_from(self.type_of.len())?;
            }
            Payload::FunctionSection(section) => {
                for of in section {
                    self.type_of.push(of?);
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    self.tables.push(table?.ty);
                }
            }
            Payload::MemorySection(section) => {
                self.memories.extend(section.into_iter().collect::<Result<Vec<_>, _>>()?);
            }
            Payload::GlobalSection(section) => {
                for global in section {
                    self.globals.push(global?.ty);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if export.kind == wasmparser::ExternalKind::Func {
                        self.exported.push(export.index);
                    }
                }
            }
            Payload::ElementSection(section) => {
                for element in section {
                    let element = element?;
                    self.slots.extend(slots(&element.kind, &element.items)?);
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            Payload::CustomSection(section) => match section.as_known() {
                KnownCustom::Name(names) => {
                    for part in names {
                        if let Name::Function(names) = part? {
                            for name in names {
                                let name = name?;
                                self.names.insert(name.index, name.name);
                            }
                        }
                    }
                }
                _ if section.name() == "target_features" => self.features = section.data(),
                _ => {}
            },
            _ => {}
        }
        Ok(())
    }

    /// The body of a function; `None` for one that is imported.
    #[must_use]
    pub fn body(&self, function: u32) -> Option<&FunctionBody<'a>> {
        self.bodies.get(usize::try_from(function.checked_sub(self.imported)?).ok()?)
    }

    /// The functions that are not imported.
    pub fn defined(&self) -> impl Iterator<Item = u32> + use<> {
        self.imported..self.imported + u32::try_from(self.bodies.len()).unwrap_or(u32::MAX)
    }

    /// Which functions a body names, by calling them or by taking a reference to them.
    ///
    /// # Errors
    /// When the body cannot be read.
    pub fn named_by(body: &FunctionBody<'_>) -> Result<Vec<Named>, Failure> {
        let mut named = Vec::new();
        for operator in body.get_operators_reader()? {
            match operator? {
                Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
                    named.push(Named::Function(function_index));
                }
                Operator::RefFunc { function_index } => named.push(Named::Reference(function_index)),
                Operator::MemoryInit { .. }
                | Operator::DataDrop { .. }
                | Operator::TableInit { .. }
                | Operator::ElemDrop { .. } => named.push(Named::Segment),
                _ => {}
            }
        }
        Ok(named)
    }
}

/// What a function's body names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Named {
    /// A function that it calls.
    Function(u32),
    /// A function that it takes a reference to.
    Reference(u32),
    /// A segment of data or elements, which only the first module has.
    Segment,
}

/// What a segment puts into a table.
fn slots(kind: &ElementKind<'_>, items: &ElementItems<'_>) -> Result<Vec<Slot>, Failure> {
    let ElementKind::Active { table_index, offset_expr } = kind else {
        return Ok(Vec::new());
    };
    let mut offset = offset_expr.get_operators_reader();
    let Operator::I32Const { value } = offset.read()? else {
        return Err("cannot split a module whose table begins somewhere else each time".into());
    };
    let ElementItems::Functions(functions) = items else {
        return Err("cannot split a module with tables of expressions".into());
    };
    let mut slots = Vec::new();
    for (at, function) in (u32::try_from(value)?..).zip(functions.clone()) {
        slots.push(Slot { table: table_index.unwrap_or(0), at, function: function? });
    }
    Ok(slots)
}
