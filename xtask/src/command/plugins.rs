//! `cargo xtask plugins`: builds every guest and keeps `plugins/prebuilt` and its lock.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::command::setup;
use crate::guest::{Component, Guest};
use crate::lock::{Entry, Lock, component_hash};
use crate::toolchain::GuestToolchain;
use crate::{console, layout, source_hash};

/// Builds all guests, and replaces the committed components whose sources changed.
///
/// A committed component whose sources are as the lock says is left alone: another compiler would give other
/// bytes for the same behaviour.
///
/// # Errors
///
/// A guest does not build, or a file cannot be written.
pub(crate) fn build() -> Result<()> {
    let toolchain = setup::run()?;
    let components = build_components(&toolchain)?;
    let prebuilt = layout::prebuilt();
    let mut lock = Lock::read(&prebuilt)?;
    lock.retain(&built_in_names());
    for directory in layout::BUILT_IN_PLUGINS {
        let name = component_name(directory);
        let source = source_hash::of_plugin(layout::root(), &format!("plugins/{directory}"))?;
        let Some(reason) = lock.fault(&prebuilt, &name, &source) else {
            continue;
        };
        let component = components
            .iter()
            .find(|component| component.name == name)
            .with_context(|| format!("plugins/{directory} must build the component {name}"))?;
        console::say(&format!("refreshed plugins/prebuilt/{name}.wasm ({reason})"));
        write(&prebuilt, component)?;
        let entry = Entry {
            source,
            component: component_hash(&component.bytes),
            rustc: toolchain.rustc().to_owned(),
        };
        lock.insert(&name, entry);
    }
    lock.write(&prebuilt)
}

/// Builds all guests into `target/guests/components`, where the tests look for them.
///
/// # Errors
///
/// A guest does not build, or a component cannot be written.
pub(crate) fn build_components(toolchain: &GuestToolchain) -> Result<Vec<Component>> {
    let mut guests = Guest::built_in();
    guests.extend(Guest::of_tests()?);
    let components =
        guests.iter().map(|guest| guest.build(toolchain)).collect::<Result<Vec<_>>>()?;
    for component in &components {
        write(&layout::components(), component)?;
        console::say(&format!("built {}.wasm, {} bytes", component.name, component.bytes.len()));
    }
    Ok(components)
}

/// Compares the committed components, their lock and the sources; needs no toolchain.
///
/// # Errors
///
/// Some component is missing, was changed, or is older than its sources.
pub(crate) fn check() -> Result<()> {
    let prebuilt = layout::prebuilt();
    let lock = Lock::read(&prebuilt)?;
    let mut faults = Vec::new();
    for directory in layout::BUILT_IN_PLUGINS {
        let source = source_hash::of_plugin(layout::root(), &format!("plugins/{directory}"))?;
        faults.extend(lock.fault(&prebuilt, &component_name(directory), &source));
    }
    for name in lock.strangers(&built_in_names()) {
        faults.push(format!("{name}: in the lock, but not a built-in plugin"));
    }
    ensure!(
        faults.is_empty(),
        "the prebuilt plugins are stale: run `cargo xtask plugins` and commit plugins/prebuilt\n  {}",
        faults.join("\n  ")
    );
    console::say("the prebuilt plugins match their sources");
    Ok(())
}

fn built_in_names() -> BTreeSet<String> {
    layout::BUILT_IN_PLUGINS.iter().map(|directory| component_name(directory)).collect()
}

fn component_name(directory: &str) -> String {
    directory.replace('-', "_")
}

fn write(directory: &Path, component: &Component) -> Result<()> {
    let file = directory.join(format!("{}.wasm", component.name));
    fs::create_dir_all(directory)
        .and_then(|()| fs::write(&file, &component.bytes))
        .with_context(|| format!("cannot write {}", file.display()))
}
