//! A plugin as the compiler leaves it: what is known of the file, and the code, in one string of bytes.

use wasmtime::Engine;
use wasmtime::component::Component;

use super::{Artifact, LoadError};

/// A checked plugin file and its compiled code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Compiled {
    pub(super) artifact: Artifact,
    /// As wasmtime writes compiled components.
    pub(super) code: Vec<u8>,
}

impl Compiled {
    /// Checks and compiles a plugin file in this process.
    pub(super) fn of_file(engine: &Engine, bytes: &[u8]) -> Result<Self, LoadError> {
        let (artifact, component) = Artifact::read(bytes)?;
        let code =
            engine.precompile_component(&component).map_err(|error| LoadError::compile(&error))?;
        Ok(Self { artifact, code })
    }

    /// The length of what is known of the file, that, and the code.
    pub(super) fn to_bytes(&self) -> Option<Vec<u8>> {
        let facts = serde_json::to_vec(&self.artifact).ok()?;
        let length = u32::try_from(facts.len()).ok()?.to_le_bytes();
        Some([length.as_slice(), &facts, &self.code].concat())
    }

    /// What [`to_bytes`](Self::to_bytes) wrote.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (length, rest) = bytes.split_first_chunk()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let (facts, code) = rest.split_at_checked(length)?;
        let artifact = serde_json::from_slice(facts).ok()?;
        Some(Self { artifact, code: code.to_owned() })
    }

    /// The component, ready to run.
    ///
    /// # Errors
    /// When it asks for more memory or tables than there are, or another engine compiled it.
    #[expect(unsafe_code, reason = "the one place where compiled code is loaded")]
    pub(super) fn component(&self, engine: &Engine) -> wasmtime::Result<Component> {
        // SAFETY: `Component::deserialize` trusts its bytes. They come from our own compiler: of this process, of a child that
        // is this program, or of a file that bears a seal which only this user can make.
        unsafe { Component::deserialize(engine, &self.code) }
    }
}
