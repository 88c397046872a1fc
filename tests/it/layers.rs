//! The layers of the host, and the size and head of every source file. The order is that of `docs/architecture.md`.

use ct_tests::sources::{NamedPath, Source};

/// The host's modules; each may use only those before it.
const LAYERS: [&str; 18] = [
    "suggestion",
    "units",
    "market",
    "order",
    "costs",
    "portfolio",
    "risk",
    "engine",
    "metrics",
    "data",
    "plugin",
    "backtest",
    "research",
    "paper",
    "report",
    "monitor",
    "config",
    "cli",
];

/// The last module that does no input or output, reads no clock or environment and starts nothing.
const LAST_PURE: &str = "metrics";

/// What those modules may not name.
const IMPURE: [&[&str]; 11] = [
    &["std", "fs"],
    &["std", "net"],
    &["std", "env"],
    &["std", "process"],
    &["std", "thread"],
    &["std", "os"],
    &["std", "time", "Instant"],
    &["std", "time", "SystemTime"],
    &["wasmtime"],
    &["tokio"],
    &["rayon"],
];

/// The folders with sources.
const FOLDERS: [&str; 6] = ["host", "sdk", "plugins", "tests", "benches", "xtask"];

const CODE_LINES_MAX: usize = 400;

fn layer(name: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| *layer == name)
}

/// Parts of the module that `source` is, below the crate: `engine`, `desk` for `host/src/engine/desk.rs`.
fn module_of(source: &Source) -> Vec<String> {
    let below = source.path.strip_prefix("host/src").unwrap().with_extension("");
    let parts = below.iter().map(|part| part.to_str().unwrap().to_owned());
    parts.filter(|part| part != "mod").collect()
}

/// The module of the crate that `path` leads to, when it stands in `module`.
fn target<'a>(path: &'a NamedPath, module: &[String], inline: usize) -> Option<&'a str> {
    let supers = path.parts.iter().take_while(|part| *part == "super").count();
    let at_root = if supers > 0 {
        supers == module.len() + inline
    } else {
        path.parts.first().is_some_and(|part| part == "crate")
    };
    at_root.then(|| path.parts.get(supers.max(1)).map(String::as_str)).flatten()
}

/// What is wrong with one file of the host, a line each.
fn faults(source: &Source) -> Vec<String> {
    let module = module_of(source);
    let Some(own) = module.first().and_then(|name| layer(name)) else {
        return vec![format!("{}: no module of the layers {LAYERS:?}", source.path.display())];
    };
    let tests_line = source.code_without_tests().lines().count();
    let pure = Some(own) <= layer(LAST_PURE);
    let mut faults = Vec::new();
    let mut fault = |path: &NamedPath, rule: &str| {
        let named = path.parts.join("::");
        faults.push(format!("{}:{}: {named}: {rule}", source.path.display(), path.line));
    };
    for path in source.paths() {
        let inline = usize::from(path.line > tests_line);
        if let Some(used) = target(&path, &module, inline).and_then(layer)
            && used > own
        {
            fault(&path, &format!("{} may only use what is above it", LAYERS[own]));
        }
        let names =
            |start: &[&str]| path.parts.iter().zip(start).all(|(part, start)| part == start);
        if pure && IMPURE.iter().any(|start| path.parts.len() >= start.len() && names(start)) {
            fault(&path, &format!("{} does no input or output", LAYERS[own]));
        }
        if LAYERS[own] == "engine" && path.parts.iter().any(|part| part.contains("plugin")) {
            fault(&path, "engine does not know that strategies are plugins");
        }
    }
    faults
}

fn host_modules() -> Vec<Source> {
    let mut sources = Source::all_in("host/src");
    sources
        .retain(|source| !source.path.ends_with("src/lib.rs") && !source.path.ends_with("main.rs"));
    sources
}

#[test]
fn every_module_uses_only_those_above_it() {
    let sources = host_modules();
    assert!(sources.len() > 50, "{} files found", sources.len());
    let faults: Vec<String> = sources.iter().flat_map(faults).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn the_library_has_no_other_module() {
    let all = Source::all_in("host/src");
    let library = all.iter().find(|source| source.path.ends_with("src/lib.rs")).unwrap();
    let code = library.code();
    let modules = code.lines().filter_map(|line| line.split_once("mod ")?.1.strip_suffix(';'));
    let modules: Vec<&str> = modules.collect();
    assert!(modules.len() > 10, "{modules:?}");
    assert!(modules.iter().all(|module| layer(module).is_some()), "{modules:?}: unlike {LAYERS:?}");
}

#[test]
fn every_file_says_what_it_is_and_is_short() {
    let sources: Vec<Source> = FOLDERS.iter().flat_map(|folder| Source::all_in(folder)).collect();
    let mut faults = Vec::new();
    for source in &sources {
        let path = source.path.display();
        if !source.text.starts_with("//! ") {
            faults.push(format!("{path}:1: expected a line that says what the file is, after //!"));
        }
        let is_test = source.path.iter().any(|part| part == "tests" || part == "tests.rs");
        let code = source.code_without_tests();
        let lines = code.lines().filter(|line| !line.trim().is_empty()).count();
        if !is_test && lines > CODE_LINES_MAX {
            faults
                .push(format!("{path}: {lines} lines of code: expected at most {CODE_LINES_MAX}"));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// The rules above prove little if they find nothing.
#[test]
fn a_breach_is_found() {
    let check = |path: &str, text: &str, expected: &str| {
        let source = Source { path: format!("host/src/{path}").into(), text: text.to_owned() };
        let faults = faults(&source).join("\n");
        assert!(
            faults.contains(expected) && !expected.is_empty() || faults == expected,
            "{faults}"
        );
    };
    check("units/rate.rs", "\nuse crate::market::Bars;", "units/rate.rs:2: crate::market::Bars");
    check("units/rate.rs", "use crate::{\n    data::csv,\n};", "units/rate.rs:2: crate::data::csv");
    check("risk/mod.rs", "use super::{order, engine::Feed};", "risk/mod.rs:1: super::engine::Feed");
    check("risk/sizing.rs", "use super::super::engine;", "may only use what is above it");
    check("engine/feed.rs", "fn f() { crate::plugin::load() }", "crate::plugin::load");
    check("engine/feed.rs", "use wasm_plugin::Instance;", "does not know");
    check("metrics/a.rs", "use std::{fmt, time::Instant};", "metrics/a.rs:1: std::time::Instant");
    check("metrics/a.rs", "fn f() { std::env::var(x) }", "does no input or output");
    check("order/fill.rs", "use wasmtime::Engine;", "wasmtime::Engine");
    check("tools/a.rs", "", "no module of the layers");
    // What is allowed.
    check("risk/sizing.rs", "use super::Limits; use crate::units::Rate;", "");
    check("risk/sizing.rs", "//! See [`crate::engine`].\nlet text = \"crate::engine::Feed\";", "");
    check("data/a.rs", "use std::fs;", "");
    check("risk/a.rs", "#[cfg(test)]\nmod tests { use super::super::Limits; }", "");
}
