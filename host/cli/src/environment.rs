//! The one place that reads the environment: where compiled plugins, prices and the user's own configuration are kept, whether
//! colours are wanted, and what is configured there.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use super::compile_plugin::COMPILE_COMMAND;
use super::failure::Failure;
use super::terminal::{Colours, Screen};
use ct_host::config::PluginsConfig;
use ct_host::plugin::{Compiler, Runtime};
use ct_host::report::Characters;
use ct_host::run::Folders;

/// What the environment says.
#[derive(Clone, Debug)]
pub(super) struct Environment {
    /// Where prices and compiled plugins are kept; nowhere when there is no home folder.
    pub(super) folders: Folders,
    pub(super) screen: Screen,
    /// The configuration file that `CT_HOST_CONFIG` names.
    pub(super) config_file: Option<PathBuf>,
    /// The user's own configuration file, for every folder; it need not be there.
    pub(super) own_config_file: Option<PathBuf>,
    /// Variables that configure something: their names begin with `CT_HOST__`.
    pub(super) configuration: Vec<(String, String)>,
}

impl Environment {
    #[expect(clippy::disallowed_methods, reason = "the edge at which configuration is read once")]
    pub(super) fn read() -> Self {
        let user = etcetera::base_strategy::choose_native_strategy().ok();
        let user_cache = user.as_ref().map(BaseStrategy::cache_dir);
        let user_data = user.as_ref().map(BaseStrategy::data_dir);
        let user_config = user.as_ref().map(BaseStrategy::config_dir);
        let own = config_folder(std::env::var_os("CT_HOST_CONFIG_DIR"), user_config);
        Self {
            folders: Folders {
                data: data_folder(std::env::var_os("CT_HOST_DATA_DIR"), user_data),
                compiled: cache_folder(std::env::var_os("CT_HOST_CACHE_DIR"), user_cache),
                cache_key: own.as_ref().map(|folder| folder.join("cache.key")),
                compiler: compiler(),
            },
            screen: Screen {
                colours: colours(std::env::var_os("NO_COLOR")),
                characters: characters(["LC_ALL", "LC_CTYPE", "LANG"].map(std::env::var_os)),
                columns: columns(std::env::var_os("COLUMNS")),
            },
            config_file: path(std::env::var_os("CT_HOST_CONFIG")),
            own_config_file: own.map(|folder| folder.join("config.yaml")),
            configuration: configuration(std::env::vars_os()),
        }
    }

    /// A WebAssembly runtime that keeps compiled plugins in the user's cache.
    ///
    /// # Errors
    /// [`Failure::run`] when this machine cannot run one.
    pub(super) fn runtime(&self) -> Result<Runtime, Failure> {
        Ok(self.folders.runtime(&PluginsConfig::default())?)
    }
}

/// This very program as the child that compiles plugins of strangers; where the system does not say which one it is, they are
/// compiled in this process.
fn compiler() -> Compiler {
    // On Linux this is the running program even when the file is replaced meanwhile.
    let running = Path::new("/proc/self/exe");
    let program = if running.exists() { Ok(running.to_owned()) } else { std::env::current_exe() };
    program.map_or_else(
        |_| Compiler::InProcess,
        |program| Compiler::InChild { program, arguments: vec![COMPILE_COMMAND.into()] },
    )
}

/// `compiled` in the folder that the user names, or in `ct-host` of the user's cache.
fn cache_folder(own: Option<OsString>, user_cache: Option<PathBuf>) -> Option<PathBuf> {
    let folder = path(own).or_else(|| user_cache.map(|cache| cache.join("ct-host")))?;
    Some(folder.join("compiled"))
}

/// The folder that the user names, or `ct-host/data` of the user's data: prices are worth more than a cache, since an
/// exchange may not give them again.
fn data_folder(own: Option<OsString>, user_data: Option<PathBuf>) -> Option<PathBuf> {
    path(own).or_else(|| user_data.map(|data| data.join("ct-host").join("data")))
}

/// The folder of the user's own configuration and key: the one that the user names, or `ct-host` in the user's configuration.
fn config_folder(own: Option<OsString>, user_config: Option<PathBuf>) -> Option<PathBuf> {
    path(own).or_else(|| user_config.map(|config| config.join("ct-host")))
}

fn path(name: Option<OsString>) -> Option<PathBuf> {
    name.filter(|folder| !folder.is_empty()).map(PathBuf::from)
}

/// The variables of the configuration, and those that may be misspelled ones. Text that is no Unicode is taken with replacement characters, so that it is refused
/// where it is read.
fn configuration(
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> Vec<(String, String)> {
    let text = |part: OsString| part.to_string_lossy().into_owned();
    let pairs = variables.into_iter().map(|(name, value)| (text(name), text(value)));
    pairs.filter(|(name, _)| name.starts_with("CT_HOST_")).collect()
}

/// As <https://no-color.org> says.
fn colours(no_color: Option<OsString>) -> Colours {
    match no_color {
        Some(value) if !value.is_empty() => Colours::Unwanted,
        _ => Colours::Wanted,
    }
}

/// As POSIX says: the first variable that is set and not empty names the locale, and its part behind a dot the characters. The
/// locale of old systems, `C` or `POSIX`, has those of ASCII; where nothing is named, as on Windows, all can be shown.
fn characters(variables: [Option<OsString>; 3]) -> Characters {
    let named = variables.into_iter().flatten().find(|value| !value.is_empty());
    let locale = named.map(|locale| locale.to_string_lossy().to_uppercase());
    match locale {
        Some(locale) if locale.contains("UTF-8") || locale.contains("UTF8") => Characters::Unicode,
        Some(locale) if locale == "C" || locale == "POSIX" || locale.contains('.') => {
            Characters::Ascii
        }
        _ => Characters::Unicode,
    }
}

/// A number of columns that the user names.
fn columns(variable: Option<OsString>) -> Option<usize> {
    variable?.to_str()?.trim().parse().ok().filter(|columns| *columns > 0)
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
    fn prices_are_kept_with_the_users_data() {
        let user_data = || Some(PathBuf::from("home/.local/share"));
        assert_eq!(data_folder(Some("own".into()), user_data()), Some(PathBuf::from("own")));
        assert_eq!(
            data_folder(None, user_data()),
            Some(PathBuf::from("home/.local/share/ct-host/data"))
        );
        assert_eq!(data_folder(None, None), None);
    }

    #[test]
    fn the_users_configuration_is_one_file_for_every_folder() {
        let user_config = || Some(PathBuf::from("home/.config"));
        for (own, expected) in [(Some("own"), "own"), (None, "home/.config/ct-host")] {
            let folder = config_folder(own.map(OsString::from), user_config());
            assert_eq!(folder, Some(PathBuf::from(expected)), "{own:?}");
        }
        assert_eq!(config_folder(None, None), None);
    }

    #[test]
    fn only_variables_of_the_configuration_are_read() {
        let pair = |name: &str, value: &str| (OsString::from(name), OsString::from(value));
        let variables = [pair("HOME", "a"), pair("CT_HOST__A", "b"), pair("CT_HOSTS", "c")];
        assert_eq!(configuration(variables), [("CT_HOST__A".to_owned(), "b".to_owned())]);
    }

    #[test]
    fn the_locale_names_the_characters() {
        let of = |all: &str, characters_of: &str, language: &str| {
            characters([all, characters_of, language].map(|value| Some(OsString::from(value))))
        };
        for (locale, expected) in [
            (of("C", "", "en_GB.UTF-8"), Characters::Ascii),
            (of("", "POSIX", ""), Characters::Ascii),
            (of("", "", "de_DE.ISO-8859-1"), Characters::Ascii),
            (of("C.UTF-8", "", ""), Characters::Unicode),
            (of("", "", "de_DE.utf8"), Characters::Unicode),
            (of("", "", "en_US"), Characters::Unicode),
            (of("", "", ""), Characters::Unicode),
        ] {
            assert_eq!(locale, expected);
        }
        assert_eq!(characters([None, None, None]), Characters::Unicode);
    }

    #[test]
    fn columns_are_a_number() {
        for (text, expected) in
            [("120", Some(120)), (" 60 ", Some(60)), ("0", None), ("wide", None)]
        {
            assert_eq!(columns(Some(text.into())), expected);
        }
    }

    #[test]
    fn colours_can_be_switched_off() {
        assert_eq!(colours(Some("1".into())), Colours::Unwanted);
        assert_eq!(colours(Some(OsString::new())), Colours::Wanted);
        assert_eq!(colours(None), Colours::Wanted);
    }
}
