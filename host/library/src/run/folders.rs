//! Where prices and compiled plugins are kept.

use std::path::PathBuf;
use std::time::Duration;

use super::RunError;
use crate::config::{AccessConfig, PluginsConfig};
use ct_data::store::Store;
use ct_plugin::{Runtime, RuntimeSettings};

/// Where things are kept when the configuration names no folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folders {
    /// Folder of prices; without one only a configuration that names one can keep any.
    pub data: Option<PathBuf>,
    /// Folder of compiled plugins; without one they are compiled each time.
    pub compiled: Option<PathBuf>,
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
        let cache_folder = named.or_else(|| self.compiled.clone());
        let settings = RuntimeSettings { call_time_max, cache_folder, ..usual };
        Runtime::new(&settings).map_err(RunError::run)
    }
}
