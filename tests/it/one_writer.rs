//! The product makes files in one place, `ct_data::written`: no name of a temporary file can be foretold, no link is followed,
//! nothing is written over by mistake.

use ct_tests::sources::Source;

/// Where files are made.
const WRITER: &str = "host/data/src/written";

/// What makes a file, or gives it another name.
const MAKERS: [&[&str]; 10] = [
    &["fs", "write"],
    &["fs", "rename"],
    &["fs", "copy"],
    &["fs", "hard_link"],
    &["File", "create"],
    &["File", "create_new"],
    &["File", "create_buffered"],
    &["File", "options"],
    &["OpenOptions", "new"],
    &["tempfile"],
];

/// What makes names that others can foretell, in any source.
const FORETOLD: [&[&str]; 1] = [&["process", "id"]];

/// What reads a file whatever it is.
const UNLIMITED: [&[&str]; 2] = [&["fs", "read"], &["fs", "read_to_string"]];

/// What reads files so, and why it may.
const READERS: [(&str, &str); 3] = [
    ("host/cli/src/build/command.rs", "the compiler that the user asked for wrote it"),
    ("host/cli/src/new/sdk.rs", "a manifest of the crate that runs this"),
    ("host/plugin/src/cache.rs", "a private file of this user"),
];

/// What makes files elsewhere, and why it may.
const EXCEPTIONS: [(&str, &str); 5] = [
    (
        "host/data/src/store/lock.rs",
        "a lock has its name for ever, is never written, and is no link",
    ),
    ("host/data/src/store/heal.rs", "a damaged file gets another name, in the store's own folder"),
    ("host/data/src/zipped.rs", "what is unpacked for a moment has no name"),
    ("host/plugin/src/cache.rs", "the cache of compiled plugins trusts nothing but its own files"),
    ("host/plugin/src/cache_key.rs", "a key is a secret file of one user"),
];

/// The lines of `source` that name one of `what`, tests left out.
fn named(source: &Source, what: &[&[&str]]) -> Vec<String> {
    let tests_line = source.code_without_tests().lines().count();
    let names = |parts: &[String]| {
        what.iter().any(|name| parts.windows(name.len()).any(|window| window == *name))
    };
    let paths = source.paths().into_iter();
    let found = paths.filter(|path| path.line <= tests_line && names(&path.parts));
    found
        .map(|path| format!("{}:{}: {}", source.path.display(), path.line, path.parts.join("::")))
        .collect()
}

fn is_test(source: &Source) -> bool {
    source.path.iter().any(|part| {
        let name = part.to_string_lossy();
        name == "tests" || name == "tests.rs" || name.ends_with("_tests.rs")
    })
}

fn product() -> Vec<Source> {
    let mut sources = Source::all_in("host");
    sources.retain(|source| !is_test(source));
    assert!(sources.len() > 200, "{} files found", sources.len());
    sources
}

#[test]
fn files_are_made_in_one_place() {
    let is_allowed = |source: &Source| {
        source.path.starts_with(WRITER)
            || EXCEPTIONS.iter().any(|(file, _)| source.path.ends_with(file))
    };
    let others = product().into_iter().filter(|source| !is_allowed(source));
    let faults: Vec<String> = others.flat_map(|source| named(&source, &MAKERS)).collect();
    assert!(faults.is_empty(), "write through `ct_data::written` instead:\n{}", faults.join("\n"));
}

/// A file of a stranger may be a device, a pipe or larger than the memory.
#[test]
fn no_file_is_read_without_a_limit() {
    let is_allowed = |source: &Source| READERS.iter().any(|(file, _)| source.path.ends_with(file));
    let others = product().into_iter().filter(|source| !is_allowed(source));
    let faults: Vec<String> = others.flat_map(|source| named(&source, &UNLIMITED)).collect();
    assert!(faults.is_empty(), "use `ct_data::read_regular`:\n{}", faults.join("\n"));
}

#[test]
fn no_name_is_made_of_the_number_of_the_process() {
    let mut sources = product();
    sources.extend(["benches", "xtask"].into_iter().flat_map(Source::all_in));
    let faults: Vec<String> = sources.iter().flat_map(|source| named(source, &FORETOLD)).collect();
    assert!(faults.is_empty(), "use `tempfile` or `ct_data::written`:\n{}", faults.join("\n"));
}

/// An exception that nobody needs hides the next fault.
#[test]
fn every_exception_is_needed() {
    let product = product();
    for (file, reason) in EXCEPTIONS {
        let source = product.iter().find(|source| source.path.ends_with(file));
        let found = source.map(|source| named(source, &MAKERS)).unwrap_or_default();
        assert!(
            !found.is_empty(),
            "{file} makes no file any more ({reason}): take it off the list"
        );
    }
}

/// The rules above prove little if they find nothing.
#[test]
fn a_breach_is_found() {
    let found = |text: &str| {
        let source = Source { path: "host/cli/src/a.rs".into(), text: text.to_owned() };
        named(&source, &[&MAKERS[..], &FORETOLD[..], &UNLIMITED[..]].concat())
    };
    for text in [
        "fn f() { std::fs::write(a, b) }",
        "use std::fs::{self, File};\nfn f() { File::create(a) }",
        "use std::{fs::{read_link, rename}, io};",
        "fn f() { std::fs::read(a) }",
        "fn f() { fs::OpenOptions::new() }",
        "fn f() { tempfile::NamedTempFile::new_in(a) }",
        "fn f() { format!(\"{}.tmp\", std::process::id()) }",
    ] {
        assert_eq!(found(text).len(), 1, "{text}: {:?}", found(text));
    }
    for text in [
        "fn f() { fs::read_dir(a) }",
        "// fs::write(a)",
        "#[cfg(test)]\nmod tests { use std::fs::write; }",
    ] {
        assert!(found(text).is_empty(), "{text}: {:?}", found(text));
    }
}
