//! A plugin file before it is compiled: what it is, what it imports and what it exports.

use std::{fmt, panic};

use wasmparser::{Encoding, Parser, Payload};
use wit_component::ComponentEncoder;

use super::{limits, structure};

/// What is known of a plugin file that imports only what the host gives, and exports the contract.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Artifact {
    kind: ArtifactKind,
    hash: String,
    size: usize,
    imports: Vec<String>,
    exports: Vec<String>,
}

/// The form of a plugin file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArtifactKind {
    /// A WebAssembly component.
    Component,
    /// A core module that was turned into a component on loading.
    CoreModule,
}

/// Why a file is no plugin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArtifactError {
    /// Larger than [`limits::FILE_BYTES_MAX`].
    #[error("the file has {bytes} bytes: expected at most {}", limits::FILE_BYTES_MAX)]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// Not WebAssembly at all.
    #[error(
        "this is no WebAssembly file (it starts with {found}): expected a component built with `ct-host build`"
    )]
    NotWasm {
        /// The first bytes.
        found: String,
    },
    /// WebAssembly that cannot be read.
    #[error("the file is damaged or cut off: {0}; build it again")]
    Malformed(String),
    /// More than the compiler is given.
    #[error(
        "the file has at least {found} {what}: expected at most {limit}, as more would take long to read or compile"
    )]
    TooMuch {
        /// What there is too much of.
        what: &'static str,
        /// How much of it, when it was seen that it is too much.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// An import that the sandbox does not give.
    #[error(
        "the plugin imports '{import}', which the sandbox does not give: a strategy has no files, clock, network or \
         randomness. {remedy}"
    )]
    ForeignImport {
        /// The import.
        import: String,
        /// What to do about it.
        remedy: &'static str,
    },
    /// A component or module of something else.
    #[error(
        "the file exports no strategy ({found}): expected '{expected}'; build it with the ct-sdk crate"
    )]
    NotAStrategy {
        /// What it exports.
        found: String,
        /// The export of the contract.
        expected: &'static str,
    },
    /// Another version of the contract.
    #[error(
        "the plugin speaks '{found}', this host speaks '{expected}': build the plugin with the ct-sdk of this host's version"
    )]
    ContractVersion {
        /// The version found.
        found: String,
        /// The version expected.
        expected: &'static str,
    },
}

/// The export that makes a component a strategy.
const GUEST: &str = "ct:strategy/guest@1.0.0";
/// The only import.
const DIAGNOSTICS: &str = "ct:strategy/diagnostics@1.0.0";

impl Artifact {
    /// Reads and checks the bytes of a plugin file, and gives the component that it is; a core module is turned into one.
    ///
    /// Sizes and depths are checked first. What is left to the parsers is theirs: whoever reads files of strangers does so in
    /// a process that may end, as [`Compiler::InChild`](super::Compiler::InChild) has it.
    ///
    /// # Errors
    /// The first [`ArtifactError`] found.
    pub fn read(bytes: &[u8]) -> Result<(Self, Vec<u8>), ArtifactError> {
        check_size(bytes)?;
        let kind = kind_of(bytes)?;
        structure::check(bytes)?;
        let component = match kind {
            ArtifactKind::Component => bytes.to_vec(),
            ArtifactKind::CoreModule => componentise(bytes)?,
        };
        let surface = Surface::of_component(&component)?;
        surface.imports.iter().try_for_each(|import| check_import(import))?;
        check_exports(&surface.exports)?;
        let artifact = Self {
            kind,
            hash: hash_of(bytes),
            size: bytes.len(),
            imports: surface.imports,
            exports: surface.exports,
        };
        Ok((artifact, component))
    }

    /// The form of the file.
    pub const fn kind(&self) -> ArtifactKind {
        self.kind
    }

    /// BLAKE3 of the file, in hexadecimal.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Bytes of the file.
    pub const fn size(&self) -> usize {
        self.size
    }

    /// Names of the imports.
    pub fn imports(&self) -> &[String] {
        &self.imports
    }

    /// Names of the exports.
    pub fn exports(&self) -> &[String] {
        &self.exports
    }
}

/// Refuses a file that is larger than any that is read.
pub(super) fn check_size(bytes: &[u8]) -> Result<(), ArtifactError> {
    if bytes.len() > limits::FILE_BYTES_MAX {
        return Err(ArtifactError::TooLarge { bytes: bytes.len() });
    }
    Ok(())
}

/// BLAKE3 of a plugin file, in hexadecimal.
pub(super) fn hash_of(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// What a module or component asks for and offers.
#[derive(Debug, Default)]
struct Surface {
    imports: Vec<String>,
    exports: Vec<String>,
}

impl Surface {
    fn of_component(bytes: &[u8]) -> Result<Self, ArtifactError> {
        let mut surface = Self::default();
        let mut depth = 0_usize;
        for payload in Parser::new(0).parse_all(bytes) {
            match payload.map_err(malformed)? {
                // The parser goes into nested modules and components; only the outermost surface counts.
                Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
                Payload::End(_) => depth = depth.saturating_sub(1),
                Payload::ComponentImportSection(section) if depth == 0 => {
                    for import in section {
                        surface.imports.push(shown(import.map_err(malformed)?.name.name));
                    }
                }
                Payload::ComponentExportSection(section) if depth == 0 => {
                    for export in section {
                        surface.exports.push(shown(export.map_err(malformed)?.name.name));
                    }
                }
                _ => {}
            }
        }
        Ok(surface)
    }

    fn of_module(bytes: &[u8]) -> Result<Self, ArtifactError> {
        let mut surface = Self::default();
        for payload in Parser::new(0).parse_all(bytes) {
            match payload.map_err(malformed)? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        surface.imports.push(shown(import.map_err(malformed)?.module));
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        surface.exports.push(shown(export.map_err(malformed)?.name));
                    }
                }
                _ => {}
            }
        }
        Ok(surface)
    }
}

fn kind_of(bytes: &[u8]) -> Result<ArtifactKind, ArtifactError> {
    if !bytes.starts_with(b"\0asm") {
        let start = bytes.get(..bytes.len().min(8)).unwrap_or_default();
        return Err(ArtifactError::NotWasm { found: format!("'{}'", start.escape_ascii()) });
    }
    match Parser::new(0).parse_all(bytes).next() {
        Some(Ok(Payload::Version { encoding: Encoding::Component, .. })) => {
            Ok(ArtifactKind::Component)
        }
        Some(Ok(Payload::Version { encoding: Encoding::Module, .. })) => {
            Ok(ArtifactKind::CoreModule)
        }
        Some(Err(error)) => Err(malformed(error)),
        _ => Err(ArtifactError::Malformed("no version".to_owned())),
    }
}

/// Turns a core module into a component, after a look at what it imports.
fn componentise(bytes: &[u8]) -> Result<Vec<u8>, ArtifactError> {
    let surface = Surface::of_module(bytes)?;
    surface.imports.iter().try_for_each(|import| check_import(import))?;
    if !surface.exports.iter().any(|name| name.starts_with("ct:strategy/guest@")) {
        return Err(not_a_strategy(&surface.exports));
    }
    // What a module says of its component is read by a parser that panics on some of what it does not expect.
    panic::catch_unwind(|| {
        ComponentEncoder::default()
            .validate(true)
            .module(bytes)
            .and_then(|mut encoder| encoder.encode())
            .map_err(|error| malformed(format!("{error:#}")))
    })
    .unwrap_or_else(|_| Err(malformed("what it says of its types contradicts itself")))
}

fn check_import(import: &str) -> Result<(), ArtifactError> {
    if compatible(import, DIAGNOSTICS) {
        return Ok(());
    }
    if import.starts_with("ct:strategy/") {
        return Err(ArtifactError::ContractVersion {
            found: import.to_owned(),
            expected: DIAGNOSTICS,
        });
    }
    let remedy = if import.starts_with("wasi") {
        "Build it with `ct-host build`, or for the target wasm32-unknown-unknown: the targets with 'wasi' in their name \
         import these."
    } else {
        "Remove what needs it and build again with `ct-host build`."
    };
    Err(ArtifactError::ForeignImport { import: import.to_owned(), remedy })
}

fn check_exports(exports: &[String]) -> Result<(), ArtifactError> {
    if exports.iter().any(|export| compatible(export, GUEST)) {
        return Ok(());
    }
    match exports.iter().find(|export| export.starts_with("ct:strategy/")) {
        Some(found) => {
            Err(ArtifactError::ContractVersion { found: found.clone(), expected: GUEST })
        }
        None => Err(not_a_strategy(exports)),
    }
}

/// True when `name` is `expected`, or a version of it that the linker takes for the same: the same major number.
fn compatible(name: &str, expected: &str) -> bool {
    let split = |name: &'_ str| {
        let (interface, version) = name.split_once('@')?;
        let major = version.split('.').next()?;
        Some((interface.to_owned(), major.to_owned()))
    };
    split(name).is_some_and(|found| Some(found) == split(expected))
}

fn not_a_strategy(exports: &[String]) -> ArtifactError {
    const SHOWN_MAX: usize = 5;
    let found = if exports.is_empty() {
        "it exports nothing".to_owned()
    } else {
        let shown: Vec<&str> = exports.iter().take(SHOWN_MAX).map(String::as_str).collect();
        format!("it exports {}", limits::cut(&shown.join(", "), limits::TEXT_BYTES_MAX))
    };
    ArtifactError::NotAStrategy { found, expected: GUEST }
}

/// A name of the file as it may be shown to a user.
fn shown(name: &str) -> String {
    limits::plain(name, limits::TEXT_BYTES_MAX)
}

pub(super) fn malformed(error: impl fmt::Display) -> ArtifactError {
    ArtifactError::Malformed(limits::plain(&error.to_string(), limits::MESSAGE_BYTES_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_plugin_is_told_apart() {
        let read = |bytes: &[u8]| Artifact::read(bytes).unwrap_err();
        assert!(matches!(read(b""), ArtifactError::NotWasm { .. }));
        assert!(matches!(read(b"#!/bin/sh"), ArtifactError::NotWasm { .. }));
        assert!(matches!(read(b"\0asm\x01"), ArtifactError::Malformed(_)));
        // An empty core module, and an empty component.
        assert!(matches!(read(b"\0asm\x01\0\0\0"), ArtifactError::NotAStrategy { .. }));
        assert!(matches!(read(b"\0asm\x0d\0\x01\0"), ArtifactError::NotAStrategy { .. }));
        let large = vec![0; limits::FILE_BYTES_MAX + 1];
        assert!(matches!(read(&large), ArtifactError::TooLarge { .. }));
    }

    #[test]
    fn versions_of_one_major_number_are_the_same() {
        assert!(compatible("ct:strategy/guest@1.4.2", GUEST));
        assert!(!compatible("ct:strategy/guest@2.0.0", GUEST));
        assert!(!compatible("ct:strategy/guest", GUEST));
        assert!(!compatible("ct:strategy/diagnostics@1.0.0", GUEST));
    }
}
