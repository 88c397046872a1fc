//! The configuration file, and flags that set any key.

use std::fs;
use std::path::{Path, PathBuf};

use super::environment::Environment;
use super::failure::Failure;
use crate::config::{ConfigError, Layer, Origin};

/// The file that is read when none is named and it is there.
pub(super) const USUAL_FILE: &str = "ct-host.yaml";

const CONFIG_HELP: &str = "Configuration file [default: that of CT_HOST_CONFIG, else ct-host.yaml if it is in this folder]";

/// Flags of the configuration.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct ConfigArgs {
    #[arg(long, value_name = "FILE", help = CONFIG_HELP)]
    config: Option<PathBuf>,
    /// Set any key of the configuration, such as account.cash=5000; values are written as in YAML
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
}

impl ConfigArgs {
    /// What the file and the environment say, the lower first.
    ///
    /// # Errors
    /// [`Failure::Input`] or [`Failure::Problems`] when the file cannot be read, or something is no YAML.
    pub(super) fn layers(&self, environment: &Environment) -> Result<Vec<Layer>, Failure> {
        let mut layers = Vec::new();
        if let Some(path) = self.file(environment) {
            layers.push(read(path)?);
        }
        let variables = environment.configuration.iter().cloned();
        layers.push(Layer::from_environment(variables).map_err(refused)?);
        Ok(layers)
    }

    /// What `--set` says.
    ///
    /// # Errors
    /// [`Failure::Input`] when it is not a path and a value.
    pub(super) fn set_layer(&self) -> Result<Layer, Failure> {
        let mut layer = Layer::empty();
        for text in &self.set {
            let pair = text.split_once('=').filter(|(path, _)| !path.is_empty());
            let (path, value) = pair.ok_or_else(|| {
                Failure::input(format!(
                    "--set {text}: expected PATH=VALUE, such as account.cash=5000"
                ))
            })?;
            let origin = Origin::Flag("--set".to_owned());
            layer.set_yaml(path.trim(), value, &origin).map_err(refused)?;
        }
        Ok(layer)
    }

    /// What the user should know of the file: that one is read which nobody named.
    pub(super) fn notice(&self, environment: &Environment) -> Option<String> {
        let is_named = self.config.is_some() || environment.config_file.is_some();
        let file = self.file(environment).filter(|_| !is_named)?;
        Some(format!("configured by {} in this folder", file.display()))
    }

    /// The file that is read, if any is.
    fn file<'a>(&'a self, environment: &'a Environment) -> Option<&'a Path> {
        let named = self.config.as_deref().or(environment.config_file.as_deref());
        named.or_else(|| Some(Path::new(USUAL_FILE)).filter(|path| path.is_file()))
    }
}

/// What the configuration file `path` says.
fn read(path: &Path) -> Result<Layer, Failure> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|error| {
        Failure::input(format!(
            "{name}: cannot be read: {error}; expected a configuration file as `ct-host config init` writes it"
        ))
    })?;
    Layer::from_yaml(&text, &name).map_err(refused)
}

/// What is wrong with a configuration.
pub(super) fn refused(errors: Vec<ConfigError>) -> Failure {
    match <[ConfigError; 1]>::try_from(errors) {
        Ok([error]) => Failure::input(error),
        Err(several) => Failure::Problems(several.iter().map(ToString::to_string).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(config_file: Option<&Path>) -> Environment {
        let mut environment = Environment::read();
        environment.config_file = config_file.map(Path::to_owned);
        environment
    }

    fn arguments(config: Option<&Path>, set: &[&str]) -> ConfigArgs {
        let set = set.iter().map(|text| (*text).to_owned()).collect();
        ConfigArgs { config: config.map(Path::to_owned), set }
    }

    #[test]
    fn the_file_of_the_flag_comes_before_that_of_the_environment() {
        let (one, other) = (Path::new("a.yaml"), Path::new("b.yaml"));
        let named = environment(Some(other));
        assert_eq!(arguments(Some(one), &[]).file(&named), Some(one));
        assert_eq!(arguments(None, &[]).file(&named), Some(other));
        assert_eq!(arguments(None, &[]).notice(&named), None);
        assert_eq!(arguments(None, &[]).file(&environment(None)), None);
    }

    #[test]
    fn a_file_that_is_named_has_to_be_there() {
        let failure = arguments(Some(Path::new("none.yaml")), &[]).layers(&environment(None));
        let message = failure.unwrap_err().message().unwrap().to_owned();
        assert!(message.starts_with("none.yaml: cannot be read: "), "{message}");
    }

    #[test]
    fn any_key_can_be_set() {
        let layer =
            arguments(None, &["data.symbols=[A/B, C/D]", "data.from=2024-01-01"]).set_layer();
        let mut expected = Layer::empty();
        let origin = || Origin::Flag("--set".to_owned());
        expected.set("data.symbols", serde_json::json!(["A/B", "C/D"]), origin());
        expected.set("data.from", "2024-01-01".into(), origin());
        assert_eq!(layer, Ok(expected));
        for text in ["account.cash", "=5", "account.cash=[1"] {
            assert!(arguments(None, &[text]).set_layer().is_err(), "{text}");
        }
    }
}
