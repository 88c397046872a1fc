//! The layers of the host, the size and head of every source file, and how much is asserted where money is counted. The order is that
//! of `docs/architecture.md`.

use ct_tests::sources::{NamedPath, Source};

/// The host's crates with modules in layers, lowest first: each module may use only those before it. Which crate may use which
/// is said in their manifests, and held by the compiler.
const LAYERS: [(&str, &[&str]); 2] = [
    (
        "host/core/src",
        &[
            "suggestion",
            "printable",
            "units",
            "market",
            "order",
            "costs",
            "portfolio",
            "risk",
            "settings",
            "engine",
            "metrics",
        ],
    ),
    ("host/library/src", &["backtest", "report", "config", "run"]),
];

/// The crate that does no input or output, reads no clock or environment and starts nothing.
const PURE: &str = "host/core/src";

/// What it may not name; for all else it has no dependency.
const IMPURE: [&[&str]; 8] = [
    &["std", "fs"],
    &["std", "net"],
    &["std", "env"],
    &["std", "process"],
    &["std", "thread"],
    &["std", "os"],
    &["std", "time", "Instant"],
    &["std", "time", "SystemTime"],
];

/// The folders with sources.
const FOLDERS: [&str; 6] = ["host", "sdk", "plugins", "tests", "benches", "xtask"];

const CODE_LINES_MAX: usize = 400;

/// Assertions per 1 000 lines of code that each of these folders has at least. A number may rise, and never falls.
const ASSERTIONS_MIN: [(&str, usize); 4] = [
    ("host/core/src/engine", 15),
    ("host/core/src/portfolio", 15),
    ("host/core/src/risk", 15),
    ("host/data/src/store", 15),
];

/// What stops a run in every build when an invariant is broken. What only debug builds look at is none.
const ASSERTIONS: [&str; 4] = ["assert!", "assert_eq!", "assert_ne!", "unreachable!"];

/// The folder of a crate, its modules lowest first, and the parts of the module that `source` is below the crate: `engine`,
/// `orders` for `host/core/src/engine/orders.rs`.
fn module_of(source: &Source) -> (&'static str, &'static [&'static str], Vec<String>) {
    let of_crate = LAYERS.iter().find(|(folder, _)| source.path.starts_with(folder));
    let &(folder, layers) = of_crate.unwrap();
    let below = source.path.strip_prefix(folder).unwrap().with_extension("");
    let parts = below.iter().map(|part| part.to_str().unwrap().to_owned());
    (folder, layers, parts.filter(|part| part != "mod").collect())
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

/// What is wrong with one file of a crate with layers, a line each.
fn faults(source: &Source) -> Vec<String> {
    let (folder, layers, module) = module_of(source);
    let layer = |name: &str| layers.iter().position(|layer| *layer == name);
    let Some(own) = module.first().and_then(|name| layer(name)) else {
        return vec![format!("{}: no module of the layers {layers:?}", source.path.display())];
    };
    let tests_line = source.code_without_tests().lines().count();
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
            fault(&path, &format!("{} may only use what is above it", layers[own]));
        }
        let names =
            |start: &[&str]| path.parts.iter().zip(start).all(|(part, start)| part == start);
        let is_impure = IMPURE.iter().any(|start| path.parts.len() >= start.len() && names(start));
        if folder == PURE && is_impure {
            fault(&path, &format!("{} does no input or output", layers[own]));
        }
    }
    faults
}

fn layered_modules() -> Vec<Source> {
    let all = LAYERS.iter().flat_map(|(folder, _)| Source::all_in(folder));
    all.filter(|source| !source.path.ends_with("src/lib.rs")).collect()
}

/// Whether the whole file is for tests.
fn is_of_tests(source: &Source) -> bool {
    let name = source.path.file_name().and_then(|name| name.to_str());
    let in_tests = source.path.iter().any(|part| part == "tests" || part == "tests.rs");
    in_tests || name.is_some_and(|name| name.starts_with("test_"))
}

/// Assertions and lines of code of some files, those for tests left out.
fn assertions_and_lines(sources: &[Source]) -> (usize, usize) {
    let of_one = |source: &Source| {
        let code = source.code_without_tests();
        let lines = code.lines().filter(|line| !line.trim().is_empty()).count();
        let in_name =
            |before: &str| before.ends_with(|char: char| char.is_alphanumeric() || char == '_');
        let count = |assertion: &str| {
            code.match_indices(assertion).filter(|(place, _)| !in_name(&code[..*place])).count()
        };
        (ASSERTIONS.into_iter().map(count).sum::<usize>(), lines)
    };
    let all = sources.iter().filter(|source| !is_of_tests(source)).map(of_one);
    all.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
}

#[test]
fn what_must_hold_is_asserted() {
    let mut faults = Vec::new();
    for (folder, least) in ASSERTIONS_MIN {
        let (assertions, lines) = assertions_and_lines(&Source::all_in(folder));
        assert!(lines > 100, "{folder}: {lines} lines found");
        if assertions * 1_000 < least * lines {
            let missing = (least * lines).div_ceil(1_000) - assertions;
            faults.push(format!(
                "{folder}: {assertions} assertions in {lines} lines of code, {missing} fewer than {least} per 1000"
            ));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn assertions_are_counted_where_they_are_code() {
    let count = |path: &str, text: &str| {
        assertions_and_lines(&[Source { path: path.into(), text: text.to_owned() }])
    };
    let text = "//! assert!(none)\n\nfn f() {\n    assert!(a, \"assert!\");\n    debug_assert!(b);\n    \
        assert_eq!(a, b); // assert!(c)\n    unreachable!();\n    my_unreachable!();\n}\n\
        #[cfg(test)]\nmod tests {\n    fn g() { assert!(d); }\n}\n";
    assert_eq!(count("host/core/src/risk/a.rs", text), (3, 7));
    for path in ["risk/tests/a.rs", "risk/tests.rs", "risk/test_market.rs"] {
        assert_eq!(count(path, text), (0, 0), "{path}");
    }
}

#[test]
fn every_module_uses_only_those_above_it() {
    let sources = layered_modules();
    assert!(sources.len() > 50, "{} files found", sources.len());
    let faults: Vec<String> = sources.iter().flat_map(faults).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn layered_crates_have_no_other_module() {
    for (folder, layers) in LAYERS {
        let all = Source::all_in(folder);
        let library = all.iter().find(|source| source.path.ends_with("src/lib.rs")).unwrap();
        let code = library.code();
        let modules = code.lines().filter_map(|line| line.split_once("mod ")?.1.strip_suffix(';'));
        let modules: Vec<&str> = modules.collect();
        assert!(modules.len() > 2, "{folder}: {modules:?}");
        let is_known = |module: &&str| layers.contains(module);
        assert!(modules.iter().all(is_known), "{folder}: {modules:?}: unlike {layers:?}");
    }
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
        let source = Source { path: format!("host/{path}").into(), text: text.to_owned() };
        let faults = faults(&source).join("\n");
        assert!(
            faults.contains(expected) && !expected.is_empty() || faults == expected,
            "{faults}"
        );
    };
    let core = |path: &str, text: &str, expected: &str| {
        check(&format!("core/src/{path}"), text, expected);
    };
    core("units/rate.rs", "\nuse crate::market::Bars;", "units/rate.rs:2: crate::market::Bars");
    core(
        "units/rate.rs",
        "use crate::{\n    risk::Gate,\n};",
        "units/rate.rs:2: crate::risk::Gate",
    );
    core(
        "risk/mod.rs",
        "use super::{order, engine::Machine};",
        "risk/mod.rs:1: super::engine::Machine",
    );
    core("risk/sizing.rs", "use super::super::engine;", "may only use what is above it");
    core("metrics/a.rs", "use std::{fmt, time::Instant};", "metrics/a.rs:1: std::time::Instant");
    core("metrics/a.rs", "fn f() { std::env::var(x) }", "does no input or output");
    core("tools/a.rs", "", "no module of the layers");
    check("library/src/report/a.rs", "use crate::config::Config;", "report/a.rs:1: crate::config");
    // What is allowed.
    core("risk/sizing.rs", "use super::Limits; use crate::units::Rate;", "");
    core(
        "risk/sizing.rs",
        "//! See [`crate::engine`].\nlet text = \"crate::engine::Machine\";",
        "",
    );
    core("risk/a.rs", "#[cfg(test)]\nmod tests { use super::super::Limits; }", "");
    check("library/src/config/a.rs", "use std::fs; use crate::backtest::Settings;", "");
}
