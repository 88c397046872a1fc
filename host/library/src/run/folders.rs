//! Where prices and compiled plugins are kept, and who compiles them.

use std::path::PathBuf;
use std::time::Duration;

use super::RunError;
use crate::config::{AccessConfig, PluginsConfig};
use ct_data::store::Store;
use ct_plugin::{CacheKey, CacheSettings, Compiler, Runtime, RuntimeSettings};

/// Where things are kept when the configuration names no folder, and who compiles plugins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folders {
    /// Folder of prices; without one only a configuration that names one can keep any.
    pub data: Option<PathBuf>,
    /// Folder of compiled plugins; without one they are compiled each time.
    pub compiled: Option<PathBuf>,
    /// File of the key that seals compiled plugins, outside of every folder that others name; without one none are kept.
    pub cache_key: Option<PathBuf>,
    /// Who compiles plugins of strangers.
    pub compiler: Compiler,
}

impl Folders {
    /// The prices that are kept.
    ///
    /// # Errors
    /// [`RunError::Input`] when there is no folder for them.
    pub fn store(&self, access: &AccessConfig) -> Result<Store, RunError> {
        let folder = access.folder.as_ref().or(self.data.as_ref()).ok_or_else(|| {
            RunError::input("there is no home folder to keep prices in: name a folder with --data-dir or CT_HOST_DATA_DIR")
        })?;
        Ok(Store::new(folder))
    }

    /// A WebAssembly runtime with the folder and the limits of `plugins`.
    ///
    /// # Errors
    /// [`RunError::Input`] when a limit is no time, [`RunError::Run`] when this machine cannot run one.
    pub fn runtime(&self, plugins: &PluginsConfig) -> Result<Runtime, RunError> {
        let usual = RuntimeSettings::default();
        let call_time_max = match plugins.call_seconds_max {
            Some(seconds) => Duration::try_from_secs_f64(seconds).map_err(RunError::input)?,
            None => usual.call_time_max,
        };
        let named = plugins.cache_folder.as_ref().map(|folder| folder.join("compiled"));
        let folder = named.or_else(|| self.compiled.clone());
        let cache = folder.and_then(|folder| Some(CacheSettings { folder, key: self.key()? }));
        let compiler = self.compiler.clone();
        let memory_bytes_max = plugins.memory_bytes_max.unwrap_or(usual.memory_bytes_max);
        Runtime::new(&RuntimeSettings { call_time_max, memory_bytes_max, cache, compiler, ..usual })
            .map_err(RunError::run)
    }

    /// The key that seals compiled plugins. A cache only saves time: without a key there is none.
    fn key(&self) -> Option<CacheKey> {
        CacheKey::kept_in(self.cache_key.as_deref()?).ok()
    }
}
