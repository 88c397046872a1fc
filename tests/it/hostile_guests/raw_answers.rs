//! Core modules that break the rules below the contract's types: pointers, lengths, discriminants, and what runs around a
//! call.

use ct_host::engine::{FaultKind, SavedState, Strategy, StrategyFault};
use ct_host::plugin::{LoadError, Runtime};
use ct_tests::plugins::runtime;

use super::core_module::CoreModule;
use super::host_memory::assert_bounded;
use super::loops::BY_COUNTING;
use super::stage;

const HONEST: CoreModule = CoreModule::HONEST;

/// The first fault in the life of a plugin: described, set up, called for a row, saved and restored.
fn first_fault(runtime: &Runtime, module: &CoreModule) -> Result<(), StrategyFault> {
    let plugin = match runtime.load(&module.component()) {
        Ok(plugin) => plugin,
        Err(LoadError::Describe(fault)) => return Err(fault),
        Err(error) => panic!("{module:?}: {error}"),
    };
    let mut instance = stage::configure(&plugin)?;
    stage::advance(&mut instance)?;
    instance.save()?;
    instance.load(&SavedState { version: 1, bytes: vec![1] })
}

fn check(module: &CoreModule, kind: FaultKind, message: &str) {
    match first_fault(runtime(), module) {
        Err(fault) if fault.kind == kind && fault.detail.contains(message) => {}
        other => panic!("expected '{message}': {other:?}"),
    }
}

#[test]
fn the_module_that_is_spoilt_is_sound() {
    assert_eq!(first_fault(runtime(), &HONEST), Ok(()));
}

#[test]
fn memory_for_the_host_is_checked() {
    for (realloc, message) in [
        ("(i32.const -16)", "realloc return: beyond end of memory"),
        ("(i32.const 65537)", "realloc return: result not aligned"),
    ] {
        check(&CoreModule { realloc, ..HONEST }, FaultKind::BadOutput, message);
    }
}

#[test]
fn pointers_and_lengths_are_checked() {
    for (describe, message) in [
        ("(i32.const -4)", "pointer out of bounds of memory"),
        ("(i32.const 1025)", "pointer not aligned"),
        // A name that is longer than the memory.
        (
            "(i32.store (i32.const 1028) (i32.const -1)) (i32.const 1024)",
            "string pointer/length out of bounds of memory",
        ),
        // A list of parameters that is longer than the memory, and one at an odd place.
        (
            "(i32.store (i32.const 1056) (i32.const 0x7fffffff)) (i32.const 1024)",
            "list pointer/length out of bounds of memory",
        ),
        (
            "(i64.store (i32.const 1052) (i64.const 0x1_0000_0401)) (i32.const 1024)",
            "list pointer is not aligned",
        ),
    ] {
        check(&CoreModule { describe, ..HONEST }, FaultKind::BadOutput, message);
    }
}

#[test]
fn encodings_are_checked() {
    let describe = "(i32.store8 (i32.const 1264) (i32.const 255)) (i32.const 1024)";
    check(&CoreModule { describe, ..HONEST }, FaultKind::BadOutput, "invalid utf-8");
    // There are two scopes, two sides of a result, and two of an option.
    let describe = "(i32.store8 (i32.const 1049) (i32.const 2)) (i32.const 1024)";
    check(&CoreModule { describe, ..HONEST }, FaultKind::BadOutput, "discriminant");
    let configure = "(i32.store8 (i32.const 2048) (i32.const 2)) (i32.const 2048)";
    check(&CoreModule { configure, ..HONEST }, FaultKind::BadOutput, "discriminant");
    let save = "(i32.store8 (i32.const 3072) (i32.const 2)) (i32.const 3072)";
    check(&CoreModule { save, ..HONEST }, FaultKind::BadOutput, "discriminant");
}

#[test]
fn instructions_that_trap_end_the_instance() {
    for (advance, message) in [
        ("(unreachable)", "unreachable"),
        ("(i32.div_u (i32.const 1) (i32.const 0))", "integer divide by zero"),
        ("(i32.div_s (i32.const 0x80000000) (i32.const -1))", "integer overflow"),
        ("(i32.trunc_f64_u (f64.const nan))", "invalid conversion to integer"),
        ("(i32.load (i32.const -4))", "out of bounds memory access"),
        ("(call_indirect (result i32) (i32.const 0))", "uninitialized element"),
    ] {
        let fields = "(table 1 funcref)";
        check(&CoreModule { fields, advance, ..HONEST }, FaultKind::Trapped, message);
    }
}

#[test]
fn the_bits_of_a_nan_are_the_same_everywhere() {
    // 0 ÷ 0, from a number that no compiler knows. An x86 processor gives it a sign, an ARM processor does not; canonical
    // is the one without.
    const ZERO: &str =
        "(f64.sub (f64.convert_i32_u (memory.size)) (f64.convert_i32_u (memory.size)))";
    let bits = |canonical: &str| {
        let nan = format!("(i64.reinterpret_f64 (f64.div {ZERO} {ZERO}))");
        format!(
            "(if (i64.ne {nan} (i64.const {canonical})) (then (unreachable))) {}",
            HONEST.advance
        )
    };
    let advance = &bits("0x7ff8000000000000");
    assert_eq!(first_fault(runtime(), &CoreModule { advance, ..HONEST }), Ok(()));
    let advance = &bits("0xfff8000000000000");
    check(&CoreModule { advance, ..HONEST }, FaultKind::Trapped, "unreachable");
}

#[test]
fn what_runs_around_a_call_is_limited_too() {
    const LOG: &str =
        "(call $log (i32.const 0) (i32.const 0) (i64.const 0) (i32.const 0) (i32.const 1))";
    const LOG_IN_REALLOC: &str = "(call $log (i32.const 0) (i32.const 0) (i64.const 0) (i32.const 0) (i32.const 1)) (i32.const 65536)";
    for module in [
        CoreModule { realloc: "(unreachable)", ..HONEST },
        CoreModule { post_return: "(unreachable)", ..HONEST },
    ] {
        check(&module, FaultKind::Trapped, "unreachable");
    }
    // Neither may call the host: it is in the middle of a call itself.
    for module in [
        CoreModule { realloc: LOG_IN_REALLOC, ..HONEST },
        CoreModule { post_return: LOG, ..HONEST },
    ] {
        check(&module, FaultKind::Trapped, "cannot leave component instance");
    }
    for module in [
        CoreModule { realloc: "(loop (br 0)) (unreachable)", ..HONEST },
        CoreModule { post_return: "(loop (br 0))", ..HONEST },
        CoreModule { fields: "(start $loop) (func $loop (loop (br 0)))", ..HONEST },
    ] {
        let fault = first_fault(&BY_COUNTING, &module).unwrap_err();
        assert_eq!(fault.kind, FaultKind::OutOfFuel, "{module:?}: {fault}");
    }
}

/// Each of these takes the host as long as some hundred other instructions, or more the larger it is. As single ones they
/// would be far below the budget of a million.
#[test]
fn what_takes_the_host_longer_counts_as_more() {
    for (slow, times) in [
        ("(drop (memory.grow (i32.const 60000)))", 10_000),
        ("(drop (memory.grow (i32.const 0)))", 10_000),
        ("(drop (table.grow $t (ref.null func) (i32.const 60000)))", 10_000),
        ("(memory.fill (i32.const 0) (i32.const 0) (i32.const 60000))", 100),
        ("(memory.copy (i32.const 0) (i32.const 1) (i32.const 60000))", 100),
    ] {
        let fields = "(global $done (mut i32) (i32.const 0)) (table $t 1 funcref)";
        let advance = format!(
            "(loop {slow} (global.set $done (i32.add (global.get $done) (i32.const 1)))
                (br_if 0 (i32.lt_u (global.get $done) (i32.const {times})))) {}",
            HONEST.advance
        );
        let module = CoreModule { fields, advance: &advance, ..HONEST };
        let fault = first_fault(&BY_COUNTING, &module).unwrap_err();
        assert_eq!(fault.kind, FaultKind::OutOfFuel, "{slow}: {fault}");
    }
}

#[test]
fn memory_that_was_denied_in_an_earlier_call_is_not_blamed() {
    let configure = "(drop (memory.grow (i32.const 60000))) (i32.const 2048)";
    let module = CoreModule { configure, advance: "(unreachable)", ..HONEST };
    check(&module, FaultKind::Trapped, "unreachable");
    // Nor is it what ends a loop that does not mind.
    let advance = "(loop (drop (memory.grow (i32.const 60000))) (br 0)) (unreachable)";
    let fault = first_fault(&BY_COUNTING, &CoreModule { advance, ..HONEST }).unwrap_err();
    assert_eq!(fault.kind, FaultKind::OutOfFuel, "{fault}");
}

/// An answer with `$COUNT` decisions, each with the same tag: the list fills the memory from 1 MiB on, the text before it.
const MANY_DECISIONS: &str = "
    (local $end i32)
    (drop (memory.grow (i32.const 1000)))
    (i32.store (i32.const 4096) (i32.const 1))
    (i32.store (i32.const 4100) (i32.const 0x100000))
    (i32.store (i32.const 4104) (i32.const $COUNT))
    (local.set $end (i32.add (i32.const 0x100000) (i32.mul (i32.const $COUNT) (i32.const 96))))
    (loop
        (local.set $end (i32.sub (local.get $end) (i32.const 96)))
        (i32.store8 offset=80 (local.get $end) (i32.const 1))
        (i32.store offset=84 (local.get $end) (i32.const 0x20000))
        (i32.store offset=88 (local.get $end) (i32.const 0xe0000))
        (br_if 0 (i32.gt_u (local.get $end) (i32.const 0x100000))))
    (i32.const 4096)";

#[test]
fn one_text_cannot_be_handed_over_many_times() {
    // A list that alone is too large, and one whose tags are: 90 GB, if they were read.
    for count in ["600000", "100000"] {
        let advance = MANY_DECISIONS.replace("$COUNT", count);
        let module = CoreModule { advance: &advance, ..HONEST };
        let message = "it handed over more than 16777216 bytes in one call";
        assert_bounded(|| check(&module, FaultKind::BadOutput, message));
    }
}
