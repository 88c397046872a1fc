//! How much a plugin file asks of whatever reads and compiles it. Their time, memory and stack can grow much faster than the
//! file.

use wasmparser::{
    BinaryReaderError, CompositeInnerType, ElementItems, FunctionBody, Parser, Payload,
    TypeSectionReader,
};

use super::artifact::malformed;
use super::{ArtifactError, limits, nesting};

/// A core module says in custom sections whose names begin so which component it is to become.
const COMPONENT_TYPE: &str = "component-type";

/// Sizes of a file, nested modules and components included.
#[derive(Debug, Default)]
struct Structure {
    /// Sections, empty ones too.
    sections: usize,
    /// Modules and components around the present place.
    depth: usize,
    /// Levels of component types in component types.
    type_levels: usize,
    /// Components that are instantiated.
    instantiations: usize,
    /// Parameters or results of the function type that has the most.
    function_values: usize,
    /// Entries of all sections; functions in tables count one by one.
    items: usize,
    /// Bytes of all sections but code, data and custom ones.
    bytes: usize,
    /// Bytes of all functions.
    code_bytes: usize,
    /// Bytes of the largest function.
    function_bytes: usize,
    /// Local variables of the function that has the most.
    function_locals: usize,
}

/// Refuses a file that would take too much to read or to compile.
///
/// # Errors
/// [`ArtifactError::TooMuch`], or [`ArtifactError::Malformed`] when the file is damaged.
pub(super) fn check(bytes: &[u8]) -> Result<(), ArtifactError> {
    let mut structure = Structure::default();
    structure.check(bytes)
}

impl Structure {
    fn check(&mut self, bytes: &[u8]) -> Result<(), ArtifactError> {
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload.map_err(malformed)?;
            self.add(&payload).map_err(malformed)?;
            if let Payload::ComponentTypeSection(section) = &payload {
                let section = bytes.get(section.range()).unwrap_or_default();
                let levels = nesting::levels(section, limits::TYPE_LEVELS_MAX);
                self.type_levels = self.type_levels.max(levels.map_err(malformed)?);
            }
            self.within_limits()?;
            if let Payload::CustomSection(section) = &payload
                && section.name().starts_with(COMPONENT_TYPE)
            {
                // A component in the section of a module: as if it were nested there.
                self.depth += 1;
                self.within_limits()?;
                self.check(section.data())?;
            }
        }
        Ok(())
    }

    fn add(&mut self, payload: &Payload<'_>) -> Result<(), BinaryReaderError> {
        self.sections += 1;
        let (count, range) = match payload {
            Payload::TypeSection(section) => {
                self.add_types(section)?;
                (section.count(), section.range())
            }
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
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => {
                self.depth += 1;
                (1, 0..0)
            }
            Payload::End(_) => {
                self.depth = self.depth.saturating_sub(1);
                return Ok(());
            }
            Payload::InstanceSection(section) => (section.count(), section.range()),
            Payload::CoreTypeSection(section) => (section.count(), section.range()),
            Payload::ComponentInstanceSection(section) => {
                self.instantiations += section.count() as usize;
                (section.count(), section.range())
            }
            Payload::ComponentAliasSection(section) => (section.count(), section.range()),
            Payload::ComponentTypeSection(section) => (section.count(), section.range()),
            Payload::ComponentCanonicalSection(section) => (section.count(), section.range()),
            Payload::ComponentImportSection(section) => (section.count(), section.range()),
            Payload::ComponentExportSection(section) => (section.count(), section.range()),
            _ => return Ok(()),
        };
        self.items += count as usize;
        self.bytes += range.len();
        Ok(())
    }

    fn add_types(&mut self, section: &TypeSectionReader<'_>) -> Result<(), BinaryReaderError> {
        for group in section.clone() {
            for defined in group?.types() {
                if let CompositeInnerType::Func(function) = &defined.composite_type.inner {
                    let values = function.params().len().max(function.results().len());
                    self.function_values = self.function_values.max(values);
                }
            }
        }
        Ok(())
    }

    fn add_function(&mut self, body: &FunctionBody<'_>) -> Result<(), BinaryReaderError> {
        let function_bytes = body.range().len();
        let mut locals = 0_usize;
        for group in body.get_locals_reader()? {
            let (count, _) = group?;
            locals = locals.saturating_add(count as usize);
        }
        self.code_bytes += function_bytes;
        self.function_bytes = self.function_bytes.max(function_bytes);
        self.function_locals = self.function_locals.max(locals);
        Ok(())
    }

    fn within_limits(&self) -> Result<(), ArtifactError> {
        for (what, found, limit) in [
            ("sections", self.sections, limits::SECTIONS_MAX),
            ("modules and components in one another", self.depth, limits::DEPTH_MAX),
            ("levels of types", self.type_levels, limits::TYPE_LEVELS_MAX),
            ("component instances", self.instantiations, limits::INSTANTIATIONS_MAX),
            (
                "parameters or results of one function type",
                self.function_values,
                limits::FUNCTION_VALUES_MAX,
            ),
            ("types, functions and other items", self.items, limits::ITEMS_MAX),
            ("bytes of types and other items", self.bytes, limits::STRUCTURE_BYTES_MAX),
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
