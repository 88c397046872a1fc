//! `cargo xtask setup`: finds the toolchain that builds plugins and the shells that tests type into, or installs them.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use ct_toolchain::{DISTRIBUTION_PACKAGES, NoToolchain, TARGET};

use crate::toolchain::GuestToolchain;
use crate::{console, layout, process};

/// Shells in which completions are tested.
const SHELLS: [&str; 3] = ["bash", "zsh", "fish"];

/// Gives the toolchain that is there; else tries rustup, then the distribution's packages. Shells that are missing are installed
/// the same way; without them the tests that need them fail, and say so.
///
/// # Errors
///
/// No toolchain is there and none could be installed; the error says what to do.
pub(crate) fn run() -> Result<GuestToolchain> {
    let toolchain = GuestToolchain::find().or_else(install).ok_or(NoToolchain)?;
    console::say(&format!("plugins are built with {}", toolchain.rustc()));
    if let Err(reason) = install_shells() {
        console::say(&format!("{reason:#}"));
    }
    Ok(toolchain)
}

/// Tries each way in turn until a toolchain is there; says why a way failed.
fn install() -> Option<GuestToolchain> {
    let ways: [fn() -> Result<()>; 2] = [install_with_rustup, install_with_apt];
    ways.into_iter().find_map(|way| match way() {
        Ok(()) => GuestToolchain::find(),
        Err(reason) => {
            console::say(&format!("{reason:#}"));
            None
        }
    })
}

fn install_with_rustup() -> Result<()> {
    let mut rustup = ct_toolchain::clean("rustup");
    process::run(rustup.args(["target", "add", TARGET]).current_dir(layout::root()))
}

/// # Errors
///
/// A shell is missing, and is not installed.
fn install_shells() -> Result<()> {
    let is_missing = |shell: &&str| process::probe(Command::new(shell).arg("--version")).is_none();
    let missing: Vec<&str> = SHELLS.into_iter().filter(|shell| is_missing(shell)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(", ");
    install_packages(&missing).with_context(|| format!("tests of completions need {names}"))
}

fn install_with_apt() -> Result<()> {
    install_packages(&DISTRIBUTION_PACKAGES)
}

fn install_packages(packages: &[&str]) -> Result<()> {
    if !Path::new("/usr/bin/apt-get").exists() {
        bail!("no apt-get here: the distribution's packages are not tried");
    }
    if process::probe(Command::new("id").arg("-u")).as_deref().map(str::trim) != Some("0") {
        bail!("not root: the distribution's packages are not tried");
    }
    process::run(Command::new("apt-get").arg("update"))?;
    process::run(
        Command::new("apt-get")
            .args(["install", "--no-install-recommends", "-y"])
            .args(packages)
            .env("DEBIAN_FRONTEND", "noninteractive"),
    )
}
