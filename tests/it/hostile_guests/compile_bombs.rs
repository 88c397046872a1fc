//! Small files that would keep the compiler busy for a minute, or fill the memory, if it were given them.

use ct_host::plugin::{ArtifactError, LoadError, limits};
use ct_tests::plugins::runtime;

use super::core_module::CoreModule;
use super::host_memory::assert_bounded;

/// Asserts that a module with these `fields` is not compiled, as it has too much of `what`.
fn check(fields: &str, expected: &str) {
    let component = CoreModule { fields, ..CoreModule::HONEST }.component();
    match assert_bounded(|| runtime().load(&component)) {
        Err(LoadError::Artifact(ArtifactError::TooMuch { what, found, limit })) => {
            assert_eq!(what, expected);
            assert!(found > limit, "{found} {what}");
        }
        other => panic!("{expected}: {other:?}"),
    }
}

/// A function of `branches` branches, each with a variable of its own as long as there are some.
fn function(variables: usize, branches: usize) -> String {
    let declared = "i32 ".repeat(variables);
    let body: Vec<String> = (0..branches)
        .map(|branch| {
            let variable = 1 + branch % variables;
            format!("(if (local.get 0) (then (local.set {variable} (i32.load (local.get 0)))))")
        })
        .collect();
    format!("(func (param i32) (local {declared}) {})", body.concat())
}

#[test]
fn large_functions_are_refused() {
    check(&function(1, 6_000), "bytes of code in one function");
    check(&function(limits::FUNCTION_LOCALS_MAX + 1, 1), "variables in one function");
    check(
        "(func (local i64 i64) (local $x i32))".repeat(30_000).as_str(),
        "types, functions and other items",
    );
    check(&function(1, 2_000).repeat(100), "bytes of code");
}

#[test]
fn large_tables_and_types_are_refused() {
    let entries = "$f ".repeat(limits::ITEMS_MAX + 1);
    check(&format!("(func $f) (elem func {entries})"), "types, functions and other items");
    let entries = "(ref.null func)".repeat(limits::ITEMS_MAX + 1);
    check(&format!("(elem funcref {entries})"), "types, functions and other items");
    let parameters = "i64 ".repeat(100);
    let types: Vec<String> = (0..10_000)
        .map(|place| {
            format!("(type (func (param {parameters}) (result {})))", "i32 ".repeat(place % 100))
        })
        .collect();
    check(&types.concat(), "bytes of types and other items");
}

#[test]
fn the_largest_function_that_is_allowed_compiles() {
    let component = CoreModule { fields: &function(250, 4_500), ..CoreModule::HONEST }.component();
    assert!(runtime().load(&component).is_ok());
}
