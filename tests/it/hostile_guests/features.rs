//! Core modules that ask for more than a sandbox has, or for features that are switched off.

use ct_host::plugin::LoadError;
use ct_tests::plugins::runtime;

use super::core_module::CoreModule;

/// Asserts that a module with this `memory` and these `fields` does not compile, with `message`.
fn check(memory: &str, fields: &str, message: &str) {
    let component = CoreModule { memory, fields, ..CoreModule::HONEST }.component();
    let error = runtime().load(&component).unwrap_err();
    assert!(matches!(error, LoadError::Compile(_)), "{memory} {fields}: {error:?}");
    assert!(error.to_string().contains(message), "{memory} {fields}: {error}");
}

/// A memory within the limits.
const MEMORY: &str = r#"(memory (export "memory") 1)"#;

#[test]
fn memories_and_tables_are_limited_before_they_are_made() {
    let memory = r#"(memory (export "memory") 2000)"#;
    check(memory, "", "minimum byte size of 131072000 which exceeds the limit of 0x4000000 bytes");
    let table = "(table 1000000 funcref)";
    check(MEMORY, table, "minimum element size of 1000000 which exceeds the limit of 10000");
    let tables = "(table 1 funcref) (table 1 funcref)";
    check(MEMORY, tables, "tables count of 2 exceeds the per-instance limit of 1");
}

#[test]
fn what_differs_between_machines_is_switched_off() {
    check(MEMORY, "(memory 1)", "multiple memories");
    check(r#"(memory (export "memory") i64 1)"#, "", "memory64 must be enabled");
    check(r#"(memory (export "memory") 1 1 shared)"#, "", "threads must be enabled");
    check(MEMORY, "(type (struct))", "gc types are disabled");
    let relaxed = "(func (result v128) (i32x4.relaxed_trunc_f32x4_s (v128.const i64x2 0 0)))";
    check(MEMORY, relaxed, "relaxed SIMD support is not enabled");
}
