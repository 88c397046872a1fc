//! Core modules that break the rules below the contract's types: pointers, lengths, discriminants, memories.

use ct_host::engine::{FaultKind, StrategyFault};
use ct_host::plugin::{LoadError, Plugin, Runtime, State};
use ct_host::units::Interval;

use super::core_module::CoreModule;
use super::host_memory::assert_bounded;
use super::loops::BY_COUNTING;
use super::trial::{self, runtime};

const HONEST: CoreModule = CoreModule::HONEST;

/// The first fault in the life of a plugin: described, set up, called for a row, saved and restored.
fn first_fault(runtime: &Runtime, module: &CoreModule) -> Result<(), StrategyFault> {
    let plugin = match runtime.load(&module.component()) {
        Ok(plugin) => plugin,
        Err(LoadError::Describe(fault)) => return Err(fault),
        Err(error) => panic!("{module:?}: {error}"),
    };
    let mut instance = trial::configure(&plugin)?;
    trial::advance(&mut instance)?;
    instance.save()?;
    instance.load(&State { version: 1, bytes: vec![1] })
}

fn check(module: &CoreModule, kind: FaultKind, message: &str) {
    match first_fault(runtime(), module) {
    Err(fault) if fault.kind == kind && fault.detail.contains(message) => {},
    x => eprintln!("expected '{message}': {x:?}"),
    }
}

#[test]
fn the_module_that_is_spoilt_is_sound() {
    assert_eq!(first_fault(runtime(), &HONEST), Ok(()));
}

#[test]
fn memory_for_the_host_is_checked() {
    use FaultKind::{BadOutput, Trapped};
    for (realloc, kind, message) in [
        ("(i32.const -16)", BadOutput, "realloc return: beyond end of memory"),
        ("(i32.const 65537)", BadOutput, "realloc return: result not aligned"),
        ("(unreachable)", Trapped, "unreachable"),
        // The host is called while it calls.
        ("(call $log (i32.const 0) (i32.const 0) (i32.const 1)) (i32.const 65536)", Trapped, "cannot leave component instance"),
    ] {
        check(&CoreModule { realloc, ..HONEST }, kind, message);
    }
}

#[test]
fn answers_are_checked() {
    use FaultKind::{BadOutput, Trapped};
    for (describe, kind, message) in [
        ("(i32.const -4)", BadOutput, "pointer out of bounds of memory"),
        ("(i32.const 1025)", BadOutput, "pointer not aligned"),
        // The name: no UTF-8, and longer than the memory.
        ("(i32.store8 (i32.const 1264) (i32.const 255)) (i32.const 1024)", BadOutput, "invalid utf-8"),
        ("(i32.store (i32.const 1028) (i32.const -1)) (i32.const 1024)", BadOutput, "string pointer/length out of bounds of memory"),
        // The scope: there is no eighth.
        ("(i32.store8 (i32.const 1049) (i32.const 7)) (i32.const 1024)", BadOutput, "discriminant"),
        // The parameters: more than the memory, and at an odd place.
        ("(i32.store (i32.const 1056) (i32.const 0x7fffffff)) (i32.const 1024)", BadOutput, "list pointer/length out of bounds of memory"),
        ("(i32.store (i32.const 1052) (i32.const 1053)) (i32.store (i32.const 1056) (i32.const 1)) (i32.const 1024)", BadOutput, "list pointer is not aligned"),
        ("(i32.div_u (i32.const 1) (i32.const 0))", Trapped, "integer divide by zero"),
        ("(i32.trunc_f64_u (f64.const nan))", Trapped, "invalid conversion to integer"),
    ] {
        check(&CoreModule { describe, ..HONEST }, kind, message);
    }
    let configure = "(i32.store8 (i32.const 2048) (i32.const 2)) (i32.const 2048)";
    check(&CoreModule { configure, ..HONEST }, BadOutput, "discriminant");
    let save = "(i32.store8 (i32.const 3072) (i32.const 2)) (i32.const 3072)";
    check(&CoreModule { save, ..HONEST }, BadOutput, "discriminant");
    let advance = "(i32.const -1)";
    check(&CoreModule { advance, ..HONEST }, BadOutput, "pointer not aligned");
}

#[test]
fn what_runs_around_a_call_is_limited_too() {
    check(&CoreModule { post_return: "(unreachable)", ..HONEST }, FaultKind::Trapped, "unreachable");
    let post_return = "(call $log (i32.const 0) (i32.const 0) (i32.const 1))";
    check(&CoreModule { post_return, ..HONEST }, FaultKind::Trapped, "cannot leave");
}

#[test]
fn unused_bits_say_nothing() {
    let describe = "(i32.store8 (i32.const 1048) (i32.const 255)) (i32.store8 (i32.const 1050) (i32.const 2)) (i32.const 1024)";
    let p = runtime().load(&CoreModule { describe, ..HONEST }.component()).unwrap();
    eprintln!("{p:?}");
}

#[test]
fn memories() {
    for fields in [
        r#"(memory (export "memory") 2000)"#,
        r#"(memory (export "memory") 16) (memory 1)"#,
        r#"(memory (export "memory") i64 16)"#,
        r#"(memory (export "memory") 1 1 shared)"#,
        r#"(memory (export "memory") 1) (table 1000000 funcref)"#,
        r#"(memory (export "memory") 1) (table 9000 funcref) (table 9000 funcref)(table 9000 funcref)(table 9000 funcref)(table 9000 funcref)(table 9000 funcref)"#,
        r#"(memory (export "memory") 1) (data (i32.const 0x7fffffff) "x")"#,
        r#"(memory (export "memory") 1) (func (result v128) (i32x4.relaxed_trunc_f32x4_s (v128.const i64x2 0 0)))"#,
        r#"(memory (export "memory") 1) (type (struct))"#,
        r#"(memory (export "memory") 1) (start $f) (func $f unreachable)"#,
        r#"(memory (export "memory") 1) (start $f) (func $f (loop (br 0)))"#,
        r#"(memory (export "memory") 1) (import "env" "x" (func))"#,
        r#"(memory (export "memory") 1) (global (export "x") (mut i32) (i32.const 0)) (tag)"#,
    ] {
        eprintln!("{fields}: {:?}", BY_COUNTING.load(&CoreModule { fields, ..HONEST }.component()).map(|_|()));
    }
    for m in [CoreModule{ realloc: "(loop (br 0)) (unreachable)", ..HONEST}, CoreModule{ post_return: "(loop (br 0)) (unreachable)", ..HONEST}] {
      eprintln!("{:?}", first_fault(&BY_COUNTING, &m));
    }
}
