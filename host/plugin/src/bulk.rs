//! How much a plugin file asks of the compiler. A compiler's time and memory can grow much faster than the file, and nothing
//! ends it once it has started.

use wasmparser::{BinaryReaderError, ElementItems, FunctionBody, Parser, Payload};

use super::artifact::malformed;
use super::{ArtifactError, limits};

/// Sizes of a file, nested modules and components included.
#[derive(Debug, Default)]
struct Bulk {
    /// Entries of all sections; functions in tables count one by one.
    items: usize,
    /// Bytes of all sections but code, data and custom ones.
    structure_bytes: usize,
    /// Bytes of all functions.
    code_bytes: usize,
    /// Bytes of the largest function.
    function_bytes: usize,
    /// Local variables of the function that has the most.
    function_locals: usize,
}

/// Refuses a file whose compilation would take too long.
pub(super) fn check(bytes: &[u8]) -> Result<(), ArtifactError> {
    let mut bulk = Bulk::default();
    for payload in Parser::new(0).parse_all(bytes) {
        let added = payload.and_then(|payload| bulk.add(&payload));
        added.map_err(malformed)?;
        bulk.within_limits()?;
    }
    Ok(())
}

impl Bulk {
    fn add(&mut self, payload: &Payload<'_>) -> Result<(), BinaryReaderError> {
        let (count, range) = match payload {
            Payload::TypeSection(section) => (section.count(), section.range()),
            Payload::ImportSection(section) => (section.count(), section.range()),
            Payload::FunctionSection(section) => (section.count(), section.range()),
            Payload::TableSection(section) => (section.count(), section.range()),
            Payload::MemorySection(section) => (section.count(), section.range()),
            Payload::TagSection(section) => (section.count(), section.range()),
            Payload::GlobalSection(section) => (section.count(), section.range()),
            Payload::ExportSection(section) => (section.count(), section.range()),
            Payload::ElementSection(section) => {
                for element in section.clone() {
                    self.items += match element?.items {
                        ElementItems::Functions(functions) => functions.count() as usize,
                        ElementItems::Expressions(_, expressions) => expressions.count() as usize,
                    };
                }
                (section.count(), section.range())
            }
            // Data is only copied.
            Payload::DataSection(section) => (section.count(), 0..0),
            Payload::CodeSectionEntry(body) => return self.add_function(body),
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => (1, 0..0),
            Payload::InstanceSection(section) => (section.count(), section.range()),
            Payload::CoreTypeSection(section) => (section.count(), section.range()),
            Payload::ComponentInstanceSection(section) => (section.count(), section.range()),
            Payload::ComponentAliasSection(section) => (section.count(), section.range()),
            Payload::ComponentTypeSection(section) => (section.count(), section.range()),
            Payload::ComponentCanonicalSection(section) => (section.count(), section.range()),
            Payload::ComponentImportSection(section) => (section.count(), section.range()),
            Payload::ComponentExportSection(section) => (section.count(), section.range()),
            _ => return Ok(()),
        };
        self.items += count as usize;
        self.structure_bytes += range.len();
        Ok(())
    }

    fn add_function(&mut self, body: &FunctionBody<'_>) -> Result<(), BinaryReaderError> {
        let bytes = body.range().len();
        let mut locals = 0_usize;
        for group in body.get_locals_reader()? {
            let (count, _) = group?;
            locals = locals.saturating_add(count as usize);
        }
        self.code_bytes += bytes;
        self.function_bytes = self.function_bytes.max(bytes);
        self.function_locals = self.function_locals.max(locals);
        Ok(())
    }

    fn within_limits(&self) -> Result<(), ArtifactError> {
        for (what, found, limit) in [
            ("types, functions and other items", self.items, limits::ITEMS_MAX),
            ("bytes of types and other items", self.structure_bytes, limits::STRUCTURE_BYTES_MAX),
            ("bytes of code", self.code_bytes, limits::CODE_BYTES_MAX),
            ("bytes of code in one function", self.function_bytes, limits::FUNCTION_BYTES_MAX),
            ("variables in one function", self.function_locals, limits::FUNCTION_LOCALS_MAX),
        ] {
            if found > limit {
                return Err(ArtifactError::TooMuch { what, found, limit });
            }
        }
        Ok(())
    }
}
