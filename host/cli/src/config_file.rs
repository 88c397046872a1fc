//! The configuration files, the user's own and that of the run, and flags that set any key.

use std::path::{Path, PathBuf};

use super::config_text;
use super::environment::Environment;
use super::failure::Failure;
use super::flag_layer::FlagLayer;
use super::terminal::Terminal;
use ct_host::config::{ConfigError, Effective, Layer, Origin, Resolver, quotation, quoted_key};
use ct_host::run::RunError;

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
    /// What the files, the environment, `flags` and `--set` make together.
    ///
    /// # Errors
    /// [`Failure::input`] or [`Failure::inputs`] with everything that is wrong.
    pub(super) fn resolved(
        &self,
        environment: &Environment,
        flags: FlagLayer,
    ) -> Result<Effective, Failure> {
        let Layers { below, above } = self.layers(environment, flags)?;
        resolved(below.into_iter().chain(above))
    }

    /// What the files, the environment, `flags` and `--set` say.
    ///
    /// # Errors
    /// [`Failure::input`] or [`Failure::inputs`] with everything that cannot be read, or is no YAML.
    pub(super) fn layers(
        &self,
        environment: &Environment,
        flags: FlagLayer,
    ) -> Result<Layers, Failure> {
        let own = own_file(environment).map(read);
        let file = self.file(environment).map(|file| {
            let layer = read(file)?;
            let is_named = self.is_named(environment);
            Ok(if is_named { layer } else { layer.found(&remedy(environment)) })
        });
        let variables = environment.configuration.iter().cloned();
        let variables = Layer::from_environment(variables).map_err(|errors| texts(&errors));
        let (mut below, mut messages) = (Vec::new(), Vec::new());
        for layer in own.into_iter().chain(file).chain([variables]) {
            match layer {
                Ok(layer) => below.push(layer),
                Err(found) => messages.extend(found),
            }
        }
        match self.set_layer() {
            Ok(set) if messages.is_empty() => {
                Ok(Layers { below, above: [flags.into_layer(), set] })
            }
            Ok(_) => Err(Failure::inputs(messages)),
            Err(found) => {
                messages.extend(found);
                Err(Failure::inputs(messages))
            }
        }
    }

    /// What `--set` says.
    ///
    /// # Errors
    /// Everything that is not a path and a value.
    fn set_layer(&self) -> Result<Layer, Vec<String>> {
        let (mut layer, mut messages) = (Layer::empty(), Vec::new());
        for text in &self.set {
            let pair = text.split_once('=').filter(|(path, _)| !path.trim().is_empty());
            let Some((path, value)) = pair else {
                messages.push(format!(
                    "--set {}: expected PATH=VALUE, such as account.cash=5000",
                    quoted_key(text)
                ));
                continue;
            };
            let origin = Origin::Flag("--set".to_owned());
            if let Err(errors) = layer.set_yaml(path.trim(), value, &origin) {
                let path = quotation(path);
                messages.extend(
                    errors.iter().map(|error| format!("--set {path}: {}", error.message())),
                );
            }
        }
        if messages.is_empty() { Ok(layer) } else { Err(messages) }
    }

    /// Says on `terminal` which files are read that nobody named.
    pub(super) fn tell(&self, environment: &Environment, terminal: Terminal) {
        if let Some(own) = own_file(environment) {
            terminal.notice(&format!("{} holds where nothing else is said", own.display()));
        }
        if let Some(file) = self.file(environment).filter(|_| !self.is_named(environment)) {
            terminal.notice(&format!("configured by {} in this folder", file.display()));
        }
    }

    /// Whether the user named the file that is read.
    const fn is_named(&self, environment: &Environment) -> bool {
        self.config.is_some() || environment.config_file.is_some()
    }

    /// The file of the run that is read, if any is.
    pub(super) fn file<'a>(&'a self, environment: &'a Environment) -> Option<&'a Path> {
        let named = self.config.as_deref().or(environment.config_file.as_deref());
        named.or_else(|| Some(Path::new(USUAL_FILE)).filter(|path| path.is_file()))
    }
}

/// What a command is told, in two parts: between them lies an earlier run that is made again.
#[derive(Debug)]
pub(super) struct Layers {
    /// The files and the environment, the lower first.
    pub(super) below: Vec<Layer>,
    /// Flags, and over them `--set`, which names the very key.
    pub(super) above: [Layer; 2],
}

/// `layers` put together, the lowest first.
///
/// # Errors
/// [`Failure::input`] or [`Failure::inputs`] with everything that is wrong.
fn resolved(layers: impl IntoIterator<Item = Layer>) -> Result<Effective, Failure> {
    let resolver = layers.into_iter().fold(Resolver::new(), Resolver::layer);
    Ok(resolver.resolve().map_err(RunError::from)?)
}

/// The user's own file, if there is one. It lies below every other.
pub(super) fn own_file(environment: &Environment) -> Option<&Path> {
    environment.own_config_file.as_deref().filter(|path| path.exists())
}

/// What to do who means what a file says that is only found.
fn remedy(environment: &Environment) -> String {
    let own = match &environment.own_config_file {
        Some(own) => format!("put it into your own configuration file, {}, ", own.display()),
        None => String::new(),
    };
    format!(
        "{own}name this file with --config or CT_HOST_CONFIG, or say it with a flag, --set or a variable"
    )
}

/// What the configuration file `path` says.
fn read(path: &Path) -> Result<Layer, Vec<String>> {
    let name = path.display().to_string();
    // What is no file may be anything.
    let unread = |error| vec![format!("{}: {error}", quotation(&name))];
    let text = config_text::read(path).map_err(unread)?;
    Layer::from_yaml(&text, &name).map_err(|errors| texts(&errors))
}

fn texts(errors: &[ConfigError]) -> Vec<String> {
    errors.iter().map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(config_file: Option<&Path>) -> Environment {
        let mut environment = Environment::read();
        environment.config_file = config_file.map(Path::to_owned);
        environment.own_config_file = None;
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
        assert!(arguments(None, &[]).is_named(&named));
        assert!(!arguments(None, &[]).is_named(&environment(None)));
        assert_eq!(arguments(None, &[]).file(&environment(None)), None);
    }

    #[test]
    fn a_file_that_is_named_has_to_be_there() {
        let arguments = arguments(Some(Path::new("none.yaml")), &[]);
        let failure = arguments.layers(&environment(None), FlagLayer::new());
        let message = failure.unwrap_err().messages().concat();
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
        let wrong = arguments(None, &["cash", "a=[1", "=5", "account.cash=5"]).set_layer();
        assert_eq!(wrong.unwrap_err().len(), 3);
    }

    #[test]
    fn set_holds_over_flags() {
        let mut flags = FlagLayer::new();
        flags.set("--cash", "account.cash", 7);
        flags.set(
            "--fraction",
            "risk.sizing",
            serde_json::json!({ "kind": "fraction", "fraction": 1 }),
        );
        let set = arguments(None, &["account.cash=5", "risk.sizing.fraction=0.5"]);
        let config = set.resolved(&environment(None), flags).unwrap().config;
        assert_eq!(config.settings.account.cash.to_string(), "5");
        let sizing = serde_json::to_value(config.settings.risk.sizing).unwrap();
        assert_eq!(sizing["fraction"], 0.5);
    }
}
