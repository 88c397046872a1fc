//! The inputs that others are made of.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// A seed of a target.
#[derive(Clone, Debug)]
pub(crate) struct Seed {
    /// The name of its file.
    pub(crate) name: String,
    /// The input.
    pub(crate) bytes: Vec<u8>,
}

impl Seed {
    /// The seeds of the target `name`, in the order of their names.
    ///
    /// # Errors
    ///
    /// They cannot be read, or there are none.
    pub(crate) fn of_target(name: &str) -> Result<Vec<Self>> {
        Self::in_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(name))
    }

    /// The built-in strategies, in the order of their names.
    ///
    /// # Errors
    ///
    /// They cannot be read.
    pub(crate) fn built_in_strategies() -> Result<Vec<Self>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins/prebuilt");
        let mut seeds = Self::in_folder(&folder)?;
        seeds.retain(|seed| Path::new(&seed.name).extension().is_some_and(|end| end == "wasm"));
        ensure!(!seeds.is_empty(), "no plugins in {}", folder.display());
        Ok(seeds)
    }

    fn in_folder(folder: &Path) -> Result<Vec<Self>> {
        let located = || format!("cannot read {}", folder.display());
        let mut seeds = Vec::new();
        for entry in fs::read_dir(folder).with_context(located)? {
            let path = entry?.path();
            let bytes = fs::read(&path).with_context(located)?;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            seeds.push(Self { name, bytes });
        }
        ensure!(!seeds.is_empty(), "no seeds in {}", folder.display());
        seeds.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(seeds)
    }
}
