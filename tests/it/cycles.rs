//! No file of the engine knows one that knows it, over however many others. What the engine gives to the outside counts for the
//! file that has it.

use std::collections::BTreeMap;
use std::path::Path;

use ct_tests::sources::{NamedPath, Source};

const ENGINE: &str = "host/core/src/engine";

/// Of each file of the engine those that it names, and the line in which it does.
type Uses = BTreeMap<String, BTreeMap<String, usize>>;

/// The names of the files and folders that `source` is below the engine: `orders` for `host/core/src/engine/orders.rs`.
fn below_engine(source: &Source) -> Vec<String> {
    let below = source.path.strip_prefix(ENGINE).unwrap().with_extension("");
    below.iter().map(|part| part.to_str().unwrap().to_owned()).collect()
}

/// The names of the files behind `mod` lines of `head`, without those that only tests need.
fn files(head: &Source) -> Vec<String> {
    let code = head.code();
    let mut lines = code.lines().scan(false, |is_test, line| {
        let of_tests = std::mem::replace(is_test, line.trim() == "#[cfg(test)]");
        Some((line, of_tests))
    });
    let mut files = Vec::new();
    for (line, of_tests) in lines.by_ref() {
        let name = line.strip_prefix("mod ").and_then(|line| line.strip_suffix(';'));
        files.extend(name.filter(|_| !of_tests).map(str::to_owned));
    }
    files
}

/// The name behind the engine that `path` leads to, in a file that is `depth` below it.
fn name_in_engine(path: &NamedPath, depth: usize) -> Option<&str> {
    let supers = path.parts.iter().take_while(|part| *part == "super").count();
    let place = if supers > 0 {
        (supers == depth).then_some(depth)
    } else {
        path.parts.starts_with(&["crate".to_owned(), "engine".to_owned()]).then_some(2)
    };
    path.parts.get(place?).map(String::as_str)
}

/// Which file of the engine names which.
///
/// # Panics
/// When a file takes names that it does not say, or one that is nowhere to be found: nothing would be known of it.
fn uses(sources: &[Source]) -> Uses {
    let head = sources.iter().find(|source| source.path.ends_with("engine/mod.rs")).unwrap();
    let files = files(head);
    let given: BTreeMap<String, String> = head
        .paths()
        .into_iter()
        .filter(|path| files.contains(&path.parts[0]))
        .map(|path| (path.parts.last().unwrap().clone(), path.parts[0].clone()))
        .collect();
    let mut uses: Uses = files.iter().map(|file| (file.clone(), BTreeMap::new())).collect();
    for source in sources {
        let below = below_engine(source);
        let is_test = below.iter().any(|part| part == "tests");
        let Some(own) = uses.get_mut(&below[0]).filter(|_| !is_test) else { continue };
        let code = source.code_without_tests();
        assert!(!code.contains("super::*"), "{}: expected names", source.path.display());
        let lines = code.lines().count();
        for path in source.paths().iter().filter(|path| path.line <= lines) {
            let Some(name) = name_in_engine(path, below.len()).filter(|name| *name != "as") else {
                continue;
            };
            let file = files.iter().find(|file| *file == name).or_else(|| given.get(name));
            let place = format!("{}:{}", source.path.display(), path.line);
            let file = file.unwrap_or_else(|| panic!("{place}: nothing is known of {name}"));
            if *file != below[0] {
                own.entry(file.clone()).or_insert(path.line);
            }
        }
    }
    uses
}

/// A way from a file over others back to itself, a line each; `None` without one.
fn cycle(mut uses: Uses) -> Option<String> {
    // What names nothing that is left is in no cycle.
    while let Some(last) = uses.iter().find(|(_, named)| named.is_empty()) {
        let last = last.0.clone();
        uses.remove(&last);
        for named in uses.values_mut() {
            named.remove(&last);
        }
    }
    let mut way = vec![uses.keys().next()?];
    loop {
        let file = way[way.len() - 1];
        let next = uses[file].keys().next().unwrap();
        if let Some(start) = way.iter().position(|earlier| *earlier == next) {
            way.drain(..start);
            break;
        }
        way.push(next);
    }
    let after = way.iter().cycle().skip(1);
    let lines = way.iter().zip(after).map(|(file, next)| {
        let line = uses[*file][*next];
        format!("{file}.rs:{line} names {next}")
    });
    Some(lines.collect::<Vec<_>>().join("\n"))
}

fn source(file: &str, text: &str) -> Source {
    Source { path: Path::new(ENGINE).join(file), text: text.to_owned() }
}

#[test]
fn the_files_of_the_engine_know_each_other_in_one_direction() {
    let uses = uses(&Source::all_in(ENGINE));
    assert!(uses.len() > 25, "{} files found", uses.len());
    let named: usize = uses.values().map(BTreeMap::len).sum();
    assert!(named > 80, "{named} names of other files found");
    if let Some(cycle) = cycle(uses) {
        panic!("files of {ENGINE} that know each other:\n{cycle}");
    }
}

/// The rule above proves little if it finds nothing.
#[test]
fn a_cycle_is_found() {
    let head = "mod a;\nmod b;\nmod c;\n#[cfg(test)]\nmod test_data;\n\n\
                pub use a::One;\npub use c::{Two, Three};\n";
    let check = |texts: &[(&str, &str)], expected: Option<&str>| {
        let texts = texts.iter().copied().chain([("mod.rs", head)]);
        let sources: Vec<Source> = texts.map(|(file, text)| source(file, text)).collect();
        assert_eq!(cycle(uses(&sources)).as_deref(), expected, "{sources:?}");
    };
    let (a, b, c) = ("a.rs", "b.rs", "c.rs");
    let two = Some("a.rs:1 names b\nb.rs:2 names a");
    check(&[(a, "use super::b::Part;"), (b, "\nuse super::a;")], two);
    check(&[(a, "use super::b;"), (b, "\nuse super::{c, One};")], two);
    check(&[(a, "use crate::engine::b::Part;"), (b, "\nfn f(_: super::One) {}")], two);
    check(&[(a, "use super::b;"), ("b/inner.rs", "\nuse super::super::One;")], two);
    let three = Some("a.rs:1 names b\nb.rs:1 names c\nc.rs:1 names a");
    check(&[(a, "use super::b;"), (b, "use super::Three;"), (c, "use super::One;")], three);
    // What is behind something that is in no cycle.
    let behind = Some("b.rs:1 names c\nc.rs:1 names b");
    check(&[(a, "use super::b;"), (b, "use super::Two;"), (c, "use super::b;")], behind);
    // What is allowed.
    check(&[(a, "use super::{b, Two};"), (b, "use super::Two;"), (c, "use super::c::Own;")], None);
    check(&[(a, "use super::b;"), (b, "//! See [`super::One`].\n/* super::a */")], None);
    check(&[(a, "use super::b;"), (b, "#[cfg(test)]\nmod tests {\n    use super::One;\n}")], None);
    check(&[(a, "use super::b;"), ("b/tests.rs", "use super::super::One;")], None);
    check(&[("test_data.rs", "use super::One;"), (a, "use super::b;")], None);
    check(&[(a, "use super::b;"), ("b/inner.rs", "use super::a;")], None);
}

#[test]
#[should_panic(expected = "expected names")]
fn names_that_are_not_said_are_found() {
    uses(&[source("mod.rs", "mod a;"), source("a.rs", "use super::*;")]);
}
