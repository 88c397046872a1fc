//! Configurations: what every command does with a file, `--set` and environment variables.

use ct_host::config::{ConfigError, Layer, Origin, Resolver, yaml_text};

use crate::{Answer, told};

/// Begins the part of the input whose lines are what `--set` says, `PATH=VALUE`.
const SET: &str = "\n--set\n";
/// Begins the part whose lines are environment variables, `NAME=VALUE`.
const ENVIRONMENT: &str = "\n--environment\n";

/// A file, then what is set, then the environment; the last two may be missing.
pub(crate) fn files_and_flags(bytes: &[u8]) -> Answer {
    let text = String::from_utf8_lossy(bytes);
    let (text, variables) = text.split_once(ENVIRONMENT).unwrap_or((&text, ""));
    let (yaml, set) = text.split_once(SET).unwrap_or((text, ""));
    match resolved(yaml, set, variables) {
        Ok(()) => Answer::Accepted,
        Err(errors) => {
            assert!(!errors.is_empty(), "refused without a reason");
            for error in errors {
                told::check_reason(&error.to_string());
            }
            Answer::Refused
        }
    }
}

fn resolved(yaml: &str, set: &str, variables: &str) -> Result<(), Vec<ConfigError>> {
    let file = Layer::from_yaml(yaml, "ct-host.yaml")?;
    let variables = pairs(variables).map(|(name, value)| (name.to_owned(), value.to_owned()));
    let environment = Layer::from_environment(variables)?;
    let mut flags = Layer::empty();
    for (path, value) in pairs(set) {
        flags.set_yaml(path, value, &Origin::Flag("--set".to_owned()))?;
    }
    let resolver = [file, environment, flags].into_iter().fold(Resolver::new(), Resolver::layer);
    let effective = resolver.resolve()?;
    for shown in effective.shown() {
        yaml_text(&shown.value);
    }
    Ok(())
}

fn pairs(lines: &str) -> impl Iterator<Item = (&str, &str)> {
    lines.lines().filter_map(|line| line.split_once('='))
}
