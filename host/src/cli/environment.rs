//! The one place that reads the environment: where compiled plugins are kept, and whether colours are wanted.

use std::ffi::OsString;
use std::path::PathBuf;

use etcetera::BaseStrategy;

use super::failure::Failure;
use super::terminal::Colours;
use crate::plugin::{Runtime, RuntimeSettings};

/// What the environment says.
#[derive(Clone, Debug)]
pub(super) struct Environment {
    /// Folder of compiled plugins; `None` when there is no home folder.
    cache_folder: Option<PathBuf>,
    pub(super) colours: Colours,
}

impl Environment {
    #[expect(clippy::disallowed_methods, reason = "the edge at which configuration is read once")]
    pub(super) fn read() -> Self {
        let user_cache = etcetera::base_strategy::choose_native_strategy();
        let user_cache = user_cache.ok().map(|strategy| strategy.cache_dir());
        Self {
            cache_folder: cache_folder(std::env::var_os("CT_HOST_CACHE_DIR"), user_cache),
            colours: colours(std::env::var_os("NO_COLOR")),
        }
    }

    /// A WebAssembly runtime that keeps compiled plugins in the user's cache.
    ///
    /// # Errors
    /// [`Failure::Run`] when this machine cannot run one.
    pub(super) fn runtime(&self) -> Result<Runtime, Failure> {
        let cache_folder = self.cache_folder.clone();
        let settings = RuntimeSettings { cache_folder, ..RuntimeSettings::default() };
        Runtime::new(&settings).map_err(Failure::run)
    }
}

/// `compiled` in the folder that the user names, or in `ct-host` of the user's cache.
fn cache_folder(own: Option<OsString>, user_cache: Option<PathBuf>) -> Option<PathBuf> {
    let own = own.filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let folder = own.or_else(|| user_cache.map(|cache| cache.join("ct-host")))?;
    Some(folder.join("compiled"))
}

/// As <https://no-color.org> says.
fn colours(no_color: Option<OsString>) -> Colours {
    match no_color {
        Some(value) if !value.is_empty() => Colours::Unwanted,
        _ => Colours::Wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_users_own_folder_comes_first() {
        let user_cache = || Some(PathBuf::from("home/.cache"));
        for (own, expected) in [
            (Some("own"), "own/compiled"),
            (Some(""), "home/.cache/ct-host/compiled"),
            (None, "home/.cache/ct-host/compiled"),
        ] {
            let folder = cache_folder(own.map(OsString::from), user_cache());
            assert_eq!(folder, Some(PathBuf::from(expected)), "{own:?}");
        }
        assert_eq!(cache_folder(None, None), None);
    }

    #[test]
    fn colours_can_be_switched_off() {
        assert_eq!(colours(Some("1".into())), Colours::Unwanted);
        assert_eq!(colours(Some(OsString::new())), Colours::Wanted);
        assert_eq!(colours(None), Colours::Wanted);
    }
}
