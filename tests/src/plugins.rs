//! Plugin files: the prebuilt ones, those built from source, and the misbehaving guests.

use std::fmt::Display;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use ct_host::plugin::{Arguments, Plugin, Runtime, RuntimeSettings, Value, built_ins};

use crate::bars::SplitMix64;

/// The component `name` (such as `sma_crossover`) that `cargo xtask plugins` has built from source.
///
/// # Panics
/// When it has not been built.
pub fn from_source(name: &str) -> Vec<u8> {
    built(&format!("components/{name}.wasm"))
}

/// The core module that became the component `name`.
///
/// # Panics
/// When it has not been built.
pub fn core_module_from_source(name: &str) -> Vec<u8> {
    built(&format!("wasm32-unknown-unknown/guest/{name}.wasm"))
}

/// A file that `cargo xtask plugins` has built.
fn built(file: &str) -> Vec<u8> {
    let path = target_folder().join("guests").join(file);
    match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) => unreachable!("{}: {error}: run `cargo xtask plugins` first", path.display()),
    }
}

/// The engine that the tests of a process share.
pub fn runtime() -> &'static Runtime {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
        // The machine may be busy: what is no endless loop must not run out of time.
        let call_time_max = Duration::from_mins(1);
        sound(Runtime::new(&RuntimeSettings { call_time_max, ..RuntimeSettings::default() }))
    });
    &RUNTIME
}

/// The three built-in strategies, one that reads its account, and one that reads the account of all its instruments.
pub fn all() -> &'static [Plugin] {
    static PLUGINS: LazyLock<Vec<Plugin>> = LazyLock::new(|| load_all(runtime()));
    &PLUGINS
}

/// The plugins of [`all`], loaded once more into `runtime`.
///
/// # Panics
/// When they have not been built.
pub fn load_all(runtime: &Runtime) -> Vec<Plugin> {
    let built_in = built_ins().iter().map(|built_in| built_in.bytes.to_vec());
    let reading = ["account_sma", "rotation"].map(from_source);
    built_in.chain(reading).map(|bytes| sound(runtime.load(&bytes))).collect()
}

/// Arguments for one of [`all`] with lengths of a few bars, so that it decides often. Half of the strategies that can hold
/// short positions do.
///
/// # Panics
/// For any other plugin.
pub fn random_arguments(plugin: &Plugin, random: &mut SplitMix64) -> Arguments {
    let descriptor = plugin.descriptor();
    let mut length = |shortest: i64| Value::Integer(shortest + i64::from(random.below(5) == 0));
    let given = match descriptor.name.as_str() {
        "sma-crossover" => vec![("fast", length(2)), ("slow", length(5))],
        "rsi-mean-reversion" => vec![("period", length(3))],
        "bollinger-breakout" => vec![("period", length(6)), ("width", Value::Number(1.1))],
        "account-sma" => {
            vec![("fast", length(2)), ("slow", length(5)), ("loss", Value::Number(0.01))]
        }
        "rotation" => vec![("lookback", length(3)), ("every", length(2))],
        name => unreachable!("no arguments for {name}"),
    };
    let short = descriptor.parameters.iter().any(|parameter| parameter.name == "short");
    let short = short.then(|| ("short", Value::Flag(random.unit() < 0.5)));
    let given: Vec<(&str, Value)> = given.into_iter().chain(short).collect();
    sound(Arguments::new(descriptor, &given))
}

/// What test data must give.
///
/// # Panics
/// On an error.
pub fn sound<T, E: Display>(result: Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => unreachable!("test data: {error}"),
    }
}

/// The workspace's target folder: two above the running test's executable.
fn target_folder() -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    root.join("target")
}
